//! Checks of a flow before it is saved or imported: what will go wrong for the person at the other end, where, and how to mend it.
//!
//! Nothing here stops a flow from being read; [`Severity`] tells what should stop it from being started. The checks look at the
//! definition alone, so their cost is bounded by the limits on definitions, and at most [`FINDINGS_MAX`] findings come back.

mod expressions;
mod finding;
mod names;
mod properties;
mod reason;
mod results;
mod texts;
mod ways;

pub use finding::{Finding, FindingKind, Remedy, Severity};

use mhero_core::Lang;

use crate::{definition::Flow, inspect::Known};

/// Findings that are reported of one flow; whoever has more has seen enough.
pub const FINDINGS_MAX: usize = 1000;

/// What the checks may know beside the flow.
#[derive(Clone, Copy, Default)]
pub struct CheckOptions<'o> {
    /// What there is to refer to; without it nothing counts as missing.
    pub known: Option<&'o dyn Known>,
    /// Languages that the flow must be translated to beside those that it has translations for.
    pub languages: &'o [Lang],
    /// SMS parts that one message may take.
    pub segments: usize,
}

/// Checks a flow. Findings come in the order of the nodes, and in a node by kind.
pub fn check(flow: &Flow, options: &CheckOptions<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    ways::check(flow, &mut findings);
    results::check(flow, &mut findings);
    names::check(flow, &mut findings);
    expressions::check(flow, options, &mut findings);
    texts::check(flow, options, &mut findings);
    let place = |finding: &Finding| finding.node_uuid.and_then(|uuid| flow.node_index(uuid)).unwrap_or_default();
    findings.sort_by_key(place);
    findings.truncate(FINDINGS_MAX);
    findings
}
