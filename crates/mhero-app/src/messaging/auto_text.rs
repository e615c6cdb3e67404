//! Texts that the system sends by itself, and how they are kept short.

use mhero_core::{ChannelId, Direction, Lane, Lang, MessageId, MessageKind, MessageState, PersonId, RetentionClass};
use mhero_store::{Guard, NewMessage, OutboxEntry, Unit};
use mhero_text::sms::{Encoding, measure, septets, substitute_costly};

use super::purpose::auto_conversation;
use crate::{App, ports::Words};

/// A value of a text is not shortened below so many characters: less tells nobody who or what is meant.
const VALUE_CHARS_MIN: usize = 10;
/// Variables that mean nothing once a part of them is gone: codes, numbers, times, words to text, lists to choose from.
const WHOLE: [&str; 12] =
    ["code", "number", "phone", "since", "count", "start", "stop", "keyword", "words", "topic", "topics", "names"];

/// A text of the system to one number.
pub(crate) struct AutoText<'a> {
    /// To whom.
    pub(crate) person: PersonId,
    /// Scheme and path of their number.
    pub(crate) number: (&'a str, &'a str),
    /// Through which channel; `None` for whichever fits.
    pub(crate) channel: Option<ChannelId>,
    /// How urgent it is.
    pub(crate) lane: Lane,
    /// The language of the text.
    pub(crate) language: Lang,
    /// The text.
    pub(crate) text: &'a str,
    /// Its cause: a second text of one cause makes the unit fail.
    pub(crate) dedupe_key: String,
    /// The text that it answers.
    pub(crate) reply_to: Option<MessageId>,
    /// Whether it leaves in quiet hours, too.
    pub(crate) quiet_exempt: bool,
}

impl App {
    /// Adds a text of the system to a unit, to leave as soon as it may. Returns its id.
    pub(crate) fn add_auto_text(&self, unit: &mut Unit, auto: AutoText<'_>) -> MessageId {
        let now = self.clock().now_micros();
        let body = self.store().mint().uuid();
        let id = self.store().mint().id(MessageId::from_uuid);
        let (scheme, path) = auto.number;
        let conversation = auto_conversation(scheme, path);
        unit.add_body(body, auto.text, RetentionClass::Message, now);
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Auto,
            state: MessageState::Waiting.as_str(),
            lane: auto.lane,
            person: auto.person,
            scheme: scheme.to_owned(),
            path: path.to_owned(),
            channel: auto.channel,
            conversation: Some(conversation),
            broadcast: None,
            thread: None,
            body,
            language: Some(auto.language),
            segments: i64::try_from(measure(auto.text).segments).unwrap_or(1),
            dedupe_key: auto.dedupe_key,
            reply_to: auto.reply_to,
            answers: None,
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: now,
        };
        let entry = OutboxEntry {
            message: id,
            channel: auto.channel,
            lane: auto.lane,
            conversation,
            sequence: now,
            broadcast: None,
            ready_at: now,
            quiet_exempt: auto.quiet_exempt,
        };
        unit.add_message(&message, Guard::Rows(1));
        unit.add_to_outbox(&entry, now);
        id
    }
}

