//! Asking Telegram. Its addresses hold the token: none is shown or logged.

use std::time::Duration;

use jiff::SignedDuration;
use mhero_core::record::Reason;
use reqwest::Url;
use serde_json::{Value, json};

use super::settings::Settings;
use crate::http::{Heard, Trouble, host};

/// Longest rest that is taken from an answer, in seconds.
const RETRY_SECONDS_MAX: i64 = 3_600;

/// One bot at Telegram.
pub(super) struct Api {
    client: reqwest::Client,
    base: Url,
    token: String,
    timeout: Duration,
}

/// What it said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// It did it.
    Done(Value),
    /// It did not, with the code and what that is about.
    No {
        /// As in HTTP: 403 is a person who has blocked the bot.
        code: i64,
        /// Not before this time again.
        retry_after: Option<SignedDuration>,
    },
    /// It could not be reached: nothing was asked.
    NoConnection,
    /// Nobody knows what became of it.
    Unknown(Trouble),
}

impl Api {
    pub(super) fn new(client: reqwest::Client, settings: &Settings) -> Self {
        let (base, token) = (settings.base.clone(), settings.token.clone());
        Self { client, base, token, timeout: settings.timeout }
    }

    /// Asks for a method with its arguments; `longer` beyond the usual time for an answer.
    pub(super) async fn ask(&self, method: &str, arguments: &Value, longer: Duration) -> Said {
        let mut url = self.base.clone();
        let path = format!("{}/bot{}/{method}", url.path().trim_end_matches('/'), self.token);
        url.set_path(&path);
        let asked = self.client.post(url).timeout(self.timeout + longer).json(arguments).send().await;
        read(&Heard::from(asked).await)
    }

    /// The name of the bot, which shows that the token is right.
    ///
    /// # Errors
    /// What is wrong, in words for an administrator.
    pub(super) async fn me(&self) -> Result<String, Reason> {
        match self.ask("getMe", &json!({}), Duration::ZERO).await {
            Said::Done(me) => Ok(format!("@{}", me["username"].as_str().unwrap_or_default())),
            Said::No { code: 401 | 403 | 404, .. } => Err(self.reason(Trouble::Password)),
            Said::No { code: 429, .. } => Err(self.reason(Trouble::Busy)),
            Said::No { .. } => Err(self.reason(Trouble::Stranger)),
            Said::NoConnection => Err(self.reason(Trouble::Unreachable)),
            Said::Unknown(trouble) => Err(self.reason(trouble)),
        }
    }

    /// What is wrong, in words for an administrator.
    pub(super) fn reason(&self, trouble: Trouble) -> Reason {
        match trouble {
            Trouble::Password => Reason::plain("telegram-token-refused"),
            other => other.reason("Telegram", host(&self.base), "base_url=…"),
        }
    }
}

/// Reads an answer. Only one that is as Telegram writes them counts as a no: a proxy's is not.
fn read(heard: &Heard) -> Said {
    let (status, body) = match heard {
        Heard::Answer { status, body, .. } => (*status, body),
        Heard::NoConnection => return Said::NoConnection,
        Heard::Silence => return Said::Unknown(Trouble::Silent),
        Heard::Cut => return Said::Unknown(Trouble::Fault),
    };
    let said: Value = serde_json::from_str(body).unwrap_or_default();
    match said["ok"].as_bool() {
        Some(true) => Said::Done(said["result"].clone()),
        Some(false) if status < 500 => {
            let seconds = said["parameters"]["retry_after"].as_i64();
            let retry_after = seconds.map(|seconds| SignedDuration::from_secs(seconds.clamp(0, RETRY_SECONDS_MAX)));
            Said::No { code: said["error_code"].as_i64().unwrap_or_else(|| i64::from(status)), retry_after }
        }
        _ if status >= 500 => Said::Unknown(Trouble::Fault),
        _ => Said::Unknown(Trouble::Stranger),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_a_yes_a_no_or_nobody_knows() {
        let done = Heard::answer(200, r#"{"ok":true,"result":{"message_id":7}}"#);
        assert_eq!(read(&done), Said::Done(json!({"message_id": 7})));
        let blocked = r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#;
        assert_eq!(read(&Heard::answer(403, blocked)), Said::No { code: 403, retry_after: None });
        let slow = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":7}}"#;
        let after = Some(SignedDuration::from_secs(7));
        assert_eq!(read(&Heard::answer(429, slow)), Said::No { code: 429, retry_after: after });
        assert_eq!(read(&Heard::answer(502, "<html>")), Said::Unknown(Trouble::Fault));
        assert_eq!(read(&Heard::answer(200, "<html>")), Said::Unknown(Trouble::Stranger));
        assert_eq!(read(&Heard::NoConnection), Said::NoConnection);
    }
}
