//! The release: a job that freezes the audience and fills the outbox in slices. It may be killed at any instant: frozen
//! slices are expanded once each, in the unit that removes them.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use mhero_core::{BroadcastId, Direction, Lang, MessageId, MessageKind, MessageState, PersonId, RetentionClass, Scope};
use mhero_store::{
    BroadcastRow, ChannelRow, Guard, Job, NewMessage, OutboxEntry, PersonFacts, Queue, StoreError, Timer, Unit,
};
use uuid::Uuid;

use super::{
    draft::next_firing,
    freeze::{Frozen, Recipient, reasons},
    kinds,
    template::Texts,
};
use crate::{
    App, AppError, Caller,
    messaging::{ChatWaits, purpose::broadcast_conversation},
    trust,
};

/// Messages of one slice: a few milliseconds of the writer, for which a text that comes may have to wait.
const SLICE: usize = 100;
/// People left out that one unit writes.
const LEFT_OUT_SLICE: usize = 500;
/// Slices that one turn of the job expands before it looks whether it still holds its claim.
const SLICES_A_TURN: usize = 100;

/// How people are reached who want to be written to by a chat.
#[derive(Default)]
struct Chats {
    channels: Vec<(&'static str, ChannelRow)>,
    waits: ChatWaits,
}

impl App {
    /// One turn of a release job. True when there is more to do.
    pub(crate) async fn release_turn(&self, job: &Job) -> Result<bool, AppError> {
        let Ok(id) = job.key.parse::<BroadcastId>() else { return self.end_job(job).await };
        let Some(row) = self.store().broadcast(&Scope::system(), id).await? else { return self.end_job(job).await };
        if row.status == "cancelled" {
            let mut unit = Unit::new();
            unit.drop_slices(id).job_done(job);
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(false);
        }
        if row.released_at.is_none() {
            self.freeze_broadcast(job, &row).await?;
            return Ok(true);
        }
        self.expand_turn(job, &row).await
    }

    async fn end_job(&self, job: &Job) -> Result<bool, AppError> {
        let mut unit = Unit::new();
        unit.job_done(job);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(false)
    }

    /// Evaluates the audience as whoever drafted it may see it, and writes who gets the message.
    async fn freeze_broadcast(&self, job: &Job, row: &BroadcastRow) -> Result<(), AppError> {
        if !self.approval_holds(row).await? {
            return self.cannot_release(job, row, "approval-changed").await;
        }
        let caller = self.author_as_caller(row.created_by).await?;
        let audience = match self.check_audience(&caller, &row.query).await {
            Ok(audience) => audience,
            Err(AppError::Query(error)) => return self.cannot_release(job, row, error.code()).await,
            Err(AppError::NotAllowed { .. }) => return self.cannot_release(job, row, "not-allowed").await,
            Err(AppError::Invalid(reason)) => return self.cannot_release(job, row, reason.key).await,
            Err(other) => return Err(other),
        };
        let texts = Texts::parse(&self.store().broadcast_texts(row.id).await?)?;
        let frozen = self.freeze(&caller, &audience.predicate, &texts, (row.lane, row.programme, row.channel)).await?;
        // An earlier attempt that was killed may have written some of it.
        let mut unit = Unit::new();
        unit.forget_freezing(row.id).job_progress(job, "{}");
        self.store().write(unit, Queue::Bulk).await?;
        self.write_frozen(job, row, &frozen).await
    }

