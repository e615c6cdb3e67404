//! What came back to a request, and what is so whoever answered.

use jiff::SignedDuration;
use mhero_app::ports::Outcome;
use reqwest::{Error, Response, header::RETRY_AFTER};

use super::trouble::{Sign, Trouble};

/// Most of an answer that is read, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// Longest rest that is taken from `Retry-After`, in seconds.
const RETRY_SECONDS_MAX: i64 = 3_600;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// An answer.
    Answer {
        /// The status of HTTP.
        status: u16,
        /// What it says.
        body: String,
        /// Whether all of it came: what is missing in a broken one may stand in the rest.
        is_whole: bool,
        /// Not before this time again, if it says so.
        retry_after: Option<SignedDuration>,
    },
    /// There was no connection, so that nothing was asked.
    NoConnection,
    /// No answer in time.
    Silence,
    /// The connection ended before the answer.
    Cut,
}

impl Heard {
    /// Takes what the client brings. Its errors hold the address, and with it perhaps a password: they go no further.
    pub(crate) async fn from(asked: Result<Response, Error>) -> Self {
        let mut response = match asked {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Self::NoConnection,
            Err(error) if error.is_timeout() => return Self::Silence,
            Err(_) => return Self::Cut,
        };
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|seconds| seconds.trim().parse::<i64>().ok());
        let retry_after = retry_after.map(|seconds| SignedDuration::from_secs(seconds.clamp(0, RETRY_SECONDS_MAX)));
        let (status, mut body, mut is_whole) = (response.status().as_u16(), Vec::new(), false);
        while body.len() < BODY_BYTES_MAX {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk[..chunk.len().min(BODY_BYTES_MAX - body.len())]),
                Ok(None) => {
                    is_whole = true;
                    break;
                }
                // The status has been heard.
                Err(_) => break,
            }
        }
        Self::Answer { status, body: String::from_utf8_lossy(&body).into_owned(), is_whole, retry_after }
    }

    #[cfg(test)]
    pub(crate) fn answer(status: u16, body: &str) -> Self {
        Self::Answer { status, body: body.to_owned(), is_whole: true, retry_after: None }
    }

    /// Whether the connection ended, or the limit was reached, in the middle of an answer.
    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self, Self::Answer { is_whole: false, .. })
    }
}

/// It never left, with the code of why.
pub(crate) fn not_sent(code: &str) -> Outcome {
    Outcome::NotSent { reason: code.to_owned(), retry_after: None }
}

/// Nobody knows whether it left.
pub(crate) fn unknown(code: &str) -> Outcome {
    Outcome::Unknown { reason: code.to_owned() }
}

/// It is refused for good.
pub(crate) fn refused(code: &str) -> Outcome {
    Outcome::Refused { reason: code.to_owned() }
}

/// An answer that says neither yes nor no in a way that is understood: nobody knows.
pub(crate) fn odd() -> (Outcome, Sign) {
    (unknown("http-odd-answer"), Sign::Fails(Trouble::Stranger))
}

/// What is so at every provider where it says nothing better by itself: no connection, silence, a status that speaks of the
/// channel. Gives back status and body of an answer that must be read: 2xx, and 4xx about the message.
pub(crate) fn usual(heard: &Heard) -> Result<(u16, &str), (Outcome, Sign)> {
    let (status, body, retry_after) = match heard {
        Heard::Answer { status, body, retry_after, .. } => (*status, body.as_str(), *retry_after),
        Heard::NoConnection => return Err((not_sent("http-unreached"), Sign::Fails(Trouble::Unreachable))),
        Heard::Silence => return Err((unknown("http-unanswered"), Sign::Fails(Trouble::Silent))),
        Heard::Cut => return Err((unknown("http-cut"), Sign::Nothing)),
    };
    let later = || (Outcome::NotSent { reason: "http-not-now".to_owned(), retry_after }, Sign::Fails(Trouble::Busy));
    match status {
        200..=299 => Ok((status, body)),
        401 | 403 => Err((not_sent("http-unsent"), Sign::Fails(Trouble::Password))),
        402 => Err((not_sent("http-unsent"), Sign::Fails(Trouble::Money))),
        300..=399 | 404 | 405 | 410 => Err((not_sent("http-unsent"), Sign::Fails(Trouble::Path))),
        429 => Err(later()),
        // Whoever says when to come again has not taken it.
        503 if retry_after.is_some() => Err(later()),
        400..=499 => Ok((status, body)),
        _ => Err((unknown("http-odd-answer"), Sign::Fails(Trouble::Fault))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_left_for_certain_and_what_did_not() {
        let of = |status| usual(&Heard::answer(status, "x")).unwrap_err();
        assert_eq!(of(500), (unknown("http-odd-answer"), Sign::Fails(Trouble::Fault)));
        assert_eq!(of(503).0, unknown("http-odd-answer"), "a proxy may say so after the gateway took it");
        assert_eq!(of(302), (not_sent("http-unsent"), Sign::Fails(Trouble::Path)));
        assert_eq!(of(401), (not_sent("http-unsent"), Sign::Fails(Trouble::Password)));
        assert_eq!(usual(&Heard::answer(400, "x")), Ok((400, "x")));
        let after = Some(SignedDuration::from_secs(7));
        for status in [429, 503] {
            let heard = Heard::Answer { status, body: String::new(), is_whole: true, retry_after: after };
            let later = Outcome::NotSent { reason: "http-not-now".into(), retry_after: after };
            assert_eq!(usual(&heard), Err((later, Sign::Fails(Trouble::Busy))));
        }
        assert_eq!(usual(&Heard::NoConnection).unwrap_err().0, not_sent("http-unreached"));
        assert_eq!(usual(&Heard::Silence).unwrap_err().0, unknown("http-unanswered"));
        assert_eq!(usual(&Heard::Cut).unwrap_err(), (unknown("http-cut"), Sign::Nothing));
    }
}
