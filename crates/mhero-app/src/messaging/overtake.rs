//! From a chat to SMS: what goes to somebody by a chat and does not reach them there in time goes by SMS. One of the two counts, and
//! the chat is taken back where its service can.
//!
//! A service that reports what phones have is believed. Where one reports nothing, Telegram say, a text from the person since then tells
//! that they have seen it.

use futures::{StreamExt, stream};
use jiff::SignedDuration;
use mhero_core::{Direction, Lane, MessageId, MessageKind, MessageState, PersonId, RetentionClass, Right, Scope, Urn};
use mhero_store::{BroadcastRow, ChatTurn, Guard, NewMessage, OutboxEntry, Queue, StateTimes, StoreError, Unit};
use serde::{Deserialize, Serialize};

use super::{purpose::broadcast_conversation, sender::salutation};
use crate::{App, AppError, Caller};

/// The setting.
const SETTING: &str = "chat-waits";
/// Longest wait, in minutes: two days, as long as Telegram lets a message be taken back.
const MINUTES_MAX: i64 = 2 * 24 * 60;
/// Messages decided about in one pass.
const TURNS_MAX: i64 = 200;
/// Messages taken back at a time.
const AT_ONCE: usize = 8;
/// Why a message by a chat ended: an SMS went instead.
const OVERTAKEN: &str = "overtaken";
/// Why an SMS ended: the chat had arrived before it left.
const NEEDLESS: &str = "arrived-by-chat";
/// How long it is looked whether a chat arrives before its SMS has left.
const LOOKED_FOR: SignedDuration = SignedDuration::from_hours(48);

/// How long a message may take to reach somebody by a chat before it goes by SMS, in minutes by lane. `None`: it stays with the chat,
/// unless that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChatWaits {
    /// Alerts.
    pub alert: Option<i64>,
    /// Answers.
    pub reply: Option<i64>,
    /// The usual ones.
    pub normal: Option<i64>,
    /// Large ones.
    pub bulk: Option<i64>,
}

impl Default for ChatWaits {
    fn default() -> Self {
        Self { alert: Some(2), reply: Some(10), normal: Some(60), bulk: Some(240) }
    }
}

impl ChatWaits {
    /// The wait of a lane, in minutes.
    pub const fn of(&self, lane: Lane) -> Option<i64> {
        match lane {
            Lane::Alert => self.alert,
            Lane::Reply => self.reply,
            Lane::Normal => self.normal,
            Lane::Bulk => self.bulk,
        }
    }

    /// Until when a message that may leave now may take, in UTC microseconds.
    pub(crate) fn due(&self, lane: Lane, now: i64) -> i64 {
        self.of(lane).map_or(i64::MAX, |minutes| now.saturating_add(minutes * 60_000_000))
    }
}

impl App {
    /// How long chats may take.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn chat_waits(&self) -> Result<ChatWaits, AppError> {
        let stored = self.store().setting(SETTING).await?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Changes it, for messages written from now on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a wait that is too short or long; [`AppError::NotAllowed`].
    pub async fn set_chat_waits(&self, caller: &Caller, waits: &ChatWaits) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let all = [waits.alert, waits.reply, waits.normal, waits.bulk];
        if let Some(wrong) = all.into_iter().flatten().find(|minutes| !(1..=MINUTES_MAX).contains(minutes)) {
            let args = [("value", wrong.to_string()), ("max", MINUTES_MAX.to_string())];
            return Err(AppError::invalid("chat-wait-minutes", args));
        }
        let json = serde_json::to_value(waits).unwrap_or_default();
        let mut unit = Unit::new();
        unit.put_setting(SETTING, &json.to_string(), self.clock().now_micros());
        unit.audit(self.store(), &caller.entry("chat-waits-set", "setting", None, json));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Decides about messages by chats that have arrived, failed or taken too long. Returns about how many.
    pub(super) async fn chats_pass(&self) -> Result<usize, AppError> {
        let now = self.clock().now_micros();
        let mut done = 0;
        loop {
            let before = done;
            for turn in self.store().chat_turns(now, TURNS_MAX).await? {
                match self.decide_turn(&turn).await {
                    Ok(decided) => done += usize::from(decided),
                    // It has changed since it was read: the next pass reads it again.
                    Err(AppError::Store(error)) if error.is_decide_again() => {}
                    Err(error) => return Err(error),
                }
            }
            if done == before {
                break;
            }
        }
        let since = (self.clock().now() - LOOKED_FOR).as_microsecond();
        for (chat, sms, broadcast) in self.store().needless_sms(since, TURNS_MAX).await? {
            let mut unit = Unit::new();
            unit.chat_came_back(chat, broadcast).take_back_waiting(sms).leave_broadcast(sms);
            let times = StateTimes { sent_at: None, done_at: Some(now) };
            unit.move_message(sms, "waiting", MessageState::Cancelled.as_str(), times, Some(NEEDLESS));
            match self.store().write(unit, Queue::Interactive).await {
                Err(error) if error.is_decide_again() => {}
                other => {
                    other?;
                    done += 1;
                }
            }
        }
        if done > 0 {
            self.wake();
        }
        Ok(done)
    }

