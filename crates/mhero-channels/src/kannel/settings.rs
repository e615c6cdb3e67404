//! The settings of a Kannel channel, as `mhero channel add` takes them.

use std::{collections::BTreeMap, fmt, net::IpAddr, time::Duration};

use mhero_app::{AppError, ports::Parts};
use mhero_core::ChannelId;
use reqwest::Url;

/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &[
    ("url", false),
    ("username", false),
    ("password", true),
    ("from", false),
    ("smsc", false),
    ("dlr_mask", false),
    ("callback", false),
    ("secret", true),
    ("allow", false),
    ("use_national", false),
    ("validity", false),
    ("parts", false),
    ("connections", false),
    ("timeout", false),
    ("admin", false),
    ("admin_password", true),
];

/// Where `sendsms` is when the address names no path.
const SENDSMS: &str = "/cgi-bin/sendsms";
/// Reports asked for: delivered 1, failed 2, taken by the operator's SMS centre 8, refused by it 16. The third settles whether a
/// text left whose answer was lost, long before the phone has it.
const DLR_MASK: u8 = 27;
/// Kannel's largest mask: all of the above, and buffered 4.
const DLR_MASK_MAX: u8 = 31;
/// Connections to Kannel at a time, for urgent texts and for the rest each.
const CONNECTIONS: usize = 20;
/// Most connections at a time.
const CONNECTIONS_MAX: u64 = 200;
/// Fewest: with one, nobody could tell a channel at work from one that lets a single message go ahead to see.
const CONNECTIONS_MIN: u64 = 2;
/// How long Kannel may take to answer, in seconds.
const TIMEOUT_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const TIMEOUT_SECONDS_MAX: u64 = 120;
/// Longest validity that an operator keeps a text for: a week, in minutes.
const VALIDITY_MINUTES_MAX: u32 = 10_080;
/// Fewest letters of a secret in an address: it is all that keeps strangers from writing as anybody.
const SECRET_MIN: usize = 16;
/// Longest of any value, in bytes.
const VALUE_BYTES_MAX: usize = 500;

/// What is known about one Kannel.
pub(super) struct Settings {
    pub(super) channel: ChannelId,
    /// `sendsms`, without a query.
    pub(super) url: Url,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) from: Option<String>,
    pub(super) smsc: Option<String>,
    pub(super) dlr_mask: u8,
    /// Where Kannel reaches us, without a slash at the end; without it there are no reports.
    pub(super) callback: Option<String>,
    pub(super) secret: String,
    pub(super) allow: Vec<Network>,
    pub(super) use_national: bool,
    pub(super) validity_minutes: Option<u32>,
    pub(super) parts: Parts,
    pub(super) connections: usize,
    pub(super) timeout: Duration,
    /// The status page of the bearerbox.
    pub(super) admin: Option<Url>,
    pub(super) admin_password: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel; `default_secret` makes the secret of its addresses where none is given.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given(config);
        if let Some(key) = KEYS.iter().map(|(key, _)| *key).find(|key| given.is_unfit(key)) {
            return Err(AppError::invalid("kannel-value", [("key", key.to_owned())]));
        }
        let url = given.must("url")?;
        let mut url = address(url).ok_or_else(|| AppError::invalid("kannel-url", [("value", shown(url))]))?;
        if matches!(url.path(), "" | "/") {
            url.set_path(SENDSMS);
        }
        let secret = given.get("secret").map_or_else(default_secret, ToOwned::to_owned);
        if secret.len() < SECRET_MIN || !secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
            return Err(AppError::invalid("kannel-secret", [("min", SECRET_MIN.to_string())]));
        }
        let seconds = given.number("timeout", 1, TIMEOUT_SECONDS_MAX)?.unwrap_or(TIMEOUT_SECONDS);
        let connections = given.number("connections", CONNECTIONS_MIN, CONNECTIONS_MAX)?;
        Ok(Self {
            channel,
            url,
            username: given.must("username")?.to_owned(),
            password: given.must("password")?.to_owned(),
            from: given.get("from").map(ToOwned::to_owned),
            smsc: given.get("smsc").map(ToOwned::to_owned),
            dlr_mask: given
                .number("dlr_mask", 0, DLR_MASK_MAX.into())?
                .and_then(|mask| mask.try_into().ok())
                .unwrap_or(DLR_MASK),
            callback: given.address("callback")?.map(|url| url.as_str().trim_end_matches('/').to_owned()),
            secret,
            allow: given.networks()?,
            use_national: given.choice("use_national", &[("false", false), ("true", true)])?,
            validity_minutes: given
                .number("validity", 1, VALIDITY_MINUTES_MAX.into())?
                .and_then(|minutes| minutes.try_into().ok()),
            parts: given.choice("parts", &[("whole", Parts::Whole), ("split", Parts::Split)])?,
            connections: connections.and_then(|n| n.try_into().ok()).unwrap_or(CONNECTIONS),
            timeout: Duration::from_secs(seconds),
            admin: given.address("admin")?,
            admin_password: given.get("admin_password").map(ToOwned::to_owned),
        })
    }

    /// Where Kannel reads from, for words to an administrator: host and port only.
    pub(super) fn host(&self) -> String {
        host(&self.url)
    }
}

