//! Prices, budgets, and what was spent. Money is in micro-units of the installation's currency.

use mhero_core::{BroadcastId, BudgetId, ChannelId, Direction, Lane, PriceId, ProgrammeId};
use uuid::Uuid;

use super::outbox::SubmissionRow;
use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// How far the time in an id may be from the time of its row, in microseconds: one is made shortly before the other, perhaps on a
/// node whose clock differs.
const ID_SLACK_MICROS: i64 = 3_600_000_000;

statements! {
    PRICES = "SELECT id, channel, prefix, operator, direction, payer, micros, valid_from, created_at FROM price ORDER BY channel ASC NULLS LAST, direction DESC NULLS LAST, operator ASC NULLS LAST, prefix ASC NULLS LAST, valid_from DESC NULLS LAST";
    ADD_PRICE = "INSERT INTO price (id, channel, prefix, operator, direction, payer, micros, valid_from, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// One that holds already stays: what was sent under it was recorded with it.
    DROP_PRICE = "DELETE FROM price WHERE id = $1 AND valid_from > $2";
    ADD_PRICED = "INSERT INTO submission (id, message, attempt, part, parts, channel, carrier_id, state, price_micros, currency, failure, submitted_at, answered_at, reported_at, segments) VALUES ($1, $2, $3, $4, $5, $6, NULL, 'submitting', $8, $9, NULL, $7, NULL, NULL, $10)";
    BUDGETS = "SELECT id, programme, period, since, micros, warn_percent, stops, lifted_until, created_at, version FROM budget ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    ADD_BUDGET = "INSERT INTO budget (id, programme, period, since, micros, warn_percent, stops, lifted_until, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, 1)";
    SET_BUDGET = "UPDATE budget SET period = $3, since = $4, micros = $5, warn_percent = $6, stops = $7, lifted_until = $8, version = version + 1 WHERE id = $1 AND version = $2";
    DROP_BUDGET = "DELETE FROM budget WHERE id = $1 AND version = $2";
    HOLDS = "SELECT h.broadcast, h.budget, h.held_at FROM budget_hold h ORDER BY h.held_at ASC NULLS LAST";
    ADD_HOLD = "INSERT INTO budget_hold (broadcast, budget, held_at) VALUES ($1, $2, $3)";
    DROP_HOLD = "DELETE FROM budget_hold WHERE broadcast = $1";
    DROP_OLD_HOLD = "DELETE FROM budget_hold WHERE broadcast = $1 AND NOT EXISTS (SELECT 1 FROM broadcast b WHERE b.id = $1 AND b.status = 'paused')";
    /// What is being sent and may wait. $1 and $2: the lanes.
    MAY_WAIT = "SELECT id, programme FROM broadcast WHERE status IN ('releasing', 'sending') AND lane IN ($1, $2)";
    /// Ids are in the order of time, so that an index finds a span of it. What the carrier refused costs nothing.
    SPENT = "SELECT m.programme, CAST(COALESCE(SUM(s.price_micros), 0) AS BIGINT) FROM submission s JOIN message m ON m.id = s.message WHERE s.id >= $1 AND s.id < $2 AND s.submitted_at >= $3 AND s.submitted_at < $4 AND s.price_micros > 0 AND s.state NOT IN ('not_sent', 'rejected') GROUP BY m.programme";
    SPENT_BY_BROADCAST = "SELECT CAST(COALESCE(SUM(s.price_micros), 0) AS BIGINT) FROM message m JOIN submission s ON s.message = m.id WHERE m.broadcast = $1 AND s.state NOT IN ('not_sent', 'rejected')";
}

/// The lowest id of version 7 that could stand for an instant.
pub(super) fn id_at(micros: i64) -> Uuid {
    let millis = u64::try_from(micros.max(0) / 1_000).unwrap_or(0);
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    Uuid::from_bytes(bytes)
}

