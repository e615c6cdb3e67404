//! Evidence: each message that ended says something about the number it went to.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use mhero_core::{MessageId, PersonId, PlaceId};
use mhero_store::{Ended, Evidence, Mark, Queue, ReachRow, StoreError, Unit};
use uuid::Uuid;

use super::Operators;
use crate::{App, AppError};

/// Messages counted in one pass.
const PASS_MAX: i64 = 1_000;
/// Ends are counted once they are so old: units of other nodes that carry an earlier time have been written by then.
const SETTLED: SignedDuration = SignedDuration::from_secs(10);
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;

impl App {
    /// Counts what ended since the last pass. Returns how many messages were counted.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub(crate) async fn numbers_pass(&self) -> Result<usize, AppError> {
        let store = self.store();
        if store.take_lease("numbers", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        Ok(self.count_ended().await? + self.count_heard().await?)
    }

    /// What ended at phones.
    async fn count_ended(&self) -> Result<usize, AppError> {
        let Some((mark, ended)) = self.news(Mark::Out).await? else { return Ok(0) };
        let Some(last) = ended.last() else { return Ok(0) };
        let mut unit = Unit::new();
        unit.move_number_mark(Mark::Out, mark, (last.done_at, last.message));
        let operators = self.operators().await?;
        for ((scheme, path), seen) in gather(&ended, &operators) {
            unit.number_evidence((&scheme, &path), &seen);
        }
        for row in self.reach_of(&ended, &operators).await? {
            unit.add_reach(&row);
        }
        self.write_counted(unit, ended.len()).await
    }

    /// Who wrote: their phones work.
    async fn count_heard(&self) -> Result<usize, AppError> {
        let Some((mark, came)) = self.news(Mark::In).await? else { return Ok(0) };
        let Some(last) = came.last() else { return Ok(0) };
        let mut unit = Unit::new();
        unit.move_number_mark(Mark::In, mark, (last.done_at, last.message));
        let mut numbers: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for one in &came {
            numbers.insert((&one.scheme, &one.path), one.done_at);
        }
        for (number, at) in numbers {
            unit.number_heard(number, at);
        }
        self.write_counted(unit, came.len()).await
    }

    /// What came after a mark, with the mark.
    async fn news(&self, of: Mark) -> Result<Option<((i64, MessageId), Vec<Ended>)>, AppError> {
        let store = self.store();
        let Some(mark) = store.number_mark(of).await? else {
            let mut unit = Unit::new();
            unit.first_number_mark(of, 0, MessageId::from_uuid(Uuid::nil()));
            store.write(unit, Queue::Bulk).await?;
            return Ok(None);
        };
        let until = (self.clock().now() - SETTLED).as_microsecond();
        Ok(Some((mark, store.ended_since(of, mark, until, PASS_MAX).await?)))
    }

    async fn write_counted(&self, unit: Unit, count: usize) -> Result<usize, AppError> {
        match self.store().write(unit, Queue::Bulk).await {
            // Another node has counted them.
            Err(StoreError::Guard { .. }) => Ok(0),
            other => Ok(other.map(|_| count)?),
        }
    }

    async fn reach_of(&self, ended: &[Ended], operators: &Operators) -> Result<Vec<ReachRow>, AppError> {
        let mut people: Vec<PersonId> = ended.iter().map(|one| one.person).collect();
        people.sort_unstable();
        people.dedup();
        let mut county: HashMap<PersonId, PlaceId> = HashMap::new();
        for (person, place) in self.store().counties_of(&people).await? {
            county.entry(person).or_insert(place);
        }
        let zone = self.facts().await?.time_zone();
        let mut days: BTreeMap<(String, Uuid, String), [i64; 3]> = BTreeMap::new();
        for one in ended.iter().filter(|one| is_evidence(one)) {
            let Ok(at) = Timestamp::from_microsecond(one.done_at) else { continue };
            let day = at.to_zoned(zone.clone()).date().to_string();
            let place = county.get(&one.person).map_or(Uuid::nil(), |place| place.uuid());
            let operator = operators.of(&one.path).unwrap_or_default().to_owned();
            let counts = days.entry((day, place, operator)).or_default();
            counts[0] += 1;
            counts[1] += i64::from(arrived(one));
            counts[2] += i64::from(!arrived(one));
        }
        type Counted = ((String, Uuid, String), [i64; 3]);
        let row = |((day, place, operator), [tried, delivered, failed]): Counted| ReachRow {
            day,
            place: PlaceId::from_uuid(place),
            operator,
            tried,
            delivered,
            failed,
        };
        Ok(days.into_iter().map(row).collect())
    }
}

/// Whether an end says anything: what nobody knows the end of, and what we held back ourselves, says nothing.
fn is_evidence(one: &Ended) -> bool {
    matches!(one.state.as_str(), "delivered" | "failed")
}

fn arrived(one: &Ended) -> bool {
    one.state == "delivered"
}

/// Evidence by number, from messages in the order in which they ended.
fn gather(ended: &[Ended], operators: &Operators) -> BTreeMap<(String, String), Evidence> {
    let mut by_number: BTreeMap<(String, String), Evidence> = BTreeMap::new();
    for one in ended.iter().filter(|one| is_evidence(one)) {
        let seen = by_number.entry((one.scheme.clone(), one.path.clone())).or_default();
        seen.tried += 1;
        seen.last_tried_at = one.done_at;
        seen.operator = operators.of(&one.path).map(str::to_owned);
        if arrived(one) {
            seen.delivered += 1;
            seen.worked = true;
            seen.failures = 0;
            seen.last_worked_at = Some(one.done_at);
        } else {
            seen.failures += 1;
            seen.last_failed_at = Some(one.done_at);
            seen.last_error.clone_from(&one.failure);
        }
    }
    by_number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(at: i64, state: &str, failure: Option<&str>) -> Ended {
        Ended {
            message: MessageId::from_uuid(Uuid::from_u128(1)),
            done_at: at,
            state: state.into(),
            scheme: "tel".into(),
            path: "+231770000001".into(),
            person: PersonId::from_uuid(Uuid::from_u128(2)),
            failure: failure.map(str::to_owned),
        }
    }

    #[test]
    fn failures_count_since_it_last_worked() {
        let all = [
            ended(1, "failed", Some("absent")),
            ended(2, "delivered", None),
            ended(3, "failed", Some("expired")),
            ended(4, "uncertain", None),
            ended(5, "cancelled", Some("stopped")),
        ];
        let seen = gather(&all, &Operators::default());
        let one = &seen[&("tel".to_owned(), "+231770000001".to_owned())];
        assert_eq!((one.tried, one.delivered, one.failures, one.worked), (3, 1, 1, true));
        assert_eq!((one.last_tried_at, one.last_worked_at, one.last_failed_at), (3, Some(2), Some(3)));
        assert_eq!(one.last_error.as_deref(), Some("expired"));
    }
}
