//! What the names in a query stand for, filled by the application.

use std::{collections::BTreeMap, fmt};

use mhero_core::{BroadcastId, CadreId, FieldId, FlowId, GroupId, LangMap, PlaceId, SourceId, TitleId};
use rapidfuzz::distance::jaro_winkler;

use crate::{fold, key};

/// How alike two words must be to be proposed for one another, from 0 to 1.
const ALIKE_MIN: f64 = 0.85;
/// Most proposals in one error.
const NEAR_MAX: usize = 5;

/// Everything that a query may name.
///
/// Small sets (cadres, jobs, groups, fields, courses, sources, flows) are filled whole, so that errors can propose what was meant;
/// of places and broadcasts it is enough to have those that answer to [`crate::Query::references`]. More does no harm.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// Jurisdictions and facilities.
    pub places: Catalogue<PlaceId>,
    /// Cadres.
    pub cadres: Catalogue<CadreId>,
    /// Job titles.
    pub jobs: Catalogue<TitleId>,
    /// Groups.
    pub groups: Catalogue<GroupId>,
    /// Fields; the code is the key.
    pub fields: Catalogue<FieldId>,
    /// Courses that people attended; the id is the folded code or name.
    pub courses: Catalogue<String>,
    /// Broadcasts.
    pub broadcasts: Catalogue<BroadcastId>,
    /// Sources.
    pub sources: Catalogue<SourceId>,
    /// Flows.
    pub flows: Catalogue<FlowId>,
}

/// One thing with its names.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<Id> {
    /// Our id.
    pub id: Id,
    /// Names by language.
    pub names: LangMap,
    /// Codes and ids in the sources: `midwife`, `TF.C.CAP`. The first is the one that people are told to write.
    pub codes: Vec<String>,
    /// For places, the names above it, nearest first, as the user should read them: `Lofa, Liberia`. Else empty.
    pub path: String,
    /// What kind it is of: see [`EntryKind`].
    pub kind: EntryKind,
}

/// What matters to the language about an entry beside its names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntryKind {
    /// Nothing.
    #[default]
    Plain,
    /// A place where people work.
    Facility,
    /// A field that holds texts.
    Text,
    /// A field that holds numbers.
    Number,
    /// A field that holds days or instants.
    Instant,
    /// A field that holds places.
    Place,
}

impl<Id> Entry<Id> {
    /// An entry with codes, without path.
    pub fn new(id: Id, names: LangMap, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let codes = codes.into_iter().map(Into::into).collect();
        Self { id, names, codes, path: String::new(), kind: EntryKind::Plain }
    }

    /// The entry of another kind.
    #[must_use]
    pub fn kind(mut self, kind: EntryKind) -> Self {
        self.kind = kind;
        self
    }

    /// The entry below something.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// Things of one kind, found by folded name, code or id.
#[derive(Clone, Debug)]
pub struct Catalogue<Id> {
    entries: Vec<Entry<Id>>,
    index: BTreeMap<String, Vec<usize>>,
}

impl<Id> Default for Catalogue<Id> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: BTreeMap::new() }
    }
}

impl<Id: Clone + PartialEq + fmt::Display> Catalogue<Id> {
    /// Adds a thing. One that is already there by its id is left as it is.
    pub fn add(&mut self, entry: Entry<Id>) {
        let id = fold(&entry.id.to_string());
        if self.index.get(&id).is_some_and(|found| found.iter().any(|at| self.entries[*at].id == entry.id)) {
            return;
        }
        let at = self.entries.len();
        let words = entry.names.iter().map(|(_, name)| fold(name)).chain(entry.codes.iter().map(|code| fold(code)));
        for word in words.chain([id]) {
            let found = self.index.entry(word).or_default();
            if found.last() != Some(&at) {
                found.push(at);
            }
        }
        self.entries.push(entry);
    }

    /// All that bear this name, code or id.
    pub fn find(&self, text: &str) -> Vec<&Entry<Id>> {
        self.index.get(&fold(text)).into_iter().flatten().map(|at| &self.entries[*at]).collect()
    }

    /// All whose code or name, as a [`key`], is this.
    pub fn find_key(&self, wanted: &str) -> Vec<&Entry<Id>> {
        let wanted = key(wanted);
        let is = |text: &str| key(text) == wanted;
        let fits = |entry: &&Entry<Id>| {
            entry.codes.iter().any(|code| is(code)) || entry.names.iter().any(|(_, name)| is(name))
        };
        self.entries.iter().filter(fits).collect()
    }

    /// Names and codes that are written nearly like this, the nearest first.
    pub fn near(&self, text: &str) -> Vec<String> {
        let wanted = fold(text);
        let mut found: Vec<(f64, &str)> = Vec::new();
        for entry in &self.entries {
            let words = entry.names.iter().map(|(_, name)| name).chain(entry.codes.iter().map(String::as_str));
            let alike = |word: &str| jaro_winkler::similarity(wanted.chars(), fold(word).chars());
            let best = words.map(|word| (alike(word), word)).max_by(|one, two| one.0.total_cmp(&two.0));
            found.extend(best.filter(|(score, word)| *score >= ALIKE_MIN && fold(word) != wanted));
        }
        found.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(two.1)));
        found.dedup_by(|one, two| one.1 == two.1);
        found.into_iter().take(NEAR_MAX).map(|(_, word)| word.to_owned()).collect()
    }

    /// A thing as a candidate for an ambiguous name.
    pub(crate) fn candidate(&self, entry: &Entry<Id>, name: &str) -> Candidate {
        let unique = entry.codes.iter().find(|code| self.find(code).len() == 1);
        Candidate {
            id: entry.id.to_string(),
            write: unique.cloned().unwrap_or_else(|| entry.id.to_string()),
            name: entry.names.iter().map(|(_, own)| own).find(|own| fold(own) == fold(name)).unwrap_or(name).to_owned(),
            path: entry.path.clone(),
        }
    }
}

/// One of several that bear the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Our id.
    pub id: String,
    /// What to write into the query instead of the name: a code that nothing else has, else our id.
    pub write: String,
    /// The name.
    pub name: String,
    /// The names above it.
    pub path: String,
}

/// `Sudan (Africa): TF.N.SD`
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.path.is_empty() {
            write!(f, " ({})", self.path)?;
        }
        write!(f, ": {}", self.write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mhero_core::Lang;
    use uuid::Uuid;

    fn cadre(number: u128, name: &str, code: &str) -> Entry<CadreId> {
        Entry::new(CadreId::from_uuid(Uuid::from_u128(number)), LangMap::one(Lang::FRENCH, name), [code])
    }

    #[test]
    fn things_are_found_by_name_code_and_id() {
        let mut cadres = Catalogue::default();
        cadres.add(cadre(1, "Sage-femme", "midwife"));
        cadres.add(cadre(1, "Another", "other"));
        let id = CadreId::from_uuid(Uuid::from_u128(1));
        for text in ["SAGE-FEMME", "Midwife", &id.to_string()] {
            assert_eq!(cadres.find(text).len(), 1, "{text}");
        }
        assert!(cadres.find("other").is_empty());
        assert_eq!(cadres.find_key("sage_femme").len(), 1);
    }

    #[test]
    fn near_names_are_proposed() {
        let mut cadres = Catalogue::default();
        cadres.add(cadre(1, "Sage-femme", "midwife"));
        cadres.add(cadre(2, "Infirmier", "nurse"));
        assert_eq!(cadres.near("midwive"), ["midwife"]);
        assert_eq!(cadres.near("sagefemme"), ["Sage-femme"]);
        assert!(cadres.near("x").is_empty());
    }
}
