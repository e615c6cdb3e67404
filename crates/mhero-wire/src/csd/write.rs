//! Documents written by us: people and places as CSD entities.

use jiff::Timestamp;
use mhero_core::record::{Coded, Identifier, PersonRecord, PlaceRecord, PositionRecord, Ref, Value};

use super::{CONTACT_POINT, Element, Kind, NAMESPACE, RAPIDPRO_CODE, RAPIDPRO_SYSTEM, URN_SYSTEM, schema::strict};
use crate::words;

/// A document in the making. Entities come out in the order of the schema's directories, each in the schema's shape.
#[derive(Clone, Debug, Default)]
pub struct Document {
    entities: Vec<(Kind, Element)>,
}

impl Document {
    /// Adds an entity. One without an id can't stand in a document: then it is false.
    pub fn add(&mut self, kind: Kind, entity: &Element) -> bool {
        let fitting = strict(kind, entity);
        let fits = fitting.is_some();
        self.entities.extend(fitting.map(|entity| (kind, entity)));
        fits
    }

    /// How many entities it has.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// The whole document as an element.
    pub fn element(&self) -> Element {
        let directory = |kind: Kind| {
            let own = self.entities.iter().filter(move |(of, _)| *of == kind);
            Element::new(kind.directory()).all(own.map(|(_, entity)| entity.clone()))
        };
        Element::new("CSD").all(Kind::ALL.map(directory))
    }

    /// The document as XML, UTF-8.
    pub fn to_xml(&self) -> String {
        let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CSD xmlns=\"{NAMESPACE}\">\n");
        for kind in Kind::ALL {
            out.push_str(&format!("<{}>\n", kind.directory()));
            for (_, entity) in self.entities.iter().filter(|(of, _)| *of == kind) {
                entity.write(&mut out, NAMESPACE);
                out.push('\n');
            }
            out.push_str(&format!("</{}>\n", kind.directory()));
        }
        out.push_str("</CSD>\n");
        out
    }
}

/// When an entity was made and changed, for its `record`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamps {
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub updated: Timestamp,
}

fn record(active: bool, stamps: Stamps, source: Option<&str>) -> Element {
    let record = Element::new("record")
        .with("created", &stamps.created.to_string())
        .with("updated", &stamps.updated.to_string())
        .with("status", if active { "106-001" } else { "106-002" });
    source.into_iter().fold(record, |record, source| record.with("sourceDirectory", source))
}

/// A facility. `source` is the directory that it came from.
pub fn facility(id: &str, place: &PlaceRecord, stamps: Stamps, source: Option<&str>) -> Element {
    let geocode = place.position.map(|(latitude, longitude)| {
        Element::new("geocode")
            .child(Element::new("latitude").text(&latitude.to_string()))
            .child(Element::new("longitude").text(&longitude.to_string()))
    });
    let above = place
        .parent
        .as_ref()
        .and_then(id_of_ref)
        .map(|above| Element::new("organizations").child(Element::new("organization").with("entityID", above)));
    named(Kind::Facility, id, place).all(geocode).all(above).child(record(place.active, stamps, source))
}

/// An organisation: a county, district, ministry.
pub fn organization(id: &str, place: &PlaceRecord, stamps: Stamps, source: Option<&str>) -> Element {
    let above = place.parent.as_ref().and_then(id_of_ref).map(|above| Element::new("parent").with("entityID", above));
    named(Kind::Organization, id, place).all(above).child(record(place.active, stamps, source))
}

/// What facilities and organisations have in common.
fn named(kind: Kind, id: &str, place: &PlaceRecord) -> Element {
    let level = place.level.as_deref().unwrap_or(kind.as_str());
    let name = place.name.best(mhero_core::Lang::ENGLISH);
    let others = place.name.iter().filter(|(lang, _)| *lang != mhero_core::Lang::ENGLISH);
    let others = others.filter(|(_, other)| *other != name).map(|(lang, other)| {
        let mut element = Element::new("otherName").text(other);
        element.attributes.push(super::Attribute {
            space: super::element::space(super::element::XML),
            name: "lang".to_owned(),
            value: lang.bcp47().to_owned(),
        });
        element
    });
    Element::new(kind.as_str())
        .with("entityID", id)
        .all(other_ids(id, &place.identifiers))
        .child(Element::new("codedType").with("code", level).with("codingScheme", "level"))
        .child(Element::new("primaryName").text(name))
        .all(others)
}

/// A health worker.
pub fn provider(id: &str, person: &PersonRecord, stamps: Stamps, source: Option<&str>) -> Element {
    let texts = |field: &str| texts_of(person, field);
    let types: Vec<Element> = types(person);
    let languages: Vec<Element> = match texts("languages") {
        several if !several.is_empty() => several.iter().map(|word| language(word)).collect(),
        _ => person.language.iter().map(|lang| language(lang.bcp47())).collect(),
    };
    let credentials = texts("qualification").into_iter().map(|word| {
        Element::new("credential")
            .child(Element::new("codedType").with("code", &word).with("codingScheme", ""))
            .child(Element::new("number"))
    });
    let specialties = texts("specialty").into_iter();
    Element::new(Kind::Provider.as_str())
        .with("entityID", id)
        .all(other_ids(id, &person.identifiers))
        .all(types)
        .child(demographic(person))
        .all(languages)
        .all(held(&person.positions, "organizations", Kind::Organization))
        .all(held(&person.positions, "facilities", Kind::Facility))
        .all(credentials)
        .all(specialties.map(|word| Element::new("specialty").with("code", &word).with("codingScheme", "")))
        .child(record(person.active, stamps, source))
}

