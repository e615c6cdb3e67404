//! Organisation units: the tree of places with its levels.

use jiff::civil::Date;
use mhero_core::{
    Lang, LangMap,
    limits::NAME_CHARS_MAX,
    record::{Content, Identifier, PlaceRecord, Reason, Record, Ref, Rejection, Value as FieldValue, ValueRecord},
};
use serde_json::Value;

use super::{UNIT, attribute, id_of, is_attribute};
use crate::fhir::node::{Node, Partial, Warnings};

/// Most corners of an area that its middle is taken of; the rest of a very fine border changes nothing.
const CORNERS_MAX: usize = 100_000;
/// Deepest nesting of the lists of an area's corners.
const GEOMETRY_DEPTH_MAX: usize = 6;
/// Words in the names of levels at which people work, in small letters.
const FACILITY_WORDS: [&str; 9] = [
    "facility",
    "health unit",
    "phu",
    "clinic",
    "hospital",
    "formation sanitaire",
    "centre de sant",
    "établissement",
    "structure",
];

/// A level of the tree and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// 1 is the country.
    pub number: u64,
    /// As people call it: `Chiefdom`.
    pub name: String,
}

/// Reads a level.
pub fn level_of(item: &Value) -> Option<Level> {
    let root = Node::root(item);
    let number = root.member_text("level")?.parse().ok()?;
    Some(Level { number, name: root.member_text("displayName").or_else(|| root.member_text("name"))? })
}

/// How the organisation units of a server are read.
#[derive(Clone, Debug)]
pub struct Units {
    /// The levels with their names.
    pub levels: Vec<Level>,
    /// The level from which down units are facilities; `None` takes the one whose name says so, else the lowest.
    pub facility_level: Option<u64>,
    /// Ids, codes or names of groups whose members are facilities at any level.
    pub facility_groups: Vec<String>,
    /// The system of the units' ids.
    pub uid_system: String,
    /// The system of the units' codes; `None` keeps them within the source.
    pub code_system: Option<String>,
    /// Systems of attributes, by the attribute's code or id.
    pub attribute_systems: Vec<(String, String)>,
    /// Fields of facility checks, each with the code or id of the attribute that holds it.
    pub place_attributes: Vec<(String, String)>,
    /// The language of names without translation.
    pub language: Lang,
    /// The day by which a unit is closed or not open yet.
    pub today: Date,
}

impl Units {
    /// Reads one organisation unit. What can't be read of it becomes a warning.
    ///
    /// # Errors
    /// A [`Rejection`] when it is no object or has no id.
    pub fn record(&self, item: &Value, origin: &str) -> Result<Record, Rejection> {
        let (id, raw) = id_of(item, origin, UNIT)?;
        let root = Node::root(item);
        let mut warnings = Warnings::default();
        let level = root.member_text("level").and_then(|level| level.parse().ok()).or_else(|| depth(&root));
        let is_facility = self.is_facility(&root, level);
        let place = PlaceRecord {
            name: self.name(&root, &mut warnings),
            parent: parent(&root, &id),
            level: if is_facility { Some("facility".to_owned()) } else { self.level_name(level) },
            is_facility,
            active: self.is_open(&root, &mut warnings),
            identifiers: self.identifiers(&root, &id),
            position: position(&root, &mut warnings),
            zone: None,
            values: self.values(&root),
        };
        let warnings = warnings.into_problems();
        Ok(Record {
            origin: origin.to_owned(),
            kind: UNIT.to_owned(),
            id,
            raw,
            warnings,
            content: Content::Place(place),
        })
    }

    /// The level from which down units are facilities, by setting, by the levels' names, or the lowest that has a name.
    pub fn facilities_from(&self) -> Option<u64> {
        let says_facility = |level: &&Level| {
            let name = level.name.to_lowercase();
            FACILITY_WORDS.iter().any(|word| name.contains(word))
        };
        let numbers = |levels: Vec<&Level>| levels.iter().map(|level| level.number).min();
        self.facility_level
            .or_else(|| numbers(self.levels.iter().filter(says_facility).collect()))
            .or_else(|| self.levels.iter().map(|level| level.number).max())
    }

