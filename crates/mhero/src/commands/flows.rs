//! `mhero flow`: definitions in and out, starts, results, and playing a flow in the terminal.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mhero_app::flows::{
    ExportReport, Imported, ImportedKind, ImportedOutcome, KeywordPlace, Moving, NewTrigger, TriggerTerms,
};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{flow_play::PlayArgs, flow_results::ResultsArgs, flow_start::StartArgs};
use crate::{failure, failure::Failure, table, terminal::Terminal, times, wiring::Node};

/// What revisions name as the origin of a flow that came by this command.
const ORIGIN: &str = "import";
/// Kinds of parts, in the order in which the report counts them.
const KINDS: [ImportedKind; 6] = [
    ImportedKind::Flow,
    ImportedKind::Group,
    ImportedKind::Field,
    ImportedKind::Trigger,
    ImportedKind::Campaign,
    ImportedKind::Thing,
];
/// What may become of a part.
const OUTCOMES: [&str; 5] = ["created", "updated", "known", "changed", "refused"];

/// Conversations that the program leads.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowCommand {
    /// Take in a definition, or an export of RapidPro or mHero: flows, groups, fields, triggers, campaigns
    Import(ImportArgs),
    /// List the flows, with how many people are in each
    #[command(after_help = "Example:\n  mhero flow list --json")]
    List {
        /// Those that are archived too
        #[arg(long)]
        archived: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write an export that RapidPro and mHero read
    Export(ExportArgs),
    /// Start a flow for an audience, with a preview first
    Start(StartArgs),
    /// Stop a start that is under way: whom it has not begun with is not started
    #[command(after_help = "Example:\n  mhero flow stop 12")]
    Stop {
        /// The number of the start
        number: i64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// What came out of a flow
    Results(ResultsArgs),
    /// Talk to a flow in the terminal; no phone is touched and nothing is stored
    Play(PlayArgs),
    /// Move everybody who waits in an older revision of a flow to the current one
    #[command(after_help = "Example:\n  mhero flow move 'Stock on hand'")]
    Move {
        /// The flow, by name or id
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let a word that phones write start a flow
    Trigger(TriggerArgs),
}

/// A file to take in.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero flow import export.json --json\n\nImporting again changes nothing that has not changed. What can't be taken is named and keeps nothing else out."
)]
pub struct ImportArgs {
    /// The file: JSON
    pub file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to export.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero flow export > all.json\n  mhero flow export 'Stock on hand' --out stock.json"
)]
pub struct ExportArgs {
    /// The flows, by name or id, with those that they enter; without any, all
    pub names: Vec<String>,
    /// Into this file; without it, to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A word that starts a flow.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero flow trigger 'Stock on hand' --word stock --word rupture")]
pub struct TriggerArgs {
    /// The flow, by name or id
    pub name: String,
    /// The word; letter case and accents do not count
    #[arg(long, required = true, value_name = "WORD")]
    pub word: Vec<String>,
    /// Only when the text is nothing else
    #[arg(long)]
    pub only: bool,
    /// It breaks into any conversation, and its answers leave as alerts
    #[arg(long)]
    pub urgent: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero flow`.
///
/// # Errors
/// What the use cases refuse; a file that can't be read or written.
pub async fn run(node: &Node, command: &FlowCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        FlowCommand::Import(args) => import(node, args, terminal).await,
        FlowCommand::List { archived, json } => list(node, *archived, *json, terminal).await,
        FlowCommand::Export(args) => export(node, args, terminal).await,
        FlowCommand::Start(args) => super::flow_start::run(node, args, terminal).await,
        FlowCommand::Stop { number, json } => super::flow_start::stop(node, *number, *json, terminal).await,
        FlowCommand::Results(args) => super::flow_results::run(node, args, terminal).await,
        FlowCommand::Play(args) => super::flow_play::run(node, args, terminal).await,
        FlowCommand::Move { name, json } => move_waiting(node, name, *json, terminal).await,
        FlowCommand::Trigger(args) => trigger(node, args, terminal).await,
    }
}

async fn import(node: &Node, args: &ImportArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let unread = |error: std::io::Error| Failure::file("cli-flow-file-unread", &args.file, &error);
    let bytes = tokio::fs::read(&args.file).await.map_err(unread)?;
    let report = node.app.import_export(&terminal.caller(), &bytes, ORIGIN).await?;
    if args.json {
        let json = report_json(&report, terminal.words());
        return terminal.json(&json).await;
    }
    let lines = report_lines(&report, terminal.words());
    terminal.say_all(lines).await;
    Ok(())
}

/// The report as scripts read it.
fn report_json(report: &ExportReport, words: &Words) -> Value {
    let mut all = serde_json::Map::new();
    for kind in KINDS {
        let counts = OUTCOMES.iter().map(|outcome| ((*outcome).to_owned(), json!(report.count(kind, outcome))));
        all.insert(format!("{}s", kind.word()), Value::Object(counts.collect()));
    }
    let parts = report.parts.iter().map(|part| {
        json!({
            "kind": part.kind.word(), "name": part.name, "id": part.id, "outcome": part.outcome.word(),
            "reason": why(part, words),
            "findings": part.findings.iter().map(|finding| words.reason(&finding.reason())).collect::<Vec<_>>(),
        })
    });
    all.insert("parts".to_owned(), parts.collect());
    Value::Object(all)
}

/// The report as people read it: how many of each kind, then what needs a look.
fn report_lines(report: &ExportReport, words: &Words) -> Vec<String> {
    let titles = ["created", "updated", "known", "changed", "refused"].map(|outcome| format!("cli-flow-{outcome}"));
    let mut header = vec![words.t("cli-column-kind")];
    header.extend(titles.iter().map(|key| words.t(key)));
    let rows = KINDS.iter().filter_map(|kind| {
        let counts: Vec<usize> = OUTCOMES.iter().map(|outcome| report.count(*kind, outcome)).collect();
        let mut row = vec![words.t(&format!("cli-flow-kind-{}", kind.word()))];
        row.extend(counts.iter().map(ToString::to_string));
        (counts.iter().sum::<usize>() > 0).then_some(row)
    });
    let mut lines = table::lines(&header, &rows.collect::<Vec<_>>());
    let part_line = |part: &Imported, text: String| {
        let kind = words.t(&format!("cli-flow-kind-{}", part.kind.word()));
        let args = [("kind", Arg::Text(kind)), ("name", Arg::Text(part.name.clone())), ("why", Arg::Text(text))];
        table::one_line(&words.with("cli-flow-part", &args))
    };
    for part in &report.parts {
        lines.extend(why(part, words).map(|why| part_line(part, why)));
        lines.extend(part.findings.iter().map(|finding| part_line(part, words.reason(&finding.reason()))));
    }
    lines
}

/// Why a part was changed or could not be taken.
fn why(part: &Imported, words: &Words) -> Option<String> {
    match &part.outcome {
        ImportedOutcome::Changed(reason) => Some(words.reason(reason)),
        ImportedOutcome::Refused(error) => Some(failure::say_app(error, words)),
        _ => None,
    }
}

async fn list(node: &Node, archived: bool, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut flows = node.app.flows(&terminal.caller(), false).await?;
    if archived {
        let there: Vec<_> = flows.iter().map(|flow| flow.row.id).collect();
        let more = node.app.flows(&terminal.caller(), true).await?;
        flows.extend(more.into_iter().filter(|flow| !there.contains(&flow.row.id)));
    }
    let live = |flow: &mhero_app::flows::FlowListed| flow.live.iter().map(|(_, count)| count).sum::<i64>();
    if as_json {
        let rows = flows.iter().map(|flow| {
            let row = &flow.row;
            json!({
                "id": row.id, "name": row.name, "kind": row.kind, "revision": row.revision, "active": row.active,
                "origin": row.origin, "updated_at": times::instant(row.updated_at), "live": live(flow),
            })
        });
        return terminal.json(&rows.collect::<Vec<_>>()).await;
    }
    let header = ["cli-column-name", "cli-column-kind", "cli-column-revision", "cli-column-live", "cli-column-state"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = flows
        .iter()
        .map(|flow| {
            let row = &flow.row;
            let state = terminal.words().t(if row.active { "cli-flow-active" } else { "cli-flow-archived" });
            vec![row.name.clone(), row.kind.clone(), row.revision.to_string(), live(flow).to_string(), state]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn export(node: &Node, args: &ExportArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let mut only = Vec::with_capacity(args.names.len());
    for name in &args.names {
        only.push(node.app.find_flow(&caller, name).await?.id);
    }
    let export = node.app.export_flows(&caller, &only).await?;
    let text = serde_json::to_string_pretty(&export).map_err(anyhow::Error::from)?;
    let Some(file) = &args.out else {
        terminal.say_all(text.lines().map(ToOwned::to_owned)).await;
        return Ok(());
    };
    let unwritten = |error: std::io::Error| Failure::file("cli-flow-file-unwritten", file, &error);
    tokio::fs::write(file, text + "\n").await.map_err(unwritten)?;
    let flows = export["flows"].as_array().map_or(0, Vec::len);
    let flows = i64::try_from(flows).unwrap_or(i64::MAX);
    let args = [("flows", Arg::Count(flows)), ("path", Arg::Text(file.display().to_string()))];
    let line = terminal.words().with("cli-flow-exported", &args);
    terminal.say(line).await;
    Ok(())
}

async fn move_waiting(node: &Node, name: &str, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let flow = node.app.find_flow(&terminal.caller(), name).await?;
    let moving = node.app.move_waiting(&terminal.caller(), flow.id).await?;
    let moved = match moving {
        Moving::Done(moved) => moved,
        Moving::UnderWay(total, moved) => {
            super::deliver_here(node, terminal).await?;
            if as_json {
                let json = json!({ "under_way": true, "people": total, "moved": moved.moved });
                return terminal.json(&json).await;
            }
            let people = i64::try_from(total).unwrap_or(i64::MAX);
            let line = terminal.words().with("cli-flow-moving", &[("people", Arg::Count(people))]);
            terminal.say(line).await;
            return Ok(());
        }
    };
    if as_json {
        let json = json!({ "moved": moved.moved, "stranded": moved.stranded, "busy": moved.busy });
        return terminal.json(&json).await;
    }
    let count = |number: u64| Arg::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let args =
        [("moved", count(moved.moved)), ("stranded", count(moved.stranded)), ("revision", Arg::Count(flow.revision))];
    let line = terminal.words().with("cli-flow-moved", &args);
    terminal.say(line).await;
    if moved.busy > 0 {
        let line = terminal.words().with("cli-flow-busy", &[("busy", count(moved.busy))]);
        terminal.note(line).await;
    }
    Ok(())
}

async fn trigger(node: &Node, args: &TriggerArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let flow = node.app.find_flow(&terminal.caller(), &args.name).await?;
    let place = if args.only { KeywordPlace::OnlyWord } else { KeywordPlace::FirstWord };
    let new = NewTrigger {
        flow: flow.id,
        terms: TriggerTerms::Keyword { words: args.word.clone(), place },
        groups: Vec::new(),
        exclude: Vec::new(),
        channel: None,
        urgent: args.urgent,
    };
    let id = node.app.add_trigger(&terminal.caller(), &new).await?;
    if args.json {
        return terminal.json(&json!({ "trigger": id, "flow": flow.id })).await;
    }
    let shown = args.word.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join(", ");
    let line =
        terminal.words().with("cli-flow-triggered", &[("words", Arg::Text(shown)), ("name", Arg::Text(flow.name))]);
    terminal.say(line).await;
    Ok(())
}
