//! Places: derived from what their records say, and put into the tree.

use mhero_core::{
    LangMap, PlaceId, SourceRecordId,
    record::{PathStep, PlaceRecord, Reason, Ref},
};
use mhero_query::fold;
use mhero_store::{PlaceRow, RecordMark, Unit};
use uuid::Uuid;

use super::{
    chunk::Chunk,
    run::Run,
    tree::{Found, NoEdge, Said, folded_names},
};

impl Run<'_> {
    /// Takes what a record says of a place. `Location` and `Organization` of one id are one place; a place of another source is
    /// the same when an identifier is.
    pub(super) fn take_place(&mut self, chunk: &mut Chunk, mark: &RecordMark, content: PlaceRecord) {
        let source = self.source.id;
        let there = mark.entity.map(PlaceId::from_uuid).or_else(|| self.tree.by_id(source, &mark.kind, &mark.ext_id));
        let joined = there.is_none().then(|| self.tree.joined(source, &mark.kind, &content)).flatten();
        if joined.is_some() {
            chunk.matched(mark.id, "identifier".to_owned());
        }
        let there = there.or(joined);
        let place = there.unwrap_or_else(|| self.mint().id(PlaceId::from_uuid));
        if there.is_none() {
            self.tree.put(PlaceRow {
                id: place,
                parent: None,
                level: None,
                name: LangMap::default(),
                is_facility: false,
                active: true,
                position: None,
                zone: None,
            });
        }
        let said = Said {
            rank: self.source.rank,
            second: mark.kind == "Organization",
            record: mark.id,
            source,
            kind: mark.kind.clone(),
            content,
        };
        let had_said = self.tree.get(place).is_some_and(|known| !known.said.is_empty());
        self.tree.say(place, &mark.ext_id, said);
        let pending = self.derive_place(chunk, place, mark.id, there.is_none(), had_said);
        if mark.entity.is_none() {
            let kind = if mark.kind == "Organization" { "Organization" } else { "Location" };
            self.fhir_id(&mut chunk.unit, kind, &mark.ext_id, place.uuid());
        }
        self.settle(&mark.kind, &mark.ext_id, Some(place.uuid()), pending);
    }

    /// A record that spoke of a place is there no longer. A place without any record is closed, never deleted.
    pub(super) fn place_lost(&mut self, chunk: &mut Chunk, entity: Uuid, record: SourceRecordId) {
        let place = PlaceId::from_uuid(entity);
        self.tree.unsay(place, record);
        let Some(known) = self.tree.get(place) else { return };
        if !known.said.is_empty() {
            self.derive_place(chunk, place, record, false, true);
        } else if known.row.active {
            let row = PlaceRow { active: false, ..known.row.clone() };
            chunk.unit.set_place(&row, &fold(row.name.best(self.language)), self.now);
            chunk.unit.changed("place", entity, "updated", self.now);
            self.tree.put(row);
        }
    }

    /// Derives a place from what its records say, and writes what is new of it. True when the place above, as this record
    /// names it, is not there or can't be above.
    fn derive_place(
        &mut self,
        chunk: &mut Chunk,
        place: PlaceId,
        record: SourceRecordId,
        is_new: bool,
        had_said: bool,
    ) -> bool {
        let Some(known) = self.tree.get(place) else { return false };
        let old = known.row.clone();
        let said = known.said.clone();
        let (parent, pending) = self.parent_of(chunk, place, record, &said);
        let names_parent = said.iter().any(|said| said.content.parent.is_some());
        // A place that so far stood only in a table keeps its place until a record tells another.
        let parent = if !names_parent && !had_said { old.parent } else { parent };
        let mut row = merged(place, &said);
        row.parent = parent;
        let search = fold(row.name.best(self.language));
        let unit = &mut chunk.unit;
        if is_new {
            unit.add_place(&row, &search, self.now);
        } else if row != old {
            unit.set_place(&row, &search, self.now);
        }
        if is_new || folded_names(&row) != folded_names(&old) {
            unit.set_place_names(place, &folded_names(&row), is_new);
        }
        let identifiers: Vec<_> = said
            .iter()
            .flat_map(|said| {
                said.content.identifiers.iter().map(|own| (own.system.clone(), own.value.clone(), said.record))
            })
            .collect();
        if !identifiers.is_empty() || !is_new {
            unit.set_place_identifiers(place, &identifiers, is_new);
        }
        if old.parent != row.parent {
            unit.move_place(place, old.parent.is_some(), row.parent);
        }
        if is_new || row != old {
            unit.changed("place", place.uuid(), if is_new { "created" } else { "updated" }, self.now);
        }
        self.tree.put(row);
        pending
    }

    /// The place above, as the first record tells it whose reference leads somewhere.
    fn parent_of(
        &mut self,
        chunk: &Chunk,
        place: PlaceId,
        record: SourceRecordId,
        said: &[Said],
    ) -> (Option<PlaceId>, bool) {
        let mut pending = false;
        let mut parent = None;
        for said in said {
            let Some(reference) = &said.content.parent else { continue };
            match self.tree.find(said.source, reference, false) {
                Found::One(above) => match self.tree.fits(place, above) {
                    Ok(()) => parent = parent.or(Some(above)),
                    Err(why) => {
                        pending |= said.record == record;
                        if chunk.last && said.record == record {
                            self.warn_no_edge(record, place, above, why);
                        }
                    }
                },
                Found::Nothing | Found::Several(_) => {
                    pending |= said.record == record;
                    if chunk.last && said.record == record {
                        self.waiting.insert(record);
                    }
                }
            }
        }
        (parent, pending)
    }

    fn warn_no_edge(&mut self, record: SourceRecordId, place: PlaceId, above: PlaceId, why: NoEdge) {
        let Some(origin) = self.origins.get(&record).cloned() else { return };
        let name = |place: PlaceId| self.tree.path_of(place, self.language);
        let args = [("place", name(place)), ("above", name(above))];
        let key = match why {
            NoEdge::Circle => "import-place-circle",
            NoEdge::TooDeep => "import-place-too-deep",
        };
        self.report.warn(&origin, "partOf", Reason::new(key, args));
    }

    /// What a place named by a path is, or becomes at the end of the run: a facility or place that no register has is made
    /// where a place above it is known, or where tables are all that tells of places.
    pub(super) fn place_of_path(
        &mut self,
        chunk: &mut Chunk,
        steps: &[PathStep],
        record: SourceRecordId,
    ) -> Option<PlaceId> {
        match self.tree.follow(steps) {
            Found::One(place) => return Some(place),
            Found::Several(several) => {
                if chunk.last
                    && let Some(origin) = self.origins.get(&record).cloned()
                {
                    let mut names: Vec<String> =
                        several.iter().map(|place| self.tree.path_of(*place, self.language)).collect();
                    names.sort_unstable();
                    let reason = Reason::new(
                        "import-place-ambiguous",
                        [("text", shown(steps)), ("candidates", names.join("; "))],
                    );
                    self.report.warn(&origin, "place", reason);
                }
                return None;
            }
            Found::Nothing => {}
        }
        if !chunk.last {
            return None;
        }
        let origin = self.origins.get(&record).cloned();
        // The longest part of the path that is known; what is below it is made.
        let known = (1..steps.len()).rev().find_map(|end| match self.tree.follow(&steps[..end]) {
            Found::One(place) => Some((end, Some(place))),
            _ => None,
        });
        let bare = (!self.tree.has_register()).then_some((0, None));
        let Some((end, above)) = known.or(bare) else {
            if let Some(origin) = origin {
                self.report.warn(&origin, "place", Reason::new("import-place-unknown", [("text", shown(steps))]));
            }
            return None;
        };
        let mut above = above;
        for step in &steps[end..] {
            above = Some(self.make_place(&mut chunk.unit, step, above));
        }
        if let Some(origin) = origin {
            self.report.warn(&origin, "place", Reason::new("import-place-new", [("text", shown(steps))]));
        }
        above
    }

    fn make_place(&mut self, unit: &mut Unit, step: &PathStep, parent: Option<PlaceId>) -> PlaceId {
        let row = PlaceRow {
            id: self.mint().id(PlaceId::from_uuid),
            parent,
            level: step.level.clone(),
            name: LangMap::one(self.language, step.name.trim()),
            is_facility: step.level.as_deref() == Some("facility"),
            active: true,
            position: None,
            zone: None,
        };
        unit.add_place(&row, &fold(&step.name), self.now);
        unit.set_place_names(row.id, &folded_names(&row), true);
        unit.move_place(row.id, false, parent);
        unit.changed("place", row.id.uuid(), "created", self.now);
        let id = row.id;
        self.tree.put(row);
        id
    }

    /// The place that a record's reference means. At the end of a run one that leads nowhere is counted as waiting.
    pub(super) fn place_of(
        &mut self,
        chunk: &mut Chunk,
        (source, record, from_table): (mhero_core::SourceId, SourceRecordId, bool),
        reference: &Ref,
    ) -> Option<PlaceId> {
        let place = match reference {
            Ref::Path(steps) => self.place_of_path(chunk, steps, record),
            Ref::Id { .. } => match self.tree.find(source, reference, from_table) {
                Found::One(place) => Some(place),
                Found::Nothing | Found::Several(_) => None,
            },
        };
        if place.is_none() && chunk.last {
            self.waiting.insert(record);
        }
        place
    }
}

/// A path for people: `Barpolu, Harbel District, Siaway Clinic`.
fn shown(steps: &[PathStep]) -> String {
    steps.iter().map(|step| step.name.trim()).collect::<Vec<_>>().join(", ")
}

/// A place from what its records say: of each part, the first record that knows it. The place above is looked up apart.
fn merged(id: PlaceId, said: &[Said]) -> PlaceRow {
    let mut name = LangMap::default();
    for (lang, text) in said.iter().rev().flat_map(|said| said.content.name.iter()) {
        name.insert(lang, text);
    }
    let first = said.first();
    PlaceRow {
        id,
        parent: None,
        level: said.iter().find_map(|said| said.content.level.clone()),
        name,
        is_facility: first.is_some_and(|said| said.content.is_facility),
        active: first.is_none_or(|said| said.content.active),
        position: said.iter().find_map(|said| said.content.position),
        zone: said.iter().find_map(|said| said.content.zone.clone()),
    }
}
