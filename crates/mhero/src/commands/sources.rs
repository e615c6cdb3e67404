//! `mhero source`: registries and sets of files that people come from.

use clap::{Args, Subcommand};
use mhero_app::{
    people::NewSource,
    sync::{Owned, SourceChange, SourceStatus},
};
use mhero_core::SourceId;
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::channels::pair;
use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Registries.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceCommand {
    /// Add a source; `import --source NAME` adds one of kind `files` by itself
    Add(AddArgs),
    /// List the sources and how their last runs went; values of an earlier one count before those of a later
    #[command(after_help = "Example:\n  mhero source list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check whether a source answers, lets us in and holds what we read
    #[command(after_help = "Example:\n  mhero source test ihris")]
    Test {
        /// Its name
        name: String,
    },
    /// Change address or settings of a source
    Set(SetArgs),
    /// Remove a source; what came from it stays
    #[command(after_help = "Example:\n  mhero source remove ihris")]
    Remove {
        /// Its name
        name: String,
    },
    /// Let the values of a source count before all others
    Own(OwnArgs),
    /// Say whether others may write to the people of a source, as its owner decides; without --others, list what is said
    #[command(
        after_help = "Examples:\n  mhero source consent\n  mhero source consent veterinary --others no --owner vet\n  mhero source consent veterinary --others yes"
    )]
    Consent(ConsentArgs),
    /// Write our people out to an instance that the country keeps (RapidPro), never over what changed there meanwhile
    #[command(
        after_help = "Examples:\n  mhero source write-out rapidpro --to 'cadre = midwife' --dry-run\n  mhero source write-out rapidpro --json\n\nWithout --to, whoever the source's setting write_out names; with that setting it is done after each pull, too."
    )]
    WriteOut(WriteOutArgs),
    /// Print the address under which a registry tells of changes (a FHIR subscription, say), with its secret
    #[command(after_help = "Example:\n  mhero source address ihris")]
    Address {
        /// Its name
        name: String,
    },
}

/// A source to add.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero source add ihris hr https://ihris.example/fhir username=mhero password=SECRET every=6h\n  mhero source add files payroll identifier.payroll=https://moh.example/payroll rank=2\n\nEvery kind of registry takes: schedule=CRON or every=TIME (15m, 6h, 1d), jitter=TIME, whole=TIME (so often everything is read, not only what has changed), shrink=PERCENT (more than this goes only when an official says so), silent_after=TIME (then the administrators get an SMS)."
)]
pub struct AddArgs {
    /// What it is: files, or a kind of registry
    pub kind: String,
    /// Its name
    pub name: String,
    /// Where it is read from, then settings as key=value; `rank` says whose values count, 1 first
    #[arg(value_name = "URL|KEY=VALUE")]
    pub settings: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to change of a source.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero source set hr every=1h shrink=10 password=NEW\n\nAn empty value takes a setting away."
)]
pub struct SetArgs {
    /// Its name
    pub name: String,
    /// A new address, and settings as key=value
    #[arg(value_name = "URL|KEY=VALUE", required = true)]
    pub settings: Vec<String>,
}

