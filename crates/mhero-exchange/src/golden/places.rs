//! Places as they are to be shown.

use std::collections::HashMap;

use mhero_core::PlaceId;
use mhero_store::{GoldenPlace, Snapshot, Unit};
use uuid::Uuid;

use super::{
    Shown,
    names::Names,
    place::{Ids, location, organization},
};
use crate::fhir::FhirError;

/// Learns the ids of some places as both kinds: where nothing else calls it so, the organisation has the id of the location.
pub(super) async fn learn(
    names: &mut Names,
    (unit, snapshot): (&mut Unit, &mut Snapshot),
    places: Vec<Uuid>,
) -> Result<(), FhirError> {
    // A place that only organisations tell of is called as they call it.
    let organizations: HashMap<Uuid, String> = snapshot
        .golden_known_as("Organization", &places)
        .await?
        .into_iter()
        .rev()
        .map(|known| (known.entity, known.id))
        .collect();
    let wished = |place| organizations.get(&place).cloned();
    names.learn((&mut *unit, &mut *snapshot), "Location", places.iter().copied(), wished).await?;
    let locations: HashMap<Uuid, String> =
        places.iter().filter_map(|place| Some((*place, names.id("Location", *place)?.to_owned()))).collect();
    let wished = |place| locations.get(&place).cloned();
    names.learn((unit, snapshot), "Organization", places, wished).await
}

/// What is to be shown of some places.
pub(super) async fn shown(
    (unit, snapshot): (&mut Unit, &mut Snapshot),
    places: &[PlaceId],
) -> Result<Vec<Shown>, FhirError> {
    let read = snapshot.golden_places(places).await?;
    let mut names = Names::default();
    let own = read.iter().map(|place| place.id.uuid());
    let both: Vec<Uuid> = own.clone().chain(read.iter().filter_map(|place| place.parent)).collect();
    learn(&mut names, (unit, &mut *snapshot), both).await?;
    let mut all = Vec::new();
    for place in &read {
        let entity = place.id.uuid();
        let (Some(as_location), Some(as_organization)) =
            (names.id("Location", entity), names.id("Organization", entity))
        else {
            continue;
        };
        let above = place.parent.and_then(|above| names.id("Location", above).zip(names.id("Organization", above)));
        let ids = Ids { location: as_location, organization: as_organization, above };
        let is_there = is_shown(place);
        all.push(Shown {
            kind: "Location",
            id: as_location.to_owned(),
            person: None,
            resource: is_there.then(|| location(place, ids)),
        });
        all.push(Shown {
            kind: "Organization",
            id: as_organization.to_owned(),
            person: None,
            resource: is_there.then(|| organization(place, ids)),
        });
    }
    let entities: Vec<Uuid> = own.collect();
    for kind in ["Location", "Organization"] {
        for known in snapshot.golden_known_as(kind, &entities).await? {
            if names.id(kind, known.entity) != Some(known.id.as_str()) {
                all.push(Shown { kind, id: known.id, person: None, resource: None });
            }
        }
    }
    Ok(all)
}

/// A place that is closed, and of which no record tells any more, is gone.
fn is_shown(place: &GoldenPlace) -> bool {
    place.active || !place.records.is_empty()
}
