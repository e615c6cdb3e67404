//! Writing accepted proposals to the registries that own them, once each.
//!
//! A proposal is `writing` before anything leaves. One that is found so later was cut short, or nobody knows how it ended: the
//! source is pulled, and what its record says then decides. Nothing is ever written over what somebody else changed meanwhile.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::SignedDuration;
use mhero_core::{
    SourceId,
    record::{Content, Reason},
    timestamp,
};
use mhero_store::{Proposal, Queue, Source, StoreError, TargetRecord, Unit};

use super::{
    fields::{held, holds, is_as_then},
    target::writes,
};
use crate::{
    App, AppError, Caller,
    ports::{Push, PushOutcome, Registry, Target, ValueChange},
    sync::keep_reason,
};

/// Proposals written in one pass.
const PASS_MAX: i64 = 20;
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;
/// A write that is under way so long was cut short.
pub(super) const WRITING_MAX: SignedDuration = SignedDuration::from_mins(10);
/// How soon it is looked again whether a source was pulled.
pub(super) const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// How often it is looked whether a correction file was taken over by its source.
const FILE_LOOK: SignedDuration = SignedDuration::from_mins(10);
/// The first wait after a failed attempt; it doubles with each further one.
const BACK_OFF_FIRST: SignedDuration = SignedDuration::from_secs(60);
/// The longest wait.
const BACK_OFF_MAX: SignedDuration = SignedDuration::from_hours(1);
/// How long a health worker can object.
const OBJECTION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is to be done after an attempt, once the record that the registry told has been taken in.
struct After {
    proposal: Proposal,
    is_written: bool,
    raw: Option<String>,
    source: Source,
    registry: Arc<dyn Registry>,
}

impl App {
    /// Takes up what was said, and writes what was accepted. Returns how much was done.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn way_back_pass(&self) -> Result<usize, AppError> {
        if self.store().take_lease("way-back", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        let heard = self.way_back_watch().await? + self.settle_rounds().await?;
        let written = self.write_due().await? + self.create_due().await?;
        Ok(heard + written + self.join_strangers().await?)
    }

    async fn write_due(&self) -> Result<usize, AppError> {
        let due = self.store().due_proposals(self.clock().now_micros(), PASS_MAX).await?;
        let count = due.len();
        let mut after: BTreeMap<SourceId, Vec<After>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for proposal in due {
            // A second correction of one record waits until what the first made of it is known here: by its version it would look
            // as if somebody else had changed it meanwhile.
            if proposal.source_record.is_some_and(|record| !touched.insert(record)) {
                continue;
            }
            let id = proposal.id;
            match Box::pin(self.write_one(proposal)).await {
                Ok(Some(done)) => after.entry(done.source.id).or_default().push(done),
                Ok(None) | Err(AppError::Store(StoreError::Guard { .. })) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::error!(proposal = %id, %error, "a correction could not be written"),
            }
        }
        for done in after.into_values() {
            self.end_writes(done).await?;
        }
        Ok(count)
    }

    /// Takes in what a registry told after some writes, then says that they are written or in conflict.
    async fn end_writes(&self, done: Vec<After>) -> Result<(), AppError> {
        let Some(first) = done.first() else { return Ok(()) };
        let mut raws: Vec<String> = done.iter().filter_map(|one| one.raw.clone()).collect();
        raws.reverse();
        let mut seen = BTreeSet::new();
        if raws.is_empty() {
            self.pull_soon(first.source.id).await?;
        } else {
            // Of one record written twice the last word counts.
            raws.retain(|raw| seen.insert(raw.clone()));
            raws.reverse();
            self.take_back(&first.source, first.registry.as_ref(), &raws).await?;
        }
        for one in done {
            let ended =
                if one.is_written { self.written(one.proposal).await } else { self.in_conflict(one.proposal).await };
            match ended {
                Err(AppError::Store(StoreError::Guard { .. })) => {}
                other => other?,
            }
        }
        Ok(())
    }

