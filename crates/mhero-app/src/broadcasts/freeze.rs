//! Who gets a broadcast and who is left out: evaluated once, at release, then frozen.

use std::collections::HashMap;

use mhero_core::{ChannelId, Lane, Lang, PersonId, ProgrammeId, Urn};
use mhero_query::Predicate;
use mhero_store::{Candidate, ChatAddress};
use serde::{Deserialize, Serialize};

use super::template::Texts;
use crate::{App, AppError, Caller, audiences::Withheld};

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
    /// Is on leave, and the message can wait: alerts and answers reach them all the same.
    pub(crate) const ON_LEAVE: &str = "on-leave";
    /// The owner of the record does not let others write to this person.
    pub(crate) const NO_CONSENT: &str = "no-consent";
    /// The operator blocks the number: it asked the operator, not us, for silence. Alerts and answers go all the same.
    pub(crate) const OPERATOR_BLOCK: &str = "operator-block";
    /// Goes by a chat, and has no account there, or stopped us there.
    pub(crate) const NO_CHAT: &str = "no-chat";
    /// The text came out empty for this person: what it names is not known of them.
    pub(crate) const EMPTY_TEXT: &str = "empty-text";
}

/// One recipient as frozen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recipient {
    /// The person.
    #[serde(rename = "i")]
    pub(super) person: PersonId,
    /// The number, or the account of a chat.
    #[serde(rename = "n")]
    pub(super) path: String,
    /// Which chat, where it is one.
    #[serde(rename = "c", skip_serializing_if = "Option::is_none", default)]
    pub(super) chat: Option<String>,
    /// The number to which it goes by SMS, where the chat does not reach them in time.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none", default)]
    pub(super) sms: Option<String>,
    /// The language of the text.
    #[serde(rename = "l")]
    pub(super) language: Lang,
    /// The name that the text begins with, where the phone is shared.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    pub(super) salutation: Option<String>,
}

impl Recipient {
    /// The scheme of its address.
    pub(super) fn scheme(&self) -> &str {
        self.chat.as_deref().unwrap_or(Urn::TEL)
    }
}

/// Who is written to by a chat.
#[derive(Debug, Default)]
struct Chats {
    of: HashMap<PersonId, ChatAddress>,
    /// Nobody is written to otherwise.
    is_only: bool,
}

/// The audience of a broadcast, decided.
#[derive(Clone, Debug, Default)]
pub(super) struct Frozen {
    /// Everybody who gets it.
    pub(super) recipients: Vec<Recipient>,
    /// Everybody who matched and does not, with the reason.
    pub(super) left_out: Vec<(PersonId, &'static str)>,
    /// What is to be recorded of an alert that goes to people whose owner did not agree.
    pub(super) passed: Option<serde_json::Value>,
}

impl App {
    /// Evaluates an audience as somebody sees it, for a message of a lane and perhaps a programme.
    pub(super) async fn freeze(
        &self,
        caller: &Caller,
        predicate: &Predicate,
        texts: &Texts,
        (lane, programme, channel): (Lane, Option<ProgrammeId>, Option<ChannelId>),
    ) -> Result<Frozen, AppError> {
        let now = self.clock().now_micros();
        let chats = self.chats_for(channel).await?;
        let withheld = self.withheld(caller, predicate, (lane, programme)).await?;
        let mut snapshot = self.store().snapshot().await?;
        let mut decided = Decider { withheld, chats, ..Decider::new(texts) };
        let mut after: Option<PersonId> = None;
        loop {
            let page = snapshot.candidates(&caller.scope, predicate, now, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.person);
            let full = i64::try_from(page.len()).unwrap_or(0) == PAGE;
            page.into_iter().for_each(|candidate| decided.decide(candidate));
            if !full {
                break;
            }
        }
        let passed = decided.withheld.passed(decided.frozen.recipients.iter().map(|recipient| recipient.person));
        Ok(Frozen { passed, ..decided.frozen })
    }

    /// Who is written to by a chat: who wants to be, where no channel is named; everybody who has an account, where it is a chat.
    async fn chats_for(&self, channel: Option<ChannelId>) -> Result<Chats, AppError> {
        let chat = match channel {
            Some(channel) => self.chat_of(channel).await?,
            None => None,
        };
        let addresses = match (channel, chat) {
            (Some(_), None) => return Ok(Chats::default()),
            (_, Some(scheme)) => self.store().chat_addresses(Some(scheme)).await?,
            (None, None) => {
                let served = self.chat_channels().await?;
                if served.is_empty() {
                    return Ok(Chats::default());
                }
                let mut wanted = self.store().chat_addresses(None).await?;
                wanted.retain(|address| served.iter().any(|(scheme, _)| *scheme == address.scheme));
                wanted
            }
        };
        let mut of = HashMap::new();
        for address in addresses {
            of.entry(address.person).or_insert(address);
        }
        Ok(Chats { of, is_only: chat.is_some() })
    }
}

/// Decides about one candidate after the other.
struct Decider<'a> {
    texts: &'a Texts,
    frozen: Frozen,
    /// Who gets the message at a number, as an index into the recipients. Only shared numbers are kept.
    at_shared: HashMap<String, usize>,
    /// Who is left out whatever their number.
    withheld: Withheld,
    /// Who is written to by a chat.
    chats: Chats,
}

impl<'a> Decider<'a> {
    fn new(texts: &'a Texts) -> Self {
        Self {
            texts,
            frozen: Frozen::default(),
            at_shared: HashMap::new(),
            withheld: Withheld::default(),
            chats: Chats::default(),
        }
    }

    fn decide(&mut self, candidate: Candidate) {
        if let Some(chat) = self.chats.of.get(&candidate.person) {
            let away = self.withheld.is_away_by_name(candidate.person).then_some(reasons::ON_LEAVE);
            if let Some(reason) = self.withheld.reason(candidate.person).or(away) {
                self.frozen.left_out.push((candidate.person, reason));
                return;
            }
            // An account of a chat is one person's: no name, and nobody shares it.
            self.frozen.recipients.push(Recipient {
                person: candidate.person,
                path: chat.path.clone(),
                chat: Some(chat.scheme.clone()),
                sms: candidate.path.filter(|_| !self.chats.is_only),
                language: self.texts.language_for(candidate.language),
                salutation: None,
            });
            return;
        }
        if self.chats.is_only {
            self.frozen.left_out.push((candidate.person, reasons::NO_CHAT));
            return;
        }
        let blocked = self.withheld.blocked(&candidate);
        let Some(path) = candidate.path else {
            let reason = match (candidate.has_valid_number, candidate.has_any_number) {
                (true, _) => reasons::STOPPED,
                (false, true) => reasons::BAD_NUMBER,
                (false, false) => reasons::NO_NUMBER,
            };
            self.frozen.left_out.push((candidate.person, reason));
            return;
        };
        // A broadcast can't ask whether it should go to somebody on leave all the same, as the start of a flow does.
        let is_away = self.withheld.is_away_by_name(candidate.person).then_some(reasons::ON_LEAVE);
        if let Some(reason) = self.withheld.reason(candidate.person).or(blocked).or(is_away) {
            self.frozen.left_out.push((candidate.person, reason));
            return;
        }
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
        self.frozen.recipients.push(Recipient {
            person: candidate.person,
            path,
            chat: None,
            sms: None,
            language,
            salutation,
        });
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
            is_blocked: false,
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
