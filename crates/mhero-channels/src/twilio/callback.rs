//! What Twilio calls us with: texts of phones and reports, signed over the address it calls and the fields it brings.
//!
//! Whoever repeats a call of Twilio's brings the same `MessageSid`: a text is a duplicate then, and a report says what is known.

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::SubmissionId;

use super::{WHATSAPP, answer, settings::Settings};
use crate::http::{form::Pairs, sign::is_sha1_base64};

/// Longest id that is taken, in bytes. Twilio's are 34.
const ID_BYTES_MAX: usize = 200;
/// What Twilio hears: nothing is to be said or done.
const NOTHING_TO_DO: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let is_receive = match call.action {
        "receive" => true,
        "status" => false,
        _ => return Err(CallRefused::Unknown),
    };
    if settings.is_signed {
        settings.common.check_listed(call)?;
        signed(settings, call)?;
    } else {
        settings.common.admit(call)?;
    }
    let pairs = Pairs::read(call.query.as_bytes(), call.form());
    let sid = pairs.text(&["MessageSid", "SmsSid"]).map(ToOwned::to_owned);
    let sid = sid.filter(|sid| sid.len() <= ID_BYTES_MAX);
    let sid = sid.ok_or(CallRefused::Unreadable("`MessageSid` is missing or too long"))?;
    let events = if is_receive { receive(&pairs, sid)? } else { status(&pairs, &sid)? };
    Ok(Taken { events, content_type: "text/xml; charset=utf-8", body: NOTHING_TO_DO.to_owned() })
}

/// Whether the call bears Twilio's signature: over the address as it knows it, and the fields of the body by their names.
fn signed(settings: &Settings, call: &Call<'_>) -> Result<(), CallRefused> {
    let at = settings.common.at(call.action).ok_or(CallRefused::Forged)?;
    let given = call.header("x-twilio-signature").ok_or(CallRefused::Forged)?;
    let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
    let form = Pairs::read(b"", if call.method == "POST" { call.form() } else { b"" });
    let mut fields = form.all().to_vec();
    fields.sort();
    let is_signed = |address: &str| {
        let mut text = format!("{address}{query}").into_bytes();
        for (name, value) in &fields {
            text.extend_from_slice(name);
            text.extend_from_slice(value);
        }
        is_sha1_base64(settings.auth_token.as_bytes(), &text, given)
    };
    if is_signed(&at) || with_port(&at).is_some_and(|at| is_signed(&at)) { Ok(()) } else { Err(CallRefused::Forged) }
}

/// The same address with the port that its scheme implies: Twilio names it at times.
fn with_port(at: &str) -> Option<String> {
    let url = reqwest::Url::parse(at).ok()?;
    let port = url.port_or_known_default().filter(|_| url.port().is_none())?;
    Some(format!("{}://{}:{port}{}", url.scheme(), url.host_str()?, url.path()))
}

fn receive(pairs: &Pairs, sid: String) -> Result<Vec<CarrierEvent>, CallRefused> {
    let from = pairs.text(&["From"]).ok_or(CallRefused::Unreadable("`From` is missing"))?;
    let from = from.trim_start_matches(WHATSAPP).to_owned();
    let words = pairs.text(&["Body"]).or_else(|| pairs.text(&["ButtonText"])).unwrap_or_default();
    // Pictures and sounds stand behind addresses: whoever reads the text sees that there is one.
    let media = (0..10).filter_map(|number| pairs.text(&[&format!("MediaUrl{number}")]));
    let text = std::iter::once(words).chain(media).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let mut events = Vec::new();
    if pairs.text(&["OptOutType"]) == Some("STOP") {
        // Twilio has stopped its number for them, by a word that may be none of ours.
        events.push(CarrierEvent::Stopped { from: from.clone() });
    }
    events.push(CarrierEvent::Received { carrier_id: Some(sid), from, text, at: None });
    Ok(events)
}

