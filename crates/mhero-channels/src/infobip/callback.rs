//! What Infobip calls us with: several texts or reports at a time, as JSON, unsigned.

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::SubmissionId;
use serde_json::Value;

use super::answer::reason;
use crate::http::{
    Common,
    document::{Document, scalar, walk},
    instant, readable,
};

/// Longest id that is taken, in bytes.
const ID_BYTES_MAX: usize = 200;
/// Most texts or reports of one call.
const RESULTS_MAX: usize = 500;

/// Reads a call.
pub(super) fn read(common: &Common, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let is_receive = match call.action {
        "receive" => true,
        "delivered" | "status" => false,
        _ => return Err(CallRefused::Unknown),
    };
    common.admit(call)?;
    let Document::Json(body) = Document::of_call(call)? else {
        return Err(CallRefused::Unreadable("the body is no JSON"));
    };
    let results = body.get("results").and_then(Value::as_array);
    let results = results.ok_or(CallRefused::Unreadable("`results` is missing"))?.iter().take(RESULTS_MAX);
    let read = |result| if is_receive { receive(result).map(|event| vec![event]) } else { Ok(status(result)) };
    let events = readable(common.channel, results.map(read))?.into_iter().flatten().collect();
    Ok(Taken { events, content_type: "application/json", body: "{}".to_owned() })
}

fn at(result: &Value, path: &str) -> Option<String> {
    walk(result, path).and_then(scalar).filter(|value| !value.is_empty())
}

fn receive(result: &Value) -> Result<CarrierEvent, CallRefused> {
    let from = at(result, "from").ok_or(CallRefused::Unreadable("`from` is missing"))?;
    // Pictures come as a list of what they hold.
    let parts = || {
        let list = walk(result, "message")?.as_array()?;
        let part = |part: &Value| at(part, "value").or_else(|| at(part, "url"));
        Some(list.iter().filter_map(part).collect::<Vec<_>>().join("\n"))
    };
    let text = walk(result, "text").and_then(scalar).or_else(parts);
    let carrier_id = at(result, "messageId").filter(|id| id.len() <= ID_BYTES_MAX);
    Ok(CarrierEvent::Received {
        carrier_id,
        from,
        text: text.ok_or(CallRefused::Unreadable("`text` is missing"))?,
        at: at(result, "receivedAt").and_then(|at| instant(&at)),
    })
}

