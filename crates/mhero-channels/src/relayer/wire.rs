//! The commands that the app and the server exchange, as JSON.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use mhero_app::{messaging::Offer, ports::Greeting};
use ring::hmac;
use serde_json::{Map, Value, json};

/// Most commands that one call may bring: a phone that was away for a week has that many at the worst.
const COMMANDS_MAX: usize = 2_000;
/// What ids are counted modulo in the app: they have 32 bits, and come back as negative numbers from the half on.
const ID_SPACE: i64 = 1 << 32;
/// Base 64 for addresses; the app writes the signs at the end, others leave them out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads the commands of a body; `None` where it holds none.
pub(super) fn commands(body: &[u8]) -> Option<Vec<Value>> {
    let mut body: Map<String, Value> = serde_json::from_slice(body).ok()?;
    match body.remove("cmds")? {
        Value::Array(commands) => Some(commands.into_iter().filter(Value::is_object).take(COMMANDS_MAX).collect()),
        _ => None,
    }
}

/// The name of a command.
pub(super) fn name(command: &Value) -> &str {
    command["cmd"].as_str().unwrap_or_default()
}

/// A number that the app may write as a number or as a text.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The id of a text, whose upper half the app writes as negative numbers.
pub(super) fn text_id(value: &Value) -> Option<i64> {
    number(value).map(|id| if id < 0 { id.rem_euclid(ID_SPACE) } else { id })
}

/// The ids of texts in a list of the command `status`.
pub(super) fn text_ids(value: &Value) -> impl Iterator<Item = i64> + '_ {
    value.as_array().into_iter().flatten().filter_map(text_id)
}

/// Whether a body was signed with the secret of a phone at this time: base64url(HMAC-SHA256(secret + ts, body)).
pub(super) fn is_signed(secret: &str, ts: &str, body: &[u8], signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, format!("{secret}{ts}").as_bytes());
    BASE64.decode(signature.trim()).is_ok_and(|given| hmac::verify(&key, body, &given).is_ok())
}

/// Why a question is refused, under the number that the app knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The signature does not fit.
    Signature = 1,
    /// It was asked too long ago: somebody may have kept it.
    Old = 3,
    /// Nobody has claimed the phone, or what it says does not begin with who it is.
    Unclaimed = 4,
}

impl Refused {
    /// The answer.
    pub(super) fn answer(self) -> Greeting {
        let words = match self {
            Self::Signature => "Invalid Signature",
            Self::Old => "Old Request",
            Self::Unclaimed => "Not Claimed",
        };
        let body = json!({ "error_id": self as u8, "error": words, "cmds": [] }).to_string();
        Greeting { status: 401, body }
    }
}

/// An answer with commands for the phone.
pub(super) fn answer(commands: &[Value]) -> Greeting {
    Greeting { status: 200, body: json!({ "cmds": commands }).to_string() }
}

/// The phone is to forget us.
pub(super) fn release(number: i64) -> Value {
    json!({ "cmd": "rel", "relayer_id": number })
}

/// What the phone has said has been heard.
pub(super) fn ack(p_id: &Value, message: Option<i64>) -> Value {
    match message {
        Some(id) => json!({ "cmd": "ack", "p_id": p_id, "extra": { "msg_id": id } }),
        None => json!({ "cmd": "ack", "p_id": p_id }),
    }
}

/// Texts to send, those that are the same one after another together.
pub(super) fn broadcasts(offers: &[Offer]) -> Vec<Value> {
    let same = offers.chunk_by(|one, next| one.text == next.text);
    same.map(|offers| {
        let to: Vec<Value> = offers.iter().map(|offer| json!({ "phone": offer.phone, "id": offer.number })).collect();
        json!({ "cmd": "mt_bcast", "to": to, "msg": offers[0].text })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_32_bits_come_back_from_the_negative() {
        for (given, id) in [(json!(12), 12), (json!(-1), 4_294_967_295), (json!("-2147483648"), 2_147_483_648)] {
            assert_eq!(text_id(&given), Some(id), "{given}");
        }
        assert_eq!(text_id(&json!("x")), None);
        assert_eq!(text_ids(&json!([1, "2", -1, null])).collect::<Vec<_>>(), [1, 2, 4_294_967_295]);
    }

    #[test]
    fn a_signature_is_of_secret_time_and_body() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret1700000000");
        let made = BASE64.encode(hmac::sign(&key, b"{}"));
        assert!(is_signed("secret", "1700000000", b"{}", &made));
        assert!(is_signed("secret", "1700000000", b"{}", made.trim_end_matches('=')));
        for (secret, ts, body) in
            [("Secret", "1700000000", "{}"), ("secret", "1700000001", "{}"), ("secret", "1700000000", "{ }")]
        {
            assert!(!is_signed(secret, ts, body.as_bytes(), &made));
        }
        assert!(!is_signed("secret", "1700000000", b"{}", "") && !is_signed("secret", "1700000000", b"{}", "%%"));
    }

    #[test]
    fn the_same_texts_in_a_row_go_together() {
        let offer =
            |number: i64, text: &str| Offer { number, phone: format!("+23177000000{number}"), text: text.into() };
        let said = broadcasts(&[offer(1, "a"), offer(2, "a"), offer(3, "b"), offer(4, "a")]);
        assert_eq!(said.len(), 3);
        assert_eq!(
            said[0],
            json!({"cmd": "mt_bcast", "to": [{"phone": "+231770000001", "id": 1}, {"phone": "+231770000002", "id": 2}], "msg": "a"})
        );
        assert_eq!(ack(&json!(7), None), json!({"cmd": "ack", "p_id": 7}));
        assert_eq!(Refused::Old.answer().body, r#"{"error_id":3,"error":"Old Request","cmds":[]}"#);
    }
}
