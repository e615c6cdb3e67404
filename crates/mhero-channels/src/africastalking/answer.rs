//! What the answers of Africa's Talking mean: for the message, and for the account.

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, usual};

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
    match code {
        // Processed, sent, queued.
        100..=102 => (Outcome::Accepted { carrier_id: first("messageId").filter(|id| id != "None") }, Sign::Works),
        401 => (refused("at-risk-hold"), Sign::Works),
        402 => (not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
        403 => (refused("http-number"), Sign::Works),
        404 => (refused("http-number-kind"), Sign::Works),
        405 => (not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
        // Black list and "do not disturb": its owner has told the operator or Africa's Talking.
        406 | 409 => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        407 => (refused("http-not-routable"), Sign::Works),
        502 => (refused("http-rejected"), Sign::Works),
        // It says itself that it failed to hand it on.
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

    fn recipient(code: u16, status: &str) -> Heard {
        let body = format!(
            r#"{{"SMSMessageData":{{"Message":"Sent to 1/1 Total Cost: KES 0.8000","Recipients":[{{"statusCode":{code},
            "number":"+254711000000","status":"{status}","cost":"KES 0.8000","messageId":"ATPid_SampleTxnId123"}}]}}}}"#
        );
        Heard::answer(201, &body)
    }

    #[test]
    fn each_code_means_what_the_documentation_says() {
        let accepted = Outcome::Accepted { carrier_id: Some("ATPid_SampleTxnId123".into()) };
        for code in [100, 101, 102] {
            assert_eq!(read(&recipient(code, "Success")), (accepted.clone(), Sign::Works));
        }
        assert_eq!(read(&recipient(403, "InvalidPhoneNumber")).0, refused("http-number"));
        assert_eq!(read(&recipient(405, "InsufficientBalance")).1, Sign::Fails(Trouble::Money));
        assert_eq!(read(&recipient(402, "InvalidSenderId")).1, Sign::Fails(Trouble::Sender));
        assert_eq!(read(&recipient(406, "UserInBlacklist")).0, Outcome::Stopped { reason: "http-stopped".into() });
        assert_eq!(read(&recipient(501, "GatewayError")).0, not_sent("http-not-now"));
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
