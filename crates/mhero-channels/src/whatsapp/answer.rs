//! What the answers and error codes of WhatsApp mean.
//!
//! Read: the head of <https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes> (how errors come), and the
//! codes with their HTTP status as <https://docs.360dialog.com/docs/support/api-error-message-list>, a partner of Meta, repeats them. Not
//! found: whether 131000 ("failed due to an unknown error", HTTP 500) can have left all the same. It counts as unknown.

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, usual};

/// What an answer to a text means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    if let Some(code) = error_code(heard) {
        return of_code(code, heard);
    }
    match usual(heard) {
        Err(said) => said,
        Ok((200..=299, body)) => match Document::of_answer(body).get("messages.0.id") {
            Some(id) => (Outcome::Accepted { carrier_id: Some(id) }, Sign::Works),
            None => odd(),
        },
        Ok(_) => (refused("http-refused"), Sign::Nothing),
    }
}

/// The code of Meta's own error.
fn error_code(heard: &Heard) -> Option<u32> {
    let Heard::Answer { status: 400.., body, .. } = heard else { return None };
    Document::of_answer(body).get("error.code")?.parse().ok()
}

fn of_code(code: u32, heard: &Heard) -> (Outcome, Sign) {
    let unsent = |trouble| (not_sent("http-unsent"), Sign::Fails(trouble));
    match code {
        // Too many at a time, of the app, of the number, or to this phone.
        4 | 80_007 | 130_429 | 131_048 | 133_016 => match usual(heard) {
            Err((outcome @ Outcome::NotSent { .. }, _)) => (outcome, Sign::Fails(Trouble::Busy)),
            _ => (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
        },
        // Too many to this one phone: "you can still send to a different phone number without waiting".
        131_056 => match usual(heard) {
            Err((outcome @ Outcome::NotSent { .. }, _)) => (outcome, Sign::Works),
            _ => (not_sent("http-not-now"), Sign::Works),
        },
        // Its documentation says of these that the service is down, or the account in maintenance, and the call is to be made again.
        2 | 131_016 | 131_057 | 133_004 => (not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
        0 | 3 | 10 | 33 | 190 | 200..=299 | 368 | 131_005 | 131_031 | 131_045 | 133_010 => unsent(Trouble::Password),
        // The name that people see is not approved yet.
        131_037 => unsent(Trouble::Sender),
        131_042 => unsent(Trouble::Money),
        131_050 => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        _ => match failure(code) {
            "http-undelivered" => match usual(heard) {
                // 404 and the like speak of the address only where Meta has no word of its own.
                Err((outcome @ Outcome::Unknown { .. }, sign)) => (outcome, sign),
                _ => (refused("http-refused"), Sign::Works),
            },
            reason => (refused(reason), Sign::Works),
        },
    }
}

/// Why a message did not arrive, by the code of a report.
pub(super) fn failure(code: u32) -> &'static str {
    match code {
        131_026 | 131_021 => "whatsapp-number",
        // Meta's test numbers write only to the phones on their list.
        131_030 => "http-trial",
        130_497 => "twilio-region",
        131_047 => "whatsapp-window",
        131_049 | 130_472 => "whatsapp-limited",
        131_050 => "http-stopped",
        132_000..=132_999 => "whatsapp-template",
        131_048 | 131_056 | 130_429 => "http-not-now",
        // Payment, a locked account, a name that is not approved: the channel says so at its next text.
        131_042 | 131_031 | 131_037 | 131_045 => "http-unsent",
        _ => "http-undelivered",
    }
}

/// Whether the number is well regarded, and whether it can be asked at all.
pub(super) fn check(heard: &Heard) -> (bool, Sign) {
    if let Some(code) = error_code(heard) {
        return match of_code(code, heard).1 {
            Sign::Fails(trouble) => (false, Sign::Fails(trouble)),
            // There is no such number for this token.
            _ => (false, Sign::Fails(Trouble::Password)),
        };
    }
    match usual(heard) {
        Err((_, Sign::Fails(trouble))) => (false, Sign::Fails(trouble)),
        Ok((200..=299, body)) => {
            let document = Document::of_answer(body);
            if document.get("display_phone_number").is_none() && document.get("id").is_none() {
                return (false, Sign::Fails(Trouble::Stranger));
            }
            (document.get("quality_rating").as_deref() != Some("RED"), Sign::Works)
        }
        _ => (false, Sign::Fails(Trouble::Fault)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, code: u32) -> Heard {
        let body = format!(
            r#"{{"error":{{"message":"(#{code}) …","type":"OAuthException","code":{code},"error_data":{{"messaging_product":
            "whatsapp","details":"…"}},"fbtrace_id":"x"}}}}"#
        );
        Heard::answer(status, &body)
    }

    #[test]
    fn texts_that_were_taken_bring_an_id() {
        let taken = r#"{"messaging_product":"whatsapp","contacts":[{"input":"231770000001","wa_id":"231770000001"}],
            "messages":[{"id":"wamid.HBgL"}]}"#;
        let accepted = Outcome::Accepted { carrier_id: Some("wamid.HBgL".into()) };
        assert_eq!(read(&Heard::answer(200, taken)), (accepted, Sign::Works));
        assert!(matches!(read(&error(500, 131_000)).0, Outcome::Unknown { .. }));
        for garbage in ["", "<html>", "{}", r#"{"messages":[{}]}"#] {
            assert_eq!(read(&Heard::answer(200, garbage)), odd(), "{garbage}");
        }
    }

    #[test]
    fn each_code_means_what_the_documentation_says() {
        let (later, unsent) = (|| not_sent("http-not-now"), || not_sent("http-unsent"));
        for (status, code, outcome, sign) in [
            (401, 0, unsent(), Sign::Fails(Trouble::Password)),
            (500, 3, unsent(), Sign::Fails(Trouble::Password)),
            (403, 10, unsent(), Sign::Fails(Trouble::Password)),
            (401, 190, unsent(), Sign::Fails(Trouble::Password)),
            (403, 200, unsent(), Sign::Fails(Trouble::Password)),
            (400, 33, unsent(), Sign::Fails(Trouble::Password)),
            (403, 368, unsent(), Sign::Fails(Trouble::Password)),
            (403, 131_005, unsent(), Sign::Fails(Trouble::Password)),
            (403, 131_031, unsent(), Sign::Fails(Trouble::Password)),
            (400, 131_037, unsent(), Sign::Fails(Trouble::Sender)),
            (400, 131_042, unsent(), Sign::Fails(Trouble::Money)),
            (400, 133_010, unsent(), Sign::Fails(Trouble::Password)),
            (503, 2, later(), Sign::Fails(Trouble::Fault)),
            (500, 131_016, later(), Sign::Fails(Trouble::Fault)),
            (500, 131_057, later(), Sign::Fails(Trouble::Fault)),
            (400, 4, later(), Sign::Fails(Trouble::Busy)),
            (400, 80_007, later(), Sign::Fails(Trouble::Busy)),
            (400, 130_429, later(), Sign::Fails(Trouble::Busy)),
            (429, 130_429, later(), Sign::Fails(Trouble::Busy)),
            (400, 131_048, later(), Sign::Fails(Trouble::Busy)),
            (400, 131_056, later(), Sign::Works),
            (400, 100, refused("http-refused"), Sign::Works),
            (400, 131_008, refused("http-refused"), Sign::Works),
            (400, 131_009, refused("http-refused"), Sign::Works),
            (400, 131_021, refused("whatsapp-number"), Sign::Works),
            (400, 131_026, refused("whatsapp-number"), Sign::Works),
            (400, 131_030, refused("http-trial"), Sign::Works),
            (400, 131_047, refused("whatsapp-window"), Sign::Works),
            (400, 131_049, refused("whatsapp-limited"), Sign::Works),
            (400, 130_472, refused("whatsapp-limited"), Sign::Works),
            (403, 130_497, refused("twilio-region"), Sign::Works),
            (404, 132_001, refused("whatsapp-template"), Sign::Works),
            (400, 132_000, refused("whatsapp-template"), Sign::Works),
            (400, 132_015, refused("whatsapp-template"), Sign::Works),
            (400, 131_050, Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
        ] {
            assert_eq!(read(&error(status, code)), (outcome, sign), "{code}");
        }
        assert_eq!((failure(131_030), failure(131_042)), ("http-trial", "http-unsent"));
        assert_eq!((failure(131_000), failure(131_053)), ("http-undelivered", "http-undelivered"));
    }

    #[test]
    fn a_number_says_how_well_it_is_regarded() {
        let number = |rating: &str| {
            check(&Heard::answer(
                200,
                &format!(r#"{{"display_phone_number":"+1","quality_rating":"{rating}","id":"1"}}"#),
            ))
        };
        assert_eq!((number("GREEN"), number("RED")), ((true, Sign::Works), (false, Sign::Works)));
        assert_eq!(check(&error(400, 100)).1, Sign::Fails(Trouble::Password));
    }
}