    async fn write_one(&self, mut proposal: Proposal) -> Result<Option<After>, AppError> {
        let sources = self.store().sources().await?;
        let source = sources.into_iter().find(|source| Some(source.id) == proposal.source);
        let record = match proposal.source_record {
            Some(record) => self.store().target_record(record).await?,
            None => None,
        };
        let (Some(source), Some(record)) = (source, record) else {
            if proposal.place.is_some() {
                // No registry holds such a value: it is ours, as the reviewer decided.
                self.written(proposal).await?;
                return Ok(None);
            }
            self.failed(proposal, &Reason::plain("wayback-no-registry")).await?;
            return Ok(None);
        };
        let Ok(content) = serde_json::from_str::<Content>(&record.content) else {
            self.failed(proposal, &Reason::plain("wayback-no-registry")).await?;
            return Ok(None);
        };
        let Some(new) = self.value_there(&proposal, &source).await? else {
            let args = [("source", source.name.clone())];
            self.failed(proposal, &Reason::new("wayback-place-unknown-there", args)).await?;
            return Ok(None);
        };
        let is_unsure = proposal.state == "writing";
        if is_unsure && !self.was_pulled_since(&proposal, source.id).await? {
            self.pull_soon(source.id).await?;
            self.later(proposal, LOOK_AGAIN, None).await?;
            return Ok(None);
        }
        if holds(&content, &proposal.field, proposal.old_value.as_deref(), &new) {
            self.written(proposal).await?;
            return Ok(None);
        }
        if !is_as_then(&content, &proposal.field, proposal.old_value.as_deref()) {
            proposal.conflict_value = held(&content, &proposal.field);
            self.in_conflict(proposal).await?;
            return Ok(None);
        }
        let Some(registry) = self.registry_to_write(&source).await else {
            // A set of files: the correction waits in its file until the source holds it.
            self.later(proposal, FILE_LOOK, None).await?;
            return Ok(None);
        };
        if !writes(registry.as_ref(), (&proposal.field, proposal.place.is_some())) {
            let args = [("source", source.name.clone()), ("field", proposal.field.clone())];
            self.failed(proposal, &Reason::new("wayback-field-not-written", args)).await?;
            return Ok(None);
        }
        self.push_one(proposal, (source, record), (registry, new)).await
    }

    async fn push_one(
        &self,
        mut proposal: Proposal,
        (source, record): (Source, TargetRecord),
        (registry, new): (Arc<dyn Registry>, String),
    ) -> Result<Option<After>, AppError> {
        let now = self.clock().now();
        proposal.state = "writing".to_owned();
        proposal.attempts += 1;
        proposal.pushed_at = Some(now.as_microsecond());
        proposal.next_at = Some((now + WRITING_MAX).as_microsecond());
        let mut unit = Unit::new();
        unit.set_proposal(&proposal);
        self.store().write(unit, Queue::Interactive).await?;
        proposal.version += 1;
        let push = push(&proposal, record, new);
        match self.on_journey(registry.push(&push)).await {
            PushOutcome::Written { raw, .. } => Ok(Some(After { proposal, is_written: true, raw, source, registry })),
            PushOutcome::Conflict { now, values } => {
                let value = values.into_iter().find(|(field, _)| *field == proposal.field);
                proposal.conflict_value = value.map(|(_, value)| value);
                Ok(Some(After { proposal, is_written: false, raw: now, source, registry }))
            }
            PushOutcome::Refused { reason } => {
                self.failed(proposal, &reason).await?;
                Ok(None)
            }
            PushOutcome::NotSent { reason } => {
                proposal.state = "accepted".to_owned();
                let wait = back_off(proposal.attempts);
                self.later(proposal, wait, Some(&reason)).await?;
                Ok(None)
            }
            PushOutcome::Unknown { reason } => {
                self.pull_soon(source.id).await?;
                self.later(proposal, LOOK_AGAIN, Some(&reason)).await?;
                Ok(None)
            }
        }
    }

