//! People who say that they work here and stand in no registry: a supervisor confirms them, then they are looked for among those
//! who are known, and created where nobody is found.

use mhero_core::{PersonId, Right};
use mhero_query::{fold, name_key};
use mhero_store::{ContactRecord, JoinCandidate, Queue, Saying, Unit};
use uuid::Uuid;

use super::{
    propose::{Claim, ClaimedBy},
    watch::{JOINED, said},
    words::CODE_DIGITS,
};
use crate::{App, AppError, Caller};

/// The group of those who confirm who somebody is.
pub const APPROVERS: &str = "Join approvers";
/// The group of those who wait to be confirmed.
const WAITING: &str = "Waiting for approval";
/// Approvers that are asked at most.
const ASKED_MAX: i64 = 20;
/// Candidates that are listed.
const LISTED_MAX: i64 = 200;
/// Codes that are tried for one that nobody waits under.
const CODES_TRIED: u128 = 50;
/// How sure the number of somebody is who was found by name and place, in percent.
const FOUND_BY_NAME: i64 = 80;

impl App {
    /// Takes up a stranger who went through the flow that asks who they are.
    pub(super) async fn hear_stranger(
        &self,
        unit: &mut Unit,
        record: &ContactRecord,
        sayings: &[Saying],
    ) -> Result<(), AppError> {
        let Some(joined) = said(sayings, JOINED) else { return Ok(()) };
        let Some((scheme, path)) = record.urns.first().cloned() else { return Ok(()) };
        let before = self.store().candidates_at((&scheme, &path)).await?;
        let is_known = |one: &JoinCandidate| one.created_at >= joined.observed_at || one.state == "waiting";
        if record.name.trim().is_empty() || before.iter().any(is_known) {
            return Ok(());
        }
        let id = Uuid::new_v5(&record.id.uuid(), joined.observed_at.to_string().as_bytes());
        let Some(code) = self.free_code(id).await? else { return Ok(()) };
        let place_text = said(sayings, "reported_facility").map(|saying| saying.text.clone());
        let place = match &place_text {
            Some(text) => self.facility_named(text).await?.place,
            None => None,
        };
        let candidate = JoinCandidate {
            id,
            name: record.name.clone(),
            number: (scheme, path),
            cadre: said(sayings, "reported_cadre").map(|saying| saying.text.clone()),
            place,
            place_text,
            code: code.clone(),
            state: "waiting".to_owned(),
            stranger: Some(record.id),
            person: None,
            source: None,
            explanation: String::new(),
            reason: None,
            attempts: 0,
            next_at: None,
            decided_by: None,
            decided_at: None,
            created_at: joined.observed_at,
            version: 1,
        };
        unit.add_candidate(&candidate);
        unit.changed("candidate", id, "created", self.clock().now_micros());
        self.ask_approvers(unit, &candidate).await
    }

    /// A number of four digits under which nobody waits.
    async fn free_code(&self, seed: Uuid) -> Result<Option<String>, AppError> {
        for step in 0..CODES_TRIED {
            let number = (seed.as_u128().wrapping_add(step * 7_919) % 9_000) + 1_000;
            let code = format!("{number:0CODE_DIGITS$}");
            if self.store().candidate_of_code(&code).await?.is_none() {
                return Ok(Some(code));
            }
        }
        tracing::error!("no code is free for somebody who wants to join");
        Ok(None)
    }

    async fn ask_approvers(&self, unit: &mut Unit, candidate: &JoinCandidate) -> Result<(), AppError> {
        let Some(group) = self.store().group_named(&fold(APPROVERS)).await? else { return Ok(()) };
        for person in self.store().members_by_hand(group.id, ASKED_MAX).await? {
            let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            let args = vec![
                ("name", candidate.name.clone()),
                ("number", candidate.number.1.clone()),
                ("job", or_dash(&candidate.cadre)),
                ("place", or_dash(&candidate.place_text)),
                ("code", candidate.code.clone()),
            ];
            let key = format!("join/{}/{person}", candidate.id);
            self.tell_person(unit, person, ("wayback-sms-approve", args), &key).await?;
        }
        Ok(())
    }

    /// Whether a person may confirm who somebody is.
    pub(super) async fn approves(&self, person: PersonId) -> Result<bool, AppError> {
        let Some(group) = self.store().group_named(&fold(APPROVERS)).await? else { return Ok(false) };
        Ok(self.store().joined_group_at(group.id, person).await?.is_some())
    }

    /// Candidates in a state, oldest first: `waiting`, `approved`, `created`, `matched`, `refused`, `failed`.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], also for who sees only a part of the country.
    pub async fn candidates(&self, caller: &Caller, state: &str) -> Result<Vec<JoinCandidate>, AppError> {
        self.must_decide_candidates(caller)?;
        Ok(self.store().candidates_in(state, LISTED_MAX).await?)
    }

