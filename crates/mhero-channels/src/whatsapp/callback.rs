//! What WhatsApp calls us with: one address for all, signed over the body as it came.

use std::ops::RangeInclusive;

use jiff::SignedDuration;
use mhero_app::ports::{Call, CallRefused, CarrierEvent, Report, Taken};
use mhero_core::{SubmissionId, Urn, UrnScheme};
use serde_json::Value;

use super::{Node, USER, answer::failure};
use crate::http::{
    document::{scalar, walk},
    form::Pairs,
    instant,
    sign::{is_sha256_hex, same},
};

/// Longest id that is taken, in bytes. Meta's are about 60.
const ID_BYTES_MAX: usize = 200;
/// How old the youngest thing of a call may be: Meta brings what nobody took again for up to 7 days ("Webhooks", retries). What is older
/// was heard by somebody else, who sends it again.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Most events of one call.
const EVENTS_MAX: usize = 1_000;
/// What stands among the texts and is none: a heart on one of ours, a number that changed, a chat that was opened.
const NO_TEXT: [&str; 4] = ["reaction", "system", "request_welcome", "ephemeral"];
/// Figures of a phone number with its country's code (E.164).
const PHONE: RangeInclusive<usize> = 7..=15;
/// Longest word that is said back to whoever sets the address up.
const CHALLENGE_MAX: usize = 200;

/// Reads a call.
pub(super) fn read(node: &Node, call: &Call<'_>) -> Result<Taken, CallRefused> {
    if call.action != "receive" {
        return Err(CallRefused::Unknown);
    }
    node.common.check_listed(call)?;
    if call.method == "GET" {
        return greet(node, call);
    }
    let given = call.header("x-hub-signature-256").and_then(|given| given.strip_prefix("sha256="));
    if !given.is_some_and(|given| is_sha256_hex(node.app_secret.as_bytes(), call.body, given)) {
        return Err(CallRefused::Forged);
    }
    // What Meta signed and nobody here understands is taken all the same: errors make it give up the address.
    let body = serde_json::from_slice::<Value>(call.body).unwrap_or_default();
    let youngest = items(&body).filter_map(|item| instant(&at(item, "timestamp")?)).max();
    if youngest.is_some_and(|at| node.clock.now().duration_since(at) > AGE_MAX) {
        return Err(CallRefused::Forged);
    }
    let events = events(node, &body);
    Ok(Taken { events, content_type: "text/plain; charset=utf-8", body: String::new() })
}

/// Whoever sets the address up at Meta shows the token, and hears the challenge again.
fn greet(node: &Node, call: &Call<'_>) -> Result<Taken, CallRefused> {
    let pairs = Pairs::read(call.query.as_bytes(), b"");
    let token = pairs.text(&["hub.verify_token"]).unwrap_or_default();
    if pairs.text(&["hub.mode"]) != Some("subscribe") || !same(token.as_bytes(), node.verify_token.as_bytes()) {
        return Err(CallRefused::Forbidden);
    }
    let challenge = pairs.text(&["hub.challenge"]).unwrap_or_default();
    if challenge.len() > CHALLENGE_MAX || !challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
        return Err(CallRefused::Unreadable("`hub.challenge` is no plain word"));
    }
    Ok(Taken { events: Vec::new(), content_type: "text/plain; charset=utf-8", body: challenge.to_owned() })
}

/// Texts and reports of all numbers.
fn items(body: &Value) -> impl Iterator<Item = &Value> {
    let changes = list(body, "entry").flat_map(|entry| list(entry, "changes")).filter_map(|change| change.get("value"));
    changes.flat_map(|value| list(value, "messages").chain(list(value, "statuses")))
}

fn list<'a>(json: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    json.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn at(json: &Value, path: &str) -> Option<String> {
    walk(json, path).and_then(scalar).filter(|text| !text.is_empty())
}

fn events(node: &Node, body: &Value) -> Vec<CarrierEvent> {
    let changes = list(body, "entry").flat_map(|entry| list(entry, "changes")).filter_map(|change| change.get("value"));
    // One app of Meta's may have several numbers, which all call here.
    let own = changes.filter(|value| at(value, "metadata.phone_number_id").as_deref() == Some(&node.phone_number_id));
    let events = own.flat_map(|value| {
        let texts = list(value, "messages").filter_map(|message| text(node, message, value));
        texts.chain(list(value, "statuses").flat_map(status)).collect::<Vec<_>>()
    });
    events.take(EVENTS_MAX).collect()
}

