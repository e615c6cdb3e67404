//! DHIS2's own SMS: its generic HTTP gateway hands texts over, and they leave as any text of the system does.

use jiff::SignedDuration;
use mhero_app::{App, AppError, Caller};
use mhero_core::{Direction, Lane, Lang, MessageId, MessageKind, MessageState, PersonId, RetentionClass, Right};
use mhero_store::{DirectoryAsked, Guard, NewMessage, OutboxEntry, Queue, StoreError, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{Dhis2Error, Reports, mapping::FALLBACK};

/// Numbers of one call at most: DHIS2 sends to 200 at a time.
pub const RECIPIENTS_MAX: usize = 1_000;
/// Longest text, in characters: ten SMS.
pub const TEXT_CHARS_MAX: usize = 1_530;
/// The same text to the same number within this time is the same one, handed over again.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// The scheme of phone numbers.
const TEL: &str = "tel";

/// A text that DHIS2 hands over.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TextIn {
    /// The text.
    pub text: String,
    /// Numbers as written.
    pub recipients: Vec<String>,
    /// The id that the other side gave it, where it gave one: then that alone tells whether it is the same.
    pub id: Option<String>,
}

/// Neither text nor numbers.
impl std::fmt::Debug for TextIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextIn").field("recipients", &self.recipients.len()).finish_non_exhaustive()
    }
}

/// What was taken of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// Texts that leave.
    pub accepted: usize,
    /// Texts that were handed over before.
    pub repeated: usize,
    /// Numbers that get nothing: their place in the list, from 0, and why.
    pub refused: Vec<(usize, &'static str)>,
}

impl Reports {
    /// The caller that a token is.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn caller_of_token(&self, text: &str) -> Result<Option<Caller>, Dhis2Error> {
        Ok(self.app.caller_of_token(text).await?)
    }

    /// Takes a text for some numbers. Each leaves once, however often the call is repeated.
    ///
    /// # Errors
    /// [`Dhis2Error::Refused`] for an empty or too long text or list; [`AppError::NotAllowed`].
    pub async fn hand_over(&self, caller: &Caller, text: &TextIn) -> Result<Handed, Dhis2Error> {
        caller.must(Right::Send)?;
        let words = text.text.trim();
        if words.is_empty() {
            return Err(Dhis2Error::Refused("the text is empty: send it as text, message or msg".to_owned()));
        }
        if words.chars().count() > TEXT_CHARS_MAX {
            return Err(Dhis2Error::Refused(format!("a text has at most {TEXT_CHARS_MAX} letters")));
        }
        if text.recipients.is_empty() || text.recipients.len() > RECIPIENTS_MAX {
            return Err(Dhis2Error::Refused(format!(
                "name one to {RECIPIENTS_MAX} numbers as recipients, to or phone"
            )));
        }
        let numbering = self.app.numbering_cached().await?;
        let mut handed = Handed::default();
        let mut seen = std::collections::BTreeSet::new();
        for (at, raw) in text.recipients.iter().enumerate() {
            let reading = numbering.read(raw);
            let Some(path) = reading.e164() else {
                handed.refused.push((at, "no number"));
                continue;
            };
            if !seen.insert(path.to_owned()) {
                handed.repeated += 1;
                continue;
            }
            let one = || self.hand_one(caller, (path, words), text.id.as_deref());
            match self.app.store().decide(one).await? {
                One::Leaves => handed.accepted += 1,
                One::Repeated => handed.repeated += 1,
                One::Refused(why) => handed.refused.push((at, why)),
            }
        }
        let facts =
            json!({ "accepted": handed.accepted, "repeated": handed.repeated, "refused": handed.refused.len() });
        let mut unit = Unit::new();
        unit.audit(self.app.store(), &caller.entry("texts-handed-over", "token", caller.scope.principal(), facts));
        self.app.store().write(unit, Queue::Interactive).await?;
        self.app.wake();
        Ok(handed)
    }

    async fn hand_one(
        &self,
        caller: &Caller,
        (path, words): (&str, &str),
        id: Option<&str>,
    ) -> Result<One, Dhis2Error> {
        let store = self.app.store();
        let holders = store.holders(TEL, path).await?;
        let holder = holders.iter().find(|own| own.is_primary).or(holders.first());
        if !caller.scope.all_places() {
            let Some(holder) = holder else { return Ok(One::Refused("outside your places")) };
            let asked = DirectoryAsked { person: Some(holder.person), limit: 1, ..DirectoryAsked::default() };
            if store.directory_workers(&caller.scope, &asked).await?.is_empty() {
                return Ok(One::Refused("outside your places"));
            }
        }
        if store.stopped_since(TEL, path).await?.is_some() {
            return Ok(One::Refused("stopped"));
        }
        let now = self.app.clock().now_micros();
        let span = SAME_WITHIN.as_micros().max(1);
        let span = i64::try_from(span).unwrap_or(i64::MAX);
        // Digests: neither number nor text stands in a key.
        let own = |part: String| Uuid::new_v5(&Uuid::NAMESPACE_OID, part.as_bytes());
        let (key, before) = match id {
            Some(id) => {
                // Two DHIS2 may both count their messages from 1.
                let account = caller.scope.principal().unwrap_or_default();
                let key = format!("dhis2/{}", own(format!("{account}\n{path}\n{id}")));
                (key.clone(), key)
            }
            None => {
                let same = own(format!("{path}\n{words}"));
                (format!("dhis2/{same}/{}", now / span), format!("dhis2/{same}/{}", now / span - 1))
            }
        };
        let last = store.message_keyed(&key, &before).await?;
        if last.is_some_and(|last| id.is_some() || now - last < span || last >= now / span * span) {
            return Ok(One::Repeated);
        }
        let mut unit = Unit::new();
        let (person, language) = match holder {
            Some(holder) => (holder.person, holder.language.unwrap_or(FALLBACK)),
            None => {
                let person = store.mint().id(PersonId::from_uuid);
                unit.add_stranger(person, store.mint().uuid(), (TEL, path), now);
                unit.changed("person", person.uuid(), "created", now);
                (person, FALLBACK)
            }
        };
        add_text(&self.app, &mut unit, (person, (TEL, path)), (words, language), &key, None);
        match store.write(unit, Queue::Interactive).await {
            Ok(_) => Ok(One::Leaves),
            // The same text came twice at once.
            Err(StoreError::Exists { .. }) => Ok(One::Repeated),
            Err(error) => Err(AppError::from(error).into()),
        }
    }
}

