//! Budgets: how much a programme, or the installation, may spend in a month or in all; when it warns, and whether it stops.

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use mhero_core::{BroadcastId, BudgetId, ProgrammeId, Right, timestamp};
use mhero_store::{BudgetRow, Programme, Queue, Unit};

use super::{money::parse_micros, prices::midnight};
use crate::{App, AppError, Caller, broadcasts::Draft, flows::Programmes};

/// Most budgets of an installation.
const BUDGETS_MAX: usize = 200;
/// Characters of the reason for which a stop is lifted, at least and at most.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 3..=500;
/// How long the stop of a total is lifted; that of a month until its end.
const LIFTED_FOR: SignedDuration = SignedDuration::from_hours(24 * 31);

/// For how long a budget is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// For each month anew, by the calendar of the national zone.
    Month,
    /// In all, from the day on which it was made.
    Total,
}

impl Period {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Month, Self::Total];

    /// The word in the store and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Total => "total",
        }
    }

    /// The period that a word names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|period| period.word() == word)
    }
}

/// A budget as somebody says it.
#[derive(Clone, Debug)]
pub struct NewBudget {
    /// Of which programme; `None` for all that the installation sends.
    pub programme: Option<ProgrammeId>,
    /// For how long.
    pub period: Period,
    /// How much, as typed.
    pub amount: String,
    /// From which share on it warns, in percent, 1 to 100.
    pub warn_percent: i64,
    /// Whether broadcasts wait once it is used up.
    pub stops: bool,
}

/// A budget and what was spent of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetStanding {
    /// The budget.
    pub budget: BudgetRow,
    /// From when on is counted, in UTC microseconds.
    pub since: i64,
    /// Spent since then, in micro-units.
    pub spent: i64,
}

impl BudgetStanding {
    /// For how long it is.
    pub fn period(&self) -> Period {
        Period::of(&self.budget.period).unwrap_or(Period::Month)
    }

    /// What is left, in micro-units; nothing when more was spent.
    pub fn left(&self) -> i64 {
        (self.budget.micros - self.spent).max(0)
    }

    /// The share that is spent, in whole percent, rounded down.
    pub fn percent(&self) -> i64 {
        if self.budget.micros <= 0 {
            return 100;
        }
        i64::try_from(i128::from(self.spent) * 100 / i128::from(self.budget.micros)).unwrap_or(i64::MAX)
    }

    /// Whether nothing is left.
    pub fn is_used_up(&self) -> bool {
        self.spent >= self.budget.micros
    }

    /// Whether so much is spent that it warns.
    pub fn warns(&self) -> bool {
        self.percent() >= self.budget.warn_percent
    }

    /// Whether an administrator lets messages go on at an instant although it is used up.
    pub fn is_lifted_at(&self, now: i64) -> bool {
        self.budget.lifted_until.is_some_and(|until| now < until)
    }

    /// Whether broadcasts wait at an instant.
    pub fn holds_at(&self, now: i64) -> bool {
        self.budget.stops && self.is_used_up() && !self.is_lifted_at(now)
    }
}

/// From when on a budget counts.
pub(super) fn since_of(budget: &BudgetRow, now: Timestamp, zone: &TimeZone) -> i64 {
    match Period::of(&budget.period) {
        Some(Period::Total) => budget.since,
        _ => midnight(now.to_zoned(zone.clone()).date().first_of_month(), zone),
    }
}