/// Says a text in one SMS where its values allow: letters that double the price are replaced, then the longest value loses its end,
/// marked by a full stop, until it fits. Codes, numbers and times stay whole. `to` is the name with which a text to a shared number
/// begins.
pub(crate) fn say_short(
    words: &dyn Words,
    (language, key): (Lang, &str),
    args: &[(&'static str, String)],
    to: Option<&str>,
) -> String {
    const TO: &str = "to";
    let mut args: Vec<(&'static str, String)> = args.iter().map(|(name, value)| (*name, plain(value))).collect();
    args.extend(to.map(|name| (TO, plain(name))));
    loop {
        let said = words.say(language, key, &args);
        let text = match args.iter().find(|(name, _)| *name == TO) {
            Some((_, name)) => format!("{name}: {said}"),
            None => said,
        };
        let measured = measure(&text);
        // What no letter of GSM-7 can stand for takes a second one.
        let room = if measured.encoding == Encoding::Gsm7 { 1 } else { 2 };
        let longest = args
            .iter_mut()
            .filter(|(name, value)| !WHOLE.contains(name) && value.chars().count() > VALUE_CHARS_MIN)
            .max_by_key(|(_, value)| value.chars().count());
        match longest {
            Some((_, value)) if measured.segments > room => *value = without_end(value),
            _ => return text,
        }
    }
}

/// A value in letters that cost nothing, on one line. What has no such letter goes where most of the value stays without it.
fn plain(value: &str) -> String {
    let value = substitute_costly(value);
    let kept: String = value.chars().filter(|letter| septets(*letter).is_some()).collect();
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).count();
    let value = if letters(&kept) * 2 > letters(&value) { kept } else { value };
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value one character shorter.
fn without_end(value: &str) -> String {
    let letters = value.trim_end_matches('.').chars().count();
    let kept: String = value.chars().take(letters.saturating_sub(if value.ends_with('.') { 1 } else { 2 })).collect();
    format!("{}.", kept.trim_end_matches([' ', '.', ',', '-']))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use mhero_text::sms::is_gsm7;

    use super::*;

    /// The texts of some files of `locales/`, without selectors.
    struct Locale(BTreeMap<(Lang, String), String>);

    impl Locale {
        fn read() -> Self {
            let mut texts = BTreeMap::new();
            for (lang, folder) in [(Lang::ENGLISH, "en"), (Lang::FRENCH, "fr")] {
                for file in ["wayback", "sync", "approve", "trust"] {
                    let path = format!("{}/../../locales/{folder}/{file}.ftl", env!("CARGO_MANIFEST_DIR"));
                    let lines = std::fs::read_to_string(path).unwrap();
                    let lines = lines.lines().filter_map(|line| line.split_once(" = "));
                    texts.extend(lines.map(|(key, text)| ((lang, key.to_owned()), text.to_owned())));
                }
            }
            Self(texts)
        }

        fn texts_of_sms(&self) -> impl Iterator<Item = (Lang, &str, &str)> {
            let is_sms = |key: &str| key.contains("-sms-") || key.starts_with("alert-registry-");
            self.0
                .iter()
                .filter(move |((_, key), _)| is_sms(key))
                .map(|((lang, key), text)| (*lang, key.as_str(), text.as_str()))
        }
    }

    impl Words for Locale {
        fn say(&self, language: Lang, key: &str, args: &[(&'static str, String)]) -> String {
            let text = self.0[&(language, key.to_owned())].clone();
            args.iter().fold(text, |text, (name, value)| text.replace(&format!("{{ ${name} }}"), value))
        }
    }

    /// Values as long as registers have them, with letters that cost.
    fn long(key: &str, name: &str) -> &'static str {
        match name {
            // The number of what waits for a yes, not of a phone.
            "number" if key.starts_with("approval-") => "90210",
            "code" => "4821",
            "count" => "3898",
            "words" => "902, 903",
            "number" | "phone" => "+231770000555",
            "since" => "2026-05-14 09:34",
            "job" => "Infirmière diplômée d’État en santé communautaire",
            "place" | "new" | "other" => "Hôpital préfectoral François-Xavier de Forécariah-Benty “annexe”",
            "field" => "Établissement de santé",
            _ => "Marie-Françoise Bénédicte N’Gbèssô-Kourouma épouse Wleh",
        }
    }

    #[test]
    fn every_text_of_the_way_back_is_one_plain_sms_however_long_its_values_are() {
        let (locale, mut seen) = (Locale::read(), 0);
        for (lang, key, text) in locale.texts_of_sms() {
            let names = text.split("{ $").skip(1).filter_map(|rest| rest.split_once(" }"));
            let args: Vec<(&'static str, String)> =
                names.map(|(name, _)| (&*name.to_owned().leak(), long(key, name).to_owned())).collect();
            for to in [None, Some("Marie-Françoise Bénédicte Kourouma épouse Wleh")] {
                let said = say_short(&locale, (lang, key), &args, to);
                assert!(is_gsm7(&said), "{lang} {key}: {said}");
                assert_eq!(measure(&said).segments, 1, "{lang} {key}: {said}");
                assert!(!said.contains('{'), "{lang} {key}: {said}");
                for (name, value) in args.iter().filter(|(name, _)| WHOLE.contains(name)) {
                    assert!(said.contains(value.as_str()), "{lang} {key} cut ${name}: {said}");
                }
            }
            // A name that no Latin letter can stand for takes a second one, and no third.
            let args: Vec<_> = args
                .iter()
                .map(|(name, value)| {
                    (
                        *name,
                        if WHOLE.contains(name) {
                            value.clone()
                        } else {
                            "محمد عبد الرحمن الشيخ سيدي ولد أحمد".to_owned()
                        },
                    )
                })
                .collect();
            let said = say_short(&locale, (lang, key), &args, None);
            assert!(measure(&said).segments <= 2, "{lang} {key}: {said}");
            seen += 1;
        }
        assert!(seen >= 20, "{seen} texts");
    }

    #[test]
    fn short_values_stay_and_long_ones_lose_their_end() {
        let locale = Locale::read();
        let say = |name: &str| {
            say_short(&locale, (Lang::ENGLISH, "wayback-sms-approved"), &[("name", name.to_owned())], None)
        };
        assert_eq!(say("Joseph\n Tarr 😀"), "Thank you. Joseph Tarr is confirmed.");
        let long = say(&"Annabella ".repeat(30));
        assert!(long.contains("Annabella Annabella Ann") && long.ends_with(". is confirmed."), "{long}");
        assert_eq!(measure(&long).units, 160);
    }
}
