//! Whether one event is what a search asks for, by the keys that it would be found by among the resources.

use jiff::Timestamp;
use mhero_fhir::search::{Comparison, Condition, How, Key, KeyValue, Span, Token};

/// An event is told to the millisecond.
const LENGTH_MICROS: i64 = 1_000;

/// An event with its keys.
#[derive(Clone, Copy)]
pub(super) struct One<'e> {
    pub(super) id: &'e str,
    pub(super) at: Timestamp,
    pub(super) keys: &'e [Key],
}

/// Whether a condition can be compared with one event alone.
pub(super) fn is_offered(condition: &Condition) -> bool {
    !matches!(condition, Condition::Near(..) | Condition::Chain { .. } | Condition::Has { .. })
}

impl One<'_> {
    /// Whether it fulfils a condition. `now` in UTC microseconds.
    pub(super) fn fulfils(&self, condition: &Condition, now: i64) -> bool {
        let any =
            |code: &str, is: &dyn Fn(&KeyValue) -> bool| self.keys.iter().any(|key| key.code == code && is(&key.value));
        let has_token = |code: &str, tokens: &[Token]| {
            any(code, &|value| match value {
                KeyValue::Token { system, code } => tokens.iter().any(|token| is(token, system, code)),
                _ => false,
            })
        };
        let text = |code: &str, fits: &dyn Fn(&str, &str) -> bool| {
            any(code, &|value| matches!(value, KeyValue::Text { exact, folded } if fits(exact, folded)))
        };
        match condition {
            Condition::Ids(ids) => ids.iter().any(|id| id == self.id),
            Condition::Updated(comparisons) => {
                let from = self.at.as_microsecond() / LENGTH_MICROS * LENGTH_MICROS;
                let span = Span { from, until: from + LENGTH_MICROS };
                comparisons.iter().any(|comparison| compares(comparison, span, now))
            }
            Condition::Date(code, comparisons) => any(code, &|value| {
                matches!(value, KeyValue::Date(span)
                    if comparisons.iter().any(|comparison| compares(comparison, *span, now)))
            }),
            Condition::TextStarts(code, texts) => {
                text(code, &|_, folded| texts.iter().any(|text| folded.starts_with(text)))
            }
            Condition::TextContains(code, texts) => {
                text(code, &|_, folded| texts.iter().any(|text| folded.contains(text)))
            }
            Condition::TextIs(code, texts) => text(code, &|exact, _| texts.iter().any(|text| exact == text)),
            Condition::Token(code, tokens) => has_token(code, tokens),
            Condition::TokenNot(code, tokens) => !has_token(code, tokens),
            Condition::TokenText(code, texts) => any(
                code,
                &|value| matches!(value, KeyValue::TokenText { folded } if texts.iter().any(|text| folded.starts_with(text))),
            ),
            Condition::Reference(code, references) => any(code, &|value| {
                let KeyValue::Reference { kind, id } = value else { return false };
                references
                    .iter()
                    .any(|wanted| wanted.id == *id && wanted.kind.as_ref().is_none_or(|wanted| wanted == kind))
            }),
            Condition::ReferenceIdentifier(code, tokens) => any(code, &|value| match value {
                KeyValue::ReferenceIdentifier { system, value } => tokens.iter().any(|token| is(token, system, value)),
                _ => false,
            }),
            Condition::Uri(code, uris) => any(code, &|value| matches!(value, KeyValue::Uri(uri) if uris.contains(uri))),
            Condition::Missing(code, is_missing) => self.keys.iter().all(|key| key.code != *code) == *is_missing,
            Condition::Near(..) | Condition::Chain { .. } | Condition::Has { .. } => false,
        }
    }
}

fn is(token: &Token, system: &str, code: &str) -> bool {
    token.system.as_ref().is_none_or(|wanted| wanted == system)
        && token.code.as_ref().is_none_or(|wanted| wanted == code)
}

/// R4, 3.1.1.4.7.
fn compares(comparison: &Comparison, span: Span, now: i64) -> bool {
    let with = comparison.with;
    let is_within = span.from >= with.from && span.until <= with.until;
    match comparison.how {
        How::Equal => is_within,
        How::NotEqual => !is_within,
        How::Greater => span.until > with.until,
        How::Less => span.from < with.from,
        How::GreaterOrEqual => is_within || span.until > with.until,
        How::LessOrEqual => is_within || span.from < with.from,
        How::StartsAfter => span.from >= with.until,
        How::EndsBefore => span.until <= with.from,
        How::Approximately => {
            let give = now.saturating_sub(with.from).saturating_abs() / 10;
            span.from < with.until.saturating_add(give) && span.until > with.from.saturating_sub(give)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_compared_as_the_standard_has_it() {
        let day = Span { from: 100, until: 200 };
        let holds = |how, from| compares(&Comparison { how, with: day }, Span { from, until: from + 1 }, 300);
        for (how, before, within, after) in [
            (How::Equal, false, true, false),
            (How::NotEqual, true, false, true),
            (How::Greater, false, false, true),
            (How::Less, true, false, false),
            (How::GreaterOrEqual, false, true, true),
            (How::LessOrEqual, true, true, false),
            (How::StartsAfter, false, false, true),
            (How::EndsBefore, true, false, false),
        ] {
            assert_eq!([holds(how, 50), holds(how, 150), holds(how, 250)], [before, within, after], "{how:?}");
        }
        assert!(holds(How::Approximately, 90) && !holds(How::Approximately, 50));
    }
}
