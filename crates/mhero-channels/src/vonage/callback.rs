//! What Vonage calls us with: texts, whole or in pieces, and reports; signed where the account has a signature secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mhero_app::ports::{Call, CallRefused, CarrierEvent, Piece, Report, Taken};
use mhero_core::SubmissionId;
use serde_json::Value;

use super::{answer::failure, signature};
use crate::http::{
    Common, accepted,
    document::{Document, scalar},
    form::Pairs,
    instant, report_taken,
};

/// Longest id that is taken, in bytes.
const ID_BYTES_MAX: usize = 200;

/// What a call brings, by name.
type Fields = BTreeMap<String, String>;

/// Reads a call.
pub(super) fn read(
    common: &Common,
    (signature_secret, now): (Option<&str>, Timestamp),
    call: &Call<'_>,
) -> Result<Taken, CallRefused> {
    let is_receive = match call.action {
        "receive" => true,
        "status" => false,
        _ => return Err(CallRefused::Unknown),
    };
    common.admit(call)?;
    let fields = fields(call)?;
    if let Some(secret) = signature_secret {
        signature::check(secret, &fields, now)?;
    }
    if is_receive { receive(common, &fields) } else { status(common, &fields) }
}

/// All fields of query and body, without our own secret.
fn fields(call: &Call<'_>) -> Result<Fields, CallRefused> {
    let mut fields = Fields::new();
    let pairs = Pairs::read(call.query.as_bytes(), call.form());
    for (name, value) in pairs.all() {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        fields.entry(text(name)).or_insert_with(|| text(value));
    }
    if let Document::Json(Value::Object(map)) = Document::of_call(call)? {
        fields.extend(map.into_iter().filter_map(|(name, value)| Some((name, scalar(&value)?))));
    }
    fields.remove("secret");
    Ok(fields)
}

fn receive(common: &Common, fields: &Fields) -> Result<Taken, CallRefused> {
    let get = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.trim().is_empty());
    let (Some(from), Some(_)) = (get("msisdn"), get("to")) else {
        // So it looks whether somebody is there.
        return Ok(accepted(common.channel, CarrierEvent::Nothing));
    };
    let text = fields.get("text").ok_or(CallRefused::Unreadable("`text` is missing"))?;
    let number = |name: &str| get(name).and_then(|value| value.parse::<u64>().ok());
    let piece = match (get("concat"), number("concat-ref"), number("concat-total"), number("concat-part")) {
        (Some("true"), Some(reference), Some(parts), Some(part)) => {
            let small = |number: u64| u8::try_from(number).ok();
            small(parts).zip(small(part)).filter(|(parts, part)| *parts >= 2 && (1..=*parts).contains(part)).map(
                |(parts, number)| {
                    let reference = u16::try_from(reference % 0x1_0000).unwrap_or_default();
                    Piece { reference, parts, number, units: text.encode_utf16().collect() }
                },
            )
        }
        _ => None,
    };
    let from = from.to_owned();
    let event = match piece {
        Some(piece) => CarrierEvent::ReceivedPiece { from, piece },
        None => CarrierEvent::Received {
            carrier_id: get("messageId").filter(|id| id.len() <= ID_BYTES_MAX).map(ToOwned::to_owned),
            from,
            text: text.clone(),
            at: get("message-timestamp").and_then(instant),
        },
    };
    Ok(accepted(common.channel, event))
}

