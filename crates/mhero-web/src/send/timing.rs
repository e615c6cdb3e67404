//! When a message leaves: a day and time in a zone as a browser sends them, and simple recurrences as cron expressions.

use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use mhero_app::{Facts, broadcasts::Release};

use super::view::{Chosen, When};
use crate::{
    page::Page,
    parts::Choice,
    words::{Arg, Clock},
};

/// How often, as it stands in forms, with the key of its words.
const REPEATS: &[(&str, &str)] = &[("daily", "when-daily"), ("weekly", "when-weekly"), ("monthly", "when-monthly")];
/// Zones beside the national one: one for each hour of the continent.
const ZONES: &[&str] = &["Africa/Abidjan", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi", "UTC"];
/// Days looked through for the next firing, so that a field can show it.
const DAYS_AHEAD: usize = 62;

/// The choice of time as it was typed.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    /// Now, once, again and again.
    pub(super) chosen: Chosen,
    /// The field of day and time.
    pub(super) at: String,
    /// How often: `weekly`.
    pub(super) each: String,
    /// What it means; `None` when it can't be read.
    pub(super) release: Option<Release>,
    /// The key of what is wrong.
    pub(super) fault: Option<&'static str>,
}

/// Reads what a form sent.
pub(super) fn read(when: &str, at: &str, each: &str, zone: &str, now: Timestamp) -> Timed {
    let chosen = match when {
        "at" => Chosen::At,
        "each" => Chosen::Each,
        _ => Chosen::Now,
    };
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let civil: Option<DateTime> = at.parse().ok();
    let (release, fault) = match (&chosen, civil) {
        (Chosen::Now, _) => (Some(Release::AfterUndo), None),
        (_, None) => (None, Some("when-unclear")),
        (Chosen::At, Some(civil)) => match civil.to_zoned(tz) {
            Ok(at) if at.timestamp() > now => (Some(Release::At(at.timestamp())), None),
            Ok(_) => (None, Some("when-gone")),
            Err(_) => (None, Some("when-unclear")),
        },
        (Chosen::Each, Some(civil)) => (Some(Release::Recurring(cron(civil, each))), None),
    };
    Timed { chosen, at: at.to_owned(), each: each.to_owned(), release, fault }
}

/// The choice of time of a saved draft.
pub(super) fn of(release: &Release, zone: &TimeZone, now: Timestamp) -> Timed {
    let field = |at: Timestamp| Clock { now, zone: zone.clone() }.input_value(at);
    let (chosen, at, each) = match release {
        Release::Now | Release::AfterUndo => (Chosen::Now, String::new(), "weekly"),
        Release::At(at) => (Chosen::At, field(*at), "weekly"),
        Release::Recurring(cron) => (Chosen::Each, next_field(cron, zone, now), repeat_of(cron)),
    };
    Timed { chosen, at, each: each.to_owned(), release: Some(release.clone()), fault: None }
}

fn cron(at: DateTime, each: &str) -> String {
    let (minute, hour) = (at.minute(), at.hour());
    match each {
        "daily" => format!("{minute} {hour} * * *"),
        "monthly" => format!("{minute} {hour} {} * *", at.day()),
        _ => format!("{minute} {hour} * * {}", at.weekday().to_sunday_zero_offset()),
    }
}

fn repeat_of(cron: &str) -> &'static str {
    match cron.split(' ').collect::<Vec<_>>().as_slice() {
        [_, _, "*", "*", "*"] => "daily",
        [_, _, "*", "*", _] => "weekly",
        _ => "monthly",
    }
}

