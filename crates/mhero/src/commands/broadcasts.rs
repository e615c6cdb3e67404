//! `mhero broadcast`: what became of broadcasts, and steering them.

use clap::{Args, Subcommand};
use mhero_app::broadcasts::{BroadcastPage, Exclusion};
use mhero_core::BroadcastId;
use mhero_store::BroadcastPerson;
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// People read at a time.
const PAGE: i64 = 1_000;

/// What became of broadcasts.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BroadcastCommand {
    /// Show a broadcast: how many messages are in each state
    Show(ShowArgs),
    /// List broadcasts, newest first
    #[command(after_help = "Example:\n  mhero broadcast list --json")]
    List {
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let nothing more of it leave until it goes on
    #[command(after_help = "Example:\n  mhero broadcast pause 12")]
    Pause {
        /// Its number or id
        id: String,
    },
    /// Let a paused one go on
    #[command(after_help = "Example:\n  mhero broadcast resume 12")]
    Resume {
        /// Its number or id
        id: String,
    },
    /// Take back everything of it that has not left
    #[command(after_help = "Example:\n  mhero broadcast cancel 12")]
    Cancel {
        /// Its number or id
        id: String,
    },
    /// Take a planned one back before anything has left
    #[command(after_help = "Example:\n  mhero broadcast undo 12")]
    Undo {
        /// Its number or id
        id: String,
    },
}

