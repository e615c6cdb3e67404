//! A number that is somebody else's, and one that its owner confirmed.

use mhero_core::{Lang, MessageId, PersonId, Right};
use mhero_store::{Queue, Unit};
use mhero_text::reply::{Meaning, Outcome};

use crate::{App, AppError, Caller};

/// The words by which somebody says that they are not whom we write to, with their languages.
const NOT_ME: [(&str, Lang); 2] = [("NOTME", Lang::ENGLISH), ("PASMOI", Lang::FRENCH)];

/// What a text means that is one of the words for it: it counts whatever was asked, and in every conversation.
pub(crate) fn said_not_me(text: &str) -> Option<Outcome> {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let (_, lang) = NOT_ME.into_iter().find(|(word, _)| letters.eq_ignore_ascii_case(word))?;
    // "not me" in two words may be an answer that a question asked for: it is understood with the question.
    let is_one_word = text.split_whitespace().count() == 1;
    is_one_word.then_some(Outcome { meaning: Meaning::NotMe, lang: Some(lang), forward: true })
}

impl App {
    /// Adds to a unit that somebody at a number is not the person whom we write to: the number leaves the person's record at once,
    /// and what still waits there for them does not leave.
    pub(crate) async fn mark_wrong_person(
        &self,
        unit: &mut Unit,
        number: (&str, &str),
        person: PersonId,
        message: MessageId,
    ) -> Result<(), AppError> {
        let holders = self.store().holders(number.0, number.1).await?;
        let is_worker = |holder: &&mhero_store::Holder| holder.person == person && holder.standing == "worker";
        if !holders.iter().any(|holder| is_worker(&holder)) {
            return Ok(());
        }
        let now = self.clock().now_micros();
        unit.number_wrong(number, person, Some(message), now);
        unit.cancel_waiting_for(number, person, now);
        unit.changed("person", person.uuid(), "number", now);
        Ok(())
    }

    /// An official says that a number is not this person's.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to edit people; [`AppError::NotFound`] for a person outside the caller's scope.
    pub async fn number_is_not_theirs(&self, caller: &Caller, person: PersonId, path: &str) -> Result<(), AppError> {
        caller.must(Right::EditPeople)?;
        self.must_see(caller, person).await?;
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.number_wrong(("tel", path), person, None, now);
        unit.cancel_waiting_for(("tel", path), person, now);
        unit.changed("person", person.uuid(), "number", now);
        unit.audit(
            self.store(),
            &caller.entry("number-not-theirs", "person", Some(person.uuid()), serde_json::json!({})),
        );
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Takes back that numbers of a person are somebody else's: those that stand in the record are theirs again.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to edit people; [`AppError::NotFound`] for a person outside the caller's scope.
    pub async fn numbers_are_theirs(&self, caller: &Caller, person: PersonId) -> Result<usize, AppError> {
        caller.must(Right::EditPeople)?;
        self.must_see(caller, person).await?;
        let numbering = self.numbering_cached().await?;
        let disowned = self.store().disowned_numbers(person).await?;
        let mut unit = Unit::new();
        let mut given_back = 0;
        for (row, raw) in disowned {
            for path in numbering.read_all(&raw).iter().filter_map(|reading| reading.e164()) {
                unit.number_right_again(("tel", path), person, &[row]);
                given_back += 1;
            }
        }
        if given_back > 0 {
            let now = self.clock().now_micros();
            unit.changed("person", person.uuid(), "number", now);
            unit.audit(
                self.store(),
                &caller.entry("number-theirs-again", "person", Some(person.uuid()), serde_json::json!({})),
            );
            self.store().write(unit, Queue::Interactive).await?;
        }
        Ok(given_back)
    }

    async fn must_see(&self, caller: &Caller, person: PersonId) -> Result<(), AppError> {
        let record = self.store().person_record(&caller.scope, person).await?;
        record.map(|_| ()).ok_or_else(|| AppError::not_found("person", person))
    }
}
