//! What an entity says, in mHero's words.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mhero_core::{
    Lang, LangMap,
    limits::{NAME_CHARS_MAX, PHONES_PER_RECORD_MAX, VALUE_CHARS_MAX},
    record::{
        Coded, Content, PersonRecord, PlaceRecord, PositionRecord, Problem, RawPhone, Reason, Record, Ref, Rejection,
        Value, ValueRecord,
    },
};

use super::{
    Element, Entity, Kind, PLACE_VALUE,
    view::{self, Contact},
};
use crate::{fhir::node::Warnings, words};

/// Words by which organisations tell their level.
const LEVELS: [&str; 17] = [
    "country",
    "pays",
    "national",
    "region",
    "région",
    "province",
    "county",
    "comté",
    "state",
    "district",
    "zone",
    "chiefdom",
    "commune",
    "ward",
    "village",
    "subdistrict",
    "health zone",
];
/// Words in a coding scheme's name that say that its codes are job titles, not cadres.
const JOB_SCHEMES: [&str; 3] = ["job", "position", "title"];

/// The id of an entity as records and references have it: in small letters, as everybody compares it.
pub fn entity_id(element: &Element) -> Option<String> {
    view::id_of(element)
}

/// When an entity was changed last, as its own record says.
pub fn stamp(element: &Element) -> Option<Timestamp> {
    view::updated(element)
}

/// Turns an entity into a record; `origin` says where it stood, for people. Services are kept as they are.
///
/// # Errors
/// A [`Rejection`] when the entity has no id.
pub fn record(entity: &Entity, origin: &str) -> Result<Record, Rejection> {
    let (kind, element) = (entity.kind, &entity.element);
    let raw = element.to_xml();
    let Some(id) = entity_id(element) else {
        let reason = Reason::new("import-id-missing", [("kind", kind.as_str().to_owned())]);
        return Err(Rejection {
            origin: origin.to_owned(),
            problem: Problem { element: "entityID".to_owned(), reason },
            raw,
        });
    };
    let mut warnings = Warnings::default();
    let content = match kind {
        Kind::Provider => person(element, &mut warnings),
        Kind::Facility | Kind::Organization => place(kind, element, &mut warnings),
        Kind::Service => Content::Kept,
    };
    Ok(Record {
        origin: origin.to_owned(),
        kind: kind.as_str().to_owned(),
        id,
        raw,
        warnings: warnings.into_problems(),
        content,
    })
}

fn reference(kind: Kind, id: String) -> Ref {
    Ref::Id { kind: kind.as_str().to_owned(), id }
}

fn place(kind: Kind, element: &Element, warnings: &mut Warnings) -> Content {
    let is_facility = kind == Kind::Facility;
    let name = place_name(element, warnings);
    let parent = if is_facility {
        // A facility may belong to several; the first is its place in the tree.
        element.first("organizations").and_then(|all| all.first("organization")).map(|own| (own, "organizations"))
    } else {
        element.first("parent").map(|own| (own, "parent"))
    };
    let parent = parent.and_then(|(own, path)| view::reference(own, path, warnings));
    Content::Place(PlaceRecord {
        name,
        parent: parent.map(|id| reference(Kind::Organization, id)),
        level: if is_facility { Some("facility".to_owned()) } else { level(element) },
        is_facility,
        active: view::active(element, warnings),
        identifiers: view::identifiers(element),
        position: view::position(element, warnings),
        zone: None,
        values: place_values(element),
    })
}

/// What facility checks found, as it stands in extensions.
fn place_values(element: &Element) -> Vec<ValueRecord> {
    let read = |own: &Element| {
        let field = own.attribute("type").filter(|_| own.attribute("urn") == Some(PLACE_VALUE))?;
        let text = own.first("value")?.words()?;
        Some(ValueRecord { field: field.to_owned(), value: Value::Text(text) })
    };
    element.children("extension").filter_map(read).collect()
}

