//! What Infobip's answers mean: groups of states, and names within them.
//!
//! Read: <https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes> (states, errors) and Infobip's OpenAPI
//! document of `/sms/3` (requests, answers, reports). Not said there: whether a text left before HTTP 500, and what a sixth group would
//! mean. Both count as unknown.

use mhero_app::ports::Outcome;

use crate::http::{Heard, Sign, Trouble, document::Document, not_sent, odd, refused, unknown, usual};

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
        (200..=299, Some("2" | "4" | "5")) => of_name(&name),
        (200..=299, _) => odd(),
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
        // Twenty texts, or six equal ones, to one phone within an hour: later it may go.
        "REJECTED_FLOODING_FILTER" => (not_sent("http-not-now"), Sign::Works),
        // It has had this id of ours: an earlier request came through. The report under that id says what became of it.
        "REJECTED_DUPLICATE_MESSAGE_ID" => (unknown("http-odd-answer"), Sign::Works),
        _ => match reason(name) {
            "http-stopped" => (Outcome::Stopped { reason: "http-stopped".to_owned() }, Sign::Works),
            reason => (refused(reason), Sign::Works),
        },
    }
}

/// Why a message was refused or did not arrive, by the name of its state or error. Names are whole: what is on a black list may be
/// the sender, the template or the account, and only where it is the phone does its owner want nothing.
pub(super) fn reason(name: &str) -> &'static str {
    match name {
        "REJECTED_DESTINATION_BLOCKLISTED"
        | "REJECTED_DESTINATION_BLACKLISTED"
        | "REJECTED_DND"
        | "EC_BLACKLISTED_DESTINATIONADDRESS"
        | "EC_DEST_ADDRESS_BLACKLISTED"
        | "EC_SC_BLOCKED_BY_END_USER"
        | "EC_CONTENT_BLOCKED" => "http-stopped",
        "EC_UNKNOWN_SUBSCRIBER" | "EC_DEACTIVATED_LIST" => "http-number-gone",
        "EC_CALL_BARRED" | "EC_ILLEGAL_SUBSCRIBER" | "EC_DESTINATION_BLOCKED_BY_OPERATOR" => "http-number-suspended",
        "REJECTED_DESTINATION"
        | "REJECTED_INVALID_DESTINATION"
        | "REJECTED_PREFIX_MISSING"
        | "MISSING_TO"
        | "EC_INVALID_DESTINATION_ADDRESS"
        | "EC_INVALID_REQUEST_DESTINATION" => "http-number",
        "EC_TELESERVICE_NOT_PROVISIONED"
        | "EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS"
        | "EC_DESTINATION_NOT_SMS_PROVISIONED"
        | "EC_CANNOT_RECEIVE_SC" => "http-number-kind",
        "EC_ABSENT_SUBSCRIBER" | "EC_ABSENT_SUBSCRIBER_SM" => "http-absent",
        "EC_USER_OUT_OF_CREDIT" => "http-no-airtime",
        "REJECTED_NETWORK" | "REJECTED_ROUTE_NOT_AVAILABLE" => "http-not-routable",
        "REJECTED_DESTINATION_NOT_REGISTERED" => "http-trial",
        "EC_VALIDITY_EXPIRED" | "EC_MESSAGE_EXPIRED" => "http-expired",
        _ if name.contains("REJECTED") || name.contains("BLOCKED") || name.contains("BLACKLISTED") => "http-rejected",
        _ if name.contains("EXPIRED") => "http-expired",
        _ => "http-undelivered",
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
        // What each name says: the "Rejected" group of the page named above.
        for (name, outcome, sign) in [
            ("REJECTED_NOT_ENOUGH_CREDITS", not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
            ("REJECTED_PREPAID_PACKAGE_EXPIRED", not_sent("http-unsent"), Sign::Fails(Trouble::Money)),
            ("REJECTED_SOURCE", not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
            ("REJECTED_SENDER", not_sent("http-unsent"), Sign::Fails(Trouble::Sender)),
            ("REJECTED_SYSTEM_ERROR", not_sent("http-not-now"), Sign::Fails(Trouble::Fault)),
            ("REJECTED_FLOODING_FILTER", not_sent("http-not-now"), Sign::Works),
            ("REJECTED_DUPLICATE_MESSAGE_ID", unknown("http-odd-answer"), Sign::Works),
            ("REJECTED_DESTINATION", refused("http-number"), Sign::Works),
            ("REJECTED_PREFIX_MISSING", refused("http-number"), Sign::Works),
            ("REJECTED_DESTINATION_BLOCKLISTED", Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
            ("REJECTED_DND", Outcome::Stopped { reason: "http-stopped".into() }, Sign::Works),
            ("REJECTED_DESTINATION_NOT_REGISTERED", refused("http-trial"), Sign::Works),
            ("REJECTED_NETWORK", refused("http-not-routable"), Sign::Works),
            ("REJECTED_ROUTE_NOT_AVAILABLE", refused("http-not-routable"), Sign::Works),
            ("REJECTED_MESSAGE_TOO_LONG", refused("http-rejected"), Sign::Works),
            ("SIGNALS_BLOCKED", refused("http-rejected"), Sign::Works),
            ("SOMETHING_NEW", refused("http-undelivered"), Sign::Works),
        ] {
            assert_eq!(read(&answer(5, "REJECTED", name)), (outcome, sign), "{name}");
        }
        assert_eq!(read(&answer(2, "UNDELIVERABLE", "UNDELIVERABLE_NOT_SENT")).0, refused("http-undelivered"));
        assert_eq!(read(&answer(9, "LATER", "SOMETHING_NEW")), odd(), "a group that nobody knows is no refusal");
        for theirs in ["EC_BLACKLISTED_SENDERADDRESS", "EC_ENTITY_BLACKLISTED", "EC_BLOCKED_BY_CAMPAIGN_BLACKLIST"] {
            assert_ne!(reason(theirs), "http-stopped", "{theirs}: the person has said nothing");
        }
        let error = |code: &str| {
            format!(r#"{{"errorCode":"{code}","description":"…","action":"…","violations":[],"resources":[]}}"#)
        };
        assert_eq!(read(&Heard::answer(401, &error("E401"))).1, Sign::Fails(Trouble::Password));
        assert_eq!(read(&Heard::answer(403, &error("E403"))).1, Sign::Fails(Trouble::Password));
        assert_eq!(read(&Heard::answer(400, &error("E400"))), (refused("http-refused"), Sign::Nothing));
        assert!(matches!(read(&Heard::answer(500, &error("E500"))).0, Outcome::Unknown { .. }));
        for garbage in ["", "<html>", "{}", r#"{"messages":[]}"#, r#"{"messages":[{"status":{"groupId":1}}]}"#] {
            assert_eq!(read(&Heard::answer(200, garbage)), odd(), "{garbage}");
        }
        let money = balance(&Heard::answer(200, r#"{"balance":47.79,"currency":"EUR"}"#));
        assert_eq!(money, Ok(Some("47.79 EUR".into())));
    }
}
