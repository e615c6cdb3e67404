//! Who gets a broadcast and who is left out: evaluated once, at release, then frozen.

use std::collections::HashMap;

use mhero_core::{Lang, PersonId, Scope};
use mhero_query::Predicate;
use mhero_store::Candidate;
use serde::{Deserialize, Serialize};

use super::template::Texts;
use crate::{App, AppError};

/// People evaluated at a time.
const PAGE: i64 = 10_000;

/// Why somebody who matched does not get the message. The words stand in the store and in `locales/`.
pub(crate) mod reasons {
    /// No number at all.
    pub(crate) const NO_NUMBER: &str = "no-number";
    /// Only texts that are no numbers.
    pub(crate) const BAD_NUMBER: &str = "bad-number";
    /// Asked us to stop.
    pub(crate) const STOPPED: &str = "stopped";
    /// Shares a phone with another who gets the same words: one SMS is enough.
    pub(crate) const SHARES_PHONE: &str = "shares-phone";
    /// The text came out empty for this person: what it names is not known of them.
    pub(crate) const EMPTY_TEXT: &str = "empty-text";
}

/// One recipient as frozen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recipient {
    /// The person.
    #[serde(rename = "i")]
    pub(super) person: PersonId,
    /// The number.
    #[serde(rename = "n")]
    pub(super) path: String,
    /// The language of the text.
    #[serde(rename = "l")]
    pub(super) language: Lang,
    /// The name that the text begins with, where the phone is shared.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    pub(super) salutation: Option<String>,
}

/// The audience of a broadcast, decided.
#[derive(Clone, Debug, Default)]
pub(super) struct Frozen {
    /// Everybody who gets it.
    pub(super) recipients: Vec<Recipient>,
    /// Everybody who matched and does not, with the reason.
    pub(super) left_out: Vec<(PersonId, &'static str)>,
}

impl App {
    /// Evaluates an audience within a scope.
    pub(super) async fn freeze(&self, scope: &Scope, predicate: &Predicate, texts: &Texts) -> Result<Frozen, AppError> {
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await?;
        let mut decided = Decider::new(texts);
        let mut after: Option<PersonId> = None;
        loop {
            let page = snapshot.candidates(scope, predicate, now, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.person);
            let full = i64::try_from(page.len()).unwrap_or(0) == PAGE;
            page.into_iter().for_each(|candidate| decided.decide(candidate));
            if !full {
                break;
            }
        }
        Ok(decided.frozen)
    }
}

/// Decides about one candidate after the other.
struct Decider<'a> {
    texts: &'a Texts,
    frozen: Frozen,
    /// Who gets the message at a number, as an index into the recipients. Only shared numbers are kept.
    at_shared: HashMap<String, usize>,
}

impl<'a> Decider<'a> {
    fn new(texts: &'a Texts) -> Self {
        Self { texts, frozen: Frozen::default(), at_shared: HashMap::new() }
    }

    fn decide(&mut self, candidate: Candidate) {
        let Some(path) = candidate.path else {
            let reason = match (candidate.has_valid_number, candidate.has_any_number) {
                (true, _) => reasons::STOPPED,
                (false, true) => reasons::BAD_NUMBER,
                (false, false) => reasons::NO_NUMBER,
            };
            self.frozen.left_out.push((candidate.person, reason));
            return;
        };
        let mut salutation = None;
        if candidate.is_shared {
            if let Some(first) = self.at_shared.get(&path) {
                if self.texts.is_plain() {
                    // The same words once; they are for all who share the phone, so they begin with nobody's name.
                    self.frozen.recipients[*first].salutation = None;
                    self.frozen.left_out.push((candidate.person, reasons::SHARES_PHONE));
                    return;
                }
            } else {
                self.at_shared.insert(path.clone(), self.frozen.recipients.len());
            }
            salutation = Some(candidate.name).filter(|name| !name.is_empty());
        }
        let language = self.texts.language_for(candidate.language);
        self.frozen.recipients.push(Recipient { person: candidate.person, path, language, salutation });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u128, path: Option<&str>, shared: bool) -> Candidate {
        Candidate {
            person: PersonId::from_uuid(uuid::Uuid::from_u128(n)),
            name: format!("Person {n}"),
            language: Some(Lang::FRENCH),
            path: path.map(ToOwned::to_owned),
            has_valid_number: path.is_some(),
            has_any_number: path.is_some(),
            is_shared: shared,
        }
    }

    #[test]
    fn one_sms_is_enough_for_a_shared_phone_unless_the_text_is_personal() {
        for (text, recipients, left_out) in [("Hello", 1, 1), ("Hello @contact.name", 2, 0)] {
            let texts = Texts::parse(&[(Lang::ENGLISH, text.to_owned())]).expect("a text");
            let mut decider = Decider::new(&texts);
            decider.decide(candidate(1, Some("+231770000001"), true));
            decider.decide(candidate(2, Some("+231770000001"), true));
            assert_eq!(
                (decider.frozen.recipients.len(), decider.frozen.left_out.len()),
                (recipients, left_out),
                "{text}"
            );
            assert_eq!(decider.frozen.recipients[0].language, Lang::ENGLISH);
            assert_eq!(decider.frozen.recipients[0].salutation.is_some(), recipients == 2);
        }
    }

    #[test]
    fn everybody_without_a_number_is_left_out_with_the_reason() {
        let texts = Texts::parse(&[(Lang::ENGLISH, "Hello".to_owned())]).expect("a text");
        let mut decider = Decider::new(&texts);
        decider.decide(candidate(1, None, false));
        decider.decide(Candidate { has_any_number: true, ..candidate(2, None, false) });
        decider.decide(Candidate { has_valid_number: true, has_any_number: true, ..candidate(3, None, false) });
        let reasons: Vec<_> = decider.frozen.left_out.iter().map(|(_, reason)| *reason).collect();
        assert_eq!(reasons, [reasons::NO_NUMBER, reasons::BAD_NUMBER, reasons::STOPPED]);
    }
}
