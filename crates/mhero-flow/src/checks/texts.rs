//! Texts without their translations, and messages that cost more than one part.

use std::collections::HashSet;

use mhero_core::Lang;
use mhero_expr::Template;
use mhero_text::sms::{Encoding, measure, substitute_costly};
use uuid::Uuid;

use super::{
    CheckOptions, FINDINGS_MAX,
    finding::{Finding, FindingKind},
};
use crate::{
    definition::{ActionKind, Flow, FlowKind, Node, Property, RouterKind},
    inspect::{Translations, localizables, templates},
};

/// Characters of a text that a finding quotes.
const QUOTE_MAX: usize = 60;

/// What people hear or must answer in their language. Attachments and the names of categories may well be the same in all.
const TRANSLATED: &[Property] = &[
    Property::Text,
    Property::QuickReplies,
    Property::AudioUrl,
    Property::Subject,
    Property::Body,
    Property::Arguments,
];

/// Tests of words.
const WORD_TESTS: &[&str] =
    &["has_all_words", "has_any_word", "has_beginning", "has_only_phrase", "has_only_text", "has_phrase"];

pub(super) fn check(flow: &Flow, options: &CheckOptions<'_>, findings: &mut Vec<Finding>) {
    translations(flow, options, findings);
    if flow.kind != FlowKind::Voice {
        lengths(flow, options.segments.max(1), findings);
    }
}

fn translations(flow: &Flow, options: &CheckOptions<'_>, findings: &mut Vec<Finding>) {
    let mut languages: Vec<Lang> = flow.localization.languages().chain(options.languages.iter().copied()).collect();
    languages.retain(|language| *language != flow.language);
    languages.sort_unstable();
    languages.dedup();
    let translations = Translations::of(flow);
    for text in localizables(flow) {
        if findings.len() > FINDINGS_MAX {
            break;
        }
        if !TRANSLATED.contains(&text.property) || text.index > 0 || !needs_translation(text.text) {
            continue;
        }
        if text.property == Property::Arguments && !is_of_words(text.node, text.item) {
            continue;
        }
        let action = text.node.actions.iter().find(|action| action.uuid == text.item).map(|action| action.uuid);
        let there: HashSet<Lang> = translations
            .all(text.item, text.property)
            .filter(|(_, texts)| texts.iter().any(|text| !text.source().is_empty()))
            .map(|(language, _)| language)
            .collect();
        for language in &languages {
            if !there.contains(language) {
                let property = text.property.word();
                let kind = FindingKind::MissingTranslation { item: text.item, property, text: quote(text.text).into() };
                let finding = Finding::at(text.node.uuid, kind);
                findings.push(Finding { action_uuid: action, language: Some(*language), ..finding });
            }
        }
    }
}

/// Whether there are letters in a text beside its expressions: numbers and signs are the same in every language.
fn needs_translation(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| !word.starts_with('@'));
    words.any(|word| word.chars().any(char::is_alphabetic))
}

/// Whether a case tests for words that people write. A split on something else has the same words in every language.
fn is_of_words(node: &Node, case: Uuid) -> bool {
    match node.router.as_ref().filter(|router| router.wait.is_some()).map(|router| &router.kind) {
        Some(RouterKind::Switch { cases, .. }) => {
            cases.iter().any(|there| there.uuid == case && WORD_TESTS.contains(&&*there.test))
        }
        _ => false,
    }
}

/// Messages to the person that take more parts than they may, and letters that make them dear.
fn lengths(flow: &Flow, most: usize, findings: &mut Vec<Finding>) {
    for located in templates(flow) {
        let Some(action) = located.action.filter(|action| matches!(action.kind, ActionKind::SendMsg(_))) else {
            continue;
        };
        if located.property != Property::Text.word() {
            continue;
        }
        let text = literal(located.text);
        let measured = measure(&text);
        let finding = |kind| Finding {
            action_uuid: Some(action.uuid),
            language: located.language,
            ..Finding::at(located.node.uuid, kind)
        };
        if measured.segments > most {
            let (segments, units, room) = (measured.segments, measured.units, measured.encoding.single());
            findings.push(finding(FindingKind::LongText { segments, units, room }));
        }
        if measured.encoding == Encoding::Ucs2 {
            let letters: Vec<String> = measured.costly.iter().map(|costly| costly.letter.to_string()).collect();
            let whole = measured.costly.iter().all(|costly| costly.substitute.is_some());
            let substitute = whole.then(|| substitute_costly(located.text.source()).into());
            findings.push(finding(FindingKind::CostlyLetters { letters: letters.join(" ").into(), substitute }));
        }
    }
}

/// What stands in a template beside its expressions, whose values may be long or short.
fn literal(template: &Template) -> String {
    let (mut rest, mut out) = (template.source(), String::new());
    for (source, _) in template.expressions() {
        if let Some((before, after)) = rest.split_once(source) {
            out.push_str(before);
            rest = after;
        }
    }
    out.push_str(rest);
    out.replace("@@", "@")
}

fn quote(text: &str) -> String {
    match text.char_indices().nth(QUOTE_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
