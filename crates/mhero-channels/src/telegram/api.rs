//! Asking Telegram. Its addresses hold the token: none is shown or logged.
//!
//! Read: <https://core.telegram.org/bots/api> ("Making requests", "ResponseParameters", `setWebhook`). What it writes beside 403 is listed
//! nowhere by Telegram; the sentences are those of answers that <https://github.com/TelegramBotAPI/errors> has collected. Only the one that says
//! that the person has blocked the bot counts as STOP.

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
        /// As in HTTP.
        code: i64,
        /// Whether it says that the person has blocked the bot; other words beside 403 are an account that is gone, or a bot.
        is_blocked: bool,
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
            let code = said["error_code"].as_i64().unwrap_or_else(|| i64::from(status));
            let is_blocked =
                code == 403 && said["description"].as_str().is_some_and(|words| words.contains("blocked by the user"));
            Said::No { code, is_blocked, retry_after }
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
        for (code, words, is_blocked) in [
            (403, "Forbidden: bot was blocked by the user", true),
            (403, "Forbidden: user is deactivated", false),
            (403, "Forbidden: bot can't initiate conversation with a user", false),
            (403, "Forbidden: bot can't send messages to bots", false),
            (400, "Bad Request: chat not found", false),
            (400, "Bad Request: message text is empty", false),
            (401, "Unauthorized", false),
            (409, "Conflict: terminated by other getUpdates request", false),
        ] {
            let body = json!({"ok": false, "error_code": code, "description": words}).to_string();
            let no = Said::No { code, is_blocked, retry_after: None };
            assert_eq!(read(&Heard::answer(u16::try_from(code).unwrap(), &body)), no, "{words}");
        }
        let slow = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#;
        let after = Some(SignedDuration::from_secs(7));
        assert_eq!(read(&Heard::answer(429, slow)), Said::No { code: 429, is_blocked: false, retry_after: after });
        assert_eq!(read(&Heard::answer(502, "<html>")), Said::Unknown(Trouble::Fault));
        assert_eq!(read(&Heard::answer(200, "<html>")), Said::Unknown(Trouble::Stranger));
        assert_eq!(read(&Heard::NoConnection), Said::NoConnection);
    }
}
