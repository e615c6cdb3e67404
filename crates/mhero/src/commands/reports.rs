//! `mhero report`: what of a flow's answers goes to DHIS2, and what became of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mhero_exchange::dhis2::{Dhis2Error, Mapping, Reports};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Reports that are listed.
const LISTED: i64 = 200;

/// Reports to DHIS2.
#[derive(Clone, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportCommand {
    /// Say which answers of a flow are which data elements: a file of TOML, added or changed by its name
    Map(MapArgs),
    /// Print the mappings as they stand
    Maps(MapsArgs),
    /// What was sent, and what DHIS2 said to it
    List(ListArgs),
}

/// Say which answers go where.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero report map monthly.toml\n\ndocs/admin/dhis2.md shows a file.")]
pub struct MapArgs {
    /// The file
    pub file: PathBuf,
}

/// Print the mappings.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Example:\n  mhero report maps > mappings.toml")]
pub struct MapsArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What was sent.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero report list\n  mhero report list --state conflict --json")]
pub struct ListArgs {
    /// Only of one state: approval, ready, accepted, conflict, refused, superseded
    #[arg(long)]
    pub state: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero report`.
///
/// # Errors
/// A file that can't be read or be right, and what the use cases refuse.
pub async fn run(node: &Node, command: &ReportCommand, terminal: &mut Terminal) -> Result<(), Failure> {
    let reports = Reports::new(node.app.clone());
    match command {
        ReportCommand::Map(args) => map(&reports, args, terminal).await,
        ReportCommand::Maps(args) => maps(&reports, args, terminal).await,
        ReportCommand::List(args) => list(&reports, args, terminal).await,
    }
}

fn failed(error: Dhis2Error) -> Failure {
    match error {
        Dhis2Error::App(error) => error.into(),
        Dhis2Error::Mapping { field, value, why } => {
            Failure::refused("cli-report-mapping", [("field", field.to_owned()), ("value", value), ("why", why)])
        }
        other => Failure::refused(
            "cli-report-mapping",
            [("field", String::new()), ("value", String::new()), ("why", other.to_string())],
        ),
    }
}

async fn map(reports: &Reports, args: &MapArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|error| Failure::file("cli-flow-file-unread", &args.file, &error))?;
    let mapping = Mapping::from_toml(&text).map_err(failed)?;
    let (name, elements) = (mapping.name.clone(), mapping.elements.len());
    reports.put_mapping(&terminal.caller(), mapping, None).await.map_err(failed)?;
    let told = [("name", Arg::Text(name)), ("n", Arg::Count(i64::try_from(elements).unwrap_or(i64::MAX)))];
    let line = terminal.words().with("cli-report-mapped", &told);
    terminal.say(line).await;
    Ok(())
}

async fn maps(reports: &Reports, args: &MapsArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let all = reports.mappings(&terminal.caller()).await.map_err(failed)?;
    if args.json {
        return terminal.json(&json!(all.iter().map(|own| &own.mapping).collect::<Vec<_>>())).await;
    }
    for own in all {
        terminal.say(own.mapping.to_toml()).await;
    }
    Ok(())
}

async fn list(reports: &Reports, args: &ListArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let of = (args.state.as_deref(), None);
    let all = reports.list(&terminal.caller(), of, None, LISTED).await.map_err(failed)?;
    if args.json {
        let shown: Vec<_> = all
            .iter()
            .map(|own| {
                json!({
                    "report": own.id, "mapping": own.mapping, "unit": own.unit, "period": own.period, "state": own.state,
                    "content": own.content, "answer": own.answer, "attempts": own.attempts, "run": own.run, "message": own.message,
                    "reported": mhero_core::timestamp(own.reported_at).to_string(),
                })
            })
            .collect();
        return terminal.json(&json!(shown)).await;
    }
    let header =
        ["cli-column-mapping", "cli-column-unit", "cli-column-period", "cli-column-state", "cli-column-answer"];
    let header = header.map(|key| terminal.words().t(key));
    let row = |own: &mhero_exchange::dhis2::ReportShown| {
        let conflicts = own.answer.verdict.iter().flat_map(|verdict| &verdict.conflicts);
        let said: Vec<&str> = conflicts.map(|conflict| conflict.words.as_str()).collect();
        let said = own.answer.why.clone().unwrap_or_else(|| said.join("; "));
        vec![own.mapping.clone(), own.unit.clone(), own.period.clone(), own.state.clone(), said]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}