    async fn write_frozen(&self, job: &Job, row: &BroadcastRow, frozen: &Frozen) -> Result<(), AppError> {
        for people in frozen.left_out.chunks(LEFT_OUT_SLICE) {
            let mut unit = Unit::new();
            for (person, reason) in people {
                unit.leave_out(row.id, *person, reason);
            }
            unit.job_progress(job, "{}");
            self.store().write(unit, Queue::Bulk).await?;
        }
        for (batch, slices) in frozen.recipients.chunks(SLICE * 40).enumerate() {
            let mut unit = Unit::new();
            for (number, slice) in slices.chunks(SLICE).enumerate() {
                let content = serde_json::to_string(slice)
                    .map_err(|e| AppError::invalid("send-unreadable", [("detail", e.to_string())]))?;
                unit.add_slice(row.id, i64::try_from(batch * 40 + number).unwrap_or(i64::MAX), &content);
            }
            unit.job_progress(job, "{}");
            self.store().write(unit, Queue::Bulk).await?;
        }
        // From here on the audience is frozen: status and counts in one unit.
        let now = self.clock().now_micros();
        let recipients = i64::try_from(frozen.recipients.len()).unwrap_or(i64::MAX);
        let matched = recipients + i64::try_from(frozen.left_out.len()).unwrap_or(0);
        let mut unit = Unit::new();
        // Paused in the meantime: it stays paused.
        let status = if row.status == "paused" { "paused" } else { "releasing" };
        unit.broadcast_status(row, status, Some(now), None);
        unit.broadcast_counts(row.id, matched, recipients);
        unit.changed("broadcast", row.id.uuid(), "updated", now);
        if let Some(facts) = &frozen.passed {
            let entry = Caller::system().entry("consent-passed", "broadcast", Some(row.id.uuid()), facts.clone());
            unit.audit(self.store(), &entry);
        }
        unit.job_progress(job, "{}");
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// The audience means nothing any more (a group or place was removed): nothing is sent, and the broadcast says why.
    async fn cannot_release(&self, job: &Job, row: &BroadcastRow, code: &str) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.broadcast_status(row, "cancelled", None, Some(now)).job_done(job);
        let entry = Caller::system().entry(
            "broadcast-not-released",
            "broadcast",
            Some(row.id.uuid()),
            serde_json::json!({ "code": code }),
        );
        unit.audit(self.store(), &entry);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn expand_turn(&self, job: &Job, row: &BroadcastRow) -> Result<bool, AppError> {
        let code = self.store().trust_code_of(row.id.uuid()).await?.map(|code| code.code).unwrap_or_default();
        let texts = Texts::parse(&trust::with_code(&self.store().broadcast_texts(row.id).await?, &code))?;
        let mut bodies: HashMap<Lang, Uuid> = HashMap::new();
        for _ in 0..SLICES_A_TURN {
            let Some((number, content)) = self.store().next_slice(row.id).await? else {
                return self.released(job, row).await.map(|()| false);
            };
            let recipients: Vec<Recipient> = serde_json::from_str(&content)
                .map_err(|e| AppError::invalid("send-unreadable", [("detail", e.to_string())]))?;
            let mut unit = self.expand(row, &texts, &recipients, &mut bodies).await?;
            unit.slice_done(row.id, number).job_progress(job, "{}");
            self.store().write(unit, Queue::Bulk).await?;
            self.wake();
        }
        Ok(true)
    }

    /// Everything is in the outbox.
    async fn released(&self, job: &Job, row: &BroadcastRow) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        // Paused in the meantime: it stays paused. Either way the unit fails when that has changed since, because whoever
        // lets it go on relies on this job.
        let status = if row.status == "releasing" { "sending" } else { &row.status };
        unit.broadcast_status(row, status, None, row.ended_at);
        unit.changed("broadcast", row.id.uuid(), "updated", now);
        unit.job_done(job);
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    /// Messages and outbox entries of one slice.
    async fn expand(
        &self,
        row: &BroadcastRow,
        texts: &Texts,
        recipients: &[Recipient],
        bodies: &mut HashMap<Lang, Uuid>,
    ) -> Result<Unit, AppError> {
        let facts = self.facts_cached().await?;
        let now = self.clock().now();
        let people = if texts.is_plain() {
            HashMap::new()
        } else {
            let ids: Vec<PersonId> = recipients.iter().map(|r| r.person).collect();
            let people = self.store().person_facts(&Scope::system(), &ids, now.as_microsecond()).await?;
            people.into_iter().map(|person| (person.id, person)).collect::<HashMap<_, _>>()
        };
        let nobody = PersonFacts::default();
        let chats = match recipients.iter().any(|recipient| recipient.chat.is_some()) {
            true => Chats { channels: self.chat_channels().await?, waits: self.chat_waits().await? },
            false => Chats::default(),
        };
        let mut unit = Unit::new();
        for recipient in recipients {
            let person = people.get(&recipient.person).unwrap_or(&nobody);
            let text = texts.render(recipient.language, person, &facts, now);
            if text.trim().is_empty() {
                unit.leave_out(row.id, recipient.person, reasons::EMPTY_TEXT);
                continue;
            }
            let mark = self.unreal_mark(recipient.language, row.is_test, row.is_drill);
            let text = match &recipient.salutation {
                Some(name) => format!("{mark}{name}: {text}"),
                None => format!("{mark}{text}"),
            };
            let shared_body = texts.is_plain() && recipient.salutation.is_none();
            let body = match bodies.get(&recipient.language).filter(|_| shared_body) {
                Some(body) => *body,
                None => {
                    let body = self.store().mint().uuid();
                    unit.add_body(body, &text, RetentionClass::Message, now.as_microsecond());
                    if shared_body {
                        bodies.insert(recipient.language, body);
                    }
                    body
                }
            };
            self.add_broadcast_message(&mut unit, row, (recipient, &chats), (body, &text), now.as_microsecond());
        }
        Ok(unit)
    }

    fn add_broadcast_message(
        &self,
        unit: &mut Unit,
        row: &BroadcastRow,
        (recipient, chats): (&Recipient, &Chats),
        (body, text): (Uuid, &str),
        now: i64,
    ) {
        let id = self.store().mint().id(MessageId::from_uuid);
        let conversation = broadcast_conversation(row.id, &recipient.path);
        let served = chats.channels.iter().find(|(scheme, _)| Some(*scheme) == recipient.chat.as_deref());
        let channel = row.channel.or(served.map(|(_, channel)| channel.id));
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Broadcast,
            state: MessageState::Waiting.as_str(),
            lane: row.lane,
            person: recipient.person,
            scheme: recipient.scheme().to_owned(),
            path: recipient.path.clone(),
            channel,
            conversation: Some(conversation),
            broadcast: Some(row.id),
            thread: None,
            body,
            language: Some(recipient.language),
            segments: i64::try_from(mhero_text::measure(text).segments).unwrap_or(1),
            dedupe_key: format!("broadcast/{}/{}", row.id, recipient.person),
            reply_to: None,
            answers: None,
            written_by: row.created_by,
            programme: row.programme.map(mhero_core::ProgrammeId::uuid),
            is_test: row.is_test,
            is_drill: row.is_drill,
            created_at: now,
        };
        unit.add_message(&message, Guard::Rows(1));
        let entry = OutboxEntry {
            message: id,
            channel,
            lane: row.lane,
            conversation,
            sequence: now,
            broadcast: Some(row.id),
            ready_at: now,
            quiet_exempt: row.quiet_override.is_some(),
        };
        unit.add_to_outbox(&entry, now);
        if recipient.chat.is_some() {
            let sms = recipient.sms.as_deref().unwrap_or_default();
            unit.add_chat_turn(id, (recipient.person, row.id), sms, chats.waits.due(row.lane, now));
        }
    }

