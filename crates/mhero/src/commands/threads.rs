//! `mhero thread`: conversations that wait for an official.

use clap::{Args, Subcommand};
use mhero_core::ThreadId;
use mhero_store::{ThreadFilter, ThreadRow};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// Threads read at most.
const SHOWN: i64 = 500;

/// Conversations that wait for an official.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThreadCommand {
    /// List open conversations, last heard first
    #[command(after_help = "Example:\n  mhero thread list --waiting --json")]
    List {
        /// Only those that wait for an answer
        #[arg(long)]
        waiting: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Answer in a conversation
    Answer(AnswerArgs),
    /// Close a conversation
    #[command(after_help = "Example:\n  mhero thread close 7 --label 'stock-out'")]
    Close {
        /// Its number or id
        id: String,
        /// What it was about
        #[arg(long, default_value = "")]
        label: String,
    },
}

/// An answer.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero thread answer 7 'The vaccines come on Thursday.'")]
pub struct AnswerArgs {
    /// Its number or id
    pub id: String,
    /// The text
    pub text: String,
}

/// Runs `mhero thread`.
///
/// # Errors
/// What the use cases refuse: an unknown or closed conversation, a number that asked us to stop.
pub async fn run(node: &Node, command: &ThreadCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        ThreadCommand::List { waiting, json } => list(node, *waiting, *json, terminal).await,
        ThreadCommand::Answer(args) => {
            let thread = find(node, &args.id, terminal).await?;
            // Typed once, sent once: typing again is meant.
            let once = node.app.store().mint().uuid().to_string();
            node.app.answer(&terminal.caller(), thread, &args.text, &once).await?;
            super::deliver_here(node, terminal).await?;
            say(terminal, "cli-thread-answered", &args.id).await
        }
        ThreadCommand::Close { id, label } => {
            let thread = find(node, id, terminal).await?;
            node.app.close_thread(&terminal.caller(), thread, label).await?;
            say(terminal, "cli-thread-closed", id).await
        }
    }
}

async fn say(terminal: &mut Terminal, key: &str, id: &str) -> Result<(), Failure> {
    let line = terminal.words().with(key, &[("id", Arg::Text(id.to_owned()))]);
    terminal.say(line).await;
    Ok(())
}

async fn open(node: &Node, filter: ThreadFilter, terminal: &Terminal) -> Result<Vec<ThreadRow>, Failure> {
    Ok(node.app.threads(&terminal.caller(), "open", filter, i64::MAX, SHOWN).await?)
}

/// The open thread of a number, or the thread of an id.
async fn find(node: &Node, text: &str, terminal: &Terminal) -> Result<ThreadId, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let number: Option<i64> = text.trim_start_matches('#').parse().ok();
    let threads = open(node, ThreadFilter::All, terminal).await?;
    let found = threads.into_iter().find(|thread| Some(thread.number) == number).map(|thread| thread.id);
    found.ok_or_else(|| mhero_app::AppError::not_found("thread", text).into())
}

async fn list(node: &Node, waiting: bool, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let threads = open(node, if waiting { ThreadFilter::Waiting } else { ThreadFilter::All }, terminal).await?;
    if as_json {
        let shown = threads.iter().map(|thread| {
            json!({
                "id": thread.id, "number": thread.number, "person": thread.person, "name": thread.person_name,
                "phone": thread.path, "state": thread.state, "heard_at": times::instant(thread.heard_at),
                "waiting_since": thread.waiting_since.map(times::instant), "last_text": thread.last_text,
            })
        });
        return terminal.json(&shown.collect::<Vec<_>>()).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let header = ["cli-column-number", "cli-column-at", "cli-column-name", "cli-column-phone", "cli-column-text"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = threads
        .into_iter()
        .map(|thread| {
            let at = times::shown(times::instant(thread.heard_at), &zone);
            vec![thread.number.to_string(), at, thread.person_name, thread.path, thread.last_text.unwrap_or_default()]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}
