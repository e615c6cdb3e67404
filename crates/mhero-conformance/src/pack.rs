//! What ran, what passed, and why the rest did not.

use std::{collections::BTreeMap, fmt::Display, path::Path};

use serde_json::Value as Json;

use crate::families::FAMILIES;

/// The counts of one family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The family, which is the folder's name.
    pub family: String,
    /// Cases that gave what the pack expects.
    pub passed: usize,
    /// Cases that did not, each in one line: file, case, difference.
    pub failures: Vec<String>,
    /// Cases that are not for us, which count in no total.
    pub skipped: usize,
    /// Further counts worth printing, such as sprints of session tests: passed and total by name.
    pub also: BTreeMap<String, (usize, usize)>,
}

impl Tally {
    /// Counts one case.
    pub fn case(&mut self, file: &str, case: impl Display, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(why) => self.failures.push(format!("{} {file}#{case}: {}", self.family, one_line(&why))),
        }
    }

    /// Counts a case that is not for us.
    pub fn skip(&mut self) {
        self.skipped += 1;
    }

    /// How many cases ran.
    pub fn total(&self) -> usize {
        self.passed + self.failures.len()
    }

    /// Reads a file of the family, or counts one failure that says why it can't.
    pub fn load(&mut self, dir: &Path, file: &str) -> Option<Json> {
        match read(&dir.join(file)) {
            Ok(json) => Some(json),
            Err(why) => {
                self.case(file, "file", Err(why));
                None
            }
        }
    }
}

/// The outcome of a whole pack.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One tally a family, in the order of the folders' names.
    pub families: Vec<Tally>,
}

impl Report {
    /// Cases that passed.
    pub fn passed(&self) -> usize {
        self.families.iter().map(|family| family.passed).sum()
    }

    /// Cases that failed.
    pub fn failed(&self) -> usize {
        self.families.iter().map(|family| family.failures.len()).sum()
    }

    /// Cases that are not for us.
    pub fn skipped(&self) -> usize {
        self.families.iter().map(|family| family.skipped).sum()
    }
}

/// Runs the families that a folder holds, or only the named ones.
///
/// # Errors
/// When the folder can't be listed, holds a folder that is no family, or a named family is not there.
pub fn run(dir: &Path, only: &[String]) -> Result<Report, String> {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .map_err(|error| format!("{}: {error}", dir.display()))?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    if let Some(missing) = only.iter().find(|name| !names.contains(name)) {
        return Err(format!("{} has no family {missing}", dir.display()));
    }
    let mut report = Report::default();
    for name in names.into_iter().filter(|name| only.is_empty() || only.contains(name)) {
        let mut tally = Tally { family: name.clone(), ..Tally::default() };
        match FAMILIES.iter().find(|(family, _)| *family == name) {
            Some((_, run)) => run(&dir.join(&name), &mut tally),
            None => tally.case("family", &name, Err("no runner knows this family".to_owned())),
        }
        report.families.push(tally);
    }
    Ok(report)
}

/// A JSON file.
pub(crate) fn read(path: &Path) -> Result<Json, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// The names of the JSON files of a folder, sorted, without those that start with an underscore.
pub(crate) fn json_files(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".json") && !name.starts_with('_'))
        .collect();
    names.sort();
    names
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
