//! The settings of a code that phones dial.

use std::{collections::BTreeMap, fmt};

use jiff::SignedDuration;
use mhero_app::{
    AppError,
    ports::{Field, ScreenRules, Shape},
};
use mhero_core::ChannelId;

use super::{KIND, ROUTE};
use crate::{
    given::{Given, keys},
    http::{Common, Escape, field, names},
};

/// What a page asks for, the needed ones first.
pub(super) const FIELDS: [Field; 18] = [
    Field::must("word"),
    Field::may("style").choice(&["africastalking", "http"]).first(),
    field::CALLBACK,
    Field::may("sms").first(),
    Field::may("answer_within").number(2, 25, "8").first(),
    Field::may("resume_minutes").number(0, 1_440, "30"),
    Field::may("letters").number(60, 182, "160"),
    Field::may("more"),
    Field::may("session_field"),
    Field::may("phone_field"),
    Field::may("text_field"),
    Field::may("typed").choice(&["all", "last"]),
    Field::may("id_field"),
    Field::may("screen_type").choice(&["text/plain", "application/json", "text/xml"]),
    Field::may("screen_goes_on").shaped(Shape::Lines),
    Field::may("screen_ends").shaped(Shape::Lines),
    field::SECRET,
    field::ALLOW,
];
/// The keys, and which of them are secrets.
pub(super) const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// Types of screens, and as they are sent.
const TYPES: &[(&str, &str)] = &[
    ("text/plain", "text/plain; charset=utf-8"),
    ("application/json", "application/json"),
    ("text/xml", "text/xml; charset=utf-8"),
];
/// Settings that go with another gateway only, and what holds without them.
const OF_OTHERS: [(&str, &str); 8] = [
    ("session_field", ""),
    ("phone_field", ""),
    ("text_field", ""),
    ("typed", "all"),
    ("id_field", ""),
    ("screen_type", "text/plain"),
    ("screen_goes_on", ""),
    ("screen_ends", ""),
];
/// How Africa's Talking wants a screen that waits for an answer, and many who copied it.
const GOES_ON: &str = "CON {{text}}";
/// The last one.
const ENDS: &str = "END {{text}}";
/// Letters of a screen, unless set otherwise: 160 bytes hold 182, but some networks take 160 only.
const LETTERS: usize = 160;
/// How long the network waits, in seconds, unless it is set otherwise.
const ANSWER_SECONDS: i64 = 8;
/// Who dials again within so many minutes goes on where they stopped.
const RESUME_MINUTES: i64 = 30;
/// What is typed for the next page.
const MORE: &str = "98";
/// Longest of that, in letters.
const MORE_MAX: usize = 5;
/// Longest word, in bytes.
const WORD_MAX: usize = 60;

/// What is known about one code.
pub(super) struct Settings {
    pub(super) common: Common,
    pub(super) rules: ScreenRules,
    /// The channel of SMS for what finds no screen.
    pub(super) sms: Option<String>,
    pub(super) fields: Names,
    pub(super) screen_type: &'static str,
    pub(super) escape: Escape,
    pub(super) goes_on: String,
    pub(super) ends: String,
}

/// How a network calls what it brings.
pub(super) struct Names {
    pub(super) session: String,
    pub(super) phone: String,
    pub(super) text: String,
    pub(super) id: Option<String>,
    /// The text is all that was typed since the code was dialled.
    pub(super) has_all: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("channel", &self.common.channel).finish_non_exhaustive()
    }
}