/// What becomes of a text for one number.
enum One {
    Leaves,
    Repeated,
    Refused(&'static str),
}

/// Adds a text of the system to a unit, to leave as soon as it may. A second one with its key makes the unit fail.
pub(super) fn add_text(
    app: &App,
    unit: &mut Unit,
    (person, (scheme, path)): (PersonId, (&str, &str)),
    (text, language): (&str, Lang),
    key: &str,
    reply_to: Option<MessageId>,
) {
    let store = app.store();
    let now = app.clock().now_micros();
    let (body, id) = (store.mint().uuid(), store.mint().id(MessageId::from_uuid));
    // What is sent to one number keeps its order.
    let conversation = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("dhis2/{scheme}:{path}").as_bytes());
    let conversation = mhero_core::ConversationId::from_uuid(conversation);
    unit.add_body(body, text, RetentionClass::Message, now);
    let message = NewMessage {
        id,
        direction: Direction::Out,
        kind: MessageKind::Auto,
        state: MessageState::Waiting.as_str(),
        lane: Lane::Normal,
        person,
        scheme: scheme.to_owned(),
        path: path.to_owned(),
        channel: None,
        conversation: Some(conversation),
        broadcast: None,
        thread: None,
        body,
        language: Some(language),
        segments: i64::try_from(mhero_text::measure(text).segments).unwrap_or(1),
        dedupe_key: key.to_owned(),
        reply_to,
        answers: None,
        written_by: None,
        programme: None,
        is_test: false,
        is_drill: false,
        created_at: now,
    };
    unit.add_message(&message, Guard::Rows(1));
    let entry = OutboxEntry {
        message: id,
        channel: None,
        lane: Lane::Normal,
        conversation,
        sequence: now,
        broadcast: None,
        ready_at: now,
        quiet_exempt: false,
    };
    unit.add_to_outbox(&entry, now);
}