    async fn decide_turn(&self, turn: &ChatTurn) -> Result<bool, AppError> {
        let now = self.clock().now_micros();
        let state: Option<MessageState> = turn.state.parse().ok();
        let is_seen = turn.is_answered && turn.sent_at.is_some();
        let ends_as = match state {
            Some(MessageState::Delivered) => Some("arrived"),
            Some(MessageState::Sent | MessageState::Uncertain) if is_seen => Some("arrived"),
            Some(MessageState::Cancelled) | None => Some("over"),
            // It is just being handed over: what comes of it is seen then.
            Some(MessageState::Submitting) => return Ok(false),
            _ => None,
        };
        if let Some(ends_as) = ends_as {
            let mut unit = Unit::new();
            unit.end_chat_turn(turn.message, ends_as, None, now);
            self.store().write(unit, Queue::Bulk).await?;
            return Ok(true);
        }
        let Some(broadcast) = self.store().broadcast(&Scope::system(), turn.broadcast).await? else {
            return Ok(false);
        };
        if state == Some(MessageState::Waiting) && self.is_held(&broadcast).await? {
            // It could not leave: its time has not begun.
            let mut unit = Unit::new();
            unit.put_off_chat_turn(turn.message, self.chat_waits().await?.due(turn.lane, now));
            self.store().write(unit, Queue::Bulk).await?;
            return Ok(false);
        }
        if turn.path.is_empty() || broadcast.status == "cancelled" {
            // There is no other way to them, or nothing more of it is to leave.
            let mut unit = Unit::new();
            unit.end_chat_turn(turn.message, "over", None, now);
            self.store().write(unit, Queue::Bulk).await?;
            return Ok(true);
        }
        self.overtake(turn, &broadcast).await?;
        Ok(true)
    }

    /// Whether quiet hours or a pause keep a broadcast from leaving just now.
    async fn is_held(&self, broadcast: &BroadcastRow) -> Result<bool, AppError> {
        let is_quiet = broadcast.lane.is_held_by_quiet_hours()
            && broadcast.quiet_override.is_none()
            && self.facts_cached().await?.quiet_until(self.clock().now()).is_some();
        Ok(is_quiet || broadcast.status == "paused")
    }

