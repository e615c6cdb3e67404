//! When a source is read, how much may go at once, and how long it may be silent.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use mhero_core::SourceId;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::AppError;

/// Keys that go with every kind of source: a cron expression or an interval, how far runs are spread, how often everything is
/// read rather than what has changed, how many percent may go at once, and after how long a silent source is told.
pub const COMMON_KEYS: [&str; 6] = ["schedule", "every", "jitter", "whole", "shrink", "silent_after"];

/// Part of the people or places of a source that may go at once, in percent, unless its settings say otherwise.
const SHRINK_PERCENT: f64 = 5.0;
/// Shortest time between two runs.
const EVERY_MIN: SignedDuration = SignedDuration::from_secs(60);
/// Longest time in a setting.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 400);
/// Runs are spread over at most so much of the time between them, unless the settings say otherwise.
const JITTER_PART: i32 = 10;
/// Longest spread that nobody asked for.
const JITTER_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Silence for fewer hours than this is told only where the settings say so or runs follow one another faster.
const SILENT_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// So many missed runs are silence.
const RUNS_MISSED: i32 = 3;
/// The first wait after a failure; it doubles with each further one.
const BACK_OFF_FIRST: SignedDuration = SignedDuration::from_secs(60);
/// The longest wait after a failure.
const BACK_OFF_MAX: SignedDuration = SignedDuration::from_hours(1);

/// Words that switch a setting off.
const OFF: [&str; 3] = ["no", "off", "non"];
/// Words that switch a setting on.
const ON: [&str; 3] = ["yes", "on", "oui"];

/// When runs are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Only when somebody asks, or the registry notifies.
    Never,
    /// By a cron expression in the national zone.
    Cron(String),
    /// So long after the last one.
    Every(SignedDuration),
}

/// The settings that go with every kind of source.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SyncSettings {
    pub(super) plan: Plan,
    jitter: Option<SignedDuration>,
    /// How often everything is read: many registries tell what has changed, and not what they no longer have.
    pub(super) whole: Option<SignedDuration>,
    /// How many percent of the people or places may go at once.
    pub(super) shrink_percent: f64,
    silent_after: Option<SignedDuration>,
    /// Our own address, under which the registry is to notify us at once.
    pub(super) notify: Option<String>,
    /// Who is written out to it, in the query language.
    pub(super) write_out: Option<String>,
}

impl SyncSettings {
    /// Reads them from a source's settings.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming key and value.
    pub(super) fn read(config: &str) -> Result<Self, AppError> {
        let config: Map<String, Value> = serde_json::from_str(config).unwrap_or_default();
        let text = |key: &str| config.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let time = |key: &'static str| text(key).map(|text| duration(key, text)).transpose();
        let plan = match (text("schedule"), time("every")?) {
            (None, None) => Plan::Never,
            (Some(cron), None) => {
                pattern(cron)?;
                Plan::Cron(cron.to_owned())
            }
            (None, Some(every)) if every >= EVERY_MIN => Plan::Every(every),
            (None, Some(_)) => return Err(wrong("every", text("every").unwrap_or_default())),
            (Some(_), Some(_)) => return Err(AppError::invalid("sync-two-schedules", [])),
        };
        let shrink = text("shrink").unwrap_or("");
        let percent = shrink.trim_end_matches('%').trim().parse::<f64>();
        let shrink_percent = match percent {
            _ if shrink.is_empty() => SHRINK_PERCENT,
            Ok(percent) if (0.0..=100.0).contains(&percent) => percent,
            _ => return Err(wrong("shrink", shrink)),
        };
        let (jitter, whole) = (time("jitter")?, time("whole")?);
        let is_off = |text: &&str| !OFF.contains(&text.to_lowercase().as_str());
        let notify = text("notify").filter(is_off);
        if let Some(wrong) = notify.filter(|address| !is_address(address)) {
            return Err(AppError::invalid("sync-notify-address", [("value", wrong.chars().take(60).collect())]));
        }
        // Everybody, said in a word.
        let everybody = |text: &str| if ON.contains(&text.to_lowercase().as_str()) { "*" } else { text }.to_owned();
        let write_out = text("write_out").filter(is_off).map(everybody);
        let (notify, silent_after) = (notify.map(str::to_owned), time("silent_after")?);
        Ok(Self { plan, jitter, whole, shrink_percent, silent_after, notify, write_out })
    }

