//! Watching budgets: what was spent is added up every few seconds, and broadcasts wait while a budget is used up.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, ToSpan, tz::TimeZone};
use mhero_core::{BroadcastId, BudgetId, ProgrammeId, Scope, timestamp};
use mhero_store::{BroadcastRow, BudgetHold, BudgetRow, Queue, Unit};

use super::{BudgetStanding, PriceBook, budgets::since_of, prices::midnight};
use crate::{App, AppError, Caller, broadcasts::kinds};

/// How often it is added up at most, in microseconds.
const LOOK_MICROS: i64 = 2_000_000;
/// How much longer than the last adding up took nothing is added up anew.
const REST_FACTOR: i64 = 20;
/// A day counts as settled so long after its end: what was uncertain about it has been cleared up.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(48);
/// How long the duty of watching is held, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;

type Sums = HashMap<Option<ProgrammeId>, i64>;

/// What this process remembers of cost.
#[derive(Default)]
pub(crate) struct Memory {
    book: Mutex<Option<(i64, Arc<PriceBook>)>>,
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

    /// Prices or budgets have just been changed here.
    pub(super) fn forget(&self) {
        *locked(&self.book) = None;
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
        let (budgets, holds) = (self.store().budgets().await?, self.store().budget_holds().await?);
        let began = std::time::Instant::now();
        let standings = self.standings(budgets).await?;
        let took = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        let holding = standings.iter().filter(|standing| standing.holds_at(now));
        let stopped = holding.map(|standing| (standing.budget.id, standing.budget.programme)).collect();
        {
            let mut watch = locked(&self.costs().watch);
            watch.rest = took.saturating_mul(REST_FACTOR);
            watch.stopped = stopped;
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
        if !matches!(row.status.as_str(), "releasing" | "sending") {
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
        unit.drop_budget_hold(id);
        let row = self.store().broadcast(&Scope::system(), id).await?;
        let Some(row) = row.filter(|row| row.status == "paused") else {
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(false);
        };
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