fn status(result: &Value) -> Vec<CarrierEvent> {
    let Some(id) = at(result, "messageId").filter(|id| id.len() <= ID_BYTES_MAX) else { return Vec::new() };
    let ours = id.parse::<SubmissionId>().ok();
    let report = |report| match ours {
        Some(submission) => CarrierEvent::ReportOn { submission, report },
        None => CarrierEvent::Report { carrier_id: id.clone(), report },
    };
    // Of what failed, the error says more than the state.
    let error = at(result, "error.name").filter(|name| name != "NO_ERROR" && name != "EC_UNKNOWN_ERROR");
    let why = error.or_else(|| at(result, "status.name")).unwrap_or_default();
    let mut events = match at(result, "status.groupName").as_deref() {
        // The operator has it, the phone not yet: another report follows. (Infobip, "Message status codes": DELIVERED_TO_OPERATOR, id 2,
        // is intermediate although its group is DELIVERED.)
        Some("DELIVERED") if at(result, "status.name").as_deref() == Some("DELIVERED_TO_OPERATOR") => {
            ours.map(|submission| CarrierEvent::Left { submission }).into_iter().collect()
        }
        Some("DELIVERED") => vec![report(Report::Delivered)],
        // The operator never said what became of it: nobody knows, and nobody is told that it failed.
        Some("EXPIRED") if at(result, "status.name").as_deref() == Some("EXPIRED_DLR_UNKNOWN") => {
            ours.map(|submission| CarrierEvent::Left { submission }).into_iter().collect()
        }
        // An anti-fraud filter, which stands in this group where the text was charged.
        Some("EXPIRED") if at(result, "status.name").as_deref() == Some("SIGNALS_BLOCKED") => {
            vec![report(Report::Failed { reason: "http-rejected".to_owned() })]
        }
        Some("EXPIRED") => vec![report(Report::Failed { reason: "http-expired".to_owned() })],
        Some("UNDELIVERABLE" | "REJECTED") => vec![report(Report::Failed { reason: reason(&why).to_owned() })],
        Some("PENDING") => ours.map(|submission| CarrierEvent::Left { submission }).into_iter().collect(),
        _ => Vec::new(),
    };
    let has_failed = matches!(events.first(), Some(CarrierEvent::ReportOn { report: Report::Failed { .. }, .. }));
    if has_failed && reason(&why) == "http-stopped" {
        events.extend(at(result, "to").map(|from| CarrierEvent::Stopped { from }));
    }
    events
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        net::{IpAddr, Ipv4Addr},
    };

    use super::{super::Node, *};

    const SECRET: &str = "secret=0123456789abcdef";
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn called(action: &str, query: &str, body: &str) -> Result<Taken, CallRefused> {
        let given = [("base_url", "https://x.api.infobip.com"), ("api_key", "k")];
        let config: BTreeMap<_, _> = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let channel = mhero_core::ChannelId::from_uuid(uuid::Uuid::nil());
        let node = Node::read_settings(channel, &config, || "0123456789abcdef".to_owned()).unwrap();
        let (from, headers) = (IpAddr::V4(Ipv4Addr::LOCALHOST), [("content-type", "application/json")]);
        read(&node.common, &Call { action, from, method: "POST", query, body: body.as_bytes(), headers: &headers })
    }

    #[test]
    fn texts_come_several_at_a_time() {
        let body = r#"{"results":[{"messageId":"817790313235066447","from":"231770000001","to":"4636","text":"OUI à 3",
            "cleanText":"à 3","keyword":"OUI","receivedAt":"2026-11-22T08:30:00.000+0000","smsCount":1},
            {"messageId":"2","from":"231770000002","message":[{"contentType":"text/plain","value":"voir"},
            {"contentType":"image/png","url":"https://x/1"}]}],"messageCount":2,"pendingMessageCount":0}"#;
        let events = called("receive", SECRET, body).unwrap().events;
        let at = Some("2026-11-22T08:30:00Z".parse().unwrap());
        let first = CarrierEvent::Received {
            carrier_id: Some("817790313235066447".into()),
            from: "231770000001".into(),
            text: "OUI à 3".into(),
            at,
        };
        assert_eq!(events[0], first);
        assert!(matches!(&events[1], CarrierEvent::Received { text, .. } if text == "voir\nhttps://x/1"));
    }

    #[test]
    fn one_text_that_cannot_be_read_does_not_take_the_others_with_it() {
        let good = r#"{"messageId":"1","from":"231770000001","text":"oui"}"#;
        for bad in [r#"{"messageId":"2","from":"231770000002"}"#, r#"{"text":"non"}"#, "7"] {
            for body in [format!(r#"{{"results":[{good},{bad}]}}"#), format!(r#"{{"results":[{bad},{good}]}}"#)] {
                let events = called("receive", SECRET, &body).unwrap().events;
                assert!(matches!(&events[..], [CarrierEvent::Received { text, .. }] if text == "oui"), "{body}");
            }
        }
    }

    #[test]
    fn reports_name_our_own_id() {
        let submission: SubmissionId = ID.parse().unwrap();
        let on = |report| CarrierEvent::ReportOn { submission, report };
        let of = |group: &str, name: &str, error: &str| {
            let body = format!(
                r#"{{"results":[{{"bulkId":"b","price":{{"pricePerMessage":0.01,"currency":"EUR"}},"status":{{"groupId":3,"groupName":
                "{group}","id":5,"name":"{name}","description":"…"}},"error":{{"groupId":0,"groupName":"OK","id":0,"name":"{error}",
                "description":"…","permanent":false}},"messageId":"{ID}","to":"231770000001","sender":"MOH","sentAt":
                "2026-11-22T08:30:00.000+0000","doneAt":"2026-11-22T08:31:00.000+0000","messageCount":1}}]}}"#
            );
            called("delivered", SECRET, &body).unwrap().events
        };
        assert_eq!(of("DELIVERED", "DELIVERED_TO_HANDSET", "NO_ERROR"), [on(Report::Delivered)]);
        let left = CarrierEvent::Left { submission };
        assert_eq!(of("DELIVERED", "DELIVERED_TO_OPERATOR", "NO_ERROR"), [left], "the operator has it, no phone yet");
        assert_eq!(of("PENDING", "PENDING_ENROUTE", "NO_ERROR"), [CarrierEvent::Left { submission }]);
        let failed = |reason: &str| on(Report::Failed { reason: reason.into() });
        assert_eq!(of("EXPIRED", "EXPIRED_EXPIRED", "EC_ABSENT_SUBSCRIBER"), [failed("http-expired")]);
        assert_eq!(
            of("EXPIRED", "EXPIRED_DLR_UNKNOWN", "NO_ERROR"),
            [CarrierEvent::Left { submission }],
            "nobody knows"
        );
        assert_eq!(of("EXPIRED", "SIGNALS_BLOCKED", "EC_SIGNALS_BLOCKED"), [failed("http-rejected")]);
        for (error, reason) in [
            ("EC_UNKNOWN_SUBSCRIBER", "http-number-gone"),
            ("EC_CALL_BARRED", "http-number-suspended"),
            ("EC_TELESERVICE_NOT_PROVISIONED", "http-number-kind"),
            ("EC_ABSENT_SUBSCRIBER_SM", "http-absent"),
            ("EC_USER_OUT_OF_CREDIT", "http-no-airtime"),
            ("EC_BLACKLISTED_SENDERADDRESS", "http-rejected"),
            ("EC_SYSTEM_FAILURE", "http-undelivered"),
        ] {
            assert_eq!(of("UNDELIVERABLE", "UNDELIVERABLE_NOT_DELIVERED", error), [failed(reason)], "{error}");
        }
        let by_error = of("UNDELIVERABLE", "UNDELIVERABLE_REJECTED_OPERATOR", "EC_SC_BLOCKED_BY_END_USER");
        assert_eq!(by_error[1], CarrierEvent::Stopped { from: "231770000001".into() });
        let stopped = of("REJECTED", "REJECTED_DESTINATION_BLOCKLISTED", "NO_ERROR");
        assert_eq!(stopped, [failed("http-stopped"), CarrierEvent::Stopped { from: "231770000001".into() }]);
    }

    #[test]
    fn strangers_and_nonsense_are_refused() {
        assert_eq!(called("receive", "", "{}"), Err(CallRefused::Forbidden));
        assert_eq!(called("elsewhere", SECRET, "{}"), Err(CallRefused::Unknown));
        for body in
            ["", "{", "[]", "{}", r#"{"results":7}"#, r#"{"results":[{"text":"x"}]}"#, r#"{"results":[{"from":"1"}]}"#]
        {
            assert!(matches!(called("receive", SECRET, body), Err(CallRefused::Unreadable(_))), "{body}");
        }
        assert_eq!(called("delivered", SECRET, r#"{"results":[{}, 7, null]}"#).unwrap().events, []);
    }
}
