//! One module a family of the pack.

#[cfg(feature = "flow")]
mod actions;
mod cases;
mod contactql;
#[cfg(feature = "flow")]
mod core;
#[cfg(feature = "flow")]
mod definition;
mod excellent;
mod fixtures;
mod gsm7;
#[cfg(feature = "flow")]
mod issues;
mod legacy;
mod migrations;
mod misc;
#[cfg(feature = "flow")]
mod modifiers;
mod parsing;
mod router_tests;
mod normalise;
#[cfg(feature = "flow")]
mod outside;
#[cfg(feature = "flow")]
mod runner;
#[cfg(feature = "flow")]
mod whole;
#[cfg(feature = "flow")]
mod shapes;
mod universe;
#[cfg(feature = "flow")]
mod engine;
#[cfg(feature = "flow")]
mod fixture;
#[cfg(feature = "flow")]
mod resumes;
#[cfg(feature = "flow")]
mod routers;
#[cfg(feature = "flow")]
mod sessions;
#[cfg(feature = "flow")]
mod triggers;
mod urns;
#[cfg(feature = "flow")]
mod webhooks;

use std::path::Path;

use crate::Tally;

/// Runs the cases of a family's folder.
type Runner = fn(&Path, &mut Tally);

/// Every family with its runner, one line each.
pub(crate) const FAMILIES: &[(&str, Runner)] = &[
    #[cfg(feature = "flow")]
    ("actions", actions::run),
    ("bench", |_, _| {}),
    ("contactql", contactql::run),
    #[cfg(feature = "flow")]
    ("core", core::run),
    #[cfg(feature = "flow")]
    ("definition", definition::run),
    #[cfg(feature = "flow")]
    ("engine", engine::run),
    ("excellent", excellent::run),
    ("fixtures", fixtures::run),
    ("gsm7", gsm7::run),
    #[cfg(feature = "flow")]
    ("issues", issues::run),
    ("legacy", legacy::run),
    ("migrations", migrations::run),
    ("misc", misc::run),
    #[cfg(feature = "flow")]
    ("modifiers", modifiers::run),
    ("parsing", parsing::run),
    #[cfg(feature = "flow")]
    ("resumes", resumes::run),
    ("router_tests", router_tests::run),
    #[cfg(feature = "flow")]
    ("routers", routers::run),
    #[cfg(feature = "flow")]
    ("runner", runner::run),
    #[cfg(feature = "flow")]
    ("runner_generated", runner::run_generated),
    #[cfg(feature = "flow")]
    ("shapes", shapes::run),
    #[cfg(feature = "flow")]
    ("triggers", triggers::run),
    ("urns", urns::run),
    #[cfg(feature = "flow")]
    ("webhooks", webhooks::run),
];
