//! What Infobip's answers mean: groups of states, and names within them. ("Message status codes" and "Error code reference" of its
//! documentation.)

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, usual};

/// What an answer to a text means.
pub(super) fn read(heard: &Heard) -> (Outcome, Sign) {
    let (status, body) = match usual(heard) {
        Ok(answer) => answer,
        Err(said) => return said,
    };
    let document = Document::of_answer(body);
    let name = document.get("messages.0.status.name").unwrap_or_default();
    match (status, document.get("messages.0.status.groupId").as_deref()) {
        // Pending, or delivered already.
        (200..=299, Some("1" | "3")) => match document.get("messages.0.messageId") {
            Some(id) => (Outcome::Accepted { carrier_id: Some(id) }, Sign::Works),
            None => odd(),
        },
        (200..=299, Some(_)) => of_name(&name),
        (200..=299, None) => odd(),
        _ => (refused("http-refused"), Sign::Nothing),
    }
}

fn of_name(name: &str) -> (Outcome, Sign) {
    match name {
        "REJECTED_NOT_ENOUGH_CREDITS" | "REJECTED_PREPAID_PACKAGE_EXPIRED" => {
            (not_sent("http-unsent"), Sign::Fails(Trouble::Money))
        }
        "REJECTED_SENDER" | "REJECTED_INVALID_SENDER" | "REJECTED_SOURCE" | "MISSING_FROM" => {
            (not_sent("http-unsent"), Sign::Fails(Trouble::Sender))
        }
        "REJECTED_SYSTEM_ERROR" => (not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
        // The same text too often within a time: later it may go.
        "REJECTED_FLOODING_FILTER" => (not_sent("http-not-now"), Sign::Works),
        _ => match reason(name) {
            "http-stopped" => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
            reason => (refused(reason), Sign::Works),
        },
    }
}

/// Why a message was refused or did not arrive, by the name of its state or error.
pub(super) fn reason(name: &str) -> &'static str {
    let has = |word: &str| name.contains(word);
    if has("BLACKLIST") || has("OPTED_OUT") || has("OPT_OUT") || has("UNSUBSCRIBED") || name == "REJECTED_DND" {
        "http-stopped"
    } else if has("UNKNOWN_SUBSCRIBER") || has("UNIDENTIFIED_SUBSCRIBER") {
        "http-number-gone"
    } else if has("INVALID_DESTINATION") || has("PREFIX_MISSING") || name == "MISSING_TO" {
        "http-number"
    } else if has("ABSENT") || has("DEVICE_OFF") {
        "http-absent"
    } else if has("ROUTE_NOT_AVAILABLE") || name == "REJECTED_NETWORK" {
        "http-not-routable"
    } else if has("EXPIRED") {
        "http-expired"
    } else if has("REJECTED") {
        "http-rejected"
    } else {
        "http-undelivered"
    }
}

/// The balance.
pub(super) fn balance(heard: &Heard) -> Result<Option<String>, Trouble> {
    match usual(heard) {
        Err((_, Sign::Fails(trouble))) => Err(trouble),
        Err(_) => Err(Trouble::Fault),
        Ok((200..=299, body)) => {
            let document = Document::of_answer(body);
            let amount = document.get("balance").ok_or(Trouble::Stranger)?;
            Ok(Some(format!("{amount} {}", document.get("currency").unwrap_or_default())))
        }
        Ok(_) => Err(Trouble::Password),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(group: u8, group_name: &str, name: &str) -> Heard {
        let body = format!(
            r#"{{"bulkId":"b1","messages":[{{"messageId":"m1","status":{{"groupId":{group},"groupName":"{group_name}",
            "id":26,"name":"{name}","description":"…"}},"destination":"231770000001","details":{{"messageCount":1}}}}]}}"#
        );
        Heard::answer(200, &body)
    }

    #[test]
    fn each_state_means_what_the_documentation_says() {
        let accepted = (Outcome::Accepted { carrier_id: Some("m1".into()) }, Sign::Works);
        assert_eq!(read(&answer(1, "PENDING", "PENDING_ACCEPTED")), accepted);
        assert_eq!(read(&answer(3, "DELIVERED", "DELIVERED_TO_HANDSET")), accepted);
        let of = |name: &str| read(&answer(5, "REJECTED", name));
        assert_eq!(of("REJECTED_NOT_ENOUGH_CREDITS").1, Sign::Fails(Trouble::Money));
        assert_eq!(of("REJECTED_INVALID_DESTINATION").0, refused("http-number"));
        assert_eq!(of("REJECTED_DESTINATION_BLACKLISTED").0, Outcome::Stopped { reason: "http-stopped".into() });
        assert_eq!(of("REJECTED_NETWORK").0, refused("http-not-routable"));
        assert_eq!(of("SOMETHING_NEW").0, refused("http-undelivered"));
        let unauthorized =
            r#"{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED","text":"Invalid login"}}}"#;
        assert_eq!(read(&Heard::answer(401, unauthorized)).1, Sign::Fails(Trouble::Password));
        for garbage in ["", "<html>", "{}", r#"{"messages":[]}"#, r#"{"messages":[{"status":{"groupId":1}}]}"#] {
            assert_eq!(read(&Heard::answer(200, garbage)), odd(), "{garbage}");
        }
        let money = balance(&Heard::answer(200, r#"{"balance":47.79,"currency":"EUR"}"#));
        assert_eq!(money, Ok(Some("47.79 EUR".into())));
    }
}
