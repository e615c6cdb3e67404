//! What the gateway calls us with, under RapidPro's addresses and names: a form, a query, JSON or XML.

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::SubmissionId;

use super::settings::Settings;
use crate::http::{accepted, document::Document, form::Pairs, instant, report_taken};

/// Longest id of a text that is taken, in bytes.
const ID_BYTES_MAX: usize = 200;

/// A body and what the address says beside it.
struct Brought {
    body: Document,
    query: Document,
}

impl Brought {
    fn first(&self, paths: &[String], find: impl Fn(&Document, &str) -> Option<String>) -> Option<String> {
        paths.iter().find_map(|path| find(&self.body, path).or_else(|| find(&self.query, path)))
    }

    fn get(&self, paths: &[String]) -> Option<String> {
        self.first(paths, Document::get)
    }

    fn text(&self, paths: &[String]) -> Option<String> {
        self.first(paths, Document::text)
    }
}

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let is_known = matches!(call.action, "receive" | "sent" | "delivered" | "failed" | "stopped");
    if !is_known {
        return Err(CallRefused::Unknown);
    }
    settings.common.admit(call)?;
    let query = Document::Form(Pairs::read(call.query.as_bytes(), b""));
    let brought = Brought { body: Document::of_call(call)?, query };
    match call.action {
        "receive" => receive(settings, &brought),
        "stopped" => {
            let from = brought.get(&settings.from_fields);
            let from = from.ok_or(CallRefused::Unreadable("the phone is missing: give it as `from`"))?;
            Ok(report_taken(settings.common.channel, 'F', vec![CarrierEvent::Stopped { from }]))
        }
        action => status(settings, action, &brought),
    }
}

fn receive(settings: &Settings, brought: &Brought) -> Result<Taken, CallRefused> {
    let from = brought.get(&settings.from_fields);
    let from = from.ok_or(CallRefused::Unreadable("the sender is missing: give it as `from` or `sender`"))?;
    let text = brought.text(&settings.text_fields);
    let text = text.ok_or(CallRefused::Unreadable("the text is missing: give it as `text`"))?;
    let carrier_id = settings.id_field.clone().and_then(|field| brought.get(&[field]));
    if carrier_id.as_ref().is_some_and(|id| id.len() > ID_BYTES_MAX) {
        return Err(CallRefused::Unreadable("the id is longer than 200 letters"));
    }
    let at = brought.get(&settings.date_fields).and_then(|date| instant(&date));
    let event = CarrierEvent::Received { carrier_id, from, text, at };
    Ok(match &settings.response {
        None => accepted(settings.common.channel, event),
        Some(answer) => Taken { events: vec![event], content_type: settings.response_type, body: answer.clone() },
    })
}