fn status(common: &Common, fields: &Fields) -> Result<Taken, CallRefused> {
    let get = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let Some(status) = get("status") else {
        return Ok(report_taken(common.channel, 'S', vec![CarrierEvent::Nothing]));
    };
    let ours = get("client-ref").and_then(|id| id.parse::<SubmissionId>().ok());
    let theirs = get("messageId").filter(|id| id.len() <= ID_BYTES_MAX);
    let report = |report| match (ours, theirs) {
        (Some(submission), _) => Ok(CarrierEvent::ReportOn { submission, report }),
        (None, Some(id)) => Ok(CarrierEvent::Report { carrier_id: id.to_owned(), report }),
        (None, None) => Err(CallRefused::Unreadable("`messageId` is missing")),
    };
    // 9: "the user has requested not to receive messages from a specific service".
    let mut stopped = None;
    let (event, letter) = match status {
        "delivered" => (report(Report::Delivered)?, 'D'),
        "failed" | "expired" | "rejected" => {
            let reason = failure(get("err-code").unwrap_or_default(), status).to_owned();
            stopped = get("msisdn").filter(|_| reason == "http-stopped");
            (report(Report::Failed { reason })?, 'F')
        }
        "accepted" | "buffered" => {
            (ours.map_or(CarrierEvent::Nothing, |submission| CarrierEvent::Left { submission }), 'S')
        }
        _ => (CarrierEvent::Nothing, 'S'),
    };
    let stopped = stopped.map(|from| CarrierEvent::Stopped { from: from.to_owned() });
    Ok(report_taken(common.channel, letter, [event].into_iter().chain(stopped).collect()))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use mhero_app::rows::Clock;

    use super::{super::Node, *};

    const SECRET: &str = "secret=0123456789abcdef";
    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn called(further: &[(&str, &str)], action: &str, query: &str) -> Result<Taken, CallRefused> {
        let given = [("api_key", "k"), ("api_secret", "s")];
        let config = given.iter().chain(further).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let channel = mhero_core::ChannelId::from_uuid(uuid::Uuid::nil());
        let (clock, _) = Clock::manual("2026-11-22T09:00:00Z".parse().unwrap());
        let node = Node::read_settings((channel, &clock), &config, || "0123456789abcdef".to_owned()).unwrap();
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let call = Call { action, from, method: "GET", query, body: b"", headers: &[] };
        read(&node.common, (node.signature_secret.as_deref(), clock.now()), &call)
    }

    fn event(action: &str, query: &str) -> CarrierEvent {
        called(&[], action, &format!("{SECRET}&{query}")).unwrap().events.remove(0)
    }

    #[test]
    fn texts_come_whole_or_in_pieces() {
        let base = "msisdn=231770000001&to=4636&messageId=0B1&type=text&message-timestamp=2026-11-22+08%3A30%3A00";
        let at = Some("2026-11-22T08:30:00Z".parse().unwrap());
        let (carrier_id, from) = (Some("0B1".to_owned()), "231770000001".to_owned());
        let whole = CarrierEvent::Received { carrier_id, from: from.clone(), text: "oui à 3".into(), at };
        assert_eq!(event("receive", &format!("{base}&text=oui+%C3%A0+3")), whole);
        let piece = Piece { reference: 108, parts: 3, number: 2, units: "à".encode_utf16().collect() };
        let query = format!("{base}&text=%C3%A0&concat=true&concat-ref=108&concat-total=3&concat-part=2");
        assert_eq!(event("receive", &query), CarrierEvent::ReceivedPiece { from, piece });
        assert_eq!(event("receive", ""), CarrierEvent::Nothing, "it looks whether somebody is there");
    }

    #[test]
    fn reports_name_our_own_id() {
        let submission: SubmissionId = ID.parse().unwrap();
        let of = |tail: &str| event("status", &format!("msisdn=231&to=4636&messageId=0A1&client-ref={ID}&{tail}"));
        let on = |report| CarrierEvent::ReportOn { submission, report };
        assert_eq!(of("status=delivered&err-code=0"), on(Report::Delivered));
        assert_eq!(of("status=buffered&err-code=0"), CarrierEvent::Left { submission });
        assert_eq!(of("status=failed&err-code=2"), on(Report::Failed { reason: "http-absent".into() }));
        assert_eq!(of("status=failed&err-code=3"), on(Report::Failed { reason: "http-number-gone".into() }));
        assert_eq!(of("status=expired&err-code=1"), on(Report::Failed { reason: "http-expired".into() }));
        assert_eq!(of("status=unknown"), CarrierEvent::Nothing);
        // The fields of a receipt as the OpenAPI document of the SMS API names them.
        let whole = format!(
            "msisdn=231770000001&to=MOH&network-code=61807&messageId=0A0000001234567B&price=0.03330000&status=rejected\
            &scts=2611220830&err-code=9&api-key=abcd1234&client-ref={ID}&message-timestamp=2026-11-22+08%3A30%3A00"
        );
        let events = called(&[], "status", &format!("{SECRET}&{whole}")).unwrap().events;
        let stopped = CarrierEvent::Stopped { from: "231770000001".into() };
        assert_eq!(events, [on(Report::Failed { reason: "http-stopped".into() }), stopped]);
        let by_theirs = event("status", "messageId=0A1&status=delivered");
        assert_eq!(by_theirs, CarrierEvent::Report { carrier_id: "0A1".into(), report: Report::Delivered });
    }

    #[test]
    fn an_inbound_text_of_the_documentation_bears_a_signature_that_others_make_too() {
        // The fields stand in the OpenAPI document of the SMS API, the rule in "Signing messages". The signature was made by another
        // program: HMAC-SHA256 of "&api-key=abcd1234&keyword=OUI&…&text=oui _ 3_3 à&…" with this secret, in hex.
        let query = "api-key=abcd1234&msisdn=231770000001&to=4636&messageId=0A0000000123ABCD1&text=oui+%26+3%3D3+%C3%A0&type=unicode\
            &keyword=OUI&message-timestamp=2026-11-22+08%3A30%3A00&timestamp=1795336200&nonce=aaaaaaaa-bbbb-cccc-dddd-0123456789ab\
            &sig=C66E0567F69128874461FCAFBC8EC1FA5FB70E3DFB7E5C2DB68D0CA431EEEFEE";
        let with = |query: &str| {
            called(&[("signature_secret", "s1gn")], "receive", &format!("{SECRET}&{query}")).map(|t| t.events)
        };
        assert!(matches!(&with(query).unwrap()[..], [CarrierEvent::Received { text, .. }] if text == "oui & 3=3 à"));
        assert_eq!(with(&query.replace("nonce=aa", "nonce=ab")), Err(CallRefused::Forged));
    }

    #[test]
    fn what_the_account_did_not_sign_is_refused() {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"s1gn");
        let tag = ring::hmac::sign(&key, b"&messageId=0B1&msisdn=231770000001&text=a_b_c&timestamp=1795336200&to=4636");
        let sig = tag.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02X}"));
        let query = "msisdn=231770000001&to=4636&messageId=0B1&text=a%26b%3Dc&timestamp=1795336200";
        let with = |query: &str| called(&[("signature_secret", "s1gn")], "receive", &format!("{SECRET}&{query}"));
        assert!(with(&format!("{query}&sig={sig}")).is_ok());
        assert_eq!(with(query), Err(CallRefused::Forged));
        for (seconds, is_taken) in
            [(1_795_336_200 - 86_400, true), (1_795_336_200 - 2 * 86_400, false), (1_795_350_000, false)]
        {
            let fields = BTreeMap::from([
                ("timestamp", seconds.to_string()),
                ("msisdn", "231".into()),
                ("text", "x".into()),
                ("to", "1".into()),
            ]);
            let sig = crate::http::sign::sha256_hex(b"s1gn", signature::text(&fields).as_bytes());
            let heard = with(&format!("msisdn=231&to=1&text=x&timestamp={seconds}&sig={sig}"));
            assert_eq!(heard.is_ok(), is_taken, "{seconds}: what was caught is not heard again for ever");
        }
        assert_eq!(with(&format!("{}&sig={sig}", query.replace("0001", "0002"))), Err(CallRefused::Forged));
        assert_eq!(called(&[], "receive", query), Err(CallRefused::Forbidden));
        assert_eq!(called(&[], "elsewhere", SECRET), Err(CallRefused::Unknown));
    }
}
