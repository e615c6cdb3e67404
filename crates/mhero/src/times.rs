//! Times on the command line: read in a named zone, else the national one; shown in the national one.

use jiff::{Timestamp, Zoned, civil, tz::TimeZone};

use crate::failure::Failure;

/// An instant, and the zone that was named with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: Timestamp,
    /// The IANA name of the zone, where one was named.
    pub zone: Option<String>,
}

/// Reads `2026-05-14T09:00[Africa/Monrovia]`, `2026-05-14T09:00Z`, `2026-05-14T09:00`, `2026-05-14 09:00` or `2026-05-14`.
/// Without a zone it is the national one.
///
/// # Errors
/// [`Failure::Usage`] when it is no time.
pub fn read(text: &str, national: &TimeZone) -> Result<Moment, Failure> {
    let text = text.trim();
    if let Ok(zoned) = text.parse::<Zoned>() {
        let zone = zoned.time_zone().iana_name().map(ToOwned::to_owned);
        return Ok(Moment { at: zoned.timestamp(), zone });
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Moment { at, zone: None });
    }
    // A zone that is unknown must not be taken for the national one.
    let bare = if text.contains('[') { "" } else { text };
    let local = bare.parse::<civil::DateTime>().ok().and_then(|time| time.to_zoned(national.clone()).ok());
    let wrong = || Failure::usage("cli-time-unreadable", [("value", text.chars().take(60).collect())]);
    Ok(Moment { at: local.ok_or_else(wrong)?.timestamp(), zone: None })
}

/// An instant as shown in a list: `2026-05-14 09:00:11` in the national zone.
pub fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The instant of stored microseconds.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_named_or_the_national_zone() {
        let national = TimeZone::get("Africa/Lagos").unwrap();
        for (text, at, zone) in [
            ("2026-05-14T09:00[Africa/Monrovia]", "2026-05-14T09:00:00Z", Some("Africa/Monrovia")),
            ("2026-05-14T09:00:00+02:00[Africa/Kigali]", "2026-05-14T07:00:00Z", Some("Africa/Kigali")),
            ("2026-05-14T09:00Z", "2026-05-14T09:00:00Z", None),
            ("2026-05-14T09:00", "2026-05-14T08:00:00Z", None),
            ("2026-05-14 09:00", "2026-05-14T08:00:00Z", None),
            ("2026-05-14", "2026-05-13T23:00:00Z", None),
        ] {
            let read = read(text, &national).unwrap();
            assert_eq!((read.at, read.zone.as_deref()), (at.parse().unwrap(), zone), "{text}");
        }
        for wrong in ["", "tomorrow", "09:00", "2026-13-01", "2026-05-14T09:00[Africa/Nowhere]"] {
            assert!(read(wrong, &national).is_err(), "{wrong}");
        }
    }
}
