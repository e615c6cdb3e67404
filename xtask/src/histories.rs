//! Histories by chance through hostile operators, more of them than `make test` runs: the same tests, told how many.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the count is what a developer asks for")]

use std::{
    path::Path,
    process::Command,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, ensure};

/// Runs so many seeds of each kind on each engine. What is said about seeds that break a promise is kept in a file.
pub fn run(from: u64, seeds: u64, only: &str) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let started = Instant::now();
    let done = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(&root)
        .args(["test", "--quiet", "--package", "mhero-channels", "--test", "history", "--no-fail-fast", "--"])
        .args([only, "--nocapture"])
        .env("MHERO_HISTORIES_FROM", from.to_string())
        .env("MHERO_HISTORIES", seeds.to_string())
        .output()
        .context("cargo does not start")?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    if !done.status.success() {
        let folder = root.join("target/histories");
        std::fs::create_dir_all(&folder)?;
        let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let file = folder.join(format!("{second}.txt"));
        std::fs::write(&file, &said)?;
        eprintln!("what was said is in {}", file.display());
    }
    let mut took: Vec<(f64, &str)> = said.lines().filter_map(lived).collect();
    took.sort_by(|one, other| other.0.total_cmp(&one.0));
    for (_, line) in took.iter().take(5) {
        println!("{line}");
    }
    let broken: Vec<&str> = said.lines().filter(|line| line.starts_with("broken: ")).collect();
    println!("{} histories in {:.0} s; {broken:?}", took.len(), started.elapsed().as_secs_f64());
    ensure!(done.status.success(), "a promise was broken: run one again with MHERO_HISTORY=SEED");
    Ok(())
}

/// A line that says how long one history took: `Smpp Sqlite 17: 1.4 s`.
fn lived(line: &str) -> Option<(f64, &str)> {
    let (_, seconds) = line.strip_suffix(" s")?.rsplit_once(": ")?;
    Some((seconds.parse().ok()?, line))
}
