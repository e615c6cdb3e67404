//! What Kannel calls us with: texts from phones, and what became of texts to them.
//!
//! Both ways of writing are read, RapidPro's (`id`, `ts`, `sender`, `message`) and Kannel's own (`id`, `ts`, `from`, `text`,
//! `charset`, `coding`), as a query or as a form, so that an existing `get-url` needs no change but its address.

use encoding_rs::{Encoding, UTF_16BE, WINDOWS_1252};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::SubmissionId;

use super::settings::Settings;
use crate::http::{accepted, form::Pairs, report_taken};

/// Longest id of a text that is taken, in bytes. Kannel's are 36.
const ID_BYTES_MAX: usize = 200;
/// The addresses that Kannel calls, by their names in `kannel.conf`.
pub(super) fn addresses(settings: &Settings) -> Vec<(&'static str, String)> {
    let at = |action| settings.common.shown_at(action);
    vec![
        ("get-url", format!("{}&id=%I&ts=%T&from=%p&to=%P&text=%a&charset=%C&coding=%c", at("receive"))),
        ("dlr-url", format!("{}&uuid=ID&status=%d", at("status"))),
    ]
}

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let pairs = Pairs::read(call.query.as_bytes(), call.form());
    let is_receive = match call.action {
        "receive" => true,
        "status" => false,
        _ => return Err(CallRefused::Unknown),
    };
    settings.common.admit(call)?;
    if is_receive { receive(settings, &pairs) } else { status(settings, &pairs) }
}

fn receive(settings: &Settings, pairs: &Pairs) -> Result<Taken, CallRefused> {
    let from = pairs.text(&["sender", "from"]);
    let from = from.ok_or(CallRefused::Unreadable("the sender is missing: give it as `sender` or `from`"))?;
    let text = pairs.bytes(&["message", "text"]);
    let text = text.ok_or(CallRefused::Unreadable("the text is missing: give it as `message` or `text`"))?;
    let carrier_id = pairs.text(&["id"]).map(ToOwned::to_owned);
    if carrier_id.as_ref().is_some_and(|id| id.len() > ID_BYTES_MAX) {
        return Err(CallRefused::Unreadable("the id is longer than 200 letters"));
    }
    let event = CarrierEvent::Received {
        carrier_id,
        from: from.to_owned(),
        text: letters(text, pairs.text(&["charset"]), pairs.text(&["coding"])),
        at: pairs.text(&["ts"]).and_then(instant),
    };
    if pairs.bytes(&["sender"]).is_some() {
        return Ok(accepted(settings.common.channel, event));
    }
    // Kannel sends what it hears back to the phone as a text, unless its `max-messages` is 0: so it hears nothing.
    Ok(Taken { events: vec![event], content_type: "text/plain; charset=utf-8", body: String::new() })
}

fn status(settings: &Settings, pairs: &Pairs) -> Result<Taken, CallRefused> {
    let id = pairs.text(&["uuid", "id"]).and_then(|id| id.parse::<SubmissionId>().ok());
    let submission = id.ok_or(CallRefused::Unreadable("`uuid` is missing or is no id of ours"))?;
    let status = pairs.text(&["status"]).and_then(|status| status.parse::<u32>().ok());
    let failed = |reason: &str| Report::Failed { reason: reason.to_owned() };
    let (event, letter) = match status.ok_or(CallRefused::Unreadable("`status` is missing or is no number"))? {
        1 => (CarrierEvent::ReportOn { submission, report: Report::Delivered }, 'D'),
        2 => (CarrierEvent::ReportOn { submission, report: failed("kannel-undelivered") }, 'F'),
        4 | 8 => (CarrierEvent::Left { submission }, 'S'),
        16 => (CarrierEvent::ReportOn { submission, report: failed("kannel-rejected") }, 'F'),
        // Intermediate reports of some operators, which say nothing that is kept.
        _ => (CarrierEvent::Nothing, 'S'),
    };
    Ok(report_taken(settings.common.channel, letter, vec![event]))
}

