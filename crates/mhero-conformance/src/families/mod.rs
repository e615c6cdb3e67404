//! One module a family of the pack.

mod excellent;
mod fixtures;
mod parsing;
mod router_tests;

use std::path::Path;

use crate::Tally;

/// Runs the cases of a family's folder.
type Runner = fn(&Path, &mut Tally);

/// Every family with its runner, one line each.
pub(crate) const FAMILIES: &[(&str, Runner)] = &[
    ("bench", |_, _| {}),
    ("excellent", excellent::run),
    ("fixtures", fixtures::run),
    ("parsing", parsing::run),
    ("router_tests", router_tests::run),
];
