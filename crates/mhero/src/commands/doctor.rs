//! `mhero doctor`: looks at everything that an administrator can mend, and says what to do.

use std::{os::unix::fs::PermissionsExt, path::Path};

use clap::Args;
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use mhero_app::AppError;
use mhero_signin::{AskedOf, Factors};
use mhero_store::{Engine, SCHEMA_VERSION, Store};
use mhero_web::words::{Arg, Words};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::doctor_tls;
use crate::{
    failure::Failure,
    terminal::Terminal,
    wiring::{Node, Place},
};

/// Below this the disk will soon be full, in MiB.
const DISK_LOW_MIB: i64 = 1_024;
/// Below this nothing should be sent any more, in MiB.
const DISK_FULL_MIB: i64 = 100;
/// How far our clock and the database's may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(30);
/// How far ahead a stored time may lie.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Check this installation.
#[derive(Clone, Args, Serialize, Deserialize)]
#[command(
    after_help = "Example:\n  mhero doctor --data /var/lib/mhero\n\nIt exits with 1 when something must be done."
)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    Warning,
    Problem,
}

impl Verdict {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

struct Finding {
    check: &'static str,
    verdict: Verdict,
    text: String,
}

/// What was looked at so far.
pub(super) struct Findings<'a> {
    pub(super) words: &'a Words,
    list: Vec<Finding>,
}

impl Findings<'_> {
    pub(super) fn add(&mut self, check: &'static str, verdict: Verdict, key: &str, args: &[(&'static str, Arg)]) {
        self.list.push(Finding { check, verdict, text: self.words.with(key, args) });
    }

    pub(super) fn failed(&mut self, check: &'static str, failure: &Failure) {
        self.list.push(Finding { check, verdict: Verdict::Problem, text: failure.say(self.words) });
    }
}

/// Looks at everything and says what it finds. `node` is the open installation, or why it does not open.
///
/// # Errors
/// [`Failure::Said`] when something must be done.
pub async fn report(
    place: &Place,
    node: Result<&Node, &Failure>,
    args: &DoctorArgs,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let words = terminal.words().clone();
    let mut findings = Findings { words: &words, list: Vec::new() };
    disk(place, &mut findings).await;
    folder(place, &mut findings);
    key(place, &mut findings);
    doctor_tls::look(place, node.map_or_else(|_| Timestamp::now(), |node| node.app.clock().now()), &mut findings);
    match node {
        Ok(node) => {
            database(node, &mut findings).await;
            clock(node, &mut findings).await;
            installation(node, &mut findings).await;
            second_factor(node, &mut findings).await;
            channels(node, &mut findings).await;
            registries(node, terminal, &mut findings).await;
            port(place, node, &mut findings).await;
        }
        Err(failure) => findings.failed("database", failure),
    }
    let list = findings.list;
    let worst = list.iter().any(|finding| finding.verdict == Verdict::Problem);
    if args.json {
        let shown = list.iter().map(|it| json!({ "check": it.check, "verdict": it.verdict.as_str(), "text": it.text }));
        terminal.json(&json!({ "healthy": !worst, "findings": shown.collect::<Vec<_>>() })).await?;
    } else {
        for finding in &list {
            let verdict = words.t(&format!("cli-doctor-{}", finding.verdict.as_str()));
            terminal.say(format!("{verdict:8}  {}", finding.text)).await;
        }
    }
    if worst { Err(Failure::Said(1)) } else { Ok(()) }
}

async fn disk(place: &Place, findings: &mut Findings<'_>) {
    let Some(free) = free_mib(&place.data).await else {
        return findings.add("disk", Verdict::Warning, "cli-doctor-disk-unknown", &[]);
    };
    let args = [("mib", Arg::Count(free)), ("path", Arg::Text(place.data.display().to_string()))];
    let (verdict, key) = match free {
        ..DISK_FULL_MIB => (Verdict::Problem, "cli-doctor-disk-full"),
        DISK_FULL_MIB..DISK_LOW_MIB => (Verdict::Warning, "cli-doctor-disk-low"),
        _ => (Verdict::Fine, "cli-doctor-disk"),
    };
    findings.add("disk", verdict, key, &args);
}

