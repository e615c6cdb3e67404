//! What Kannel's answers mean: for the message, and for the channel.

use mhero_app::ports::Outcome;
use mhero_core::record::Reason;
use reqwest::{Error, Response};

use super::settings::Settings;

/// Most of an answer that is read, in bytes: Kannel says one line.
const BODY_BYTES_MAX: usize = 8 * 1024;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// An answer.
    Answer {
        /// The status of HTTP.
        status: u16,
        /// What it says.
        body: String,
    },
    /// There was no connection, so that nothing was asked.
    NoConnection,
    /// No answer in time.
    Silence,
    /// The connection ended before the answer.
    Cut,
}

/// What is wrong with the channel, whatever the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nobody listens there.
    Unreachable,
    /// It listens and says nothing.
    Silent,
    /// It does not know us.
    Password,
    /// It wants to be told a sender.
    Sender,
    /// It has no `sendsms` at this address.
    Path,
    /// It takes nothing for a while.
    Busy,
    /// It, or something before it, fails.
    Fault,
    /// What answers is no Kannel.
    Stranger,
}

/// What an answer says about the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It works.
    Works,
    /// Nothing.
    Nothing,
    /// It does not work.
    Fails(Trouble),
}

impl Trouble {
    /// The same in words for an administrator.
    pub(super) fn reason(self, settings: &Settings) -> Reason {
        let key = match self {
            Self::Unreachable => "kannel-unreachable",
            Self::Silent => "kannel-silent",
            Self::Password => "kannel-password",
            Self::Sender => "kannel-sender",
            Self::Path => "kannel-path",
            Self::Busy => "kannel-busy",
            Self::Fault => "kannel-fault",
            Self::Stranger => "kannel-stranger",
        };
        Reason::new(key, [("host", settings.host()), ("path", settings.url.path().to_owned())])
    }

    /// A word for logs.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "no connection",
            Self::Silent => "no answer in time",
            Self::Password => "user, password or our address is refused",
            Self::Sender => "it wants a sender",
            Self::Path => "no sendsms at this address",
            Self::Busy => "it takes nothing just now",
            Self::Fault => "it fails",
            Self::Stranger => "what answers is no Kannel",
        }
    }
}

/// Takes what the client brings. Its errors hold the address, and with it the password: they go no further.
pub(super) async fn hear(asked: Result<Response, Error>) -> Heard {
    let mut response = match asked {
        Ok(response) => response,
        Err(error) if error.is_connect() => return Heard::NoConnection,
        Err(error) if error.is_timeout() => return Heard::Silence,
        Err(_) => return Heard::Cut,
    };
    let (status, mut body) = (response.status().as_u16(), Vec::new());
    while body.len() < BODY_BYTES_MAX {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(BODY_BYTES_MAX - body.len())]),
            // The status has been heard, and it is what counts.
            Ok(None) | Err(_) => break,
        }
    }
    Heard::Answer { status, body: String::from_utf8_lossy(&body).into_owned() }
}

/// What an answer of `sendsms` means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    let not_sent = |code: &str| Outcome::NotSent { reason: code.to_owned(), retry_after: None };
    let unknown = |code: &str| Outcome::Unknown { reason: code.to_owned() };
    let refused = |code: &str| Outcome::Refused { reason: code.to_owned() };
    let (status, body) = match heard {
        Heard::Answer { status, body } => (*status, body.trim_start().to_ascii_lowercase()),
        Heard::NoConnection => return (not_sent("kannel-unreached"), Sign::Fails(Trouble::Unreachable)),
        Heard::Silence => return (unknown("kannel-unanswered"), Sign::Fails(Trouble::Silent)),
        Heard::Cut => return (unknown("kannel-cut"), Sign::Nothing),
    };
    match status {
        // A page of something else at this address must not count as a text that was sent.
        200..=299 if body.starts_with('<') => (unknown("kannel-odd-answer"), Sign::Fails(Trouble::Stranger)),
        200..=299 => (Outcome::Accepted { carrier_id: None }, Sign::Works),
        400..=499 if body.contains("not routable") => (refused("kannel-not-routable"), Sign::Works),
        400..=499 if body.contains("sender missing") => (not_sent("kannel-unsent"), Sign::Fails(Trouble::Sender)),
        401 | 403 => (not_sent("kannel-unsent"), Sign::Fails(Trouble::Password)),
        300..=399 | 404 | 405 | 410 => (not_sent("kannel-unsent"), Sign::Fails(Trouble::Path)),
        429 | 503 => (not_sent("kannel-not-now"), Sign::Fails(Trouble::Busy)),
        400..=499 if body.contains("lists") => (refused("kannel-denied"), Sign::Works),
        400..=499 => (refused("kannel-refused"), Sign::Works),
        _ => (unknown("kannel-odd-answer"), Sign::Fails(Trouble::Fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_say_what_becomes_of_the_message_and_whether_the_channel_works() {
        let accepted = Outcome::Accepted { carrier_id: None };
        let refused = |code: &str| Outcome::Refused { reason: code.to_owned() };
        let not_sent = |code: &str| Outcome::NotSent { reason: code.to_owned(), retry_after: None };
        let unknown = |code: &str| Outcome::Unknown { reason: code.to_owned() };
        for (status, body, outcome, sign) in [
            (202, "0: Accepted for delivery", accepted.clone(), Sign::Works),
            (202, "3: Queued for later delivery", accepted.clone(), Sign::Works),
            (200, "Sent.", accepted, Sign::Works),
            (200, "<html>Welcome", unknown("kannel-odd-answer"), Sign::Fails(Trouble::Stranger)),
            (403, "Authorization failed for sendsms", not_sent("kannel-unsent"), Sign::Fails(Trouble::Password)),
            (403, "Not routable. Do not try again.", refused("kannel-not-routable"), Sign::Works),
            (
                400,
                "Sender missing and no global set, rejected",
                not_sent("kannel-unsent"),
                Sign::Fails(Trouble::Sender),
            ),
            (
                400,
                "Number(s) has/have been denied by white- and/or black-lists.",
                refused("kannel-denied"),
                Sign::Works,
            ),
            (400, "Missing receiver number, rejected", refused("kannel-refused"), Sign::Works),
            (503, "4: Temporal failure, try again later.", not_sent("kannel-not-now"), Sign::Fails(Trouble::Busy)),
            (404, "Unknown request", not_sent("kannel-unsent"), Sign::Fails(Trouble::Path)),
            (301, "", not_sent("kannel-unsent"), Sign::Fails(Trouble::Path)),
            (502, "Bad gateway", unknown("kannel-odd-answer"), Sign::Fails(Trouble::Fault)),
        ] {
            let heard = Heard::Answer { status, body: body.to_owned() };
            assert_eq!(read(&heard), (outcome, sign), "{status} {body}");
        }
        assert_eq!(read(&Heard::NoConnection), (not_sent("kannel-unreached"), Sign::Fails(Trouble::Unreachable)));
        assert_eq!(read(&Heard::Silence), (unknown("kannel-unanswered"), Sign::Fails(Trouble::Silent)));
        assert_eq!(read(&Heard::Cut), (unknown("kannel-cut"), Sign::Nothing));
    }
}