    fn is_facility(&self, root: &Node<'_>, level: Option<u64>) -> bool {
        let named = |group: &Node<'_>| {
            ["id", "code", "name"]
                .into_iter()
                .filter_map(|key| group.member_text(key))
                .any(|own| self.facility_groups.iter().any(|wanted| wanted.to_lowercase() == own.to_lowercase()))
        };
        if root.items("organisationUnitGroups").iter().any(named) {
            return true;
        }
        match (self.facilities_from(), level) {
            (Some(from), Some(level)) => level >= from && from > 1,
            _ => root.member_truth("leaf") == Some(true),
        }
    }

    fn level_name(&self, level: Option<u64>) -> Option<String> {
        let number = level?;
        let named = self.levels.iter().find(|level| level.number == number);
        Some(named.map_or_else(|| format!("level {number}"), |level| level.name.trim().to_lowercase()))
    }

    fn name(&self, root: &Node<'_>, warnings: &mut Warnings) -> LangMap {
        let mut names = LangMap::default();
        let own = ["name", "displayName", "shortName"].into_iter().find_map(|key| root.member_text(key));
        match own {
            Some(name) => {
                names.insert(self.language, warnings.cut("name", name, NAME_CHARS_MAX));
            }
            None => warnings.add("name", Reason::plain("import-name-missing")),
        }
        for translation in root.items("translations") {
            let is_name =
                translation.member_text("property").is_some_and(|property| property.eq_ignore_ascii_case("name"));
            let locale = translation.member_text("locale").map(|locale| locale.replace('_', "-"));
            if let (true, Some(locale), Some(name)) = (is_name, locale, translation.member_text("value"))
                && let Ok(lang) = locale.parse()
            {
                names.insert(lang, warnings.cut("translations", name, NAME_CHARS_MAX));
            }
        }
        names
    }

    /// Whether it is open: closed from its `closedDate` on, and not before its `openingDate`.
    fn is_open(&self, root: &Node<'_>, warnings: &mut Warnings) -> bool {
        let closed = root.get("closedDate").and_then(|day| day.day(Partial::First, warnings));
        let opened = root.get("openingDate").and_then(|day| day.day(Partial::First, warnings));
        closed.is_none_or(|day| day > self.today) && opened.is_none_or(|day| day <= self.today)
    }

    fn identifiers(&self, root: &Node<'_>, id: &str) -> Vec<Identifier> {
        let uid = Identifier { system: self.uid_system.clone(), value: id.to_owned() };
        let code = root.member_text("code").map(|value| {
            let system = self.code_system.clone().unwrap_or_else(|| "#code".to_owned());
            Identifier { system, value }
        });
        let mut all: Vec<Identifier> = std::iter::once(uid).chain(code).collect();
        // What facility checks write is no identifier: many places have one value.
        let is_value = |item: &Node<'_>| self.place_attributes.iter().any(|(_, name)| is_attribute(item, name));
        let items = root.items("attributeValues");
        let others = items.iter().filter(|item| !is_value(item));
        for more in others.filter_map(|item| attribute(item, &self.attribute_systems)) {
            if !all.contains(&more) {
                all.push(more);
            }
        }
        all
    }

    /// What facility checks found, as it stands in attributes.
    fn values(&self, root: &Node<'_>) -> Vec<ValueRecord> {
        let items = root.items("attributeValues");
        let read = |(field, name): &(String, String)| {
            let text = items.iter().find(|item| is_attribute(item, name))?.member_text("value")?;
            Some(ValueRecord { field: field.clone(), value: FieldValue::Text(text) })
        };
        self.place_attributes.iter().filter_map(read).collect()
    }
}

/// The unit above: its parent, else the last but one step of its path.
fn parent(root: &Node<'_>, id: &str) -> Option<Ref> {
    let named = root.get("parent").and_then(|parent| parent.member_text("id").or_else(|| parent.text()));
    let by_path = || {
        let path = root.member_text("path")?;
        let mut steps = path.rsplit('/').filter(|step| !step.is_empty());
        steps.next().filter(|own| *own == id)?;
        steps.next().map(str::to_owned)
    };
    named.or_else(by_path).map(|id| Ref::Id { kind: UNIT.to_owned(), id })
}

fn depth(root: &Node<'_>) -> Option<u64> {
    let path = root.member_text("path")?;
    Some(path.split('/').filter(|step| !step.is_empty()).count() as u64).filter(|depth| *depth > 0)
}

/// The point, or the middle of an area: that of the box around its corners, so that no form of border leads out of it far.
fn position(root: &Node<'_>, warnings: &mut Warnings) -> Option<(f64, f64)> {
    let geometry = root.get("geometry")?;
    let coordinates = geometry.value().get("coordinates")?;
    let mut corners = Vec::new();
    collect(coordinates, 0, &mut corners);
    let edges = |pick: fn(&(f64, f64)) -> f64| {
        let values = corners.iter().map(pick);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        f64::midpoint(low, high)
    };
    if corners.is_empty() {
        warnings.unreadable("geometry", "import-coordinates-impossible", &coordinates.to_string());
        return None;
    }
    let (longitude, latitude) = (edges(|corner| corner.0), edges(|corner| corner.1));
    let possible = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    if !possible {
        warnings.unreadable("geometry", "import-coordinates-impossible", &format!("{latitude}, {longitude}"));
    }
    possible.then_some((latitude, longitude))
}

/// Gathers `[longitude, latitude]` pairs, however deep their lists are nested.
fn collect(value: &Value, depth: usize, corners: &mut Vec<(f64, f64)>) {
    let Value::Array(items) = value else { return };
    if depth > GEOMETRY_DEPTH_MAX || corners.len() >= CORNERS_MAX {
        return;
    }
    if let [longitude, latitude, ..] = items.as_slice()
        && let (Some(longitude), Some(latitude)) = (longitude.as_f64(), latitude.as_f64())
    {
        corners.push((longitude, latitude));
        return;
    }
    for item in items {
        collect(item, depth + 1, corners);
    }
}