/// The letters of a text, by what Kannel says about its bytes. An old Kannel says `GSM` or nothing and means Latin letters; where
/// it passes on UCS-2 as it came, `coding` is 2.
fn letters(bytes: &[u8], charset: Option<&str>, coding: Option<&str>) -> String {
    let wide = |bytes: &[u8]| UTF_16BE.decode_without_bom_handling(bytes).0.into_owned();
    let latin = |bytes: &[u8]| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
    let plain = |bytes: &[u8]| str::from_utf8(bytes).map_or_else(|_| latin(bytes), ToOwned::to_owned);
    match charset.map(str::to_ascii_uppercase).as_deref() {
        Some("UTF-16BE" | "UTF-16" | "UCS-2" | "UCS2" | "UCS-2BE" | "ISO-10646-UCS-2") => wide(bytes),
        Some("UTF-8" | "UTF8" | "GSM" | "GSM-7" | "GSM7" | "ASCII" | "US-ASCII") => plain(bytes),
        None if coding == Some("2") && looks_wide(bytes) => wide(bytes),
        None => plain(bytes),
        Some(other) => match Encoding::for_label(other.as_bytes()) {
            Some(known) => known.decode_without_bom_handling(bytes).0.into_owned(),
            None => plain(bytes),
        },
    }
}

/// Whether bytes are UTF-16 rather than UTF-8: they have control letters, which texts lack, or are no UTF-8 at all.
fn looks_wide(bytes: &[u8]) -> bool {
    let has_control = bytes.iter().any(|byte| *byte < b' ' && !b"\t\n\r".contains(byte));
    bytes.len().is_multiple_of(2) && (has_control || str::from_utf8(bytes).is_err())
}

