//! `mhero changes`: what people say of their records and of their facilities, decided and written to the registries.

use clap::{Args, Subcommand};
use mhero_app::{
    rows::SaidOfPlace,
    way_back::{Decided, Decision, QueueRow, Shelf},
};
use mhero_core::Lang;
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// Changes read at most.
const SHOWN: i64 = 200;

/// What people say of their records.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangesCommand {
    /// List changes that wait for a decision, newest first
    #[command(after_help = "Example:\n  mhero changes list --only sure --json")]
    List {
        /// A part of the queue: all, sure, eye, conflict, way, done
        #[arg(long, default_value = "all")]
        only: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Accept changes: they are written to the registry that owns them. Of a conflict: take the worker's word
    #[command(
        after_help = "Examples:\n  mhero changes accept 0198c2d0-7a3e-7c11-9f1e-2f6f0a9b1c2d\n  mhero changes accept 0198c2d0-7a3e-7c11-9f1e-2f6f0a9b1c2d --value Partly"
    )]
    Accept {
        /// Which
        #[command(flatten)]
        chosen: Chosen,
        /// Of a place whose staff differ: which of their answers to take
        #[arg(long)]
        value: Option<String>,
    },
    /// Reject changes: the register stays as it is. Of a conflict: keep what the registry has now
    #[command(after_help = "Example:\n  mhero changes reject 0198c2d0-7a3e-7c11-9f1e-2f6f0a9b1c2d")]
    Reject(Chosen),
}

/// Changes by id.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct Chosen {
    /// Their ids, as `mhero changes list` prints them
    #[arg(required = true)]
    pub ids: Vec<String>,
}

/// Runs `mhero changes`.
///
/// # Errors
/// What the use cases refuse: an unknown id, a missing right.
pub async fn run(node: &Node, command: &ChangesCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        ChangesCommand::List { only, json } => list(node, (only, *json), terminal).await,
        ChangesCommand::Accept { chosen, value } => {
            decide(node, chosen, (Decision::Accept, value.as_deref()), terminal).await
        }
        ChangesCommand::Reject(chosen) => decide(node, chosen, (Decision::Reject, None), terminal).await,
    }
}

async fn list(node: &Node, (only, as_json): (&str, bool), terminal: &mut Terminal) -> Result<(), Failure> {
    let shelf = Shelf::of(only).ok_or_else(|| {
        let known = Shelf::ALL.map(Shelf::word).join(", ");
        Failure::refused("cli-changes-shelf", [("word", only.to_owned()), ("known", known)])
    })?;
    let rows = node.app.proposals(&terminal.caller(), shelf, None, SHOWN).await?;
    if as_json {
        let language = terminal.caller().language;
        return terminal.json(&rows.iter().map(|row| shown(row, language)).collect::<Vec<_>>()).await;
    }
    if rows.is_empty() {
        let line = terminal.words().t("cli-changes-none");
        terminal.say(line).await;
        return Ok(());
    }
    let header = ["person", "field", "old", "new", "sure", "state"];
    let mut header: Vec<String> = header.iter().map(|one| terminal.words().t(&format!("cli-changes-{one}"))).collect();
    header.insert(0, "ID".to_owned());
    let header: [String; 7] = header.try_into().unwrap_or_default();
    let language = terminal.caller().language;
    let lines: Vec<Vec<String>> = rows
        .into_iter()
        .map(|one| {
            let name = one.subject(language).to_owned();
            let all = one.values().join(" / ");
            // Where the staff of a place differ, each of their answers can be taken.
            let new = if one.values().len() > 1 { all } else { one.new };
            let proposal = one.row.proposal;
            let state = terminal.words().t(&format!("wayback-state-{}", proposal.state));
            let sure = format!("{} %", proposal.confidence);
            let old = one.old.unwrap_or_default();
            vec![proposal.id.to_string(), name, proposal.field, old, new, sure, state]
        })
        .collect();
    terminal.say_all(table::lines(&header, &lines)).await;
    Ok(())
}

fn shown(one: &QueueRow, language: Lang) -> serde_json::Value {
    let proposal = &one.row.proposal;
    let person = proposal.place.is_none().then_some(proposal.subject);
    let answer = |said: &SaidOfPlace| {
        json!({
            "value": said.answer.value, "person": said.answer.said_by, "name": said.name, "evidence": said.evidence,
            "run": said.answer.run, "at": times::instant(said.answer.at),
        })
    };
    json!({
        "id": proposal.id, "person": person, "place": proposal.place, "name": one.subject(language), "field": proposal.field,
        "answers": one.answers.iter().map(answer).collect::<Vec<_>>(),
        "old": one.old, "new": one.new, "now": one.now, "confidence": proposal.confidence, "state": proposal.state,
        "source": one.row.source.as_ref().map(|(name, _)| name), "evidence": one.row.evidence,
        "evidence_at": one.row.evidence_at.map(times::instant), "created_at": times::instant(proposal.created_at),
        "written_at": proposal.written_at.map(times::instant),
    })
}

async fn decide(
    node: &Node,
    chosen: &Chosen,
    (decision, value): (Decision, Option<&str>),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let caller = terminal.caller();
    let mut seen = Vec::with_capacity(chosen.ids.len());
    for id in &chosen.ids {
        let parsed: Uuid = id.parse().map_err(|_| Failure::refused("cli-changes-id", [("id", id.clone())]))?;
        seen.push((parsed, node.app.proposal(&caller, parsed).await?.row.proposal.version));
    }
    let mut decided = Decided::default();
    match value {
        Some(value) => {
            for one in seen {
                decided.add(node.app.take_answer(&caller, one, value).await?);
            }
        }
        None => decided = node.app.decide(&caller, &seen, decision).await?,
    }
    let counts = [
        ("cli-changes-decided", decided.done.len()),
        ("cli-changes-seconded", decided.seconded.len()),
        ("cli-changes-meanwhile", decided.meanwhile.len()),
    ];
    for (key, count) in counts {
        if count > 0 || key == "cli-changes-decided" {
            let n = i64::try_from(count).unwrap_or(i64::MAX);
            let line = terminal.words().with(key, &[("n", Arg::Count(n))]);
            terminal.say(line).await;
        }
    }
    for (id, key) in decided.refused {
        let line = format!("{id}: {}", terminal.words().t(key));
        terminal.note(line).await;
    }
    Ok(())
}
