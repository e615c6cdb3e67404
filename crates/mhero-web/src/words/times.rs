//! Days and times as languages write them: 14 May 2026, 09:34; 14 mai 2026, 9 h 34.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};
use mhero_core::Lang;

use super::{Arg, Words, figures::FIRM};

/// Where and when the reader is: all times are said in this zone, and "today" is today there.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The instant at which the page was made.
    pub now: Timestamp,
    /// The zone in which times are said.
    pub zone: TimeZone,
}

impl Clock {
    fn at(&self, instant: Timestamp) -> Zoned {
        instant.to_zoned(self.zone.clone())
    }

    /// The value of an `<input type="datetime-local">` for an instant.
    pub fn input_value(&self, instant: Timestamp) -> String {
        self.at(instant).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// How many midnights lie between an instant and now; negative in the future.
    fn days_ago(&self, instant: Timestamp) -> i64 {
        let (then, today) = (self.at(instant).date(), self.at(self.now).date());
        i64::from(today.since(then).map(|span| span.get_days()).unwrap_or(i32::MAX))
    }
}

impl Words {
    /// "14 May 2026".
    pub fn day(&self, date: Date) -> String {
        let month = self.t(&format!("month-{}", date.month()));
        // French says the first, then two, three, four.
        let day = match (self.lang(), date.day()) {
            (Lang::FRENCH, 1) => "1er".to_owned(),
            (_, day) => day.to_string(),
        };
        format!("{day}{FIRM}{month} {}", date.year())
    }

    /// "Thursday 14 May 2026".
    pub fn long_day(&self, date: Date) -> String {
        format!("{} {}", self.weekday(date), self.day(date))
    }

    fn weekday(&self, date: Date) -> String {
        self.t(&format!("weekday-{}", date.weekday().to_monday_one_offset()))
    }

    /// "14 May 2026" where the reader is.
    pub fn date(&self, clock: &Clock, instant: Timestamp) -> String {
        self.day(clock.at(instant).date())
    }

    /// "09:34", "9 h 34", without a day: only beside something that says which.
    pub fn hour(&self, clock: &Clock, instant: Timestamp) -> String {
        self.wall_time(clock.at(instant).time())
    }

    /// The same of a time on a clock on the wall: quiet hours.
    pub fn wall_time(&self, time: Time) -> String {
        match self.lang() {
            Lang::FRENCH => format!("{}{FIRM}h{FIRM}{:02}", time.hour(), time.minute()),
            _ => format!("{:02}:{:02}", time.hour(), time.minute()),
        }
    }

    /// "09:34:11", for things that happened close together.
    pub fn second(&self, clock: &Clock, instant: Timestamp) -> String {
        clock.at(instant).strftime("%H:%M:%S").to_string()
    }

    /// "09:34:11.418", for exchanges.
    pub fn milli(&self, clock: &Clock, instant: Timestamp) -> String {
        clock.at(instant).strftime("%H:%M:%S.%3f").to_string()
    }

    /// A time that always says its day when that is not today: "09:34", "yesterday 09:34", "14 May 2026, 09:34".
    pub fn stamp(&self, clock: &Clock, instant: Timestamp) -> String {
        let hour = self.hour(clock, instant);
        let args = |day: String| [("day", Arg::Text(day)), ("time", Arg::Text(hour.clone()))];
        match clock.days_ago(instant) {
            0 => hour,
            1 => self.with("time-yesterday", &[("time", Arg::Text(hour))]),
            -1 => self.with("time-tomorrow", &[("time", Arg::Text(hour))]),
            _ => self.with("time-on-day", &args(self.date(clock, instant))),
        }
    }

    /// When somebody was last heard of: "Today 08:41", "Yesterday", "Monday", "14 May 2026".
    pub fn last(&self, clock: &Clock, instant: Timestamp) -> String {
        match clock.days_ago(instant) {
            0 => self.with("time-today-at", &[("time", Arg::Text(self.hour(clock, instant)))]),
            1 => self.t("time-was-yesterday"),
            2..=6 => self.weekday(clock.at(instant).date()),
            _ => self.date(clock, instant),
        }
    }

    /// The heading above the messages of one day: "Today", "Yesterday", "Thursday 14 May 2026".
    pub fn heading(&self, clock: &Clock, instant: Timestamp) -> String {
        match clock.days_ago(instant) {
            0 => self.t("time-today"),
            1 => self.t("time-was-yesterday"),
            _ => self.long_day(clock.at(instant).date()),
        }
    }

    /// How long ago: "22 min", "3 h 10", "4 days".
    pub fn age(&self, clock: &Clock, instant: Timestamp) -> String {
        self.span(clock.now.as_second() - instant.as_second())
    }

    /// "Thursday 14 May 2026, 09:34".
    pub fn now_in_full(&self, clock: &Clock) -> String {
        let day = self.long_day(clock.at(clock.now).date());
        self.with("time-on-day", &[("day", Arg::Text(day)), ("time", Arg::Text(self.hour(clock, clock.now)))])
    }
}

/// The epidemiological week of now: weeks begin on Monday, week 1 holds the first Thursday.
pub(crate) fn week(clock: &Clock) -> i64 {
    i64::from(clock.at(clock.now).date().iso_week_date().week())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        let zone = TimeZone::get("Africa/Monrovia").expect("a zone");
        Clock { now: "2026-05-14T09:34:11Z".parse().expect("an instant"), zone }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn days_and_times_in_both_languages() {
        let (clock, en, fr) = (clock(), Words::of(Lang::ENGLISH), Words::of(Lang::FRENCH));
        assert_eq!(en.date(&clock, clock.now), "14\u{a0}May 2026");
        assert_eq!(fr.date(&clock, clock.now), "14\u{a0}mai 2026");
        assert_eq!(fr.date(&clock, at("2026-05-01T10:00:00Z")), "1er\u{a0}mai 2026");
        assert_eq!(en.hour(&clock, clock.now), "09:34");
        assert_eq!(fr.hour(&clock, clock.now), "9\u{a0}h\u{a0}34");
        assert_eq!(en.now_in_full(&clock), "Thursday 14\u{a0}May 2026, 09:34");
        assert_eq!(week(&clock), 20);
    }

    #[test]
    fn a_time_says_its_day_unless_it_is_today() {
        let (clock, en, fr) = (clock(), Words::of(Lang::ENGLISH), Words::of(Lang::FRENCH));
        assert_eq!(en.stamp(&clock, at("2026-05-14T06:24:00Z")), "06:24");
        assert_eq!(en.stamp(&clock, at("2026-05-13T23:24:00Z")), "yesterday 23:24");
        assert_eq!(en.stamp(&clock, at("2026-01-13T23:24:00Z")), "13\u{a0}January 2026, 23:24");
        assert_eq!(fr.stamp(&clock, at("2026-05-15T06:00:00Z")), "demain à 6\u{a0}h\u{a0}00");
        assert_eq!(en.last(&clock, at("2026-05-11T06:24:00Z")), "Monday");
        assert_eq!(en.age(&clock, at("2026-05-14T06:24:11Z")), "3\u{a0}h\u{a0}10");
        assert_eq!(en.age(&clock, at("2026-05-10T06:24:11Z")), "4 days");
    }
}
