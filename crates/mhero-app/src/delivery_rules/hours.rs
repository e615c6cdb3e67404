//! Quiet hours and days of rest, in the time of a place.

use jiff::{
    Timestamp, ToSpan,
    civil::{Time, Weekday},
    tz::TimeZone,
};
use mhero_core::{LangMap, PlaceId, Right};
use mhero_store::{Queue, QuietRow, StoreError, Unit};
use serde::{Deserialize, Serialize};

use super::reasons;
use crate::{App, AppError, Caller};

/// Places that may have hours of their own.
const PLACES_MAX: usize = 500;
/// Quiet hours and days of rest that follow one another: a week of rest has no more.
const STRETCHES_MAX: usize = 20;

/// Days of the week on which people rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RestDays(u8);

impl RestDays {
    /// Every day of a week, as bits.
    const WEEK: u8 = 0b111_1111;

    /// These days.
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | Self::bit(day)))
    }

    /// Whether a day is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    /// Whether no day is left to send on.
    pub const fn is_whole_week(self) -> bool {
        self.0 & Self::WEEK == Self::WEEK
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 & Self::WEEK == 0
    }

    /// As the store keeps them: a sum of 1 for Monday up to 64 for Sunday.
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// From the store.
    pub fn from_bits(bits: i64) -> Self {
        Self(u8::try_from(bits & i64::from(Self::WEEK)).unwrap_or_default())
    }

    fn bit(day: Weekday) -> u8 {
        1 << day.to_monday_zero_offset()
    }
}

/// Quiet hours, local wall time; they may pass midnight. And days of rest, which are quiet from midnight to midnight.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct QuietHours {
    /// They begin.
    pub from: Time,
    /// They end; the same as `from`: there are none.
    pub until: Time,
    /// Days of rest.
    #[serde(default)]
    pub rest: RestDays,
}

impl QuietHours {
    /// 20:00 to 07:00 and no day of rest, the national default.
    pub const NATIONAL: Self =
        Self { from: Time::constant(20, 0, 0, 0), until: Time::constant(7, 0, 0, 0), rest: RestDays(0) };

    /// Whether nothing is ever held.
    pub fn is_off(&self) -> bool {
        self.from == self.until && self.rest.is_empty()
    }

    /// When the quiet hours or days of rest in which an instant lies end; `None` when it lies in none.
    pub fn end(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.hold(now, zone).map(|(end, _)| end)
    }

    /// The same with the reason, see [`reasons`]. A night that leads into a day of rest is one stretch.
    pub fn hold(&self, now: Timestamp, zone: &TimeZone) -> Option<(Timestamp, &'static str)> {
        let (mut at, mut why) = (now, None);
        for _ in 0..STRETCHES_MAX {
            let (end, reason) = match (self.end_of_rest(at, zone), self.end_of_hours(at, zone)) {
                (Some(end), _) => (end, reasons::REST_DAY),
                (None, Some(end)) => (end, reasons::QUIET_HOURS),
                (None, None) => break,
            };
            why.get_or_insert(reason);
            at = end;
        }
        why.map(|why| (at, why))
    }

    /// The midnight at which a day of rest ends.
    fn end_of_rest(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = now.to_zoned(zone.clone()).date();
        if !self.rest.has(today.weekday()) {
            return None;
        }
        // Where midnight does not exist the day begins when the clock has jumped.
        let next = today.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
        (next > now).then_some(next)
    }

    /// When the hours end in which an instant lies.
    fn end_of_hours(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = now.to_zoned(zone.clone());
        if !self.is_in(local.time()) {
            return None;
        }
        let is_evening = self.from > self.until && local.time() >= self.from;
        let day = if is_evening { local.date().checked_add(1.day()).ok()? } else { local.date() };
        let end = zone.to_ambiguous_zoned(day.to_datetime(self.until));
        // An hour that comes twice: what is over the first time may not be the second time.
        let first = end.clone().compatible().ok()?.timestamp();
        let end = if first > now { first } else { end.later().ok()?.timestamp() };
        // A clock that jumps over the end ends them there; one that jumps back within them does not.
        let jump = zone.following(now).map(|jump| jump.timestamp()).take_while(|jump| *jump < end);
        let jumped = jump.take(2).find(|jump| !self.is_in(jump.to_zoned(zone.clone()).time()));
        Some(jumped.unwrap_or(end)).filter(|end| *end > now)
    }

    fn is_in(&self, time: Time) -> bool {
        match self.from.cmp(&self.until) {
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Less => time >= self.from && time < self.until,
            std::cmp::Ordering::Greater => time >= self.from || time < self.until,
        }
    }

