//! Results and locals that are read before anything makes them.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use mhero_expr::{Expr, Template};
use mhero_flow_migrations::result_key;
use uuid::Uuid;

use super::{
    finding::{Finding, FindingKind},
    ways::{Way, reached, ways},
};
use crate::{
    definition::{Flow, Node},
    inspect::{Translations, locals, made_by_action},
};

/// Keys whose ways are followed; a flow that reads more is checked for these only.
const KEYS_MAX: usize = 500;

/// Functions that look at values that may not be there.
const CAREFUL: &[&str] = &["default", "has_error", "has_value", "if", "is_error"];

pub(super) fn check(flow: &Flow, findings: &mut Vec<Finding>) {
    let made: Vec<Made> = flow.nodes.iter().map(Made::of).collect();
    let everything: BTreeSet<&str> = made.iter().flat_map(Made::keys).collect();
    let locals: HashSet<Arc<str>> = locals(flow).into_iter().collect();
    let translations = Translations::of(flow);
    let mut reads: BTreeMap<String, Vec<Read>> = BTreeMap::new();
    for (at, node) in flow.nodes.iter().enumerate() {
        for located in translations.templates(node) {
            let careful = is_careful(located.text);
            let action = located.action.map(|action| action.uuid);
            for path in located.text.references() {
                let (scope, key) = match path.steps() {
                    [scope, key, ..] => (scope.as_str(), key),
                    _ => continue,
                };
                let finding =
                    |kind| Finding { action_uuid: action, language: located.language, ..Finding::at(node.uuid, kind) };
                if scope == "locals" && !careful && !locals.contains(key.as_str()) {
                    findings.push(finding(FindingKind::LocalNeverSet { name: key.as_str().into() }));
                } else if scope == "results" && !everything.contains(key.as_str()) {
                    findings.push(finding(FindingKind::ResultNeverMade { key: key.as_str().into() }));
                } else if scope == "results" && !careful {
                    let kind = FindingKind::ResultNotYetMade { key: key.as_str().into() };
                    reads.entry(key.clone()).or_default().push(Read { at, action, finding: finding(kind) });
                }
            }
        }
    }
    not_yet_made(&ways(flow), flow, &made, reads, findings);
}

/// A place where a result is read.
struct Read {
    at: usize,
    action: Option<Uuid>,
    finding: Finding,
}

/// The keys of the results that a node makes.
struct Made {
    by_actions: Vec<(Uuid, Arc<str>)>,
    by_router: Option<Arc<str>>,
}

impl Made {
    fn of(node: &Node) -> Self {
        let key = |name: &str| Arc::from(result_key(name));
        let by_actions =
            node.actions.iter().filter_map(|action| Some((action.uuid, key(made_by_action(&action.kind)?.0))));
        let by_router = node.router.as_ref().and_then(|router| router.result_name.as_deref()).map(key);
        Self { by_actions: by_actions.collect(), by_router }
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_actions.iter().map(|(_, key)| &**key).chain(self.by_router.as_deref())
    }

    fn makes(&self, key: &str) -> bool {
        self.keys().any(|made| made == key)
    }
}

/// Follows the ways on which a key is not made: whoever reads it there reads nothing.
fn not_yet_made(
    ways: &[Way],
    flow: &Flow,
    made: &[Made],
    reads: BTreeMap<String, Vec<Read>>,
    findings: &mut Vec<Finding>,
) {
    for (key, reads) in reads.into_iter().take(KEYS_MAX) {
        let without = reached(ways, [0], |at| made[at].makes(&key));
        for read in reads.into_iter().filter(|read| without[read.at]) {
            if !made_before(&flow.nodes[read.at], &made[read.at], &key, read.action) {
                findings.push(read.finding);
            }
        }
    }
}

/// Whether an action of the node makes the result before it is read there. The router reads after all actions.
fn made_before(node: &Node, made: &Made, key: &str, reader: Option<Uuid>) -> bool {
    let place = |action: Uuid| node.actions.iter().position(|there| there.uuid == action).unwrap_or(usize::MAX);
    let reader = reader.map_or(usize::MAX, place);
    made.by_actions.iter().any(|(action, there)| &**there == key && place(*action) < reader)
}

/// Whether the template reckons with values that are not there.
fn is_careful(template: &Template) -> bool {
    template.expressions().any(|(_, expression)| {
        let mut careful = false;
        expression.tree().visit(&mut |node| {
            if let Expr::Call(function, _) = node
                && let Expr::Name(name) = &**function
            {
                careful |= CAREFUL.contains(&name.as_str());
            }
        });
        careful
    })
}
