//! What the texts of one pass need to know of their numbers, read for all of them at once. A text is decided on it once: when
//! another writer was faster, the decision is taken again on what the store then says.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mhero_core::{PersonId, Urn};
use mhero_store::{ContactRecord, ConversationRow, HeardFrom, Holder, IntakeRow, LastSent, SessionRow};

use crate::{App, AppError};

/// What was read of one number along with the others of the pass.
#[derive(Debug)]
pub(crate) struct Known {
    number: HeardFrom,
    people: Arc<HashMap<PersonId, ContactRecord>>,
}

/// A text with what is known of its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    /// The text.
    pub(super) row: &'a IntakeRow,
    /// `None`: the store is asked.
    pub(super) known: Option<&'a Known>,
}

/// Texts of different phones that are decided together.
pub(super) struct Pass {
    numbers: HashMap<String, Known>,
}

impl Pass {
    /// What is known of the number that a text came from; `None` where the store must be asked.
    pub(super) fn of(&self, row: &IntakeRow) -> Option<&Known> {
        if row.scheme == Urn::TEL { self.numbers.get(&row.path) } else { None }
    }

    /// Whether a text must wait until the others are done: somebody who has its phone has another one of this pass too, and
    /// decisions about a person are taken one after another.
    pub(super) fn shares_somebody(&self, row: &IntakeRow, taken: &mut HashSet<PersonId>) -> bool {
        let Some(known) = self.of(row) else { return false };
        let talking = known.number.open.iter().map(|(conversation, _)| conversation.person);
        let people: HashSet<PersonId> =
            known.number.holders.iter().map(|holder| holder.person).chain(talking).collect();
        let shares = people.iter().any(|person| taken.contains(person));
        taken.extend(people);
        shares
    }
}

impl App {
    /// Reads what some texts need. Where that fails nothing is known, and each asks for itself: what can't be read of one
    /// number holds up no other.
    pub(super) async fn pass_over(&self, rows: &[IntakeRow]) -> Pass {
        self.read_pass(rows).await.unwrap_or_else(|error| {
            tracing::warn!(texts = rows.len(), %error, "what is known of several numbers could not be read at once");
            Pass { numbers: HashMap::new() }
        })
    }

    async fn read_pass(&self, rows: &[IntakeRow]) -> Result<Pass, AppError> {
        let paths: Vec<&str> = rows.iter().filter(|row| row.scheme == Urn::TEL).map(|row| row.path.as_str()).collect();
        if paths.is_empty() {
            return Ok(Pass { numbers: HashMap::new() });
        }
        // Where a word may begin a flow, anybody may be spoken with.
        let with_people = !self.around_flows().await?.triggers.is_empty();
        let now = self.clock().now_micros();
        let heard = self.store().heard_from(Urn::TEL, &paths, (with_people, now)).await?;
        let people = Arc::new(heard.people);
        let numbers = heard.numbers.into_iter();
        let known = numbers.map(|(path, number)| (path, Known { number, people: Arc::clone(&people) }));
        Ok(Pass { numbers: known.collect() })
    }

    /// The last message that went to a number.
    pub(super) async fn last_sent_of(&self, text: Text<'_>) -> Result<Option<LastSent>, AppError> {
        match text.known {
            Some(known) => Ok(known.number.last.clone()),
            None => Ok(self.store().last_sent_to(&text.row.scheme, &text.row.path).await?),
        }
    }

    /// The lists that a number asked to leave.
    pub(super) async fn stops_of(&self, text: Text<'_>) -> Result<Vec<String>, AppError> {
        match text.known {
            Some(known) => Ok(known.number.stops.clone()),
            None => Ok(self.store().stops(&text.row.scheme, &text.row.path).await?),
        }
    }

    /// Everybody who has a number, first come first.
    pub(crate) async fn holders_of(
        &self,
        (scheme, path): (&str, &str),
        known: Option<&Known>,
    ) -> Result<Vec<Holder>, AppError> {
        match known {
            Some(known) => Ok(known.number.holders.clone()),
            None => Ok(self.store().holders(scheme, path).await?),
        }
    }

    /// The conversations of a number that have not ended, the deepest first, each with its session.
    pub(crate) async fn open_at(
        &self,
        (scheme, path): (&str, &str),
        known: Option<&Known>,
    ) -> Result<Vec<(ConversationRow, Option<SessionRow>)>, AppError> {
        if let Some(known) = known {
            return Ok(known.number.open.clone());
        }
        let mut found = Vec::new();
        for conversation in self.store().open_conversations(scheme, path).await? {
            let session = self.store().session_of(conversation.id).await?;
            found.push((conversation, session));
        }
        Ok(found)
    }

    /// A person as flows see them.
    pub(crate) async fn record_of(
        &self,
        person: PersonId,
        known: Option<&Known>,
    ) -> Result<Option<ContactRecord>, AppError> {
        if let Some(record) = known.and_then(|known| known.people.get(&person)) {
            return Ok(Some(record.clone()));
        }
        Ok(self.store().contact_record(person, self.clock().now_micros()).await?)
    }
}
