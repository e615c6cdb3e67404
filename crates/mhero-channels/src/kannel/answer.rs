//! What Kannel's answers mean: for the message, and for the channel.

use mhero_app::ports::Outcome;
use mhero_core::record::Reason;

use super::settings::Settings;
use crate::http::{Heard, Sign, Trouble, not_sent, refused, unknown};

/// What is wrong, in words for an administrator.
pub(super) fn sentence(trouble: Trouble, settings: &Settings) -> Reason {
    let key = match trouble {
        Trouble::Unreachable => "kannel-unreachable",
        Trouble::Silent => "kannel-silent",
        Trouble::Password => "kannel-password",
        Trouble::Sender => "kannel-sender",
        Trouble::Path => "kannel-path",
        Trouble::Busy => "kannel-busy",
        Trouble::Fault | Trouble::Money => "kannel-fault",
        Trouble::Stranger => "kannel-stranger",
    };
    Reason::new(key, [("host", settings.host()), ("path", settings.url.path().to_owned())])
}

/// What an answer of `sendsms` means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    let (status, body) = match heard {
        Heard::Answer { status, body, .. } => (*status, body.trim_start().to_ascii_lowercase()),
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
            let heard = Heard::answer(status, body);
            assert_eq!(read(&heard), (outcome, sign), "{status} {body}");
        }
        assert_eq!(read(&Heard::NoConnection), (not_sent("kannel-unreached"), Sign::Fails(Trouble::Unreachable)));
        assert_eq!(read(&Heard::Silence), (unknown("kannel-unanswered"), Sign::Fails(Trouble::Silent)));
        assert_eq!(read(&Heard::Cut), (unknown("kannel-cut"), Sign::Nothing));
    }
}
