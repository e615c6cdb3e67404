//! Places of a country by name, for `has_state` and its like.

use std::{collections::HashMap, sync::Arc};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// How a path of places is written: `Rwanda > Kigali City > Gasabo`.
pub const PATH_SEPARATOR: &str = " > ";

/// The most words that the name of a place has.
const NAME_WORDS_MAX: usize = 10;

/// How deep a place is in the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceLevel {
    /// The whole.
    Country,
    /// The first division: a state, county or province.
    State,
    /// The second.
    District,
    /// The third.
    Ward,
}

impl PlaceLevel {
    /// The level of a path by the number of names in it.
    pub fn of_path(path: &str) -> Option<Self> {
        match path.split('>').count() {
            1 => Some(Self::Country),
            2 => Some(Self::State),
            3 => Some(Self::District),
            4 => Some(Self::Ward),
            _ => None,
        }
    }
}

/// The places of a country. An installation may look them up where they are; [`Hierarchy`] holds them in memory.
pub trait Locations: Send + Sync {
    /// The paths of the places of a level with this name or alias, in their order. The name is as [`place_key`] writes it; a
    /// parent is the path of a place further up.
    fn named(&self, key: &str, level: PlaceLevel, parent: Option<&str>) -> Vec<Arc<str>>;

    /// The path of a place as it is kept, from one in any letter case and with any spaces.
    fn at_path(&self, path: &str) -> Option<Arc<str>>;
}

/// A place with what lies in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The name that paths are made of.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// The places of the next level.
    pub children: Vec<Self>,
}

/// The places of a country in memory.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    by_name: HashMap<(PlaceLevel, String), Vec<Arc<str>>>,
    by_path: HashMap<String, Arc<str>>,
}

impl Hierarchy {
    /// The hierarchy below these countries. What lies deeper than a ward is left out.
    pub fn new(countries: &[Place]) -> Self {
        let mut all = Self::default();
        for country in countries {
            all.add(country, "");
        }
        all
    }

    fn add(&mut self, place: &Place, parent: &str) {
        let path =
            if parent.is_empty() { place.name.clone() } else { format!("{parent}{PATH_SEPARATOR}{}", place.name) };
        let Some(level) = PlaceLevel::of_path(&path) else { return };
        let shared: Arc<str> = path.as_str().into();
        for name in std::iter::once(&place.name).chain(&place.aliases) {
            let same = self.by_name.entry((level, place_key(name))).or_default();
            if same.last() != Some(&shared) {
                same.push(Arc::clone(&shared));
            }
        }
        self.by_path.insert(path_key(&path), shared);
        for child in &place.children {
            self.add(child, &path);
        }
    }
}

impl Locations for Hierarchy {
    fn named(&self, key: &str, level: PlaceLevel, parent: Option<&str>) -> Vec<Arc<str>> {
        let all = self.by_name.get(&(level, key.to_owned())).map(Vec::as_slice).unwrap_or_default();
        let below = |path: &str| match parent {
            Some(parent) => path.strip_prefix(parent).is_some_and(|rest| rest.starts_with(PATH_SEPARATOR)),
            None => true,
        };
        all.iter().filter(|path| below(path)).cloned().collect()
    }

    fn at_path(&self, path: &str) -> Option<Arc<str>> {
        self.by_path.get(&path_key(path)).cloned()
    }
}

fn path_key(path: &str) -> String {
    path.split('>').map(place_key).collect::<Vec<_>>().join(">")
}

/// The name of a place without letter case and signs: `ile de france` is not, but `île de france` is that of `Île-de-France`.
pub fn place_key(name: &str) -> String {
    words(name).join(" ")
}

fn words(text: &str) -> Vec<String> {
    let composed: String = text.nfc().collect::<String>().to_lowercase();
    let outside = |c: char| !c.is_alphanumeric() && !is_combining_mark(c);
    composed.split(outside).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The places of a level that a text names, as paths: those of its path, else of the whole text, else of the longest run of its
/// words that is a name, from the left.
pub fn places_in(locations: &dyn Locations, text: &str, level: PlaceLevel, parent: Option<&str>) -> Vec<Arc<str>> {
    let inside = |path: &str| parent.is_none_or(|parent| path.starts_with(&format!("{parent}{PATH_SEPARATOR}")));
    if text.contains('>')
        && let Some(path) = locations.at_path(text)
        && PlaceLevel::of_path(&path) == Some(level)
        && inside(&path)
    {
        return vec![path];
    }
    let words = words(text);
    for length in (1..=words.len().min(NAME_WORDS_MAX)).rev() {
        for run in words.windows(length) {
            let found = locations.named(&run.join(" "), level, parent);
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, aliases: &[&str], children: Vec<Place>) -> Place {
        Place { name: name.to_owned(), aliases: aliases.iter().map(ToString::to_string).collect(), children }
    }

    #[test]
    fn a_name_is_found_in_a_sentence_and_below_its_parent_only() {
        let monrovia = place("Greater Monrovia", &["Monrovia"], vec![place("Sinkor", &[], vec![])]);
        let liberia = place(
            "Liberia",
            &[],
            vec![
                place("Montserrado", &["Mo."], vec![monrovia]),
                place("Grand Cape Mount", &[], vec![place("Monrovia", &[], vec![])]),
            ],
        );
        let all = Hierarchy::new(&[liberia]);
        let find = |text, level, parent| {
            places_in(&all, text, level, parent).iter().map(|p| p.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(find("I'm in grand cape-mount!", PlaceLevel::State, None), ["Liberia > Grand Cape Mount"]);
        assert_eq!(find("MO", PlaceLevel::State, None), ["Liberia > Montserrado"]);
        assert_eq!(find("monrovia", PlaceLevel::District, None).len(), 2);
        let there = Some("Liberia > Montserrado");
        assert_eq!(find("monrovia", PlaceLevel::District, there), ["Liberia > Montserrado > Greater Monrovia"]);
        assert_eq!(find("liberia >montserrado", PlaceLevel::State, None), ["Liberia > Montserrado"]);
        assert!(find("nowhere", PlaceLevel::Ward, None).is_empty());
    }
}
