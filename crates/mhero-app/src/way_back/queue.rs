//! The queue of proposals: what officials see, and what they decide.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mhero_core::{Lang, PlaceId, Right, SourceId};
use mhero_query::fold;
use mhero_store::{Proposal, ProposalRow, Queue, SaidOfPlace, StoreError, Unit};
use uuid::Uuid;

use super::target::FILES;
use crate::{App, AppError, Caller};

/// Proposals of one page at most.
const PAGE_MAX: i64 = 200;
/// Proposals decided in one go at most.
const DECIDED_MAX: usize = 500;
/// How long an accepted proposal waits before it is written, so that the decision can be taken back.
const UNDO_WITHIN: SignedDuration = SignedDuration::from_secs(30);
/// The setting that says whether two people must accept.
const TWO_PEOPLE: &str = "way-back-two-people";

/// A part of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Clear enough to accept in bulk.
    Sure,
    /// Somebody should look.
    Eye,
    /// Somebody changed the record meanwhile.
    Conflict,
    /// All of these.
    All,
    /// Accepted, and not written yet.
    Way,
    /// Written, rejected, withdrawn, failed.
    Done,
}

impl Shelf {
    /// Every part.
    pub const ALL: [Self; 6] = [Self::All, Self::Sure, Self::Eye, Self::Conflict, Self::Way, Self::Done];

    /// Its word in addresses, the store and the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Eye => "eye",
            Self::Conflict => "conflict",
            Self::All => "all",
            Self::Way => "way",
            Self::Done => "done",
        }
    }

    /// The part of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.word() == word)
    }
}

/// What an official decides. Of a conflict: to take the worker's word, or to keep the registry's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Write it.
    Accept,
    /// Leave the register as it is.
    Reject,
}

/// What became of a decision about several proposals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Decided now.
    pub done: Vec<Uuid>,
    /// Accepted by one of the two who must.
    pub seconded: Vec<Uuid>,
    /// Decided or changed meanwhile by somebody else: look again.
    pub meanwhile: Vec<Uuid>,
    /// Not decided: the id, and the key of the reason.
    pub refused: Vec<(Uuid, &'static str)>,
}

impl Decided {
    /// Adds what became of further ones.
    pub fn add(&mut self, other: Self) {
        self.done.extend(other.done);
        self.seconded.extend(other.seconded);
        self.meanwhile.extend(other.meanwhile);
        self.refused.extend(other.refused);
    }
}

/// A proposal as an official sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// The proposal and what belongs to it. The evidence is empty without the right to read messages.
    pub row: ProposalRow,
    /// The old value in words: the name of a facility, not its id at the source.
    pub old: Option<String>,
    /// The new value in words.
    pub new: String,
    /// What the registry holds now, in words, where somebody changed it meanwhile.
    pub now: Option<String>,
    /// Of a place's value all that its staff answered, oldest first.
    pub answers: Vec<SaidOfPlace>,
}

impl QueueRow {
    /// Whose value it is: the name of the person, or of the place in a language.
    pub fn subject(&self, language: Lang) -> &str {
        self.row.subject_place.as_ref().map_or(&self.row.person_name, |names| names.best(language))
    }

    /// The values that the staff of a place said, each once, in the order in which they were first said.
    pub fn values(&self) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        for one in &self.answers {
            if !values.iter().any(|known| fold(known) == fold(&one.answer.value)) {
                values.push(&one.answer.value);
            }
        }
        values
    }
}