/// Between which ids the rows of a span of time stand.
pub(super) fn ids_of((from, until): (i64, i64)) -> (Uuid, Uuid) {
    (id_at(from.saturating_sub(ID_SLACK_MICROS)), id_at(until.saturating_add(ID_SLACK_MICROS)))
}

/// What one segment costs from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// Its id.
    pub id: PriceId,
    /// By which channel.
    pub channel: ChannelId,
    /// What the numbers begin with, in E.164; `+` for all that nothing longer fits.
    pub prefix: String,
    /// The operator as it was called; empty for everybody else.
    pub operator: String,
    /// To phones or from them.
    pub direction: Direction,
    /// `ministry` or `worker`.
    pub payer: String,
    /// Micro-units of the currency for one segment.
    pub micros: i64,
    /// From when on, in UTC microseconds.
    pub valid_from: i64,
    /// When it was said.
    pub created_at: i64,
}

/// A budget as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetRow {
    /// Its id.
    pub id: BudgetId,
    /// Of which programme; `None` for all that the installation sends.
    pub programme: Option<ProgrammeId>,
    /// `month` or `total`.
    pub period: String,
    /// From when on a total counts, in UTC microseconds.
    pub since: i64,
    /// How much, in micro-units.
    pub micros: i64,
    /// From which share on it warns, in percent.
    pub warn_percent: i64,
    /// Whether broadcasts wait once it is used up.
    pub stops: bool,
    /// Until when nothing waits although it is.
    pub lifted_until: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// Version, for guards.
    pub version: i64,
}

/// A broadcast that waits because of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetHold {
    /// The broadcast.
    pub broadcast: BroadcastId,
    /// The budget.
    pub budget: BudgetId,
    /// Since when.
    pub held_at: i64,
}

/// What one submission costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Segments.
    pub segments: i64,
    /// Micro-units of the currency and its code; `None` where no price is known.
    pub price: Option<(i64, String)>,
}

impl Unit {
    /// Says a price; [`StoreError::Exists`] where one begins at the same instant.
    pub fn add_price(&mut self, row: &PriceRow) -> &mut Self {
        let PriceRow { id, channel, prefix, operator, direction, payer, micros, valid_from, created_at } = row;
        self.one(
            &ADD_PRICE,
            params![*id, *channel, prefix, operator, *direction, payer, *micros, *valid_from, *created_at],
        )
    }

    /// Takes a price back that does not hold yet; the unit fails for one that does.
    pub fn drop_price(&mut self, id: PriceId, now: i64) -> &mut Self {
        self.one(&DROP_PRICE, params![id, now])
    }

    /// Notes one part that is being submitted, and what it costs.
    pub fn add_priced_submission(
        &mut self,
        row: &SubmissionRow,
        channel: ChannelId,
        charge: &Charge,
        now: i64,
    ) -> &mut Self {
        let (micros, currency) = charge.price.clone().unzip();
        let SubmissionRow { id, message, attempt, part, parts, .. } = row;
        self.one(
            &ADD_PRICED,
            params![*id, *message, *attempt, *part, *parts, channel, now, micros, currency, charge.segments],
        )
    }

    /// Makes a budget.
    pub fn add_budget(&mut self, row: &BudgetRow) -> &mut Self {
        let BudgetRow { id, programme, period, since, micros, warn_percent, stops, created_at, .. } = row;
        self.one(&ADD_BUDGET, params![*id, *programme, period, *since, *micros, *warn_percent, *stops, *created_at])
    }

    /// Changes a budget; the unit fails when it is no longer as it was read.
    pub fn set_budget(&mut self, row: &BudgetRow) -> &mut Self {
        let BudgetRow { id, period, since, micros, warn_percent, stops, lifted_until, version, .. } = row;
        self.one(&SET_BUDGET, params![*id, *version, period, *since, *micros, *warn_percent, *stops, *lifted_until])
    }

