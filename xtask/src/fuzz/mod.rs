//! `cargo xtask fuzz NAME [--minutes N]`: hands a reader of foreign input ever new damage, and keeps what makes it panic or slow.
//!
//! The mutator is small and of this file's folder, because a fuzzing engine wants a nightly compiler and builds of its own; it knows
//! no coverage. Seeds are the cases of the shared folder and the flows of `library/`. The same seed number gives the same run.
#![expect(clippy::print_stdout, reason = "the figures are what a developer asks for")]

mod csd;
mod fhir;
mod mutator;
mod registries;
mod targets;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use mutator::Mutator;

/// An input that takes longer is kept as slow. Debug builds are several times slower than the product.
const SLOW: Duration = Duration::from_secs(2);
/// Largest input that is made, in bytes.
const INPUT_BYTES_MAX: usize = 64 * 1024;
/// Inputs kept of one run.
const KEPT_MAX: usize = 20;
/// Where they are kept.
const KEPT: &str = "target/fuzz";

/// Runs one target for some time.
///
/// # Errors
/// When there is no such target, or no seed; when an input made it panic.
pub fn run(name: &str, minutes: f64, number: u64) -> Result<()> {
    let Some(target) = targets::ALL.iter().find(|target| target.name == name) else {
        let names: Vec<_> = targets::ALL.iter().map(|target| target.name).collect();
        bail!("there is no target {name}; there are {}", names.join(", "));
    };
    let seeds = (target.seeds)();
    if seeds.is_empty() {
        bail!("there are no seeds: set MHERO_SHARED to the shared folder");
    }
    let mut judge = (target.judge)();
    let mut mutator = Mutator::new(number, INPUT_BYTES_MAX);
    // What panics is kept and counted; a trace for each would hide the figures.
    std::panic::set_hook(Box::new(|_| {}));
    let (since, limit) = (Instant::now(), Duration::from_secs_f64(minutes * 60.0));
    let (mut runs, mut taken, mut panics, mut slow, mut worst) = (0u64, 0u64, 0usize, 0usize, Duration::ZERO);
    while since.elapsed() < limit {
        let input = mutator.next(&seeds);
        let begun = Instant::now();
        let judged = catch_unwind(AssertUnwindSafe(|| judge(&input)));
        let took = begun.elapsed();
        worst = worst.max(took);
        runs += 1;
        match judged {
            Ok(is_taken) => taken += u64::from(is_taken),
            Err(_) => {
                keep(name, "panic", panics, &input)?;
                panics += 1;
            }
        }
        if took > SLOW {
            keep(name, "slow", slow, &input)?;
            slow += 1;
        }
    }
    drop(std::panic::take_hook());
    let per_second = runs as f64 / since.elapsed().as_secs_f64();
    println!(
        "{name}: {runs} inputs of {} seeds in {:.0} s, {per_second:.0} a second, {taken} taken, {panics} panics, {slow} slow, slowest {} ms",
        seeds.len(),
        since.elapsed().as_secs_f64(),
        worst.as_millis(),
    );
    if panics > 0 {
        bail!("{panics} inputs made it panic: {KEPT}/{name}");
    }
    Ok(())
}

fn keep(name: &str, why: &str, number: usize, input: &[u8]) -> Result<()> {
    if number >= KEPT_MAX {
        return Ok(());
    }
    let folder = Path::new(KEPT).join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("{why}-{number}")), input)?;
    Ok(())
}