/// When Kannel got the text: seconds since 1970 (`%T`), or as `%t` writes it.
fn instant(text: &str) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(seconds) => Timestamp::from_second(seconds).ok(),
        Err(_) => {
            let time: DateTime = text.parse().ok()?;
            time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{super::settings::tests::settings, *};

    const SECRET: &str = "secret=0123456789abcdef";

    fn called(action: &str, query: &str, form: &str) -> Result<Taken, CallRefused> {
        read(&settings(&[]).unwrap(), &call(action, query, form))
    }

    fn call<'a>(action: &'a str, query: &'a str, form: &'a str) -> Call<'a> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Call { action, from, method: "GET", query, body: form.as_bytes(), headers: &[] }
    }

    fn only(taken: Taken) -> CarrierEvent {
        let [event] = <[CarrierEvent; 1]>::try_from(taken.events).unwrap();
        event
    }

    fn received(query: &str) -> (Option<String>, String, String, Option<Timestamp>) {
        match only(called("receive", &format!("{SECRET}&{query}"), "").unwrap()) {
            CarrierEvent::Received { carrier_id, from, text, at } => (carrier_id, from, text, at),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_ways_of_writing_are_read() {
        let at = Timestamp::from_second(1_795_308_384).unwrap();
        let kannel =
            "id=7&ts=2026-11-22+00:46:24&from=%2B231770000010&to=222&text=bonjour+%C3%A0&charset=UTF-8&coding=0";
        let expected = (Some("7".to_owned()), "+231770000010".to_owned(), "bonjour à".to_owned(), Some(at));
        assert_eq!(received(kannel), expected);
        assert_eq!(received("id=7&ts=1795308384&sender=%2B231770000010&message=bonjour+%C3%A0"), expected);
        let form =
            called("receive", SECRET, "id=7&ts=1795308384&sender=%2B231770000010&message=bonjour+%C3%A0").unwrap();
        let (carrier_id, from, text, at) = expected;
        assert!(form.body.contains("Message Accepted") && !form.body.contains("231"), "{}", form.body);
        assert_eq!(only(form), CarrierEvent::Received { carrier_id, from, text, at });
        assert_eq!(
            called("receive", &format!("{SECRET}&from=1&text=x"), "").unwrap().body,
            "",
            "Kannel would text it back"
        );
    }

    #[test]
    fn letters_are_read_by_their_alphabet() {
        let text = |query: &str| received(&format!("from=1&{query}")).2;
        assert_eq!(text("text=%06%069%D8%3D%DE%00&charset=UTF-16BE&coding=2"), "\u{606}\u{39d8}\u{3dde}\u{fffd}");
        assert_eq!(text("text=%069%061%D8%3D%DE%00&charset=UTF-16BE"), "عر😀");
        assert_eq!(text("text=%069%061&coding=2"), "عر");
        assert_eq!(text("text=%D8%B9%D8%B1&coding=2"), "عر", "recoded by Kannel");
        assert_eq!(text("text=caf%E9"), "café");
        assert_eq!(text("text=caf%E9&charset=ISO-8859-1"), "café");
        assert_eq!(text("text=caf%C3%A9&charset=no-such-thing"), "café");
        assert_eq!(text("text=caf%E9&charset=WINDOWS-1252"), "café");
        assert_eq!(text("text="), "");
    }

    #[test]
    fn reports_become_events_on_our_submission() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let event = |status: &str| called("status", &format!("{SECRET}&uuid={id}&status={status}"), "").map(only);
        let submission: SubmissionId = id.parse().unwrap();
        let failed = |reason: &str| Report::Failed { reason: reason.to_owned() };
        assert_eq!(event("1"), Ok(CarrierEvent::ReportOn { submission, report: Report::Delivered }));
        assert_eq!(event("2"), Ok(CarrierEvent::ReportOn { submission, report: failed("kannel-undelivered") }));
        assert_eq!(event("16"), Ok(CarrierEvent::ReportOn { submission, report: failed("kannel-rejected") }));
        assert_eq!(event("8"), Ok(CarrierEvent::Left { submission }));
        assert_eq!(event("4"), Ok(CarrierEvent::Left { submission }));
        assert_eq!(event("32"), Ok(CarrierEvent::Nothing));
        assert!(matches!(event("%25d"), Err(CallRefused::Unreadable(_))));
        assert!(matches!(called("status", &format!("{SECRET}&uuid=7&status=1"), ""), Err(CallRefused::Unreadable(_))));
    }

    #[test]
    fn strangers_and_nonsense_are_refused() {
        assert_eq!(called("receive", "from=1&text=x", ""), Err(CallRefused::Forbidden));
        assert_eq!(called("receive", "from=1&text=x&secret=0123456789abcdeF", ""), Err(CallRefused::Forbidden));
        assert_eq!(called("receive", "from=1&text=x&secret=", ""), Err(CallRefused::Forbidden));
        assert_eq!(called("elsewhere", SECRET, ""), Err(CallRefused::Unknown));
        assert!(matches!(called("receive", SECRET, "text=x"), Err(CallRefused::Unreadable(_))));
        assert!(matches!(called("receive", SECRET, "from=1"), Err(CallRefused::Unreadable(_))));
        let long = format!("{SECRET}&from=1&text=x&id={}", "9".repeat(201));
        assert!(matches!(called("receive", &long, ""), Err(CallRefused::Unreadable(_))));
        let call = Call { from: "10.1.1.1".parse().unwrap(), ..call("receive", "from=1&text=x", "") };
        assert!(read(&settings(&[("allow", "192.168.0.1, 10.0.0.0/8")]).unwrap(), &call).is_ok());
    }

    #[test]
    fn the_address_to_be_called_is_one_that_is_read() {
        let settings = settings(&[("callback", "http://h:8080/")]).unwrap();
        for (_, url) in addresses(&settings) {
            let (at, query) = url.split_once('?').unwrap();
            assert!(at.starts_with("http://h:8080/c/kn/"), "{url}");
            let query = query.replace("%p", "%2B231770000001").replace("%d", "1");
            let call = call(at.rsplit('/').next().unwrap(), &query, "");
            assert_ne!(read(&settings, &call), Err(CallRefused::Forbidden), "{url}");
        }
    }
}
