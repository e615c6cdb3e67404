//! `mhero backend`: a RapidPro that the country keeps, in which flows run for us.

use clap::{Args, Subcommand};
use mhero_app::AppError;
use mhero_backend::{Backends, BackendsError, Decision, Passed};
use mhero_core::{Lang, PersonId, timestamp};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// People of a start that are listed.
const PEOPLE_MAX: i64 = 10_000;

/// A RapidPro as a back end.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendCommand {
    /// How far a back end was read, what waits, and what somebody must look at
    Show(NamedArgs),
    /// Make the calls that are due and read everything now
    Pull(NamedArgs),
    /// Send a text through a back end to an audience
    Send(SendArgs),
    /// How each of the people of a start stands there
    People(PeopleArgs),
    /// Make a call again that was refused; one whose answer was lost is looked up first
    Again(CallArgs),
    /// Leave a call that was refused, or of which nobody knows
    Leave(CallArgs),
}

/// A back end.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero backend show rapidpro\n  mhero backend pull rapidpro --json")]
pub struct NamedArgs {
    /// The source
    pub name: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A text through a back end.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero backend send rapidpro --to 'cadre = midwife' --text 'Meeting on Friday at 9.'"
)]
pub struct SendArgs {
    /// The source
    pub name: String,
    /// The audience, in the query language; * is everybody
    #[arg(long, value_name = "QUERY")]
    pub to: String,
    /// The text, in the first language of the installation
    #[arg(long)]
    pub text: String,
    /// The text in French
    #[arg(long)]
    pub text_fr: Option<String>,
    /// Show whom it would reach and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A start.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero backend people 12 --json")]
pub struct PeopleArgs {
    /// The number of the start
    pub number: i64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A call.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero backend again 01987f4e-7c1a-7f00-8000-000000000001")]
pub struct CallArgs {
    /// The call, as `mhero backend show` names it
    pub call: Uuid,
    /// The source
    #[arg(long)]
    pub source: String,
}

/// Runs `mhero backend`.
///
/// # Errors
/// A source that is no back end, and what the use cases refuse.
pub async fn run(node: &Node, command: &BackendCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let backends = Backends::new(node.app.clone());
    match command {
        BackendCommand::Show(args) => show(&backends, args, terminal).await,
        BackendCommand::Pull(args) => pull(&backends, args, terminal).await,
        BackendCommand::Send(args) => send(&backends, node, args, terminal).await,
        BackendCommand::People(args) => people(&backends, node, args, terminal).await,
        BackendCommand::Again(args) => decide(&backends, node, args, Decision::Again, terminal).await,
        BackendCommand::Leave(args) => decide(&backends, node, args, Decision::Leave, terminal).await,
    }
}

fn failed(error: BackendsError) -> Failure {
    match error {
        BackendsError::App(error) => error.into(),
        BackendsError::NotOne { name } => Failure::refused("backend-not-one", [("source", name)]),
        BackendsError::Busy { name } => Failure::refused("backend-busy", [("source", name)]),
        BackendsError::Stale => Failure::refused("backend-stale", []),
    }
}

async fn source(backends: &Backends, name: &str, terminal: &Terminal) -> Result<mhero_core::SourceId, Failure> {
    let all = backends.all(&terminal.caller()).await.map_err(failed)?;
    let found = all.into_iter().find(|source| source.name == name);
    found.map(|source| source.id).ok_or_else(|| Failure::refused("backend-not-one", [("source", name.to_owned())]))
}

async fn show(backends: &Backends, args: &NamedArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let id = source(backends, &args.name, terminal).await?;
    let shown = backends.overview(&terminal.caller(), id).await.map_err(failed)?;
    let Some(shown) = shown else { return Err(Failure::refused("backend-not-one", [("source", args.name.clone())])) };
    let words = terminal.words();
    let moment = |at: Option<i64>| at.map(|at| timestamp(at).to_string());
    let lists: Vec<Value> = shown
        .lists
        .iter()
        .map(|(list, why)| {
            json!({
                "list": list.list, "items": list.items, "pulled": moment(list.pulled_at), "failures": list.failures,
                "reason": why.as_ref().map(|why| words.reason(why)), "next": moment(Some(list.next_at)),
            })
        })
        .collect();
    let open: Vec<Value> = shown
        .open
        .iter()
        .map(|call| {
            json!({
                "call": call.id, "start": call.start, "flow": call.flow, "state": call.state, "attempts": call.attempts,
                "reason": call.reason.as_ref().map(|why| words.reason(why)), "next": moment(call.next_at),
            })
        })
        .collect();
    let problems: Vec<Value> = shown
        .problems
        .iter()
        .map(|own| json!({ "subject": own.subject, "kind": own.kind, "person": own.person }))
        .collect();
    let flows: Vec<&String> = shown.flows.iter().filter(|flow| flow.active).map(|flow| &flow.name).collect();
    if args.json {
        let count = |all: &[(String, i64)]| -> Value { all.iter().map(|(k, n)| (k.clone(), json!(n))).collect() };
        let all = json!({
            "source": shown.source.name, "lists": lists, "flows": flows, "calls": count(&shown.calls),
            "items": count(&shown.items), "open": open, "problems": problems,
        });
        return terminal.json(&all).await;
    }
    let header = ["cli-column-what", "cli-column-number", "cli-column-at", "cli-column-answer"];
    let header = header.map(|key| words.t(key));
    let row = |(list, why): &(mhero_backend::ListRow, Option<mhero_core::record::Reason>)| {
        let why = why.as_ref().map(|why| words.reason(why)).unwrap_or_default();
        vec![list.list.clone(), list.items.to_string(), moment(list.pulled_at).unwrap_or_default(), why]
    };
    let mut lines = table::lines(&header, &shown.lists.iter().map(row).collect::<Vec<_>>());
    lines.extend(flows.into_iter().cloned());
    for call in &shown.open {
        let why = call.reason.as_ref().map(|why| words.reason(why)).unwrap_or_default();
        lines.push(format!("{} {} #{} {} {why}", call.id, call.state, call.start, call.flow));
    }
    for own in &shown.problems {
        lines.push(format!("{}: {}", words.t(&format!("backend-problem-{}", own.kind)), own.subject));
    }
    terminal.say_all(lines).await;
    Ok(())
}

async fn pull(backends: &Backends, args: &NamedArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let passed = backends.pull_now(&terminal.caller(), &args.name).await.map_err(failed)?;
    let Passed { calls, flows, items, failed } = passed;
    if args.json {
        let why = failed.as_ref().map(|why| terminal.words().reason(why));
        return terminal.json(&json!({ "calls": calls, "flows": flows, "items": items, "failed": why })).await;
    }
    let count = |n: usize| Arg::Count(i64::try_from(n).unwrap_or(i64::MAX));
    let told = [("calls", count(calls)), ("flows", count(flows)), ("items", count(items))];
    let line = terminal.words().with("cli-backend-pulled", &told);
    terminal.say(line).await;
    match failed {
        Some(why) => Err(Failure::Refused(why)),
        None => Ok(()),
    }
}

async fn send(backends: &Backends, node: &Node, args: &SendArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let own = node.app.facts_cached().await?.default_language();
    let mut texts = vec![(own, args.text.clone())];
    texts.extend(args.text_fr.clone().filter(|_| own != Lang::FRENCH).map(|text| (Lang::FRENCH, text)));
    let new = backends.text_start(&args.name, &args.to, &texts).await.map_err(failed)?;
    let caller = terminal.caller();
    let preview = node.app.preview_start(&caller, &new).await?;
    if args.dry_run {
        return terminal.json(&json!({ "audience": preview.sentence, "recipients": preview.recipients })).await;
    }
    if preview.recipients == 0 {
        return Err(Failure::NothingSent(Box::new(Failure::refused("cli-send-nobody", []))));
    }
    let id = node.app.start_flow(&caller, &new).await?;
    super::deliver_here(node, terminal).await?;
    let page = node.app.start_page(&caller, id).await?;
    if args.json {
        let told = json!({ "start": id, "number": page.row.number, "status": page.row.status, "recipients": preview.recipients });
        return terminal.json(&told).await;
    }
    let told = [("number", Arg::Text(page.row.number.to_string())), ("people", Arg::Count(preview.recipients))];
    let line = terminal.words().with("cli-flow-started", &told);
    terminal.say(line).await;
    Ok(())
}

async fn people(backends: &Backends, node: &Node, args: &PeopleArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let start = node.app.find_start(&caller, args.number).await?;
    let first = PersonId::from_uuid(Uuid::nil());
    let all = backends.people_of(&caller, start, first, PEOPLE_MAX).await.map_err(failed)?;
    let words = terminal.words();
    let why = |kept: &str| match kept {
        "" => String::new(),
        kept => words.reason(&mhero_app::sync::read_reason(kept)),
    };
    if args.json {
        let all: Vec<Value> = all
            .iter()
            .map(|own| {
                json!({
                    "person": own.person, "name": own.name, "state": own.state, "run": own.run, "reason": why(&own.reason),
                })
            })
            .collect();
        return terminal.json(&json!(all)).await;
    }
    let rows = all.iter().map(|own| {
        let state = words.t(&format!("backend-person-{}", own.state));
        let run = if own.run.is_empty() { String::new() } else { words.t(&format!("run-{}", own.run)) };
        vec![own.name.clone(), state, run, why(&own.reason)]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let header = ["cli-column-name", "cli-column-state", "cli-column-run", "cli-column-answer"];
    let header = header.map(|key| words.t(key));
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn decide(
    backends: &Backends,
    node: &Node,
    args: &CallArgs,
    decision: Decision,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let id = source(backends, &args.source, terminal).await?;
    let caller = terminal.caller();
    let shown = backends.overview(&caller, id).await.map_err(failed)?;
    let call = shown.and_then(|shown| shown.open.into_iter().find(|call| call.id == args.call));
    let call = call.ok_or_else(|| Failure::App(AppError::not_found("call", args.call)))?;
    backends.decide(&caller, call.id, call.version, decision).await.map_err(failed)?;
    super::deliver_here(node, terminal).await?;
    let line = terminal.words().t("cli-backend-decided");
    terminal.say(line).await;
    Ok(())
}
