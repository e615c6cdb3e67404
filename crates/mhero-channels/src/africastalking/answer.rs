//! What the answers of Africa's Talking mean: for the message, and for the account.
//!
//! Read: its page on sending, <https://developers.africastalking.com/docs/sms/sending>, as several public clients repeat its codes (the page
//! itself was not to be had), an answer at <http://help.africastalking.com/articles/742491-why-did-my-messages-fail>, and its page of
//! notifications for 409. Not found: whether 500 and 501 can leave a text under way. Where the recipient has got an id, it counts as unknown;
//! without one nothing left. Not found either: whether 401, a hold for suspected abuse, is lifted later. It counts as refused.

use jiff::SignedDuration;
use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, unknown, usual};

/// When a text is tried again that the network does not carry at this hour.
const HOURS_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// What an answer to a text means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    let (status, body) = match usual(heard) {
        Ok(answer) => answer,
        Err(said) => return said,
    };
    let document = Document::of_answer(body);
    let first = |key: &str| document.get(&format!("SMSMessageData.Recipients.0.{key}"));
    let Some(code) = first("statusCode").and_then(|code| code.parse::<u16>().ok()) else {
        return without_recipient(status, &document);
    };
    let id = first("messageId").filter(|id| id != "None");
    match code {
        // Processed, sent, queued.
        100..=102 => (Outcome::Accepted { carrier_id: id }, Sign::Works),
        401 => (refused("at-risk-hold"), Sign::Works),
        402 => (not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
        403 => (refused("http-number"), Sign::Works),
        404 => (refused("http-number-kind"), Sign::Works),
        405 => (not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
        // Black list: its owner has told the operator or Africa's Talking.
        406 => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        // "DoNotDisturbRejection" speaks of the hour, 8 at night to 8 in the morning in Nigeria, not of the person.
        409 => (Outcome::NotSent { reason: "at-hours".to_owned(), retry_after: Some(HOURS_AGAIN) }, Sign::Works),
        407 => (refused("http-not-routable"), Sign::Works),
        502 => (refused("http-rejected"), Sign::Works),
        // It, or what it hands on to, failed: with an id the text may be under way.
        500 | 501 if id.is_some() => (unknown("http-odd-answer"), Sign::Fails(Trouble::Fault)),
        500 | 501 => (not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
        _ => (refused("http-refused"), Sign::Nothing),
    }
}

/// An answer that names no recipient: the whole request was refused, in words.
fn without_recipient(status: u16, document: &Document) -> (Outcome, Sign) {
    let words = document.get("SMSMessageData.Message").unwrap_or_default().to_ascii_lowercase();
    if words.contains("senderid") || words.contains("sender id") {
        return (not_sent("http-unsent"), Sign::Fails(Trouble::Sender));
    }
    if words.contains("balance") {
        return (not_sent("http-unsent"), Sign::Fails(Trouble::Money));
    }
    match status {
        400..=499 => (refused("http-refused"), Sign::Nothing),
        _ if words.contains("invalid") => (refused("http-refused"), Sign::Nothing),
        _ => odd(),
    }
}

/// The balance in an answer of the user's page; nothing where it says none.
pub(super) fn balance(heard: &Heard) -> Result<Option<String>, Trouble> {
    match usual(heard) {
        Err((_, Sign::Fails(trouble))) => Err(trouble),
        Err(_) => Err(Trouble::Fault),
        Ok((200..=299, body)) => match Document::of_answer(body) {
            document @ Document::Json(_) => {
                let balance = document.get("UserData.balance");
                let amount = balance.as_deref().and_then(|text| text.rsplit(' ').next()?.parse::<f64>().ok());
                if amount.is_some_and(|amount| amount <= 0.0) { Err(Trouble::Money) } else { Ok(balance) }
            }
            _ => Err(Trouble::Stranger),
        },
        Ok(_) => Err(Trouble::Password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(code: u16, status: &str, id: &str) -> Heard {
        let body = format!(
            r#"{{"SMSMessageData":{{"Message":"Sent to 1/1 Total Cost: KES 0.8000","Recipients":[{{"statusCode":{code},
            "number":"+254711000000","status":"{status}","cost":"KES 0.8000","messageId":"{id}"}}]}}}}"#
        );
        Heard::answer(201, &body)
    }

    #[test]
    fn each_code_means_what_the_documentation_says() {
        let accepted = Outcome::Accepted { carrier_id: Some("ATPid_SampleTxnId123".into()) };
        for code in [100, 101, 102] {
            assert_eq!(read(&recipient(code, "Success", "ATPid_SampleTxnId123")), (accepted.clone(), Sign::Works));
        }
        let hours = Outcome::NotSent { reason: "at-hours".into(), retry_after: Some(HOURS_AGAIN) };
        for (code, status, outcome, sign) in [
            (401, "RiskHold", refused("at-risk-hold"), Sign::Works),
            (402, "InvalidSenderId", not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
            (403, "InvalidPhoneNumber", refused("http-number"), Sign::Works),
            (404, "UnsupportedNumberType", refused("http-number-kind"), Sign::Works),
            (405, "InsufficientBalance", not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
            (406, "UserInBlacklist", Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
            (407, "CouldNotRoute", refused("http-not-routable"), Sign::Works),
            (409, "DoNotDisturbRejection", hours, Sign::Works),
            (500, "InternalServerError", not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
            (501, "GatewayError", not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
            (502, "RejectedByGateway", refused("http-rejected"), Sign::Works),
        ] {
            assert_eq!(read(&recipient(code, status, "None")), (outcome, sign), "{code}");
        }
        for code in [500, 501] {
            assert_eq!(read(&recipient(code, "GatewayError", "ATXid_1")).0, unknown("http-odd-answer"), "{code}");
        }
        // The answer that the page of notifications shows for 409, where HTTP says so too.
        let night = r#"{"SMSMessageData":{"Message":"Sent to 0/1 Total Cost: 0","Recipients":[{"cost":"0","messageId":"None",
            "number":"+2348030000000","status":"DoNotDisturbRejection","statusCode":409}]}}"#;
        assert!(matches!(read(&Heard::answer(409, night)).0, Outcome::NotSent { reason, .. } if reason == "at-hours"));
        let whole = Heard::answer(201, r#"{"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}}"#);
        assert_eq!(read(&whole), (not_sent("http-unsent"), Sign::Fails(Trouble::Sender)));
        assert_eq!(
            read(&Heard::answer(401, "The supplied authentication is invalid")).1,
            Sign::Fails(Trouble::Password)
        );
        for garbage in ["", "<html>Welcome", "{", "{}", "[1]", r#"{"SMSMessageData":7}"#] {
            assert_eq!(read(&Heard::answer(201, garbage)), odd(), "{garbage}");
        }
    }

    #[test]
    fn the_balance_is_read() {
        let heard = |balance: &str| Heard::answer(200, &format!(r#"{{"UserData":{{"balance":"{balance}"}}}}"#));
        assert_eq!(balance(&heard("KES 1785.50")), Ok(Some("KES 1785.50".into())));
        assert_eq!(balance(&heard("KES 0.00")), Err(Trouble::Money));
        assert_eq!(balance(&Heard::answer(401, "")), Err(Trouble::Password));
        assert_eq!(balance(&Heard::answer(200, "<html>")), Err(Trouble::Stranger));
    }
}