    /// When the next run is due after an instant, spread so that sources with one schedule do not all begin at once. The spread
    /// of a source is the same each time it is asked for.
    pub(super) fn next(&self, source: SourceId, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let due = self.due(after, zone)?;
        let gap = self.gap(after, zone).unwrap_or(EVERY_MIN);
        let spread = self.jitter.unwrap_or_else(|| (gap / JITTER_PART).min(JITTER_MAX));
        due.checked_add(spread_of(source, due, spread)).ok()
    }

    /// How long the source may be silent; `None` where nobody expects it to speak.
    pub(super) fn silent_after(&self, now: Timestamp, zone: &TimeZone) -> Option<SignedDuration> {
        self.silent_after.or_else(|| match &self.plan {
            Plan::Never => None,
            Plan::Every(every) => Some(*every * RUNS_MISSED),
            Plan::Cron(_) => {
                Some(self.gap(now, zone).map_or(SILENT_AFTER, |gap| (gap * RUNS_MISSED).max(SILENT_AFTER)))
            }
        })
    }

    fn due(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match &self.plan {
            Plan::Never => None,
            Plan::Every(every) => after.checked_add(*every).ok(),
            Plan::Cron(cron) => {
                let next = pattern(cron).ok()?.find_next_occurrence(&after.to_zoned(zone.clone()), false);
                next.ok().map(|next| next.timestamp())
            }
        }
    }

    /// The time between two runs.
    fn gap(&self, after: Timestamp, zone: &TimeZone) -> Option<SignedDuration> {
        let first = self.due(after, zone)?;
        Some(self.due(first, zone)?.duration_since(first))
    }
}

/// How long to wait after so many failures in a row.
pub(super) fn back_off(source: SourceId, failures: i64, now: Timestamp) -> SignedDuration {
    let doublings = u32::try_from(failures.clamp(1, 10) - 1).unwrap_or(0);
    let wait = (BACK_OFF_FIRST * 2i32.pow(doublings)).min(BACK_OFF_MAX);
    // Within the hour all the same: when a registry returns, its sources come back one after the other.
    wait - spread_of(source, now, wait / JITTER_PART)
}

/// A part of a time that follows from the source and an instant.
fn spread_of(source: SourceId, at: Timestamp, spread: SignedDuration) -> SignedDuration {
    let digest =
        Sha256::new().chain_update(source.uuid().as_bytes()).chain_update(at.as_second().to_be_bytes()).finalize();
    let [a, b, c, d, ..] = *digest.as_slice() else { return SignedDuration::ZERO };
    let millis = u64::try_from(spread.as_millis().max(0)).unwrap_or(0);
    let part = u64::from(u32::from_be_bytes([a, b, c, d])) % (millis + 1);
    SignedDuration::from_millis(i64::try_from(part).unwrap_or(0))
}

fn pattern(cron: &str) -> Result<croner::Cron, AppError> {
    cron.parse().map_err(|_| wrong("schedule", cron))
}

/// Whether a text is the beginning of an address: scheme, host, perhaps a path; no secrets, no query.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty() && !text.chars().any(|c| c.is_whitespace() || matches!(c, '?' | '#' | '@'))
    })
}

fn wrong(key: &'static str, value: &str) -> AppError {
    let value: String = value.chars().take(60).collect();
    AppError::invalid("sync-setting", [("key", key.to_owned()), ("value", value)])
}