    /// Says in the console whether a candidate is who they say.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] when somebody decided meanwhile.
    pub async fn confirm_candidate(&self, caller: &Caller, id: Uuid, yes: bool) -> Result<(), AppError> {
        self.must_decide_candidates(caller)?;
        let candidate = self.store().candidate(id).await?.ok_or_else(|| AppError::not_found("candidate", id))?;
        if candidate.state != "waiting" {
            return Err(AppError::invalid("wayback-too-late", []));
        }
        let mut unit = Unit::new();
        self.decide_candidate(&mut unit, candidate, yes, caller.actor.id).await?;
        let facts = serde_json::json!({ "approved": yes });
        unit.audit(self.store(), &caller.entry("candidate-decided", "candidate", Some(id), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    fn must_decide_candidates(&self, caller: &Caller) -> Result<(), AppError> {
        caller.must(Right::EditPeople)?;
        if caller.scope.all_places() { Ok(()) } else { Err(AppError::NotAllowed { right: Right::EditPeople }) }
    }

    /// Adds a decision about a candidate to a unit: who is known already is matched, all others are to be created.
    pub(super) async fn decide_candidate(
        &self,
        unit: &mut Unit,
        mut candidate: JoinCandidate,
        yes: bool,
        by: Option<Uuid>,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        candidate.decided_by = by;
        candidate.decided_at = Some(now);
        candidate.state = if yes { "approved" } else { "refused" }.to_owned();
        candidate.next_at = yes.then_some(now);
        if yes && let Some((person, why)) = self.known_as(&candidate).await? {
            candidate.state = "matched".to_owned();
            candidate.person = Some(person);
            why.clone_into(&mut candidate.explanation);
            candidate.next_at = None;
            if why == "name-and-place" {
                self.claim_number(unit, &candidate, person).await?;
            }
            self.welcome(unit, &candidate).await?;
        }
        if !yes {
            self.leave_waiting(unit, &candidate).await?;
        }
        unit.set_candidate(&candidate);
        unit.changed("candidate", candidate.id, "updated", now);
        Ok(())
    }

    /// Who a candidate is among those who are known: whose number it is, else the only one of that name at that place.
    pub(super) async fn known_as(
        &self,
        candidate: &JoinCandidate,
    ) -> Result<Option<(PersonId, &'static str)>, AppError> {
        let (scheme, path) = (candidate.number.0.as_str(), candidate.number.1.as_str());
        let holders = self.store().holders(scheme, path).await?;
        if let Some(holder) = holders.iter().find(|holder| holder.standing == "worker" && holder.active) {
            return Ok(Some((holder.person, "phone")));
        }
        if candidate.place.is_none() {
            return Ok(None);
        }
        let named = self.store().workers_named(&name_key(&candidate.name), candidate.place).await?;
        let there: Vec<PersonId> = named.into_iter().filter(|(_, there)| *there).map(|(person, _)| person).collect();
        Ok(match there.as_slice() {
            [one] => Some((*one, "name-and-place")),
            _ => None,
        })
    }

    /// Who was found by name and place writes from a number that the register lacks.
    async fn claim_number(&self, unit: &mut Unit, candidate: &JoinCandidate, person: PersonId) -> Result<(), AppError> {
        let message = match candidate.stranger {
            Some(stranger) => self.evidence(stranger, &candidate.name, candidate.created_at).await?,
            None => None,
        };
        let claim = Claim {
            person,
            field: "phone".to_owned(),
            new: candidate.number.1.clone(),
            place: None,
            confidence: FOUND_BY_NAME,
            key: format!("join/{}", candidate.id),
            at: candidate.created_at,
            by: ClaimedBy::Person(message),
        };
        self.add_claim(unit, &claim).await.map(|_| ())
    }

    /// Tells somebody that they are known now.
    pub(super) async fn welcome(&self, unit: &mut Unit, candidate: &JoinCandidate) -> Result<(), AppError> {
        self.leave_waiting(unit, candidate).await?;
        let Some(stranger) = candidate.stranger else { return Ok(()) };
        let key = format!("join/{}/welcome", candidate.id);
        self.tell_person(unit, stranger, ("wayback-sms-joined", Vec::new()), &key).await
    }

    async fn leave_waiting(&self, unit: &mut Unit, candidate: &JoinCandidate) -> Result<(), AppError> {
        let group = self.store().group_named(&fold(WAITING)).await?;
        if let (Some(group), Some(stranger)) = (group, candidate.stranger) {
            unit.remove_member(group.id, stranger);
        }
        Ok(())
    }
}
