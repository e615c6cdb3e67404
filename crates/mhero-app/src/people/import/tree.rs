//! All places in memory, as the import knows them: names, ids, the tree, and what each record says of them.

use std::collections::{HashMap, HashSet};

use mhero_core::{
    PlaceId, SourceId, SourceRecordId,
    limits::PLACE_DEPTH_MAX,
    record::{PathStep, PlaceRecord, Ref},
};
use mhero_query::fold;
use mhero_store::PlaceRow;

/// What one record says of a place.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The rank of its source.
    pub(super) rank: i64,
    /// Within a source a Location counts before an Organization.
    pub(super) second: bool,
    pub(super) record: SourceRecordId,
    pub(super) source: SourceId,
    pub(super) kind: String,
    pub(super) content: PlaceRecord,
}

/// A place and what records say of it, the one that counts first.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) row: PlaceRow,
    pub(super) said: Vec<Said>,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    One(PlaceId),
    Nothing,
    Several(Vec<PlaceId>),
}

/// Why a place can't stand where its record puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoEdge {
    Circle,
    TooDeep,
}

/// All places.
#[derive(Debug, Default)]
pub(super) struct Tree {
    places: HashMap<PlaceId, Known>,
    below: HashMap<PlaceId, HashSet<PlaceId>>,
    by_name: HashMap<String, Vec<PlaceId>>,
    by_id: HashMap<(SourceId, String), PlaceId>,
    by_any_id: HashMap<String, Vec<PlaceId>>,
    by_identifier: HashMap<(String, String), Vec<PlaceId>>,
}

/// `Location` and `Organization` of one id are one place, so references to either find it.
fn key(source: SourceId, kind: &str, id: &str) -> (SourceId, String) {
    match kind {
        "Location" | "Organization" => (source, id.to_owned()),
        other => (source, format!("{other}\n{id}")),
    }
}

fn add(list: &mut Vec<PlaceId>, place: PlaceId) {
    if !list.contains(&place) {
        list.push(place);
    }
}

