//! The `mhero` program: commands, settings, wiring, shutdown.

mod cli;
mod commands;
mod config;
mod control;
mod demo;
mod effects;
mod exchange;
mod failure;
mod folders;
mod language;
mod lock;
mod logging;
mod metrics;
mod oidc;
mod pinned;
mod program;
mod progress;
mod serve;
mod syslog;
mod table;
mod terminal;
mod times;
mod tls;
mod wiring;

use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use clap::Parser;

/// How long an ended program waits for threads that still hold a file.
const LAST_WAIT: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<ExitCode> {
    let cli = cli::Cli::parse();
    mhero_channels::tls::install();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads could be started")?;
    let code = runtime.block_on(program::run(cli));
    runtime.shutdown_timeout(LAST_WAIT);
    Ok(code)
}
