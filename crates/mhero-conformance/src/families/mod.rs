//! One module a family of the pack.

use std::path::Path;

use crate::Tally;

/// Runs the cases of a family's folder.
type Runner = fn(&Path, &mut Tally);

/// Every family with its runner, one line each.
pub(crate) const FAMILIES: &[(&str, Runner)] = &[("bench", |_, _| {})];
