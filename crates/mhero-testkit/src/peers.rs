//! Programs of others that a test needs: found, or skipped in words.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A program of somebody else that a test talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// A Python with its standard library.
    Python,
    /// Node, version 20 or later.
    Node,
    /// The tracer that shows and refuses system calls.
    Strace,
}

impl Peer {
    /// The program's path. `None`, after saying so, where it is not installed.
    #[must_use]
    pub fn find(self) -> Option<PathBuf> {
        let name = match self {
            Self::Python => "python3",
            Self::Node => "node",
            Self::Strace => "strace",
        };
        require(on_path(name), name)
    }

    /// A command that runs it. `None`, after saying so, where it is not installed.
    #[must_use]
    pub fn command(self) -> Option<Command> {
        self.find().map(Command::new)
    }
}

/// Whether this run decides about a submission; then a peer that is missing is a failure.
#[must_use]
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Hands `found` on. Where it is `None`, says that `what` is missing; in CI that ends the test.
///
/// # Panics
/// When `CI` is `true` and `found` is `None`.
#[expect(clippy::print_stderr, reason = "this is how a test says that it was skipped")]
pub fn require<T>(found: Option<T>, what: &str) -> Option<T> {
    if found.is_none() {
        assert!(!in_ci(), "missing: {what}. `make test` installs what it can; see docs/dev/testing.md");
        eprintln!("skipped: missing {what}");
    }
    found
}

/// The first file called `name` in the folders of `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| is_file(file))
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|facts| facts.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_is_found_and_nonsense_is_not() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
