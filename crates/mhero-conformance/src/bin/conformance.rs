//! `conformance DIR [FAMILY]...`: one line a family, failures on standard error, the sum last.

use std::{path::PathBuf, process::ExitCode};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(dir) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: conformance DIR [FAMILY]...");
        return ExitCode::from(2);
    };
    let report = match mhero_conformance::run(&dir, &arguments.collect::<Vec<_>>()) {
        Ok(report) => report,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    };
    for family in &report.families {
        family.failures.iter().for_each(|failure| eprintln!("{failure}"));
        println!("{} {}/{}", family.family, family.passed, family.total());
        for (name, (passed, total)) in &family.also {
            println!("{} {name} {passed}/{total}", family.family);
        }
    }
    println!("{} passed, {} failed, {} skipped", report.passed(), report.failed(), report.skipped());
    if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
