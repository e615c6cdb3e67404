//! Benchmarks of the product, one a file. Each prints one JSON object
//! `{"name","machine","figures":{...},"peers":{...}}`; docs/dev/benchmarks.md keeps what was measured.

mod audience;
mod broadcast;
mod fhir;
mod flow;
mod ground;
mod import;
mod inbound;
mod joins;
mod kannel;
mod linkage;
mod queued;
mod rapidpro;
mod smpp;
mod startup;
mod sync;

use std::{io::Write as _, time::Instant};

use anyhow::{Result, anyhow};
use serde::Serialize;
use serde_json::{Map, Value};

/// A benchmark: what it is called, what it measures in a few words, what runs it.
struct Bench {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Report) -> Result<()>,
}

/// All benchmarks, by name.
const BENCHES: &[Bench] = &[
    Bench {
        name: "audience",
        about: "counts of audiences over 200,000 people; 200 groups by query after 1,000 changed people",
        run: audience::run,
    },
    Bench {
        name: "inbound",
        about: "texts accepted a second, on disk; waiting time under a broadcast",
        run: inbound::run,
    },
    Bench {
        name: "fhir",
        about: "200,000 practitioners in transactions of 100; searches, histories, and 500 clients at once",
        run: fhir::run,
    },
    Bench { name: "flow", about: "sprints a second of published flows, stored in between", run: flow::run },
    Bench { name: "broadcast", about: "200,000 people: seconds until all is in the outbox", run: broadcast::run },
    Bench {
        name: "kannel",
        about: "a broadcast through the real Kannel, beside a plain load generator",
        run: kannel::run,
    },
    Bench {
        name: "smpp",
        about: "a broadcast through one SMPP bind with receipts, beside Kannel at the same centre; alerts and texts in",
        run: smpp::run,
    },
    Bench {
        name: "queued",
        about: "a million queued texts in the program itself: seconds to the first submit, memory, alerts meanwhile",
        run: queued::run,
    },
    Bench {
        name: "linkage",
        about: "people in two registries: the FEBRL sets beside Splink, and 100,000 by 100,000 of the country",
        run: linkage::run,
    },
    Bench { name: "import", about: "200,000 people from NDJSON, and the same file again", run: import::run },
    Bench { name: "sync", about: "a registry of 200,000 people of whom 40 have changed", run: sync::run },
    Bench { name: "joins", about: "two registries of 10,000 people joined by the application", run: joins::run },
    Bench {
        name: "rapidpro",
        about: "pages of 250 contacts among 200,000 people, through the API in the shape of RapidPro's",
        run: rapidpro::run,
    },
    Bench { name: "startup", about: "seconds until a store with a million messages answers", run: startup::run },
];

/// What one benchmark found.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    name: &'static str,
    machine: String,
    engine: &'static str,
    figures: Map<String, Value>,
    peers: Map<String, Value>,
}

impl Report {
    fn new(name: &'static str) -> Self {
        Self { name, machine: machine(), engine: ground::engine(), figures: Map::new(), peers: Map::new() }
    }

    /// Adds a figure. The name ends in its unit: `records_per_s`, `seconds`, `p99_ms`, `rss_mb`; a suffix may say what.
    pub(crate) fn figure(&mut self, name: &str, value: f64) {
        // Four digits are more than two runs agree on.
        let rounded = if value.abs() >= 100.0 { value.round() } else { (value * 1000.0).round() / 1000.0 };
        self.figures.insert(name.to_owned(), Value::from(rounded));
    }

    /// Adds a share near 1, of which the fourth digit still counts: `f1`.
    pub(crate) fn precise(&mut self, name: &str, value: f64) {
        self.figures.insert(name.to_owned(), Value::from((value * 1e5).round() / 1e5));
    }

    /// The same of a peer, and of its seconds.
    pub(crate) fn precise_peer(&mut self, peer: &str, name: &str, value: f64) {
        let figures = self.peers.entry(peer).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(figures) = figures {
            figures.insert(name.to_owned(), Value::from((value * 1e5).round() / 1e5));
        }
    }

    /// Adds a figure of a peer that was measured in the same run.
    pub(crate) fn peer(&mut self, peer: &str, name: &str, value: f64) {
        let figures = self.peers.entry(peer).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(figures) = figures {
            figures.insert(name.to_owned(), Value::from(value.round()));
        }
    }
}

/// Runs the benchmark called `name`, or lists what there is. On demand what stands on the ground of all benchmarks runs on
/// PostgreSQL.
pub(crate) fn command(name: Option<&str>, on_postgres: bool) -> Result<()> {
    if on_postgres {
        ground::use_postgres()?;
    }
    let mut out = std::io::stdout().lock();
    let Some(name) = name else {
        for bench in BENCHES {
            writeln!(out, "{:<12} {}", bench.name, bench.about)?;
        }
        return Ok(());
    };
    let bench = BENCHES.iter().find(|bench| bench.name == name).ok_or_else(|| {
        let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        anyhow!("no benchmark is called {name}; there are: {}", names.join(", "))
    })?;
    let mut report = Report::new(bench.name);
    let started = Instant::now();
    (bench.run)(&mut report)?;
    report.figure("seconds_in_all", started.elapsed().as_secs_f64());
    report.figure("seconds_of_processor_in_all", processor_seconds());
    if let Some(peak) = peak_memory_mb() {
        report.figure("rss_mb_peak", peak);
    }
    writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}

/// The machine in one line: processor, cores, memory, system, and whether this build is optimised.
fn machine() -> String {
    let processor = line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = line_of("/proc/meminfo", "MemTotal").and_then(|text| kilobytes(&text)).unwrap_or_default() / 1e6;
    let build = if cfg!(debug_assertions) { "debug build" } else { "release build" };
    format!("{processor}, {cores} cores, {memory:.0} GB, {}, {build}", std::env::consts::OS)
}

/// The most memory this process has held, in megabytes; `None` where the system does not tell.
fn peak_memory_mb() -> Option<f64> {
    Some(kilobytes(&line_of("/proc/self/status", "VmHWM")?)? / 1e3)
}

fn line_of(file: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn kilobytes(text: &str) -> Option<f64> {
    text.split_whitespace().next()?.parse().ok()
}

/// The memory this process holds now, in megabytes; `None` where the system does not tell.
pub(crate) fn rss_mb() -> Option<f64> {
    Some(kilobytes(&line_of("/proc/self/status", "VmRSS")?)? / 1e3)
}

/// The processor's time that this process has used, all threads together; 0 where the system does not tell. On a machine that
/// others use, too, it says more than the clock does.
pub(crate) fn processor_seconds() -> f64 {
    const TICKS_PER_S: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program stands in brackets before, with blanks perhaps.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_S
}

/// A runtime as the program has one.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// A quantile of what was measured.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let at = (values.len() as f64 * share) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts of messages stay far below 2^52")]
pub(crate) fn as_f64(count: i64) -> f64 {
    count as f64
}