impl App {
    /// The budgets with what was spent of each.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn budgets(&self, caller: &Caller) -> Result<Vec<BudgetStanding>, AppError> {
        caller.must(Right::Settings)?;
        self.standings(self.store().budgets().await?).await
    }

    /// The budgets that messages of a programme count against.
    pub(super) async fn standings_for(&self, programme: Option<ProgrammeId>) -> Result<Vec<BudgetStanding>, AppError> {
        let mut budgets = self.store().budgets().await?;
        budgets.retain(|budget| budget.programme.is_none() || budget.programme == programme);
        self.standings(budgets).await
    }

    /// The budget because of which a broadcast waits; `None` while it does not.
    ///
    /// # Errors
    /// As [`App::broadcast_progress`].
    pub async fn budget_holding(&self, caller: &Caller, id: BroadcastId) -> Result<Option<BudgetStanding>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let Some(hold) = self.store().budget_holds().await?.into_iter().find(|hold| hold.broadcast == id) else {
            return Ok(None);
        };
        let mut budgets = self.store().budgets().await?;
        budgets.retain(|budget| budget.id == hold.budget);
        Ok(self.standings(budgets).await?.pop())
    }

    /// What a broadcast has cost so far, in micro-units, with the currency; `None` while there is no currency.
    ///
    /// # Errors
    /// As [`App::broadcast_progress`].
    pub async fn broadcast_cost(&self, caller: &Caller, id: BroadcastId) -> Result<Option<(i64, String)>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let Some(currency) = self.price_book().await?.currency.clone() else { return Ok(None) };
        Ok(Some((self.store().spent_by_broadcast(id).await?, currency)))
    }

    /// Makes a budget, or changes one. A change takes back that its stop was lifted.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming what cannot be: no currency, an amount that is none, a share that is none, a programme that is
    /// not there, a second budget of one programme and period; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn set_budget(&self, caller: &Caller, id: Option<BudgetId>, new: &NewBudget) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if self.currency().await?.is_none() {
            return Err(AppError::invalid("price-no-currency", []));
        }
        let micros = parse_micros(&new.amount).filter(|micros| *micros > 0).ok_or_else(|| {
            AppError::invalid("budget-amount", [("value", new.amount.chars().take(40).collect::<String>())])
        })?;
        if !(1..=100).contains(&new.warn_percent) {
            return Err(AppError::invalid("budget-percent", [("value", new.warn_percent.to_string())]));
        }
        if let Some(programme) = new.programme
            && !self.programmes().await?.iter().any(|known| known.id == programme)
        {
            return Err(AppError::not_found("programme", programme));
        }
        self.store().decide(|| self.write_budget(caller, id, (new, micros))).await?;
        self.costs().forget();
        self.wake();
        Ok(())
    }

    async fn write_budget(
        &self,
        caller: &Caller,
        id: Option<BudgetId>,
        (new, micros): (&NewBudget, i64),
    ) -> Result<(), AppError> {
        let budgets = self.store().budgets().await?;
        let is_twice = |known: &&BudgetRow| {
            known.programme == new.programme && known.period == new.period.word() && Some(known.id) != id
        };
        if budgets.iter().any(|known| is_twice(&known)) {
            return Err(AppError::invalid("budget-twice", []));
        }
        if id.is_none() && budgets.len() >= BUDGETS_MAX {
            return Err(AppError::invalid("budget-too-many", [("max", BUDGETS_MAX.to_string())]));
        }
        let now = self.clock().now();
        let zone = self.facts_cached().await?.time_zone();
        let known = id.map(|id| {
            let known = budgets.iter().find(|known| known.id == id).cloned();
            known.ok_or_else(|| AppError::not_found("budget", id))
        });
        let known = known.transpose()?;
        let row = BudgetRow {
            id: id.unwrap_or_else(|| self.store().mint().id(BudgetId::from_uuid)),
            programme: known.as_ref().map_or(new.programme, |known| known.programme),
            period: new.period.word().to_owned(),
            since: known
                .as_ref()
                .map_or_else(|| midnight(now.to_zoned(zone.clone()).date(), &zone), |known| known.since),
            micros,
            warn_percent: new.warn_percent,
            stops: new.stops,
            lifted_until: None,
            created_at: now.as_microsecond(),
            version: known.as_ref().map_or(1, |known| known.version),
        };
        let mut unit = Unit::new();
        match known {
            Some(_) => unit.set_budget(&row),
            None => unit.add_budget(&row),
        };
        let facts = serde_json::json!({
            "programme": row.programme.map(|id| id.to_string()), "period": row.period, "micros": micros,
            "warn_percent": row.warn_percent, "stops": row.stops,
        });
        unit.audit(self.store(), &caller.entry("budget-set", "budget", Some(row.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Takes a budget away. What waited because of it goes on.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn drop_budget(&self, caller: &Caller, id: BudgetId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let change = |row: &BudgetRow, unit: &mut Unit| {
            unit.drop_budget(row);
            ("budget-dropped", serde_json::json!({ "micros": row.micros }))
        };
        self.change_budget(caller, id, change).await
    }

    /// Lets messages go on although a budget is used up: until the end of the month, or for a month where it is a total. Only
    /// administrators may, and the reason stands in the audit log.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn lift_budget(&self, caller: &Caller, id: BudgetId, reason: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let reason = reason.trim();
        if !REASON_CHARS.contains(&reason.chars().count()) {
            let args = [("min", REASON_CHARS.start().to_string()), ("max", REASON_CHARS.end().to_string())];
            return Err(AppError::invalid("budget-reason", args));
        }
        let (zone, now) = (self.facts_cached().await?.time_zone(), self.clock().now());
        let month = now.to_zoned(zone.clone()).date().first_of_month().checked_add(1.month());
        let month_ends = month.map_or_else(|_| (now + LIFTED_FOR).as_microsecond(), |next| midnight(next, &zone));
        let change = |row: &BudgetRow, unit: &mut Unit| {
            let until = match Period::of(&row.period) {
                Some(Period::Total) => (now + LIFTED_FOR).as_microsecond(),
                _ => month_ends,
            };
            unit.set_budget(&BudgetRow { lifted_until: Some(until), ..row.clone() });
            ("budget-lifted", serde_json::json!({ "until": timestamp(until).to_string(), "reason": reason }))
        };
        self.change_budget(caller, id, change).await
    }

    /// Takes back that the stop of a budget was lifted.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn unlift_budget(&self, caller: &Caller, id: BudgetId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let change = |row: &BudgetRow, unit: &mut Unit| {
            unit.set_budget(&BudgetRow { lifted_until: None, ..row.clone() });
            ("budget-unlifted", serde_json::json!({}))
        };
        self.change_budget(caller, id, change).await
    }

    async fn change_budget(
        &self,
        caller: &Caller,
        id: BudgetId,
        change: impl Fn(&BudgetRow, &mut Unit) -> (&'static str, serde_json::Value),
    ) -> Result<(), AppError> {
        let write = || async {
            let row = self.store().budgets().await?.into_iter().find(|row| row.id == id);
            let row = row.ok_or_else(|| AppError::not_found("budget", id))?;
            let mut unit = Unit::new();
            let (action, facts) = change(&row, &mut unit);
            unit.audit(self.store(), &caller.entry(action, "budget", Some(id.uuid()), facts));
            self.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.store().decide(write).await?;
        self.costs().forget();
        self.wake();
        Ok(())
    }

    /// The programme that pays for what somebody sends: theirs, where they work for one only.
    pub(crate) async fn programme_of_sender(&self, caller: &Caller) -> Result<Option<ProgrammeId>, AppError> {
        match self.programmes_of(caller, Right::Send).await? {
            Programmes::Of(own) if own.len() == 1 => Ok(own.first().copied()),
            _ => Ok(None),
        }
    }

    /// The programme that a draft is sent for: the one that it names, else that of its sender.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where its sender may not send for the programme that it names.
    pub(crate) async fn programme_of_draft(
        &self,
        caller: &Caller,
        draft: &Draft,
    ) -> Result<Option<ProgrammeId>, AppError> {
        let Some(named) = draft.programme else { return self.programme_of_sender(caller).await };
        if self.programmes_to_send_for(caller).await?.iter().any(|programme| programme.id == named) {
            Ok(Some(named))
        } else {
            Err(AppError::invalid("send-not-your-programme", []))
        }
    }

    /// The programmes that somebody may send for.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn programmes_to_send_for(&self, caller: &Caller) -> Result<Vec<Programme>, AppError> {
        let own = self.programmes_of(caller, Right::Send).await?;
        let mut all = self.programmes().await?;
        if let Programmes::Of(own) = own {
            all.retain(|programme| own.contains(&programme.id));
        }
        Ok(all)
    }

    /// Refuses to let a broadcast go on that waits because of a budget.
    pub(crate) async fn must_afford(&self, id: BroadcastId) -> Result<(), AppError> {
        if self.store().budget_holds().await?.iter().any(|hold| hold.broadcast == id) {
            return Err(AppError::invalid("budget-used-up", []));
        }
        Ok(())
    }
}
