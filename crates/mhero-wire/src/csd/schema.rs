//! What CSD.xsd asks for, and an element brought into that shape: children in their order, what is required there, what is of no
//! type taken away.
//!
//! One thing is written that the schema leaves no room for: the text of an `otherID`. The schema gives it attributes only, yet
//! every directory and client in the field has the value there.

use std::borrow::Cow;

use jiff::civil;

use super::{
    Element, Kind, Node,
    element::XML,
    view::{id_of, instant},
};

/// The type of a text.
#[derive(Clone, Copy)]
enum Simple {
    Text,
    Day,
    Instant,
    Time,
    Decimal,
    Integer,
    Truth,
}

/// An attribute: its name, its type, and what stands there when it is required and missing.
struct Slot(&'static str, Simple, Option<&'static str>);

/// A child: its name, its shape, whether it is required, whether it may come several times.
struct Child(&'static str, &'static Shape, bool, bool);

enum Body {
    Nothing,
    Text(Simple),
    /// One element of any kind.
    Any,
    Children(&'static [Child]),
    /// Exactly one of these.
    OneOf(&'static [Child]),
}

struct Shape {
    /// Whether it must name an entity.
    names_entity: bool,
    /// Whether `xml:lang` may stand here.
    has_lang: bool,
    /// Whether any further attribute may.
    is_open: bool,
    slots: &'static [Slot],
    body: Body,
}

use Simple::{Day, Decimal, Instant, Integer, Text, Time, Truth};

const fn plain(body: Body) -> Shape {
    Shape { names_entity: false, has_lang: false, is_open: false, slots: &[], body }
}

const fn of_entity(body: Body) -> Shape {
    Shape { names_entity: true, ..plain(body) }
}

static TEXT: Shape = plain(Body::Text(Text));
static DAY: Shape = plain(Body::Text(Day));
static TIME: Shape = plain(Body::Text(Time));
static DECIMAL: Shape = plain(Body::Text(Decimal));
static INTEGER: Shape = plain(Body::Text(Integer));
static TRUTH: Shape = plain(Body::Text(Truth));
static REFERENCE: Shape = of_entity(Body::Nothing);
static NAME_IN_LANGUAGE: Shape = Shape { has_lang: true, ..plain(Body::Text(Text)) };
static OTHER_ID: Shape = Shape {
    slots: &[Slot("code", Text, Some("")), Slot("assigningAuthorityName", Text, Some(""))],
    ..plain(Body::Text(Text))
};
static CODED: Shape = Shape {
    is_open: true,
    slots: &[Slot("code", Text, Some("")), Slot("codingScheme", Text, Some(""))],
    ..plain(Body::Text(Text))
};
static EXTENSION: Shape =
    Shape { is_open: true, slots: &[Slot("type", Text, Some("")), Slot("urn", Text, Some(""))], ..plain(Body::Any) };
static RECORD: Shape = Shape {
    slots: &[
        Slot("created", Instant, Some("1970-01-01T00:00:00Z")),
        Slot("updated", Instant, Some("1970-01-01T00:00:00Z")),
        Slot("status", Text, Some("Active")),
        Slot("sourceDirectory", Text, None),
    ],
    ..plain(Body::Nothing)
};
const NAME_PARTS: [Child; 6] = [
    Child("commonName", &TEXT, true, true),
    Child("honorific", &TEXT, false, false),
    Child("forename", &TEXT, false, false),
    Child("otherName", &CODED, false, true),
    Child("surname", &TEXT, false, false),
    Child("suffix", &TEXT, false, false),
];
static NAME: Shape = plain(Body::Children(&NAME_PARTS));
static PERSON_NAME: Shape = Shape { has_lang: true, ..plain(Body::Children(&NAME_PARTS)) };
static CONTACT_POINT: Shape = plain(Body::Children(&[
    Child("codedType", &CODED, true, false),
    Child("equipment", &TEXT, false, false),
    Child("purpose", &TEXT, false, false),
    Child("certificate", &TEXT, false, false),
]));
static ADDRESS_LINE: Shape = Shape { slots: &[Slot("component", Text, None)], ..plain(Body::Text(Text)) };
static ADDRESS: Shape = Shape {
    slots: &[Slot("type", Text, None)],
    ..plain(Body::Children(&[Child("addressLine", &ADDRESS_LINE, true, true)]))
};
static PERSON: Shape = plain(Body::Children(&[
    Child("name", &PERSON_NAME, true, true),
    Child("contactPoint", &CONTACT_POINT, false, true),
    Child("address", &ADDRESS, false, true),
    Child("gender", &TEXT, false, false),
    Child("dateOfBirth", &DAY, false, false),
]));
static CONTACT: Shape =
    plain(Body::OneOf(&[Child("provider", &REFERENCE, false, false), Child("person", &PERSON, false, false)]));
static CREDENTIAL: Shape = plain(Body::Children(&[
    Child("codedType", &CODED, true, false),
    Child("number", &TEXT, true, false),
    Child("issuingAuthority", &TEXT, false, false),
    Child("credentialIssueDate", &DAY, false, false),
    Child("credentialRenewalDate", &DAY, false, false),
    Child("extension", &EXTENSION, false, true),
]));
static GEOCODE: Shape = plain(Body::Children(&[
    Child("latitude", &DECIMAL, true, false),
    Child("longitude", &DECIMAL, true, false),
    Child("altitude", &DECIMAL, false, false),
    Child("coordinateSystem", &TEXT, false, false),
]));
static HOURS: Shape = plain(Body::Children(&[
    Child("openFlag", &TRUTH, true, false),
    Child("dayOfTheWeek", &INTEGER, false, true),
    Child("beginningHour", &TIME, false, false),
    Child("endingHour", &TIME, false, false),
    Child("beginEffectiveDate", &DAY, true, false),
    Child("endEffectiveDate", &DAY, false, false),
]));
static SERVICE_AT_FACILITY: Shape = of_entity(Body::Children(&[
    Child("name", &NAME, false, true),
    Child("language", &CODED, false, true),
    Child("operatingHours", &HOURS, false, true),
    Child("freeBusyURI", &TEXT, false, false),
    Child("extension", &EXTENSION, false, true),
]));
static SERVICE_OF_PROVIDER: Shape = of_entity(Body::Children(&[
    Child("name", &NAME, false, true),
    Child("organization", &REFERENCE, false, false),
    Child("language", &CODED, false, true),
    Child("operatingHours", &HOURS, false, true),
    Child("freeBusyURI", &TEXT, false, false),
    Child("extension", &EXTENSION, false, true),
]));
static ORGANIZATION_OF_FACILITY: Shape = of_entity(Body::Children(&[
    Child("service", &SERVICE_AT_FACILITY, false, true),
    Child("extension", &EXTENSION, false, true),
]));
static ORGANIZATIONS_OF_FACILITY: Shape =
    plain(Body::Children(&[Child("organization", &ORGANIZATION_OF_FACILITY, true, true)]));
static ORGANIZATION_OF_PROVIDER: Shape = of_entity(Body::Children(&[
    Child("extension", &EXTENSION, false, true),
    Child("address", &ADDRESS, false, true),
    Child("contactPoint", &CONTACT_POINT, false, true),
]));
static ORGANIZATIONS_OF_PROVIDER: Shape =
    plain(Body::Children(&[Child("organization", &ORGANIZATION_OF_PROVIDER, true, true)]));
static FACILITY_OF_PROVIDER: Shape = of_entity(Body::Children(&[
    Child("service", &SERVICE_OF_PROVIDER, false, true),
    Child("operatingHours", &HOURS, false, true),
    Child("extension", &EXTENSION, false, true),
]));
static FACILITIES_OF_PROVIDER: Shape = plain(Body::Children(&[Child("facility", &FACILITY_OF_PROVIDER, true, true)]));

static ORGANIZATION: Shape = of_entity(Body::Children(&[
    Child("otherID", &OTHER_ID, false, true),
    Child("codedType", &CODED, true, true),
    Child("primaryName", &TEXT, true, false),
    Child("otherName", &NAME_IN_LANGUAGE, false, true),
    Child("address", &ADDRESS, false, true),
    Child("contact", &CONTACT, false, true),
    Child("credential", &CREDENTIAL, false, true),
    Child("language", &CODED, false, true),
    Child("specialization", &CODED, false, true),
    Child("contactPoint", &CONTACT_POINT, false, true),
    Child("parent", &REFERENCE, false, false),
    Child("extension", &EXTENSION, false, true),
    Child("record", &RECORD, true, false),
]));
static SERVICE: Shape = of_entity(Body::Children(&[
    Child("otherID", &OTHER_ID, false, true),
    Child("codedType", &CODED, true, true),
    Child("extension", &EXTENSION, false, true),
    Child("record", &RECORD, true, false),
]));
static FACILITY: Shape = of_entity(Body::Children(&[
    Child("otherID", &OTHER_ID, false, true),
    Child("codedType", &CODED, true, true),
    Child("primaryName", &TEXT, true, false),
    Child("otherName", &NAME_IN_LANGUAGE, false, true),
    Child("address", &ADDRESS, false, true),
    Child("contact", &CONTACT, false, true),
    Child("geocode", &GEOCODE, false, false),
    Child("language", &CODED, false, true),
    Child("contactPoint", &CONTACT_POINT, false, true),
    Child("organizations", &ORGANIZATIONS_OF_FACILITY, false, false),
    Child("operatingHours", &HOURS, false, true),
    Child("extension", &EXTENSION, false, true),
    Child("record", &RECORD, true, false),
]));
static PROVIDER: Shape = of_entity(Body::Children(&[
    Child("otherID", &OTHER_ID, false, true),
    Child("codedType", &CODED, true, true),
    Child("demographic", &PERSON, true, false),
    Child("language", &CODED, false, true),
    Child("organizations", &ORGANIZATIONS_OF_PROVIDER, false, false),
    Child("facilities", &FACILITIES_OF_PROVIDER, false, false),
    Child("credential", &CREDENTIAL, false, true),
    Child("specialty", &CODED, false, true),
    Child("extension", &EXTENSION, false, true),
    Child("record", &RECORD, true, false),
]));

const fn shape(kind: Kind) -> &'static Shape {
    match kind {
        Kind::Organization => &ORGANIZATION,
        Kind::Service => &SERVICE,
        Kind::Facility => &FACILITY,
        Kind::Provider => &PROVIDER,
    }
}

/// An entity as the schema wants it. What is required and missing is put in empty, what has no place or no sense is left out.
/// `None` without an entity id.
pub fn strict(kind: Kind, entity: &Element) -> Option<Element> {
    fit(entity, kind.as_str(), shape(kind))
}

/// Puts the children of an entity, and of its demographic part, into the order of the schema. Nothing is left out.
pub(super) fn put_in_order(kind: Kind, entity: &mut Element) {
    sort(entity, shape(kind));
    if let Some(demographic) = entity.first_mut("demographic") {
        sort(demographic, &PERSON);
        if let Some(name) = demographic.first_mut("name") {
            sort(name, &PERSON_NAME);
        }
    }
}

fn sort(element: &mut Element, shape: &Shape) {
    let Body::Children(children) = &shape.body else { return };
    element.content.sort_by_key(|node| match node {
        Node::Element(own) => children.iter().position(|child| own.is(child.0)).unwrap_or(children.len()),
        Node::Text(_) => children.len(),
    });
}

fn fit(element: &Element, name: &str, shape: &Shape) -> Option<Element> {
    let mut out = Element::new(name);
    if shape.names_entity {
        let written = ["entityID", "urn", "oid", "uuid"].into_iter().find_map(|name| element.attribute(name));
        id_of(element)?;
        out.set_attribute("entityID", written?);
    }
    for Slot(name, simple, missing) in shape.slots {
        let value = element.attribute(name).and_then(|value| simple.fit(value));
        if let Some(value) = value.or_else(|| missing.map(str::to_owned)) {
            out.set_attribute(name, &value);
        }
    }
    for attribute in &element.attributes {
        let is_known = attribute.space.is_empty() && shape.slots.iter().any(|slot| slot.0 == attribute.name);
        let is_lang = attribute.space == XML && attribute.name == "lang";
        if !is_known && (shape.is_open || (is_lang && shape.has_lang)) {
            out.attributes.push(attribute.clone());
        }
    }
    match &shape.body {
        Body::Nothing => {}
        Body::Text(Text) => {
            // Exactly as written: its spaces may mean something to somebody.
            let texts = element.content.iter().filter_map(|node| match node {
                Node::Text(text) => Some(text.as_str()),
                Node::Element(_) => None,
            });
            out = out.text(&texts.collect::<String>());
        }
        Body::Text(simple) => out.set_words(&simple.fit(&element.words()?)?),
        Body::Any => out.content.extend(element.elements().next().cloned().map(Node::Element)),
        Body::Children(children) => {
            let completed = completed(element, name);
            for child in *children {
                out.content.extend(fitting(&completed, child)?.into_iter().map(Node::Element));
            }
        }
        Body::OneOf(children) => {
            let mut found = children.iter().filter_map(|child| fitting(element, child)?.into_iter().next());
            out.content.push(Node::Element(found.next()?));
        }
    }
    Some(out)
}

/// The children of one name that fit. `None` when one is required and can't even be made.
fn fitting(element: &Element, Child(name, shape, is_required, may_repeat): &Child) -> Option<Vec<Element>> {
    let most = if *may_repeat { usize::MAX } else { 1 };
    let mut found: Vec<Element> =
        element.children(name).filter_map(|child| fit(child, name, shape)).take(most).collect();
    if *is_required && found.is_empty() {
        found.push(fit(&Element::new(name), name, shape)?);
    }
    Some(found)
}

/// A name has a common name, even where the source gave only its parts; a record that tells one of its instants tells both.
fn completed<'a>(element: &'a Element, name: &str) -> Cow<'a, Element> {
    if name == "name" && element.words_of("commonName").is_none() {
        let parts = ["forename", "surname"].into_iter().filter_map(|part| element.words_of(part));
        let common = parts.collect::<Vec<_>>().join(" ");
        let mut named = element.clone();
        named.content.retain(|node| !matches!(node, Node::Element(own) if own.is("commonName")));
        named.content.push(Node::Element(Element::new("commonName").text(&common)));
        return Cow::Owned(named);
    }
    Cow::Borrowed(element)
}

impl Simple {
    /// A text of the type, as the schema spells it. `None` for one that is not.
    fn fit(self, text: &str) -> Option<String> {
        let text = text.trim();
        match self {
            Text => Some(text.to_owned()),
            Day => {
                let day = text.get(..10)?.parse::<civil::Date>().ok().filter(|day| day.year() > 0)?;
                Some(day.to_string())
            }
            Instant => {
                let has_offset = text.ends_with('Z') || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
                let at = instant(text).filter(|at| at.as_second() > -62_135_596_800)?;
                Some(if has_offset && text.get(10..11) == Some("T") { text.to_owned() } else { at.to_string() })
            }
            Time => {
                let plain = text.get(..8).filter(|time| time.parse::<civil::Time>().is_ok())?;
                (text.len() == 8).then(|| plain.to_owned())
            }
            Decimal => {
                let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                let fits = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
                    && digits.chars().any(|c| c.is_ascii_digit())
                    && digits.matches('.').count() <= 1;
                fits.then(|| text.to_owned())
            }
            Integer => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then(|| text.to_owned())
            }
            Truth => ["true", "false", "1", "0"].contains(&text).then(|| text.to_owned()),
        }
    }
}
