//! Whose a contact is: one of our people, as they were written out or came from its register; who has its number; else a stranger,
//! as with any text from a number that nobody knows.

use mhero_app::ports::BackendError;
use mhero_core::PersonId;
use mhero_store::{Holder, Unit};
use mhero_wire::rapidpro::Urn;

use crate::{Backends, BackendsError, runner::At};

/// The scheme of a contact whose address its workspace hides.
const HIDDEN: &str = "ext";

/// Whom something belongs to that was read back.
pub(crate) struct Whose {
    pub(crate) person: PersonId,
    pub(crate) scheme: String,
    pub(crate) path: String,
    /// What must be written to make a new stranger exist.
    pub(crate) introduce: Unit,
}

/// An address as ours: whoever has a phone is known by its number.
pub(crate) fn number(urn: &Urn) -> (String, String) {
    match urn.phone() {
        Some(phone) => ("tel".to_owned(), phone),
        None => (urn.scheme.clone(), urn.path.clone()),
    }
}

/// Who is meant at a number, of all who have it.
fn meant(holders: &[Holder]) -> Option<&Holder> {
    let is_worker = |holder: &&Holder| holder.standing == "worker";
    holders
        .iter()
        .filter(is_worker)
        .find(|holder| holder.is_primary)
        .or_else(|| holders.iter().filter(is_worker).find(|holder| holder.active))
        .or_else(|| holders.first())
}

impl Backends {
    /// Whose a contact is; `None` where nobody knows, because its address is hidden or it is no more. A back end that does not
    /// answer is the inner error.
    pub(crate) async fn whose(
        &self,
        at: &At<'_>,
        contact: &str,
        told: Option<&Urn>,
    ) -> Result<Result<Option<Whose>, BackendError>, BackendsError> {
        let store = self.app.store();
        let known = store.backend_who(at.source.id, contact).await?;
        let mut urn = told.cloned();
        if urn.is_none() && known.is_none() {
            urn = match at.backend.contact(contact).await {
                Ok(found) => found.and_then(|found| found.urns.into_iter().next()),
                Err(error) => return Ok(Err(error)),
            };
        }
        let (scheme, path) = urn.as_ref().map_or_else(|| (HIDDEN.to_owned(), contact.to_owned()), number);
        let mut introduce = Unit::new();
        let person = match (known, &urn) {
            (Some(person), _) => person,
            (None, None) => return Ok(Ok(None)),
            (None, Some(_)) => {
                let holders = store.holders(&scheme, &path).await?;
                match meant(&holders) {
                    Some(holder) => holder.person,
                    None => {
                        let person = store.mint().id(PersonId::from_uuid);
                        let now = self.app.clock().now_micros();
                        introduce.add_stranger(person, store.mint().uuid(), (&scheme, &path), now);
                        introduce.changed("person", person.uuid(), "created", now);
                        person
                    }
                }
            }
        };
        Ok(Ok(Some(Whose { person, scheme, path, introduce })))
    }
}