fn status(settings: &Settings, action: &str, brought: &Brought) -> Result<Taken, CallRefused> {
    let id = brought.get(&["uuid".to_owned(), "id".to_owned()]);
    let submission = id.and_then(|id| id.parse::<SubmissionId>().ok());
    let submission = submission.ok_or(CallRefused::Unreadable("`uuid` is missing or is no id of ours"))?;
    let (event, letter) = match action {
        "delivered" => (CarrierEvent::ReportOn { submission, report: Report::Delivered }, 'D'),
        "failed" => {
            let report = Report::Failed { reason: "http-undelivered".to_owned() };
            (CarrierEvent::ReportOn { submission, report }, 'F')
        }
        _ => (CarrierEvent::Left { submission }, 'S'),
    };
    Ok(report_taken(settings.common.channel, letter, vec![event]))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{super::settings::tests::settings, *};

    const SECRET: &str = "secret=0123456789abcdef";
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn called(pairs: &[(&str, &str)], action: &str, query: &str, kind: &str, body: &str) -> Result<Taken, CallRefused> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let headers = [("content-type", kind)];
        let call = Call { action, from, method: "POST", query, body: body.as_bytes(), headers: &headers };
        read(&settings(pairs).unwrap(), &call)
    }

    fn received(pairs: &[(&str, &str)], kind: &str, body: &str) -> (Option<String>, String, String, bool) {
        let taken = called(pairs, "receive", SECRET, kind, body).unwrap();
        let [CarrierEvent::Received { carrier_id, from, text, at }] = taken.events.as_slice() else {
            panic!("{:?}", taken.events)
        };
        (carrier_id.clone(), from.clone(), text.clone(), at.is_some())
    }

    #[test]
    fn a_text_is_read_from_a_form_from_json_and_from_xml() {
        let form = "application/x-www-form-urlencoded";
        let expected = (None, "+231770000010".to_owned(), "oui & à".to_owned(), true);
        let body = "from=%2B231770000010&text=oui+%26+%C3%A0&date=2026-11-22T08:30:00.000Z";
        assert_eq!(received(&[], form, body), expected);
        let body = "sender=%2B231770000010&text=oui+%26+%C3%A0&time=2026-11-22T08:30:00Z";
        assert_eq!(received(&[], form, body), expected);
        let own = [("mo_from_field", "msisdn"), ("mo_text_field", "content"), ("mo_date_field", "at")];
        let body = "msisdn=%2B231770000010&content=oui+%26+%C3%A0&at=2026-11-22T08:30:00Z";
        assert_eq!(received(&own, form, body), expected);
        let own = [("mo_from_field", "sms.from"), ("mo_text_field", "sms.body"), ("mo_id_field", "sms.id")];
        let body = r#"{"sms":{"from":"+231770000010","body":"oui & à","id":77},"time":"2026-11-22T08:30:00Z"}"#;
        let with_id = (Some("77".to_owned()), expected.1.clone(), expected.2.clone(), true);
        assert_eq!(received(&own, "application/json", body), with_id);
        let own =
            [("from_xpath", "//from"), ("text_xpath", "/request/message/text"), ("mo_date_field", "//message/@at")];
        let body = r#"<?xml version="1.0"?><request><message at="2026-11-22T08:30:00Z"><from>+231770000010</from>
            <text>oui &amp; à</text></message></request>"#;
        assert_eq!(received(&own, "text/xml", body), expected);
    }

    #[test]
    fn the_gateway_hears_what_it_wants_to_hear() {
        let query = format!("{SECRET}&from=1234&text=x");
        assert!(called(&[], "receive", &query, "", "").unwrap().body.contains("Message Accepted"));
        let own = [("mo_response", "<ok/>"), ("mo_response_content_type", "text/xml")];
        let taken = called(&own, "receive", &query, "", "").unwrap();
        assert_eq!((taken.body.as_str(), taken.content_type), ("<ok/>", "text/xml; charset=utf-8"));
    }

    #[test]
    fn reports_become_events_on_our_submission() {
        let submission: SubmissionId = ID.parse().unwrap();
        let event = |action: &str, query: &str| {
            called(&[], action, &format!("{SECRET}&{query}"), "", "").map(|taken| taken.events[0].clone())
        };
        let by_id = format!("id={ID}");
        let by_uuid = format!("uuid={ID}");
        assert_eq!(event("sent", &by_id), Ok(CarrierEvent::Left { submission }));
        let delivered = CarrierEvent::ReportOn { submission, report: Report::Delivered };
        assert_eq!(event("delivered", &by_uuid), Ok(delivered));
        assert!(matches!(event("failed", &by_uuid), Ok(CarrierEvent::ReportOn { report: Report::Failed { .. }, .. })));
        assert_eq!(event("stopped", "from=%2B231"), Ok(CarrierEvent::Stopped { from: "+231".into() }));
        assert!(matches!(event("stopped", ""), Err(CallRefused::Unreadable(_))));
        assert!(matches!(event("delivered", "id=7"), Err(CallRefused::Unreadable(_))));
        let json = format!(r#"{{"uuid":"{ID}"}}"#);
        assert!(called(&[], "delivered", SECRET, "application/json", &json).is_ok());
    }

    #[test]
    fn strangers_and_nonsense_are_refused() {
        assert_eq!(called(&[], "receive", "from=1&text=x", "", ""), Err(CallRefused::Forbidden));
        assert_eq!(called(&[], "elsewhere", SECRET, "", ""), Err(CallRefused::Unknown));
        for (kind, body) in [
            ("application/json", "{"),
            ("application/json", "from=1&text=x"),
            ("text/xml", "<a>"),
            ("text/xml", "<!DOCTYPE x [<!ENTITY e \"e\">]><a>&e;</a>"),
            ("application/x-www-form-urlencoded", "from=1"),
            ("application/x-www-form-urlencoded", "text=1"),
        ] {
            let refused = called(&[], "receive", SECRET, kind, body);
            assert!(matches!(refused, Err(CallRefused::Unreadable(_))), "{kind} {body}");
        }
    }
}