/// Host and port of an address.
pub(super) fn host(url: &Url) -> String {
    let port = url.port_or_known_default().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// The values that were given.
struct Given<'a>(&'a BTreeMap<String, String>);

impl Given<'_> {
    /// A value that is not empty.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn is_unfit(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.len() > VALUE_BYTES_MAX || value.chars().any(char::is_control))
    }

    fn must(&self, key: &'static str) -> Result<&str, AppError> {
        self.get(key).ok_or_else(|| AppError::invalid("kannel-missing", [("key", key.to_owned())]))
    }

    fn address(&self, key: &'static str) -> Result<Option<Url>, AppError> {
        let wrong =
            |value: &str| AppError::invalid("kannel-address", [("key", key.to_owned()), ("value", shown(value))]);
        self.get(key).map(|value| address(value).ok_or_else(|| wrong(value))).transpose()
    }

    fn number(&self, key: &'static str, min: u64, max: u64) -> Result<Option<u64>, AppError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let number = value.parse().ok().filter(|number| (min..=max).contains(number));
        number.map(Some).ok_or_else(|| {
            let args = [
                ("key", key.to_owned()),
                ("value", value.to_owned()),
                ("min", min.to_string()),
                ("max", max.to_string()),
            ];
            AppError::invalid("kannel-number", args)
        })
    }

    /// One of a few words; the first is the default.
    fn choice<T: Copy>(&self, key: &'static str, known: &[(&str, T)]) -> Result<T, AppError> {
        let value = self.get(key).unwrap_or(known[0].0);
        known.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words = known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            AppError::invalid("kannel-choice", [("key", key.to_owned()), ("value", value.to_owned()), ("known", words)])
        })
    }

    fn networks(&self) -> Result<Vec<Network>, AppError> {
        let list = self.get("allow").unwrap_or_default().split(',').map(str::trim).filter(|entry| !entry.is_empty());
        list.map(|entry| {
            Network::read(entry).ok_or_else(|| AppError::invalid("kannel-allow", [("value", entry.to_owned())]))
        })
        .collect()
    }
}

/// An address of the web without user, password, query or fragment.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then_some(url)
}

/// A wrong address as it may be shown: without what could be a password in it.
fn shown(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = &text[..end];
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &text[..scheme], &text[at..]),
        _ => text.to_owned(),
    }
}

/// Addresses that may call without the secret: one, or a network as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    base: u128,
    prefix: u32,
    is_v4: bool,
}

impl Network {
    fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (base, is_v4) = bits(address.parse().ok()?);
        let whole = if is_v4 { 32 } else { 128 };
        let prefix = prefix.unwrap_or(whole);
        (prefix <= whole).then_some(Self { base, prefix, is_v4 })
    }

    /// Whether an address lies within.
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = bits(address);
        let width = if is_v4 { 32 } else { 128 };
        let cut = |value: u128| value.checked_shr(width - self.prefix).unwrap_or(0);
        is_v4 == self.is_v4 && cut(bits) == cut(self.base)
    }
}

/// The bits of an address; one of the old kind written in the new one counts as the old.
fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u32::from(v4).into(), true),
        IpAddr::V6(v6) => (v6.into(), false),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("url", "http://127.0.0.1:13013"), ("username", "mhero"), ("password", "pass word&1")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn the_path_of_sendsms_and_the_rest_have_defaults() {
        let read = settings(&[("callback", "https://mhero.example.org/")]).unwrap();
        assert_eq!(read.url.as_str(), "http://127.0.0.1:13013/cgi-bin/sendsms");
        assert_eq!(read.callback.as_deref(), Some("https://mhero.example.org"));
        assert_eq!((read.dlr_mask, read.connections, read.parts), (27, 20, Parts::Whole));
        assert_eq!(settings(&[("url", "https://k.example.org/x/send")]).unwrap().url.path(), "/x/send");
        assert!(!format!("{read:?}").contains("pass"), "{read:?}");
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("url", "", "kannel-missing"),
            ("password", " ", "kannel-missing"),
            ("url", "127.0.0.1:13013", "kannel-url"),
            ("url", "http://u:p@host/", "kannel-url"),
            ("callback", "ftp://host", "kannel-address"),
            ("dlr_mask", "32", "kannel-number"),
            ("timeout", "0", "kannel-number"),
            ("validity", "-1", "kannel-number"),
            ("parts", "three", "kannel-choice"),
            ("use_national", "yes", "kannel-choice"),
            ("secret", "short", "kannel-secret"),
            ("secret", "has a space and is long", "kannel-secret"),
            ("allow", "10.0.0.0/33", "kannel-allow"),
            ("username", "two\nlines", "kannel-value"),
        ] {
            match settings(&[(key, value)]) {
                Err(AppError::Invalid(reason)) => {
                    assert_eq!(reason.key, rule, "{key}={value}");
                    assert!(!reason.args.iter().any(|(_, shown)| shown.contains("u:p")), "{reason:?}");
                }
                other => panic!("{key}={value} gave {other:?}"),
            }
        }
    }

    #[test]
    fn networks_hold_what_lies_in_them() {
        let holds = |network: &str, address: &str| Network::read(network).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.1.2.3", "10.1.2.3") && !holds("10.1.2.3", "10.1.2.4"));
        assert!(holds("10.0.0.0/8", "10.9.9.9") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("::/0", "1.2.3.4"));
    }
}
