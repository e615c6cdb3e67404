//! What the pages of broadcasts ask again and again: counts by state, and what happened, cheaply.

use jiff::Timestamp;
use mhero_core::{BroadcastId, MessageState, Right, Scope};
use mhero_store::{AuditFilter, BroadcastRow};

use crate::{App, AppError, Caller};

/// Most events of one broadcast that a page shows.
const EVENTS_MAX: i64 = 50;

/// How far a broadcast has got.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The broadcast.
    pub broadcast: BroadcastRow,
    /// Messages by state; those of frozen slices that are not in the outbox yet count as waiting.
    states: Vec<(String, i64)>,
}

/// Something that somebody decided about a broadcast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroadcastEvent {
    /// When.
    pub at: Timestamp,
    /// What, the word of the audit log: `broadcast-paused`.
    pub action: String,
    /// Who, by name; `None` for mHero itself.
    pub who: Option<String>,
}

impl Progress {
    /// Messages in a state.
    pub fn of(&self, state: MessageState) -> i64 {
        let known = self.states.iter().find(|(word, _)| word == state.as_str()).map_or(0, |(_, n)| *n);
        let written: i64 = self.states.iter().map(|(_, n)| n).sum();
        // What was stopped before it reached the outbox was taken back as well.
        let unwritten = (self.broadcast.recipients - written).max(0);
        match (state, self.broadcast.status.as_str()) {
            (MessageState::Cancelled, "cancelled") => known + unwritten,
            (MessageState::Waiting, status) if status != "cancelled" => known + unwritten,
            _ => known,
        }
    }
}

impl App {
    /// How far a broadcast has got.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_progress(&self, caller: &Caller, id: BroadcastId) -> Result<Progress, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        let broadcast = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        Ok(Progress { states: self.store().count_by_state(id).await?, broadcast })
    }

    /// How far the broadcasts of a page have got, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn broadcasts_with_progress(
        &self,
        caller: &Caller,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Progress>, AppError> {
        let mut found = Vec::new();
        for broadcast in self.list_broadcasts(caller, before, limit).await? {
            found.push(Progress { states: self.store().count_by_state(broadcast.id).await?, broadcast });
        }
        Ok(found)
    }

    /// What people decided about a broadcast, newest first. Whoever sees the broadcast sees them.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_events(&self, caller: &Caller, id: BroadcastId) -> Result<Vec<BroadcastEvent>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let filter = AuditFilter { about: Some(id.uuid()), ..AuditFilter::default() };
        let mut events = Vec::new();
        for entry in self.store().audit_log(&Scope::system(), &filter, EVENTS_MAX).await? {
            let who = match entry.actor {
                Some(actor) => {
                    self.store().user(mhero_core::UserId::from_uuid(actor)).await?.map(|(user, _)| user.name)
                }
                None => None,
            };
            events.push(BroadcastEvent { at: entry.at, action: entry.action, who });
        }
        Ok(events)
    }
}
