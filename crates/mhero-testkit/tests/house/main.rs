//! The rules of the house, read off the sources: which crate may know which, how long a thing may be,
//! what must not stand in a file. CONTRIBUTING.md gives the reasons.
//!
//! They stand in this crate because it builds in seconds and knows nothing of the product:
//! `cargo test -p mhero-testkit --test house` works while the rest does not compile.

#[cfg(test)]
mod functions;
#[cfg(test)]
mod layering;
#[cfg(test)]
mod tidy;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The project's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the project has a folder")
}

/// A file of the project: its path from the root, with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn has_ending(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.rsplit_once('.').is_some_and(|(_, found)| found == *ending))
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The line after which a Rust file holds only tests: its `#[cfg(test)]`; all of it in a test package.
    fn first_test_line(&self) -> usize {
        let all = self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.ends_with("/tests.rs");
        let marked = || self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]").map(|(number, _)| number);
        if all { 0 } else { marked().unwrap_or(usize::MAX) }
    }
}

/// Every text file that is, or is about to be, under version control.
fn sources() -> Vec<Source> {
    let root = root();
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .expect("git lists the project's files");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    // A listed file may just have been deleted, and a picture is no text.
    let read =
        |path: &str| Some(Source { path: path.to_owned(), text: std::fs::read_to_string(root.join(path)).ok()? });
    names.split_terminator('\0').filter_map(read).collect()
}

/// Fails with every finding at once, so that one run shows all there is to mend.
fn report(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}", findings.join("\n  "));
}
