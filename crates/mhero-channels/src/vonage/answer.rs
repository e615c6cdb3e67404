//! What Vonage's answers mean: every answer is 200, a number in it says what became of the text.
//!
//! Read: <https://developer.vonage.com/messaging/sms/guides/troubleshooting-sms> and <https://developer.vonage.com/api-errors/sms> (answers),
//! <https://api.support.vonage.com/hc/en-us/articles/204014733> (codes of reports), and Vonage's OpenAPI document of the SMS API (shapes).
//! Not found: codes of reports beyond 15 (99 is "general error"); they are told by the word beside them. Status 5, an internal error, does
//! not say whether the text left: unknown.

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, unknown, usual};

/// What an answer to a text means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    let (status, body) = match usual(heard) {
        Ok(answer) => answer,
        Err(said) => return said,
    };
    if !(200..=299).contains(&status) {
        return (refused("http-refused"), Sign::Nothing);
    }
    let document = Document::of_answer(body);
    let id = document.get("messages.0.message-id");
    let unsent = |trouble| (not_sent("http-unsent"), Sign::Fails(trouble));
    let code = document.get("messages.0.status").and_then(|code| code.parse::<u16>().ok());
    // A long text is several: where one of them was refused, the phone has half of it.
    let is_partial = document.get("messages.1.status").is_some_and(|second| second != "0");
    match code {
        None => odd(),
        Some(0) if is_partial => (unknown("http-odd-answer"), Sign::Works),
        Some(0) if id.is_some() => (Outcome::Accepted { carrier_id: id }, Sign::Works),
        Some(0) => odd(),
        Some(1 | 10) => (not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
        Some(4 | 8 | 11 | 14) => unsent(Trouble::Password),
        Some(5) => (unknown("http-odd-answer"), Sign::Fails(Trouble::Fault)),
        Some(7) => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
        Some(9) => unsent(Trouble::Money),
        Some(15) => unsent(Trouble::Sender),
        Some(22) => (refused("http-not-routable"), Sign::Works),
        // A trial account, and a number that is not on its list.
        Some(29) => (refused("http-trial"), Sign::Works),
        Some(33) => (refused("http-number-gone"), Sign::Works),
        Some(_) => (refused("http-refused"), Sign::Works),
    }
}

/// Why a message did not arrive, by the code of a report.
pub(super) fn failure(code: &str, status: &str) -> &'static str {
    match (code.trim_start_matches('0'), status) {
        // Off for a while, or busy with another SMS.
        ("2" | "7", _) => "http-absent",
        // Gone for good: "should be removed from your database".
        ("3", _) => "http-number-gone",
        // A bar that only the operator takes away.
        ("4" | "14", _) => "http-number-suspended",
        ("6", _) => "http-rejected",
        ("9", _) => "http-stopped",
        ("11" | "12", _) => "http-not-routable",
        ("15", _) => "http-no-airtime",
        (_, "expired") => "http-expired",
        (_, "rejected") => "http-rejected",
        _ => "http-undelivered",
    }
}

/// The balance.
pub(super) fn balance(heard: &Heard) -> Result<String, Trouble> {
    match usual(heard) {
        Err((_, Sign::Fails(trouble))) => Err(trouble),
        Err(_) => Err(Trouble::Fault),
        Ok((200..=299, body)) => {
            let amount = Document::of_answer(body).get("value").ok_or(Trouble::Stranger)?;
            let is_empty = amount.parse::<f64>().is_ok_and(|amount| amount <= 0.0);
            if is_empty { Err(Trouble::Money) } else { Ok(format!("{amount} EUR")) }
        }
        Ok(_) => Err(Trouble::Password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str) -> Heard {
        let body = format!(
            r#"{{"message-count":"1","messages":[{{"to":"231770000001","message-id":"0A0000000123ABCD1","status":"{status}",
            "remaining-balance":"3.14","message-price":"0.03","network":"61807","client-ref":"x","error-text":"…"}}]}}"#
        );
        Heard::answer(200, &body)
    }

    #[test]
    fn each_status_means_what_the_documentation_says() {
        let accepted = Outcome::Accepted { carrier_id: Some("0A0000000123ABCD1".into()) };
        assert_eq!(read(&answer("0")), (accepted, Sign::Works));
        for (status, outcome, sign) in [
            ("1", not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
            ("2", refused("http-refused"), Sign::Works),
            ("3", refused("http-refused"), Sign::Works),
            ("4", not_sent("http-unsent"), Sign::Fails(Trouble::Password)),
            ("6", refused("http-refused"), Sign::Works),
            ("7", Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
            ("8", not_sent("http-unsent"), Sign::Fails(Trouble::Password)),
            ("9", not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
            ("10", not_sent("http-not-now"), Sign::Fails(Trouble::Busy)),
            ("11", not_sent("http-unsent"), Sign::Fails(Trouble::Password)),
            ("12", refused("http-refused"), Sign::Works),
            ("14", not_sent("http-unsent"), Sign::Fails(Trouble::Password)),
            ("15", not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
            ("22", refused("http-not-routable"), Sign::Works),
            ("29", refused("http-trial"), Sign::Works),
            ("33", refused("http-number-gone"), Sign::Works),
        ] {
            assert_eq!(read(&answer(status)), (outcome, sign), "{status}");
        }
        let missing = r#"{"message-count":"1","messages":[{"status":"2","error-text":"Missing to param"}]}"#;
        assert_eq!(read(&Heard::answer(200, missing)).0, refused("http-refused"));
        assert!(matches!(read(&answer("5")).0, Outcome::Unknown { .. }));
        let half = r#"{"messages":[{"status":"0","message-id":"a"},{"status":"1"}]}"#;
        assert!(matches!(read(&Heard::answer(200, half)).0, Outcome::Unknown { .. }));
        for garbage in ["", "<html>", "{}", r#"{"messages":[{"status":"0"}]}"#] {
            assert_eq!(read(&Heard::answer(200, garbage)), odd(), "{garbage}");
        }
        assert_eq!(balance(&Heard::answer(200, r#"{"value":10.28,"autoReload":false}"#)), Ok("10.28 EUR".into()));
    }

    #[test]
    fn each_code_of_a_report_means_what_the_documentation_says() {
        for (code, reason) in [
            ("1", "http-undelivered"),
            ("2", "http-absent"),
            ("3", "http-number-gone"),
            ("4", "http-number-suspended"),
            ("5", "http-undelivered"),
            ("6", "http-rejected"),
            ("7", "http-absent"),
            ("8", "http-undelivered"),
            ("9", "http-stopped"),
            ("10", "http-undelivered"),
            ("11", "http-not-routable"),
            ("12", "http-not-routable"),
            ("13", "http-undelivered"),
            ("14", "http-number-suspended"),
            ("15", "http-no-airtime"),
            ("99", "http-undelivered"),
        ] {
            assert_eq!(failure(code, "failed"), reason, "{code}");
        }
        assert_eq!((failure("1", "expired"), failure("", "rejected")), ("http-expired", "http-rejected"));
    }
}
