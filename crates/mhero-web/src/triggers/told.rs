//! Triggers in words.

use jiff::{civil::Time, tz::TimeZone};
use mhero_app::{
    App,
    flows::{KeywordPlace, TriggerTerms},
};

use crate::page::Page;

/// Times of a schedule that a page names.
const TIMES: usize = 3;

/// Kinds, as they stand in forms and stored rows.
pub(super) const KINDS: [&str; 5] = ["keyword", "catch_all", "missed_call", "schedule", "new_person"];

/// A cron expression that the form can say without signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    Daily(Time),
    /// With the day of the week, 0 for Sunday.
    Weekly(Time, i8),
    Monthly(Time, i8),
}

impl Preset {
    /// Reads one of our own expressions.
    pub(super) fn of(cron: &str) -> Option<Self> {
        let parts: Vec<&str> = cron.split_whitespace().collect();
        let [minute, hour, day, "*", weekday] = parts.as_slice() else { return None };
        let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
        match (*day, *weekday) {
            ("*", "*") => Some(Self::Daily(time)),
            ("*", weekday) => Some(Self::Weekly(time, weekday.parse().ok().filter(|day| (0..7).contains(day))?)),
            (day, "*") => Some(Self::Monthly(time, day.parse().ok().filter(|day| (1..32).contains(day))?)),
            _ => None,
        }
    }

    /// The expression.
    pub(super) fn cron(&self) -> String {
        match self {
            Self::Daily(time) => format!("{} {} * * *", time.minute(), time.hour()),
            Self::Weekly(time, weekday) => format!("{} {} * * {weekday}", time.minute(), time.hour()),
            Self::Monthly(time, day) => format!("{} {} {day} * *", time.minute(), time.hour()),
        }
    }
}

/// The word of the kind.
pub(super) const fn kind(terms: &TriggerTerms) -> &'static str {
    match terms {
        TriggerTerms::Keyword { .. } => "keyword",
        TriggerTerms::CatchAll => "catch_all",
        TriggerTerms::MissedCall => "missed_call",
        TriggerTerms::Schedule { .. } => "schedule",
        TriggerTerms::NewPerson => "new_person",
    }
}

/// The word of a place, for keys and forms.
pub(super) const fn place(place: KeywordPlace) -> &'static str {
    match place {
        KeywordPlace::FirstWord => "first",
        KeywordPlace::OnlyWord => "only",
        KeywordPlace::Start => "start",
    }
}

/// What pulls it, in words: "STOCK, RUPTURE", "Every Monday at 09:00".
pub(super) fn what(page: &Page, terms: &TriggerTerms) -> String {
    match terms {
        TriggerTerms::Keyword { words, .. } => {
            words.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join(", ")
        }
        TriggerTerms::Schedule { cron, .. } => schedule(page, cron),
        other => page.t(&format!("trigger-what-{}", kind(other))),
    }
}

/// How: "Keyword, as the first word".
pub(super) fn how(page: &Page, terms: &TriggerTerms) -> String {
    match terms {
        TriggerTerms::Keyword { place: at, .. } => page.t(&format!("trigger-how-{}", place(*at))),
        other => page.t(&format!("trigger-kind-{}", kind(other))),
    }
}

/// A recurrence in words; the expression itself where it is none of ours.
pub(super) fn schedule(page: &Page, cron: &str) -> String {
    let time = |time: &Time| page.words.wall_time(*time);
    match Preset::of(cron) {
        Some(Preset::Daily(at)) => page.t1("trigger-each-day", "time", time(&at)),
        Some(Preset::Weekly(at, weekday)) => {
            page.t2("trigger-each-week", "day", page.t(&format!("trigger-day-{weekday}")), "time", time(&at))
        }
        Some(Preset::Monthly(at, day)) => page.t2("trigger-each-month", "day", i64::from(day), "time", time(&at)),
        None => page.t1("trigger-each-own", "cron", cron),
    }
}

/// The next times of a schedule, in its own zone; none for what is no schedule.
pub(super) fn next(app: &App, page: &Page, terms: &TriggerTerms) -> Vec<String> {
    let TriggerTerms::Schedule { cron, zone, .. } = terms else { return Vec::new() };
    let Ok(zone) = TimeZone::get(zone) else { return Vec::new() };
    let times = app.next_firings(cron, &zone, TIMES).unwrap_or_default();
    let clock = crate::words::Clock { now: page.clock.now, zone };
    times.into_iter().map(|at| page.words.stamp(&clock, at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_schedules_are_read_back() {
        for cron in ["30 7 * * *", "0 9 * * 1", "15 8 5 * *"] {
            assert_eq!(Preset::of(cron).map(|preset| preset.cron()), Some(cron.to_owned()));
        }
        for cron in ["*/5 * * * *", "0 9 1 1 *", "0 9 * * 1-5", "0 9 32 * *", "soon"] {
            assert_eq!(Preset::of(cron), None, "{cron}");
        }
    }
}