/// Who wrote: mostly a phone; somebody with a user name instead is known by an id that counts for this business alone, in the text or
/// beside it, among the people of the call.
fn sender(message: &Value, value: &Value) -> Option<Sender> {
    let told = ["from", "from_user_id"].iter().filter_map(|key| at(message, key));
    let mut people = list(value, "contacts");
    // Of several it is not said which of them wrote.
    let alone = people.next().filter(|_| people.next().is_none());
    let beside = alone.into_iter().flat_map(|person| ["wa_id", "user_id"].iter().filter_map(|key| at(person, key)));
    told.chain(beside).find_map(|given| {
        let digits = given.trim_start_matches('+');
        let is_phone = digits.bytes().all(|byte| byte.is_ascii_digit()) && PHONE.contains(&digits.len());
        if is_phone && !digits.starts_with('0') {
            // Numbers come with the country's code, without a plus.
            return Some(Sender::Phone(format!("+{digits}")));
        }
        let is_user = UrnScheme::of(USER).is_some_and(|scheme| scheme.fits(&given));
        is_user.then(|| Urn::new(USER, given).ok()).flatten().map(Sender::User)
    })
}

enum Sender {
    Phone(String),
    User(Urn),
}

fn text(node: &Node, message: &Value, value: &Value) -> Option<CarrierEvent> {
    let kind = at(message, "type").unwrap_or_default();
    if NO_TEXT.contains(&kind.as_str()) {
        return None;
    }
    let Some(sender) = sender(message, value) else {
        tracing::warn!(channel = %node.common.channel, "a text from WhatsApp does not say who wrote it");
        return None;
    };
    let said = ["text.body", "button.text", "interactive.button_reply.title", "interactive.list_reply.title"]
        .iter()
        .find_map(|path| at(message, path));
    let text = said.or_else(|| form(message)).or_else(|| at(message, &format!("{kind}.caption"))).or_else(|| {
        let place = at(message, "location.latitude").zip(at(message, "location.longitude"));
        place.map(|(latitude, longitude)| format!("{latitude}, {longitude}"))
    });
    // A picture, a sound, something new: whoever reads the text sees that there was one.
    let is_word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let text = text.unwrap_or_else(|| format!("({})", if is_word { &kind } else { "?" }));
    let carrier_id = at(message, "id").filter(|id| id.len() <= ID_BYTES_MAX);
    Some(match sender {
        Sender::Phone(from) => {
            CarrierEvent::Received { carrier_id, from, text, at: at(message, "timestamp").and_then(|at| instant(&at)) }
        }
        Sender::User(from) => CarrierEvent::Chat { carrier_id, from, text },
    })
}

/// What somebody entered in a form of WhatsApp's: each answer under its name.
fn form(message: &Value) -> Option<String> {
    let reply = walk(message, "interactive.nfm_reply")?;
    let answers = at(reply, "response_json").and_then(|json| serde_json::from_str::<Value>(&json).ok());
    let said = |value: &Value| match value {
        Value::Array(chosen) => Some(chosen.iter().filter_map(scalar).collect::<Vec<_>>().join(", ")),
        value => scalar(value),
    };
    let lines: Vec<_> = answers
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        // A token of ours or Meta's, which means nothing to whoever reads it.
        .filter(|(name, _)| *name != "flow_token")
        .filter_map(|(name, value)| {
            said(value).filter(|value| !value.is_empty()).map(|value| format!("{name}: {value}"))
        })
        .collect();
    Some(lines.join("\n")).filter(|text| !text.is_empty()).or_else(|| at(reply, "body"))
}

