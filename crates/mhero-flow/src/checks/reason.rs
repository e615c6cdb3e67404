//! Findings in words: keys of `locales/*/flowchecks.ftl`, each with its remedy.

use mhero_core::record::Reason;

use super::finding::{Finding, FindingKind};
use crate::inspect::DependencyTarget;

impl Finding {
    /// What is wrong and how to mend it, for people who write flows.
    pub fn reason(&self) -> Reason {
        match &self.kind {
            FindingKind::BadExpression { problem } => problem.reason(),
            other => Reason::new(self.key(), parameters(other)),
        }
    }

    /// The key of the finding's kind, which stays the same for good.
    pub const fn key(&self) -> &'static str {
        match &self.kind {
            FindingKind::DeadEnd { .. } => "flowcheck-dead-end",
            FindingKind::SilentEnd => "flowcheck-silent-end",
            FindingKind::Unreachable => "flowcheck-unreachable",
            FindingKind::Loop { has_way_out: true, .. } => "flowcheck-loop",
            FindingKind::Loop { .. } => "flowcheck-endless-loop",
            FindingKind::MissingTranslation { .. } => "flowcheck-missing-translation",
            FindingKind::LongText { .. } => "flowcheck-long-text",
            FindingKind::CostlyLetters { substitute: Some(_), .. } => "flowcheck-costly-letters",
            FindingKind::CostlyLetters { .. } => "flowcheck-costly-alphabet",
            FindingKind::BadExpression { .. } => "flowcheck-bad-expression",
            FindingKind::DoubtfulMention { .. } => "flowcheck-doubtful-mention",
            FindingKind::UnknownProperty { .. } => "flowcheck-unknown-property",
            FindingKind::ResultNeverMade { .. } => "flowcheck-result-never-made",
            FindingKind::ResultNotYetMade { .. } => "flowcheck-result-not-yet-made",
            FindingKind::LocalNeverSet { .. } => "flowcheck-local-never-set",
            FindingKind::Missing { .. } => "flowcheck-missing",
            FindingKind::SameResultKey { .. } => "flowcheck-same-result-key",
            FindingKind::SameCategory { .. } => "flowcheck-same-category",
            FindingKind::SameWords { .. } => "flowcheck-same-words",
            FindingKind::BadPattern { .. } => "flowcheck-bad-pattern",
        }
    }
}

fn parameters(kind: &FindingKind) -> Vec<(&'static str, String)> {
    match kind {
        FindingKind::DeadEnd { category, .. } => vec![("category", category.to_string())],
        FindingKind::SilentEnd | FindingKind::Unreachable => Vec::new(),
        FindingKind::Loop { nodes, .. } => vec![("nodes", nodes.to_string())],
        FindingKind::MissingTranslation { property, text, .. } => {
            vec![("property", (*property).to_owned()), ("text", text.to_string())]
        }
        FindingKind::LongText { segments, units, room } => {
            vec![("segments", segments.to_string()), ("units", units.to_string()), ("room", room.to_string())]
        }
        FindingKind::CostlyLetters { letters, substitute } => {
            let text = substitute.iter().map(|text| ("text", text.to_string()));
            std::iter::once(("letters", letters.to_string())).chain(text).collect()
        }
        FindingKind::BadExpression { problem } => vec![("expression", problem.expression.clone())],
        FindingKind::DoubtfulMention { word } => vec![("word", word.to_string())],
        FindingKind::UnknownProperty { path } => vec![("path", path.to_string())],
        FindingKind::ResultNeverMade { key } | FindingKind::ResultNotYetMade { key } => vec![("key", key.to_string())],
        FindingKind::LocalNeverSet { name } => vec![("name", name.to_string())],
        FindingKind::Missing { dependency } => {
            let id = match &dependency.target {
                DependencyTarget::Uuid(uuid) => uuid.to_string(),
                DependencyTarget::Key(key) => key.to_string(),
            };
            let name = if dependency.name.is_empty() { id } else { dependency.name.to_string() };
            vec![("kind", dependency.kind.word().to_owned()), ("name", name)]
        }
        FindingKind::SameResultKey { key, name, other } => {
            vec![("key", key.to_string()), ("name", name.to_string()), ("other", other.to_string())]
        }
        FindingKind::SameCategory { name } => vec![("name", name.to_string())],
        FindingKind::SameWords { words, category, other } => {
            vec![("words", words.to_string()), ("category", category.to_string()), ("other", other.to_string())]
        }
        FindingKind::BadPattern { pattern } => vec![("pattern", pattern.to_string())],
    }
}
