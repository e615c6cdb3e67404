//! The folder of facts and test data that stands beside the project and never inside it.

use std::path::{Path, PathBuf};

use crate::peers::require;

/// The folder with fixtures and conformance cases: `MHERO_SHARED`, else `shared` beside the project.
///
/// `None` where neither exists.
#[must_use]
pub fn shared_dir() -> Option<PathBuf> {
    let named = std::env::var_os("MHERO_SHARED").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    named.or(Some(beside)).filter(|folder| folder.is_dir())
}

/// One file or folder of the shared test data, by its path inside (`fixtures/ihris`).
///
/// `None`, after saying so, where it is absent: the test then returns.
#[must_use]
pub fn fixture(inside: &str) -> Option<PathBuf> {
    let found = shared_dir().map(|folder| folder.join(inside)).filter(|path| path.exists());
    require(found, &format!("test data {inside} (set MHERO_SHARED to the folder that holds it)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_that_is_found_lies_inside_the_shared_folder() {
        let (Some(folder), Some(found)) = (shared_dir(), fixture("fixtures")) else { return };
        assert!(found.starts_with(folder));
    }
}
