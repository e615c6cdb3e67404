//! Thin views: what stands where in an entity, with its faults allowed for.

use jiff::{Timestamp, civil::Date};
use mhero_core::record::{Coded, Identifier, Reason};

use super::{Element, RAPIDPRO_CODE, RAPIDPRO_SYSTEM, URN_SYSTEM};
use crate::fhir::node::Warnings;

/// The id of an entity or reference as everybody compares it: without case. Old documents call it `urn`.
pub(super) fn id_of(element: &Element) -> Option<String> {
    ["entityID", "urn", "oid", "uuid"].into_iter().find_map(|name| element.attribute(name)).map(str::to_lowercase)
}

/// A code with its scheme and words.
pub(super) fn coded(element: &Element) -> Option<Coded> {
    let part = |name| element.attribute(name).map(str::to_owned);
    let coded = Coded { system: part("codingScheme"), code: part("code"), text: element.words() };
    (coded.code.is_some() || coded.text.is_some()).then_some(coded)
}

/// The words of a code, or else the code.
pub(super) fn word(coded: Coded) -> Option<String> {
    coded.text.or(coded.code)
}

/// Whether a code is of a scheme whose name has one of these words.
pub(super) fn scheme_has(coded: &Coded, words: &[&str]) -> bool {
    let scheme = coded.system.as_deref().unwrap_or_default().to_lowercase();
    words.iter().any(|word| scheme.contains(word))
}

/// The entity's own id and its other ids, in mHero's words.
pub(super) fn identifiers(entity: &Element) -> Vec<Identifier> {
    let own = id_of(entity).filter(|id| id.starts_with("urn:"));
    let own = own.map(|value| Identifier { system: URN_SYSTEM.to_owned(), value });
    let mut all: Vec<Identifier> = own.into_iter().chain(entity.children("otherID").flat_map(other_id)).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|identifier| seen.insert(identifier.clone()));
    all
}

/// The identifiers that one other id means. Its system is the authority and the code (`http://moh.example/ihris#employee_id`); with
/// neither it counts only within its source. Contact ids of RapidPro have the system that FHIR gives them.
fn other_id(other: &Element) -> Vec<Identifier> {
    let code = other.attribute("code").unwrap_or_default();
    let authority = authority(other.attribute("assigningAuthorityName").unwrap_or_default());
    match other.words() {
        Some(values) if code == RAPIDPRO_CODE => {
            // Several contacts of one person stand with commas between.
            let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
            values.map(|value| Identifier { system: RAPIDPRO_SYSTEM.to_owned(), value: value.to_lowercase() }).collect()
        }
        Some(value) => {
            let system =
                if code.is_empty() && !authority.is_empty() { authority } else { format!("{authority}#{code}") };
            vec![Identifier { system, value }]
        }
        // The oldest documents have the value in the code.
        None if code.is_empty() || code == RAPIDPRO_CODE => Vec::new(),
        None => {
            let system = if authority.is_empty() { "#".to_owned() } else { authority };
            vec![Identifier { system, value: code.to_owned() }]
        }
    }
}

/// An authority without the braces that one synchronisation leaves around URL and slug: `{http://rapidpro.example/}{mhero}`.
fn authority(name: &str) -> String {
    if name.starts_with('{') { name.replace(['{', '}'], "") } else { name.to_owned() }
}

/// The address on one line.
pub(super) fn address(element: &Element) -> Option<String> {
    let lines: Vec<String> = element.children("addressLine").filter_map(Element::words).collect();
    Some(lines.join(", ")).filter(|address| !address.is_empty())
}

/// How somebody can be reached.
pub(super) struct Contact {
    /// `BP`, `FAX`, `EMAIL`, as the source has it, in capitals.
    pub(super) code: String,
    /// The number or address as written.
    pub(super) value: String,
    /// Where it stands.
    pub(super) element: String,
}

impl Contact {
    /// The contact points in an element; `path` names that element for people.
    pub(super) fn list(holder: &Element, path: &str) -> Vec<Self> {
        let points = holder.children("contactPoint").enumerate();
        points
            .filter_map(|(at, point)| {
                // Some write the number beside the code, some in the contact point itself.
                let coded = point.first("codedType");
                let value = coded.and_then(Element::words).or_else(|| point.words())?;
                let code = coded.and_then(|coded| coded.attribute("code")).unwrap_or_default().to_uppercase();
                Some(Self { code, value, element: format!("{path}contactPoint[{at}]") })
            })
            .collect()
    }

    pub(super) fn is_email(&self) -> bool {
        self.code.contains("MAIL") || (self.value.contains('@') && !self.value.contains(' '))
    }

    /// Whether this is a number to call or text: `BP`, and codes of a country's own that are no fax and hold a number.
    pub(super) fn is_phone(&self) -> bool {
        let digits = self.value.chars().filter(char::is_ascii_digit).count();
        !self.is_email() && !self.code.contains("FAX") && (self.code == "BP" || digits >= 5)
    }

    pub(super) fn usage(&self) -> &'static str {
        match self.code.as_str() {
            code if code.contains("HOME") => "home",
            code if code.contains("MOB") || code.contains("CELL") => "mobile",
            _ => "work",
        }
    }
}

/// Whether the source holds the entity as in service. Words that say neither are warned about, and nobody is left out for them.
pub(super) fn active(entity: &Element, warnings: &mut Warnings) -> bool {
    let Some(status) = entity.first("record").and_then(|record| record.attribute("status")) else { return true };
    match status {
        "106-001" => true,
        "106-002" => false,
        word => crate::words::in_service(word).unwrap_or_else(|| {
            warnings.unreadable("record.status", "import-active-unknown", word);
            true
        }),
    }
}

/// A day; instants count as their day as written. Days of before 1900 are how an empty date is written.
pub(super) fn day(element: &Element, path: &str, warnings: &mut Warnings) -> Option<Date> {
    let text = element.words()?;
    let written = text.split(['T', ' ']).next().unwrap_or_default();
    let day = written.parse::<Date>().ok().filter(|day| day.year() >= 1900 && written.len() == 10);
    if day.is_none() {
        warnings.unreadable(path, "import-date-unreadable", &text);
    }
    day
}

/// When an entity was changed last, as an instant. `None` where that can't be read.
pub(super) fn updated(entity: &Element) -> Option<Timestamp> {
    instant(entity.first("record")?.attribute("updated")?)
}

/// An instant; without an offset it is taken as UTC, and a day alone as its beginning.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp())
    })
}

/// A number within limits.
pub(super) fn degrees(geocode: &Element, name: &str, warnings: &mut Warnings) -> Option<f64> {
    let text = geocode.words_of(name)?;
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    if number.is_none() {
        warnings.unreadable(&format!("geocode.{name}"), "import-number-unreadable", &text);
    }
    number
}

/// Latitude and longitude.
pub(super) fn position(entity: &Element, warnings: &mut Warnings) -> Option<(f64, f64)> {
    let geocode = entity.first("geocode")?;
    let (latitude, longitude) = (degrees(geocode, "latitude", warnings)?, degrees(geocode, "longitude", warnings)?);
    let possible = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if !possible {
        warnings.unreadable("geocode", "import-coordinates-impossible", &format!("{latitude}, {longitude}"));
    }
    possible.then_some((latitude, longitude))
}

/// Warns of a reference without an id.
pub(super) fn reference(element: &Element, path: &str, warnings: &mut Warnings) -> Option<String> {
    let id = id_of(element);
    if id.is_none() {
        warnings.add(path, Reason::plain("import-reference-empty"));
    }
    id
}
