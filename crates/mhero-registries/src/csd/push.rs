//! Writing one change: the record is read, compared with what the change was made from, and only then replaced.
//!
//! OpenInfoMan replaces an entity as a whole and knows no conditions, so between reading and writing somebody else could still come
//! in; what was written is therefore read back.

use jiff::{Timestamp, ToSpan};
use mhero_app::ports::{Push, PushOutcome};
use mhero_core::record::{PersonRecord, Reason};
use mhero_wire::csd::{self, Difference, Element, Entity, Find, Kind, Stamps};
use sha2::{Digest, Sha256};

use super::{Directory, api::ApiError};

/// What goes before an entity's id is known from the key of the change that creates it.
const NEW_ID: &[u8] = b"mhero csd provider\n";

pub(super) async fn push(directory: &Directory, push: &Push) -> PushOutcome {
    match attempt(directory, push).await {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

async fn attempt(directory: &Directory, push: &Push) -> Result<PushOutcome, PushOutcome> {
    let Some(kind) = Kind::of(&push.target.kind).filter(|kind| *kind != Kind::Service) else {
        let field = push.values.first().map(|value| value.field.clone()).unwrap_or_default();
        return Err(refused("csd-unwritable", &field));
    };
    if push.target.id.is_empty() {
        return create(directory, kind, push).await;
    }
    let known = Element::of_entity(&push.target.raw).ok().filter(|known| known.kind == kind);
    let known = known.ok_or_else(|| PushOutcome::Refused { reason: Reason::plain("csd-source-record") })?.element;
    let id = known.attribute("entityID").unwrap_or(&push.target.id).to_owned();
    let Some((document, now)) = current(directory, kind, &id).await? else {
        return Ok(PushOutcome::Conflict { now: None, values: Vec::new() });
    };
    if push.values.iter().all(|value| holds(kind, &now, &value.field, &value.new)) {
        // An earlier attempt came through, or somebody else made the same correction.
        return Ok(written(&push.target.id, &now));
    }
    if !csd::is_unchanged(&known, &now) {
        return Ok(conflict(kind, push, &now));
    }
    let mut changed = now.clone();
    for value in &push.values {
        match csd::edit(kind, &mut changed, &value.field, value.old.as_deref(), &value.new) {
            Ok(()) => {}
            Err(Difference::OldValue) => return Ok(conflict(kind, push, &now)),
            Err(Difference::Field) => return Err(refused("csd-unwritable", &value.field)),
            Err(Difference::NewValue) => return Err(refused("csd-bad-value", &value.field)),
        }
    }
    csd::touch(&mut changed, later(directory, &now));
    store(directory, &document, &push.target.id, Entity { kind, line: 0, element: changed }).await
}

/// Creates a health worker. The id follows from the change's key, so that a second attempt finds the first one's.
async fn create(directory: &Directory, kind: Kind, push: &Push) -> Result<PushOutcome, PushOutcome> {
    if kind != Kind::Provider {
        return Err(refused("csd-unwritable", "name"));
    }
    let id = new_id(&push.key);
    if let Some((_, there)) = current(directory, kind, &id).await? {
        return Ok(written(&id, &there));
    }
    let Some(document) = target(directory) else {
        return Err(PushOutcome::Refused { reason: Reason::plain("source-is-read-only") });
    };
    let now = now(directory);
    let person = PersonRecord { active: true, ..PersonRecord::default() };
    let stamps = Stamps { created: now, updated: now };
    let mut element = csd::provider(&id, &person, stamps, None);
    for value in &push.values {
        let done = if value.field == "cadre" || value.field == "job" {
            let coded = Element::new("codedType").with("code", &value.new).with("codingScheme", &value.field);
            element = element.child(coded.text(&value.new));
            Ok(())
        } else {
            csd::edit(kind, &mut element, &value.field, None, &value.new)
        };
        match done {
            Ok(()) => {}
            Err(Difference::NewValue) => return Err(refused("csd-bad-value", &value.field)),
            Err(_) => return Err(refused("csd-unwritable", &value.field)),
        }
    }
    let Some(element) = csd::strict(kind, &element) else { return Err(refused("csd-unwritable", "name")) };
    store(directory, &document, &id, Entity { kind, line: 0, element }).await
}

/// Writes an entity and reads it back.
async fn store(directory: &Directory, document: &str, id: &str, entity: Entity) -> Result<PushOutcome, PushOutcome> {
    directory.api.put(document, &entity).await.map_err(crate::http::HttpError::into_outcome)?;
    let written_id = entity.element.attribute("entityID").unwrap_or(id).to_owned();
    let back = read(directory, document, entity.kind, &written_id).await.map_err(|error| {
        // It was taken; only the look afterwards failed.
        PushOutcome::Unknown { reason: error.reason() }
    })?;
    match back {
        Some(back) if back == entity.element => Ok(written(id, &back)),
        Some(back) if csd::stamp(&back) == csd::stamp(&entity.element) => Ok(written(id, &back)),
        _ => Err(PushOutcome::Refused { reason: Reason::plain("csd-not-kept") }),
    }
}

/// The entity as the directory holds it now, and in which document.
async fn current(directory: &Directory, kind: Kind, id: &str) -> Result<Option<(String, Element)>, PushOutcome> {
    let settings = directory.api.settings();
    let mut documents = settings.documents.clone();
    if let Some(first) = &settings.write_document {
        documents.retain(|document| document != first);
        documents.insert(0, first.clone());
    }
    for document in documents {
        // Nothing has left yet that could change anything.
        let not_sent = |error: ApiError| match error {
            ApiError::Http(crate::http::HttpError::Refused { reason, .. }) => PushOutcome::Refused { reason },
            other => PushOutcome::NotSent { reason: other.reason() },
        };
        if let Some(element) = read(directory, &document, kind, id).await.map_err(not_sent)? {
            return Ok(Some((document, element)));
        }
    }
    Ok(None)
}

async fn read(directory: &Directory, document: &str, kind: Kind, id: &str) -> Result<Option<Element>, ApiError> {
    let found = directory.api.find(document, &Find::one(kind, id)).await?.all()?;
    let wanted = id.to_lowercase();
    // A directory that ignores the id would answer with everybody.
    let own = found
        .into_iter()
        .find(|found| found.kind == kind && csd::entity_id(&found.element).as_deref() == Some(wanted.as_str()));
    Ok(own.map(|own| own.element))
}

/// The document for new entities.
fn target(directory: &Directory) -> Option<String> {
    let settings = directory.api.settings();
    settings.write_document.clone().or_else(|| settings.documents.first().cloned())
}

fn now(directory: &Directory) -> Timestamp {
    let now = (directory.now)();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Now, or right after the last change where a clock is behind: a change never looks older than what it replaces.
fn later(directory: &Directory, entity: &Element) -> Timestamp {
    let after = csd::stamp(entity).and_then(|stamp| stamp.checked_add(1.second()).ok());
    after.map_or_else(|| now(directory), |after| after.max(now(directory)))
}

fn holds(kind: Kind, entity: &Element, field: &str, new: &str) -> bool {
    let held = csd::value_of(kind, entity, field);
    if field != "phone" {
        return held.unwrap_or_default() == new;
    }
    // Any of the numbers counts: taking away and adding the same number changes nothing.
    let mut copy = entity.clone();
    !new.is_empty() && csd::edit(kind, &mut copy, field, None, new).is_ok() && copy == *entity
}

fn conflict(kind: Kind, push: &Push, now: &Element) -> PushOutcome {
    let values =
        push.values.iter().filter_map(|value| Some((value.field.clone(), csd::value_of(kind, now, &value.field)?)));
    PushOutcome::Conflict { now: Some(now.to_xml()), values: values.collect() }
}

fn written(id: &str, element: &Element) -> PushOutcome {
    PushOutcome::Written { id: id.to_lowercase(), raw: Some(element.to_xml()) }
}

fn refused(key: &'static str, field: &str) -> PushOutcome {
    PushOutcome::Refused { reason: Reason::new(key, [("field", field.to_owned())]) }
}

/// An id in the form of a UUID of version 8 (RFC 9562): of our own making, the same for the same key.
fn new_id(key: &str) -> String {
    let digest = Sha256::new().chain_update(NEW_ID).chain_update(key.as_bytes()).finalize();
    let mut hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    hex.replace_range(12..13, "8");
    hex.replace_range(16..17, "a");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