/// A broadcast to show.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero broadcast show 12\n  mhero broadcast show 12 --people --json")]
pub struct ShowArgs {
    /// Its number or id
    pub id: String,
    /// Each person with the state of their message
    #[arg(long)]
    pub people: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero broadcast`.
///
/// # Errors
/// What the use cases refuse: an unknown broadcast, one that can't be steered so any more.
pub async fn run(node: &Node, command: &BroadcastCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let (id, done) = match command {
        BroadcastCommand::Show(args) => return show(node, args, terminal).await,
        BroadcastCommand::List { limit, json } => return list(node, *limit, *json, terminal).await,
        BroadcastCommand::Pause { id } => {
            node.app.pause_broadcast(&caller, node.app.find_broadcast(id).await?).await?;
            (id, "cli-broadcast-paused")
        }
        BroadcastCommand::Resume { id } => {
            node.app.resume_broadcast(&caller, node.app.find_broadcast(id).await?).await?;
            (id, "cli-broadcast-resumed")
        }
        BroadcastCommand::Cancel { id } => {
            node.app.cancel_broadcast(&caller, node.app.find_broadcast(id).await?).await?;
            (id, "cli-broadcast-cancelled")
        }
        BroadcastCommand::Undo { id } => {
            node.app.undo_broadcast(&caller, node.app.find_broadcast(id).await?).await?;
            (id, "cli-broadcast-undone")
        }
    };
    super::deliver_here(node, terminal).await?;
    let line = terminal.words().with(done, &[("id", Arg::Text(id.clone()))]);
    terminal.say(line).await;
    Ok(())
}

async fn show(node: &Node, args: &ShowArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let id = node.app.find_broadcast(&args.id).await?;
    let page = node.app.broadcast_page(&terminal.caller(), id).await?;
    let people = if args.people { Some(all_people(node, id, &page, terminal).await?) } else { None };
    if args.json {
        let mut shown = page_json(&page);
        if let Some(people) = people {
            shown["people"] = people.iter().map(person_json).collect();
        }
        return terminal.json(&shown).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let words = terminal.words();
    let row = &page.broadcast;
    let mut lines = vec![
        words.with(
            "cli-broadcast-head",
            &[
                ("number", Arg::Text(row.number.to_string())),
                ("name", Arg::Text(table::one_line(&row.name))),
                ("status", Arg::Text(status(words, &row.status))),
                ("at", Arg::Text(times::shown(times::instant(row.created_at), &zone))),
            ],
        ),
        words.with("cli-preview-audience", &[("sentence", Arg::Text(page.sentence.clone()))]),
        words.with(
            "cli-broadcast-people",
            &[("people", Arg::Count(row.recipients)), ("answered", Arg::Count(page.answered))],
        ),
    ];
    for count in page.states.iter().filter(|count| count.messages > 0) {
        lines.push(format!("  {}: {}", state(words, count.state.as_str()), words.count(count.messages)));
    }
    for exclusion in &page.left_out {
        let reason = reason(words, &exclusion.reason);
        lines.push(
            words.with(
                "cli-preview-excluded",
                &[("people", Arg::Count(exclusion.people)), ("reason", Arg::Text(reason))],
            ),
        );
    }
    if page.to_decide > 0 {
        lines.push(words.with("cli-broadcast-to-decide", &[("n", Arg::Count(page.to_decide))]));
    }
    if let Some(people) = people {
        let header =
            ["cli-column-name", "cli-column-phone", "cli-column-state", "cli-column-why"].map(|key| words.t(key));
        let rows: Vec<Vec<String>> = people
            .into_iter()
            .map(|person| {
                let why = person.reason.map(|why| reason(words, &why)).unwrap_or_default();
                vec![person.name, person.path.unwrap_or_default(), state(words, &person.state), why]
            })
            .collect();
        lines.extend(table::lines(&header, &rows));
    }
    terminal.say_all(lines).await;
    Ok(())
}

/// Everybody who gets it, then those who were left out.
async fn all_people(
    node: &Node,
    id: BroadcastId,
    page: &BroadcastPage,
    terminal: &Terminal,
) -> Result<Vec<BroadcastPerson>, Failure> {
    let left_out = page.left_out.iter().map(|exclusion| Some(exclusion.reason.as_str()));
    let mut people = Vec::new();
    for reason in std::iter::once(None).chain(left_out) {
        let mut after = Uuid::nil();
        loop {
            let found = node.app.broadcast_people(&terminal.caller(), id, ("", reason), after, PAGE).await?;
            let Some(last) = found.last() else { break };
            after = last.cursor;
            let is_last = i64::try_from(found.len()).unwrap_or(PAGE) < PAGE;
            people.extend(found);
            if is_last {
                break;
            }
        }
    }
    Ok(people)
}

async fn list(node: &Node, limit: i64, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let rows = node.app.list_broadcasts(&terminal.caller(), i64::MAX, limit.max(0)).await?;
    if as_json {
        let shown = rows.iter().map(|row| {
            json!({
                "id": row.id, "number": row.number, "name": row.name, "status": row.status, "query": row.query,
                "created_at": times::instant(row.created_at), "matched": row.matched, "recipients": row.recipients,
            })
        });
        return terminal.json(&shown.collect::<Vec<_>>()).await;
    }
    let zone = node.app.facts_cached().await?.time_zone();
    let words = terminal.words();
    let header = ["cli-column-number", "cli-column-at", "cli-column-state", "cli-column-people", "cli-column-name"];
    let header = header.map(|key| words.t(key));
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| {
            let at = times::shown(times::instant(row.created_at), &zone);
            vec![row.number.to_string(), at, status(words, &row.status), words.count(row.recipients), row.name]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

fn page_json(page: &BroadcastPage) -> Value {
    let row = &page.broadcast;
    let states: Map<String, Value> =
        page.states.iter().map(|count| (count.state.to_string(), count.messages.into())).collect();
    let texts: Map<String, Value> =
        page.texts.iter().map(|(lang, text)| (lang.as_str().to_owned(), text.clone().into())).collect();
    json!({
        "broadcast": row.id, "number": row.number, "name": row.name, "status": row.status, "lane": row.lane,
        "query": row.query, "audience": page.sentence, "texts": texts,
        "created_at": times::instant(row.created_at), "release_at": row.release_at.map(times::instant),
        "released_at": row.released_at.map(times::instant), "ended_at": row.ended_at.map(times::instant),
        "matched": row.matched, "recipients": row.recipients, "answered": page.answered, "to_decide": page.to_decide,
        "states": states, "excluded": excluded(&page.left_out),
    })
}

fn person_json(person: &BroadcastPerson) -> Value {
    json!({
        "id": person.person, "name": person.name, "phone": person.path, "state": person.state,
        "reason": person.reason, "answered": person.answered,
    })
}

/// Exclusions as `{"reason": N}`.
pub fn excluded(left_out: &[Exclusion]) -> Map<String, Value> {
    left_out.iter().map(|exclusion| (exclusion.reason.clone(), exclusion.people.into())).collect()
}

/// A reason for leaving somebody out, or for a failure, in words; a carrier's own words as they are.
pub fn reason(words: &Words, reason: &str) -> String {
    let key = format!("cli-reason-{reason}");
    let is_ours = reason.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if is_ours && words.has(&key) { words.t(&key) } else { reason.to_owned() }
}

/// The state of a message in words.
pub fn state(words: &Words, state: &str) -> String {
    words.t(&format!("cli-state-{}", state.replace('_', "-")))
}

fn status(words: &Words, status: &str) -> String {
    words.t(&format!("cli-status-{status}"))
}
