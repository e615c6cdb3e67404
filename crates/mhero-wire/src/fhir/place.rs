//! Location and Organization: facilities and jurisdictions. The two with one id are one place.

use mhero_core::{
    Lang, LangMap,
    limits::NAME_CHARS_MAX,
    record::{Content, PlaceRecord, Problem, Reason, Ref, Value, ValueRecord},
};

use super::{
    CodeableConcept, Coding, Extension, ExtensionValue, Identifier,
    datatypes::reference_of,
    node::{Node, Warnings},
};

/// What the URL of an extension begins with that holds a value of a facility check; the field's key follows.
pub const PLACE_VALUE: &str = "http://mhero.org/fhir/StructureDefinition/facility-";
/// The type code by which mCSD says "facility".
const MCSD_FACILITY: &str = "urn:ihe:iti:mcsd:2019:facility";
/// The type code by which mCSD says "jurisdiction".
const MCSD_JURISDICTION: &str = "urn:ihe:iti:mcsd:2019:jurisdiction";

/// The code system in which mCSD says both since its fourth edition, in small letters.
const MCSD_TYPES: &str = "ihe.mcsd.organization.location.types";

/// A place as FHIR has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Location {
    /// Names by language.
    pub name: LangMap,
    /// `active`, `suspended`, `inactive`.
    pub status: Option<String>,
    /// The place above.
    pub part_of: Option<Ref>,
    /// The organisation behind it: an [`Organization`] of the same id is this place.
    pub managing_organization: Option<Ref>,
    /// What kind of place.
    pub types: Vec<CodeableConcept>,
    /// `jdn` for a jurisdiction, `bu` for a building.
    pub physical_type: CodeableConcept,
    /// Profiles that the source claims.
    pub profiles: Vec<String>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

/// An organisation as FHIR has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    /// Names by language.
    pub name: LangMap,
    /// True unless the source says otherwise.
    pub active: bool,
    /// The organisation above.
    pub part_of: Option<Ref>,
    /// What kind of organisation.
    pub types: Vec<CodeableConcept>,
    /// Profiles that the source claims.
    pub profiles: Vec<String>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

impl Location {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        Self {
            name: name(root, warnings),
            status: root.member_text("status").map(|status| status.to_ascii_lowercase()),
            part_of: reference_of(root, "partOf", "Location", warnings),
            managing_organization: reference_of(root, "managingOrganization", "Organization", warnings),
            types: types(root),
            physical_type: CodeableConcept::of(root, "physicalType"),
            profiles: profiles(root),
            identifiers: Identifier::list(root),
            position: coordinates(root, warnings),
            extensions: Extension::list(root, warnings),
        }
    }

    pub(super) fn content(self, warnings: &mut Warnings) -> Content {
        warn_nameless(&self.name, warnings);
        let physical = |code: &str| self.physical_type.coding.iter().any(|coding| coding.code.as_deref() == Some(code));
        let is_facility = match signs(&self.types, &self.profiles) {
            Some(sign) => sign,
            // Neither type nor profile tells: a place that is no jurisdiction is one where people work.
            None => !physical("jdn"),
        };
        let zone = self.extensions.iter().find(|extension| extension.word() == "timezone");
        let zone = zone.and_then(|extension| match &extension.value {
            Some(ExtensionValue::Text(zone)) => Some(zone.clone()),
            _ => None,
        });
        Content::Place(PlaceRecord {
            name: self.name,
            parent: self.part_of,
            level: level(&self.types, &self.profiles, is_facility),
            is_facility,
            active: self.status.as_deref() != Some("inactive"),
            identifiers: self.identifiers.iter().filter_map(Identifier::neutral).collect(),
            position: self.position,
            zone,
            values: values(&self.extensions),
        })
    }
}

impl Organization {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        Self {
            name: name(root, warnings),
            active: root.member_truth("active").unwrap_or(true),
            part_of: reference_of(root, "partOf", "Organization", warnings),
            types: types(root),
            profiles: profiles(root),
            identifiers: Identifier::list(root),
            extensions: Extension::list(root, warnings),
        }
    }

    pub(super) fn content(self, warnings: &mut Warnings) -> Content {
        warn_nameless(&self.name, warnings);
        // An organisation without any sign may be a ministry: it is no facility until something says so.
        let is_facility = signs(&self.types, &self.profiles).unwrap_or(false);
        Content::Place(PlaceRecord {
            name: self.name,
            parent: self.part_of,
            level: level(&self.types, &self.profiles, is_facility),
            is_facility,
            active: self.active,
            identifiers: self.identifiers.iter().filter_map(Identifier::neutral).collect(),
            position: None,
            zone: None,
            values: values(&self.extensions),
        })
    }
}