    fn stored(&self, place: PlaceId) -> QuietRow {
        let minutes = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
        QuietRow {
            place,
            name: LangMap::default(),
            from_minute: minutes(self.from),
            until_minute: minutes(self.until),
            rest_days: self.rest.bits(),
        }
    }

    pub(super) fn read(row: &QuietRow) -> Self {
        let time = |minutes: i64| {
            let part = |value: i64| i8::try_from(value).unwrap_or_default();
            Time::new(part(minutes / 60 % 24), part(minutes % 60), 0, 0).unwrap_or_default()
        };
        Self { from: time(row.from_minute), until: time(row.until_minute), rest: RestDays::from_bits(row.rest_days) }
    }
}

/// The hours of one place and all that lies below it, but for places with hours of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceHours {
    /// The place.
    pub place: PlaceId,
    /// Its names.
    pub name: LangMap,
    /// Its hours.
    pub hours: QuietHours,
}

impl App {
    /// Places that have hours of their own, by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn place_hours(&self, caller: &Caller) -> Result<Vec<PlaceHours>, AppError> {
        caller.must(Right::Settings)?;
        let rows = self.store().quiet_rules().await?;
        Ok(rows
            .into_iter()
            .map(|row| PlaceHours { place: row.place, hours: QuietHours::read(&row), name: row.name })
            .collect())
    }

    /// Gives a place hours of its own; with `None` what holds above it holds there again. What waits is asked about anew.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for the place, [`AppError::Invalid`] where no day is left or too many places have their own.
    pub async fn set_place_hours(
        &self,
        caller: &Caller,
        place: PlaceId,
        hours: Option<QuietHours>,
    ) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.store().place(place).await?.ok_or_else(|| AppError::not_found("place", place))?;
        let mut unit = Unit::new();
        let facts = match &hours {
            Some(hours) => {
                check(hours)?;
                let known = self.store().quiet_rules().await?;
                if known.len() >= PLACES_MAX && known.iter().all(|row| row.place != place) {
                    return Err(AppError::invalid("quiet-too-many", [("max", PLACES_MAX.to_string())]));
                }
                unit.put_quiet_rule(&hours.stored(place), self.clock().now_micros());
                serde_json::json!(hours)
            }
            None => {
                unit.drop_quiet_rule(place);
                serde_json::json!({ "gone": true })
            }
        };
        unit.audit(self.store(), &caller.entry("quiet-hours-set", "place", Some(place.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            // Somebody else has just taken them away.
            Err(StoreError::Guard { .. }) => return Err(AppError::not_found("place", place)),
            other => other?,
        };
        self.rules_changed().await
    }

    /// Sets the hours that hold where no place has its own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where no day is left.
    pub async fn set_national_hours(&self, caller: &Caller, hours: QuietHours) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        check(&hours)?;
        let mut facts = self.facts().await?;
        facts.quiet = (!hours.is_off()).then_some(hours);
        self.set_facts(caller, &facts).await?;
        self.rules_changed().await
    }
}

