//! The settings of an Africa's Talking channel.

use std::{collections::BTreeMap, fmt};

use mhero_app::{
    AppError,
    ports::{Field, Shape},
};
use mhero_core::ChannelId;
use reqwest::{Url, header::HeaderValue};

use super::{KIND, ROUTE};
use crate::{
    given::{Given, keys},
    http::{Common, field},
};

/// What a page asks for, the needed ones first.
pub(super) const FIELDS: [Field; 11] = [
    Field::must("username"),
    Field::must("api_key").secret(),
    Field::may("sandbox").choice(&["no", "yes"]).first(),
    Field::may("from"),
    Field::may("shared").choice(&["no", "yes"]),
    Field::may("url").shaped(Shape::Address),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Where it is.
const LIVE: &str = "https://api.africastalking.com";
/// Where its pretend phones are.
const SANDBOX: &str = "https://api.sandbox.africastalking.com";

/// What is known about one account.
pub(super) struct Settings {
    pub(super) common: Common,
    pub(super) url: Url,
    pub(super) username: String,
    pub(super) api_key: HeaderValue,
    pub(super) from: Option<String>,
    /// The short code belongs to several: it is not named in requests.
    pub(super) is_shared: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.common.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let username = given.must("username")?;
        // The account of the sandbox has this name, and no other.
        let is_sandbox = given.choice("sandbox", &[("no", false), ("yes", true)])? || username == "sandbox";
        let place = if is_sandbox { SANDBOX } else { LIVE };
        let usual = || Url::parse(place).map_err(|_| given.invalid("channel-missing", "url", []));
        let mut api_key = HeaderValue::from_str(given.must("api_key")?)
            .map_err(|_| given.invalid("channel-header", "api_key", [("value", "apikey".to_owned())]))?;
        api_key.set_sensitive(true);
        Ok(Self {
            url: given.address("url")?.map_or_else(usual, Ok)?,
            username: username.to_owned(),
            api_key,
            from: given.get("from").map(ToOwned::to_owned),
            is_shared: given.choice("shared", &[("no", false), ("yes", true)])?,
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("username", "moh"), ("api_key", "k3y")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn the_sandbox_is_where_its_account_is() {
        let place = |pairs: &[(&str, &str)]| settings(pairs).unwrap().url.host_str().unwrap().to_owned();
        assert_eq!(place(&[]), "api.africastalking.com");
        assert_eq!(place(&[("sandbox", "yes")]), "api.sandbox.africastalking.com");
        assert_eq!(place(&[("username", "sandbox")]), "api.sandbox.africastalking.com");
        assert_eq!(place(&[("url", "http://127.0.0.1:9")]), "127.0.0.1");
        assert!(settings(&[("username", "")]).is_err() && settings(&[("sandbox", "maybe")]).is_err());
        assert!(!format!("{:?}", settings(&[]).unwrap()).contains("k3y"));
    }
}
