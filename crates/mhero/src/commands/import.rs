//! `mhero import`: files of registries and lists.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, ValueEnum};
use mhero_app::people::{ImportOptions, ImportReport, Progress};
use mhero_core::record::{Record, Rejection};
use mhero_registries::{
    files::{self, Records},
    table::{MEANINGS, Mapping},
    table_out::{self, Titles},
};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{failure::Failure, terminal::Terminal, wiring::Node};

/// The source that files belong to when none is named.
const FILES: &str = "files";
/// Problems that are shown without `--json`.
const SHOWN_MAX: usize = 30;
/// Endings of the files that are taken out of a folder.
const ENDINGS: [&str; 6] = ["json", "ndjson", "jsonl", "csv", "xlsx", "xml"];

/// Import register files.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero import staff.xlsx --dry-run\n  mhero import ihris/*.json --source ihris\n  mhero import staff.csv --rejected to-mend.csv --json\n  mhero sync files --undo RUN\n\nImporting again changes nothing that has not changed. Files may come in any order."
)]
pub struct ImportArgs {
    /// Files, or folders of files: FHIR (JSON, NDJSON), CSD (XML), CSV, XLSX
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The source they belong to; references resolve within it
    #[arg(long, value_name = "NAME", default_value = FILES)]
    pub source: String,
    /// Their format
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub format: Format,
    /// The sheet of a workbook; without it, its first
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Say what would happen, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write refused records with their reasons into a table (.csv or .xlsx), to be mended and imported
    #[arg(long, value_name = "FILE")]
    pub rejected: Option<PathBuf>,
    /// Say what became of each record: new, matched, changed, duplicate
    #[arg(long)]
    pub verdicts: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum Format {
    /// Told by what is in it.
    Auto,
    /// FHIR in JSON.
    Fhir,
    /// FHIR, one resource a line.
    Ndjson,
    /// A table in text.
    Csv,
    /// A table in an Excel workbook.
    Xlsx,
    /// A CSD directory in XML.
    Csd,
    /// The contact list that OpenInfoMan prepares for RapidPro.
    Contacts,
}

impl Format {
    const fn as_read(self) -> files::Format {
        match self {
            Self::Auto => files::Format::Auto,
            Self::Fhir => files::Format::Fhir,
            Self::Ndjson => files::Format::NdJson,
            Self::Csv => files::Format::Csv,
            Self::Xlsx => files::Format::Xlsx,
            Self::Csd => files::Format::Csd,
            Self::Contacts => files::Format::Contacts,
        }
    }
}

/// Opens every file, then imports them as one. A file that can't be read keeps all of them out.
///
/// # Errors
/// Which file can't be imported and what to do; then nothing came in.
pub async fn run(node: &Node, args: &ImportArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    // Said before files are read, which may take long.
    node.app.facts().await?;
    let paths = all_files(&args.paths)?;
    let mapping = mapping(node, args, terminal).await?;
    let options = files::Options { format: args.format.as_read(), sheet: args.sheet.clone(), mapping };
    let mut opened: Vec<Records> = Vec::with_capacity(paths.len());
    for path in &paths {
        let records = tokio::task::block_in_place(|| files::read(path, &options))?;
        for notice in records.notices() {
            let line = terminal.words().reason(notice);
            terminal.note(line).await;
        }
        opened.push(records);
    }
    let total = opened.iter().map(Records::total).sum::<Option<u64>>();
    let report = import(node, args, opened.into_iter().flatten(), total, terminal).await?;
    if let Some(file) = &args.rejected {
        write_rejected(file, &report.rejections, terminal).await?;
    }
    say(&report, args, terminal).await
}

/// What the source's settings say of the columns of its tables: `column.Tel 2 = phone 2`.
async fn mapping(node: &Node, args: &ImportArgs, terminal: &Terminal) -> Result<Mapping, Failure> {
    let wanted = args.source.as_str();
    let sources = node.app.sources(&terminal.caller()).await?;
    let config = sources.into_iter().find(|source| source.name == wanted).map(|source| source.config);
    let settings: BTreeMap<String, Value> =
        config.and_then(|config| serde_json::from_str(&config).ok()).unwrap_or_default();
    let texts = settings.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    Mapping::of_settings(texts).map_err(|error| {
        let known = MEANINGS.join(", ");
        Failure::refused(
            "import-mapping-unknown",
            [("column", error.column), ("meaning", error.meaning), ("known", known)],
        )
    })
}

async fn import(
    node: &Node,
    args: &ImportArgs,
    records: impl Iterator<Item = Result<Record, Rejection>> + Send,
    total: Option<u64>,
    terminal: &mut Terminal,
) -> Result<ImportReport, Failure> {
    let (told, mut heard) = watch::channel(0);
    let progress: Progress = Arc::new(move |report: &ImportReport| {
        told.send_replace(report.read);
    });
    let options = ImportOptions { dry_run: args.dry_run, demo: false, progress: Some(progress) };
    let caller = terminal.caller();
    let mut importing = Box::pin(node.app.import(&caller, &args.source, records, &options));
    loop {
        tokio::select! {
            report = &mut importing => return Ok(report?),
            Ok(()) = heard.changed() => {
                let done = *heard.borrow_and_update();
                terminal.progress(done, total).await;
            }
        }
    }
}

/// The files that are named, and those in folders that are.
fn all_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::with_capacity(paths.len());
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let unread = |error: std::io::Error| Failure::file("cli-folder-unread", path, &error);
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unread)? {
            let file = entry.map_err(unread)?.path();
            if file.is_file() && has_ending(&file) {
                inside.push(file);
            }
        }
        if inside.is_empty() {
            return Err(Failure::refused("cli-folder-empty", [("path", path.display().to_string())]));
        }
        inside.sort();
        all.extend(inside);
    }
    Ok(all)
}