/// Room for an ordinary account on the disk of a folder, as `df` tells it.
async fn free_mib(folder: &Path) -> Option<i64> {
    let told = tokio::process::Command::new("df").arg("-Pk").arg(folder).env("LC_ALL", "C").output().await.ok()?;
    let text = String::from_utf8(told.stdout).ok()?;
    let kib: i64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1_024)
}

fn folder(place: &Place, findings: &mut Findings<'_>) {
    let path = [("path", Arg::Text(place.data.display().to_string()))];
    match std::fs::metadata(&place.data).map(|about| about.permissions().mode()) {
        Ok(mode) if mode & 0o077 != 0 => findings.add("data", Verdict::Warning, "cli-doctor-data-open", &path),
        Ok(_) => findings.add("data", Verdict::Fine, "cli-doctor-data", &path),
        Err(error) => findings.failed("data", &Failure::file("cli-folder-unwritable", &place.data, &error)),
    }
}

fn key(place: &Place, findings: &mut Findings<'_>) {
    let file = match place.key_file() {
        Ok(file) => file,
        Err(failure) => return findings.failed("key", &failure),
    };
    let path = [("path", Arg::Text(file.display().to_string()))];
    match std::fs::metadata(&file).map(|about| about.permissions().mode()) {
        Ok(mode) if mode & 0o077 != 0 => findings.add("key", Verdict::Problem, "cli-doctor-key-open", &path),
        Ok(_) => findings.add("key", Verdict::Fine, "cli-doctor-key", &path),
        Err(error) => findings.failed("key", &Failure::file("cli-key-unreadable", &file, &error)),
    }
}

async fn database(node: &Node, findings: &mut Findings<'_>) {
    let store = node.app.store();
    if !store.is_healthy() {
        return findings.add("database", Verdict::Problem, "cli-doctor-database-failing", &[]);
    }
    match Store::pending(&node.place.location).await {
        Ok(pending) if pending.is_empty() => {
            let engine = match store.engine() {
                Engine::Sqlite => "SQLite",
                Engine::Postgres => "PostgreSQL",
            };
            let args = [("engine", Arg::Text(engine.to_owned())), ("schema", Arg::Text(SCHEMA_VERSION.to_string()))];
            findings.add("database", Verdict::Fine, "cli-doctor-database", &args);
        }
        Ok(_) => findings.add("database", Verdict::Problem, "cli-doctor-schema", &[]),
        Err(error) => findings.failed("database", &error.into()),
    }
}

async fn clock(node: &Node, findings: &mut Findings<'_>) {
    let now = node.app.clock().now();
    let shown = [("now", Arg::Text(now.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()))];
    let made = date(2026, 1, 1).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    if made.is_ok_and(|made| now < made) {
        return findings.add("clock", Verdict::Problem, "cli-doctor-clock-past", &shown);
    }
    let there = node.app.store().lease_now().await.ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
    if there.is_some_and(|there| now.duration_since(there).abs() > CLOCKS_APART) {
        return findings.add("clock", Verdict::Problem, "cli-doctor-clock-apart", &shown);
    }
    let scope = mhero_core::Scope::system();
    let ahead = (now + AHEAD).as_microsecond();
    match node.app.store().recent_messages(&scope, (ahead, i64::MAX), None, 1).await {
        Ok(messages) if messages.is_empty() => findings.add("clock", Verdict::Fine, "cli-doctor-clock", &shown),
        Ok(_) => findings.add("clock", Verdict::Problem, "cli-doctor-clock-back", &shown),
        Err(error) => findings.failed("clock", &error.into()),
    }
}

