//! What a flow holds, without running it: what it depends on, the results and locals it makes, its texts, and what is wrong.
//!
//! Editors, translators and importers all look here, so that they see the same flow as the engine does.

mod dependencies;
mod issues;
mod known;
mod pieces;
mod results;
mod texts;

pub use dependencies::{Dependency, DependencyKind, DependencyTarget, Known, template_dependencies};
pub use issues::{Issue, IssueKind};
pub use results::ResultSpec;
pub use texts::{Localizable, LocatedText, localizables, templates};

pub(crate) use issues::invalid_regexes;
pub(crate) use results::{locals, made_by_action};
pub(crate) use texts::Translations;

use std::{collections::BTreeSet, sync::Arc};

use serde::Serialize;

use crate::definition::Flow;

/// What a flow holds. JSON as the specification has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// How big it is.
    pub counts: Counts,
    /// What it refers to, each once, in the order of the nodes; within a node what actions and routers name comes first, then
    /// what their expressions read.
    pub dependencies: Vec<Dependency>,
    /// The local variables that it sets.
    pub locals: Vec<Arc<str>>,
    /// The results that it makes.
    pub results: Vec<ResultSpec>,
    /// The keys of its parent's results that it reads.
    pub parent_refs: Vec<Arc<str>>,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
}

/// How big a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Languages that it is translated to.
    pub languages: usize,
    /// Nodes.
    pub nodes: usize,
}

/// Inspects a flow. Whether things are missing is told only where it is known what there is.
pub fn inspect(flow: &Flow, known: Option<&dyn Known>) -> Inspection {
    let found = dependencies::find(flow);
    let mut seen = BTreeSet::new();
    let mut dependencies = Vec::new();
    for dependency in found.iter().map(|found| &found.dependency) {
        if seen.insert((dependency.kind, dependency.target.clone())) {
            let missing = known.is_some_and(|known| !known.knows(dependency.kind, &dependency.target));
            dependencies.push(Dependency { missing, ..dependency.clone() });
        }
    }
    Inspection {
        counts: Counts { languages: flow.localization.languages().count(), nodes: flow.nodes.len() },
        locals: locals(flow),
        results: results::results(flow),
        parent_refs: dependencies::parent_refs(flow),
        issues: issues::find(flow, &found, known),
        dependencies,
    }
}
