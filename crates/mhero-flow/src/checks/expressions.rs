//! Expressions that can give no value, and things that are not there.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Env, Expr, Object, Problem, Template, TopLevels};

use super::{
    CheckOptions,
    finding::{Finding, FindingKind},
    properties::first_unknown,
};
use crate::{
    definition::{ActionKind, Flow},
    inspect::{IssueKind, LocatedText, inspect, templates},
};

/// Letters of an expression that is evaluated to see whether it always fails. Longer ones are seldom constant.
const CONSTANT_LENGTH_MAX: usize = 200;
/// How many expressions of a flow are evaluated for that.
const CONSTANTS_MAX: usize = 200;

/// Functions whose value is another each time, or costs much.
const NOT_STEADY: &[&str] = &["now", "today", "rand", "rand_between", "repeat", "foreach", "foreach_value"];

pub(super) fn check(flow: &Flow, options: &CheckOptions<'_>, findings: &mut Vec<Finding>) {
    let names = TopLevels::flow();
    let env = Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let mut constants = 0;
    for located in templates(flow) {
        let mut add = |kind| {
            findings.push(Finding {
                action_uuid: located.action.map(|action| action.uuid),
                language: located.language,
                ..Finding::at(located.node.uuid, kind)
            });
        };
        let faults = located.text.faults(&names);
        let broken: BTreeSet<String> = faults.iter().map(|problem| problem.expression.clone()).collect();
        faults.into_iter().for_each(|problem| add(FindingKind::BadExpression { problem }));
        if is_said(&located) {
            located
                .text
                .doubtful()
                .into_iter()
                .for_each(|word| add(FindingKind::DoubtfulMention { word: word.into() }));
        }
        for path in located.text.references() {
            if let Some(length) = first_unknown(path.steps()) {
                let path = path.steps()[..length].join(".");
                add(FindingKind::UnknownProperty { path: path.into() });
            }
        }
        for problem in constant_errors(located.text, &broken, &env, &mut constants) {
            add(FindingKind::BadExpression { problem });
        }
    }
    missing(flow, options, findings);
}

/// Whether a text is for people, so that a mistyped name would be read by them.
fn is_said(located: &LocatedText<'_>) -> bool {
    matches!(located.property, "text" | "subject" | "body")
        && located.action.is_some_and(|action| !matches!(action.kind, ActionKind::CallWebhook(_)))
}

/// Expressions that read nothing and fail, so that they fail for everybody.
fn constant_errors(template: &Template, broken: &BTreeSet<String>, env: &Env, done: &mut usize) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (source, expression) in template.expressions() {
        let is_steady = source.len() <= CONSTANT_LENGTH_MAX && !broken.contains(source) && is_steady(expression.tree());
        if !is_steady || *done >= CONSTANTS_MAX {
            continue;
        }
        let alone = Template::parse(source, &TopLevels::flow()).ok().filter(|alone| alone.references().is_empty());
        if let Some(alone) = alone {
            *done += 1;
            problems.extend(alone.value(&Object::default(), env).problems);
        }
    }
    problems
}

/// Whether a tree gives the same each time, and soon.
fn is_steady(tree: &Expr) -> bool {
    let mut steady = true;
    tree.visit(&mut |node| match node {
        Expr::Lambda(..) => steady = false,
        Expr::Name(name) => steady &= !NOT_STEADY.contains(&name.as_str()),
        _ => {}
    });
    steady
}

/// What the flow refers to and is not there.
fn missing(flow: &Flow, options: &CheckOptions<'_>, findings: &mut Vec<Finding>) {
    let Some(known) = options.known else { return };
    findings.extend(inspect(flow, Some(known)).issues.into_iter().filter_map(|issue| match issue.kind {
        IssueKind::MissingDependency { dependency } => {
            let kind = FindingKind::Missing { dependency };
            let finding = Finding::at(issue.node_uuid, kind);
            Some(Finding { action_uuid: issue.action_uuid, language: issue.language, ..finding })
        }
        _ => None,
    }));
}