    /// Sends by SMS what a chat did not bring, in one unit with the end of the chat.
    async fn overtake(&self, turn: &ChatTurn, broadcast: &BroadcastRow) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        let sms = self.store().mint().id(MessageId::from_uuid);
        unit.end_chat_turn(turn.message, OVERTAKEN, Some(sms), now);
        let times = StateTimes { sent_at: None, done_at: Some(now) };
        match turn.state.as_str() {
            "waiting" => {
                unit.take_back_waiting(turn.message);
                unit.move_message(turn.message, "waiting", "cancelled", times, Some(OVERTAKEN));
            }
            // What had left, or perhaps had, may still arrive: then it is shown as late.
            "sent" => {
                unit.move_message(turn.message, "sent", "failed", times, Some(OVERTAKEN));
            }
            "uncertain" => {
                unit.move_message(turn.message, "uncertain", "failed", times, Some(OVERTAKEN));
                unit.leave_outbox(turn.message);
            }
            _ => {}
        }
        unit.leave_broadcast(turn.message);
        let Some(text) = self.sms_of(turn, broadcast).await? else {
            // The text was erased: there is nothing to send.
            let mut unit = Unit::new();
            unit.end_chat_turn(turn.message, "over", None, now);
            self.store().write(unit, Queue::Bulk).await?;
            return Ok(());
        };
        self.add_sms(&mut unit, turn, broadcast, (sms, &text));
        // Before the SMS: whoever reads the chat now does not get it twice.
        self.withdraw(turn).await;
        match self.store().write(unit, Queue::Bulk).await {
            Err(StoreError::Exists { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// The text as it goes by SMS: the short one, where there is one, with the name where others share the phone.
    async fn sms_of(&self, turn: &ChatTurn, broadcast: &BroadcastRow) -> Result<Option<String>, AppError> {
        let short = self.short_text_for(broadcast, turn.person, turn.language).await?;
        let Some(text) = short.or_else(|| turn.text.clone()) else { return Ok(None) };
        let holders = self.store().holders(Urn::TEL, &turn.path).await?;
        let name = holders.iter().find(|holder| holder.person == turn.person);
        let name = name.and_then(|holder| salutation(holder, &holders));
        Ok(Some(match name {
            Some(name) => format!("{name}: {text}"),
            None => text,
        }))
    }

    fn add_sms(&self, unit: &mut Unit, turn: &ChatTurn, broadcast: &BroadcastRow, (id, text): (MessageId, &str)) {
        let (now, body) = (self.clock().now_micros(), self.store().mint().uuid());
        let conversation = broadcast_conversation(broadcast.id, &turn.path);
        unit.add_body(body, text, RetentionClass::Message, now);
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Broadcast,
            state: MessageState::Waiting.as_str(),
            lane: broadcast.lane,
            person: turn.person,
            scheme: Urn::TEL.to_owned(),
            path: turn.path.clone(),
            channel: None,
            conversation: Some(conversation),
            broadcast: Some(broadcast.id),
            thread: None,
            body,
            language: turn.language,
            segments: i64::try_from(mhero_text::measure(text).segments).unwrap_or(1),
            dedupe_key: format!("after-chat/{}", turn.message),
            reply_to: None,
            answers: None,
            written_by: broadcast.created_by,
            programme: broadcast.programme.map(mhero_core::ProgrammeId::uuid),
            is_test: broadcast.is_test,
            is_drill: broadcast.is_drill,
            created_at: now,
        };
        unit.add_message(&message, Guard::Rows(1));
        let entry = OutboxEntry {
            message: id,
            channel: None,
            lane: broadcast.lane,
            conversation,
            sequence: now,
            broadcast: Some(broadcast.id),
            ready_at: now,
            quiet_exempt: broadcast.quiet_override.is_some(),
        };
        unit.add_to_outbox(&entry, now);
    }

    /// Takes the message back from the chat, where that can be done. That it could not be is no failure.
    async fn withdraw(&self, turn: &ChatTurn) {
        let Ok(to) = Urn::new(turn.scheme.clone(), turn.account.clone()) else { return };
        let Ok(ids) = self.store().carrier_ids(turn.message).await else { return };
        stream::iter(ids)
            .for_each_concurrent(AT_ONCE, |(carrier_id, channel)| {
                let to = &to;
                async move {
                    if let Ok(Some(row)) = self.channel_cached(channel).await
                        && let Ok(carrier) = self.carrier(&row)
                    {
                        carrier.withdraw(to, &carrier_id).await;
                    }
                }
            })
            .await;
    }

    /// The chats in which somebody has an account, and the one by which they want to be written to.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`AppError::NotAllowed`].
    pub async fn chat_choice(
        &self,
        caller: &Caller,
        person: PersonId,
    ) -> Result<(Vec<String>, Option<mhero_store::ChatWay>), AppError> {
        caller.must(Right::ReadPeople)?;
        let record = self.store().person_record(&caller.scope, person).await?;
        record.ok_or_else(|| AppError::not_found("person", person))?;
        Ok((self.store().chats_of(person).await?, self.store().chat_way(person).await?))
    }

    /// Notes by which chat somebody wants to be written to first, on their word; `None`: by SMS.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a chat in which they have no account; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn choose_chat(&self, caller: &Caller, person: PersonId, scheme: Option<&str>) -> Result<(), AppError> {
        caller.must(Right::Answer)?;
        let (chats, _) = self.chat_choice(caller, person).await?;
        if let Some(scheme) = scheme
            && !chats.iter().any(|known| known == scheme)
        {
            return Err(AppError::invalid("chat-not-linked", [("name", scheme.to_owned())]));
        }
        let mut unit = Unit::new();
        self.prefer(&mut unit, person, scheme, caller.scope.principal());
        let facts = serde_json::json!({ "scheme": scheme });
        unit.audit(self.store(), &caller.entry("chat-chosen", "person", Some(person.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Adds to a unit by which chat somebody wants to be written to.
    pub(super) fn prefer(&self, unit: &mut Unit, person: PersonId, scheme: Option<&str>, by_user: Option<uuid::Uuid>) {
        let said_at = self.clock().now_micros();
        let way = scheme.map(|scheme| mhero_store::ChatWay { scheme: scheme.to_owned(), said_at, by_user });
        unit.prefer_chat(person, way.as_ref());
        unit.changed("person", person.uuid(), "updated", said_at);
    }
}
