//! What Twilio's answers and error codes mean: for the message, and for the account. (The "Error and Warning Dictionary" of its
//! documentation.)

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
        21212 | 21603 | 21606 | 21608 | 21612 | 21659 | 21660 | 21661 | 21701..=21703 | 21705 | 63007 => {
            unsent(Trouble::Sender)
        }
        21408 | 21215 => (refused("twilio-region"), Sign::Works),
        21211 | 21214 | 21217 | 21219 | 21401 | 21407 | 21421 | 21604 | 63003 => (refused("http-number"), Sign::Works),
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
        30001 | 63018 => "http-not-now",
        30003 => "http-absent",
        30004 | 30007 | 30008 | 30032 | 30034 => "http-rejected",
        30005 => "http-number-gone",
        30006 => "http-number-kind",
        30036 => "http-expired",
        63003 | 63024 => "http-number",
        63016 => "whatsapp-window",
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
        let taken = r#"{"sid":"SM0123","status":"queued","to":"+15005550006","error_code":null,"num_segments":"1"}"#;
        let accepted = Outcome::Accepted { carrier_id: Some("SM0123".into()) };
        assert_eq!(read(&Heard::answer(201, taken)), (accepted, Sign::Works));
        assert_eq!(read(&error(400, 21610)).0, Outcome::Stopped { reason: "http-stopped".into() });
        assert_eq!(read(&error(400, 21211)), (refused("http-number"), Sign::Works));
        assert_eq!(read(&error(400, 21614)), (refused("http-number-kind"), Sign::Works));
        assert_eq!(read(&error(403, 21408)), (refused("twilio-region"), Sign::Works));
        assert_eq!(read(&error(400, 21606)), (not_sent("http-unsent"), Sign::Fails(Trouble::Sender)));
        assert_eq!(read(&error(401, 20003)), (not_sent("http-unsent"), Sign::Fails(Trouble::Password)));
        assert_eq!(read(&error(404, 20404)), (not_sent("http-unsent"), Sign::Fails(Trouble::Path)));
        assert_eq!(read(&error(429, 20429)).1, Sign::Fails(Trouble::Busy));
        assert_eq!(read(&error(400, 99_999)), (refused("http-refused"), Sign::Nothing));
        assert!(matches!(read(&Heard::answer(500, taken)).0, Outcome::Unknown { .. }));
        for garbage in ["", "<html>", "{", "{}", r#"{"sid":null}"#] {
            assert_eq!(read(&Heard::answer(201, garbage)), odd(), "{garbage}");
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
