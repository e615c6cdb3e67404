//! One module a family of the pack.

mod actions;
mod cases;
mod contactql;
mod core;
mod definition;
mod excellent;
mod fixtures;
mod gsm7;
mod issues;
mod legacy;
mod migrations;
mod misc;
mod modifiers;
mod parsing;
mod router_tests;
mod normalise;
mod outside;
mod runner;
mod whole;
mod shapes;
mod universe;
mod engine;
mod fixture;
mod resumes;
mod routers;
mod sessions;
mod triggers;
mod urns;
mod webhooks;

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