/// Whose values count.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero source own payroll name birth\n  mhero source own chw village --json\n  mhero source own payroll name --never"
)]
pub struct OwnArgs {
    /// The name of the source
    pub name: String,
    /// Fields: name, phone, language, sex, birth, active, or the key of a field; without one, lists who owns what
    pub fields: Vec<String>,
    /// Leave these fields to the ranks of the sources again
    #[arg(long)]
    pub never: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Whether others may write to the people of a source.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct ConsentArgs {
    /// The name of the source
    pub name: Option<String>,
    /// yes, or no: then messages to a mixed audience leave its people out, except alerts
    #[arg(long, requires = "name", value_parser = ["yes", "no"])]
    pub others: Option<String>,
    /// The code of the programme whose messages are the owner's own
    #[arg(long, value_name = "PROGRAMME", requires = "others")]
    pub owner: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Whom to write out, and where.
#[derive(Clone, Args, Serialize, Deserialize)]
pub struct WriteOutArgs {
    /// The name of the source
    pub name: String,
    /// For whom, in the query language; * is everybody
    #[arg(long, value_name = "QUERY")]
    pub to: Option<String>,
    /// Most people to write now
    #[arg(long, value_name = "N")]
    pub limit: Option<i64>,
    /// Only count
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero source`.
///
/// # Errors
/// What the use cases refuse: an unknown kind or key, a taken name; what a registry answers to a test.
pub async fn run(node: &Node, command: &SourceCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        SourceCommand::Add(args) => add(node, args, terminal).await,
        SourceCommand::List { json } => list(node, *json, terminal).await,
        SourceCommand::Test { name } => test(node, name, terminal).await,
        SourceCommand::Set(args) => set(node, args, terminal).await,
        SourceCommand::Remove { name } => {
            let vanished = node.app.remove_source(&terminal.caller(), name).await?;
            let key = if vanished { "cli-source-removed" } else { "cli-source-retired" };
            let line = terminal.words().with(key, &[("name", Arg::Text(name.clone()))]);
            terminal.say(line).await;
            Ok(())
        }
        SourceCommand::Own(args) => own(node, args, terminal).await,
        SourceCommand::WriteOut(args) => super::write_out::run(node, args, terminal).await,
        SourceCommand::Consent(args) => consent(node, args, terminal).await,
        SourceCommand::Address { name } => {
            let source = source_id(node, name, terminal).await?;
            let path = node.app.notify_path(&terminal.caller(), source)?;
            terminal.say(path).await;
            Ok(())
        }
    }
}

/// The id of a source.
pub async fn source_id(node: &Node, name: &str, terminal: &Terminal) -> Result<SourceId, Failure> {
    let sources = node.app.sources(&terminal.caller()).await?;
    let found = sources.into_iter().find(|source| source.name == name);
    Ok(found.ok_or_else(|| mhero_app::AppError::not_found("source", name))?.id)
}

/// An address in front, and settings.
type Settings = (Option<String>, Option<i64>, Vec<(String, String)>);

fn settings(given: &[String]) -> Result<Settings, Failure> {
    let is_url = |text: &&String| text.split_once("://").is_some_and(|(scheme, _)| !scheme.contains('='));
    let url = given.first().filter(is_url).cloned();
    let (mut rank, mut config) = (None, Vec::new());
    for setting in given.iter().skip(usize::from(url.is_some())) {
        let wrong = || Failure::usage("cli-setting-unreadable", [("value", setting.chars().take(60).collect())]);
        match pair(setting).map_err(|_| wrong())? {
            (key, value) if key == "rank" => rank = Some(value.parse().map_err(|_| wrong())?),
            setting => config.push(setting),
        }
    }
    Ok((url, rank, config))
}

async fn add(node: &Node, args: &AddArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let (url, rank, config) = settings(&args.settings)?;
    let new = NewSource { name: args.name.clone(), kind: args.kind.clone(), url, config, rank };
    let source = node.app.add_source(&terminal.caller(), &new).await?;
    if args.json {
        return terminal
            .json(&json!({ "id": source.id, "name": source.name, "kind": source.kind, "rank": source.rank }))
            .await;
    }
    let line = terminal.words().with("cli-source-added", &[("name", Arg::Text(source.name))]);
    terminal.say(line).await;
    Ok(())
}

async fn set(node: &Node, args: &SetArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let (url, rank, config) = settings(&args.settings)?;
    let source = node.app.set_source(&terminal.caller(), &args.name, &SourceChange { url, config, rank }).await?;
    let line = terminal.words().with("cli-source-set", &[("name", Arg::Text(source.name))]);
    terminal.say(line).await;
    Ok(())
}

async fn test(node: &Node, name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let remarks = node.app.test_source(&terminal.caller(), name).await?;
    let line = terminal.words().with("cli-source-works", &[("name", Arg::Text(name.to_owned()))]);
    terminal.say(line).await;
    for remark in remarks {
        let remark = terminal.words().reason(&remark);
        terminal.say(format!("  {remark}")).await;
    }
    Ok(())
}

async fn own(node: &Node, args: &OwnArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let owned = node.app.ownership(&caller).await?;
    for field in &args.fields {
        let there = owned.iter().find(|owned| owned.field == *field);
        let others = there.into_iter().flat_map(|owned| &owned.sources).filter(|name| **name != args.name).cloned();
        let own = (!args.never).then(|| args.name.clone());
        let sources: Vec<String> = own.into_iter().chain(others).collect();
        node.app.set_owners(&caller, field, &sources).await?;
    }
    let owned = node.app.ownership(&caller).await?;
    if args.json {
        let shown: Vec<Value> =
            owned.iter().map(|owned| json!({ "field": owned.field, "sources": owned.sources })).collect();
        return terminal.json(&shown).await;
    }
    let header = ["cli-column-field", "cli-column-sources"].map(|key| terminal.words().t(key));
    let row = |owned: Owned| vec![owned.field, owned.sources.join(", ")];
    let rows: Vec<Vec<String>> = owned.into_iter().map(row).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn consent(node: &Node, args: &ConsentArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    if let (Some(name), Some(others)) = (&args.name, &args.others) {
        let owner = args.owner.clone().unwrap_or_default();
        node.app.set_consent(&caller, name, others == "yes", &owner).await?;
        let said = [("name", Arg::Text(name.clone())), ("others", Arg::Text(others.clone()))];
        let line = terminal.words().with("cli-consent-set", &said);
        terminal.note(line).await;
    }
    let mut all = node.app.consents(&caller).await?;
    if let Some(name) = &args.name {
        all.retain(|consent| consent.name == *name);
        if all.is_empty() {
            return Err(mhero_app::AppError::not_found("source", name).into());
        }
    }
    if args.json {
        let shown: Vec<Value> = all
            .iter()
            .map(|said| json!({ "source": said.name, "others": said.others, "owner": said.programme }))
            .collect();
        return terminal.json(&shown).await;
    }
    let header = ["cli-column-name", "cli-column-others", "cli-column-owner"].map(|key| terminal.words().t(key));
    let words = ["cli-others-no", "cli-others-yes"].map(|key| terminal.words().t(key));
    let row = |said: mhero_app::Consent| {
        vec![said.name, words[usize::from(said.others)].clone(), said.programme.unwrap_or_default()]
    };
    let rows: Vec<Vec<String>> = all.into_iter().map(row).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn list(node: &Node, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let statuses = node.app.source_statuses(&terminal.caller()).await?;
    if as_json {
        let shown: Vec<Value> = statuses.iter().map(|status| status_json(status, terminal)).collect();
        return terminal.json(&shown).await;
    }
    let header = [
        "cli-column-name",
        "cli-column-kind",
        "cli-column-rank",
        "cli-column-success",
        "cli-column-state",
        "cli-column-url",
    ];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = statuses.into_iter().map(|status| status_row(status, terminal)).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

fn status_row(status: SourceStatus, terminal: &Terminal) -> Vec<String> {
    let words = terminal.words();
    let state = match (&status.asks, &status.reason) {
        (Some((_, asks)), _) => {
            let since = status.asks_since.map(|at| mhero_core::timestamp(at).to_string()).unwrap_or_default();
            let why = words.reason(asks);
            words.with("source-asks-since", &[("since", Arg::Text(since)), ("why", Arg::Text(why))])
        }
        (None, Some(reason)) => words.reason(reason),
        (None, None) if status.is_queued => words.t("cli-source-queued"),
        (None, None) => String::new(),
    };
    let success = status.succeeded_at.map_or_else(|| "–".to_owned(), |at| mhero_core::timestamp(at).to_string());
    let source = status.source;
    vec![source.name, source.kind, source.rank.to_string(), success, state, source.url.unwrap_or_default()]
}

fn status_json(status: &SourceStatus, terminal: &Terminal) -> Value {
    let words = terminal.words();
    let instant = |at: Option<i64>| at.map(|at| mhero_core::timestamp(at).to_string());
    let asks = status.asks.as_ref().map(|(run, reason)| json!({ "run": run, "reason": words.reason(reason) }));
    let source = &status.source;
    json!({
        "id": source.id, "name": source.name, "kind": source.kind, "url": source.url, "rank": source.rank,
        "registry": status.is_registry, "last_success": instant(status.succeeded_at),
        "last_failure": instant(status.failed_at), "failures": status.failures,
        "reason": status.reason.as_ref().map(|reason| words.reason(reason)), "next": instant(status.next_at),
        "queued": status.is_queued, "asks": asks, "asks_since": instant(status.asks_since),
    })
}
