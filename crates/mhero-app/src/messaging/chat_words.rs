//! Words about chats: somebody texts `TELEGRAM` and gets a code, the chat that brings the code is theirs, and they are written to
//! there first from then on; `SMS` takes it back.

use jiff::SignedDuration;
use mhero_core::{ChannelId, Lane, Lang, MessageId, PersonId, Urn};
use mhero_store::{ChannelRow, IntakeRow, Unit};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{AutoText, chat::worker, say_short, sender::Sender};
use crate::{App, AppError, Caller, approvals::PLACE};

/// Words that ask to be written to by a chat.
const CHAT: [&str; 4] = ["chat", "tchat", "telegram", "telegramme"];
/// Words that ask to be written to by SMS again.
const SMS: [&str; 3] = ["sms", "texto", "textos"];
/// How long a code counts.
const VALID: SignedDuration = SignedDuration::from_mins(30);
/// Codes of one person that count at a time.
const CODES_MAX: i64 = 5;
/// Letters and digits of codes: none that looks like another.
const SIGNS: &[u8; 25] = b"ACDEFHJKLMNPRTUVWX2346789";
/// Signs of a code: too many to be found by trying within its time.
const CODE_SIGNS: usize = 8;
/// The place of a sealed code.
const SEALED: &str = "chat_code.sealed";

/// What is answered to such a word.
pub(super) struct ChatSaid {
    /// Whose word it counts as.
    pub(super) person: PersonId,
    /// The key of the reply and its variables; `None` where the reply is in the unit already, or there is none.
    pub(super) reply: Option<(&'static str, Vec<(&'static str, String)>)>,
    /// The language of whom it counts as.
    pub(super) language: Option<Lang>,
}

impl App {
    /// The first active channel of each chat: scheme and channel.
    pub(crate) async fn chat_channels(&self) -> Result<Vec<(&'static str, ChannelRow)>, AppError> {
        let mut found: Vec<(&'static str, ChannelRow)> = Vec::new();
        for row in self.store().channels().await?.into_iter().filter(|row| row.active) {
            if let Some(scheme) = self.driver(&row.kind).and_then(|driver| driver.chat())
                && found.iter().all(|(known, _)| *known != scheme)
            {
                found.push((scheme, row));
            }
        }
        Ok(found)
    }

    /// Whether somebody could be written to by a chat.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn has_chats(&self) -> Result<bool, AppError> {
        Ok(!self.chat_channels().await?.is_empty())
    }