fn check(hours: &QuietHours) -> Result<(), AppError> {
    if hours.rest.is_whole_week() { Err(AppError::invalid("quiet-no-day-left", [])) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn hours(from: (i8, i8), until: (i8, i8), rest: &[Weekday]) -> QuietHours {
        let time = |(hour, minute)| Time::constant(hour, minute, 0, 0);
        QuietHours { from: time(from), until: time(until), rest: RestDays::of(rest.iter().copied()) }
    }

    fn ends(hours: QuietHours, zone: &str, cases: &[(&str, Option<&str>)]) {
        let zone = TimeZone::get(zone).expect("a zone");
        for (now, end) in cases {
            assert_eq!(hours.end(at(now), &zone), end.map(at), "{now}");
        }
    }

    #[test]
    fn quiet_hours_pass_midnight() {
        ends(
            QuietHours::NATIONAL,
            "Africa/Monrovia",
            &[
                ("2026-05-14T19:59:59Z", None),
                ("2026-05-14T20:00:00Z", Some("2026-05-15T07:00:00Z")),
                ("2026-05-15T00:00:00Z", Some("2026-05-15T07:00:00Z")),
                ("2026-05-15T06:59:59Z", Some("2026-05-15T07:00:00Z")),
                ("2026-05-15T07:00:00Z", None),
            ],
        );
        // Until midnight itself, and within one day.
        ends(
            hours((20, 0), (0, 0), &[]),
            "Africa/Monrovia",
            &[("2026-05-14T23:59:59Z", Some("2026-05-15T00:00:00Z")), ("2026-05-15T00:00:00Z", None)],
        );
        ends(
            hours((12, 0), (14, 0), &[]),
            "Africa/Monrovia",
            &[
                ("2026-05-14T11:59:59Z", None),
                ("2026-05-14T12:00:00Z", Some("2026-05-14T14:00:00Z")),
                ("2026-05-14T14:00:00Z", None),
            ],
        );
        assert!(hours((7, 0), (7, 0), &[]).is_off());
    }

    #[test]
    fn a_night_and_a_day_of_rest_are_one_stretch() {
        // 2026-05-15 is a Friday.
        let friday = hours((20, 0), (7, 0), &[Weekday::Friday]);
        ends(
            friday,
            "Africa/Monrovia",
            &[
                ("2026-05-14T19:59:59Z", None),
                ("2026-05-14T20:00:00Z", Some("2026-05-16T07:00:00Z")),
                ("2026-05-15T12:00:00Z", Some("2026-05-16T07:00:00Z")),
                ("2026-05-16T06:59:59Z", Some("2026-05-16T07:00:00Z")),
                ("2026-05-16T12:00:00Z", None),
            ],
        );
        let zone = TimeZone::get("Africa/Monrovia").expect("a zone");
        assert_eq!(friday.hold(at("2026-05-15T12:00:00Z"), &zone).map(|(_, why)| why), Some(reasons::REST_DAY));
        assert_eq!(friday.hold(at("2026-05-14T21:00:00Z"), &zone).map(|(_, why)| why), Some(reasons::QUIET_HOURS));
        let only = hours((0, 0), (0, 0), &[Weekday::Friday, Weekday::Saturday]);
        ends(only, "Africa/Monrovia", &[("2026-05-15T00:00:00Z", Some("2026-05-17T00:00:00Z"))]);
        assert!(!only.is_off());
        assert!(RestDays::from_bits(127).is_whole_week() && !RestDays::from_bits(126).is_whole_week());
    }

    #[test]
    fn clocks_that_jump_hold_nothing_too_long_nor_for_ever() {
        // Cairo, the last Friday of April 2026: midnight does not exist, the clock jumps to 01:00 (22:00 UTC).
        let zone = "Africa/Cairo";
        let until = |hour, minute| hours((22, 0), (hour, minute), &[]);
        ends(until(0, 30), zone, &[("2026-04-23T21:00:00Z", Some("2026-04-23T22:00:00Z"))]);
        ends(until(0, 30), zone, &[("2026-04-23T22:00:00Z", None)]);
        let thursday = hours((0, 0), (0, 0), &[Weekday::Thursday]);
        ends(thursday, zone, &[("2026-04-23T12:00:00Z", Some("2026-04-23T22:00:00Z"))]);
        // The last Thursday of October 2026: at midnight it is 23:00 once more (21:00 UTC).
        let late = hours((22, 0), (23, 30), &[]);
        ends(
            late,
            zone,
            &[
                ("2026-10-29T19:30:00Z", Some("2026-10-29T20:30:00Z")),
                ("2026-10-29T20:45:00Z", None),
                ("2026-10-29T21:15:00Z", Some("2026-10-29T21:30:00Z")),
                ("2026-10-29T21:30:00Z", None),
            ],
        );
        // All through both nights nothing is held until a time that has passed, nor for longer than the hours last.
        for start in ["2026-04-23T18:00:00Z", "2026-10-29T18:00:00Z"] {
            let zone = TimeZone::get(zone).expect("a zone");
            for minute in 0..12 * 60 {
                let now = at(start) + jiff::SignedDuration::from_mins(minute);
                for hours in [until(0, 30), until(7, 0), late, thursday, QuietHours::NATIONAL] {
                    if let Some(end) = hours.end(now, &zone) {
                        assert!(end > now && end.duration_since(now) < jiff::SignedDuration::from_hours(26), "{now}");
                        assert!(hours.end(end, &zone).is_none(), "{now}: one stretch");
                    }
                }
            }
        }
    }

    #[test]
    fn facts_of_before_have_no_day_of_rest() {
        let read: QuietHours = serde_json::from_str(r#"{"from":"20:00:00","until":"07:00:00"}"#).expect("read");
        assert_eq!(read, QuietHours::NATIONAL);
        let row = hours((21, 30), (6, 15), &[Weekday::Sunday]).stored(PlaceId::from_uuid(uuid::Uuid::nil()));
        assert_eq!(QuietHours::read(&row), hours((21, 30), (6, 15), &[Weekday::Sunday]));
    }
}
