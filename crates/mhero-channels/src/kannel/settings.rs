//! The settings of a Kannel channel, as `mhero channel add` takes them.

use std::{collections::BTreeMap, fmt};

use mhero_app::{AppError, ports::Parts};
use mhero_core::ChannelId;
use reqwest::Url;

use super::{KIND, ROUTE, fields::FIELDS};
use crate::{
    given::{Given, keys},
    http::{Common, host},
};

/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Where `sendsms` is when the address names no path.
const SENDSMS: &str = "/cgi-bin/sendsms";
/// Reports asked for: delivered 1, failed 2, taken by the operator's SMS centre 8, refused by it 16. The third settles whether a
/// text left whose answer was lost, long before the phone has it.
const DLR_MASK: u8 = 27;
/// Kannel's largest mask: all of the above, and buffered 4.
const DLR_MASK_MAX: u8 = 31;
/// Longest validity that an operator keeps a text for: a week, in minutes.
pub(super) const VALIDITY_MINUTES_MAX: u32 = 10_080;
/// What is known about one Kannel.
pub(super) struct Settings {
    pub(super) common: Common,
    /// `sendsms`, without a query.
    pub(super) url: Url,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) from: Option<String>,
    pub(super) smsc: Option<String>,
    pub(super) dlr_mask: u8,
    pub(super) use_national: bool,
    pub(super) validity_minutes: Option<u32>,
    pub(super) parts: Parts,
    /// The status page of the bearerbox.
    pub(super) admin: Option<Url>,
    pub(super) admin_password: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.common.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel; `default_secret` makes the secret of its addresses where none is given.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let mut url = given.must_address("url")?;
        if matches!(url.path(), "" | "/") {
            url.set_path(SENDSMS);
        }
        Ok(Self {
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
            url,
            username: given.must("username")?.to_owned(),
            password: given.must("password")?.to_owned(),
            from: given.get("from").map(ToOwned::to_owned),
            smsc: given.get("smsc").map(ToOwned::to_owned),
            dlr_mask: given.number("dlr_mask", 0, DLR_MASK_MAX)?.unwrap_or(DLR_MASK),
            use_national: given.choice("use_national", &[("false", false), ("true", true)])?,
            validity_minutes: given.number("validity", 1, VALIDITY_MINUTES_MAX)?,
            parts: given.choice("parts", &[("whole", Parts::Whole), ("split", Parts::Split)])?,
            admin: given.address("admin")?,
            admin_password: given.get("admin_password").map(ToOwned::to_owned),
        })
    }

    /// Where Kannel reads from, for words to an administrator: host and port only.
    pub(super) fn host(&self) -> String {
        host(&self.url)
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
        assert_eq!(read.common.callback.as_deref(), Some("https://mhero.example.org"));
        assert_eq!((read.dlr_mask, read.common.connections, read.parts), (27, 20, Parts::Whole));
        assert_eq!(settings(&[("url", "https://k.example.org/x/send")]).unwrap().url.path(), "/x/send");
        assert!(!format!("{read:?}").contains("pass"), "{read:?}");
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("url", "", "channel-missing"),
            ("password", " ", "channel-missing"),
            ("url", "127.0.0.1:13013", "channel-address"),
            ("url", "http://u:p@host/", "channel-address"),
            ("callback", "ftp://host", "channel-address"),
            ("dlr_mask", "32", "channel-number"),
            ("timeout", "0", "channel-number"),
            ("validity", "-1", "channel-number"),
            ("parts", "three", "channel-choice"),
            ("use_national", "yes", "channel-choice"),
            ("secret", "short", "channel-secret"),
            ("secret", "has a space and is long", "channel-secret"),
            ("allow", "10.0.0.0/33", "channel-allow"),
            ("username", "a\u{7}bell", "channel-value"),
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
}
