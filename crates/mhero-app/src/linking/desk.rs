//! What officials do: look at pairs, decide them, join by hand, see merges and take them back.

use mhero_core::{PersonId, Right};
use mhero_store::{LinkPair, LinkRow, PairState, PersonRecord, Queue, StoreError, Unit};
use serde_json::json;
use uuid::Uuid;

use super::shown::{LinkView, Why};
use crate::{App, AppError, Caller, people::import::Run};

/// Pairs on a page.
const PAGE: i64 = 20;

/// What somebody says of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairDecision {
    /// One person.
    Same,
    /// Two people.
    Different,
}

/// A pair side by side.
#[derive(Clone, Debug)]
pub struct PairView {
    /// The pair, with its version for [`App::decide_pair`].
    pub pair: LinkPair,
    /// Everything that is known of the left one, with the sources.
    pub left: PersonRecord,
    /// The same of the right one.
    pub right: PersonRecord,
    /// Why they may be one.
    pub why: Why,
}

impl App {
    /// Pairs of the caller's scope that somebody must look at, the likeliest first; `after` is the last pair of the page before:
    /// its score, left and right.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn link_pairs(
        &self,
        caller: &Caller,
        after: Option<(f64, PersonId, PersonId)>,
    ) -> Result<Vec<PairView>, AppError> {
        caller.must(Right::ReadPeople)?;
        let mut views = Vec::new();
        for pair in self.store().open_pairs(&caller.scope, after, PAGE).await? {
            views.extend(self.pair_view(caller, pair).await?);
        }
        Ok(views)
    }

    /// One pair, decided or not.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also where one of the two lies outside the caller's scope.
    pub async fn link_pair(&self, caller: &Caller, one: PersonId, other: PersonId) -> Result<PairView, AppError> {
        caller.must(Right::ReadPeople)?;
        let pair = self.store().link_pair(&caller.scope, one, other).await?;
        let pair = pair.ok_or_else(|| AppError::not_found("pair", one))?;
        self.pair_view(caller, pair).await?.ok_or_else(|| AppError::not_found("pair", one))
    }

    /// How many pairs of the caller's scope wait for somebody.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn count_link_pairs(&self, caller: &Caller) -> Result<i64, AppError> {
        caller.must(Right::ReadPeople)?;
        Ok(self.store().count_open_pairs(&caller.scope).await?)
    }

    async fn pair_view(&self, caller: &Caller, pair: LinkPair) -> Result<Option<PairView>, AppError> {
        let left = self.store().person_record(&caller.scope, self.store().golden(pair.left).await?).await?;
        let right = self.store().person_record(&caller.scope, self.store().golden(pair.right).await?).await?;
        let Some((left, right)) = left.zip(right) else { return Ok(None) };
        let mut why = Why::read(&pair.explanation);
        why.name_places([&left, &right], caller.language);
        Ok(Some(PairView { pair, left, right, why }))
    }

    /// Decides a pair as it was seen: one person, who is then joined, or two, who are never asked about again. Returns the merge.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`AppError::Invalid`] with what was decided when somebody was
    /// faster.
    pub async fn decide_pair(
        &self,
        caller: &Caller,
        left: PersonId,
        right: PersonId,
        decision: PairDecision,
        version: i64,
    ) -> Result<Option<Uuid>, AppError> {
        caller.must(Right::EditPeople)?;
        let pair = self.open_pair(caller, (left, right), version).await?;
        if decision == PairDecision::Same {
            let why = Why { by_hand: true, ..Why::read(&pair.explanation) };
            return self.merge_held(caller, (pair.left, pair.right), &why, Some(version)).await.map(Some);
        }
        let mut unit = Unit::new();
        let (by, now) = (caller.actor.id, self.clock().now_micros());
        unit.decide_pair((left, right), PairState::Different, by, now, version);
        let facts = json!({ "left": pair.left, "right": pair.right });
        unit.audit(self.store(), &caller.entry("people-two", "person", Some(pair.left.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => self.open_pair(caller, (left, right), version).await.map(|_| None),
            other => Ok(other.map(|_| None)?),
        }
    }

    /// The pair, as long as it is as it was seen.
    async fn open_pair(
        &self,
        caller: &Caller,
        (left, right): (PersonId, PersonId),
        version: i64,
    ) -> Result<LinkPair, AppError> {
        let pair = self.store().link_pair(&caller.scope, left, right).await?;
        let pair = pair.ok_or_else(|| AppError::not_found("pair", left))?;
        match pair.state {
            PairState::Open if pair.version == version => Ok(pair),
            PairState::Open => Err(AppError::invalid("linking-pair-changed", [])),
            PairState::Same => Err(AppError::invalid("linking-decided-same", [])),
            PairState::Different => Err(AppError::invalid("linking-decided-different", [])),
        }
    }

    /// Joins `joined` to `person` because somebody says that they are one. A stranger is joined to the health worker. Returns
    /// the merge.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`AppError::Invalid`] when they are one already.
    pub async fn merge_people(&self, caller: &Caller, person: PersonId, joined: PersonId) -> Result<Uuid, AppError> {
        caller.must(Right::EditPeople)?;
        let pair = self.store().link_pair(&caller.scope, person, joined).await?;
        let known = pair.map(|pair| Why::read(&pair.explanation)).unwrap_or_default();
        let why = Why { by_hand: true, ..known };
        self.merge_held(caller, (person, joined), &why, None).await
    }

    async fn merge_held(
        &self,
        caller: &Caller,
        (person, joined): (PersonId, PersonId),
        why: &Why,
        seen: Option<i64>,
    ) -> Result<Uuid, AppError> {
        let lease = self.import_lease().await?;
        let done = Box::pin(async {
            if let Some(version) = seen {
                self.open_pair(caller, (person, joined), version).await?;
            }
            let mut ids = (self.store().golden(person).await?, self.store().golden(joined).await?);
            if ids.0 == ids.1 {
                return Err(AppError::invalid("linking-one-already", []));
            }
            let one = self.in_scope(caller, ids.0).await?;
            let other = self.in_scope(caller, ids.1).await?;
            if other.is_worker && !one.is_worker {
                ids = (ids.1, ids.0);
            }
            if !one.is_worker && !other.is_worker {
                return Err(AppError::invalid("linking-strangers", []));
            }
            let mut run = self.linking_run(lease.clone()).await?;
            self.merge_in(&mut run, caller, ids, why).await
        })
        .await;
        self.store().give_back_lease(&lease).await?;
        self.wake();
        done
    }

    async fn in_scope(&self, caller: &Caller, person: PersonId) -> Result<PersonRecord, AppError> {
        let record = self.store().person_record(&caller.scope, person).await?;
        record.ok_or_else(|| AppError::not_found("person", person))
    }

    async fn linking_run(&self, lease: mhero_store::Lease) -> Result<Run<'_>, AppError> {
        let facts = self.facts().await?;
        let run = Run::load_to_derive(self, &facts, lease).await?;
        run.ok_or_else(|| AppError::invalid("linking-no-source", []))
    }

    /// The merges by which others count as a person of the caller's scope, the oldest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn links_of(&self, caller: &Caller, person: PersonId) -> Result<Vec<LinkView>, AppError> {
        caller.must(Right::ReadPeople)?;
        let golden = self.store().golden(person).await?;
        let record = self.in_scope(caller, golden).await?;
        let mut members = self.store().joined_to(golden).await?;
        let states = self.store().person_states(&members).await?;
        members.push(golden);
        let view = |link: LinkRow| {
            let row = states.get(&link.joined).and_then(|state| state.row.as_ref());
            let mut why = Why::read(&link.reason);
            why.name_places([&record, &record], caller.language);
            LinkView { joined_name: row.map(|row| row.name.clone()).unwrap_or_default(), why, link }
        };
        Ok(self.store().live_links(&members).await?.into_iter().map(view).collect())
    }

    /// Takes a merge back: each of the two has what they had, and what has come of them since. They are never asked about again.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`AppError::Invalid`] when it was taken back already.
    pub async fn undo_link(&self, caller: &Caller, link: Uuid) -> Result<(), AppError> {
        caller.must(Right::EditPeople)?;
        let lease = self.import_lease().await?;
        let done = Box::pin(async {
            let row = self.store().person_link(link).await?.ok_or_else(|| AppError::not_found("link", link))?;
            self.in_scope(caller, self.store().golden(row.person).await?).await?;
            if row.undone_at.is_some() {
                return Err(AppError::invalid("linking-undone", []));
            }
            let mut run = self.linking_run(lease.clone()).await?;
            self.undo_in(&mut run, caller, &row).await
        })
        .await;
        self.store().give_back_lease(&lease).await?;
        self.wake();
        done
    }
}