    /// Takes a budget away; the unit fails when it is no longer as it was read.
    pub fn drop_budget(&mut self, row: &BudgetRow) -> &mut Self {
        self.one(&DROP_BUDGET, params![row.id, row.version])
    }

    /// Notes that a broadcast waits because of a budget.
    pub fn add_budget_hold(&mut self, hold: &BudgetHold) -> &mut Self {
        self.one(&ADD_HOLD, params![hold.broadcast, hold.budget, hold.held_at])
    }

    /// A broadcast no longer waits because of a budget.
    pub fn drop_budget_hold(&mut self, broadcast: BroadcastId) -> &mut Self {
        self.run(&DROP_HOLD, params![broadcast])
    }

    /// The same, unless it is paused.
    pub fn drop_old_budget_hold(&mut self, broadcast: BroadcastId) -> &mut Self {
        self.run(&DROP_OLD_HOLD, params![broadcast])
    }
}

fn read_price(row: &Row) -> Result<PriceRow, StoreError> {
    Ok(PriceRow {
        id: row.get(0)?,
        channel: row.get(1)?,
        prefix: row.get(2)?,
        operator: row.get(3)?,
        direction: row.get(4)?,
        payer: row.get(5)?,
        micros: row.get(6)?,
        valid_from: row.get(7)?,
        created_at: row.get(8)?,
    })
}

fn read_budget(row: &Row) -> Result<BudgetRow, StoreError> {
    Ok(BudgetRow {
        id: row.get(0)?,
        programme: row.get(1)?,
        period: row.get(2)?,
        since: row.get(3)?,
        micros: row.get(4)?,
        warn_percent: row.get(5)?,
        stops: row.get(6)?,
        lifted_until: row.get(7)?,
        created_at: row.get(8)?,
        version: row.get(9)?,
    })
}

impl Store {
    /// All prices, by channel, direction and operator, the latest of each first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn prices(&self) -> Result<Vec<PriceRow>, StoreError> {
        self.query(&PRICES, params![]).await?.iter().map(read_price).collect()
    }

    /// All budgets, in the order in which they were made.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn budgets(&self) -> Result<Vec<BudgetRow>, StoreError> {
        self.query(&BUDGETS, params![]).await?.iter().map(read_budget).collect()
    }

    /// The broadcasts that wait because of a budget.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn budget_holds(&self) -> Result<Vec<BudgetHold>, StoreError> {
        let rows = self.query(&HOLDS, params![]).await?;
        rows.iter().map(|r| Ok(BudgetHold { broadcast: r.get(0)?, budget: r.get(1)?, held_at: r.get(2)? })).collect()
    }

    /// The broadcasts that are being sent in a lane that can wait, each with its programme.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcasts_that_may_wait(&self) -> Result<Vec<(BroadcastId, Option<ProgrammeId>)>, StoreError> {
        let rows = self.query(&MAY_WAIT, params![Lane::Normal, Lane::Bulk]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// What was spent from one instant up to another, by programme, in micro-units.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn spent(&self, span: (i64, i64)) -> Result<Vec<(Option<ProgrammeId>, i64)>, StoreError> {
        let (first, last) = ids_of(span);
        let rows = self.query(&SPENT, params![first, last, span.0, span.1]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// What a broadcast has cost so far, in micro-units.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn spent_by_broadcast(&self, id: BroadcastId) -> Result<i64, StoreError> {
        self.first(&SPENT_BY_BROADCAST, params![id]).await?.map_or(Ok(0), |row| row.get(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_span_hold_the_ids_that_are_made_in_it() {
        let at: jiff::Timestamp = "2026-05-14T09:34:00.123456Z".parse().expect("an instant");
        let (clock, _) = crate::Clock::manual(at);
        let made = crate::Mint::new(clock).uuid();
        let micros = at.as_microsecond();
        assert!(id_at(micros) <= made && made < id_at(micros + 1_000));
        let (first, last) = ids_of((micros, micros + 1));
        assert!(first < made && made < last);
    }
}
