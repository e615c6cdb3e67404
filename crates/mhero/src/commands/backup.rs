//! `mhero backup` and `mhero restore`.

use std::{
    fs::{File, OpenOptions},
    io::BufReader,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::Args;
use mhero_app::backup;
use mhero_store::{Clock, Store};
use mhero_web::words::Arg;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    failure::Failure,
    terminal::Terminal,
    wiring::{Node, Place},
};

/// Write everything into a file.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero backup mhero-2026-05-14.backup\n\nThe key that seals passwords of gateways is not in it: keep that apart."
)]
pub struct BackupArgs {
    /// The file to write
    pub file: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Read a backup back.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero restore mhero-2026-05-14.backup --data ./restored\n  mhero restore mhero-2026-05-14.backup --database postgres://mhero@localhost/mhero"
)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Writes a backup beside its place and moves it there when it is whole.
///
/// # Errors
/// A file that is there, a folder that takes none, a full disk.
pub async fn backup(node: &Node, args: &BackupArgs, terminal: &mut Terminal) -> Result<(), Failure> {
    if !args.force && args.file.exists() {
        return Err(Failure::refused("cli-backup-exists", [("path", args.file.display().to_string())]));
    }
    let unwritten = |error: std::io::Error| Failure::file("cli-backup-unwritten", &args.file, &error);
    let partial = beside(&args.file);
    let out =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial).map_err(unwritten)?;
    let written = match backup::write(&node.app, &terminal.caller(), out).await {
        Ok((file, summary)) => {
            file.sync_all().and_then(|()| std::fs::rename(&partial, &args.file)).map(|()| summary).map_err(unwritten)
        }
        Err(error) => Err(error.into()),
    };
    let summary = written.inspect_err(|_| {
        // It is worth nothing, and the failure is what counts.
        let _ = std::fs::remove_file(&partial);
    })?;
    say(&args.file, &summary, args.json, "cli-backup-done", terminal).await
}

/// Restores a backup, without a server.
///
/// # Errors
/// A running server, a damaged backup, a target that is not empty; each says what to do.
pub async fn restore(place: Place, args: &RestoreArgs, mut terminal: Terminal) -> Result<(), Failure> {
    let file = File::open(&args.file).map_err(|error| Failure::file("cli-backup-unread", &args.file, &error))?;
    let _lock = place.lock()?;
    let store = Store::open_to_restore(&place.location, Clock::wall()).await?;
    let summary = backup::restore(&store, BufReader::new(file), args.force).await?;
    say(&args.file, &summary, args.json, "cli-restore-done", &mut terminal).await
}

async fn say(
    file: &Path,
    summary: &backup::Summary,
    as_json: bool,
    key: &str,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if as_json {
        return terminal.json(&json!({ "file": file, "rows": summary.rows(), "tables": summary.tables })).await;
    }
    let rows = i64::try_from(summary.rows()).unwrap_or(i64::MAX);
    let path = Arg::Text(file.display().to_string());
    let line = terminal.words().with(key, &[("rows", Arg::Count(rows)), ("path", path)]);
    terminal.say(line).await;
    Ok(())
}

/// The name under which a backup grows until it is whole.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    file.with_file_name(name)
}
