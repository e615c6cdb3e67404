//! Agreeing, or sending back with a reason.

use jiff::{SignedDuration, tz::TimeZone};
use mhero_core::{BroadcastId, Right};
use mhero_store::{ApprovalDecided, ApprovalRow, BroadcastRow, Queue, Unit};
use serde_json::json;

use super::{ask::about_kind, digest::Plan, states, subjects};
use crate::{
    App, AppError, Caller,
    broadcasts::{UNDO_SECONDS, kinds, next_firing},
};

/// Longest reason for sending back, in characters.
pub const SENT_BACK_CHARS_MAX: usize = 500;

/// By which part of what was shown an audience may have grown, so that the number still counts: a twentieth.
const GROWTH_PART: i64 = 20;

/// What the second person says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may leave.
    Approve {
        /// The digest of what they were shown, in hexadecimal.
        shown: String,
        /// The number of people that they were shown.
        people: i64,
    },
    /// It may not, with the reason.
    SendBack(String),
}

/// Somebody who decides.
pub(super) struct Decider<'a> {
    pub(super) caller: &'a Caller,
    pub(super) by_sms: bool,
}

impl App {
    /// Decides about a broadcast that waits. What is approved goes through its undo minute, or waits for its time.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] for one's own broadcast, one that no longer waits, one that has changed or
    /// grown by more than a twentieth since it was shown, or a missing reason. Then nothing was decided.
    pub async fn decide_approval(&self, caller: &Caller, id: BroadcastId, decision: &Decision) -> Result<(), AppError> {
        caller.must(Right::Approve)?;
        self.store()
            .decide(|| async {
                let (row, approval) = self.to_decide(caller, id).await?;
                let mut unit = Unit::new();
                match decision {
                    Decision::Approve { shown, people } => {
                        self.must_be_as_shown(&row, &approval, (shown, *people)).await?;
                        self.approve(&mut unit, &row, &approval, &Decider { caller, by_sms: false }).await?;
                    }
                    Decision::SendBack(reason) => {
                        let reason = reason.trim();
                        if reason.chars().count() < 3 {
                            return Err(AppError::invalid("approval-reason", []));
                        }
                        let reason: String = reason.chars().take(SENT_BACK_CHARS_MAX).collect();
                        self.send_back(&mut unit, &row, &approval, (&reason, &Decider { caller, by_sms: false }))
                            .await?;
                    }
                }
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// What somebody may decide about.
    pub(super) async fn to_decide(
        &self,
        caller: &Caller,
        id: BroadcastId,
    ) -> Result<(BroadcastRow, ApprovalRow), AppError> {
        let approval = self.store().last_approval(id).await?;
        let row = match &approval {
            Some(approval) => self.subject(&caller.scope, approval).await?,
            None => self.store().broadcast(&caller.scope, id).await?,
        };
        let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let waits = approval.filter(|approval| approval.state == states::WAITING && row.status == super::STATUS);
        let approval =
            waits.ok_or_else(|| AppError::invalid("approval-not-waiting", [("number", row.number.to_string())]))?;
        // The administrator at the command line is nobody in particular, so nobody's second person.
        if caller.scope.principal().is_none() || caller.scope.principal() == row.created_by {
            return Err(AppError::invalid("approval-own", []));
        }
        Ok((row, approval))
    }

    async fn must_be_as_shown(
        &self,
        row: &BroadcastRow,
        approval: &ApprovalRow,
        (shown, people): (&str, i64),
    ) -> Result<(), AppError> {
        if crate::hex::encode(&approval.digest) != shown || !self.is_unchanged(row, approval).await? {
            return Err(AppError::invalid("approval-changed", []));
        }
        // People come and go while somebody reads. Fewer are no harm; more than a few is not what was agreed to.
        let now = match approval.kind.as_str() {
            subjects::START => self.preview_of_start(row.id, mhero_core::Lang::ENGLISH).await?.recipients,
            _ => self.preview_of(row).await?.recipients,
        };
        if now > people.saturating_add(people / GROWTH_PART) {
            return Err(AppError::invalid("approval-moved", [("n", now.to_string())]));
        }
        Ok(())
    }

    /// It may leave: what was planned happens, counted from now.
    pub(super) async fn approve(
        &self,
        unit: &mut Unit,
        row: &BroadcastRow,
        approval: &ApprovalRow,
        decider: &Decider<'_>,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let (micros, key) = (now.as_microsecond(), row.id.to_string());
        let not_waiting = || AppError::invalid("approval-not-waiting", [("number", row.number.to_string())]);
        let plan: Plan = serde_json::from_str(&approval.plan).map_err(|_| not_waiting())?;
        unit.decide_approval(approval, &self.decided(states::APPROVED, "", decider));
        if approval.kind == subjects::START {
            self.let_start(unit, row.id, true).await?;
            self.note_decision(unit, row, approval, ("approval-given", decider));
            return Ok(());
        }
        match (plan.status.as_str(), plan.at) {
            ("releasing", _) => {
                unit.broadcast_status(row, "releasing", None, None);
                unit.add_job(self.store(), kinds::RELEASE_JOB, &key, "{}", micros);
            }
            ("recurring", _) => {
                let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
                let next = next_firing(row.recurrence.as_deref().unwrap_or_default(), now, &zone)?;
                unit.broadcast_status(row, "recurring", None, None);
                unit.broadcast_release_at(row.id, Some(next.as_microsecond()));
                unit.set_timer(self.store(), kinds::RECUR_TIMER, &key, next.as_microsecond(), "{}");
            }
            ("scheduled", Some(at)) if at > micros => {
                unit.broadcast_status(row, "scheduled", None, None);
                unit.set_timer(self.store(), kinds::RELEASE_TIMER, &key, at, "{}");
            }
            // At once, or at a time that has passed while it waited: a minute is left to undo it.
            _ => {
                let at = (now + SignedDuration::from_secs(UNDO_SECONDS)).as_microsecond();
                unit.broadcast_status(row, "undo", None, None).broadcast_release_at(row.id, Some(at));
                unit.set_timer(self.store(), kinds::RELEASE_TIMER, &key, at, "{}");
            }
        }
        self.note_decision(unit, row, approval, ("approval-given", decider));
        Ok(())
    }

    /// It does not leave; its author reads why.
    pub(super) async fn send_back(
        &self,
        unit: &mut Unit,
        row: &BroadcastRow,
        approval: &ApprovalRow,
        (reason, decider): (&str, &Decider<'_>),
    ) -> Result<(), AppError> {
        unit.decide_approval(approval, &self.decided(states::REFUSED, reason, decider));
        if approval.kind == subjects::START {
            self.let_start(unit, row.id, false).await?;
        } else {
            unit.broadcast_status(row, "cancelled", None, Some(self.clock().now_micros()));
        }
        self.note_decision(unit, row, approval, ("approval-refused", decider));
        Ok(())
    }

    fn decided<'a>(&self, state: &'a str, reason: &'a str, decider: &Decider<'_>) -> ApprovalDecided<'a> {
        let by = decider.caller.scope.principal();
        ApprovalDecided { state, reason, by, by_sms: decider.by_sms, at: self.clock().now_micros() }
    }

    fn note_decision(
        &self,
        unit: &mut Unit,
        row: &BroadcastRow,
        approval: &ApprovalRow,
        (action, decider): (&'static str, &Decider<'_>),
    ) {
        unit.changed(about_kind(approval), row.id.uuid(), "updated", self.clock().now_micros());
        let facts = json!({
            "number": row.number, "approval": approval.id, "digest": crate::hex::encode(&approval.digest),
            "by_sms": decider.by_sms, "people": approval.people,
        });
        unit.audit(self.store(), &decider.caller.entry(action, about_kind(approval), Some(row.id.uuid()), facts));
    }
}
