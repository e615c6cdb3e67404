//! What Africa's Talking calls us with: texts of phones, delivery reports, and who opted out there. Forms, unsigned.
//!
//! Read: <http://docs.africastalking.com/sms/deliveryreports>, and the newer page of notifications at
//! <https://developers.africastalking.com/docs/sms/notifications> as a public project repeats it. It adds two states: `AbsentSubscriber`, and
//! `Expired`, which there means that the operator's filter threw the text away.

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};

use super::settings::Settings;
use crate::http::{accepted, form::Pairs, instant, report_taken};

/// Longest id that is taken, in bytes.
const ID_BYTES_MAX: usize = 200;

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let is_known = matches!(call.action, "receive" | "callback" | "status" | "delivery" | "optout");
    if !is_known {
        return Err(CallRefused::Unknown);
    }
    settings.common.admit(call)?;
    let pairs = Pairs::read(call.query.as_bytes(), call.form());
    let id = pairs.text(&["id"]).map(ToOwned::to_owned);
    if id.as_ref().is_some_and(|id| id.len() > ID_BYTES_MAX) {
        return Err(CallRefused::Unreadable("the id is longer than 200 letters"));
    }
    match call.action {
        "receive" | "callback" => receive(settings, &pairs, id),
        "optout" => {
            let phone = pairs.text(&["phoneNumber"]);
            let from = phone.ok_or(CallRefused::Unreadable("`phoneNumber` is missing"))?.to_owned();
            Ok(report_taken(settings.common.channel, 'F', vec![CarrierEvent::Stopped { from }]))
        }
        _ => status(settings, &pairs, id),
    }
}

fn receive(settings: &Settings, pairs: &Pairs, carrier_id: Option<String>) -> Result<Taken, CallRefused> {
    let from = pairs.text(&["from"]).ok_or(CallRefused::Unreadable("`from` is missing"))?;
    let text = pairs.bytes(&["text"]).ok_or(CallRefused::Unreadable("`text` is missing"))?;
    let event = CarrierEvent::Received {
        carrier_id,
        from: from.to_owned(),
        text: String::from_utf8_lossy(text).into_owned(),
        at: pairs.text(&["date"]).and_then(instant),
    };
    Ok(accepted(settings.common.channel, event))
}

fn status(settings: &Settings, pairs: &Pairs, id: Option<String>) -> Result<Taken, CallRefused> {
    let carrier_id = id.ok_or(CallRefused::Unreadable("`id` is missing"))?;
    let status = pairs.text(&["status"]).ok_or(CallRefused::Unreadable("`status` is missing"))?;
    let why = pairs.text(&["failureReason"]).unwrap_or_default();
    let report = |report| CarrierEvent::Report { carrier_id: carrier_id.clone(), report };
    let (event, letter) = match status {
        "Success" => (report(Report::Delivered), 'D'),
        "Rejected" | "Failed" | "Expired" | "AbsentSubscriber" => {
            (report(Report::Failed { reason: reason(status, why).to_owned() }), 'F')
        }
        // Sent, Submitted, Buffered: it is on its way, which its answer has said already.
        _ => (CarrierEvent::Nothing, 'S'),
    };
    let mut events = vec![event];
    if matches!(why, "UserInBlackList" | "UserInBlacklist")
        && let Some(phone) = pairs.text(&["phoneNumber"])
    {
        events.push(CarrierEvent::Stopped { from: phone.to_owned() });
    }
    Ok(report_taken(settings.common.channel, letter, events))
}

