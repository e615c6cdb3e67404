//! What the aggregator calls us with, by the file.

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::SubmissionId;

use super::{
    file::{Among, Receive, Status},
    settings::Settings,
};
use crate::http::{
    document::Document,
    form::Pairs,
    instant, readable,
    sign::{is_sha1_base64, is_sha256_base64, is_sha256_hex},
};

/// Longest id that is taken, in bytes.
const ID_BYTES_MAX: usize = 200;

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let file = &settings.file;
    let is_known = match call.action {
        "receive" => file.receive.is_some(),
        "status" => file.status.is_some(),
        _ => false,
    };
    if !is_known {
        return Err(CallRefused::Unknown);
    }
    if file.sign.is_some() {
        settings.common.check_listed(call)?;
        signed(settings, call)?;
    } else {
        settings.common.admit(call)?;
    }
    let document = Document::of_call(call)?;
    let (events, answer) = match (call.action, &file.receive, &file.status) {
        ("receive", Some(receive), _) => (texts(settings, receive, document)?, &receive.answer),
        (_, _, Some(status)) => (reports(settings, status, document, call)?, &status.answer),
        _ => return Err(CallRefused::Unknown),
    };
    let content_type = match answer.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => "application/json",
        Some(b'<') => "text/xml; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    Ok(Taken { events, content_type, body: answer.clone() })
}

fn signed(settings: &Settings, call: &Call<'_>) -> Result<(), CallRefused> {
    let sign = settings.file.sign.as_ref().ok_or(CallRefused::Forged)?;
    let given = call.header(&sign.header.to_ascii_lowercase()).ok_or(CallRefused::Forged)?;
    // Some say before it what it is.
    let given = given.split_once("sha256=").map_or(given, |(_, given)| given);
    let key = settings.given.get(&sign.key).ok_or(CallRefused::Forged)?.as_bytes();
    let is_signed = match sign.algorithm.as_str() {
        "hmac-sha256-hex" => is_sha256_hex(key, call.body, given),
        "hmac-sha256-base64" => is_sha256_base64(key, call.body, given),
        "hmac-sha1-base64" => is_sha1_base64(key, call.body, given),
        _ => false,
    };
    if is_signed { Ok(()) } else { Err(CallRefused::Forged) }
}

fn is_one(among: Option<&Among>, document: &Document) -> bool {
    among.is_none_or(|among| document.get(&among.path).is_some_and(|value| among.values.contains(&value)))
}

fn texts(settings: &Settings, receive: &Receive, document: Document) -> Result<Vec<CarrierEvent>, CallRefused> {
    let items = document.each(receive.each.as_deref()).into_iter();
    let items = items.filter(|item| is_one(receive.only.as_ref(), item));
    readable(settings.common.channel, items.map(|item| text(receive, &item)))
}

fn text(receive: &Receive, item: &Document) -> Result<CarrierEvent, CallRefused> {
    let from = item.get(&receive.from).ok_or(CallRefused::Unreadable("the sender is missing"))?;
    let text = item.text(&receive.text).ok_or(CallRefused::Unreadable("the text is missing"))?;
    let carrier_id = receive.id.as_ref().and_then(|path| item.get(path));
    if carrier_id.as_ref().is_some_and(|id| id.len() > ID_BYTES_MAX) {
        return Err(CallRefused::Unreadable("the id is longer than 200 letters"));
    }
    let at = receive.at.as_ref().and_then(|path| item.get(path)).and_then(|at| instant(&at));
    Ok(CarrierEvent::Received { carrier_id, from, text, at })
}

fn reports(
    settings: &Settings,
    status: &Status,
    document: Document,
    call: &Call<'_>,
) -> Result<Vec<CarrierEvent>, CallRefused> {
    // `report_url` names our id, for those who can't carry one in their own fields.
    let in_address = Pairs::read(call.query.as_bytes(), b"").text(&["ours"]).map(ToOwned::to_owned);
    let items = document.each(status.each.as_deref()).into_iter();
    let items = items.filter(|item| is_one(status.only.as_ref(), item));
    let events = readable(settings.common.channel, items.map(|item| report(status, &item, in_address.as_deref())))?;
    Ok(events.into_iter().flatten().collect())
}

