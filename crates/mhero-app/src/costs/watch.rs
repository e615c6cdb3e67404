//! Watching budgets: what was spent is added up every few seconds, and broadcasts wait while a budget is used up. Between two sums this
//! process counts what it claims itself, message by message, so that a fast broadcast ends at the budget and not a few seconds behind
//! it; what other nodes claim it sees with the next sum.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, ToSpan, tz::TimeZone};
use mhero_core::{BroadcastId, BudgetId, ProgrammeId, Scope, timestamp};
use mhero_store::{BroadcastRow, BudgetHold, BudgetRow, Queue, Ready, Unit};

use super::{BudgetStanding, PriceBook, Senders, budgets::since_of, prices::midnight};
use crate::{App, AppError, Caller, broadcasts::kinds};

/// How often it is added up at most, in microseconds.
const LOOK_MICROS: i64 = 2_000_000;
/// How much longer than the last adding up took nothing is added up anew.
const REST_FACTOR: i64 = 20;
/// A day counts as settled so long after its end: what was uncertain about it has been cleared up.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(48);
/// How long the duty of watching is held, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;

/// Micro-units by the programme that pays.
pub(crate) type Sums = HashMap<Option<ProgrammeId>, i64>;

/// What this process remembers of cost.
#[derive(Default)]
pub(crate) struct Memory {
    book: Mutex<Option<(i64, Arc<PriceBook>)>>,
    senders: Mutex<Option<(i64, Arc<Senders>)>>,
    watch: Mutex<Watch>,
    /// What settled days cost, by their first instant.
    days: Mutex<HashMap<i64, Arc<Sums>>>,
}

#[derive(Default)]
struct Watch {
    looked_at: Option<i64>,
    rest: i64,
    /// Budgets that hold broadcasts just now, each with its programme.
    stopped: Vec<(BudgetId, Option<ProgrammeId>)>,
    /// What is left of budgets that will hold broadcasts once they are used up, less what was claimed here since they were added up.
    left: Vec<Left>,
    /// What is being claimed here just now.
    claiming: Sums,
    /// What was claimed here since the last adding up began.
    claimed: Sums,
}

/// What is left of a budget.
struct Left {
    /// Its programme; `None` where it is for all that is sent.
    programme: Option<ProgrammeId>,
    micros: i64,
}

impl Left {
    fn counts(&self, programme: Option<ProgrammeId>) -> bool {
        self.programme.is_none() || self.programme == programme
    }
}

impl Watch {
    /// Notes what was added up. What was claimed while that went on may be in the sums or not: it is taken off all the same, and the
    /// next sums tell.
    fn added_up(&mut self, standings: &[BudgetStanding], now: i64) {
        let holding = standings.iter().filter(|standing| standing.holds_at(now));
        self.stopped = holding.map(|standing| (standing.budget.id, standing.budget.programme)).collect();
        let will_stop =
            |standing: &&BudgetStanding| standing.budget.stops && !standing.is_used_up() && !standing.is_lifted_at(now);
        let left = standings.iter().filter(will_stop);
        self.left = left.map(|one| Left { programme: one.budget.programme, micros: one.left() }).collect();
        let claimed = std::mem::take(&mut self.claimed);
        for (programme, micros) in claimed.into_iter().chain(self.claiming.clone()) {
            self.take(programme, micros);
        }
    }

    fn take(&mut self, programme: Option<ProgrammeId>, micros: i64) {
        for left in self.left.iter_mut().filter(|left| left.counts(programme)) {
            left.micros = left.micros.saturating_sub(micros);
        }
    }

    fn is_used_up(&self, programme: Option<ProgrammeId>) -> bool {
        self.left.iter().any(|left| left.micros <= 0 && left.counts(programme))
    }

    fn afford(&mut self, ready: &Ready, micros: i64) -> bool {
        // As everywhere: what is of no broadcast counts, and is not held.
        if ready.broadcast.is_some() && ready.lane.is_held_by_quiet_hours() && self.is_used_up(ready.programme) {
            return false;
        }
        self.take(ready.programme, micros);
        *self.claiming.entry(ready.programme).or_default() += micros;
        true
    }

