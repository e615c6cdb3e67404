//! One module a family of the pack.

mod actions;
mod cases;
mod contactql;
mod core;
mod definition;
mod engine;
mod excellent;
mod fixture;
mod fixtures;
mod gsm7;
mod issues;
mod legacy;
mod migrations;
mod misc;
mod modifiers;
mod normalise;
mod outside;
mod parsing;
mod resumes;
mod router_tests;
mod routers;
mod runner;
mod sessions;
mod shapes;
mod triggers;
mod universe;
mod urns;
mod webhooks;
mod whole;

use std::path::Path;

use crate::Tally;

/// Runs the cases of a family's folder.
type Runner = fn(&Path, &mut Tally);

/// Every family with its runner, one line each.
pub(crate) const FAMILIES: &[(&str, Runner)] = &[
    ("actions", actions::run),
    ("bench", |_, _| {}),
    ("contactql", contactql::run),
    ("core", core::run),
    ("definition", definition::run),
    ("engine", engine::run),
    ("excellent", excellent::run),
    ("fixtures", fixtures::run),
    ("gsm7", gsm7::run),
    ("issues", issues::run),
    ("legacy", legacy::run),
    ("migrations", migrations::run),
    ("misc", misc::run),
    ("modifiers", modifiers::run),
    ("parsing", parsing::run),
    ("resumes", resumes::run),
    ("router_tests", router_tests::run),
    ("routers", routers::run),
    ("runner", runner::run),
    ("runner_generated", runner::run_generated),
    ("shapes", shapes::run),
    ("triggers", triggers::run),
    ("urns", urns::run),
    ("webhooks", webhooks::run),
];
