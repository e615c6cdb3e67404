//! Who wrote: from a number to a person.

use mhero_core::PersonId;
use mhero_store::{Holder, LastSent, Unit};

use crate::{App, AppError};

/// The person behind a number, for one text.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// The person.
    pub(super) person: PersonId,
    /// The language they are known to read.
    pub(super) language: Option<mhero_core::Lang>,
    /// The first name, where several share the number: each text to one of them begins with it.
    pub(super) salutation: Option<String>,
    /// What must be written to make a new stranger exist.
    pub(super) introduce: Unit,
}

impl App {
    /// A message belongs to the conversation that last wrote to the number (`asked`: whom a flow asked there); else to the person primary for it; else to who
    /// had it first. An unknown number becomes a stranger, outside every audience.
    pub(super) async fn sender(
        &self,
        (scheme, path): (&str, &str),
        (asked, last): (Option<PersonId>, Option<&LastSent>),
        now: i64,
    ) -> Result<Sender, AppError> {
        let holders = self.store().holders(scheme, path).await?;
        Ok(self.sender_among(&holders, (scheme, path), (asked, last), now))
    }

    /// The same among those who have the number, the first come first.
    pub(super) fn sender_among(
        &self,
        holders: &[Holder],
        (scheme, path): (&str, &str),
        (asked, last): (Option<PersonId>, Option<&LastSent>),
        now: i64,
    ) -> Sender {
        let chosen = asked
            .and_then(|asked| holders.iter().find(|h| h.person == asked))
            .or_else(|| last.and_then(|last| holders.iter().find(|h| h.person == last.person)))
            .or_else(|| holders.iter().find(|h| h.is_primary && h.standing == "worker"))
            .or_else(|| holders.iter().find(|h| h.standing == "worker" && h.active))
            .or_else(|| holders.first());
        if let Some(holder) = chosen {
            return Sender {
                person: holder.person,
                language: holder.language,
                salutation: salutation(holder, holders),
                introduce: Unit::new(),
            };
        }
        let person = self.store().mint().id(PersonId::from_uuid);
        let mut introduce = Unit::new();
        introduce.add_stranger(person, self.store().mint().uuid(), (scheme, path), now);
        introduce.changed("person", person.uuid(), "created", now);
        Sender { person, language: None, salutation: None, introduce }
    }
}

/// The name that a text to a shared number begins with; `None` where nobody shares it.
pub(crate) fn salutation(holder: &Holder, holders: &[Holder]) -> Option<String> {
    let workers = holders.iter().filter(|h| h.standing == "worker").count();
    (workers > 1 && !holder.name.is_empty()).then(|| holder.name.clone())
}
