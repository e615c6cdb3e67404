//! What a use case must be whatever is said in it.

use std::collections::{HashMap, HashSet};

use mhero_core::Lang;
use mhero_flow::{
    checks::{CheckOptions, Severity, check},
    definition::{ActionKind, Flow},
    inspect::templates,
};
use mhero_text::{
    reply::ControlWords,
    sms::{Encoding, GSM7_SINGLE, measure},
};
use serde_json::Value as Json;

use crate::entry::{Entry, list};

/// Septets that an expression is taken for where no conversation shows what it gives.
const EXPRESSION_ROOM: usize = 10;

/// What is wrong with a use case.
pub(crate) fn findings(entry: &Entry) -> Vec<String> {
    let mut found = Vec::new();
    let french: Lang = "fra".parse().expect("a language");
    let options = CheckOptions { known: Some(&entry.assets), languages: &[french], segments: 1 };
    for flow in &entry.flows {
        for finding in check(flow, &options) {
            if finding.severity() > Severity::Hint {
                found.push(format!("{}: {}: {finding:?}", entry.key, flow.name));
            }
        }
        long_texts(entry, flow, &mut found);
    }
    for flow in list(&entry.export, "flows") {
        let translated = |item: &Json, key: &str| {
            let uuid = item["uuid"].as_str().unwrap_or_default();
            !flow["localization"]["fra"][uuid][key][0].as_str().unwrap_or_default().is_empty()
        };
        for node in list(flow, "nodes") {
            let untold = list(&node["router"], "categories").iter().filter(|category| !translated(category, "name"));
            found.extend(untold.map(|category| format!("{}: in English only: {category}", entry.key)));
            for action in list(node, "actions") {
                if !action["category"].as_str().unwrap_or_default().is_empty() && !translated(action, "category") {
                    found.push(format!("{}: in English only: {action}", entry.key));
                }
            }
        }
    }
    found
}

/// Texts that are dear by themselves, or become so once their expressions are filled in.
fn long_texts(entry: &Entry, flow: &Flow, found: &mut Vec<String>) {
    for located in templates(flow) {
        let says = |kind: &ActionKind| matches!(kind, ActionKind::SendMsg(_) | ActionKind::SendBroadcast(_));
        if !located.action.is_some_and(|action| says(&action.kind)) || located.property != "text" {
            continue;
        }
        let mut text = located.text.source().to_owned();
        for (source, _) in located.text.expressions() {
            text = text.replacen(source, &"x".repeat(EXPRESSION_ROOM), 1);
        }
        let measured = measure(&text);
        if measured.encoding != Encoding::Gsm7 || measured.units > GSM7_SINGLE {
            found.push(format!("{}: {} units, {:?}: {text}", entry.key, measured.units, measured.costly));
        }
    }
}

/// Words that two triggers share or that people leave by, and ids that stand for two things.
pub(crate) fn clashes(entries: &[Entry]) -> Vec<String> {
    let mut found = Vec::new();
    let control = ControlWords::standard();
    let taken: HashSet<String> = control.stop.iter().chain(&control.start).map(|word| word.to_lowercase()).collect();
    let help: HashSet<String> = control.help.iter().map(|word| word.to_lowercase()).collect();
    let mut words: HashMap<&str, &str> = HashMap::new();
    let mut ids: HashMap<&str, &str> = HashMap::new();
    for entry in entries {
        for word in list(&entry.export, "triggers").iter().flat_map(|trigger| list(trigger, "keywords")) {
            let word = word.as_str().unwrap_or_default();
            if let Some(other) = words.insert(word, &entry.key) {
                found.push(format!("{word} starts {} and {other}", entry.key));
            }
            if taken.contains(word) || help.contains(word) && entry.key != "help-menu" {
                found.push(format!("{word} of {} is a word of the system", entry.key));
            }
        }
        let things = ["flows", "groups", "campaigns"].into_iter().flat_map(|key| list(&entry.export, key));
        for id in things.filter_map(|thing| thing["uuid"].as_str()) {
            if let Some(other) = ids.insert(id, &entry.key) {
                found.push(format!("{id} is in {} and {other}", entry.key));
            }
        }
        for lang in ["en", "fr"] {
            let shown = entry.words(lang).into_iter().map(|word| word.to_lowercase());
            found.extend(
                shown
                    .filter(|word| words.get(word.as_str()) != Some(&entry.key.as_str()))
                    .map(|word| format!("{word} is shown by {} and starts nothing", entry.key)),
            );
        }
    }
    found
}
