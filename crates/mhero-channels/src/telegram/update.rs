//! What Telegram says that somebody did.

use mhero_app::ports::CarrierEvent;
use mhero_core::{Lang, Urn};
use serde_json::Value;

use super::SCHEME;

/// What people send that no text is, with the key of the sentence that stands in its place.
const MEDIA: [(&str, &str); 9] = [
    ("photo", "chat-sent-photo"),
    ("video", "chat-sent-video"),
    ("video_note", "chat-sent-video"),
    ("voice", "chat-sent-voice"),
    ("audio", "chat-sent-voice"),
    ("animation", "chat-sent-video"),
    ("sticker", "chat-sent-sticker"),
    ("document", "chat-sent-document"),
    ("location", "chat-sent-place"),
];
/// What opens a chat.
const START: &str = "/start";

/// What one update says; nothing where it is none of our business: a group, another bot, an edited text. `say` gives the words that
/// stand in the place of a picture.
pub(super) fn read(update: &Value, say: &dyn Fn(Lang, &str) -> String) -> Option<CarrierEvent> {
    let (message, number) = (update.get("message")?, update["update_id"].as_i64()?);
    let sender = &message["from"];
    let account = sender["id"].as_i64()?;
    let is_alone =
        message["chat"]["type"].as_str() == Some("private") && message["chat"]["id"].as_i64() == Some(account);
    if !is_alone || sender["is_bot"].as_bool() == Some(true) {
        return None;
    }
    let from = Urn::new(SCHEME, account.to_string()).ok()?;
    let language = match sender["language_code"].as_str() {
        Some(tag) if tag.starts_with("fr") => Lang::FRENCH,
        _ => Lang::ENGLISH,
    };
    if let Some(contact) = message.get("contact") {
        return Some(contact_of(contact, account, from, number, &say(language, "chat-sent-contact")));
    }
    let written = message["text"].as_str().or_else(|| message["caption"].as_str()).unwrap_or_default().trim();
    if let Some(word) = written.strip_prefix(START)
        && (word.is_empty() || word.starts_with(' '))
    {
        // A link to the bot may hold a word, which counts as written.
        let word = word.trim();
        return Some(if word.is_empty() { CarrierEvent::Began { from } } else { chat(from, number, word.to_owned()) });
    }
    let media = MEDIA.iter().find(|(key, _)| message.get(*key).is_some()).map(|(_, words)| say(language, words));
    let place = message.get("location").and_then(|at| Some((at["latitude"].as_f64()?, at["longitude"].as_f64()?)));
    let place = place.map(|(north, east)| format!("{north:.5}, {east:.5}"));
    let parts = [media, place, Some(written.to_owned()).filter(|text| !text.is_empty())];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let text = if text.is_empty() { say(language, "chat-sent-other") } else { text };
    Some(chat(from, number, text))
}

/// A phone number counts only where it is that of the account which sends it: Telegram vouches for that. Anybody can send the card of
/// somebody else.
fn contact_of(contact: &Value, account: i64, from: Urn, number: i64, words: &str) -> CarrierEvent {
    let is_own = contact["user_id"].as_i64() == Some(account);
    match contact["phone_number"].as_str().filter(|_| is_own) {
        Some(phone) => CarrierEvent::Proved { from, phone: phone.to_owned() },
        None => chat(from, number, words.to_owned()),
    }
}

fn chat(from: Urn, number: i64, text: String) -> CarrierEvent {
    CarrierEvent::Chat { carrier_id: Some(format!("u{number}")), from, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(message: Value) -> Option<CarrierEvent> {
        let mut message = message;
        let sender = json!({"id": 42, "is_bot": false, "first_name": "Martha", "language_code": "en"});
        message["from"] = message.get("from").cloned().unwrap_or(sender);
        message["chat"] = message.get("chat").cloned().unwrap_or(json!({"id": 42, "type": "private"}));
        read(&json!({"update_id": 7, "message": message}), &|_, key| format!("[{key}]"))
    }

    fn text(message: Value) -> String {
        match event(message) {
            Some(CarrierEvent::Chat { text, carrier_id, .. }) => {
                assert_eq!(carrier_id.as_deref(), Some("u7"));
                text
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_text_becomes_a_sentence() {
        assert_eq!(text(json!({"text": "present *8h*"})), "present *8h*");
        assert_eq!(text(json!({"photo": [{}], "caption": "the cold box"})), "[chat-sent-photo] the cold box");
        assert_eq!(text(json!({"voice": {}})), "[chat-sent-voice]");
        let place = json!({"location": {"latitude": 6.300774, "longitude": -10.79716}});
        assert_eq!(text(place), "[chat-sent-place] 6.30077, -10.79716");
        assert_eq!(text(json!({"poll": {}})), "[chat-sent-other]");
    }

    #[test]
    fn start_opens_a_chat_and_its_word_counts_as_written() {
        assert!(matches!(event(json!({"text": "/start"})), Some(CarrierEvent::Began { .. })));
        assert_eq!(text(json!({"text": "/start JOIN"})), "JOIN");
        assert_eq!(text(json!({"text": "/started"})), "/started");
    }

    #[test]
    fn only_ones_own_number_counts() {
        let own = event(json!({"contact": {"phone_number": "231770000001", "user_id": 42}}));
        assert!(matches!(own, Some(CarrierEvent::Proved { phone, .. }) if phone == "231770000001"));
        for other in [json!({"phone_number": "231770000001", "user_id": 43}), json!({"phone_number": "231770000001"})] {
            assert_eq!(text(json!({"contact": other})), "[chat-sent-contact]");
        }
    }

    #[test]
    fn groups_and_bots_are_none_of_our_business() {
        assert_eq!(event(json!({"text": "x", "chat": {"id": -5, "type": "group"}})), None);
        assert_eq!(event(json!({"text": "x", "from": {"id": 42, "is_bot": true}})), None);
        assert_eq!(read(&json!({"update_id": 1, "edited_message": {"text": "x"}}), &|_, _| String::new()), None);
        assert_eq!(read(&json!([]), &|_, _| String::new()), None);
    }
}