    /// Which chat a channel is; `None` for one that reaches phones.
    pub(crate) async fn chat_of(&self, channel: ChannelId) -> Result<Option<&'static str>, AppError> {
        let row = self.store().channels().await?.into_iter().find(|row| row.id == channel);
        Ok(row.and_then(|row| self.driver(&row.kind).and_then(|driver| driver.chat())))
    }

    /// Handles a text that is about chats, as part of a unit; `None` for every other text.
    pub(super) async fn chat_answer(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
    ) -> Result<Option<ChatSaid>, AppError> {
        if row.scheme != Urn::TEL
            && let Some(said) = self.code_brought(unit, row).await?
        {
            return Ok(Some(said));
        }
        let word = row.text.trim().trim_end_matches(['.', '!']).to_lowercase();
        let (wants_chat, wants_sms) = (CHAT.contains(&word.as_str()), SMS.contains(&word.as_str()));
        // Whoever is asked something by a flow answers that.
        if !(wants_chat || wants_sms) || !self.store().open_conversations(&row.scheme, &row.path).await?.is_empty() {
            return Ok(None);
        }
        let holders = self.store().holders(&row.scheme, &row.path).await?;
        let said = |reply| Some(ChatSaid { person: sender.person, reply, language: sender.language });
        let Some(holder) = worker(&holders) else {
            let is_shared = holders.iter().filter(|holder| holder.standing == "worker").count() > 1;
            return Ok(if is_shared && wants_chat { said(Some(("reply-chat-shared", Vec::new()))) } else { None });
        };
        let person = holder.person;
        let served = self.chat_channels().await?;
        let linked = self.store().chats_of(person).await?;
        if wants_sms {
            if linked.is_empty() {
                return Ok(None);
            }
            self.prefer(unit, person, None, None);
            self.note_choice(unit, person, None);
            return Ok(said(Some(("reply-sms-preferred", vec![("words", "CHAT".to_owned())]))));
        }
        if let Some((scheme, _)) = served.iter().find(|(scheme, _)| linked.iter().any(|known| known == scheme)) {
            self.prefer(unit, person, Some(scheme), None);
            self.note_choice(unit, person, Some(scheme));
            return Ok(said(Some(("reply-chat-preferred", vec![("words", "SMS".to_owned())]))));
        }
        let Some((_, channel)) = served.first() else { return Ok(None) };
        self.send_code(unit, row, sender, (person, channel)).await?;
        Ok(said(None))
    }

    /// Sends a code to the phone that asked for one.
    async fn send_code(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
        (person, channel): (PersonId, &ChannelRow),
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        unit.forget_chat_codes(now.as_microsecond());
        if self.store().chat_codes_of(person, now.as_microsecond()).await? >= CODES_MAX {
            return Ok(());
        }
        let code = new_code();
        let name = channel.sender.clone().unwrap_or_else(|| channel.name.clone());
        let minutes = VALID.as_mins().to_string();
        let args = vec![("code", PLACE.to_owned()), ("name", name), ("count", minutes)];
        let language = self.reply_language(None, sender).await?;
        let text = say_short(self.words(), (language, "reply-chat-code"), &args, None);
        let auto = AutoText {
            person,
            number: (&row.scheme, &row.path),
            channel: Some(row.channel),
            lane: Lane::Reply,
            language,
            text: &text,
            dedupe_key: format!("auto/{}", row.id),
            reply_to: Some(MessageId::from_uuid(row.id.uuid())),
            quiet_exempt: true,
        };
        let message = self.add_auto_text(unit, auto);
        let sealed = self.seal(SEALED, message.uuid(), code.as_bytes())?;
        let ends = (now + VALID).as_microsecond();
        unit.add_chat_code((&digest(&code), &sealed), (person, message), ends);
        Ok(())
    }

    /// A chat brings a code that went to a phone: the account is its owner's, who wants to be written to there.
    async fn code_brought(&self, unit: &mut Unit, row: &IntakeRow) -> Result<Option<ChatSaid>, AppError> {
        let Some(code) = typed(&row.text) else { return Ok(None) };
        let (digest, now) = (digest(&code), self.clock().now_micros());
        let Some(person) = self.store().chat_code(&digest, now).await? else { return Ok(None) };
        let person = self.store().golden(person).await?;
        unit.use_chat_code(&digest);
        unit.link_chat(person, self.store().mint().uuid(), (&row.scheme, &row.path), now);
        self.prefer(unit, person, Some(&row.scheme), None);
        let facts = json!({ "scheme": row.scheme, "channel": row.channel, "by": "code" });
        unit.audit(self.store(), &Caller::system().entry("chat-linked", "person", Some(person.uuid()), facts));
        let language = self.store().contact_record(person, now).await?.and_then(|record| record.language);
        let reply = Some(("reply-chat-preferred", vec![("words", "SMS".to_owned())]));
        Ok(Some(ChatSaid { person, reply, language }))
    }

    fn note_choice(&self, unit: &mut Unit, person: PersonId, scheme: Option<&str>) {
        let entry = Caller::system().entry("chat-chosen", "person", Some(person.uuid()), json!({ "scheme": scheme }));
        unit.audit(self.store(), &entry);
    }

    /// The text of a message as it leaves: with its code, where it brings one for a chat. `None` when that no longer counts.
    pub(crate) async fn with_chat_code(&self, message: MessageId, text: String) -> Result<Option<String>, AppError> {
        let Some((sealed, ends)) = self.store().chat_code_in(message).await? else { return Ok(Some(text)) };
        if ends <= self.clock().now_micros() {
            return Ok(None);
        }
        let plain = self.unseal(SEALED, message.uuid(), &sealed)?;
        Ok(Some(text.replacen(PLACE, &String::from_utf8_lossy(&plain), 1)))
    }
}

fn new_code() -> String {
    let mut left = rand::random::<u64>();
    let count = SIGNS.len() as u64;
    let sign = |_| {
        let sign = SIGNS[usize::try_from(left % count).unwrap_or_default()];
        left /= count;
        char::from(sign)
    };
    (0..CODE_SIGNS).map(sign).collect()
}

/// A text that may be a code, in capitals and without what people write between its signs.
fn typed(text: &str) -> Option<String> {
    let code: String = text.trim().chars().filter(|sign| !matches!(sign, ' ' | '-' | '.')).collect();
    let code = code.to_ascii_uppercase();
    (code.len() == CODE_SIGNS && code.bytes().all(|sign| SIGNS.contains(&sign))).then_some(code)
}

fn digest(code: &str) -> Vec<u8> {
    Sha256::digest(code.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        let code = new_code();
        assert_eq!(typed(&code), Some(code.clone()));
        let spaced = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
        assert_eq!(typed(&spaced), Some(code));
        assert_eq!(typed("hello my friend"), None);
        assert_eq!(typed("ACDE 234"), None);
        assert_eq!(typed("ACDE2340"), None, "a nought is in no code");
    }
}