/// The level of an organisation whose type is a word for one.
fn level(element: &Element) -> Option<String> {
    let words = element.children("codedType").filter_map(view::coded).flat_map(|coded| [coded.text, coded.code]);
    words.flatten().map(|word| word.to_lowercase()).find(|word| LEVELS.contains(&word.as_str()))
}

fn place_name(element: &Element, warnings: &mut Warnings) -> LangMap {
    let mut names = LangMap::default();
    match element.words_of("primaryName") {
        Some(name) => names.insert(Lang::ENGLISH, warnings.cut("primaryName", name, NAME_CHARS_MAX)),
        None => warnings.add("primaryName", Reason::plain("import-name-missing")),
    };
    for other in element.children("otherName") {
        let lang = other.lang().and_then(|code| code.parse::<Lang>().ok());
        if let (Some(lang), Some(name)) = (lang.filter(|lang| names.get(*lang).is_none()), other.words()) {
            names.insert(lang, warnings.cut("otherName", name, NAME_CHARS_MAX));
        }
    }
    names
}

fn person(element: &Element, warnings: &mut Warnings) -> Content {
    let demographic = element.first("demographic");
    let name = demographic.and_then(|all| all.first("name"));
    let part = |part: &str| name.and_then(|name| name.words_of(part)).unwrap_or_default();
    let (given, family) = (part("forename"), part("surname"));
    let shown = shown_name(&part("commonName"), &given, &family);
    if shown.is_empty() {
        warnings.add("demographic.name", Reason::plain("import-name-missing"));
    }
    let active = view::active(element, warnings);
    let (language, languages) = languages(element, warnings);
    Content::Person(Box::new(PersonRecord {
        stopped: None,
        name: warnings.cut("demographic.name", shown, NAME_CHARS_MAX),
        given: warnings.cut("demographic.name.forename", given, NAME_CHARS_MAX),
        family: warnings.cut("demographic.name.surname", family, NAME_CHARS_MAX),
        language,
        sex: demographic.and_then(|all| sex(all, warnings)),
        birth: demographic.and_then(|all| view::day(all.first("dateOfBirth")?, "demographic.dateOfBirth", warnings)),
        active,
        phones: phones(element, demographic, warnings),
        identifiers: view::identifiers(element),
        values: values(element, demographic, languages, warnings),
        positions: positions(element, active, warnings),
        trainings: Vec::new(),
        groups: Vec::new(),
    }))
}

/// The common name as written, except where it only lists the parts for sorting (`Kollie, Martha`).
fn shown_name(common: &str, given: &str, family: &str) -> String {
    let parts = [given, family].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let is_sorted = common.contains(',') && !given.is_empty() && !family.is_empty();
    if common.is_empty() || is_sorted { parts } else { common.to_owned() }
}

fn sex(demographic: &Element, warnings: &mut Warnings) -> Option<String> {
    let text = demographic.words_of("gender")?;
    let sex = words::sex(&text);
    if sex.is_none() {
        warnings.unreadable("demographic.gender", "import-sex-unknown", &text);
    }
    sex.map(str::to_owned)
}

/// The first language that is known, and all of them in words where there are several.
fn languages(element: &Element, warnings: &mut Warnings) -> (Option<Lang>, Option<String>) {
    let all: Vec<Coded> = element.children("language").filter_map(view::coded).collect();
    let texts = |coded: &Coded| [coded.code.clone(), coded.text.clone()].into_iter().flatten().collect::<Vec<_>>();
    let known = all.iter().find_map(|coded| texts(coded).iter().find_map(|text| words::language(text)));
    if let (None, Some(first)) = (known, all.first()) {
        warnings.unreadable("language", "import-language-unknown", &texts(first).join(", "));
    }
    let several = (all.len() > 1).then(|| all.into_iter().filter_map(view::word).collect::<Vec<_>>().join("; "));
    (known, several)
}

/// All contact points: the person's own first, then those at each organisation.
fn contacts(element: &Element, demographic: Option<&Element>) -> Vec<Contact> {
    let own = demographic.map(|all| Contact::list(all, "demographic.")).unwrap_or_default();
    let held = element.first("organizations");
    let at_work = held.into_iter().flat_map(|all| all.children("organization").enumerate());
    let at_work = at_work.flat_map(|(at, own)| Contact::list(own, &format!("organizations.organization[{at}].")));
    own.into_iter().chain(at_work).collect()
}

