//! `mhero source`: registries and sets of files that people come from.

use clap::{Args, Subcommand};
use mhero_app::{AppError, people::NewSource};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::channels::pair;
use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Kinds of sources that can be added.
const KINDS: [&str; 1] = ["files"];

/// Registries.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceCommand {
    /// Add a source; `import --source NAME` adds one of kind `files` by itself
    Add(AddArgs),
    /// List the sources; values of an earlier one count before those of a later
    #[command(after_help = "Example:\n  mhero source list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check whether a source can be read
    #[command(after_help = "Example:\n  mhero source test payroll")]
    Test {
        /// Its name
        name: String,
    },
}

/// A source to add.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero source add files payroll identifier.payroll=https://moh.example/payroll rank=2"
)]
pub struct AddArgs {
    /// What it is: files
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

/// Runs `mhero source`.
///
/// # Errors
/// What the use cases refuse: an unknown kind, a taken name.
pub async fn run(node: &Node, command: &SourceCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    match command {
        SourceCommand::Add(args) => add(node, args, terminal).await,
        SourceCommand::List { json } => list(node, *json, terminal).await,
        SourceCommand::Test { name } => {
            let sources = node.app.sources(&terminal.caller()).await?;
            let found = sources.iter().find(|source| source.name == *name);
            found.ok_or_else(|| AppError::not_found("source", name))?;
            let line = terminal.words().with("cli-source-files", &[("name", Arg::Text(name.clone()))]);
            terminal.say(line).await;
            Ok(())
        }
    }
}

async fn add(node: &Node, args: &AddArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    if !KINDS.contains(&args.kind.as_str()) {
        let given = [("kind", args.kind.clone()), ("known", KINDS.join(", "))];
        return Err(Failure::usage("cli-source-unknown-kind", given));
    }
    let is_url = |text: &&String| text.split_once("://").is_some_and(|(scheme, _)| !scheme.contains('='));
    let url = args.settings.first().filter(is_url).cloned();
    let mut new = NewSource { name: args.name.clone(), kind: args.kind.clone(), ..NewSource::default() };
    for setting in args.settings.iter().skip(usize::from(url.is_some())) {
        let wrong = || Failure::usage("cli-setting-unreadable", [("value", setting.chars().take(60).collect())]);
        match pair(setting).map_err(|_| wrong())? {
            (key, value) if key == "rank" => new.rank = Some(value.parse().map_err(|_| wrong())?),
            setting => new.config.push(setting),
        }
    }
    new.url = url;
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

async fn list(node: &Node, as_json: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let sources = node.app.sources(&terminal.caller()).await?;
    if as_json {
        let shown = sources.iter().map(|source| {
            json!({
                "id": source.id, "name": source.name, "kind": source.kind, "url": source.url, "rank": source.rank,
            })
        });
        return terminal.json(&shown.collect::<Vec<_>>()).await;
    }
    let header = ["cli-column-name", "cli-column-kind", "cli-column-rank", "cli-column-url"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = sources
        .into_iter()
        .map(|source| vec![source.name, source.kind, source.rank.to_string(), source.url.unwrap_or_default()])
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}