impl App {
    /// Proposals of a part of the queue within the caller's scope, newest first; `after` is the last one of the page before.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn proposals(
        &self,
        caller: &Caller,
        shelf: Shelf,
        after: Option<(i64, Uuid)>,
        limit: i64,
    ) -> Result<Vec<QueueRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        let after = after.unwrap_or((i64::MAX, Uuid::max()));
        let rows = self.store().proposals(&caller.scope, shelf.word(), after, limit.clamp(1, PAGE_MAX)).await?;
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            shown.push(self.queue_row(caller, row).await?);
        }
        Ok(shown)
    }

    /// One proposal within the caller's scope.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn proposal(&self, caller: &Caller, id: Uuid) -> Result<QueueRow, AppError> {
        caller.must(Right::ReadPeople)?;
        let row = self.store().proposal_row(&caller.scope, id).await?;
        self.queue_row(caller, row.ok_or_else(|| AppError::not_found("proposal", id))?).await
    }

    /// How many proposals stand in which part of the queue.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn proposal_counts(&self, caller: &Caller) -> Result<BTreeMap<String, i64>, AppError> {
        caller.must(Right::ReadPeople)?;
        let mut counts: BTreeMap<String, i64> =
            self.store().proposal_counts(&caller.scope).await?.into_iter().collect();
        let waiting = ["sure", "eye", "conflict"].iter().filter_map(|shelf| counts.get(*shelf)).sum();
        counts.insert(Shelf::All.word().to_owned(), waiting);
        Ok(counts)
    }

    async fn queue_row(&self, caller: &Caller, mut row: ProposalRow) -> Result<QueueRow, AppError> {
        if !caller.scope.may(Right::ReadMessages) {
            row.evidence = None;
        }
        let proposal = &row.proposal;
        let answers = self.answers_behind(caller, proposal).await?;
        let new = row.place_name.as_ref().map(|names| names.best(caller.language).to_owned());
        let mut old = proposal.old_value.clone();
        let mut now = proposal.conflict_value.clone();
        if let ("facility", Some(source)) = (proposal.field.as_str(), proposal.source) {
            for value in [&mut old, &mut now] {
                if let Some(name) = self.place_in_words(caller, source, value.as_deref()).await? {
                    *value = Some(name);
                }
            }
        }
        Ok(QueueRow { new: new.unwrap_or_else(|| proposal.new_value.clone()), old, now, row, answers })
    }

    async fn place_in_words(
        &self,
        caller: &Caller,
        source: SourceId,
        value: Option<&str>,
    ) -> Result<Option<String>, AppError> {
        let Some((kind, id)) = value.and_then(|value| value.split_once('/')) else { return Ok(None) };
        let place: Option<PlaceId> = self.store().place_of_source(source, kind, id).await?;
        let Some(place) = place else { return Ok(None) };
        let place = self.store().place(place).await?;
        Ok(place.map(|place| place.name.best(caller.language).to_owned()))
    }

    /// Whether two people must accept a proposal.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn two_people_accept(&self) -> Result<bool, AppError> {
        Ok(self.store().setting(TWO_PEOPLE).await?.as_deref() == Some("yes"))
    }

    /// Says whether two people must accept a proposal.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn set_two_people_accept(&self, caller: &Caller, wanted: bool) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let mut unit = Unit::new();
        unit.put_setting(TWO_PEOPLE, if wanted { "yes" } else { "no" }, self.clock().now_micros());
        let facts = serde_json::json!({ "two_people": wanted });
        unit.audit(self.store(), &caller.entry("way-back-set", "setting", None, facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Decides about proposals, each as the caller saw it: id and version. What was decided meanwhile is told and left alone.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] for too many at once.
    pub async fn decide(&self, caller: &Caller, seen: &[(Uuid, i64)], decision: Decision) -> Result<Decided, AppError> {
        self.decide_seen(caller, seen, decision, None).await
    }

    /// The same, for another of the values that the staff of a place said.
    pub(super) async fn decide_seen(
        &self,
        caller: &Caller,
        seen: &[(Uuid, i64)],
        decision: Decision,
        value: Option<&str>,
    ) -> Result<Decided, AppError> {
        caller.must(Right::EditPeople)?;
        if seen.len() > DECIDED_MAX {
            return Err(AppError::invalid("wayback-too-many", [("max", DECIDED_MAX.to_string())]));
        }
        let two_people = self.two_people_accept().await?;
        let mut decided = Decided::default();
        for (id, version) in seen {
            let row = self.store().proposal_row(&caller.scope, *id).await?;
            let Some(row) = row else {
                decided.refused.push((*id, "wayback-not-there"));
                continue;
            };
            let is_open = matches!(row.proposal.state.as_str(), "open" | "seconded" | "conflict");
            if row.proposal.version != *version || !is_open {
                decided.meanwhile.push(*id);
                continue;
            }
            self.decide_proposal(caller, row, (decision, two_people, value), &mut decided).await?;
        }
        self.wake();
        Ok(decided)
    }

    async fn decide_proposal(
        &self,
        caller: &Caller,
        row: ProposalRow,
        (decision, two_people, value): (Decision, bool, Option<&str>),
        decided: &mut Decided,
    ) -> Result<(), AppError> {
        let is_file = row.source.as_ref().is_some_and(|(_, kind)| kind == FILES);
        let mut proposal = row.proposal;
        let (now, id) = (self.clock().now(), proposal.id);
        let mut is_seconded = false;
        if decision == Decision::Accept {
            if let Some(reason) = self.take_value(caller, &mut proposal, value).await? {
                decided.refused.push((id, reason));
                return Ok(());
            }
            if proposal.field == "facility" && proposal.new_place.is_none() {
                decided.refused.push((id, "wayback-place-unclear"));
                return Ok(());
            }
            if proposal.state == "seconded" && proposal.first_by == caller.actor.id {
                decided.refused.push((id, "wayback-second-person"));
                return Ok(());
            }
            is_seconded = two_people && proposal.state == "open";
        }
        match decision {
            Decision::Accept if is_seconded => {
                proposal.state = "seconded".to_owned();
                proposal.first_by = caller.actor.id;
            }
            Decision::Accept => {
                if proposal.state == "conflict" {
                    // The worker's word against what stands there now.
                    proposal.old_value = proposal.conflict_value.take().or(proposal.old_value);
                    proposal.reason = None;
                }
                proposal.state = "accepted".to_owned();
                let wait = if is_file { SignedDuration::ZERO } else { UNDO_WITHIN };
                proposal.next_at = Some((now + wait).as_microsecond());
            }
            Decision::Reject => proposal.state = "rejected".to_owned(),
        }
        if !is_seconded {
            proposal.decided_by = caller.actor.id;
            proposal.decided_at = Some(now.as_microsecond());
        }
        let facts = serde_json::json!({ "field": proposal.field, "state": proposal.state });
        match self.write_decision(caller, &proposal, ("change-decided", facts)).await {
            Ok(()) if is_seconded => decided.seconded.push(id),
            Ok(()) => decided.done.push(id),
            Err(AppError::Store(StoreError::Guard { .. })) => decided.meanwhile.push(id),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Gives a proposal of a place the value that the reviewer decided for; a reason where it is not clear which that is.
    async fn take_value(
        &self,
        caller: &Caller,
        proposal: &mut Proposal,
        value: Option<&str>,
    ) -> Result<Option<&'static str>, AppError> {
        match value {
            _ if proposal.place.is_none() => Ok(value.map(|_| "wayback-not-there")),
            Some(value) => {
                if proposal.state == "seconded" && fold(value) != fold(&proposal.new_value) {
                    // The first of two accepted another value: this reviewer is the first for this one.
                    proposal.state = "open".to_owned();
                    proposal.first_by = None;
                }
                value.clone_into(&mut proposal.new_value);
                Ok(None)
            }
            None if proposal.state != "open" || self.is_clear(caller, proposal).await? => Ok(None),
            None => Ok(Some("wayback-choose-answer")),
        }
    }

    async fn write_decision(
        &self,
        caller: &Caller,
        proposal: &Proposal,
        (action, facts): (&'static str, serde_json::Value),
    ) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.set_proposal(proposal);
        if let Some(place) = proposal.place {
            unit.wake_round(place, self.clock().now_micros());
        }
        unit.changed("proposal", proposal.id, "updated", self.clock().now_micros());
        unit.audit(self.store(), &caller.entry(action, "proposal", Some(proposal.id), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Takes a decision back, as long as nothing was written.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] once it is being written or somebody changed it meanwhile.
    pub async fn undo_decision(&self, caller: &Caller, id: Uuid, version: i64) -> Result<(), AppError> {
        caller.must(Right::EditPeople)?;
        let row = self.store().proposal_row(&caller.scope, id).await?;
        let mut proposal = row.ok_or_else(|| AppError::not_found("proposal", id))?.proposal;
        let late = || AppError::invalid("wayback-too-late", []);
        let can = matches!(proposal.state.as_str(), "accepted" | "rejected" | "seconded") && proposal.attempts == 0;
        if !can || proposal.version != version {
            return Err(late());
        }
        proposal.state = "open".to_owned();
        (proposal.first_by, proposal.decided_by) = (None, None);
        (proposal.decided_at, proposal.next_at) = (None, None);
        let facts = serde_json::json!({ "field": proposal.field });
        match self.write_decision(caller, &proposal, ("change-decision-undone", facts)).await {
            Err(AppError::Store(StoreError::Guard { .. })) => Err(late()),
            other => other,
        }
    }
}
