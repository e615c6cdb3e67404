//! What Twilio's answers and error codes mean: for the message, and for the account.
//!
//! Read: Twilio's error dictionary, <https://www.twilio.com/docs/api/errors>, as its machine-readable list gives it, and its OpenAPI document
//! (the answer to a new message, the states of one). Not in the list that was read, and so from elsewhere: 20015, 21659 to 21661, 30036.
//! Errors come with HTTP 4xx; what HTTP 5xx leaves behind is said nowhere and counts as unknown.

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, usual};

/// What an answer to a text means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    // An error comes with a code of its own, which says more than the status.
    if let Heard::Answer { status: 400..=499, body, .. } = heard
        && let Some(code) = Document::of_answer(body).get("code").and_then(|code| code.parse::<u32>().ok())
    {
        return of_code(code, heard);
    }
    match usual(heard) {
        Err(said) => said,
        Ok((200..=299, body)) => match Document::of_answer(body).get("sid") {
            Some(sid) => (Outcome::Accepted { carrier_id: Some(sid) }, Sign::Works),
            None => odd(),
        },
        Ok(_) => (refused("http-refused"), Sign::Nothing),
    }
}

fn of_code(code: u32, heard: &Heard) -> (Outcome, Sign) {
    let unsent = |trouble| (not_sent("http-unsent"), Sign::Fails(trouble));
    match code {
        // The person has written STOP to this number of Twilio's, which carries nothing more to them.
        21610 => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        20003 | 20005 | 20006 | 20008 | 10001 | 30002 => unsent(Trouble::Password),
        20404 => unsent(Trouble::Path),
        // Too many at a time, or its own queue is full.
        20429 | 14107 | 20015 | 21611 | 30001 | 63038 => match usual(heard) {
            Err((outcome @ Outcome::NotSent { .. }, _)) => (outcome, Sign::Fails(Trouble::Busy)),
            _ => (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
        },
        // The sender is none of this account, or can't write there.
        21212
        | 21601
        | 21603
        | 21606
        | 21607
        | 21616
        | 21657
        | 21659..=21661
        | 21701..=21705
        | 21708
        | 21709
        | 63007 => unsent(Trouble::Sender),
        // A trial account, and a phone that its owner has not confirmed: others go.
        21219 | 21608 | 63015 => (refused("http-trial"), Sign::Works),
        // From this sender to this phone nothing goes: to others it does, so that the channel does not rest.
        21612 => (refused("http-not-routable"), Sign::Works),
        21408 | 21215 => (refused("twilio-region"), Sign::Works),
        21211 | 21214 | 21217 | 21401 | 21407 | 21421 | 21604 | 63003 => (refused("http-number"), Sign::Works),
        21614 | 30006 => (refused("http-number-kind"), Sign::Works),
        21602 | 21617 | 21619 | 21654 | 21655 => (refused("http-refused"), Sign::Works),
        _ => match usual(heard) {
            Err(said) => said,
            Ok(_) => (refused("http-refused"), Sign::Nothing),
        },
    }
}

/// Why a message did not arrive, by the code of a report.
pub(super) fn failure(code: u32) -> &'static str {
    match code {
        21610 => "http-stopped",
        // Queues that are full, carriers that are congested, limits of a day.
        30001 | 30017 | 30022 | 30023 | 30027 | 63017 | 63018 | 63038 => "http-not-now",
        30002 | 63051 => "http-unsent",
        30003 => "http-absent",
        // Blocked, filtered, or a sender that is not registered there.
        30004 | 30007 | 30018 | 30024 | 30032..=30035 | 63013 | 63026 | 63033 => "http-rejected",
        30005 => "http-number-gone",
        30006 => "http-number-kind",
        30036 => "http-expired",
        21211 | 30014 | 63003 | 63024 => "http-number",
        21408 => "twilio-region",
        21608 | 63015 => "http-trial",
        21614 => "http-number-kind",
        63016 => "whatsapp-window",
        63027..=63029 | 63040..=63042 => "whatsapp-template",
        63032 => "whatsapp-limited",
        // 30008 is "unknown error".
        _ => "http-undelivered",
    }
}

/// The balance; nothing where a server that only speaks like Twilio has none.
pub(super) fn balance(heard: &Heard) -> Result<Option<String>, Trouble> {
    match usual(heard) {
        Err((_, Sign::Fails(Trouble::Path))) if has_error_code(heard) => Err(Trouble::Password),
        // Somebody answers there, and knows no such page: servers that speak like Twilio mostly do not.
        Err((_, Sign::Fails(Trouble::Path))) => Ok(None),
        Err((_, Sign::Fails(trouble))) => Err(trouble),
        Err(_) => Err(Trouble::Fault),
        Ok((200..=299, body)) => {
            let document = Document::of_answer(body);
            let amount = document.get("balance");
            if amount.as_deref().and_then(|amount| amount.parse::<f64>().ok()).is_some_and(|amount| amount <= 0.0) {
                return Err(Trouble::Money);
            }
            Ok(amount.map(|amount| format!("{amount} {}", document.get("currency").unwrap_or_default())))
        }
        Ok(_) => Err(Trouble::Password),
    }
}

