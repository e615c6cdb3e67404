//! What pages show of the rules: who of a broadcast waits and why, when a text was written, what nobody knows.

use std::collections::HashMap;

use jiff::Timestamp;
use mhero_core::{BroadcastId, Direction, MessageId, MessageState, Right, limits::PAGE_ROWS, timestamp};
use mhero_store::{HeldPerson, HeldSum, MessageRow, UncertainRow};
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// Messages that wait for a rule, of those that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// Why, see [`super::reasons`].
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
    /// How many people.
    pub people: i64,
}

/// What rules say about one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageNote {
    /// Why it waits and until when.
    pub held: Option<(String, Timestamp)>,
    /// When it was written, as phone or operator say.
    pub said_at: Option<Timestamp>,
    /// `ahead` or `old` where what they said could not be true.
    pub note: String,
    /// It came when the flow that it answers no longer waited.
    pub is_late: bool,
}

/// Uncertain messages.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The oldest first.
    pub rows: Vec<UncertainRow>,
    /// How many wait for an official.
    pub waiting: i64,
    /// There are more after these.
    pub has_more: bool,
}

impl App {
    /// How many of a broadcast wait for an hour or a day, by reason.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn held_back(&self, caller: &Caller, broadcast: BroadcastId) -> Result<Vec<HeldBack>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, broadcast).await?;
        let row = row.ok_or_else(|| AppError::not_found("broadcast", broadcast))?;
        let now = self.clock().now();
        let sums = self.store().held_sums(broadcast, now.as_microsecond()).await?;
        let mut held: Vec<HeldBack> = sums
            .into_iter()
            .map(|HeldSum { reason, people, last, .. }| HeldBack { reason, people, until: timestamp(last) })
            .collect();
        // Where everybody rests nobody is asked about one by one.
        let is_waiting = matches!(row.status.as_str(), "releasing" | "sending") && row.lane.is_held_by_quiet_hours();
        if is_waiting && row.quiet_override.is_none() && self.rules_cached().await?.is_quiet_everywhere(now) {
            let states = self.store().count_by_state(broadcast).await?;
            let waiting =
                states.iter().find(|(state, _)| state == MessageState::Waiting.as_str()).map_or(0, |(_, n)| *n);
            let others: i64 = held.iter().map(|one| one.people).sum();
            if let Some((until, reason, _)) = self.rules_cached().await?.hold(now, (None, None))
                && waiting > others
            {
                held.push(HeldBack { reason: reason.to_owned(), until, people: waiting - others });
            }
        }
        Ok(held)
    }

    /// Who of a broadcast waits, after a cursor (nil for the first page), one more than a page has.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn held_people(
        &self,
        caller: &Caller,
        broadcast: BroadcastId,
        after: Uuid,
    ) -> Result<Vec<HeldPerson>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, broadcast).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", broadcast))?;
        let now = self.clock().now_micros();
        Ok(self.store().held_people(&caller.scope, broadcast, (now, after), PAGE_ROWS + 1).await?)
    }

    /// What rules say about messages that a page shows, which were read under the caller's scope.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn message_notes(&self, messages: &[MessageRow]) -> Result<HashMap<MessageId, MessageNote>, AppError> {
        let now = self.clock().now();
        let mut notes: HashMap<MessageId, MessageNote> = HashMap::new();
        let of = |direction| messages.iter().filter(move |message| message.direction == direction);
        for (id, said) in self.store().said_times(of(Direction::In).map(|message| message.id)).await? {
            let note = notes.entry(id).or_default();
            (note.said_at, note.note, note.is_late) = (said.said_at.map(timestamp), said.note, said.is_late);
        }
        let waits = |message: &&MessageRow| message.state == MessageState::Waiting.as_str();
        let waiting = || of(Direction::Out).filter(waits);
        for hold in self.store().holds_of(waiting().map(|message| message.id), now.as_microsecond()).await? {
            notes.entry(hold.message).or_default().held = Some((hold.reason, timestamp(hold.until)));
        }
        let rules = self.rules_cached().await?;
        if rules.is_quiet_everywhere(now)
            && let Some((until, reason, _)) = rules.hold(now, (None, None))
        {
            for message in waiting().filter(|message| message.lane.is_held_by_quiet_hours()) {
                notes.entry(message.id).or_default().held.get_or_insert_with(|| (reason.to_owned(), until));
            }
        }
        Ok(notes)
    }

    /// Uncertain messages that the caller sees, the oldest first, after one of them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn uncertain_messages(&self, caller: &Caller, after: Option<(i64, Uuid)>) -> Result<Undecided, AppError> {
        caller.must(Right::ReadMessages)?;
        let after = after.unwrap_or((i64::MIN, Uuid::nil()));
        let mut rows = self.store().uncertain(&caller.scope, after, PAGE_ROWS + 1).await?;
        let page = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
        let has_more = rows.len() > page;
        rows.truncate(page);
        Ok(Undecided { rows, waiting: self.store().count_undecided(&caller.scope).await?, has_more })
    }
}