async fn installation(node: &Node, findings: &mut Findings<'_>) {
    match node.app.facts().await {
        Ok(facts) => {
            let args = [("countries", Arg::Text(facts.countries.join(", "))), ("zone", Arg::Text(facts.zone))];
            findings.add("installation", Verdict::Fine, "cli-doctor-installation", &args);
        }
        Err(error @ AppError::NotInitialised) => findings.failed("installation", &error.into()),
        Err(error) => findings.failed("installation", &error.into()),
    }
}

/// A stolen password alone must not be enough to write to all health workers of a country.
async fn second_factor(node: &Node, findings: &mut Findings<'_>) {
    match Factors::new(node.app.clone()).rule().await {
        Ok(rule) if rule.asked_of == AskedOf::Nobody => {
            findings.add("second-factor", Verdict::Warning, "cli-doctor-factor-off", &[]);
        }
        Ok(_) => findings.add("second-factor", Verdict::Fine, "cli-doctor-factor-on", &[]),
        Err(error) => findings.failed("second-factor", &error.into()),
    }
}

async fn channels(node: &Node, findings: &mut Findings<'_>) {
    let channels = match node.app.channels().await {
        Ok(channels) => channels,
        Err(error) => return findings.failed("channels", &error.into()),
    };
    let active = channels.iter().filter(|channel| channel.active);
    if active.clone().next().is_none() {
        findings.add("channels", Verdict::Warning, "cli-doctor-no-channel", &[]);
    }
    for channel in active {
        match node.app.check_channel(channel.id).await {
            Ok(()) => {
                let name = [("name", Arg::Text(channel.name.clone()))];
                findings.add("channels", Verdict::Fine, "cli-channel-fine", &name);
            }
            Err(error) => findings.failed("channels", &error.into()),
        }
    }
}

/// What the last runs of the registries said; nobody is called.
async fn registries(node: &Node, terminal: &Terminal, findings: &mut Findings<'_>) {
    let statuses = match node.app.source_statuses(&terminal.caller()).await {
        Ok(statuses) => statuses,
        Err(error) => return findings.failed("registries", &error.into()),
    };
    for status in statuses.into_iter().filter(|status| status.is_registry) {
        let name = ("name", Arg::Text(status.source.name));
        if let Some((_, why)) = status.asks {
            let since = status.asks_since.map(|at| mhero_core::timestamp(at).to_string()).unwrap_or_default();
            let args = [name, ("since", Arg::Text(since)), ("why", Arg::Text(findings.words.reason(&why)))];
            findings.add("registries", Verdict::Warning, "cli-doctor-registry-asks", &args);
            continue;
        }
        match (status.reason, status.succeeded_at) {
            (Some(reason), _) => {
                let args = [name, ("why", Arg::Text(findings.words.reason(&reason)))];
                findings.add("registries", Verdict::Problem, "cli-doctor-registry", &args);
            }
            (None, None) => findings.add("registries", Verdict::Warning, "cli-doctor-registry-never", &[name]),
            (None, Some(at)) => {
                let args = [name, ("since", Arg::Text(mhero_core::timestamp(at).to_string()))];
                findings.add("registries", Verdict::Fine, "cli-doctor-registry-fine", &args);
            }
        }
    }
}

async fn port(place: &Place, node: &Node, findings: &mut Findings<'_>) {
    if node.is_served {
        return findings.add("port", Verdict::Fine, "cli-doctor-served", &[]);
    }
    let listen = &place.settings.server.listen;
    let address = [("address", Arg::Text(listen.clone()))];
    match tokio::net::TcpListener::bind(listen).await {
        Ok(_) => findings.add("port", Verdict::Fine, "cli-doctor-port", &address),
        Err(error) => {
            let args = [("address", listen.clone()), ("detail", error.kind().to_string())];
            findings.failed("port", &Failure::refused("cli-listen", args));
        }
    }
}