/// The names of a place by which it is found.
pub(super) fn folded_names(row: &PlaceRow) -> Vec<String> {
    let mut names: Vec<String> = row.name.iter().map(|(_, name)| fold(name)).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Tree {
    /// Puts a place as it is stored into the tree, or as it is from now on.
    pub(super) fn put(&mut self, row: PlaceRow) {
        let id = row.id;
        if let Some(old) = self.places.get(&id) {
            for name in folded_names(&old.row) {
                if let Some(list) = self.by_name.get_mut(&name) {
                    list.retain(|other| *other != id);
                }
            }
            if let Some(siblings) = old.row.parent.and_then(|parent| self.below.get_mut(&parent)) {
                siblings.remove(&id);
            }
        }
        for name in folded_names(&row) {
            add(self.by_name.entry(name).or_default(), id);
        }
        if let Some(parent) = row.parent {
            self.below.entry(parent).or_default().insert(id);
        }
        match self.places.get_mut(&id) {
            Some(known) => known.row = row,
            None => {
                self.places.insert(id, Known { row, said: Vec::new() });
            }
        }
    }

    /// Notes what a record says of a place, in place of what it said before.
    pub(super) fn say(&mut self, place: PlaceId, ext_id: &str, said: Said) {
        self.by_id.insert(key(said.source, &said.kind, ext_id), place);
        add(self.by_any_id.entry(ext_id.to_owned()).or_default(), place);
        for identifier in &said.content.identifiers {
            self.identify(&identifier.system, &identifier.value, place);
        }
        if let Some(known) = self.places.get_mut(&place) {
            known.said.retain(|other| other.record != said.record);
            known.said.push(said);
            known.said.sort_by_key(|said| (said.rank, said.second, said.record));
        }
    }

    /// A record that spoke of a place is there no longer.
    pub(super) fn unsay(&mut self, place: PlaceId, record: SourceRecordId) {
        if let Some(known) = self.places.get_mut(&place) {
            known.said.retain(|said| said.record != record);
        }
    }

    /// Notes an identifier of a place.
    pub(super) fn identify(&mut self, system: &str, value: &str, place: PlaceId) {
        if !system.starts_with('#') {
            add(self.by_identifier.entry((system.to_owned(), value.to_owned())).or_default(), place);
        }
        add(self.by_any_id.entry(value.to_owned()).or_default(), place);
    }

    pub(super) fn get(&self, place: PlaceId) -> Option<&Known> {
        self.places.get(&place)
    }

    /// Whether any place comes from a record of its own, rather than from a column of a table.
    pub(super) fn has_register(&self) -> bool {
        self.places.values().any(|known| !known.said.is_empty())
    }

    /// The place of a source's id.
    pub(super) fn by_id(&self, source: SourceId, kind: &str, id: &str) -> Option<PlaceId> {
        self.by_id.get(&key(source, kind, id)).copied()
    }

    /// The one place that has an identifier in common with a record and no record of this kind from its source.
    pub(super) fn joined(&self, source: SourceId, kind: &str, record: &PlaceRecord) -> Option<PlaceId> {
        let lists = record
            .identifiers
            .iter()
            .filter_map(|own| self.by_identifier.get(&(own.system.clone(), own.value.clone())));
        let mut found: Vec<PlaceId> = lists.flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|place| {
            self.places
                .get(place)
                .is_some_and(|known| known.said.iter().all(|said| said.source != source || said.kind != kind))
        });
        if found.len() == 1 { found.pop() } else { None }
    }

    /// What a reference leads to. A table may name places by ids of any source.
    pub(super) fn find(&self, source: SourceId, reference: &Ref, from_table: bool) -> Found {
        match reference {
            Ref::Id { kind, id } => match self.by_id(source, kind, id) {
                Some(place) => Found::One(place),
                None if from_table => one_of(self.by_any_id.get(id).cloned().unwrap_or_default()),
                None => Found::Nothing,
            },
            Ref::Path(steps) => self.follow(steps),
        }
    }

    /// Places whose name is the last step's and above which the others stand, in order.
    pub(super) fn follow(&self, steps: &[PathStep]) -> Found {
        let Some((last, above)) = steps.split_last() else { return Found::Nothing };
        let mut found: Vec<PlaceId> = self.by_name.get(&fold(&last.name)).cloned().unwrap_or_default();
        found.retain(|place| self.is_below(*place, above));
        let facility = |place: &PlaceId| self.places.get(place).is_some_and(|known| known.row.is_facility);
        // A column of facilities means a facility where one bears the name, any other column the jurisdiction.
        let wanted = last.level.as_deref() == Some("facility");
        if found.len() > 1 && found.iter().any(|place| facility(place) == wanted) {
            found.retain(|place| facility(place) == wanted);
        }
        if found.len() > 1 && found.iter().any(|place| self.places.get(place).is_some_and(|known| known.row.active)) {
            found.retain(|place| self.places.get(place).is_some_and(|known| known.row.active));
        }
        one_of(found)
    }

    fn is_below(&self, place: PlaceId, above: &[PathStep]) -> bool {
        let mut at = self.parent(place);
        'steps: for step in above.iter().rev() {
            let wanted = fold(&step.name);
            while let Some(here) = at {
                at = self.parent(here);
                if self.places.get(&here).is_some_and(|known| folded_names(&known.row).contains(&wanted)) {
                    continue 'steps;
                }
            }
            return false;
        }
        true
    }

    pub(super) fn parent(&self, place: PlaceId) -> Option<PlaceId> {
        self.places.get(&place)?.row.parent
    }

    /// Whether a place can come below another.
    pub(super) fn fits(&self, place: PlaceId, parent: PlaceId) -> Result<(), NoEdge> {
        let (mut at, mut depth) = (Some(parent), 0);
        while let Some(here) = at {
            if here == place {
                return Err(NoEdge::Circle);
            }
            depth += 1;
            at = self.parent(here);
        }
        if depth + self.height(place) > PLACE_DEPTH_MAX { Err(NoEdge::TooDeep) } else { Ok(()) }
    }

    /// Levels from a place down, its own included.
    fn height(&self, place: PlaceId) -> usize {
        let deepest = self.below.get(&place).into_iter().flatten().map(|child| self.height(*child)).max();
        1 + deepest.unwrap_or(0)
    }

    /// The name of a place with those above it, for people: `Capital, West`.
    pub(super) fn path_of(&self, place: PlaceId, language: mhero_core::Lang) -> String {
        let above = std::iter::successors(Some(place), |place| self.parent(*place));
        let names = above.filter_map(|place| Some(self.places.get(&place)?.row.name.best(language)));
        names.collect::<Vec<_>>().join(", ")
    }
}

fn one_of(mut found: Vec<PlaceId>) -> Found {
    match found.len() {
        0 => Found::Nothing,
        1 => Found::One(found.remove(0)),
        _ => Found::Several(found),
    }
}