fn status(status: &Value) -> Vec<CarrierEvent> {
    let Some(id) = at(status, "id").filter(|id| id.len() <= ID_BYTES_MAX) else { return Vec::new() };
    let ours = at(status, "biz_opaque_callback_data").and_then(|id| id.parse::<SubmissionId>().ok());
    let report = |report| match ours {
        Some(submission) => CarrierEvent::ReportOn { submission, report },
        None => CarrierEvent::Report { carrier_id: id.clone(), report },
    };
    let code = at(status, "errors.0.code").and_then(|code| code.parse().ok()).unwrap_or_default();
    match at(status, "status").as_deref() {
        Some("delivered" | "read" | "played") => vec![report(Report::Delivered)],
        Some("failed") => {
            let is_phone = |id: &String| id.bytes().all(|byte| byte.is_ascii_digit()) && PHONE.contains(&id.len());
            let stopped = at(status, "recipient_id").filter(|_| failure(code) == "http-stopped").filter(is_phone);
            let failed = report(Report::Failed { reason: failure(code).to_owned() });
            let stopped = stopped.map(|phone| CarrierEvent::Stopped { from: format!("+{phone}") });
            [failed].into_iter().chain(stopped).collect()
        }
        Some("sent" | "accepted") => ours.map(|submission| CarrierEvent::Left { submission }).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use ring::hmac;

    use super::{super::tests::node, *};

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn signature(body: &str) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"s3cret"), body.as_bytes());
        tag.as_ref().iter().fold("sha256=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    fn called(method: &str, query: &str, body: &str, signature: &str) -> Result<Taken, CallRefused> {
        let (from, headers) = (IpAddr::V4(Ipv4Addr::LOCALHOST), [("x-hub-signature-256", signature)]);
        let call = Call { action: "receive", from, method, query, body: body.as_bytes(), headers: &headers };
        read(&node(&[]).unwrap(), &call)
    }

    #[test]
    fn what_is_signed_and_old_is_refused() {
        let with = |seconds: i64| {
            let body = value(&format!(
                r#""messages":[{{"from":"231770000001","id":"wamid.1","timestamp":"{seconds}","type":"text","text":{{"body":"x"}}}}]"#
            ));
            called("POST", "", &body, &signature(&body)).map(|taken| taken.events.len())
        };
        let now = super::super::tests::NOW.parse::<jiff::Timestamp>().unwrap().as_second();
        assert_eq!(with(now - 7 * 86_400), Ok(1), "it was brought again after days");
        assert_eq!(with(now - 9 * 86_400), Err(CallRefused::Forged));
    }

    fn value(inner: &str) -> String {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{
            "messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550783881","phone_number_id":
            "106540352242922"}},{inner}}}}}]}}]}}"#
        )
    }

    fn events_of(inner: &str) -> Vec<CarrierEvent> {
        let body = value(inner);
        called("POST", "", &body, &signature(&body)).unwrap().events
    }

    #[test]
    fn texts_are_read_as_meta_documents_them() {
        let events = events_of(
            r#""contacts":[{"profile":{"name":"M"},"wa_id":"231770000001"}],"messages":[
            {"from":"231770000001","id":"wamid.1","timestamp":"1795336200","type":"text","text":{"body":"oui à 3"}},
            {"from":"231770000001","id":"wamid.2","timestamp":"1795336200","type":"button","button":{"text":"Oui"}},
            {"from":"231770000001","id":"wamid.3","type":"interactive","interactive":{"type":"list_reply","list_reply":{"title":"Non"}}},
            {"from":"231770000001","id":"wamid.4","type":"image","image":{"id":"9","caption":"voir"}},
            {"from":"231770000001","id":"wamid.5","type":"audio","audio":{"id":"9"}},
            {"from":"231770000001","id":"wamid.6","type":"location","location":{"latitude":6.3,"longitude":-10.8}},
            {"from":"231770000001","id":"wamid.7","type":"reaction","reaction":{"emoji":"x"}}]"#,
        );
        let texts: Vec<_> = events
            .iter()
            .map(|event| match event {
                CarrierEvent::Received { from, text, .. } => (from.as_str(), text.as_str()),
                other => panic!("{other:?}"),
            })
            .collect();
        let expected = ["oui à 3", "Oui", "Non", "voir", "(audio)", "6.3, -10.8"].map(|text| ("+231770000001", text));
        assert_eq!(texts, expected);
    }

    #[test]
    fn who_has_a_user_name_instead_of_a_number_is_heard() {
        let user = |path: &str| Urn::new("bsuid", path).unwrap();
        let text = r#""id":"wamid.1","type":"text","text":{"body":"oui"}"#;
        for people_and_text in [
            format!(r#""contacts":[{{"profile":{{"name":"M"}},"user_id":"LR.134912"}}],"messages":[{{{text}}}]"#),
            format!(r#""messages":[{{"from":"LR.134912",{text}}}]"#),
            format!(r#""messages":[{{"from_user_id":"LR.134912",{text}}}]"#),
        ] {
            let heard =
                CarrierEvent::Chat { carrier_id: Some("wamid.1".into()), from: user("LR.134912"), text: "oui".into() };
            assert_eq!(events_of(&people_and_text), [heard], "{people_and_text}");
        }
        let phone = format!(r#""contacts":[{{"wa_id":"231770000001","user_id":"LR.134912"}}],"messages":[{{{text}}}]"#);
        assert!(matches!(&events_of(&phone)[..], [CarrierEvent::Received { from, .. }] if from == "+231770000001"));
        let two = format!(r#""contacts":[{{"user_id":"LR.1"}},{{"user_id":"LR.2"}}],"messages":[{{{text}}}]"#);
        assert_eq!(events_of(&two), [], "it is not said which of them wrote");
        assert_eq!(events_of(&format!(r#""messages":[{{"from":"nobody",{text}}}]"#)), []);
    }

    #[test]
    fn forms_and_what_is_new_are_texts_too() {
        let said = |inner: &str| match events_of(&format!(r#""messages":[{{"from":"231770000001",{inner}}}]"#)).pop() {
            Some(CarrierEvent::Received { text, .. }) => text,
            other => panic!("{other:?}"),
        };
        let form = r#""type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent",
            "response_json":"{\"flow_token\":\"t\",\"beds\":12,\"stock\":[\"ORS\",\"zinc\"]}"}}"#;
        assert_eq!(said(form), "beds: 12\nstock: ORS, zinc");
        let empty = r#""type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"body":"Sent"}}"#;
        assert_eq!(said(empty), "Sent");
        assert_eq!(said(r#""type":"order","order":{"catalog_id":"1"}"#), "(order)");
        assert_eq!(said(r#""type":"unsupported","errors":[{"code":131051}]"#), "(unsupported)");
        assert_eq!(said(r#""id":"wamid.9""#), "(?)");
    }

    #[test]
    fn reports_name_our_own_id() {
        let submission: SubmissionId = ID.parse().unwrap();
        let of = |status: &str, more: &str| {
            events_of(&format!(
                r#""statuses":[{{"id":"wamid.1","status":"{status}","timestamp":"1795336200","recipient_id":"231770000001",
                "biz_opaque_callback_data":"{ID}"{more}}}]"#
            ))
        };
        let on = |report| CarrierEvent::ReportOn { submission, report };
        assert_eq!(of("sent", ""), [CarrierEvent::Left { submission }]);
        assert_eq!(of("delivered", ""), [on(Report::Delivered)]);
        assert_eq!(of("read", ""), [on(Report::Delivered)]);
        let failed = |reason: &str| on(Report::Failed { reason: reason.into() });
        let window = of("failed", r#","errors":[{"code":131047,"title":"Re-engagement message"}]"#);
        assert_eq!(window, [failed("whatsapp-window")]);
        let stopped = of("failed", r#","errors":[{"code":131050}]"#);
        assert_eq!(stopped, [failed("http-stopped"), CarrierEvent::Stopped { from: "+231770000001".into() }]);
    }

    #[test]
    fn a_failed_status_of_the_documentation_bears_a_signature_that_others_make_too() {
        // As https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status/ shows it. The
        // signature was made by another program over these very bytes: letters outside ASCII come escaped, and are signed so.
        let body = concat!(
            r#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"#,
            r#""whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"statuses":[{"id":"#,
            r#""wamid.1","status":"failed","timestamp":"1795336200","recipient_id":"231770000001","errors":[{"code":131049,"#,
            r#""title":"This message was not delivered to maintain healthy ecosystem engagement.","message":"\u2026","error_data":"#,
            r#"{"details":"\u2026"},"href":"https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}]}]},"#,
            r#""field":"messages"}]}]}"#,
        );
        let signature = "sha256=94c2e793ba2890feca195e7dd1ab4fca4ae8678cf6de47f218325695a564d930";
        let failed = Report::Failed { reason: "whatsapp-limited".into() };
        let expected = [CarrierEvent::Report { carrier_id: "wamid.1".into(), report: failed }];
        assert_eq!(called("POST", "", body, signature).unwrap().events, expected);
        assert_eq!(called("POST", "", &body.replace("131049", "131050"), signature), Err(CallRefused::Forged));
    }

    #[test]
    fn only_meta_is_believed_and_its_nonsense_is_taken_in_silence() {
        let body = value(r#""messages":[{"from":"231770000001","type":"text","text":{"body":"x"}}]"#);
        assert_eq!(called("POST", "", &body, ""), Err(CallRefused::Forged));
        assert_eq!(called("POST", "", &body.replace("0001", "0002"), &signature(&body)), Err(CallRefused::Forged));
        let elsewhere = body.replace("106540352242922", "1");
        assert_eq!(called("POST", "", &elsewhere, &signature(&elsewhere)).unwrap().events, []);
        for nonsense in ["", "{", "[]", r#"{"entry":7}"#, r#"{"entry":[{"changes":[{"value":null}]}]}"#] {
            assert_eq!(called("POST", "", nonsense, &signature(nonsense)).unwrap().events, [], "{nonsense}");
        }
    }

    #[test]
    fn the_address_is_confirmed_to_whoever_has_the_token() {
        let query = "hub.mode=subscribe&hub.verify_token=0123456789abcdef&hub.challenge=1158201444";
        assert_eq!(called("GET", query, "", "").unwrap().body, "1158201444");
        assert_eq!(called("GET", &query.replace("abcdef", "abcdee"), "", ""), Err(CallRefused::Forbidden));
        assert_eq!(called("GET", "", "", ""), Err(CallRefused::Forbidden));
        let script = query.replace("1158201444", "%3Cscript%3E");
        assert!(matches!(called("GET", &script, "", ""), Err(CallRefused::Unreadable(_))));
    }
}