/// A time as `90s`, `15m`, `6h` or `2d`.
fn duration(key: &'static str, text: &str) -> Result<SignedDuration, AppError> {
    let refuse = || wrong(key, text);
    let (number, unit) = text.split_at(text.len() - text.chars().next_back().map_or(0, char::len_utf8));
    let number: i64 = number.trim().parse().map_err(|_| refuse())?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(refuse()),
    };
    let seconds = number.checked_mul(seconds).filter(|seconds| *seconds >= 0).ok_or_else(refuse)?;
    let time = SignedDuration::from_secs(seconds);
    if time > LONGEST { Err(refuse()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn read(config: &str) -> SyncSettings {
        SyncSettings::read(config).expect(config)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    const SOURCE: SourceId = SourceId::from_uuid(Uuid::from_u128(7));

    #[test]
    fn runs_follow_an_interval_or_a_cron_expression() {
        let now = at("2026-05-14T09:00:00Z");
        let hourly = read("{\"every\":\"1h\",\"jitter\":\"0s\"}");
        assert_eq!(hourly.next(SOURCE, now, &TimeZone::UTC), Some(at("2026-05-14T10:00:00Z")));
        assert_eq!(hourly.silent_after(now, &TimeZone::UTC), Some(SignedDuration::from_hours(3)));
        let nightly = read("{\"schedule\":\"30 2 * * *\",\"jitter\":\"0s\"}");
        assert_eq!(nightly.next(SOURCE, now, &TimeZone::UTC), Some(at("2026-05-15T02:30:00Z")));
        assert_eq!(nightly.silent_after(now, &TimeZone::UTC), Some(SignedDuration::from_hours(72)));
        assert_eq!(read("{}").next(SOURCE, now, &TimeZone::UTC), None);
        assert_eq!(read("{}").silent_after(now, &TimeZone::UTC), None);
        let own = read("{\"every\":\"1h\",\"silent_after\":\"2d\"}");
        assert_eq!(own.silent_after(now, &TimeZone::UTC), Some(SignedDuration::from_hours(48)));
    }

    #[test]
    fn jitter_spreads_sources_within_its_bound_and_is_the_same_each_time() {
        let now = at("2026-05-14T09:00:00Z");
        let settings = read("{\"every\":\"1h\",\"jitter\":\"10m\"}");
        let mut all = std::collections::BTreeSet::new();
        for n in 0..50 {
            let source = SourceId::from_uuid(Uuid::from_u128(n));
            let next = settings.next(source, now, &TimeZone::UTC).expect("it is due");
            assert_eq!(settings.next(source, now, &TimeZone::UTC), Some(next));
            assert!((at("2026-05-14T10:00:00Z")..=at("2026-05-14T10:10:00Z")).contains(&next), "{next}");
            all.insert(next);
        }
        assert!(all.len() > 40);
    }

    #[test]
    fn waits_after_failures_grow_up_to_an_hour() {
        let now = at("2026-05-14T09:00:00Z");
        let waits: Vec<_> = (1..=10).map(|n| back_off(SOURCE, n, now)).collect();
        assert!(waits[0] >= SignedDuration::from_secs(54) && waits[0] <= SignedDuration::from_secs(60));
        assert!(waits.windows(2).take(5).all(|pair| pair[0] < pair[1]));
        assert!(waits.iter().all(|wait| *wait <= BACK_OFF_MAX));
        assert_eq!(back_off(SOURCE, 1_000_000, now), waits[9]);
    }

    #[test]
    fn wrong_settings_are_refused_with_key_and_value() {
        for config in [
            "{\"every\":\"1x\"}",
            "{\"every\":\"h\"}",
            "{\"every\":\"é\"}",
            "{\"every\":\"10s\"}",
            "{\"every\":\"-1h\"}",
            "{\"every\":\"99999999999999d\"}",
            "{\"schedule\":\"whenever\"}",
            "{\"schedule\":\"* * * * *\",\"every\":\"1h\"}",
            "{\"shrink\":\"many\"}",
            "{\"shrink\":\"101\"}",
            "{\"notify\":\"mhero.example\"}",
            "{\"notify\":\"https://me:secret@mhero.example\"}",
            "{\"notify\":\"https://\"}",
        ] {
            assert!(matches!(SyncSettings::read(config), Err(AppError::Invalid(_))), "{config}");
        }
        assert_eq!(read("{\"notify\":\"no\",\"write_out\":\"Oui\"}").write_out.as_deref(), Some("*"));
        assert_eq!(read("{\"write_out\":\"off\"}").write_out, None);
        assert!((read("{\"shrink\":\"12.5 %\"}").shrink_percent - 12.5).abs() < f64::EPSILON);
    }
}
