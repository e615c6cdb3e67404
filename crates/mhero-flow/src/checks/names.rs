//! Names that collide: results with one key, categories with one name, cases with the same words; and patterns.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use mhero_flow_migrations::result_key;

use super::finding::{Finding, FindingKind};
use crate::{
    definition::{Case, Flow, Node, Property, Router, RouterKind},
    inspect::{IssueKind, Translations, invalid_regexes, made_by_action},
};

/// Tests that match when any of their words is there, or all of them.
const ANY_WORD: &str = "has_any_word";
const WHOLE: &[&str] = &["has_all_words", "has_beginning", "has_only_phrase", "has_only_text", "has_phrase"];

pub(super) fn check(flow: &Flow, findings: &mut Vec<Finding>) {
    result_keys(flow, findings);
    let translations = Translations::of(flow);
    for node in &flow.nodes {
        let Some(router) = &node.router else { continue };
        categories(node, router, findings);
        words(node, router, &translations, findings);
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

/// Words of cases that an earlier case with another category has taken, in the flow's language and in each translation.
fn words(node: &Node, router: &Router, translations: &Translations<'_>, findings: &mut Vec<Finding>) {
    let RouterKind::Switch { cases, .. } = &router.kind else { return };
    let translated = |case: &Case| translations.all(case.uuid, Property::Arguments).map(|(language, _)| Some(language));
    let languages: BTreeSet<_> = cases.iter().flat_map(translated).chain([None]).collect();
    for language in languages {
        // The category that got a word first, by test and word.
        let mut taken: HashMap<(&str, String), usize> = HashMap::new();
        for case in cases {
            let arguments = match language {
                None => Some(case.arguments.as_slice()),
                Some(language) => {
                    let mut all = translations.all(case.uuid, Property::Arguments);
                    all.find(|(there, _)| *there == language).map(|(_, arguments)| arguments)
                }
            };
            let Some([argument]) = arguments.filter(|all| all.iter().all(|text| text.is_plain())) else { continue };
            let (mut lost, mut winner) = (Vec::new(), case.category);
            for word in looked_for(&case.test, argument.source()) {
                let first = *taken.entry((&case.test, word.clone())).or_insert(case.category);
                if first != case.category {
                    lost.push(word);
                    winner = first;
                }
            }
            let name = |category: usize| router.categories.get(category).map_or_else(|| "".into(), |c| c.name.clone());
            if !lost.is_empty() {
                let (category, other) = (name(winner), name(case.category));
                let kind = FindingKind::SameWords { words: lost.join(" ").into(), category, other };
                findings.push(Finding { language, ..Finding::at(node.uuid, kind) });
            }
        }
    }
}

/// What a test of words looks for: each word alone, or all of them together.
fn looked_for(test: &str, argument: &str) -> Vec<String> {
    let text = argument.to_lowercase();
    let words = text.split_whitespace();
    match test {
        ANY_WORD => words.map(str::to_owned).collect(),
        test if WHOLE.contains(&test) => vec![words.collect::<Vec<_>>().join(" ")],
        _ => Vec::new(),
    }
}
