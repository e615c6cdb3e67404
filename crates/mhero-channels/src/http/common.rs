//! The settings that all channels over HTTP have, and who may call them.

use std::time::Duration;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, CarrierEvent, Taken},
};
use mhero_core::ChannelId;

use super::{form::Pairs, network::Network, sign::same};
use crate::given::Given;

/// Connections to a gateway at a time, for urgent texts and for the rest each.
const CONNECTIONS: usize = 20;
/// Most connections at a time.
const CONNECTIONS_MAX: usize = 200;
/// Fewest: with one, nobody could tell a channel at work from one that lets a single message go ahead to see.
const CONNECTIONS_MIN: usize = 2;
/// How long a gateway may take to answer, in seconds.
const TIMEOUT_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const TIMEOUT_SECONDS_MAX: u64 = 120;
/// Fewest letters of a secret in an address: it is all that keeps strangers from writing as anybody.
const SECRET_MIN: usize = 16;
/// Stands where the administrator's own address goes while none is set.
const ADDRESS_WANTED: &str = "http://ADDRESS-OF-MHERO";

/// What all channels over HTTP are told: `callback`, `secret`, `allow`, `connections`, `timeout`.
pub(crate) struct Common {
    pub(crate) channel: ChannelId,
    /// The name in the addresses that the gateway calls.
    pub(crate) route: &'static str,
    /// Where the gateway reaches us, without a slash at the end; without it there are no reports.
    pub(crate) callback: Option<String>,
    pub(crate) secret: String,
    pub(crate) allow: Vec<Network>,
    pub(crate) connections: usize,
    pub(crate) timeout: Duration,
}

impl Common {
    /// Reads them; `default_secret` makes the secret of its addresses where none is given.
    pub(crate) fn read(
        given: &Given<'_>,
        (channel, route): (ChannelId, &'static str),
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let secret = given.get("secret").map_or_else(default_secret, ToOwned::to_owned);
        if secret.len() < SECRET_MIN || !secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            return Err(AppError::invalid("channel-secret", [("min", SECRET_MIN.to_string())]));
        }
        let seconds = given.number("timeout", 1, TIMEOUT_SECONDS_MAX)?.unwrap_or(TIMEOUT_SECONDS);
        let connections = given.number("connections", CONNECTIONS_MIN, CONNECTIONS_MAX)?;
        Ok(Self {
            channel,
            route,
            callback: given.address("callback")?.map(|url| url.as_str().trim_end_matches('/').to_owned()),
            secret,
            allow: given.networks("allow")?,
            connections: connections.unwrap_or(CONNECTIONS),
            timeout: Duration::from_secs(seconds),
        })
    }

    /// Where the gateway calls for an action, without query; nothing while it is not known how it reaches us.
    pub(crate) fn at(&self, action: &str) -> Option<String> {
        self.callback.as_ref().map(|base| self.place(base, action))
    }

    /// The same for an administrator who sets the gateway up, with the secret.
    pub(crate) fn shown_at(&self, action: &str) -> String {
        let base = self.callback.as_deref().unwrap_or(ADDRESS_WANTED);
        format!("{}?secret={}", self.place(base, action), self.secret)
    }

    fn place(&self, base: &str, action: &str) -> String {
        format!("{base}/c/{}/{}/{action}", self.route, self.channel)
    }

    /// Lets in who has the secret, or comes from an address that is let in.
    pub(crate) fn admit(&self, call: &Call<'_>) -> Result<(), CallRefused> {
        let pairs = Pairs::read(call.query.as_bytes(), call.form());
        let is_known = pairs.bytes(&["secret"]).is_some_and(|given| same(given, self.secret.as_bytes()));
        let is_near = || self.allow.iter().any(|network: &Network| network.holds(call.from));
        if is_known || is_near() { Ok(()) } else { Err(CallRefused::Forbidden) }
    }

    /// Refuses an address that is not let in, where a list is set: beside a signature, which alone is not replaced by it.
    pub(crate) fn check_listed(&self, call: &Call<'_>) -> Result<(), CallRefused> {
        let is_listed = self.allow.is_empty() || self.allow.iter().any(|network| network.holds(call.from));
        if is_listed { Ok(()) } else { Err(CallRefused::Forbidden) }
    }
}

/// What whoever brought a text hears, as RapidPro says it.
pub(crate) fn accepted(channel: ChannelId, event: CarrierEvent) -> Taken {
    let facts = format!(r#"[{{"type":"msg","channel_uuid":"{channel}"}}]"#);
    let body = format!(r#"{{"message":"Message Accepted","data":{facts}}}"#);
    Taken { events: vec![event], content_type: "application/json", body }
}

/// What whoever brought a report hears, as RapidPro says it.
pub(crate) fn report_taken(channel: ChannelId, status: char, events: Vec<CarrierEvent>) -> Taken {
    let facts = format!(r#"[{{"type":"status","channel_uuid":"{channel}","status":"{status}"}}]"#);
    let body = format!(r#"{{"message":"Status Update Accepted","data":{facts}}}"#);
    Taken { events, content_type: "application/json", body }
}

/// What can be read of several that one call brings. What can't is left out and named in the log, without number and text: refused
/// whole, the call would come again for ever and keep the others away. Only a call of which nothing can be read is refused.
///
/// # Errors
/// Why the first can't be read, where none can.
pub(crate) fn readable<T>(
    channel: ChannelId,
    each: impl Iterator<Item = Result<T, CallRefused>>,
) -> Result<Vec<T>, CallRefused> {
    let (mut read, mut refused) = (Vec::new(), None);
    for (place, one) in each.enumerate() {
        match one {
            Ok(one) => read.push(one),
            Err(why) => {
                tracing::warn!(%channel, place, ?why, "one of what a call brought can't be read");
                refused.get_or_insert(why);
            }
        }
    }
    match refused {
        Some(why) if read.is_empty() => Err(why),
        _ => Ok(read),
    }
}

/// The number as this gateway wants it: international with its plus, or without the country's code.
pub(crate) fn national(path: &str, use_national: bool) -> String {
    let short = || phonenumber::parse(None, path).ok().map(|number| number.national().to_string());
    let short = if use_national && path.starts_with('+') { short() } else { None };
    short.unwrap_or_else(|| path.to_owned())
}

/// A time as gateways write it: with zone, or without one, which then is taken for UTC; seconds or milliseconds since 1970.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        /// From here on a number counts milliseconds: as seconds it would be the year 5138.
        const MILLIS_FROM: i64 = 100_000_000_000;
        let at =
            if number >= MILLIS_FROM { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) };
        return at.ok();
    }
    let zoned = || text.parse::<Timestamp>().ok();
    // Some write +0000 where others write +00:00.
    let compact = || Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok();
    let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    zoned().or_else(compact).or_else(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_gateways_write_them() {
        let expected = Some("2026-11-22T08:30:00Z".parse().unwrap());
        for text in [
            "2026-11-22T08:30:00Z",
            "2026-11-22 08:30:00",
            "2026-11-22T09:30:00+01:00",
            "2026-11-22T08:30:00.000+0000",
            "1795336200",
            "1795336200000",
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(instant("yesterday"), None);
    }

    #[test]
    fn numbers_are_written_as_the_gateway_wants_them() {
        assert_eq!(national("+231770000214", true), "770000214");
        assert_eq!(national("+231770000214", false), "+231770000214");
        assert_eq!(national("4636", true), "4636");
    }
}
