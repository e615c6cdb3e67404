//! `mhero source write-out`: our people in an instance that the country keeps.

use mhero_app::sync::{WriteOutOptions, WriteOutReport};
use mhero_web::words::Arg;
use serde_json::{Value, json};

use super::sources::WriteOutArgs;
use crate::{failure::Failure, terminal::Terminal, wiring::Node};

/// Writes, and says what became of it.
///
/// # Errors
/// What the use case refuses: no audience, a source that holds nobody, another run under way.
pub async fn run(node: &Node, args: &WriteOutArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    let options = WriteOutOptions { to: args.to.clone(), dry_run: args.dry_run, limit: args.limit };
    let report = node.app.write_out(&terminal.caller(), &args.name, &options).await?;
    if args.json {
        return terminal.json(&shown(&report, terminal)).await;
    }
    let key = if args.dry_run { "cli-write-out-would" } else { "cli-write-out-done" };
    let count = |number: i64| Arg::Text(number.to_string());
    let said = [
        ("matched", count(report.matched)),
        ("created", count(report.created)),
        ("updated", count(report.updated)),
        ("unchanged", count(report.unchanged)),
        ("without", count(report.without_number)),
    ];
    let line = terminal.words().with(key, &said);
    terminal.say(line).await;
    if report.kept + report.conflicts + report.refused > 0 {
        let said =
            [("kept", count(report.kept)), ("conflicts", count(report.conflicts)), ("refused", count(report.refused))];
        let line = terminal.words().with("cli-write-out-problems", &said);
        terminal.say(line).await;
        for (person, name, reason) in &report.problems {
            let line = format!("  {person} {name}: {}", terminal.words().reason(reason));
            terminal.say(line).await;
        }
    }
    if report.left > 0 {
        let line = terminal.words().with("cli-write-out-left", &[("people", Arg::Count(report.left))]);
        terminal.say(line).await;
    }
    if let Some(reason) = &report.stopped {
        let line = terminal.words().reason(reason);
        terminal.say(line).await;
    }
    Ok(())
}

fn shown(report: &WriteOutReport, terminal: &Terminal) -> Value {
    let words = terminal.words();
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|(person, name, reason)| json!({ "person": person, "name": name, "reason": words.reason(reason) }))
        .collect();
    json!({
        "matched": report.matched, "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        "kept": report.kept, "conflicts": report.conflicts, "refused": report.refused,
        "without_number": report.without_number, "left": report.left,
        "stopped": report.stopped.as_ref().map(|reason| words.reason(reason)), "problems": problems,
    })
}
