//! A small country for the tests of the language.

use jiff::{civil::date, tz::TimeZone};
use mhero_core::{BroadcastId, CadreId, FieldId, FlowId, GroupId, Lang, LangMap, PlaceId, SourceId, TitleId};
use mhero_query::{Audience, Directory, Entry, EntryKind, Environment, Numbers, QueryError, check, parse_in};
use uuid::Uuid;

/// Reads numbers as Liberia writes them: `0770 000 001`.
pub struct Liberian;

impl Numbers for Liberian {
    fn e164(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.chars().any(char::is_alphabetic) {
            return None;
        }
        match (text.starts_with('+'), digits.strip_prefix('0')) {
            (true, _) if digits.len() >= 9 => Some(format!("+{digits}")),
            (false, Some(national)) if national.len() == 9 => Some(format!("+231{national}")),
            _ => None,
        }
    }
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn names(english: &str, french: &str) -> LangMap {
    let mut names = LangMap::one(Lang::ENGLISH, english);
    names.insert(Lang::FRENCH, french);
    names
}

/// Two Nimbaras (a county and a clinic elsewhere), two Capitals, one job title with two codes.
pub fn directory() -> Directory {
    let mut all = Directory::default();
    let place = |number, name: &str, code: &str, path: &str, kind| {
        Entry::new(PlaceId::from_uuid(id(number)), LangMap::one(Lang::ENGLISH, name), [code]).path(path).kind(kind)
    };
    let county = EntryKind::Plain;
    all.places.add(place(10, "Nimbara", "LB.NI", "Liberia", county));
    all.places.add(place(11, "Bondou", "LB.BO", "Liberia", county));
    all.places.add(place(12, "Capital", "TF.C.CAP", "Central, Taifafeki", county));
    all.places.add(place(13, "Capital", "TF.N.CAP", "North, Taifafeki", county));
    all.places.add(place(14, "Fisabo Clinic", "LB.NI.1", "Nimbara, Liberia", EntryKind::Facility));
    all.places.add(place(15, "N’Zérékoré", "GN.NZ", "Guinée", county));
    all.cadres.add(Entry::new(CadreId::from_uuid(id(20)), names("Midwife", "Sage-femme"), ["midwife"]));
    all.cadres.add(Entry::new(CadreId::from_uuid(id(21)), names("Nurse", "Infirmier"), ["nurse"]));
    all.jobs.add(Entry::new(TitleId::from_uuid(id(30)), LangMap::one(Lang::ENGLISH, "Midwife"), ["job|37"]));
    all.jobs.add(Entry::new(TitleId::from_uuid(id(31)), LangMap::one(Lang::ENGLISH, "Midwife"), ["job|38"]));
    all.groups.add(Entry::new(GroupId::from_uuid(id(40)), LangMap::one(Lang::ENGLISH, "Ebola team"), [""; 0]));
    all.groups.add(Entry::new(GroupId::from_uuid(id(41)), LangMap::one(Lang::ENGLISH, "Twins"), [""; 0]));
    all.groups.add(Entry::new(GroupId::from_uuid(id(42)), LangMap::one(Lang::ENGLISH, "Twins"), [""; 0]));
    let field = |number, key: &str, name: &str, kind| {
        Entry::new(FieldId::from_uuid(id(number)), LangMap::one(Lang::ENGLISH, name), [key]).kind(kind)
    };
    all.fields.add(field(50, "age", "Age", EntryKind::Number));
    all.fields.add(field(51, "licence_expires", "Licence expires", EntryKind::Instant));
    all.fields.add(field(52, "shirt_size", "Shirt size", EntryKind::Text));
    all.fields.add(field(53, "home", "Home", EntryKind::Place));
    all.courses.add_course(Some("emonc"), names("EmONC", "SONU"));
    all.courses.add_course(None, LangMap::one(Lang::ENGLISH, "Infection Control"));
    all.broadcasts.add(Entry::new(BroadcastId::from_uuid(id(60)), LangMap::one(Lang::ENGLISH, "Polio days"), ["B12"]));
    all.flows.add(Entry::new(FlowId::from_uuid(id(80)), LangMap::one(Lang::ENGLISH, "Registration"), [""; 0]));
    all.sources.add(Entry::new(SourceId::from_uuid(id(70)), LangMap::one(Lang::ENGLISH, "iHRIS"), ["ihris"]));
    all
}

pub fn environment() -> Environment<'static> {
    Environment::new(TimeZone::UTC, date(2026, 5, 14), &Liberian)
}

pub fn audience(text: &str) -> Result<Audience, QueryError> {
    check(&parse_in(text, &environment())?, &directory(), &environment())
}