impl Settings {
    /// Reads the settings of a channel.
    pub(super) fn read(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let is_http = given.choice("style", &[("africastalking", false), ("http", true)])?;
        if !is_http {
            // A page sends what holds anyway for each choice.
            let is_own = |(key, usual): &(&str, &str)| given.get(key).is_some_and(|value| value != *usual);
            if let Some((key, _)) = OF_OTHERS.iter().find(|one| is_own(one)) {
                return Err(given.invalid("ussd-style", key, []));
            }
        }
        let own = |key: &str, usual: &str| given.get(key).unwrap_or(usual).to_owned();
        let screen_type = given.choice("screen_type", TYPES)?;
        let settings = Self {
            rules: rules(&given)?,
            sms: given.get("sms").map(ToOwned::to_owned),
            fields: Names {
                session: own("session_field", "sessionId"),
                phone: own("phone_field", "phoneNumber"),
                text: own("text_field", "text"),
                id: given.get("id_field").map(ToOwned::to_owned),
                has_all: given.choice("typed", &[("all", true), ("last", false)])?,
            },
            screen_type,
            escape: Escape::of(screen_type),
            goes_on: template(&given, "screen_goes_on", (GOES_ON, screen_type))?,
            ends: template(&given, "screen_ends", (ENDS, screen_type))?,
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
        };
        Ok(settings)
    }
}

fn rules(given: &Given<'_>) -> Result<ScreenRules, AppError> {
    let word = given.field("word", WORD_MAX)?.map(ToOwned::to_owned);
    let word = word.map_or_else(|| given.must("word").map(ToOwned::to_owned), Ok)?;
    let more = given.get("more").unwrap_or(MORE).to_owned();
    if more.chars().count() > MORE_MAX || !more.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '#') {
        return Err(given.invalid("ussd-more-key", "more", [("value", more), ("max", MORE_MAX.to_string())]));
    }
    let seconds = given.number("answer_within", 2, 25)?.unwrap_or(ANSWER_SECONDS);
    let minutes = given.number("resume_minutes", 0, 1_440)?.unwrap_or(RESUME_MINUTES);
    Ok(ScreenRules {
        word,
        letters: given.number("letters", 60, 182)?.unwrap_or(LETTERS),
        answer_within: SignedDuration::from_secs(seconds),
        resume_within: SignedDuration::from_mins(minutes),
        more,
    })
}

/// The template of a screen, which must hold the text, and be JSON where that is its type.
fn template(given: &Given<'_>, key: &'static str, (usual, kind): (&str, &str)) -> Result<String, AppError> {
    let Some(own) = given.get(key) else {
        let is_text = kind.starts_with("text/plain");
        return if is_text { Ok(usual.to_owned()) } else { Err(given.invalid("channel-missing", key, [])) };
    };
    let known = names(own);
    if known.is_empty() || known.iter().any(|name| name != "text" && name != "session") {
        return Err(given.invalid("ussd-screen", key, []));
    }
    if kind.contains("json") {
        let sample = crate::http::fill(own, |_, out| {
            out.push_str("\"x\"");
            true
        });
        serde_json::from_str::<serde_json::Value>(&sample)
            .map_err(|error| given.invalid("external-body-json", key, [("detail", error.to_string())]))?;
    }
    Ok(own.to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn settings(pairs: &[(&str, &str)]) -> Result<Settings, AppError> {
        let base = [("word", "MENU")];
        let config = base.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::read(ChannelId::from_uuid(uuid::Uuid::nil()), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn wrong_settings_are_named() {
        let http = ("style", "http");
        for (pairs, rule) in [
            (&[("word", "")][..], "channel-missing"),
            (&[("style", "smpp")], "channel-choice"),
            (&[("typed", "last")], "ussd-style"),
            (&[("letters", "200")], "channel-number"),
            (&[("answer_within", "60")], "channel-number"),
            (&[("more", "more, please")], "ussd-more-key"),
            (&[http, ("screen_type", "application/json")], "channel-missing"),
            (&[http, ("screen_goes_on", "CON")], "ussd-screen"),
            (&[http, ("screen_goes_on", "{{txt}}")], "ussd-screen"),
            (
                &[http, ("screen_type", "application/json"), ("screen_goes_on", r#"{"m":"{{text}}"}"#)],
                "external-body-json",
            ),
            (&[("secret", "short")], "channel-secret"),
        ] {
            match settings(pairs) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{pairs:?}"),
                other => panic!("{pairs:?} gave {other:?}"),
            }
        }
        assert!(settings(&[]).is_ok());
        let as_a_page_sends =
            [("style", "africastalking"), ("typed", "all"), ("screen_type", "text/plain"), ("sms", "")];
        assert!(settings(&as_a_page_sends).is_ok());
    }
}
