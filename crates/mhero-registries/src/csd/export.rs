//! A document out of people and places as the registry knows them.

use jiff::Timestamp;
use mhero_core::record::{Content, PlaceRecord};
use mhero_wire::csd::{self, Document, Kind, Stamps};

/// Where and when what is written comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address of the directory that writes; none leaves it out.
    pub directory: Option<String>,
    /// When an entity was made and changed, where nothing else is known.
    pub at: Timestamp,
}

/// Adds what a record says under an entity id. Facilities and jurisdictions go by what they are; what is neither person nor place is
/// left out. Returns whether it was added.
///
/// ```
/// use mhero_core::record::{Content, PersonRecord};
/// use mhero_registries::csd::{Origin, write};
/// let mut document = mhero_wire::csd::Document::default();
/// let person = PersonRecord { name: "Martha Kollie".into(), active: true, ..PersonRecord::default() };
/// let origin = Origin { directory: None, at: jiff::Timestamp::UNIX_EPOCH };
/// assert!(write(&mut document, "urn:uuid:1", &Content::Person(Box::new(person)), None, &origin));
/// assert!(document.to_xml().contains("<commonName>Martha Kollie</commonName>"));
/// ```
pub fn write(document: &mut Document, id: &str, content: &Content, stamps: Option<Stamps>, origin: &Origin) -> bool {
    let stamps = stamps.unwrap_or(Stamps { created: origin.at, updated: origin.at });
    let directory = origin.directory.as_deref();
    match content {
        Content::Person(person) => document.add(Kind::Provider, &csd::provider(id, person, stamps, directory)),
        Content::Place(place @ PlaceRecord { is_facility: true, .. }) => {
            document.add(Kind::Facility, &csd::facility(id, place, stamps, directory))
        }
        Content::Place(place) => document.add(Kind::Organization, &csd::organization(id, place, stamps, directory)),
        _ => false,
    }
}
