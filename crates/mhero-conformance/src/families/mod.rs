//! One module a family of the pack.

mod cases;
mod contactql;
mod excellent;
mod fixtures;
mod gsm7;
mod legacy;
mod migrations;
mod misc;
mod parsing;
mod router_tests;
mod normalise;
mod universe;
mod urns;

use std::path::Path;

use crate::Tally;

/// Runs the cases of a family's folder.
type Runner = fn(&Path, &mut Tally);

/// Every family with its runner, one line each.
pub(crate) const FAMILIES: &[(&str, Runner)] = &[
    ("bench", |_, _| {}),
    ("contactql", contactql::run),
    ("excellent", excellent::run),
    ("fixtures", fixtures::run),
    ("gsm7", gsm7::run),
    ("legacy", legacy::run),
    ("migrations", migrations::run),
    ("misc", misc::run),
    ("parsing", parsing::run),
    ("router_tests", router_tests::run),
    ("urns", urns::run),
];
