//! People and places of the registry as entities of CSD.

use std::collections::HashMap;

use jiff::Timestamp;
use mhero_core::{
    Lang, PersonId, PlaceId,
    record::{Coded, Identifier, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Ref, Value, ValueRecord},
};
use mhero_store::{DirectoryPosition, DirectoryWorker, IdentifierRow, PersonState, PlaceRow, Store, StoreError};
use mhero_wire::csd::{self, Element, Kind, Stamps, URN_SYSTEM};
use uuid::Uuid;

/// The entity id of something without one of its own: made of ours.
pub(super) fn own_id(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// Our id in an entity id that we made.
pub(super) fn id_in(entity: &str) -> Option<Uuid> {
    let entity = entity.trim();
    let head = entity.get(..9)?;
    if head.eq_ignore_ascii_case("urn:uuid:") { entity.get(9..)?.parse().ok() } else { None }
}

pub(super) fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The id under which something is told: the one that its first directory gave it, else one of ours.
fn entity_id<'a>(identifiers: impl Iterator<Item = (&'a str, &'a str)>, own: Uuid) -> String {
    let given = identifiers.filter(|(system, value)| *system == URN_SYSTEM && value.starts_with("urn:"));
    given.map(|(_, value)| value).min().map_or_else(|| own_id(own), str::to_owned)
}

/// The places of the country, read once for an answer.
pub(super) struct Country {
    places: Vec<PlaceRow>,
    at: HashMap<PlaceId, usize>,
    ids: HashMap<PlaceId, String>,
    by_id: HashMap<String, PlaceId>,
    identifiers: HashMap<PlaceId, Vec<Identifier>>,
    stamps: HashMap<PlaceId, Stamps>,
}

impl Country {
    pub(super) async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut places = store.place_rows().await?;
        places.sort_by_key(|place| place.id);
        let at = places.iter().enumerate().map(|(at, place)| (place.id, at)).collect();
        let mut identifiers: HashMap<PlaceId, Vec<Identifier>> = HashMap::new();
        for (system, value, place) in store.place_identifiers().await? {
            let own = identifiers.entry(place).or_default();
            let new = Identifier { system, value };
            if !own.contains(&new) {
                own.push(new);
            }
        }
        let stamps = store.place_stamps().await?;
        let stamps = stamps
            .into_iter()
            .map(|(place, created, updated)| (place, Stamps { created: moment(created), updated: moment(updated) }));
        let id = |place: &PlaceRow| {
            let own = identifiers.get(&place.id).map(Vec::as_slice).unwrap_or_default();
            entity_id(own.iter().map(|own| (own.system.as_str(), own.value.as_str())), place.id.uuid())
        };
        let ids: HashMap<PlaceId, String> = places.iter().map(|place| (place.id, id(place))).collect();
        let by_id = ids.iter().map(|(place, id)| (id.to_lowercase(), *place)).collect();
        Ok(Self { at, ids, by_id, stamps: stamps.collect(), identifiers, places })
    }

    /// All places, by our id.
    pub(super) fn places(&self) -> &[PlaceRow] {
        &self.places
    }

    /// A place by our id.
    pub(super) fn place(&self, id: PlaceId) -> Option<&PlaceRow> {
        self.at.get(&id).map(|at| &self.places[*at])
    }

    /// The place that an entity id means.
    pub(super) fn meant(&self, entity: &str) -> Option<PlaceId> {
        let entity = entity.trim().to_lowercase();
        self.by_id.get(&entity).copied().or_else(|| {
            let own = PlaceId::from_uuid(id_in(&entity)?);
            self.at.contains_key(&own).then_some(own)
        })
    }

    /// The entity id of a place.
    pub(super) fn id(&self, place: PlaceId) -> &str {
        self.ids.get(&place).map_or("", String::as_str)
    }

    /// A reference to a place, as records have it.
    fn reference(&self, place: PlaceId) -> Option<Ref> {
        let row = self.place(place)?;
        let kind = if row.is_facility { "facility" } else { "organization" };
        Some(Ref::Id { kind: kind.to_owned(), id: self.id(place).to_owned() })
    }

    /// A place as an entity, facilities and organisations by what they are.
    pub(super) fn entity(&self, row: &PlaceRow, source: &str) -> (Kind, Element) {
        let record = PlaceRecord {
            name: row.name.clone(),
            parent: row.parent.and_then(|above| self.reference(above)),
            level: row.level.clone(),
            is_facility: row.is_facility,
            active: row.active,
            identifiers: self.identifiers.get(&row.id).cloned().unwrap_or_default(),
            position: row.position,
            zone: None,
            values: Vec::new(),
        };
        let epoch = Stamps { created: Timestamp::UNIX_EPOCH, updated: Timestamp::UNIX_EPOCH };
        let stamps = self.stamps.get(&row.id).copied().unwrap_or(epoch);
        let id = self.id(row.id);
        if row.is_facility {
            (Kind::Facility, csd::facility(id, &record, stamps, Some(source)))
        } else {
            (Kind::Organization, csd::organization(id, &record, stamps, Some(source)))
        }
    }
}