    /// The undo minute is over, or the set time has come: the release begins.
    pub(crate) async fn release_due(&self, timer: &Timer) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Ok(id) = timer.key.parse::<BroadcastId>()
            && let Some(row) = self.store().broadcast(&Scope::system(), id).await?
            && matches!(row.status.as_str(), "undo" | "scheduled")
        {
            unit.broadcast_status(&row, "releasing", None, None);
            unit.add_job(self.store(), kinds::RELEASE_JOB, &timer.key, "{}", now);
            unit.changed("broadcast", id.uuid(), "updated", now);
        }
        self.write_fired(unit).await
    }

    /// Writes what a timer causes, its removal first.
    async fn write_fired(&self, unit: Unit) -> Result<(), AppError> {
        match self.store().write(unit, Queue::Interactive).await {
            // Another node has fired it, or it was set anew.
            Err(StoreError::Guard { step: 0 }) => Ok(()),
            other => Ok(other.map(|_| self.wake())?),
        }
    }

    /// A recurring broadcast fires: a broadcast of its own for this time, and the timer for the next.
    pub(crate) async fn recur_due(&self, timer: &Timer) -> Result<(), AppError> {
        let now = self.clock().now();
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Ok(id) = timer.key.parse::<BroadcastId>()
            && let Some(row) = self.store().broadcast(&Scope::system(), id).await?
            && row.status == "recurring"
            && let Some(cron) = &row.recurrence
        {
            let number = self.store().next_number("broadcast").await?;
            let texts = self.store().broadcast_texts(id).await?;
            let child = BroadcastRow {
                id: self.store().mint().id(BroadcastId::from_uuid),
                number,
                status: "releasing".to_owned(),
                parent: Some(id),
                release_at: Some(timer.due_at),
                recurrence: None,
                created_at: now.as_microsecond(),
                version: 1,
                ..row.clone()
            };
            // One broadcast for each firing, whoever fires it and however often.
            let once_key = format!("recur/{id}/{}", timer.due_at);
            unit.take_numbers("broadcast", number, 1);
            self.add_trust_code(&mut unit, trust::kinds::BROADCAST, child.id.uuid()).await?;
            unit.add_broadcast(&child, &texts, Some(&once_key));
            unit.put_short_texts(child.id, &self.store().short_texts(id).await?);
            unit.put_validity(child.id, self.store().validity_of(id).await?);
            unit.add_job(self.store(), kinds::RELEASE_JOB, &child.id.to_string(), "{}", now.as_microsecond());
            // A server that was down for days sends once, not once for each day it missed.
            let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
            let next = next_firing(cron, now, &zone)?.as_microsecond();
            unit.set_timer(self.store(), kinds::RECUR_TIMER, &timer.key, next, "{}");
            unit.changed("broadcast", child.id.uuid(), "created", now.as_microsecond());
        }
        self.write_fired(unit).await
    }
}