/// Why it did not arrive, by the words of its documentation.
fn reason(status: &str, why: &str) -> &'static str {
    match why {
        "UserInBlackList" | "UserInBlacklist" => "http-stopped",
        "DoNotDisturbRejection" => "at-hours",
        "UserIsInactive" | "UserDoesNotExist" => "http-number-gone",
        // Handed to a network that is not the phone's. Its documentation spells it without the second s.
        "NotNetworkSubcriber" | "NotNetworkSubscriber" => "http-not-routable",
        "UserAccountSuspended" => "http-number-suspended",
        "InsufficientCredit" => "http-no-airtime",
        _ if status == "AbsentSubscriber" => "http-absent",
        _ if matches!(status, "Rejected" | "Expired") => "http-rejected",
        _ => "http-undelivered",
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{super::settings::tests::settings, *};

    const SECRET: &str = "secret=0123456789abcdef";

    fn called(action: &str, query: &str, form: &str) -> Result<Taken, CallRefused> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let call = Call { action, from, method: "POST", query, body: form.as_bytes(), headers: &[] };
        read(&settings(&[]).unwrap(), &call)
    }

    #[test]
    fn texts_come_as_its_documentation_shows_them() {
        let at = Some("2026-11-22T08:30:00Z".parse().unwrap());
        let expected = CarrierEvent::Received {
            carrier_id: Some("77e61360-ee3c-4d36-b18a-5b3c3f4d5a5e".into()),
            from: "+254711000001".into(),
            text: "Habari, tuko à 3".into(),
            at,
        };
        for date in ["2026-11-22T08%3A30%3A00Z", "2026-11-22+08%3A30%3A00"] {
            let form = format!(
                "linkId=SampleLinkId123&text=Habari%2C+tuko+%C3%A0+3&to=28901&id=77e61360-ee3c-4d36-b18a-5b3c3f4d5a5e\
                &date={date}&from=%2B254711000001&cost=None&networkCode=63902"
            );
            for action in ["receive", "callback"] {
                assert_eq!(called(action, SECRET, &form).unwrap().events, std::slice::from_ref(&expected));
            }
        }
    }

    #[test]
    fn reports_come_with_their_reason() {
        let events = |form: &str| called("status", SECRET, form).unwrap().events;
        let report = |report| CarrierEvent::Report { carrier_id: "ATXid_1".into(), report };
        let base = "phoneNumber=%2B254711000001&id=ATXid_1&networkCode=63902&retryCount=0";
        assert_eq!(events(&format!("{base}&status=Success")), [report(Report::Delivered)]);
        for on_its_way in ["Sent", "Submitted", "Buffered"] {
            assert_eq!(events(&format!("{base}&status={on_its_way}")), [CarrierEvent::Nothing]);
        }
        let failed = |code: &str| report(Report::Failed { reason: code.into() });
        for (tail, reason) in [
            ("Failed&failureReason=InsufficientCredit", "http-no-airtime"),
            ("Failed&failureReason=InvalidLinkId", "http-undelivered"),
            ("Failed&failureReason=UserIsInactive", "http-number-gone"),
            ("Failed&failureReason=UserAccountSuspended", "http-number-suspended"),
            ("Failed&failureReason=NotNetworkSubcriber", "http-not-routable"),
            ("Rejected&failureReason=UserNotSubscribedToProduct", "http-rejected"),
            ("Failed&failureReason=UserDoesNotExist", "http-number-gone"),
            ("Failed&failureReason=DeliveryFailure", "http-undelivered"),
            ("Rejected&failureReason=DoNotDisturbRejection", "at-hours"),
            ("AbsentSubscriber", "http-absent"),
            ("Expired", "http-rejected"),
        ] {
            assert_eq!(events(&format!("{base}&status={tail}")), [failed(reason)], "{tail}");
        }
        let stopped = events(&format!("{base}&status=Rejected&failureReason=UserInBlackList"));
        assert_eq!(stopped, [failed("http-stopped"), CarrierEvent::Stopped { from: "+254711000001".into() }]);
        let optout = called("optout", SECRET, "senderId=MOH&phoneNumber=%2B254711000001").unwrap().events;
        assert_eq!(optout, [CarrierEvent::Stopped { from: "+254711000001".into() }]);
    }

    #[test]
    fn strangers_and_nonsense_are_refused() {
        assert_eq!(called("receive", "", "from=1&text=x"), Err(CallRefused::Forbidden));
        assert_eq!(called("elsewhere", SECRET, ""), Err(CallRefused::Unknown));
        let long = format!("id={}&status=Success", "9".repeat(300));
        for (action, form) in
            [("receive", "text=x"), ("receive", "from=1"), ("status", "status=Success"), ("status", "id=1")]
        {
            assert!(matches!(called(action, SECRET, form), Err(CallRefused::Unreadable(_))), "{action} {form}");
        }
        assert!(matches!(called("status", SECRET, &long), Err(CallRefused::Unreadable(_))));
        assert!(matches!(called("optout", SECRET, ""), Err(CallRefused::Unreadable(_))));
    }
}
