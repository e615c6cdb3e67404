//! Whose resource a client writes: under an id of ours it speaks of whoever stands there, whichever source told of them first.

use std::collections::BTreeSet;

use mhero_app::{App, AppError};
use mhero_core::{
    PlaceId, SourceId, SourceRecordId,
    record::{Content, PlaceRecord, PositionRecord, Ref},
};
use mhero_store::{HeldRecord, Queue, RecordMark, SaidVersion, Source, Unit};
use serde_json::json;
use uuid::Uuid;

use super::connector::read;

/// Under which id a client's source holds what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// This one.
    As(String),
    /// It is a position that another source tells of: whoever told of it first keeps it.
    Elsewhere,
}

/// The kind of entity that a kind of resource becomes.
fn entity_kind(kind: &str) -> &'static str {
    match kind {
        "Practitioner" => "person",
        "PractitionerRole" => "position",
        _ => "place",
    }
}

/// Under which id a source holds a resource.
pub(super) async fn own_id(app: &App, source: SourceId, (kind, id): (&str, &str)) -> Result<Own, AppError> {
    let store = app.store();
    if store.fhir_has_record(source, kind, id).await? {
        return Ok(Own::As(id.to_owned()));
    }
    let Some(entity) = store.fhir_entity((kind, id)).await? else { return Ok(Own::As(id.to_owned())) };
    match store.fhir_record_of(source, kind, entity).await? {
        Some(own) => Ok(Own::As(own)),
        None if kind == "PractitionerRole" => Ok(Own::Elsewhere),
        None => Ok(Own::As(id.to_owned())),
    }
}

/// Prepares the source for what is about to come: what it speaks of for the first time, and what its resources refer to, is known
/// there as the person or place that stands under the id.
pub(super) async fn adopt(app: &App, source: &Source, said: &[SaidVersion]) -> Result<(), AppError> {
    let mut wanted: BTreeSet<(String, String, bool)> = BTreeSet::new();
    for one in said.iter().filter(|one| one.version.method != "DELETE") {
        let version = &one.version;
        if version.kind != "PractitionerRole" {
            wanted.insert((version.kind.clone(), version.id.clone(), false));
        }
        let Ok(record) = read(&version.body, "") else { continue };
        for reference in references(&record.content) {
            if let Ref::Id { kind, id } = reference {
                wanted.insert((kind, id, true));
            }
        }
    }
    let written: BTreeSet<(String, String)> = wanted
        .iter()
        .filter(|(.., is_reference)| !is_reference)
        .map(|(kind, id, _)| (kind.clone(), id.clone()))
        .collect();
    let mut unit = Unit::new();
    let now = app.clock().now_micros();
    let store = app.store();
    for (kind, id, is_reference) in wanted {
        if !matches!(kind.as_str(), "Practitioner" | "Location" | "Organization")
            || (is_reference && written.contains(&(kind.clone(), id.clone())))
            || store.fhir_has_record(source.id, &kind, &id).await?
        {
            continue;
        }
        let Some(entity) = store.fhir_entity((&kind, &id)).await? else { continue };
        // Who is written under the id of somebody joined is known there already.
        if !is_reference && store.fhir_record_of(source.id, &kind, entity).await?.is_some() {
            continue;
        }
        let content = if is_reference && kind != "Practitioner" { place_as_it_is(app, entity).await? } else { None };
        unit.add_record(stub(app, source.id, (&kind, &id), (entity, content)), now);
    }
    if !unit.is_empty() {
        store.write(unit, Queue::Bulk).await?;
    }
    Ok(())
}

/// What a record of work or place refers to.
fn references(content: &Content) -> Vec<Ref> {
    match content {
        Content::Position(PositionRecord { person, place, .. }) => person.iter().chain(place).cloned().collect(),
        Content::Place(PlaceRecord { parent, .. }) => parent.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

/// What a place that is only referred to is said to be: what it is, so that the reference leads there and nothing changes.
async fn place_as_it_is(app: &App, place: Uuid) -> Result<Option<Content>, AppError> {
    let place = app.store().place(PlaceId::from_uuid(place)).await?;
    Ok(place.map(|place| {
        Content::Place(PlaceRecord {
            name: place.name,
            level: place.level,
            is_facility: place.is_facility,
            active: place.active,
            ..PlaceRecord::default()
        })
    }))
}

/// A record that says no more than whose it is.
fn stub(
    app: &App,
    source: SourceId,
    (kind, id): (&str, &str),
    (entity, content): (Uuid, Option<Content>),
) -> HeldRecord {
    HeldRecord {
        mark: RecordMark {
            id: app.store().mint().id(SourceRecordId::from_uuid),
            kind: kind.to_owned(),
            ext_id: id.to_owned(),
            digest: Vec::new(),
            entity_kind: Some(entity_kind(kind).to_owned()),
            entity: Some(entity),
            pending: false,
            gone: false,
            inactive: false,
        },
        source,
        raw: json!({ "resourceType": kind, "id": id }).to_string(),
        content: content.and_then(|content| serde_json::to_string(&content).ok()),
    }
}
