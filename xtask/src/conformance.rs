//! `cargo xtask conformance DIR [FAMILY]...`: how much of the flow specification the engine gives, by a pack of cases.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the counts are what a developer asks for")]

use std::path::Path;

use anyhow::{Error, Result, bail};

/// Runs the families of a folder, or only the named ones, and prints a line `FAMILY passed/total` for each, what else it counts
/// below, failures on standard error, and last `N passed, M failed, K skipped`.
///
/// # Errors
/// When the folder can't be read, when a named family is not there, or when a case fails.
pub fn run(dir: &Path, families: &[String]) -> Result<()> {
    let report = mhero_conformance::run(dir, families).map_err(Error::msg)?;
    for family in &report.families {
        family.failures.iter().for_each(|failure| eprintln!("{failure}"));
        // What holds no cases, such as the flow for timing, has no line.
        if family.total() > 0 {
            println!("{} {}/{}", family.family, family.passed, family.total());
        }
        for (name, (passed, total)) in &family.also {
            println!("  {name}: {passed}/{total}");
        }
    }
    println!("{} passed, {} failed, {} skipped", report.passed(), report.failed(), report.skipped());
    if report.failed() > 0 {
        bail!("{} cases do not give what the pack expects", report.failed());
    }
    Ok(())
}