fn phones(element: &Element, demographic: Option<&Element>, warnings: &mut Warnings) -> Vec<RawPhone> {
    let mut phones: Vec<Contact> = contacts(element, demographic);
    phones.retain(Contact::is_phone);
    if phones.len() > PHONES_PER_RECORD_MAX {
        let limit = PHONES_PER_RECORD_MAX.to_string();
        warnings.add("demographic.contactPoint", Reason::new("import-phones-too-many", [("limit", limit)]));
        phones.truncate(PHONES_PER_RECORD_MAX);
    }
    let raw = |contact: Contact, warnings: &mut Warnings| RawPhone {
        usage: Some(contact.usage().to_owned()),
        raw: warnings.cut(&contact.element, contact.value, NAME_CHARS_MAX),
        element: contact.element,
    };
    phones.into_iter().map(|contact| raw(contact, warnings)).collect()
}

/// What else is known: mail, address, title, qualifications, specialties, and extensions that hold nothing but a text.
fn values(
    element: &Element,
    demographic: Option<&Element>,
    languages: Option<String>,
    warnings: &mut Warnings,
) -> Vec<ValueRecord> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |field: &str, text: Option<String>| {
        if let Some(text) = text {
            let texts = fields.entry(field.to_owned()).or_default();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
    };
    for contact in contacts(element, demographic).into_iter().filter(Contact::is_email) {
        add("email", Some(contact.value));
    }
    for address in demographic.into_iter().flat_map(|all| all.children("address")) {
        add("address", view::address(address));
    }
    add("honorific", demographic.and_then(|all| all.first("name")?.words_of("honorific")));
    for credential in element.children("credential") {
        add("qualification", credential.first("codedType").and_then(view::coded).and_then(view::word));
    }
    for specialty in element.children("specialty") {
        add("specialty", view::coded(specialty).and_then(view::word));
    }
    add("languages", languages);
    for extension in element.children("extension").filter(|extension| extension.elements().next().is_none()) {
        let key = extension.attribute("type").and_then(words::field_key);
        let text = extension.words();
        if let (Some(key), Some(text)) = (key, text) {
            add(&key, Some(text));
        }
    }
    let value = |texts: Vec<String>, field: &str, warnings: &mut Warnings| {
        Value::Text(warnings.cut(field, texts.join("; "), VALUE_CHARS_MAX))
    };
    fields.into_iter().map(|(field, texts)| ValueRecord { value: value(texts, &field, warnings), field }).collect()
}

/// Where somebody works: at each facility; where none is named, at each organisation. Cadre and job are the person's own in CSD, so
/// each position has the same.
fn positions(element: &Element, active: bool, warnings: &mut Warnings) -> Vec<PositionRecord> {
    let types: Vec<Coded> = element.children("codedType").filter_map(view::coded).collect();
    let is_job = |coded: &&Coded| view::scheme_has(coded, &JOB_SCHEMES);
    let job = types.iter().find(is_job).cloned();
    let cadre = types.iter().find(|coded| !is_job(coded)).cloned();
    let at =
        |place| PositionRecord { place, job: job.clone(), cadre: cadre.clone(), active, ..PositionRecord::default() };
    let mut places: Vec<Ref> = Vec::new();
    for (holder, kind) in [("facilities", Kind::Facility), ("organizations", Kind::Organization)] {
        let held = element.first(holder).into_iter().flat_map(|all| all.children(kind.as_str()).enumerate());
        for (at, own) in held {
            let path = format!("{holder}.{}[{at}]", kind.as_str());
            if let Some(id) = view::reference(own, &path, warnings) {
                let place = reference(kind, id);
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        if !places.is_empty() {
            break;
        }
    }
    if places.is_empty() && (job.is_some() || cadre.is_some()) {
        return vec![at(None)];
    }
    places.into_iter().map(|place| at(Some(place))).collect()
}