    /// The new value as the source has it: a facility by the source's own kind and id. `None` where it does not know the place.
    async fn value_there(&self, proposal: &Proposal, source: &Source) -> Result<Option<String>, AppError> {
        match proposal.new_place {
            Some(place) if source.kind != super::target::FILES => {
                let there = self.store().place_at_source(source.id, place).await?;
                Ok(there.map(|(kind, id)| format!("{kind}/{id}")))
            }
            _ => Ok(Some(proposal.new_value.clone())),
        }
    }

    async fn was_pulled_since(&self, proposal: &Proposal, source: SourceId) -> Result<bool, AppError> {
        let states = self.store().sync_states().await?;
        let pulled = states.into_iter().find(|state| state.source == source).and_then(|state| state.succeeded_at);
        Ok(pulled.zip(proposal.pushed_at).is_some_and(|(pulled, pushed)| pulled > pushed))
    }

    async fn written(&self, mut proposal: Proposal) -> Result<(), AppError> {
        let now = self.clock().now();
        proposal.state = "written".to_owned();
        proposal.written_at = Some(now.as_microsecond());
        (proposal.next_at, proposal.reason, proposal.conflict_value) = (None, None, None);
        let mut unit = Unit::new();
        if proposal.place.is_some() {
            self.place_written(&mut unit, &proposal);
        } else {
            proposal.objection_until = Some((now + OBJECTION).as_microsecond());
            self.tell_written(&mut unit, &proposal).await?;
        }
        self.end_proposal(unit, &proposal, "change-written").await
    }

    async fn in_conflict(&self, mut proposal: Proposal) -> Result<(), AppError> {
        proposal.state = "conflict".to_owned();
        proposal.next_at = None;
        self.end_proposal(Unit::new(), &proposal, "change-conflict").await
    }

    async fn failed(&self, mut proposal: Proposal, reason: &Reason) -> Result<(), AppError> {
        proposal.state = "failed".to_owned();
        proposal.next_at = None;
        proposal.reason = Some(keep_reason(reason));
        self.end_proposal(Unit::new(), &proposal, "change-failed").await
    }

    async fn end_proposal(&self, mut unit: Unit, proposal: &Proposal, action: &'static str) -> Result<(), AppError> {
        unit.set_proposal(proposal);
        unit.changed("proposal", proposal.id, "updated", self.clock().now_micros());
        let facts = serde_json::json!({ "field": proposal.field, "attempts": proposal.attempts });
        unit.audit(self.store(), &Caller::system().entry(action, "proposal", Some(proposal.id), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn later(
        &self,
        mut proposal: Proposal,
        wait: SignedDuration,
        reason: Option<&Reason>,
    ) -> Result<(), AppError> {
        proposal.next_at = Some((self.clock().now() + wait).as_microsecond());
        if let Some(reason) = reason {
            proposal.reason = Some(keep_reason(reason));
        }
        let mut unit = Unit::new();
        unit.set_proposal(&proposal);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

/// How long to wait after so many attempts.
pub(super) fn back_off(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    (BACK_OFF_FIRST * 2i32.pow(doublings)).min(BACK_OFF_MAX)
}

fn push(proposal: &Proposal, record: TargetRecord, new: String) -> Push {
    let is_worker = proposal.said_by.is_some();
    let (agent, reason) = match (proposal.place.is_some(), is_worker) {
        (true, _) => ("health worker", "Said by staff of the facility by SMS and decided by a reviewer"),
        (false, true) => ("health worker", "Said by SMS and accepted"),
        (false, false) => ("officer", "Entered and accepted in the console"),
    };
    Push {
        key: proposal.id.to_string(),
        target: Target { kind: record.kind, id: record.ext_id, raw: record.raw },
        values: vec![ValueChange { field: proposal.field.clone(), old: proposal.old_value.clone(), new }],
        agent: agent.to_owned(),
        recorded: timestamp(proposal.created_at).to_string(),
        reason: reason.to_owned(),
    }
}
