//! The settings of a bot on Telegram, as `mhero channel add` takes them.

use std::{collections::BTreeMap, fmt, time::Duration};

use mhero_app::AppError;
use mhero_core::ChannelId;
use reqwest::Url;

use super::{KIND, ROUTE};
use crate::given::Given;

/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] =
    &[("token", true), ("mode", false), ("callback", false), ("secret", true), ("base_url", false), ("timeout", false)];

/// Where Telegram's own servers are.
const BASE_URL: &str = "https://api.telegram.org";
/// How long it may take to answer, in seconds.
const TIMEOUT_SECONDS: u64 = 30;
/// Longest time that may be set for it, in seconds.
const TIMEOUT_SECONDS_MAX: u64 = 120;
/// Longest token, in letters: they have 46.
const TOKEN_MAX: usize = 128;
/// Fewest and most letters of the secret in the header (Bot API, setWebhook).
const SECRET_LETTERS: std::ops::RangeInclusive<usize> = 16..=256;

/// How what people write comes here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// We ask for it.
    Poll,
    /// Telegram brings it.
    Webhook,
}

/// What is known about one bot.
pub(super) struct Settings {
    pub(super) token: String,
    pub(super) mode: Mode,
    /// Where Telegram brings what people write.
    pub(super) webhook: Option<String>,
    pub(super) secret: String,
    pub(super) base: Url,
    pub(super) timeout: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel; `default_secret` makes the secret of what is brought where none is given.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let token = given.must("token")?;
        let is_token = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        let halves = token.split_once(':').filter(|(bot, key)| {
            !bot.is_empty() && !key.is_empty() && bot.bytes().all(|b| b.is_ascii_digit()) && is_token(key)
        });
        if halves.is_none() || token.len() > TOKEN_MAX {
            return Err(AppError::invalid("telegram-token", [("key", "token".to_owned())]));
        }
        let mode = given.choice("mode", &[("poll", Mode::Poll), ("webhook", Mode::Webhook)])?;
        let callback = given.address("callback")?;
        if mode == Mode::Webhook && callback.is_none() {
            return Err(AppError::invalid("telegram-webhook-where", [("key", "callback".to_owned())]));
        }
        let secret = given.get("secret").map_or_else(default_secret, ToOwned::to_owned);
        if !SECRET_LETTERS.contains(&secret.len()) || !is_token(&secret) {
            return Err(AppError::invalid("channel-secret", [("min", SECRET_LETTERS.start().to_string())]));
        }
        let base = match given.address("base_url")? {
            Some(base) => base,
            None => Url::parse(BASE_URL).map_err(|_| AppError::invalid("telegram-token", []))?,
        };
        let seconds = given.number("timeout", 1, TIMEOUT_SECONDS_MAX)?.unwrap_or(TIMEOUT_SECONDS);
        let at = |url: Url| format!("{}/c/{ROUTE}/{channel}/receive", url.as_str().trim_end_matches('/'));
        Ok(Self {
            token: token.to_owned(),
            mode,
            webhook: callback.map(at),
            secret,
            base,
            timeout: Duration::from_secs(seconds),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let config = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn settings_are_read_and_wrong_ones_named() {
        let token = ("token", "123456:ABC-def_1");
        let plain = read(&[token]).expect("a token is enough");
        assert_eq!((plain.mode, plain.base.as_str()), (Mode::Poll, "https://api.telegram.org/"));
        let brought = read(&[token, ("mode", "webhook"), ("callback", "https://m.example/")]).expect("settings");
        let at = "https://m.example/c/tg/00000000-0000-0000-0000-000000000000/receive";
        assert_eq!(brought.webhook.as_deref(), Some(at));
        for (wrong, rule) in [
            (&[][..], "channel-missing"),
            (&[("token", "ABC")][..], "telegram-token"),
            (&[("token", "123:a/b")][..], "telegram-token"),
            (&[token, ("mode", "webhook")][..], "telegram-webhook-where"),
            (&[token, ("mode", "push")][..], "channel-choice"),
            (&[token, ("secret", "short")][..], "channel-secret"),
        ] {
            match read(wrong) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule),
                other => panic!("{other:?} for {rule}"),
            }
        }
    }
}
