//! Names that collide: results with one key, categories with one name, cases with the same words; and patterns.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mhero_flow_migrations::result_key;

use super::finding::{Finding, FindingKind};
use crate::{
    definition::{Flow, Node, Property, Router, RouterKind},
    inspect::{IssueKind, invalid_regexes, made_by_action},
};

/// Tests that match when any of their words is there, or all of them.
const ANY_WORD: &str = "has_any_word";
const WHOLE: &[&str] = &["has_all_words", "has_beginning", "has_only_phrase", "has_only_text", "has_phrase"];

pub(super) fn check(flow: &Flow, findings: &mut Vec<Finding>) {
    result_keys(flow, findings);
    for node in &flow.nodes {
        let Some(router) = &node.router else { continue };
        categories(node, router, findings);
        words(flow, node, router, findings);
    }
    findings.extend(invalid_regexes(flow).into_iter().filter_map(|issue| match issue.kind {
        IssueKind::InvalidRegex { regex } => {
            let kind = FindingKind::BadPattern { pattern: regex };
            Some(Finding { language: issue.language, ..Finding::at(issue.node_uuid, kind) })
        }
        _ => None,
    }));
}

fn result_keys(flow: &Flow, findings: &mut Vec<Finding>) {
    let mut first: HashMap<String, Arc<str>> = HashMap::new();
    for node in &flow.nodes {
        let actions =
            node.actions.iter().filter_map(|action| Some((Some(action.uuid), made_by_action(&action.kind)?.0)));
        let router = node.router.iter().filter_map(|router| Some((None, router.result_name.as_ref()?)));
        for (action, name) in actions.chain(router).filter(|(_, name)| !name.is_empty()) {
            let key = result_key(name);
            let other = first.entry(key.clone()).or_insert_with(|| name.clone());
            // Letter case is no other name to anybody.
            if other.to_lowercase() != name.to_lowercase() {
                let kind = FindingKind::SameResultKey { key: key.into(), name: name.clone(), other: other.clone() };
                findings.push(Finding { action_uuid: action, ..Finding::at(node.uuid, kind) });
            }
        }
    }
}

fn categories(node: &Node, router: &Router, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for category in &router.categories {
        if !seen.insert(category.name.trim().to_lowercase()) {
            findings.push(Finding::at(node.uuid, FindingKind::SameCategory { name: category.name.clone() }));
        }
    }
}

/// Words of cases that an earlier case with another category has taken.
fn words(flow: &Flow, node: &Node, router: &Router, findings: &mut Vec<Finding>) {
    let RouterKind::Switch { cases, .. } = &router.kind else { return };
    let languages = std::iter::once(None).chain(flow.localization.languages().map(Some));
    for language in languages {
        let mut taken: HashMap<(&str, String), usize> = HashMap::new();
        for case in cases {
            let arguments = match language {
                None => Some(case.arguments.as_slice()),
                Some(language) => flow.localization.stated(language, case.uuid, Property::Arguments),
            };
            let Some([argument]) = arguments.filter(|all| all.iter().all(|text| text.is_plain())) else { continue };
            let text = argument.source().to_lowercase();
            let words: Vec<String> = match &*case.test {
                ANY_WORD => text.split_whitespace().map(str::to_owned).collect(),
                test if WHOLE.contains(&test) => vec![text.split_whitespace().collect::<Vec<_>>().join(" ")],
                _ => continue,
            };
            let mut lost = Vec::new();
            let mut winner = None;
            for word in words {
                let first = *taken.entry((&case.test, word.clone())).or_insert(case.category);
                if first != case.category {
                    lost.push(word);
                    winner = Some(first);
                }
            }
            let name = |category: usize| router.categories.get(category).map_or_else(|| "".into(), |c| c.name.clone());
            if let Some(winner) = winner {
                let (category, other) = (name(winner), name(case.category));
                let kind = FindingKind::SameWords { words: lost.join(" ").into(), category, other };
                findings.push(Finding { language, ..Finding::at(node.uuid, kind) });
            }
        }
    }
}
