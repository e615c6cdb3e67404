//! `mhero migrate`: brings an older database up to date.

use clap::Args;
use mhero_store::{Clock, SCHEMA_VERSION, Store};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{failure::Failure, terminal::Terminal, wiring::Place};

/// Bring an older database up to date.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(after_help = "Examples:\n  mhero migrate --dry-run\n  mhero backup before.backup && mhero migrate --yes")]
pub struct MigrateArgs {
    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Change without asking
    #[arg(long)]
    pub yes: bool,
    /// Show each statement too
    #[arg(long)]
    pub sql: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Shows what will change, then changes it. On a terminal it asks in between.
///
/// # Errors
/// A running server; whatever keeps the database from opening.
pub async fn run(place: Place, args: &MigrateArgs, mut terminal: Terminal) -> Result<(), Failure> {
    let _lock = place.lock()?;
    let pending = Store::pending(&place.location).await?;
    if args.json {
        let shown: Vec<_> =
            pending.iter().map(|change| json!({ "version": change.version, "name": change.name })).collect();
        terminal.json(&json!({ "schema": SCHEMA_VERSION, "pending": shown })).await?;
    } else {
        for change in &pending {
            let args = [("version", Arg::Text(change.version.to_string())), ("name", Arg::Text(change.name.clone()))];
            let line = terminal.words().with("cli-migrate-change", &args);
            terminal.say(line).await;
        }
    }
    if args.sql {
        for change in &pending {
            terminal.say(change.sql.clone()).await;
        }
    }
    let version = [("version", Arg::Text(SCHEMA_VERSION.to_string()))];
    if pending.is_empty() {
        let line = terminal.words().with("cli-migrate-none", &version);
        terminal.note(line).await;
        return Ok(());
    }
    if args.dry_run {
        return Ok(());
    }
    if !args.yes {
        let question = terminal.words().t("cli-migrate-ask");
        if terminal.ask(question).await == Some(false) {
            return Err(Failure::refused("cli-migrate-declined", []));
        }
    }
    Store::open_and_migrate(&place.location, Clock::wall()).await?;
    let line = terminal.words().with("cli-migrate-done", &version);
    terminal.note(line).await;
    Ok(())
}