/// What facility checks found, as it stands in extensions.
fn values(extensions: &[Extension]) -> Vec<ValueRecord> {
    let read = |extension: &Extension| {
        let field = extension.url.strip_prefix(PLACE_VALUE)?.to_owned();
        match &extension.value {
            Some(ExtensionValue::Text(text)) if !text.trim().is_empty() => {
                Some(ValueRecord { field, value: Value::Text(text.trim().to_owned()) })
            }
            Some(ExtensionValue::Number(number)) => Some(ValueRecord { field, value: Value::Number(*number) }),
            _ => None,
        }
    };
    extensions.iter().filter_map(read).collect()
}

fn warn_nameless(name: &LangMap, warnings: &mut Warnings) {
    if name.is_empty() {
        warnings.add("name", Reason::plain("import-name-missing"));
    }
}

/// The name in the resource's language, and its translations.
fn name(root: &Node<'_>, warnings: &mut Warnings) -> LangMap {
    let lang = |node: &Node<'_>, key: &str| node.member_text(key).and_then(|code| code.parse().ok());
    let mut names = LangMap::default();
    if let Some(name) = root.member_text("name") {
        let name = warnings.cut("name", name, NAME_CHARS_MAX);
        names.insert(lang(root, "language").unwrap_or(Lang::ENGLISH), name);
    }
    for translation in root.get("_name").map(|side| Extension::list(&side, warnings)).unwrap_or_default() {
        if let (Some(ExtensionValue::Text(code)), Some(ExtensionValue::Text(text))) =
            (translation.part("lang"), translation.part("content"))
            && let Ok(lang) = code.parse()
        {
            names.insert(lang, warnings.cut("_name", text.clone(), NAME_CHARS_MAX));
        }
    }
    names
}

fn types(root: &Node<'_>) -> Vec<CodeableConcept> {
    root.items("type").iter().map(CodeableConcept::from_node).collect()
}

fn profiles(root: &Node<'_>) -> Vec<String> {
    let meta = root.get("meta");
    meta.map(|meta| meta.items("profile").iter().filter_map(Node::text).collect()).unwrap_or_default()
}

fn codings(types: &[CodeableConcept]) -> impl Iterator<Item = &Coding> {
    types.iter().flat_map(|concept| &concept.coding)
}

/// The last word of a profile's URL, in small letters.
fn profile_words(profiles: &[String]) -> impl Iterator<Item = String> {
    profiles.iter().map(|profile| profile.rsplit(['/', '.']).next().unwrap_or_default().to_ascii_lowercase())
}

/// Whether type or profile say that this is a facility (`true`) or a jurisdiction (`false`). Facility wins over jurisdiction.
fn signs(types: &[CodeableConcept], profiles: &[String]) -> Option<bool> {
    let code = |wanted: &str| {
        let of_today = wanted.rsplit(':').next();
        codings(types).any(|coding| {
            coding.code.as_deref() == Some(wanted)
                || (coding.code.as_deref() == of_today && coding.in_system(MCSD_TYPES))
        })
    };
    let profile = |words: &[&str]| profile_words(profiles).any(|word| words.contains(&word.as_str()));
    if code(MCSD_FACILITY) || profile(&["ihris-facility", "facilitylocation", "facilityorganization"]) {
        Some(true)
    } else if code(MCSD_JURISDICTION)
        || jurisdiction(types).is_some()
        || profile(&["ihris-jurisdiction", "ihris-country", "ihris-region", "ihris-district", "jurisdictionlocation"])
    {
        Some(false)
    } else {
        None
    }
}

/// The code of a jurisdiction type, in either generation of the iHRIS code system.
fn jurisdiction(types: &[CodeableConcept]) -> Option<String> {
    let found = codings(types).find(|coding| coding.in_system("jurisdiction") || coding.in_system("jurisdiction-type"));
    found.and_then(|coding| coding.code.clone()).map(|code| code.to_ascii_lowercase())
}

fn level(types: &[CodeableConcept], profiles: &[String], is_facility: bool) -> Option<String> {
    if is_facility {
        return Some("facility".to_owned());
    }
    let by_profile = || {
        let word = |word: String| word.strip_prefix("ihris-").map(str::to_owned);
        profile_words(profiles).filter_map(word).find(|word| ["country", "region", "district"].contains(&word.as_str()))
    };
    jurisdiction(types).or_else(by_profile)
}

fn coordinates(root: &Node<'_>, warnings: &mut Warnings) -> Option<(f64, f64)> {
    let position = root.get("position")?;
    let latitude = position.get("latitude").and_then(|node| node.number(warnings))?;
    let longitude = position.get("longitude").and_then(|node| node.number(warnings))?;
    let possible = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if !possible {
        warnings.unreadable("position", "import-coordinates-impossible", &format!("{latitude}, {longitude}"));
    }
    possible.then_some((latitude, longitude))
}
