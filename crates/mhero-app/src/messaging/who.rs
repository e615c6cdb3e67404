//! Who is writing: several people share a phone, and more than one of them was asked something. The text is held, the phone is
//! asked who is there, and the answer gives the text to that person's conversation.

use mhero_core::{ChannelId, Lane, MessageId, PersonId};
use mhero_store::{Holder, IntakeRow, Queue, Timer, Unit};
use serde::{Deserialize, Serialize};

use super::{auto_reply::AutoReply, to_flow::Waiting};
use crate::{
    App, AppError,
    flows::{Answered, HeardText},
};

/// How long a text is held, in microseconds. After that the next one is asked about anew.
const HELD_MICROS: i64 = 3_600_000_000;
/// The timer that ends the holding.
pub(crate) const TIMER: &str = "who-asked";
/// Characters of each name in the question, so that it stays one SMS.
const NAME_CHARS: usize = 20;
/// People named in the question.
const PEOPLE_MAX: usize = 4;

/// A text that is held.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Held {
    message: MessageId,
    channel: ChannelId,
    text: String,
    carrier_id: Option<String>,
    received_at: i64,
    /// Who was asked about, in the order of the numbers in the question.
    people: Vec<PersonId>,
}

/// Whose text it is.
pub(super) enum Writer {
    /// This person's, whose conversation waits. With the text that was held, where this one only says who.
    Known(Box<Waiting>, Option<Held>),
    /// Asked, as part of the unit.
    Asked,
}

impl Held {
    /// The held text as a session is told of it.
    pub(super) fn heard<'a>(&'a self, number: (&'a str, &'a str)) -> HeardText<'a> {
        HeardText {
            message: self.message,
            channel: self.channel,
            number,
            text: &self.text,
            carrier_id: self.carrier_id.as_deref(),
            received_at: self.received_at,
            known: None,
        }
    }
}

impl App {
    /// Whose text it is, of those who wait at its number, the one written to last first.
    pub(super) async fn writer(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        mut waiting: Vec<Waiting>,
    ) -> Result<Option<Writer>, AppError> {
        if waiting.is_empty() {
            return Ok(None);
        }
        if waiting.len() == 1 {
            return Ok(Some(Writer::Known(Box::new(waiting.remove(0)), None)));
        }
        let number = (row.scheme.as_str(), row.path.as_str());
        let holders = self.store().holders(number.0, number.1).await?;
        let held = self.store().held_text(number.0, number.1).await?;
        let fresh = held.filter(|(_, at)| row.received_at - at < HELD_MICROS);
        if let Some(held) = fresh.and_then(|(json, _)| serde_json::from_str::<Held>(&json).ok()) {
            unit.who_answered(number).clear_timer(TIMER, &timer_key(number));
            let said = named(&row.text, &held.people, &holders);
            let chosen = said.and_then(|person| waiting.iter().position(|one| one.conversation.person == person));
            // Who does not say it is taken for the one who was asked last: nobody is asked twice.
            let chosen = waiting.swap_remove(chosen.unwrap_or(0));
            return Ok(Some(Writer::Known(Box::new(chosen), Some(held))));
        }
        let people: Vec<PersonId> = waiting.iter().map(|one| one.conversation.person).take(PEOPLE_MAX).collect();
        let held = Held {
            message: MessageId::from_uuid(row.id.uuid()),
            channel: row.channel,
            text: row.text.clone(),
            carrier_id: row.carrier_id.clone(),
            received_at: row.received_at,
            people: people.clone(),
        };
        unit.ask_who(number, &serde_json::to_string(&held).unwrap_or_default(), row.received_at);
        unit.set_timer(self.store(), TIMER, &timer_key(number), row.received_at + HELD_MICROS, "{}");
        let facts = self.facts_cached().await?;
        let first = holders.iter().find(|holder| Some(&holder.person) == people.first());
        let language = first.and_then(|holder| holder.language).unwrap_or_else(|| facts.default_language());
        let names: Vec<String> =
            people.iter().enumerate().map(|(at, person)| format!("{} {}", at + 1, shown(*person, &holders))).collect();
        let args = vec![("names", names.join(", "))];
        let reply = AutoReply { key: "reply-who", args, language, lane: Lane::Reply };
        self.add_auto_reply(unit, row, people[0], None, &reply).await?;
        Ok(Some(Writer::Asked))
    }
}

impl App {
    /// Nobody said who it was: the text counts as that of the one who was asked last, and when nobody waits any more an
    /// official reads it. No accepted text is lost.
    pub(crate) async fn nobody_said_who(&self, timer: &Timer) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Some((scheme, path)) = timer.key.split_once(':')
            && let Some((json, _)) = self.store().held_text(scheme, path).await?
        {
            unit.who_answered((scheme, path));
            if let Ok(held) = serde_json::from_str::<Held>(&json) {
                let mut waiting = self.waiting_at((scheme, path), None, None).await?;
                let heard = held.heard((scheme, path));
                let taken = match waiting.first() {
                    Some(_) => {
                        let first = waiting.swap_remove(0);
                        let to = (first.session, first.conversation);
                        self.answer_session(&mut unit, to, &heard, false).await? == Answered::Yes
                    }
                    None => false,
                };
                if !taken && let Some(person) = held.people.first() {
                    self.thread_of(&mut unit, *person, (scheme, path), held.received_at).await?;
                }
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }
}

fn timer_key((scheme, path): (&str, &str)) -> String {
    format!("{scheme}:{path}")
}

/// The person that a text names: by the number in the question, or by a word of the name.
fn named(text: &str, people: &[PersonId], holders: &[Holder]) -> Option<PersonId> {
    let folded = mhero_query::fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if let [word] = words.as_slice()
        && let Ok(number) = word.parse::<usize>()
    {
        return people.get(number.checked_sub(1)?).copied();
    }
    let has_word = |person: &&PersonId| {
        let name = mhero_query::fold(&shown(**person, holders));
        name.split_whitespace().any(|part| words.contains(&part))
    };
    let mut fitting = people.iter().filter(has_word);
    // A word that fits several says nothing.
    fitting.next().filter(|_| fitting.next().is_none()).copied()
}

fn shown(person: PersonId, holders: &[Holder]) -> String {
    let name = holders.iter().find(|holder| holder.person == person).map(|holder| holder.name.as_str());
    name.unwrap_or_default().chars().take(NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_word_of_the_name_says_who() {
        let id = |n: u128| PersonId::from_uuid(uuid::Uuid::from_u128(n));
        let holder = |n: u128, name: &str| Holder {
            person: id(n),
            name: name.into(),
            language: None,
            standing: "worker".into(),
            active: true,
            is_primary: false,
            version: 1,
        };
        let holders = [holder(1, "Martha Kollie"), holder(2, "Joseph Kollie")];
        let people = [id(1), id(2)];
        for (text, expected) in [
            ("2", Some(id(2))),
            (" 1. ", Some(id(1))),
            ("it is MARTHA", Some(id(1))),
            ("Kollie", None),
            ("3", None),
            ("12 strips", None),
        ] {
            assert_eq!(named(text, &people, &holders), expected, "{text}");
        }
    }
}
