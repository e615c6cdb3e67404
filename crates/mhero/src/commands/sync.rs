//! `mhero sync`: one registry now, its runs, and what an official decides about them.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use mhero_app::{
    people::{ImportReport, Progress},
    sync::{SyncEnd, SyncOptions, SyncOutcome, read_reason},
};
use mhero_core::ImportId;
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{import, sources::source_id};
use crate::{failure::Failure, table, terminal::Terminal, wiring::Node};

/// Runs that are listed.
const RUNS_LISTED: i64 = 30;
/// Records of one run that are listed.
const CHANGES_LISTED: i64 = 10_000;
/// Refused records that are written out.
const REJECTED_WRITTEN: i64 = 100_000;

/// One registry synchronisation now.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:\n  mhero sync hr\n  mhero sync hr --allow-removals\n  mhero sync hr --runs --json\n  mhero sync hr --run RUN --rejected to-mend.csv\n  mhero sync hr --undo RUN\n\nRuns of files are runs, too: mhero sync files --runs"
)]
pub struct SyncArgs {
    /// The source
    pub source: String,
    /// Take away everybody whom the source no longer has, however many they are
    #[arg(long)]
    pub allow_removals: bool,
    /// Keep everybody whom the source no longer has; RUN is the one that asks
    #[arg(long, value_name = "RUN")]
    pub refuse_removals: Option<ImportId>,
    /// Read everything, whatever was read before
    #[arg(long)]
    pub whole: bool,
    /// List the last runs
    #[arg(long, group = "act")]
    pub runs: bool,
    /// Show what a run changed, refused and remarked
    #[arg(long, value_name = "RUN", group = "act")]
    pub run: Option<ImportId>,
    /// Put everything back as it was before a run, but for what was changed since
    #[arg(long, value_name = "RUN", group = "act")]
    pub undo: Option<ImportId>,
    /// Read again what was received in a run, by today's readers
    #[arg(long, value_name = "RUN", group = "act")]
    pub replay: Option<ImportId>,
    /// With --run: write refused records with their reasons into a table (.csv or .xlsx)
    #[arg(long, value_name = "FILE", requires = "run")]
    pub rejected: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Runs `mhero sync`.
///
/// # Errors
/// What the use cases refuse. A run that failed or asks has said so and ends with code 1.
pub async fn run(node: &Node, args: &SyncArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let source = source_id(node, &args.source, terminal).await?;
    if let Some(run) = args.run {
        return show(node, run, args, terminal).await;
    }
    if args.runs {
        return list(node, source, args, terminal).await;
    }
    if let Some(run) = args.undo {
        return undo(node, run, args, terminal).await;
    }
    if let Some(run) = args.replay {
        let report = node.app.replay_run(&terminal.caller(), run).await?;
        return say_report(&report, "cli-import-done", args.json, terminal).await;
    }
    if let Some(run) = args.refuse_removals {
        node.app.refuse_removals(&terminal.caller(), run).await?;
        let line = terminal.words().t("cli-sync-refused");
        terminal.say(line).await;
        return Ok(());
    }
    let outcome = pull(node, args, terminal).await?;
    say(&outcome, args, terminal).await
}

async fn pull(node: &Node, args: &SyncArgs, terminal: &mut Terminal) -> Result<SyncOutcome, Failure> {
    let (told, mut heard) = watch::channel(0);
    let progress: Progress = Arc::new(move |report: &ImportReport| {
        told.send_replace(report.read);
    });
    let options = SyncOptions { allow_removals: args.allow_removals, whole: args.whole, progress: Some(progress) };
    let caller = terminal.caller();
    let mut pulling = Box::pin(node.app.sync(&caller, &args.source, &options));
    loop {
        tokio::select! {
            outcome = &mut pulling => return Ok(outcome?),
            Ok(()) = heard.changed() => {
                let done = *heard.borrow_and_update();
                terminal.progress(done, None).await;
            }
        }
    }
}

async fn say(outcome: &SyncOutcome, args: &SyncArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let words = terminal.words().clone();
    let reason = outcome.reason.as_ref().map(|reason| words.reason(reason));
    let remarks: Vec<String> = outcome.remarks.iter().map(|remark| words.reason(remark)).collect();
    if args.json {
        let mut shown = import::report_json(&outcome.report, &words);
        let more = json!({
            "run": outcome.run, "state": outcome.end.as_str(), "reason": reason, "remarks": remarks,
        });
        if let (Value::Object(shown), Value::Object(more)) = (&mut shown, more) {
            shown.extend(more);
        }
        terminal.json(&shown).await?;
    } else {
        say_report(&outcome.report, "cli-import-done", false, terminal).await?;
        for remark in remarks {
            terminal.say(remark).await;
        }
        let key = match outcome.end {
            SyncEnd::Done => None,
            SyncEnd::Failed => Some("cli-sync-failed"),
            SyncEnd::Asks => Some("cli-sync-asks"),
        };
        if let (Some(key), Some(why)) = (key, reason) {
            let line = words.with(
                key,
                &[
                    ("why", Arg::Text(why)),
                    ("name", Arg::Text(args.source.clone())),
                    ("run", Arg::Text(outcome.run.to_string())),
                ],
            );
            terminal.note(line).await;
        }
    }
    if outcome.end == SyncEnd::Done { Ok(()) } else { Err(Failure::Said(1)) }
}

async fn say_report(
    report: &ImportReport,
    key: &'static str,
    as_json: bool,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    import::say_report(report, key, as_json, terminal).await?;
    if report.removed > 0 && !as_json {
        let n = i64::try_from(report.removed).unwrap_or(i64::MAX);
        let line = terminal.words().with("cli-sync-removed", &[("n", Arg::Count(n))]);
        terminal.say(line).await;
    }
    Ok(())
}

async fn list(
    node: &Node,
    source: mhero_core::SourceId,
    args: &SyncArgs,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let runs = node.app.sync_runs(&terminal.caller(), Some(source), RUNS_LISTED).await?;
    let why = |reason: Option<&str>| reason.map(|kept| terminal.words().reason(&read_reason(kept)));
    if args.json {
        let shown: Vec<Value> = runs
            .iter()
            .map(|run| {
                let summary: Value = serde_json::from_str(&run.summary).unwrap_or_default();
                json!({
                    "run": run.id, "kind": run.kind, "state": run.state, "why": run.why, "of": run.run_of,
                    "began": instant(run.began_at), "ended": run.ended_at.map(instant),
                    "counts": summary, "reason": why(run.reason.as_deref()),
                })
            })
            .collect();
        return terminal.json(&shown).await;
    }
    let header = ["cli-column-run", "cli-column-kind", "cli-column-state", "cli-column-began", "cli-column-counts"];
    let header = header.map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let counts: serde_json::Map<String, Value> = serde_json::from_str(&run.summary).unwrap_or_default();
            let counts = counts.iter().filter(|(_, n)| **n != json!(0)).map(|(name, n)| format!("{name} {n}"));
            let counts = counts.chain(why(run.reason.as_deref())).collect::<Vec<_>>().join(", ");
            vec![run.id.to_string(), run.kind.clone(), run.state.clone(), instant(run.began_at), counts]
        })
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn show(node: &Node, run: ImportId, args: &SyncArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let caller = terminal.caller();
    let page = node.app.sync_run(&caller, run, None, CHANGES_LISTED).await?;
    if let Some(file) = &args.rejected {
        let rejections = node.app.rejections_of(&caller, run, REJECTED_WRITTEN).await?;
        import::write_rejected(file, &rejections, terminal).await?;
    }
    if args.json {
        let words = terminal.words();
        let changes: Vec<Value> = page
            .changes
            .iter()
            .map(|change| {
                json!({
                    "verdict": change.verdict, "kind": change.kind, "id": change.ext_id, "where": change.origin,
                    "matched_by": change.matched_by, "before": change.before_raw, "after": change.after_digest.as_ref().map(|_| &change.after_raw),
                })
            })
            .collect();
        let shown = json!({
            "run": run, "state": page.run.state, "kind": page.run.kind,
            "reason": page.reason.as_ref().map(|reason| words.reason(reason)),
            "remarks": page.remarks.iter().map(|remark| words.reason(remark)).collect::<Vec<_>>(),
            "changes": changes,
        });
        return terminal.json(&shown).await;
    }
    for remark in page.remarks.iter().chain(&page.reason) {
        let line = terminal.words().reason(remark);
        terminal.say(line).await;
    }
    let header = ["cli-column-verdict", "cli-column-record", "cli-column-where"].map(|key| terminal.words().t(key));
    let rows: Vec<Vec<String>> = page
        .changes
        .into_iter()
        .map(|change| vec![change.verdict, format!("{}/{}", change.kind, change.ext_id), change.origin])
        .collect();
    terminal.say_all(table::lines(&header, &rows)).await;
    Ok(())
}

async fn undo(node: &Node, run: ImportId, args: &SyncArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let undone = node.app.undo_run(&terminal.caller(), run).await.map_err(Failure::from)?;
    if args.json {
        return terminal.json(&json!({ "run": undone.run, "restored": undone.restored, "kept": undone.kept })).await;
    }
    let count = |n: u64| Arg::Count(i64::try_from(n).unwrap_or(i64::MAX));
    let told = [("restored", count(undone.restored)), ("kept", count(undone.kept))];
    let line = terminal.words().with("cli-sync-undone", &told);
    terminal.say(line).await;
    Ok(())
}

/// An instant of the store in RFC 3339.
fn instant(micros: i64) -> String {
    mhero_core::timestamp(micros).to_string()
}
