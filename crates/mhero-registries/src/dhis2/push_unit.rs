//! Writes what facility checks found into attributes of organisation units: looked at first, then sent as JSON Patch, then looked at
//! again.

use mhero_app::ports::{Push, PushOutcome};
use mhero_core::record::Reason;
use mhero_wire::dhis2::{List, UNIT, UnitState, Version};

use super::{Server, UNIT_FIELDS, push::not_sent};
use crate::http::HttpError;

/// Writes one value of one unit.
pub(super) async fn push(server: &Server, push: &Push) -> PushOutcome {
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let [change] = push.values.as_slice() else { return not_written(server) };
    let attributes = &server.settings.place_attributes;
    let known = attributes.iter().find(|(field, _)| *field == change.field).filter(|_| is_id(&push.target.id));
    let Some((_, attribute)) = known else { return not_written(server) };
    let path = format!("organisationUnits/{}", push.target.id);
    // Nothing has left so far: whatever fails is no reason to doubt.
    let (before, now) = match read(server, &path).await {
        Ok(read) => read,
        Err(error) => return not_sent(error),
    };
    let holds = |state: &UnitState| state.value(attribute).unwrap_or_default() == change.new;
    if holds(&now) {
        return PushOutcome::Written { id: push.target.id.clone(), raw: Some(before) };
    }
    let as_received = UnitState::read(&push.target.raw).and_then(|state| state.last_updated);
    if as_received.is_none() || as_received != now.last_updated {
        let value = now.value(attribute).map(|value| (change.field.clone(), value));
        return PushOutcome::Conflict { now: Some(before), values: value.into_iter().collect() };
    }
    let id = match attribute_id(server, &now, attribute).await {
        Ok(Some(id)) => id,
        Ok(None) => {
            let args = [("attribute", attribute.clone())];
            return PushOutcome::Refused { reason: Reason::new("dhis2-no-attribute", args) };
        }
        Err(error) => return not_sent(error),
    };
    let answer = match server.api.patch(&path, now.patch(&id, &change.new).to_string()).await {
        Ok(answer) => answer,
        Err(error) => return error.into_outcome(),
    };
    if answer.status == 415 {
        let args = [("oldest", Version::OLDEST.to_string())];
        return PushOutcome::Refused { reason: Reason::new("dhis2-no-json-patch", args) };
    }
    if let Err(error) = server.api.judge(answer) {
        return error.into_outcome();
    }
    match read(server, &path).await {
        Ok((raw, after)) if holds(&after) => PushOutcome::Written { id: push.target.id.clone(), raw: Some(raw) },
        Ok(_) => PushOutcome::Refused { reason: Reason::plain("dhis2-not-kept") },
        // It said that it was written.
        Err(_) => PushOutcome::Written { id: push.target.id.clone(), raw: None },
    }
}

/// A unit as it is now.
async fn read(server: &Server, path: &str) -> Result<(String, UnitState), HttpError> {
    let text = server.api.get(path, &[("fields", UNIT_FIELDS)]).await?;
    let state = UnitState::read(&text).ok_or_else(|| server.api.not_a_list())?;
    Ok((text, state))
}

/// The id of an attribute: from the unit itself, else from the server, by code or id.
async fn attribute_id(server: &Server, unit: &UnitState, name: &str) -> Result<Option<String>, HttpError> {
    if let Some(id) = unit.attribute_id(name) {
        return Ok(Some(id));
    }
    for property in ["code", "id"] {
        let filter = format!("{property}:eq:{name}");
        let query = [("filter", filter.as_str()), ("fields", "id,code"), ("paging", "false")];
        let text = server.api.get("attributes", &query).await?;
        let list = List::read(&text, "attributes").ok_or_else(|| server.api.not_a_list())?;
        // A server that ignores the filter answers with all of them.
        let is_it = |item: &&serde_json::Value| item.get(property).and_then(serde_json::Value::as_str) == Some(name);
        let found = list.items.iter().find(is_it).and_then(|item| item.get("id")?.as_str().map(str::to_owned));
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn not_written(server: &Server) -> PushOutcome {
    let fields: Vec<&str> = server.settings.place_attributes.iter().map(|(field, _)| field.as_str()).collect();
    let args = [("kind", UNIT.to_owned()), ("fields", fields.join(", "))];
    PushOutcome::Refused { reason: Reason::new("dhis2-unit-field-not-written", args) }
}