fn has_ending(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

async fn say(report: &ImportReport, args: &ImportArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let key = if args.dry_run { "cli-import-would" } else { "cli-import-done" };
    if args.json {
        let mut json = report_json(report, terminal.words());
        if let (true, Value::Object(json)) = (args.verdicts, &mut json) {
            json.insert("verdicts".to_owned(), verdicts_json(report));
        }
        return terminal.json(&json).await;
    }
    say_report(report, key, false, terminal).await?;
    if args.verdicts {
        for row in &report.rows {
            let by = row.matched_by.as_deref().unwrap_or_default();
            terminal.say(format!("{}\t{}/{}\t{}\t{by}", row.verdict.as_str(), row.kind, row.id, row.origin)).await;
        }
    }
    Ok(())
}

fn verdicts_json(report: &ImportReport) -> Value {
    let rows = report.rows.iter().map(|row| {
        json!({
            "where": row.origin, "kind": row.kind, "id": row.id, "verdict": row.verdict.as_str(),
            "matched_by": row.matched_by,
        })
    });
    rows.collect()
}

/// Says what an import did; `key` is the sentence with the counts.
///
/// # Errors
/// When the terminal takes no more.
pub async fn say_report(
    report: &ImportReport,
    key: &'static str,
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if as_json {
        let json = report_json(report, terminal.words());
        return terminal.json(&json).await;
    }
    let words = terminal.words().clone();
    let count = |number: u64| Arg::Count(i64::try_from(number).unwrap_or(i64::MAX));
    terminal
        .say(words.with(
            key,
            &[
                ("read", count(report.read)),
                ("created", count(report.created)),
                ("updated", count(report.updated)),
                ("unchanged", count(report.unchanged)),
                ("rejected", count(report.rejected)),
                ("warnings", count(report.warnings)),
            ],
        ))
        .await;
    if report.waiting > 0 {
        terminal.say(words.with("cli-import-waiting", &[("n", count(report.waiting))])).await;
    }
    for problem in report.problems.iter().take(SHOWN_MAX) {
        let key = if problem.is_refusal { "cli-import-refusal" } else { "cli-import-warning" };
        terminal
            .say(words.with(
                key,
                &[
                    ("where", Arg::Text(problem.origin.clone())),
                    ("element", Arg::Text(problem.problem.element.clone())),
                    ("reason", Arg::Text(words.reason(&problem.problem.reason))),
                ],
            ))
            .await;
    }
    let more = (report.warnings + report.rejected).saturating_sub(SHOWN_MAX as u64);
    if more > 0 {
        terminal.say(words.with("cli-import-more", &[("n", count(more))])).await;
    }
    Ok(())
}

/// The report as scripts read it.
pub fn report_json(report: &ImportReport, words: &Words) -> Value {
    let problems: Vec<_> = report.problems.iter().map(|problem| json!({
        "where": problem.origin, "element": problem.problem.element, "reason": words.reason(&problem.problem.reason),
    })).collect();
    json!({
        "read": report.read, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "rejected": report.rejected, "warnings": report.warnings, "problems": problems, "run": report.run,
        "matched": report.matched, "duplicates": report.duplicates, "removed": report.removed,
    })
}

/// Writes what was refused into a table for mending.
///
/// # Errors
/// When the file can't be written.
pub async fn write_rejected(file: &Path, rejections: &[Rejection], terminal: &mut Terminal) -> Result<(), Failure> {
    if rejections.is_empty() {
        return Ok(());
    }
    let words = terminal.words();
    let unwritten = |error: std::io::Error| Failure::file("cli-rejected-unwritten", file, &error);
    let (origin, reason, record) =
        (words.t("cli-rejected-where"), words.t("cli-rejected-reason"), words.t("cli-rejected-record"));
    let titles = Titles { origin: &origin, reason: &reason, record: &record };
    let say = |reason: &mhero_core::record::Reason| words.reason(reason);
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        let bytes = table_out::xlsx(rejections, &titles, say).map_err(anyhow::Error::from)?;
        std::fs::write(file, bytes).map_err(unwritten)?;
    } else {
        let mut out = File::create(file).map_err(unwritten)?;
        table_out::csv(&mut out, rejections, &titles, say).map_err(anyhow::Error::from)?;
        out.flush().map_err(unwritten)?;
    }
    let n = i64::try_from(rejections.len()).unwrap_or(i64::MAX);
    let args = [("n", Arg::Count(n)), ("path", Arg::Text(file.display().to_string()))];
    let line = words.with("cli-rejected-written", &args);
    terminal.note(line).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_the_files_that_can_be_imported_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.CSV", "read me.txt", "c.xlsx"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let found = all_files(&[folder.path().to_owned(), folder.path().join("read me.txt")]).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.CSV", "b.json", "c.xlsx", "read me.txt"]);
        let empty = tempfile::tempdir().unwrap();
        assert!(all_files(&[empty.path().to_owned()]).is_err());
    }
}
