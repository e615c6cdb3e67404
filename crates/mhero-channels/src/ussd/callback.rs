//! What a network calls with for each screen, and how it wants the screen.
//!
//! Africa's Talking sends a form with `sessionId`, `phoneNumber`, `networkCode`, `serviceCode` and `text`, which is empty at first and
//! then holds all answers with `*` between. It wants `CON` before a screen that goes on and `END` before the last; after any other
//! answer, or an error, it ends the dialogue. At its end it calls the events address with `sessionId` and `status`. (Its documentation
//! of USSD, <https://developers.africastalking.com/docs/ussd/overview>, as public projects repeat it; `docs/dev/gateways.md`.)

use mhero_app::ports::{Call, CallRefused, CarrierEvent, Dialled, Said, Screen, Taken};

use super::settings::Settings;
use crate::http::{document::Document, fill, form::Pairs};

/// Reads a call.
pub(super) fn read(settings: &Settings, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let is_over = match call.action {
        "screen" => false,
        "over" => true,
        _ => return Err(CallRefused::Unknown),
    };
    settings.common.admit(call)?;
    let body = Document::of_call(call)?;
    let query = Document::Form(Pairs::read(call.query.as_bytes(), b""));
    let names = &settings.fields;
    let get = |name: &str| body.get(name).or_else(|| query.get(name));
    let session = get(&names.session).ok_or(CallRefused::Unreadable("the id of the dialogue is missing"))?;
    let from = get(&names.phone).ok_or(CallRefused::Unreadable("the phone is missing"))?;
    let said = if is_over {
        Said::Gone
    } else {
        let text = body.text(&names.text).or_else(|| query.text(&names.text)).unwrap_or_default();
        if names.has_all {
            Said::All(text.trim().to_owned())
        } else {
            Said::Last { text, id: names.id.as_deref().and_then(get) }
        }
    };
    let dialled = Dialled { session, from, said, rules: settings.rules.clone() };
    let events = vec![CarrierEvent::Dialled(Box::new(dialled))];
    Ok(Taken { events, content_type: settings.screen_type, body: String::new() })
}

/// Writes a screen.
pub(super) fn written(settings: &Settings, screen: &Screen) -> Taken {
    let template = if screen.goes_on { &settings.goes_on } else { &settings.ends };
    let body = fill(template, |name, out| {
        let is_text = name == "text";
        if is_text {
            settings.escape.write(out, &screen.text);
        }
        is_text
    });
    Taken { events: Vec::new(), content_type: settings.screen_type, body }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{super::settings::tests::settings, *};

    const SECRET: &str = "secret=0123456789abcdef";
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

    fn called(own: &[(&str, &str)], action: &str, body: &str, kind: (&str, &str)) -> Result<Dialled, CallRefused> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let call = Call { action, from, method: "POST", query: SECRET, body: body.as_bytes(), headers: &[kind] };
        match read(&settings(own).unwrap(), &call)?.events.remove(0) {
            CarrierEvent::Dialled(dialled) => Ok(*dialled),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn calls_come_as_the_documentation_of_africas_talking_shows_them() {
        let form = "sessionId=ATUid_abc123&serviceCode=*384*55%23&phoneNumber=%2B254711000111&networkCode=63902&text=";
        let dialled = called(&[], "screen", form, FORM).unwrap();
        assert_eq!((dialled.session.as_str(), dialled.from.as_str()), ("ATUid_abc123", "+254711000111"));
        assert!(dialled.said == Said::All(String::new()));
        let answered = called(&[], "screen", &format!("{form}1*3"), FORM).unwrap();
        assert!(answered.said == Said::All("1*3".into()));
        let over = "date=2026-11-22+08%3A30%3A00&sessionId=ATUid_abc123&serviceCode=*384*55%23&networkCode=63902&\
            phoneNumber=%2B254711000111&status=Success&cost=KES+0.10&durationInMillis=9000&hopsCount=2&input=1*3&\
            lastAppResponse=END+Thanks&errorMessage=";
        assert!(called(&[], "over", over, FORM).unwrap().said == Said::Gone);
    }

    #[test]
    fn other_gateways_say_it_in_their_own_words() {
        let own = [
            ("style", "http"),
            ("session_field", "session.id"),
            ("phone_field", "msisdn"),
            ("text_field", "session.input"),
            ("typed", "last"),
            ("id_field", "seq"),
        ];
        let json = r#"{"session":{"id":77,"input":"1"},"msisdn":"231770000010","seq":4}"#;
        let dialled = called(&own, "screen", json, ("content-type", "application/json")).unwrap();
        assert_eq!((dialled.session.as_str(), dialled.from.as_str()), ("77", "231770000010"));
        assert!(dialled.said == Said::Last { text: "1".into(), id: Some("4".into()) });
        let first = r#"{"session":{"id":77},"msisdn":"231770000010"}"#;
        let dialled = called(&own, "screen", first, ("content-type", "application/json")).unwrap();
        assert!(dialled.said == Said::Last { text: String::new(), id: None }, "nothing is typed at first");
    }

    #[test]
    fn screens_are_written_as_the_network_wants_them() {
        let screen = |goes_on| Screen { text: "Présent?\n1 \"Oui\"".into(), goes_on };
        let plain = settings(&[]).unwrap();
        assert_eq!(written(&plain, &screen(true)).body, "CON Présent?\n1 \"Oui\"");
        assert_eq!(written(&plain, &screen(false)).body, "END Présent?\n1 \"Oui\"");
        let json = settings(&[
            ("style", "http"),
            ("screen_type", "application/json"),
            ("screen_goes_on", r#"{"message":{{text}},"continue":true}"#),
            ("screen_ends", r#"{"message":{{text}},"continue":false}"#),
        ])
        .unwrap();
        let taken = written(&json, &screen(true));
        assert_eq!(taken.content_type, "application/json");
        assert_eq!(taken.body, r#"{"message":"Présent?\n1 \"Oui\"","continue":true}"#);
    }

    #[test]
    fn strangers_and_nonsense_are_refused() {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let form = b"sessionId=1&phoneNumber=2&text=";
        let bare = Call { action: "screen", from, method: "POST", query: "", body: form, headers: &[] };
        assert_eq!(read(&settings(&[]).unwrap(), &bare), Err(CallRefused::Forbidden));
        let near = settings(&[("allow", "127.0.0.0/8")]).unwrap();
        assert!(read(&near, &bare).is_ok(), "it comes from an address that is let in");
        let refused = |action: &str, body: &str, kind| called(&[], action, body, kind).map(|_| ());
        assert_eq!(refused("receive", "", FORM), Err(CallRefused::Unknown));
        for body in ["", "sessionId=1&text=", "phoneNumber=2&text=1"] {
            assert!(matches!(refused("screen", body, FORM), Err(CallRefused::Unreadable(_))), "{body}");
        }
        let json = ("content-type", "application/json");
        assert!(matches!(refused("screen", "{", json), Err(CallRefused::Unreadable(_))));
    }
}