    fn settle(&mut self, programme: Option<ProgrammeId>, micros: i64, is_claimed: bool) {
        *self.claiming.entry(programme).or_default() -= micros;
        if is_claimed {
            *self.claimed.entry(programme).or_default() += micros;
        } else {
            self.take(programme, -micros);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    pub(super) fn book(&self, now: i64, fresh: i64) -> Option<Arc<PriceBook>> {
        let known = locked(&self.book).clone();
        known.filter(|(at, _)| (*at..at + fresh).contains(&now)).map(|(_, book)| book)
    }

    pub(super) fn keep_book(&self, now: i64, book: &Arc<PriceBook>) {
        *locked(&self.book) = Some((now, Arc::clone(book)));
    }

    pub(super) fn senders(&self, now: i64, fresh: i64) -> Option<Arc<Senders>> {
        let known = locked(&self.senders).clone();
        known.filter(|(at, _)| (*at..at + fresh).contains(&now)).map(|(_, senders)| senders)
    }

    pub(super) fn keep_senders(&self, now: i64, senders: &Arc<Senders>) {
        *locked(&self.senders) = Some((now, Arc::clone(senders)));
    }

    /// Prices or budgets have just been changed here.
    pub(super) fn forget(&self) {
        *locked(&self.book) = None;
        *locked(&self.senders) = None;
        locked(&self.watch).looked_at = None;
    }

    fn is_due(&self, now: i64) -> bool {
        let mut watch = locked(&self.watch);
        let rest = watch.rest.max(LOOK_MICROS);
        let is_due = watch.looked_at.is_none_or(|at| !(at..at + rest).contains(&now));
        if is_due {
            watch.looked_at = Some(now);
        }
        is_due
    }

    /// Which budget holds a broadcast of a programme just now.
    fn holding(&self, programme: Option<ProgrammeId>) -> Option<BudgetId> {
        let watch = locked(&self.watch);
        let holds = watch.stopped.iter().find(|(_, of)| of.is_none() || *of == programme);
        holds.map(|(id, _)| *id)
    }

    /// Whether what is left of the budgets is enough for a message that is about to be claimed, as far as this process has counted. If
    /// so, its price counts from now on: [`Self::settle`] says afterwards whether it was claimed.
    pub(crate) fn afford(&self, ready: &Ready, micros: i64) -> bool {
        locked(&self.watch).afford(ready, micros)
    }

    /// A message that was affordable has been claimed, or has not.
    pub(crate) fn settle(&self, ready: &Ready, micros: i64, is_claimed: bool) {
        locked(&self.watch).settle(ready.programme, micros, is_claimed);
    }

    /// Leaves out at once what nothing is left for; it stays in the outbox until the next sums.
    pub(crate) fn keep_affordable(&self, ready: &mut Vec<Ready>) {
        let watch = locked(&self.watch);
        ready.retain(|one| one.broadcast.is_none() || !watch.is_used_up(one.programme));
    }

    fn is_any_stopped(&self) -> bool {
        !locked(&self.watch).stopped.is_empty()
    }
}

impl App {
    /// Adds up what was spent, lets broadcasts wait where a budget is used up, and lets those go on that no longer must. Returns how
    /// many were moved.
    pub(crate) async fn costs_pass(&self) -> Result<usize, AppError> {
        let now = self.clock().now_micros();
        if !self.costs().is_due(now) {
            return Ok(0);
        }
        locked(&self.costs().watch).claimed.clear();
        let (budgets, holds) = (self.store().budgets().await?, self.store().budget_holds().await?);
        let began = std::time::Instant::now();
        let standings = self.standings(budgets).await?;
        let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        {
            let mut watch = locked(&self.costs().watch);
            watch.rest = took.saturating_mul(REST_FACTOR);
            watch.added_up(&standings, now);
        }
        if self.store().take_lease("costs", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        let mut moved = self.hold_broadcasts().await?;
        for hold in holds {
            moved += usize::from(self.let_go(&hold).await?);
        }
        Ok(moved)
    }

    /// Lets broadcasts that can wait do so while a budget of theirs is used up. Returns how many began to.
    pub(crate) async fn hold_broadcasts(&self) -> Result<usize, AppError> {
        if !self.costs().is_any_stopped() {
            return Ok(0);
        }
        let mut held = 0;
        for (id, programme) in self.store().broadcasts_that_may_wait().await? {
            if let Some(budget) = self.costs().holding(programme) {
                held += usize::from(self.hold(id, budget).await?);
            }
        }
        Ok(held)
    }

    async fn hold(&self, id: BroadcastId, budget: BudgetId) -> Result<bool, AppError> {
        let Some(row) = self.store().broadcast(&Scope::system(), id).await? else { return Ok(false) };
        if !matches!(row.status.as_str(), "releasing" | "sending") || !self.is_anything_left(&row).await? {
            return Ok(false);
        }
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.broadcast_status(&row, "paused", None, None);
        unit.drop_budget_hold(id).add_budget_hold(&BudgetHold { broadcast: id, budget, held_at: now });
        unit.changed("broadcast", id.uuid(), "updated", now);
        let facts = serde_json::json!({ "number": row.number, "budget": budget.to_string() });
        unit.audit(self.store(), &Caller::system().entry("broadcast-held", "broadcast", Some(id.uuid()), facts));
        self.write_unless_changed(unit).await
    }

    /// Lets a broadcast go on that waited because of a budget, unless it still must. Returns whether it does.
    async fn let_go(&self, hold: &BudgetHold) -> Result<bool, AppError> {
        let id = hold.broadcast;
        let mut unit = Unit::new();
        let row = self.store().broadcast(&Scope::system(), id).await?;
        let Some(row) = row.filter(|row| row.status == "paused") else {
            // Held anew in this moment, it keeps its row: without one nothing would ever let it go on.
            unit.drop_old_budget_hold(id);
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(false);
        };
        unit.drop_budget_hold(id);
        if self.costs().holding(row.programme).is_some() {
            return Ok(false);
        }
        let now = self.clock().now_micros();
        self.go_on(&mut unit, &row, now).await?;
        unit.changed("broadcast", id.uuid(), "updated", now);
        let facts = serde_json::json!({ "number": row.number });
        unit.audit(self.store(), &Caller::system().entry("broadcast-let-go", "broadcast", Some(id.uuid()), facts));
        self.write_unless_changed(unit).await
    }

    /// As an official would let a paused one go on.
    async fn go_on(&self, unit: &mut Unit, row: &BroadcastRow, now: i64) -> Result<(), AppError> {
        let is_releasing = row.released_at.is_none() || self.store().slices_left(row.id).await? > 0;
        unit.broadcast_status(row, if is_releasing { "releasing" } else { "sending" }, None, None);
        if is_releasing {
            unit.add_job(self.store(), kinds::RELEASE_JOB, &row.id.to_string(), "{}", now);
        }
        Ok(())
    }

    /// Writes a unit; false where somebody was faster.
    async fn write_unless_changed(&self, unit: Unit) -> Result<bool, AppError> {
        match self.store().write(unit, Queue::Interactive).await {
            Err(error) if error.is_decide_again() => Ok(false),
            other => {
                other?;
                self.wake();
                Ok(true)
            }
        }
    }

    /// Budgets with what was spent of each.
    pub(super) async fn standings(&self, budgets: Vec<BudgetRow>) -> Result<Vec<BudgetStanding>, AppError> {
        if budgets.is_empty() {
            return Ok(Vec::new());
        }
        let (zone, now) = (self.facts_cached().await?.time_zone(), self.clock().now());
        let mut found = Vec::with_capacity(budgets.len());
        for budget in budgets {
            let since = since_of(&budget, now, &zone);
            let sums = self.spent_since(since, &zone).await?;
            let spent = match budget.programme {
                None => sums.values().sum(),
                programme => sums.get(&programme).copied().unwrap_or(0),
            };
            found.push(BudgetStanding { budget, since, spent });
        }
        Ok(found)
    }

    /// What was spent since an instant, by programme: settled days from memory, the others anew.
    async fn spent_since(&self, since: i64, zone: &TimeZone) -> Result<Sums, AppError> {
        let now = self.clock().now();
        let (mut from, mut all) = (since, Sums::new());
        while from <= now.as_microsecond() {
            let day = timestamp(from).to_zoned(zone.clone()).date();
            let next = day.checked_add(1.day()).map_or(i64::MAX, |next| midnight(next, zone));
            for (programme, micros) in self.spent_in((from, next)).await?.iter() {
                *all.entry(*programme).or_default() += micros;
            }
            if next <= from {
                break;
            }
            from = next;
        }
        Ok(all)
    }

    async fn spent_in(&self, span: (i64, i64)) -> Result<Arc<Sums>, AppError> {
        let known = locked(&self.costs().days).get(&span.0).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let sums: Arc<Sums> = Arc::new(self.store().spent(span).await?.into_iter().collect());
        if timestamp(span.1) + SETTLED_AFTER < self.clock().now() {
            locked(&self.costs().days).insert(span.0, Arc::clone(&sums));
        }
        Ok(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mhero_core::{Lane, MessageId, PersonId};
    use uuid::Uuid;

    fn programme(n: u128) -> Option<ProgrammeId> {
        Some(ProgrammeId::from_uuid(Uuid::from_u128(n)))
    }

    fn budget(programme: Option<ProgrammeId>, (micros, spent): (i64, i64), stops: bool) -> BudgetStanding {
        let budget = BudgetRow {
            id: BudgetId::from_uuid(Uuid::from_u128(1)),
            programme,
            period: "month".into(),
            since: 0,
            micros,
            warn_percent: 80,
            stops,
            lifted_until: None,
            created_at: 0,
            version: 1,
        };
        BudgetStanding { budget, since: 0, spent }
    }

    fn ready(programme: Option<ProgrammeId>, is_broadcast: bool) -> Ready {
        Ready {
            message: MessageId::from_uuid(Uuid::from_u128(1)),
            lane: Lane::Bulk,
            attempt: 0,
            scheme: "tel".into(),
            path: String::new(),
            text: None,
            state: "waiting".into(),
            person: PersonId::from_uuid(Uuid::from_u128(1)),
            is_stopped: false,
            created_at: 0,
            broadcast: is_broadcast.then(|| BroadcastId::from_uuid(Uuid::from_u128(1))),
            programme,
        }
    }

    #[test]
    fn what_is_claimed_between_two_sums_counts_against_each_budget_that_it_is_of() {
        let mut watch = Watch::default();
        let standings =
            [budget(None, (100, 40), true), budget(programme(1), (50, 40), true), budget(None, (1, 0), false)];
        let left = |watch: &Watch| watch.left.iter().map(|left| left.micros).collect::<Vec<_>>();
        let (one, two) = (ready(programme(1), true), ready(programme(2), true));
        assert!(watch.afford(&one, 4) && watch.afford(&one, 2));
        watch.settle(programme(1), 2, true);
        watch.added_up(&standings, 5);
        assert_eq!(left(&watch), [54, 4], "what was claimed while it was added up may be missing from it");
        watch.settle(programme(1), 4, false);
        assert_eq!(left(&watch), [58, 8], "it was not claimed after all");
        assert!(watch.afford(&two, 20) && watch.afford(&one, 8));
        assert_eq!(left(&watch), [30, 0]);
        assert!(!watch.afford(&one, 1), "nothing is left");
        assert!(watch.afford(&ready(programme(1), false), 1), "what a flow says is not held, and counts");
        assert!(watch.afford(&two, 40), "something was left for it");
        assert!(!watch.afford(&ready(None, true), 0));
        watch.settle(programme(2), 60, true);
        watch.added_up(&[budget(None, (100, 100), true), budget(programme(2), (70, 0), true)], 5);
        assert_eq!((watch.stopped.len(), left(&watch)), (1, vec![10]));
    }
}