/// What an answer tells of one worker.
pub(super) struct Told {
    pub(super) element: Element,
}

/// Workers as entities, in their order.
pub(super) async fn workers(
    store: &Store,
    country: &Country,
    found: &[DirectoryWorker],
    (now, source): (i64, &str),
) -> Result<Vec<Told>, StoreError> {
    let ids: Vec<PersonId> = found.iter().map(|worker| worker.id).collect();
    let mut states = store.person_states(&ids).await?;
    let mut positions: HashMap<PersonId, Vec<PositionRecord>> = HashMap::new();
    for position in store.directory_positions(&ids, now).await? {
        positions.entry(position.person).or_default().push(held(country, position));
    }
    let mut texts: HashMap<PersonId, Vec<ValueRecord>> = HashMap::new();
    for (person, field, text) in store.directory_texts(&ids).await? {
        texts.entry(person).or_default().push(ValueRecord { field, value: Value::Text(text) });
    }
    let told = found.iter().filter_map(|worker| {
        let state = states.remove(&worker.id)?;
        let own = (positions.remove(&worker.id), texts.remove(&worker.id));
        let (id, record) = record(state, own)?;
        let stamps = Stamps { created: moment(worker.created_at), updated: moment(worker.updated_at) };
        let element = csd::provider(&id, &record, stamps, Some(source));
        // As the schema wants it, so that a search sees what the answer shows.
        Some(Told { element: csd::strict(Kind::Provider, &element)? })
    });
    Ok(told.collect())
}

fn held(country: &Country, position: DirectoryPosition) -> PositionRecord {
    let job = position.title.map(|(system, code, names)| Coded {
        system: Some(system).filter(|system| !system.is_empty()),
        code: Some(code),
        text: Some(names.best(Lang::ENGLISH).to_owned()),
    });
    let cadre = position.cadre.map(|(code, names)| Coded {
        system: None,
        code: Some(code),
        text: Some(names.best(Lang::ENGLISH).to_owned()),
    });
    let place = position.place.and_then(|place| country.reference(place));
    PositionRecord { place, job, cadre, active: true, ..PositionRecord::default() }
}

/// Entity id and record of a person.
fn record(
    state: PersonState,
    (positions, values): (Option<Vec<PositionRecord>>, Option<Vec<ValueRecord>>),
) -> Option<(String, PersonRecord)> {
    let row = state.row?;
    let pairs = state.identifiers.iter().map(|own: &IdentifierRow| (own.system.as_str(), own.value.as_str()));
    let id = entity_id(pairs, row.id.uuid());
    let mut identifiers: Vec<Identifier> = Vec::new();
    for own in state.identifiers {
        let new = Identifier { system: own.system, value: own.value };
        if !identifiers.contains(&new) {
            identifiers.push(new);
        }
    }
    identifiers.sort_unstable();
    let mut phones: Vec<RawPhone> = Vec::new();
    for path in state.urns.into_iter().filter(|urn| urn.scheme == "tel").filter_map(|urn| urn.path) {
        if phones.iter().all(|phone| phone.raw != path) {
            phones.push(RawPhone { raw: path, usage: None, element: String::new() });
        }
    }
    let record = PersonRecord {
        name: row.name,
        given: row.given,
        family: row.family,
        language: row.language,
        sex: row.sex,
        birth: row.birth.and_then(|day| day.parse().ok()),
        active: row.active,
        phones,
        identifiers,
        values: values.unwrap_or_default(),
        positions: positions.unwrap_or_default(),
        ..PersonRecord::default()
    };
    Some((id, record))
}