/// The next day and time of one of our own recurrences, as a field shows it.
fn next_field(cron: &str, zone: &TimeZone, now: Timestamp) -> String {
    let parts: Vec<&str> = cron.split(' ').collect();
    let [minute, hour, day, _, weekday] = parts.as_slice() else { return String::new() };
    let (Ok(minute), Ok(hour)) = (minute.parse::<i8>(), hour.parse::<i8>()) else { return String::new() };
    let today = now.to_zoned(zone.clone()).datetime();
    let fits = |date: &jiff::civil::Date| {
        (*day == "*" || *day == date.day().to_string())
            && (*weekday == "*" || *weekday == date.weekday().to_sunday_zero_offset().to_string())
    };
    let dates = today.date().series(1.day()).take(DAYS_AHEAD).filter(fits);
    let found = dates.map(|date| date.at(hour, minute, 0, 0)).find(|at| *at > today);
    found.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

/// The choice of time for the page. `first` is when a recurring one would fire first.
pub(super) fn when(
    page: &Page,
    facts: &Facts,
    timed: &Timed,
    zone: &str,
    reason: &str,
    first: Option<Timestamp>,
) -> When {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = |at: Timestamp| page.words.stamp(&Clock { now: page.clock.now, zone: tz.clone() }, at);
    let city = city_of(zone);
    let said = match (&timed.release, first) {
        (Some(Release::At(instant)), _) => Some(page.t2("when-leaves", "time", at(*instant), "zone", &city)),
        (Some(Release::Recurring(_)), Some(first)) => {
            let each = REPEATS.iter().find(|(word, _)| *word == timed.each).map_or("when-weekly", |(_, key)| *key);
            Some(page.t3("when-repeats", "time", at(first), "zone", &city, "each", page.t(each)))
        }
        _ => None,
    };
    let mut zones = vec![facts.zone.as_str()];
    for one in [zone].iter().chain(ZONES) {
        if !zones.contains(one) {
            zones.push(one);
        }
    }
    let shown = |name: &str| {
        let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
        format!("{}, {}", city_of(name), page.words.hour(&Clock { now: page.clock.now, zone }, page.clock.now))
    };
    let zones = zones.into_iter().map(|name| choice(name, shown(name), name == zone)).collect();
    let repeats = REPEATS.iter().map(|(word, key)| choice(word, page.t(key), *word == timed.each)).collect();
    let quiet = match &facts.quiet {
        Some(quiet) => {
            let time = |time: jiff::civil::Time| Arg::Text(page.words.wall_time(time));
            page.t2("when-quiet", "from", time(quiet.from), "until", time(quiet.until))
        }
        None => page.t("when-quiet-off"),
    };
    When {
        chosen: timed.chosen.clone(),
        at: timed.at.clone(),
        zones,
        repeats,
        fault: timed.fault.map(|key| page.t(key)),
        said,
        quiet: Some(quiet),
        reason: facts.quiet.map(|_| reason.to_owned()),
    }
}

fn choice(value: &str, words: String, is_on: bool) -> Choice {
    Choice { value: value.to_owned(), words, people: None, is_on }
}

/// "Monrovia" of `Africa/Monrovia`.
fn city_of(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_time_become_a_recurrence_and_back() {
        let now: Timestamp = "2026-05-14T09:34:00Z".parse().expect("an instant");
        for (each, cron, next) in [
            ("daily", "30 7 * * *", "2026-05-15T07:30"),
            ("weekly", "30 7 * * 1", "2026-05-18T07:30"),
            ("monthly", "30 7 18 * *", "2026-05-18T07:30"),
        ] {
            let timed = read("each", "2026-05-18T07:30", each, "Africa/Monrovia", now);
            let release = timed.release.expect("a recurrence");
            assert_eq!(release, Release::Recurring(cron.into()));
            let back = of(&release, &TimeZone::get("Africa/Monrovia").expect("a zone"), now);
            assert_eq!((back.each.as_str(), back.at.as_str()), (each, next));
        }
    }

    #[test]
    fn a_time_gone_by_is_no_time() {
        let now: Timestamp = "2026-05-14T09:34:00Z".parse().expect("an instant");
        assert_eq!(read("at", "2026-05-14T09:34", "", "UTC", now).fault, Some("when-gone"));
        assert_eq!(read("at", "2026-05-14T10:34", "", "Africa/Lagos", now).fault, Some("when-gone"));
        assert_eq!(read("at", "soon", "", "UTC", now).fault, Some("when-unclear"));
        assert_eq!(read("now", "", "", "UTC", now).release, Some(Release::AfterUndo));
    }
}