fn demographic(person: &PersonRecord) -> Element {
    let part = |name: &str, text: &str| (!text.is_empty()).then(|| Element::new(name).text(text));
    let name = Element::new("name")
        .child(Element::new("commonName").text(&person.name))
        .all(texts_of(person, "honorific").first().and_then(|word| part("honorific", word)))
        .all(part("forename", &person.given))
        .all(part("surname", &person.family));
    let point = |code: &str, text: &str| {
        let coded = Element::new("codedType").with("code", code).with("codingScheme", CONTACT_POINT);
        Element::new("contactPoint").child(coded.text(text))
    };
    let phones = person.phones.iter().map(|phone| point("BP", &phone.raw));
    let mails = texts_of(person, "email");
    let address = texts_of(person, "address")
        .into_iter()
        .map(|address| Element::new("address").child(Element::new("addressLine").text(&address)));
    let sex = person.sex.as_deref().map(|sex| match sex {
        "female" => "F",
        "male" => "M",
        other => other,
    });
    Element::new("demographic")
        .child(name)
        .all(phones)
        .all(mails.iter().map(|mail| point("EMAIL", mail)))
        .all(address)
        .all(sex.map(|sex| Element::new("gender").text(sex)))
        .all(person.birth.map(|day| Element::new("dateOfBirth").text(&day.to_string())))
}

/// Cadre and job of the first position that has them.
fn types(person: &PersonRecord) -> Vec<Element> {
    let first = |pick: fn(&PositionRecord) -> &Option<Coded>| person.positions.iter().find_map(|own| pick(own).clone());
    let coded = |coded: Coded, scheme: &str| {
        let code = coded.code.or_else(|| coded.text.clone()).unwrap_or_default();
        Element::new("codedType")
            .with("code", &code)
            .with("codingScheme", coded.system.as_deref().unwrap_or(scheme))
            .text(coded.text.as_deref().unwrap_or_default())
    };
    let cadre = first(|position| &position.cadre).map(|cadre| coded(cadre, "cadre"));
    let job = first(|position| &position.job).map(|job| coded(job, "job"));
    cadre.into_iter().chain(job).collect()
}

/// The places of one kind at which somebody works.
fn held(positions: &[PositionRecord], holder: &str, kind: Kind) -> Option<Element> {
    let is_one = |reference: &&Ref| match reference {
        Ref::Id { kind: of, .. } => is_kind(of, kind),
        Ref::Path(_) => false,
    };
    let places = positions.iter().filter_map(|position| position.place.as_ref()).filter(is_one);
    let places: Vec<Element> =
        places.filter_map(id_of_ref).map(|id| Element::new(kind.as_str()).with("entityID", id)).collect();
    (!places.is_empty()).then(|| Element::new(holder).all(places))
}

/// Whether a reference's kind, in the words of CSD or FHIR, is this one.
pub(super) fn is_kind(word: &str, kind: Kind) -> bool {
    match kind {
        Kind::Facility => matches!(word, "facility" | "Location"),
        Kind::Organization => matches!(word, "organization" | "Organization"),
        other => word == other.as_str(),
    }
}

fn id_of_ref(reference: &Ref) -> Option<&str> {
    match reference {
        Ref::Id { id, .. } => Some(id),
        Ref::Path(_) => None,
    }
}

fn language(word: &str) -> Element {
    let code = words::language(word).map(|lang| lang.bcp47().to_owned()).unwrap_or_else(|| word.to_owned());
    let element = Element::new("language").with("code", &code).with("codingScheme", "BCP 47");
    if code == word { element } else { element.text(word) }
}

/// The texts of a field; several stand in one with semicolons between.
fn texts_of(person: &PersonRecord, field: &str) -> Vec<String> {
    let value = person.values.iter().find(|value| value.field == field);
    match value.map(|value| &value.value) {
        Some(Value::Text(text)) => text.split("; ").map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Other ids: authority and code out of the system, as they were read.
fn other_ids(id: &str, identifiers: &[Identifier]) -> Vec<Element> {
    let is_own = |own: &&Identifier| own.system == URN_SYSTEM && own.value.eq_ignore_ascii_case(id);
    let element = |own: &Identifier| {
        let (authority, code) = match own.system.as_str() {
            RAPIDPRO_SYSTEM => (RAPIDPRO_SYSTEM, RAPIDPRO_CODE),
            system => system.rsplit_once('#').unwrap_or((system, "")),
        };
        Element::new("otherID").with("code", code).with("assigningAuthorityName", authority).text(&own.value)
    };
    identifiers.iter().filter(|own| !is_own(own)).map(element).collect()
}
