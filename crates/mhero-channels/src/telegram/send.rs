//! Handing a message over. It goes as it stands: marks in it mean nothing there, so that no letter that somebody wrote breaks it.

use std::time::Duration;

use jiff::SignedDuration;
use mhero_app::{
    messaging::Choices,
    ports::{Outcome, Outgoing},
};
use mhero_core::Urn;
use serde_json::{Value, json};

use super::{Bot, SCHEME, api::Said};
use crate::http::Trouble;

/// Buttons of one message.
const BUTTONS_MAX: usize = 20;
/// Letters of one button.
const BUTTON_LETTERS: usize = 64;

/// Hands over one part.
pub(super) async fn submit(bot: &Bot, outgoing: &Outgoing) -> Outcome {
    let chat = outgoing.to.path().parse::<i64>();
    let (SCHEME, Ok(chat)) = (outgoing.to.scheme(), chat) else {
        return Outcome::Refused { reason: "telegram-no-account".to_owned() };
    };
    let choices = match bot.app.choices_of(outgoing.message).await {
        Ok(choices) => choices,
        Err(error) => {
            tracing::error!(channel = %bot.channel, %error, "the buttons of a message can't be read");
            return not_sent("telegram-not-now", SignedDuration::from_secs(1));
        }
    };
    let mut message = json!({ "chat_id": chat, "text": outgoing.text });
    // The last part has the buttons.
    if outgoing.part == outgoing.parts {
        message["reply_markup"] = markup(&choices);
    }
    let said = bot.api.ask("sendMessage", &message, Duration::ZERO).await;
    outcome(bot, said)
}

/// Deletes a message from the chat: Telegram allows it for two days (Bot API, deleteMessage).
pub(super) async fn withdraw(bot: &Bot, to: &Urn, carrier_id: &str) -> bool {
    let (Ok(chat), Ok(message)) = (to.path().parse::<i64>(), carrier_id.parse::<i64>()) else { return false };
    let wanted = json!({ "chat_id": chat, "message_id": message });
    matches!(bot.api.ask("deleteMessage", &wanted, Duration::ZERO).await, Said::Done(_))
}

fn outcome(bot: &Bot, said: Said) -> Outcome {
    let refused = |reason: &str| Outcome::Refused { reason: reason.to_owned() };
    match said {
        Said::Done(result) => {
            bot.health.worked();
            Outcome::Accepted { carrier_id: result["message_id"].as_i64().map(|id| id.to_string()) }
        }
        Said::No { is_blocked: true, .. } => {
            bot.health.worked();
            Outcome::Stopped { reason: "telegram-blocked".to_owned() }
        }
        Said::No { code: 429, retry_after, .. } => {
            let rest = bot.health.failed(Trouble::Busy);
            not_sent("telegram-not-now", retry_after.map_or(rest, |asked| asked.max(rest)))
        }
        Said::No { code: 401 | 404, .. } => not_sent("telegram-unsent", bot.health.failed(Trouble::Password)),
        Said::No { .. } => {
            bot.health.worked();
            refused("telegram-refused")
        }
        Said::NoConnection => not_sent("telegram-unreached", bot.health.failed(Trouble::Unreachable)),
        Said::Unknown(trouble) => {
            bot.health.failed(trouble);
            Outcome::Unknown { reason: "telegram-unanswered".to_owned() }
        }
    }
}

fn not_sent(reason: &str, after: SignedDuration) -> Outcome {
    Outcome::NotSent { reason: reason.to_owned(), retry_after: Some(after) }
}

/// The buttons of a message; where it has none, those of the one before go.
fn markup(choices: &Choices) -> Value {
    if choices.texts.is_empty() {
        return json!({ "remove_keyboard": true });
    }
    let button = |text: &String| {
        let text: String = text.chars().take(BUTTON_LETTERS).collect();
        if choices.asks_number { json!({ "text": text, "request_contact": true }) } else { json!({ "text": text }) }
    };
    // One a row: they are read one below the other, as in the text.
    let rows: Vec<Value> = choices.texts.iter().take(BUTTONS_MAX).map(|text| json!([button(text)])).collect();
    json!({ "keyboard": rows, "resize_keyboard": true, "one_time_keyboard": true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_stand_below_one_another_and_go_with_the_next_message() {
        let texts = vec!["Yes".to_owned(), "No".to_owned()];
        let asked = markup(&Choices { texts, asks_number: false });
        assert_eq!(asked["keyboard"], json!([[{"text": "Yes"}], [{"text": "No"}]]));
        let number = markup(&Choices { texts: vec!["Show".to_owned()], asks_number: true });
        assert_eq!(number["keyboard"], json!([[{"text": "Show", "request_contact": true}]]));
        assert_eq!(markup(&Choices::default()), json!({"remove_keyboard": true}));
    }
}