fn report(status: &Status, item: &Document, in_address: Option<&str>) -> Result<Vec<CarrierEvent>, CallRefused> {
    let ours = status.ours.as_ref().and_then(|path| item.get(path)).or_else(|| in_address.map(ToOwned::to_owned));
    let ours = ours.and_then(|id| id.parse::<SubmissionId>().ok());
    let theirs = status.id.as_ref().and_then(|path| item.get(path)).filter(|id| id.len() <= ID_BYTES_MAX);
    let state = item.get(&status.state).ok_or(CallRefused::Unreadable("what became of it is missing"))?;
    let is = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(&state));
    let report = |report| match (ours, theirs.clone()) {
        (Some(submission), _) => Ok(CarrierEvent::ReportOn { submission, report }),
        (None, Some(carrier_id)) => Ok(CarrierEvent::Report { carrier_id, report }),
        (None, None) => Err(CallRefused::Unreadable("the id is missing")),
    };
    let failed = |reason: &str| Report::Failed { reason: reason.to_owned() };
    let mut events = Vec::new();
    if is(&status.delivered) {
        events.push(report(Report::Delivered)?);
    } else if is(&status.stopped) {
        events.push(report(failed("http-stopped"))?);
        let phone = status.phone.as_ref().and_then(|path| item.get(path));
        events.extend(phone.map(|from| CarrierEvent::Stopped { from }));
    } else if is(&status.failed) {
        events.push(report(failed("http-undelivered"))?);
    } else if let Some(submission) = ours.filter(|_| is(&status.sent)) {
        events.push(CarrierEvent::Left { submission });
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{
        super::settings::tests::{SHIPPED, settings},
        *,
    };

    const SECRET: &str = "secret=0123456789abcdef";
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn called(settings: &Settings, action: &str, query: &str, kind: &str, body: &str) -> Result<Taken, CallRefused> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let headers = [("content-type", kind)];
        read(settings, &Call { action, from, method: "POST", query, body: body.as_bytes(), headers: &headers })
    }

    #[test]
    fn calls_of_the_shipped_files_are_read() {
        let submission: SubmissionId = ID.parse().unwrap();
        let clickatell = settings(SHIPPED[0].1, &[("api_key", "k")]).unwrap();
        // As https://www.clickatell.com/developers/api-documentation/one-api-received-message-callback/ shows it.
        let text = r#"{"integrationId":"i1","integrationName":"moh","event":{"moText":[{"channel":"sms","messageId":"m1",
            "relatedMessageId":null,"relatedClientMessageId":null,"from":"231770000001","to":"4636","timestamp":1795336200000,
            "content":"oui à 3","charset":"UTF-8","sms":{"network":"61807"}}]}}"#;
        let taken = called(&clickatell, "receive", SECRET, "application/json", text).unwrap();
        let at = Some("2026-11-22T08:30:00Z".parse().unwrap());
        let (carrier_id, from) = (Some("m1".to_owned()), "231770000001".to_owned());
        assert_eq!(taken.events, [CarrierEvent::Received { carrier_id, from, text: "oui à 3".into(), at }]);
        let report = |state: &str| {
            let body = format!(
                r#"{{"integrationId":"i1","integrationName":"moh","event":{{"messageStatusUpdate":[{{"channel":"sms","messageId":"77fb",
                "clientMessageId":"{ID}","timestamp":1795336200000,"statusCode":5,"status":"{state}"}}]}}}}"#
            );
            called(&clickatell, "status", SECRET, "application/json", &body).unwrap().events
        };
        let on = |report| CarrierEvent::ReportOn { submission, report };
        for delivered in ["DEVICE_ACK", "READ"] {
            assert_eq!(report(delivered), [on(Report::Delivered)]);
        }
        assert_eq!(report("SENT_TO_SUPPLIER"), [CarrierEvent::Left { submission }]);
        assert_eq!(report("EXPIRED"), [on(Report::Failed { reason: "http-undelivered".into() })]);
        assert_eq!(report("SOMETHING_NEW"), []);
        let elks = settings(SHIPPED[1].1, &[("username", "u"), ("password", "p")]).unwrap();
        let query = format!("{SECRET}&ours={ID}");
        let form = "application/x-www-form-urlencoded";
        let taken = called(&elks, "status", &query, form, "id=s17&status=delivered").unwrap();
        assert_eq!(taken.events, [on(Report::Delivered)]);
        let taken = called(&elks, "receive", SECRET, form, "id=s18&from=%2B231770000001&to=%2B46&message=oui").unwrap();
        assert!(matches!(&taken.events[..], [CarrierEvent::Received { carrier_id: Some(id), .. }] if id == "s18"));
        assert_eq!(called(&elks, "receive", "", form, "from=1&message=x"), Err(CallRefused::Forbidden));
        assert_eq!(called(&elks, "elsewhere", SECRET, form, ""), Err(CallRefused::Unknown));
        let two =
            text.replace(r#"[{"channel":"sms","#, r#"[{"channel":"sms","from":"231770000002"},{"channel":"sms","#);
        let kept = called(&clickatell, "receive", SECRET, "application/json", &two).unwrap().events;
        assert!(matches!(&kept[..], [CarrierEvent::Received { text, .. }] if text == "oui à 3"), "one has no text");
        let two = format!(
            r#"{{"event":{{"messageStatusUpdate":[{{"channel":"sms"}},{{"channel":"sms","clientMessageId":"{ID}","status":"READ"}}]}}}}"#
        );
        let kept = called(&clickatell, "status", SECRET, "application/json", &two).unwrap().events;
        assert_eq!(kept, [on(Report::Delivered)], "one says nothing of itself");
        let nobody = called(&elks, "status", SECRET, form, "status=delivered");
        assert!(matches!(nobody, Err(CallRefused::Unreadable(_))));
    }

    #[test]
    fn lists_are_read_and_signatures_looked_at() {
        let text = r#"
            name = "x"
            settings = { key = "k" }
            request = { url = "https://h" }
            receive = { each = "items", only = { path = "type", values = ["in"] }, from = "a.b", text = "t", answer = "<ok/>" }
            sign = { header = "X-Sign", algorithm = "hmac-sha256-hex", key = "key" }
        "#;
        let settings = settings(text, &[("key", "Jefe")]).unwrap();
        let body =
            br#"{"items":[{"type":"in","a":{"b":"1"},"t":"x"},{"type":"out"},{"type":"in","a":{"b":2},"t":""}]}"#;
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"Jefe");
        let tag = ring::hmac::sign(&key, body);
        let hex = tag.as_ref().iter().fold("sha256=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"));
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let call = |body, headers| {
            read(&settings, &Call { action: "receive", from, method: "POST", query: "", body, headers })
        };
        let signed = [("x-sign", hex.as_str())];
        let taken = call(body, &signed).unwrap();
        assert_eq!((taken.events.len(), taken.content_type), (2, "text/xml; charset=utf-8"));
        assert_eq!(call(body, &[]), Err(CallRefused::Forged));
        assert_eq!(call(&body[1..], &signed), Err(CallRefused::Forged));
    }
}