/// Whether it is Twilio's own word that there is no such account.
fn has_error_code(heard: &Heard) -> bool {
    matches!(heard, Heard::Answer { body, .. } if Document::of_answer(body).get("code").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, code: u32) -> Heard {
        let more = format!("https://www.twilio.com/docs/errors/{code}");
        let body = format!(r#"{{"code":{code},"message":"…","more_info":"{more}","status":{status}}}"#);
        Heard::answer(status, &body)
    }

    #[test]
    fn each_code_means_what_the_documentation_says() {
        // The example "createWoService" of Twilio's OpenAPI document, with numbers of its own.
        let taken = r#"{"account_sid":"AC0123","api_version":"2010-04-01","body":"…","date_created":"Thu, 24 Aug 2023 05:01:45 +0000",
            "date_sent":null,"direction":"outbound-api","error_code":null,"error_message":null,"from":"+15005550001",
            "messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":null,"sid":"SM0123",
            "status":"queued","to":"+15005550006","uri":"/2010-04-01/Accounts/AC0123/Messages/SM0123.json"}"#;
        let accepted = Outcome::Accepted { carrier_id: Some("SM0123".into()) };
        assert_eq!(read(&Heard::answer(201, taken)), (accepted, Sign::Works));
        let unsent = || not_sent("http-unsent");
        for (status, code, outcome, sign) in [
            (400, 21610, Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
            (400, 21211, refused("http-number"), Sign::Works),
            (400, 21604, refused("http-number"), Sign::Works),
            (400, 21614, refused("http-number-kind"), Sign::Works),
            (403, 21408, refused("twilio-region"), Sign::Works),
            (400, 21602, refused("http-refused"), Sign::Works),
            (400, 21617, refused("http-refused"), Sign::Works),
            (400, 21608, refused("http-trial"), Sign::Works),
            (400, 21612, refused("http-not-routable"), Sign::Works),
            (400, 21603, unsent(), Sign::Fails(Trouble::Sender)),
            (400, 21606, unsent(), Sign::Fails(Trouble::Sender)),
            (400, 21703, unsent(), Sign::Fails(Trouble::Sender)),
            (400, 21704, unsent(), Sign::Fails(Trouble::Sender)),
            (401, 20003, unsent(), Sign::Fails(Trouble::Password)),
            (403, 20005, unsent(), Sign::Fails(Trouble::Password)),
            (404, 20404, unsent(), Sign::Fails(Trouble::Path)),
            (429, 20429, not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
            (429, 14107, not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
            (400, 21611, not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
            (400, 99_999, refused("http-refused"), Sign::Nothing),
        ] {
            assert_eq!(read(&error(status, code)), (outcome, sign), "{code}");
        }
        assert!(matches!(read(&Heard::answer(500, taken)).0, Outcome::Unknown { .. }));
        for garbage in ["", "<html>", "{", "{}", r#"{"sid":null}"#] {
            assert_eq!(read(&Heard::answer(201, garbage)), odd(), "{garbage}");
        }
    }

    #[test]
    fn each_code_of_a_report_means_what_the_documentation_says() {
        for (code, reason) in [
            (30001, "http-not-now"),
            (30002, "http-unsent"),
            (30003, "http-absent"),
            (30004, "http-rejected"),
            (30005, "http-number-gone"),
            (30006, "http-number-kind"),
            (30007, "http-rejected"),
            (30008, "http-undelivered"),
            (30017, "http-not-now"),
            (30018, "http-rejected"),
            (30034, "http-rejected"),
            (63016, "whatsapp-window"),
            (63027, "whatsapp-template"),
            (63032, "whatsapp-limited"),
            (0, "http-undelivered"),
        ] {
            assert_eq!(failure(code), reason, "{code}");
        }
    }

    #[test]
    fn the_balance_is_read() {
        let heard = Heard::answer(200, r#"{"currency":"USD","balance":"12.34","account_sid":"AC0123"}"#);
        assert_eq!(balance(&heard), Ok(Some("12.34 USD".into())));
        assert_eq!(balance(&Heard::answer(200, r#"{"balance":"-1.0"}"#)), Err(Trouble::Money));
        assert_eq!(balance(&error(401, 20003)), Err(Trouble::Password));
        assert_eq!(balance(&error(404, 20404)), Err(Trouble::Password));
        assert_eq!(balance(&Heard::answer(404, "no such page")), Ok(None));
    }
}
