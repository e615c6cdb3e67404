//! Histories by chance through hostile operators, more of them than `make test` runs: the same tests, told how many.
#![expect(clippy::print_stdout, reason = "the count is what a developer asks for")]

use std::{
    fs::File,
    path::Path,
    process::Command,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};

/// Runs so many seeds of each kind on each engine. What is said, also about seeds that break a promise, is kept in a file.
pub fn run(from: u64, seeds: u64, only: &str) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let started = Instant::now();
    let folder = root.join("target/histories");
    std::fs::create_dir_all(&folder)?;
    let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Written as it is said, so that a run which is cut off tells what it has done.
    let file = folder.join(format!("{second}.txt"));
    let told = File::create(&file).with_context(|| file.display().to_string())?;
    println!("what is said is in {}", file.display());
    let done = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(&root)
        .args(["test", "--quiet", "--package", "mhero-channels", "--test", "history", "--no-fail-fast", "--"])
        .args([only, "--nocapture"])
        .env("MHERO_HISTORIES_FROM", from.to_string())
        .env("MHERO_HISTORIES", seeds.to_string())
        .stdout(told.try_clone()?)
        .stderr(told)
        .status()
        .context("cargo does not start")?;
    let said = std::fs::read_to_string(&file)?;
    let mut took: Vec<(f64, &str)> = said.lines().filter_map(lived).collect();
    took.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (_, line) in took.iter().take(5) {
        println!("{line}");
    }
    let broken: Vec<&str> = said.lines().filter(|line| line.starts_with("broken: ")).collect();
    println!("{} histories in {:.0} s; {broken:?}", took.len(), started.elapsed().as_secs_f64());
    ensure!(done.success(), "a promise was broken: run one again with MHERO_HISTORY=SEED");
    Ok(())
}

/// A line that says how long one history took: `Smpp Sqlite 17: 1.4 s`.
fn lived(line: &str) -> Option<(f64, &str)> {
    let (_, seconds) = line.strip_suffix(" s")?.rsplit_once(": ")?;
    Some((seconds.parse().ok()?, line))
}
