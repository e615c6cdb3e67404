//! CSD, the directory format of OpenInfoMan and iHRIS 4 (IHE Care Services Discovery, namespace `urn:ihe:iti:csd:2013`): read
//! leniently, written strictly.
//!
//! An entity is kept as the element it is, so that nothing is lost that mHero does not map, and is read through thin views.
//! Directories in the field break their schema in known ways: elements in any order, `urn` for `entityID`, references to
//! nothing, empty ids, dates of the year 0, bare ampersands. All of that is read; what can't be read becomes a warning. What is
//! written holds to the schema. A document type is refused, so no entity can grow.

mod asked;
mod contacts;
mod edit;
mod element;
mod error;
mod find;
mod reader;
mod record;
mod schema;
mod soap;
mod view;
mod write;

pub use asked::{Asked, Question, Soap, Sought};
pub use contacts::contacts;
pub use edit::{Difference, EDITABLE, edit, is_of_place, is_unchanged, touch, value_of};
pub use element::{Attribute, Element, Node};
pub use error::CsdError;
pub use find::{Find, Function};
pub use reader::{Entities, Entity, Item};
pub use record::{entity_id, record, stamp};
pub use schema::strict;
pub use soap::updates_request;
pub use write::{Document, Stamps, facility, organization, provider};

/// The namespace of every CSD element.
pub const NAMESPACE: &str = "urn:ihe:iti:csd:2013";
/// The coding scheme of contact points: `BP` is a phone.
pub const CONTACT_POINT: &str = "urn:ihe:iti:csd:2013:contactPoint";
/// The `urn` of an extension that holds a value of a facility check; its `type` is the field's key.
pub const PLACE_VALUE: &str = "urn:mhero:facility-value";
/// The system under which FHIR lists ids that are URNs themselves; entity ids come in under it, so that a person whom two
/// directories hold is one.
pub const URN_SYSTEM: &str = "urn:ietf:rfc:3986";
/// The code of the other id that ties a provider to a contact of RapidPro.
pub const RAPIDPRO_CODE: &str = "rapidpro_contact_id";
/// The system that RapidPro contact ids have in FHIR, whatever the server.
pub const RAPIDPRO_SYSTEM: &str = "http://app.rapidpro.io/contact-uuid";

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A ministry, county, hospital group: what facilities belong to.
    Organization,
    /// A kind of care that facilities offer.
    Service,
    /// A place where people work.
    Facility,
    /// A health worker.
    Provider,
}

impl Kind {
    /// All kinds, in the order of the document.
    pub const ALL: [Self; 4] = [Self::Organization, Self::Service, Self::Facility, Self::Provider];

    /// The name of its element, and of the record's kind: `provider`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Service => "service",
            Self::Facility => "facility",
            Self::Provider => "provider",
        }
    }

    /// The element that holds all of them: `providerDirectory`.
    pub const fn directory(self) -> &'static str {
        match self {
            Self::Organization => "organizationDirectory",
            Self::Service => "serviceDirectory",
            Self::Facility => "facilityDirectory",
            Self::Provider => "providerDirectory",
        }
    }

    /// The kind of a word as in [`Kind::as_str`].
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests;
