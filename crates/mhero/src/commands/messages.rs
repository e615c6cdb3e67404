//! `mhero messages`: what was written.

use std::collections::HashSet;

use clap::{Args, Subcommand};
use mhero_core::{Direction, MessageId, PersonId, Right};
use mhero_store::MessageRow;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::broadcasts::state;
use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// Messages read at a time.
const PAGE: i64 = 2_000;

/// What was written.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessagesCommand {
    /// List messages, newest first
    List(ListArgs),
}

/// Which messages.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero messages list --direction in --since 2026-05-14\n  mhero messages list --person +231770000001 --json"
)]
pub struct ListArgs {
    /// Of one person: our id, a source's id, or a phone
    #[arg(long, value_name = "ID")]
    pub person: Option<String>,
    /// in: from phones. out: to them
    #[arg(long, value_name = "in|out")]
    pub direction: Option<Direction>,
    /// Since when: 2026-05-14T09:00[Africa/Monrovia], or without a zone in the national one
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// At most so many
    #[arg(long)]
    pub limit: Option<usize>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero messages`.
///
/// # Errors
/// An unknown person, an unreadable time.
pub async fn run(node: &Node, command: &MessagesCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let MessagesCommand::List(args) = command;
    let caller = terminal.caller();
    caller.must(Right::ReadMessages)?;
    let zone = node.app.facts_cached().await?.time_zone();
    let since = args.since.as_deref().map(|text| times::read(text, &zone)).transpose()?;
    let person = match &args.person {
        Some(text) => Some(node.app.find_person(&caller, text).await?),
        None => None,
    };
    let wanted = Wanted {
        person,
        direction: args.direction,
        since: since.map_or(i64::MIN, |moment| moment.at.as_microsecond()),
        limit: args.limit.unwrap_or(usize::MAX),
    };
    let messages = wanted.read(node, terminal).await?;
    if args.json {
        return terminal.json(&messages.iter().map(message_json).collect::<Vec<_>>()).await;
    }
    let words = terminal.words();
    let header = [
        "cli-column-at",
        "cli-column-direction",
        "cli-column-name",
        "cli-column-phone",
        "cli-column-state",
        "cli-column-text",
    ];
    let header = header.map(|key| words.t(key));
    let rows: Vec<Vec<String>> = messages
        .into_iter()
        .map(|message| {
            let at = times::shown(times::instant(message.created_at), &zone);
            let direction =
                words.t(if message.direction == Direction::In { "cli-direction-in" } else { "cli-direction-out" });
            let text = message.text.unwrap_or_else(|| words.t("cli-text-erased"));
            vec![at, direction, message.person_name, message.path, state(words, &message.state), text]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

struct Wanted {
    person: Option<PersonId>,
    direction: Option<Direction>,
    since: i64,
    limit: usize,
}

impl Wanted {
    /// Reads page by page: pages overlap by an instant, in which several messages may stand.
    async fn read(&self, node: &Node, terminal: &Terminal) -> Result<Vec<MessageRow>, Failure> {
        let scope = terminal.caller().scope;
        let store = node.app.store();
        let (mut before, mut page) = (i64::MAX, PAGE);
        let mut messages: Vec<MessageRow> = Vec::new();
        let mut seen: HashSet<MessageId> = HashSet::new();
        while messages.len() < self.limit {
            let rows = match self.person {
                Some(person) => store.messages_of_person(&scope, person, before, page).await?,
                None => store.recent_messages(&scope, (self.since, before), self.direction, page).await?,
            };
            let Some(oldest) = rows.last().map(|row| row.created_at) else { break };
            let is_last = i64::try_from(rows.len()).unwrap_or(page) < page || oldest < self.since;
            let known = seen.len();
            for row in rows {
                let wanted = row.created_at >= self.since && self.direction.is_none_or(|it| it == row.direction);
                if seen.insert(row.id) && wanted && messages.len() < self.limit {
                    messages.push(row);
                }
            }
            if is_last {
                break;
            }
            if seen.len() == known {
                // More messages of one instant than a page holds.
                page = page.saturating_mul(2);
            }
            before = oldest.saturating_add(1);
        }
        Ok(messages)
    }
}

/// A message as scripts read it.
fn message_json(message: &MessageRow) -> Value {
    json!({
        "id": message.id, "direction": message.direction, "kind": message.kind, "state": message.state,
        "at": times::instant(message.created_at), "person": message.person, "name": message.person_name,
        "phone": message.path, "text": message.text, "language": message.language, "lane": message.lane,
        "segments": message.segments, "channel": message.channel, "broadcast": message.broadcast,
        "answers": message.answers, "thread": message.thread, "failure": message.failure,
        "sent_at": message.sent_at.map(times::instant), "done_at": message.done_at.map(times::instant),
        "test": message.is_test,
    })
}
