//! `cargo xtask replies DIR`: how well the engine understands what health workers text back, by a corpus of cases.
//!
//! The corpus holds `contexts.json` (situations and lists) and `cases/FAMILY.json`; its README defines the scores. The engine is given
//! the context data and the text, never anything else of a case.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the scores are what a developer asks for")]

mod approvals;
mod case;
mod score;

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Error, Result, bail};
use serde_json::Value;

use case::{Case, Contexts};
use score::{Share, Tally, Verdict};

/// Families that the engine reads so far; the cases of the others count as skipped.
const FAMILIES: [&str; 3] = ["approvals_pin", "keyword", "stop_words"];

/// Runs every case of a directory and prints its scores: a line `FAMILY passed/total` with its details below, failures on standard
/// error, and last `N passed, M failed, K skipped`. A case passes when it is understood or rightly asked back.
///
/// # Errors
/// When the corpus can't be read, or when a case fails.
pub fn run(dir: &Path) -> Result<()> {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (family, tally) in scores(dir)? {
        let Some(tally) = tally else {
            let cases = Case::read_all(&json(&dir.join("cases").join(&family).with_extension("json"))?)
                .map_err(Error::msg)?
                .len();
            println!("{family} skipped: the engine does not read these replies yet ({cases} cases)");
            skipped += cases;
            continue;
        };
        println!("{family} {}/{}", tally.understood, tally.cases);
        print_details(&tally);
        passed += tally.understood;
        failed += tally.cases - tally.understood;
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        bail!("{failed} cases were not understood as they should be");
    }
    Ok(())
}

/// The scores of each family, by name; `None` for a family that the engine does not read yet. Failures go to standard error.
///
/// # Errors
/// When the corpus can't be read.
pub fn scores(dir: &Path) -> Result<Vec<(String, Option<Tally>)>> {
    let contexts = Contexts::read(&json(&dir.join("contexts.json"))?).map_err(Error::msg)?;
    let mut files: Vec<_> = fs::read_dir(dir.join("cases"))
        .with_context(|| format!("{} has no folder cases", dir.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let scored = files.into_iter().map(|file| {
        let family = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let read = FAMILIES.contains(&family.as_str());
        let tally = || {
            let cases =
                Case::read_all(&json(&file)?).map_err(Error::msg).with_context(|| file.display().to_string())?;
            family_tally(&contexts, &cases)
        };
        Ok((family, read.then(tally).transpose()?))
    });
    scored.collect()
}

fn json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

fn family_tally(contexts: &Contexts, cases: &[Case]) -> Result<Tally> {
    let mut tally = Tally::default();
    for case in cases {
        let produced = contexts.understand(case).map_err(Error::msg)?;
        let verdict = Verdict::of(case, &produced);
        if !verdict.understood || verdict.false_accept {
            let kind = if verdict.false_accept { "FALSE ACCEPT" } else { "missed" };
            eprintln!("{} {kind}: {:?} gave {produced}, expected {}", case.id, case.text, case.expect);
        }
        tally.add(case, &verdict);
    }
    Ok(tally)
}

fn print_details(tally: &Tally) {
    println!("  field score {}", tally.fields);
    println!("  understood or rightly asked back {}", Share { right: tally.understood, of: tally.cases });
    println!("  false accepts {} of {}", tally.false_accepts, tally.cases);
    println!("  weighted error {:.4}", tally.weighted_error());
    println!("  needless questions {} of {}", tally.needless_questions, tally.cases);
    println!("  followed through {}", tally.forwarded);
    println!("  field score by language: {}", listed(&tally.by_lang));
    println!("  field score by kind of mess: {}", listed(&tally.by_mess));
}

fn listed(shares: &BTreeMap<String, Share>) -> String {
    let shares: Vec<String> =
        shares.iter().map(|(name, share)| format!("{name} {}/{}", share.right, share.of)).collect();
    shares.join(", ")
}
