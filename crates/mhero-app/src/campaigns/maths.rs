//! When an event of a campaign is due, from a date of a person.

use jiff::{SignedDuration, Span, Timestamp, Unit as TimeUnit, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// In what an offset is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OffsetUnit {
    /// Minutes, by duration.
    #[serde(rename = "M")]
    Minutes,
    /// Hours, by duration.
    #[serde(rename = "H")]
    Hours,
    /// Days, by calendar: the same wall time, also over a change of clocks.
    #[serde(rename = "D")]
    Days,
    /// Weeks, by calendar.
    #[serde(rename = "W")]
    Weeks,
}

impl OffsetUnit {
    /// Every unit.
    pub const ALL: [Self; 4] = [Self::Minutes, Self::Hours, Self::Days, Self::Weeks];

    /// The letter that RapidPro and the store use.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Minutes => "M",
            Self::Hours => "H",
            Self::Days => "D",
            Self::Weeks => "W",
        }
    }

    /// The unit of a letter.
    pub fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.letter() == letter)
    }
}

/// When an event is due: the date in the person's zone, rounded up to the minute when it has seconds, moved by the offset, and
/// at a set hour put to that hour of that day; perhaps in the past. `None` for no date at all. (The rules of RapidPro's
/// campaigns; the zone there is the workspace's.)
pub fn due(date: Timestamp, zone: &TimeZone, (offset, unit): (i64, OffsetUnit), hour: Option<i8>) -> Option<Timestamp> {
    let local = date.to_zoned(zone.clone());
    let local = if local.second() != 0 || local.subsec_nanosecond() != 0 {
        local.checked_add(SignedDuration::from_mins(1)).ok()?.with().second(0).subsec_nanosecond(0).build().ok()?
    } else {
        local
    };
    let moved = match unit {
        OffsetUnit::Minutes => local.checked_add(SignedDuration::from_secs(offset.checked_mul(60)?)).ok()?,
        OffsetUnit::Hours => local.checked_add(SignedDuration::from_secs(offset.checked_mul(3_600)?)).ok()?,
        OffsetUnit::Days => local.checked_add(Span::new().try_days(offset).ok()?).ok()?,
        OffsetUnit::Weeks => local.checked_add(Span::new().try_weeks(offset).ok()?).ok()?,
    };
    let moved = match hour {
        Some(hour) => moved.round(TimeUnit::Minute).ok()?.with().hour(hour).minute(0).second(0).build().ok()?,
        None => moved,
    };
    Some(moved.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn offsets_hours_and_rounding_follow_the_rules() {
        let monrovia = TimeZone::get("Africa/Monrovia").expect("a zone");
        let nairobi = TimeZone::get("Africa/Nairobi").expect("a zone");
        let paris = TimeZone::get("Europe/Paris").expect("a zone");
        for (date, zone, offset, unit, hour, expected) in [
            ("2026-03-01T10:20:00Z", &monrovia, 15, OffsetUnit::Minutes, None, "2026-03-01T10:35:00Z"),
            ("2026-03-01T10:20:30Z", &monrovia, 1, OffsetUnit::Hours, None, "2026-03-01T11:21:00Z"),
            ("2026-03-01T10:20:00.5Z", &monrovia, 0, OffsetUnit::Minutes, None, "2026-03-01T10:21:00Z"),
            ("2026-03-01T10:20:00Z", &monrovia, -3, OffsetUnit::Days, Some(9), "2026-02-26T09:00:00Z"),
            ("2026-03-01T22:20:00Z", &nairobi, 1, OffsetUnit::Days, Some(8), "2026-03-03T05:00:00Z"),
            ("2026-03-01T10:20:00Z", &monrovia, 2, OffsetUnit::Weeks, None, "2026-03-15T10:20:00Z"),
            // Clocks change on 29 March: a day is a day of the calendar, 24 hours are 24 hours.
            ("2026-03-28T11:00:00Z", &paris, 1, OffsetUnit::Days, None, "2026-03-29T10:00:00Z"),
            ("2026-03-28T11:00:00Z", &paris, 24, OffsetUnit::Hours, None, "2026-03-29T11:00:00Z"),
            ("2024-01-31T08:00:00Z", &monrovia, 0, OffsetUnit::Days, Some(0), "2024-01-31T00:00:00Z"),
        ] {
            let got = due(at(date), zone, (offset, unit), hour);
            assert_eq!(got, Some(at(expected)), "{date} {offset} {unit:?} {hour:?}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_never_due() {
        let utc = TimeZone::UTC;
        assert_eq!(due(at("2026-03-01T09:00:00Z"), &utc, (i64::MAX, OffsetUnit::Minutes), None), None);
        assert_eq!(due(at("2026-03-01T09:00:00Z"), &utc, (i64::MAX, OffsetUnit::Weeks), None), None);
    }
}
