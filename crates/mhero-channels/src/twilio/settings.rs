//! The settings of a Twilio channel.

use std::{collections::BTreeMap, fmt};

use mhero_app::{
    AppError,
    ports::{Field, Shape},
};
use mhero_core::ChannelId;
use reqwest::Url;

use super::{KIND, ROUTE};
use crate::{
    given::{Given, keys},
    http::{Common, field},
};

/// What a page asks for, the needed ones first.
pub(super) const FIELDS: [Field; 12] = [
    Field::must("account_sid"),
    Field::must("auth_token").secret(),
    Field::may("messaging_service_sid").first(),
    Field::may("from"),
    Field::may("base_url").shaped(Shape::Address),
    Field::may("numbers").choice(&["sms", "whatsapp"]),
    Field::may("signed").choice(&["yes", "no"]),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Where Twilio is.
const BASE: &str = "https://api.twilio.com";
/// Longest name of an account, in bytes. Twilio's are 34.
const SID_MAX: usize = 64;

/// What is known about one account.
pub(super) struct Settings {
    pub(super) common: Common,
    pub(super) base_url: Url,
    pub(super) account_sid: String,
    pub(super) auth_token: String,
    pub(super) from: Option<String>,
    pub(super) messaging_service_sid: Option<String>,
    /// Numbers are those of WhatsApp.
    pub(super) is_whatsapp: bool,
    /// Its calls are signed.
    pub(super) is_signed: bool,
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
        let usual = || Url::parse(BASE).map_err(|_| given.invalid("channel-missing", "base_url", []));
        given.must("account_sid")?;
        let sid = given.field("account_sid", SID_MAX)?.unwrap_or_default();
        if !sid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
            return Err(given.invalid("channel-field", "account_sid", [("max", SID_MAX.to_string())]));
        }
        Ok(Self {
            base_url: given.address("base_url")?.map_or_else(usual, Ok)?,
            account_sid: sid.to_owned(),
            auth_token: given.must("auth_token")?.to_owned(),
            from: given.get("from").or_else(|| given.get("sender")).map(ToOwned::to_owned),
            messaging_service_sid: given.get("messaging_service_sid").map(ToOwned::to_owned),
            is_whatsapp: given.choice("numbers", &[("sms", false), ("whatsapp", true)])?,
            is_signed: given.choice("signed", &[("yes", true), ("no", false)])?,
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("account_sid", "AC0123"), ("auth_token", "12345"), ("from", "+14158675309")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("account_sid", "", "channel-missing"),
            ("account_sid", "../x", "channel-field"),
            ("auth_token", "", "channel-missing"),
            ("base_url", "example", "channel-address"),
            ("numbers", "viber", "channel-choice"),
            ("signed", "maybe", "channel-choice"),
            ("allow", "x", "channel-allow"),
        ] {
            match settings(&[(key, value)]) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{key}={value}"),
                other => panic!("{key}={value} gave {other:?}"),
            }
        }
        assert_eq!(settings(&[]).unwrap().base_url.as_str(), "https://api.twilio.com/");
    }
}
