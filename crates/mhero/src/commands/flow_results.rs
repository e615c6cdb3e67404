//! `mhero flow results`: how far people got, what they answered, and tables to take away.

use std::path::{Path, PathBuf};

use clap::Args;
use mhero_app::flows::{FlowResults, ResultsOf};
use mhero_core::StartId;
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Results of a flow.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero flow results 'Stock on hand' --json\n  mhero flow results 'Stock on hand' --start 3 --csv answers.csv"
)]
pub struct ResultsArgs {
    /// The flow, by name or id
    pub name: String,
    /// Only of one start, by its number or id
    #[arg(long, value_name = "START")]
    pub start: Option<String>,
    /// Write one row a person into this file, as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// The same as an Excel workbook
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Writes the tables that were asked for, and says what came out.
///
/// # Errors
/// An unknown flow or start; a file that can't be written.
pub async fn run(node: &Node, args: &ResultsArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let of = whose(node, args, terminal).await?;
    if let Some(file) = &args.csv {
        write_csv(node, of, file, terminal).await?;
    }
    if let Some(file) = &args.xlsx {
        let caller = terminal.caller();
        let words = terminal.words().clone();
        let taken = node.app.take_results(&caller, of, "xlsx").await?;
        let bytes = node.app.results_xlsx(&caller, &taken, |key| words.t(key)).await?;
        tokio::fs::write(file, bytes).await.map_err(|error| unwritten(file, &error))?;
        written(file, terminal).await;
    }
    let results = node.app.flow_results(&terminal.caller(), of).await?;
    if args.json {
        return terminal.json(&results_json(&results)).await;
    }
    if args.csv.is_none() && args.xlsx.is_none() {
        let lines = lines(&results, terminal.words());
        terminal.say_all(lines).await;
    }
    Ok(())
}

async fn whose(node: &Node, args: &ResultsArgs, terminal: &Terminal) -> Result<ResultsOf, Failure> {
    let caller = terminal.caller();
    let flow = node.app.find_flow(&caller, &args.name).await?.id;
    let Some(wanted) = &args.start else { return Ok(ResultsOf { flow, start: None }) };
    let starts = node.app.starts_of(&caller, flow).await?;
    let by_id: Option<StartId> = wanted.parse().ok();
    let found = starts.iter().find(|start| Some(start.id) == by_id || start.number.to_string() == *wanted);
    let found = found.ok_or_else(|| mhero_app::AppError::not_found("flow_start", wanted))?;
    Ok(ResultsOf { flow, start: Some(found.id) })
}

/// Page by page, so that no size of it is held in memory.
async fn write_csv(node: &Node, of: ResultsOf, file: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let words = terminal.words().clone();
    let say = |key: &str| words.t(key);
    let taken = node.app.take_results(&caller, of, "csv").await?;
    let failed = |error: std::io::Error| unwritten(file, &error);
    let mut out = tokio::fs::File::create(file).await.map_err(failed)?;
    out.write_all(&mhero_app::App::results_csv_head(&taken, say)).await.map_err(failed)?;
    let mut before = None;
    loop {
        let (bytes, next) = node.app.results_csv_page(&caller, &taken, before, say).await?;
        out.write_all(&bytes).await.map_err(failed)?;
        match next {
            Some(run) => before = Some(run),
            None => break,
        }
    }
    out.flush().await.map_err(failed)?;
    written(file, terminal).await;
    Ok(())
}

async fn written(file: &Path, terminal: &mut Terminal) {
    let args = [("path", Arg::Text(file.display().to_string()))];
    let line = terminal.words().with("cli-flow-results-written", &args);
    terminal.note(line).await;
}

fn unwritten(file: &Path, error: &std::io::Error) -> Failure {
    Failure::file("cli-flow-file-unwritten", file, error)
}

fn results_json(results: &FlowResults) -> Value {
    let counts = |list: &[(String, i64)]| {
        Value::Object(list.iter().map(|(word, count)| (word.clone(), (*count).into())).collect())
    };
    let questions = results.questions.iter().map(
        |question| json!({ "key": question.key, "name": question.name, "categories": counts(&question.categories) }),
    );
    let funnel = &results.funnel;
    json!({
        "flow": results.flow.id, "name": results.flow.name, "start": results.start.as_ref().map(|start| start.number),
        "runs": counts(&results.statuses),
        "funnel": {
            "targeted": funnel.targeted, "valid": funnel.valid, "started": funnel.started, "sent": funnel.sent,
            "delivered": funnel.delivered, "replied": funnel.replied, "complete": funnel.complete,
        },
        "results": questions.collect::<Vec<_>>(),
    })
}

/// The results in words: how far people got, then each question.
fn lines(results: &FlowResults, words: &Words) -> Vec<String> {
    let mut lines: Vec<String> = results
        .statuses
        .iter()
        .map(|(status, count)| format!("{}: {count}", words.t(&format!("run-{status}"))))
        .collect();
    if lines.is_empty() {
        lines.push(words.t("cli-flow-results-none"));
    }
    for question in results.questions.iter().filter(|question| question.answers() > 0) {
        lines.push(String::new());
        lines.push(table::one_line(&question.name));
        let rows: Vec<Vec<String>> = question
            .categories
            .iter()
            .map(|(category, count)| vec![format!("  {category}"), count.to_string()])
            .collect();
        let rows = table::lines(&[String::new(), String::new()], &rows);
        lines.extend(rows.into_iter().skip(1));
    }
    lines
}