fn status(pairs: &Pairs, sid: &str) -> Result<Vec<CarrierEvent>, CallRefused> {
    let status = pairs.text(&["MessageStatus", "SmsStatus"]);
    let status = status.ok_or(CallRefused::Unreadable("`MessageStatus` is missing"))?;
    let submission = pairs.text(&["uuid"]).and_then(|id| id.parse::<SubmissionId>().ok());
    let code = pairs.text(&["ErrorCode"]).and_then(|code| code.parse().ok()).unwrap_or_default();
    let report = |report| match submission {
        Some(submission) => CarrierEvent::ReportOn { submission, report },
        None => CarrierEvent::Report { carrier_id: sid.to_owned(), report },
    };
    let mut events = vec![match status {
        "delivered" | "read" => report(Report::Delivered),
        "failed" | "undelivered" | "canceled" => report(Report::Failed { reason: answer::failure(code).to_owned() }),
        // Whatever else it says, it has the message: that ends doubts whether it left us.
        _ => submission.map_or(CarrierEvent::Nothing, |submission| CarrierEvent::Left { submission }),
    }];
    if code == 21610
        && let Some(to) = pairs.text(&["To"])
    {
        events.push(CarrierEvent::Stopped { from: to.trim_start_matches(WHATSAPP).to_owned() });
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use ring::hmac;

    use super::{super::settings::tests::settings, *};

    const CALLBACK: &str = "https://mhero.example.org";
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    /// A signature as Twilio makes it.
    fn signature(token: &str, address: &str, form: &str) -> String {
        let mut fields = Pairs::read(b"", form.as_bytes()).all().to_vec();
        fields.sort();
        let text =
            fields.iter().fold(address.as_bytes().to_vec(), |text, (k, v)| [text, k.clone(), v.clone()].concat());
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        STANDARD.encode(hmac::sign(&key, &text))
    }

    fn called(action: &str, query: &str, form: &str, signature: &str) -> Result<Taken, CallRefused> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let headers = [("x-twilio-signature", signature), ("content-type", "application/x-www-form-urlencoded")];
        let call = Call { action, from, method: "POST", query, body: form.as_bytes(), headers: &headers };
        read(&settings(&[("callback", CALLBACK)]).unwrap(), &call)
    }

    fn events(action: &str, query: &str, form: &str) -> Result<Vec<CarrierEvent>, CallRefused> {
        let tail = if query.is_empty() { String::new() } else { format!("?{query}") };
        let address = format!("{CALLBACK}/c/t/{}/{action}{tail}", uuid::Uuid::nil());
        called(action, query, form, &signature("12345", &address, form)).map(|taken| taken.events)
    }

    /// <https://www.twilio.com/docs/usage/security>, "Validating Signatures from Twilio".
    #[test]
    fn the_example_of_twilios_documentation_has_its_signature() {
        let form = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
        let made = signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form);
        assert_eq!(made, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }

    #[test]
    fn a_text_is_read_and_answered_with_nothing_to_do() {
        let form = "ToCountry=US&MessageSid=SM77&AccountSid=AC0123&From=%2B231770000010&To=%2B14158675309&Body=oui+%C3%A0+3\
            &NumMedia=1&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2FME1";
        let received = CarrierEvent::Received {
            carrier_id: Some("SM77".into()),
            from: "+231770000010".into(),
            text: "oui à 3\nhttps://api.twilio.com/ME1".into(),
            at: None,
        };
        assert_eq!(events("receive", "", form).unwrap(), [received]);
        let stop = "MessageSid=SM78&From=whatsapp%3A%2B231770000010&Body=QUITTER&OptOutType=STOP";
        let stopped = events("receive", "", stop).unwrap();
        assert_eq!(stopped[0], CarrierEvent::Stopped { from: "+231770000010".into() });
        assert_eq!(stopped.len(), 2);
    }

    #[test]
    fn reports_become_events_on_our_submission() {
        let submission: SubmissionId = ID.parse().unwrap();
        let query = format!("uuid={ID}&action=callback");
        let event = |form: &str| events("status", &query, &format!("MessageSid=SM1&{form}")).unwrap();
        let on = |report| CarrierEvent::ReportOn { submission, report };
        // The states of a message in Twilio's OpenAPI document; "receiving" and "received" are those of texts of phones.
        for left in ["accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"] {
            assert_eq!(event(&format!("MessageStatus={left}")), [CarrierEvent::Left { submission }], "{left}");
        }
        for delivered in ["delivered", "read"] {
            assert_eq!(event(&format!("MessageStatus={delivered}")), [on(Report::Delivered)]);
        }
        let failed = |reason: &str| on(Report::Failed { reason: reason.into() });
        assert_eq!(event("MessageStatus=undelivered&ErrorCode=30003"), [failed("http-absent")]);
        assert_eq!(event("MessageStatus=failed&ErrorCode=30005"), [failed("http-number-gone")]);
        assert_eq!(
            event("MessageStatus=undelivered&ErrorCode=30008&SmsSid=SM1&AccountSid=AC0123&To=%2B231770000010"),
            [failed("http-undelivered")]
        );
        assert_eq!(event("MessageStatus=canceled"), [failed("http-undelivered")]);
        let stopped = event("MessageStatus=failed&ErrorCode=21610&To=%2B231770000010");
        assert_eq!(stopped[1], CarrierEvent::Stopped { from: "+231770000010".into() });
        let by_sid = events("status", "", "MessageSid=SM1&MessageStatus=delivered").unwrap();
        assert_eq!(by_sid, [CarrierEvent::Report { carrier_id: "SM1".into(), report: Report::Delivered }]);
    }

    #[test]
    fn what_is_not_signed_by_twilio_is_refused() {
        let form = "MessageSid=SM77&From=%2B231770000010&Body=oui";
        let address = format!("{CALLBACK}/c/t/{}/receive", uuid::Uuid::nil());
        let right = signature("12345", &address, form);
        assert!(called("receive", "", form, &right).is_ok());
        let named = address.replace(".org/", ".org:443/");
        assert!(called("receive", "", form, &signature("12345", &named, form)).is_ok(), "with the port");
        let forged = [
            called("receive", "", form, ""),
            called("receive", "", form, &signature("54321", &address, form)),
            called("receive", "", &form.replace("oui", "non"), &right),
            called("receive", "x=1", form, &right),
            called("status", "", form, &right),
            called("receive", "", form, &signature("12345", &address.replace("https", "http"), form)),
        ];
        for forged in forged {
            assert_eq!(forged, Err(CallRefused::Forged));
        }
        assert!(matches!(events("receive", "", "From=1&Body=x"), Err(CallRefused::Unreadable(_))));
        assert!(matches!(events("receive", "", "MessageSid=1&Body=x"), Err(CallRefused::Unreadable(_))));
        assert_eq!(events("elsewhere", "", form), Err(CallRefused::Unknown));
    }

    #[test]
    fn a_server_that_does_not_sign_has_the_secret() {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let body = b"MessageSid=SM77&From=%2B231770000010&Body=oui";
        let settings = settings(&[("signed", "no")]).unwrap();
        let call = |query| Call { action: "receive", from, method: "POST", query, body, headers: &[] };
        assert_eq!(read(&settings, &call("")), Err(CallRefused::Forbidden));
        assert!(read(&settings, &call("secret=0123456789abcdef")).is_ok());
    }
}
