//! A million texts that wait, in the program itself: how soon it submits the first one after it was killed, how much memory it takes
//! for that, and how soon an alert leaves while the rest does. `MHERO_BENCH_PEOPLE=1000` makes it a small one.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use mhero_testkit::{Conduct, Postgres, Program, Smsc, TestDatabase};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::{Report, ground, kilobytes, quantile};

/// People, unless the environment says otherwise.
const PEOPLE: usize = 200_000;
/// Texts to each of them.
const BROADCASTS: usize = 5;
/// Alerts that enter while the rest leaves.
const ALERTS: usize = 100;
/// Between two looks at the queue.
const LOOK: Duration = Duration::from_millis(500);
/// Between two looks at the SMS centre.
const SHORT_LOOK: Duration = Duration::from_millis(1);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// An installation whose channel leads to an SMS centre that is not there yet.
struct Site {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
}

impl Site {
    fn new(people: usize, smsc: &Smsc) -> Result<Self> {
        let database = if ground::engine() == "postgres" {
            Some(Postgres::get().context("PostgreSQL is not installed")?.database())
        } else {
            None
        };
        let site = Self { folder: tempfile::tempdir()?, database };
        let place = ["--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
        site.run(&[&["init"], &place[..]].concat());
        let staff = site.data().join("staff.csv");
        let rows: String = (0..people).map(|n| format!("P{n},Worker {n},{}\n", ground::phone(n))).collect();
        std::fs::write(&staff, format!("id,name,phone\n{rows}"))?;
        site.run(&["import", &staff.to_string_lossy()]);
        let settings = smsc.settings();
        let words = ["channel", "add", "smpp", "line", "window=50"].into_iter();
        site.run(&words.chain(settings.iter().map(String::as_str)).collect::<Vec<_>>());
        Ok(site)
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn arguments(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(ToString::to_string).collect();
        if let Some(database) = &self.database {
            all.extend(["--database".to_owned(), database.url()]);
        }
        all
    }

    fn run(&self, words: &[&str]) -> String {
        Program::run(self.data(), self.arguments(words)).expect_success()
    }

    fn json(&self, words: &[&str]) -> Result<Value> {
        Ok(serde_json::from_str(&self.run(words))?)
    }

    fn serve(&self) -> Program {
        Program::start(self.data(), self.arguments(&["serve"]))
    }
}

pub(super) fn run(report: &mut Report) -> Result<()> {
    let people = std::env::var("MHERO_BENCH_PEOPLE").ok().map_or(Ok(PEOPLE), |text| text.parse())?;
    let runtime = Runtime::new()?;
    let absent = runtime.block_on(Smsc::start(Conduct::default()));
    let port = absent.port();
    let site = Site::new(people, &absent)?;
    drop(absent);
    let began = Instant::now();
    queue(&site, people)?;
    report.figure("queued", super::as_f64(i64::try_from(people * BROADCASTS)?));
    report.figure("seconds_to_queue", began.elapsed().as_secs_f64());

    let smsc = runtime.block_on(Smsc::start_at(port, Conduct::default()));
    let (server, first) = thread::scope(|scope| {
        let (started, smsc) = (Instant::now(), &smsc);
        let watching = scope.spawn(move || {
            while smsc.count() == 0 && started.elapsed() < PATIENCE {
                thread::sleep(SHORT_LOOK);
            }
            started.elapsed()
        });
        (site.serve(), watching.join())
    });
    let first = first.ok().filter(|_| smsc.count() > 0).context("nothing was submitted")?;
    report.figure("seconds_from_start_to_first_submit", first.as_secs_f64());
    report.figure("server_rss_mb_peak_at_first_submit", peak_mb(&server)?);

    let (since, before) = (Instant::now(), smsc.count());
    let mut waits = alerts(&site, &smsc, people)?;
    report.figure("submit_per_s", super::kannel::per_second(smsc.count() - before, since.elapsed()));
    report.figure("alerts", super::as_f64(i64::try_from(waits.len())?));
    report.figure("alert_p50_ms", quantile(&mut waits, 0.50));
    report.figure("alert_p99_ms", quantile(&mut waits, 0.99));
    report.figure("server_rss_mb_peak", peak_mb(&server)?);
    Ok(())
}

/// Lets all texts wait, and kills the server.
fn queue(site: &Site, people: usize) -> Result<()> {
    let server = site.serve();
    for number in 0..BROADCASTS {
        let text = format!("MOH: message {number}");
        let sent = site.json(&["send", "--to", "*", "--text", &text, "--yes", "--json"])?;
        ensure!(sent["recipients"] == people, "{sent}");
        let id = sent["broadcast"].as_str().context("its id")?.to_owned();
        let began = Instant::now();
        while site.json(&["broadcast", "show", &id, "--json"])?["states"]["waiting"] != people {
            ensure!(began.elapsed() < PATIENCE, "broadcast {number} is not in the queue");
            thread::sleep(LOOK);
        }
    }
    server.kill();
    Ok(())
}

/// How long each alert took from the start of the command that sends it until the SMS centre had it, in milliseconds.
fn alerts(site: &Site, smsc: &Smsc, people: usize) -> Result<Vec<f64>> {
    let mut waits = Vec::with_capacity(ALERTS);
    for number in 0..ALERTS {
        // Only what enters during the blast counts.
        if number > 0 && smsc.count() >= people * BROADCASTS {
            break;
        }
        let (text, to) = (format!("ALERT {number}"), format!("phone = {}", ground::phone(number)));
        let waited = thread::scope(|scope| {
            let entered = Instant::now();
            scope.spawn(|| site.run(&["send", "--lane", "alert", "--to", &to, "--text", &text, "--yes", "--json"]));
            while !smsc.has_taken(text.as_bytes()) {
                ensure!(entered.elapsed() < PATIENCE, "alert {number} never left");
                thread::sleep(SHORT_LOOK);
            }
            Ok(entered.elapsed())
        })?;
        waits.push(waited.as_secs_f64() * 1_000.0);
    }
    Ok(waits)
}

/// The most memory that a server has held, in megabytes.
fn peak_mb(server: &Program) -> Result<f64> {
    let file = format!("/proc/{}/status", server.id());
    let peak = super::line_of(&file, "VmHWM").and_then(|text| kilobytes(&text));
    Ok(peak.context("the system tells no peak of memory")? / 1e3)
}
