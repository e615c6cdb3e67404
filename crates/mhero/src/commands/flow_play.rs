//! `mhero flow play`: a conversation with a flow out of a file, in the terminal.

use std::{collections::VecDeque, path::PathBuf};

use clap::Args;
use mhero_app::flows::{Play, PlayLine, PlayNext, PlayPerson, PlayPush, PlaySource};
use mhero_core::Lang;
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// What is typed instead of a text when the wait's own time is over.
const TIMEOUT: &str = "/timeout";
/// The same for the time of the flow.
const EXPIRE: &str = "/expire";

/// Talk to a flow.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero flow play export.json --reply yes --reply 12\n  mhero flow play export.json --flow 'Stock on hand' --language fra\n  mhero flow play export.json --reply hello --answer '200 {\"ok\":true}' --json\n\nWithout --reply it asks for each text; /timeout and /expire let time pass."
)]
pub struct PlayArgs {
    /// A definition, or an export
    pub file: PathBuf,
    /// The flow to begin with, by name or id, where the file holds several; without it, the first
    #[arg(long, value_name = "NAME", default_value = "")]
    pub flow: String,
    /// What the person writes, one after the other; /timeout and /expire let time pass
    #[arg(long, value_name = "TEXT")]
    pub reply: Vec<String>,
    /// What outside calls answer, one after the other: a status and a body. Without it nothing answers
    #[arg(long, value_name = "STATUS BODY", value_parser = answered)]
    pub answer: Vec<(u16, String)>,
    /// The language of the person
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<Lang>,
    /// The name of the person
    #[arg(long, default_value = "")]
    pub name: String,
    /// The number of the person
    #[arg(long, default_value = "")]
    pub phone: String,
    /// A field of the person
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::channels::pair)]
    pub field: Vec<(String, String)>,
    /// A group of the person, by name
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,
    /// Print what happened as JSON: one array of events
    #[arg(long)]
    pub json: bool,
}

/// Plays until the flow ends, or until nothing more is written.
///
/// # Errors
/// A file that can't be read or holds no flow.
pub async fn run(node: &Node, args: &PlayArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let unread = |error: std::io::Error| Failure::file("cli-flow-file-unread", &args.file, &error);
    let bytes = tokio::fs::read(&args.file).await.map_err(unread)?;
    let person = PlayPerson {
        name: args.name.clone(),
        language: args.language,
        phone: args.phone.clone(),
        fields: args.field.clone(),
        groups: args.group.clone(),
    };
    let source = PlaySource::File { bytes: &bytes, flow: &args.flow };
    let caller = terminal.caller();
    let mut play = node.app.play_start(&caller, source, &person).await?;
    let mut side =
        Side { replies: args.reply.iter().cloned().collect(), answers: args.answer.iter().cloned().collect() };
    let (mut events, mut shown) = (Vec::new(), 0);
    loop {
        if args.json {
            for event in &play.events {
                events.push(serde_json::to_value(event).map_err(anyhow::Error::from)?);
            }
        } else {
            shown = show(&play, shown, terminal).await;
        }
        let push = match &play.next {
            PlayNext::Ended { .. } => break,
            PlayNext::Text { .. } => side.text(args, terminal).await,
            PlayNext::Answer(_) => Some(side.answer()),
        };
        let Some(push) = push else { break };
        play = node.app.play_push(&caller, play.state, &push).await?;
    }
    if args.json { terminal.json(&Value::Array(events)).await } else { end(&play, terminal).await }
}

/// The person's side of the conversation, and the outside world's.
struct Side {
    replies: VecDeque<String>,
    answers: VecDeque<(u16, String)>,
}

impl Side {
    /// What the person does next; none when nothing more is written.
    async fn text(&mut self, args: &PlayArgs, terminal: &mut Terminal) -> Option<PlayPush> {
        let text = match self.replies.pop_front() {
            Some(text) => text,
            None if args.reply.is_empty() => terminal.line("> ".to_owned()).await?,
            None => return None,
        };
        Some(match text.trim() {
            TIMEOUT => PlayPush::Timeout,
            EXPIRE => PlayPush::Expiry,
            _ => PlayPush::Text(text),
        })
    }

    fn answer(&mut self) -> PlayPush {
        match self.answers.pop_front() {
            Some((status, body)) => PlayPush::Answer { status: Some(status), body },
            None => PlayPush::Answer { status: None, body: String::new() },
        }
    }
}

/// Prints what is new. Returns how many lines have been shown.
async fn show(play: &Play, shown: usize, terminal: &mut Terminal) -> usize {
    let lines = play.lines();
    for line in lines.iter().skip(shown) {
        let text = said(line, terminal.words());
        terminal.say(text).await;
    }
    lines.len()
}

/// A line of the conversation: `<` from the flow, `>` from the person, `·` what happened besides.
fn said(line: &PlayLine, words: &Words) -> String {
    match line {
        PlayLine::Said { text, attachments, replies } => {
            let mut all = format!("< {}", table::one_line(text));
            for attachment in attachments {
                all += &format!(" [{}]", table::one_line(attachment));
            }
            if !replies.is_empty() {
                all += &format!(" ({})", table::one_line(&replies.join(" / ")));
            }
            all
        }
        PlayLine::Heard { text } => format!("> {}", table::one_line(text)),
        PlayLine::Did { what, name, value, .. } => {
            let args = [("name", Arg::Text(name.clone())), ("value", Arg::Text(value.clone()))];
            let key = format!("flow-did-{what}");
            let told = if words.has(&key) { words.with(&key, &args) } else { format!("{what} {name} {value}") };
            format!("· {}", table::one_line(told.trim()))
        }
    }
}

async fn end(play: &Play, terminal: &mut Terminal) -> Result<(), Failure> {
    let key = match &play.next {
        PlayNext::Ended { failed: false } => "cli-flow-play-ended",
        PlayNext::Ended { failed: true } => "cli-flow-play-failed",
        PlayNext::Text { .. } | PlayNext::Answer(_) => "cli-flow-play-waits",
    };
    let line = terminal.words().t(key);
    terminal.note(line).await;
    Ok(())
}

/// Reads `200 body`.
fn answered(text: &str) -> Result<(u16, String), String> {
    let (status, body) = text.split_once(' ').unwrap_or((text, ""));
    let status: u16 = status.parse().map_err(|_| "it is written STATUS BODY, such as 200 {}".to_owned())?;
    if (100..=599).contains(&status) { Ok((status, body.to_owned())) } else { Err("a status is 100 to 599".to_owned()) }
}
