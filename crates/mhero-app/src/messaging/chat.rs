//! Who writes by a chat. An account there says nothing about who has it, until its owner shows a phone number that the service
//! vouches for: where the register has that number, the account is that health worker's.

use jiff::SignedDuration;
use mhero_core::{ChannelId, Lane, MessageId, PersonId, Urn, limits::AUTO_REPLIES_PER_HOUR_MAX};
use mhero_store::{Holder, Queue, Unit};
use serde_json::json;

use super::{AutoText, say_short};
use crate::{App, AppError, Caller};

/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;
/// How long the buttons of messages are kept, for those that wait long.
pub(crate) const CHOICES_KEPT: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What a message offers as buttons, for channels that have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Texts, each of which is what it sends.
    pub texts: Vec<String>,
    /// Whether one shows the phone number of whoever presses it.
    pub asks_number: bool,
}

impl App {
    /// What a message offers as buttons.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn choices_of(&self, message: MessageId) -> Result<Choices, AppError> {
        let kept = self.store().choices_of(message).await?;
        Ok(kept.map_or_else(Choices::default, |(texts, asks_number)| Choices {
            texts: serde_json::from_str(&texts).unwrap_or_default(),
            asks_number,
        }))
    }

    /// Takes from a carrier that somebody has opened a chat with us: they hear from us again, and who is not known is asked to
    /// show a number.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier is then to say it again.
    pub(super) async fn chat_began(&self, channel: ChannelId, from: &Urn) -> Result<(), AppError> {
        let greet = || async {
            let now = self.clock().now_micros();
            let sender = self.sender((from.scheme(), from.path()), (None, None), now).await?;
            let holders = self.store().holders(from.scheme(), from.path()).await?;
            let is_known = holders.iter().any(|holder| holder.standing == "worker");
            let mut unit = Unit::new();
            unit.append(sender.introduce);
            unit.start((from.scheme(), from.path()), "");
            let key = if is_known { "reply-chat-again" } else { "reply-chat-welcome" };
            self.add_chat_reply(&mut unit, (channel, from), (sender.person, sender.language), (key, !is_known)).await?;
            self.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.store().decide(greet).await?;
        self.wake();
        Ok(())
    }

    /// Takes from a carrier that whoever writes from this address has this phone number, and links the address to the health
    /// worker who has it in the register. They are told in any case.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier is then to say it again.
    pub(super) async fn number_proved(&self, channel: ChannelId, from: &Urn, phone: &str) -> Result<(), AppError> {
        let numbering = self.numbering_cached().await?;
        // The service writes the number with its country, but not always with the plus.
        let path = numbering.inbound(phone).or_else(|| numbering.inbound(&format!("+{phone}")));
        self.store().decide(|| self.try_linking(channel, from, path.as_deref())).await?;
        self.wake();
        Ok(())
    }

    async fn try_linking(&self, channel: ChannelId, from: &Urn, path: Option<&str>) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let address = (from.scheme(), from.path());
        let holders = match path {
            Some(path) => self.store().holders(Urn::TEL, path).await?,
            None => Vec::new(),
        };
        let mut unit = Unit::new();
        let (person, language, key) = match worker(&holders) {
            Some(holder) => {
                unit.link_chat(holder.person, self.store().mint().uuid(), address, now);
                unit.changed("person", holder.person.uuid(), "updated", now);
                let facts = json!({ "scheme": from.scheme(), "channel": channel });
                let about = Some(holder.person.uuid());
                unit.audit(self.store(), &Caller::system().entry("chat-linked", "person", about, facts));
                (holder.person, holder.language, "reply-chat-linked")
            }
            None => {
                let sender = self.sender(address, (None, None), now).await?;
                unit.append(sender.introduce);
                let key = if holders.is_empty() { "reply-chat-unknown" } else { "reply-chat-shared" };
                (sender.person, sender.language, key)
            }
        };
        self.add_chat_reply(&mut unit, (channel, from), (person, language), (key, false)).await?;
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn add_chat_reply(
        &self,
        unit: &mut Unit,
        (channel, to): (ChannelId, &Urn),
        (person, language): (PersonId, Option<mhero_core::Lang>),
        (key, asks_number): (&'static str, bool),
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        if self.store().auto_replies(to.scheme(), to.path(), now - HOUR).await? >= AUTO_REPLIES_PER_HOUR_MAX {
            return Ok(());
        }
        let facts = self.facts_cached().await?;
        let language = language.unwrap_or_else(|| facts.default_language());
        let text = say_short(self.words(), (language, key), &[], None);
        let auto = AutoText {
            person,
            number: (to.scheme(), to.path()),
            channel: Some(channel),
            lane: Lane::Reply,
            language,
            text: &text,
            dedupe_key: format!("auto/{}", self.store().mint().uuid()),
            reply_to: None,
            quiet_exempt: true,
        };
        let message = self.add_auto_text(unit, auto);
        if asks_number {
            let label = self.words().say(language, "reply-chat-show-number", &[]);
            unit.add_choices(message, &json!([label]).to_string(), true, now);
        }
        Ok(())
    }
}

/// The one health worker who has a number. Where several share it, the number says nothing about which of them writes.
pub(super) fn worker(holders: &[Holder]) -> Option<&Holder> {
    let mut workers = holders.iter().filter(|holder| holder.standing == "worker" && holder.active);
    workers.next().filter(|_| workers.next().is_none())
}
