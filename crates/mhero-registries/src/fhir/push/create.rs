//! Creates what is new: a health worker, and the position that goes with it, once however often it is tried.

use mhero_app::ports::{Push, PushOutcome, ValueChange};
use mhero_core::record::Reason;
use mhero_wire::fhir::Bundle;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    super::server::Server,
    before,
    edit::{Edit, NoEdit},
    provenance,
};
use crate::http::{Answer, HttpError};

/// The system of the identifier by which a record that mHero created is found again.
pub(super) const KEYS: &str = "http://mhero.org/identifier/created-by-mhero";
/// iHRIS's profiles, by kind.
const PROFILES: [(&str, &str); 2] = [
    ("Practitioner", "http://ihris.org/fhir/StructureDefinition/ihris-practitioner"),
    ("PractitionerRole", "http://ihris.org/fhir/StructureDefinition/ihris-practitioner-role"),
];
/// What iHRIS's profile of a health worker insists on.
const IHRIS_NEEDS: [&str; 3] = ["name", "sex", "birth"];
/// Largest resource that is looked at when one is searched for, in bytes.
const FOUND_BYTES_MAX: usize = 1024 * 1024;

pub(super) async fn create(server: &Server, push: &Push) -> PushOutcome {
    let (own, position): (Vec<_>, Vec<_>) = push.values.iter().cloned().partition(|value| {
        push.target.kind != "Practitioner" || !matches!(value.field.as_str(), "facility" | "job" | "cadre")
    });
    let resource = match shape(server, &push.target.kind, &push.key, &own) {
        Ok(resource) => resource,
        Err(reason) => return PushOutcome::Refused { reason },
    };
    let (id, raw) = match once(server, &push.target.kind, &push.key, &resource).await {
        Ok(created) => created,
        Err(error) => return error.into_outcome(),
    };
    let path = format!("{}/{id}", push.target.kind);
    if !position.is_empty() {
        let key = format!("{}-position", push.key);
        let made = match shape(server, "PractitionerRole", &key, &position) {
            Ok(mut role) => {
                role["practitioner"] = json!({"reference": path});
                once(server, "PractitionerRole", &key, &role).await
            }
            Err(reason) => return PushOutcome::Unknown { reason },
        };
        if let Err(error) = made {
            // The person is there and the position is not: trying again finds the one and makes the other.
            return PushOutcome::Unknown { reason: error.into() };
        }
    }
    provenance::record(server, push, &path, None, "CREATE").await;
    PushOutcome::Written { id, raw }
}

/// A new resource that holds the values.
fn shape(server: &Server, kind: &str, key: &str, values: &[ValueChange]) -> Result<Value, Reason> {
    let mut resource = json!({"resourceType": kind});
    if let Some((_, profile)) = PROFILES.iter().find(|(known, _)| server.is_ihris && *known == kind) {
        resource["meta"] = json!({"profile": [profile]});
    }
    resource["identifier"] = json!([{"system": KEYS, "value": key}]);
    resource["active"] = true.into();
    let lacks: Vec<&str> = IHRIS_NEEDS
        .into_iter()
        .filter(|need| kind == "Practitioner" && (server.is_ihris || *need == "name"))
        .filter(|need| !values.iter().any(|value| value.field == *need || (*need == "name" && value.field == "family")))
        .collect();
    if !lacks.is_empty() {
        return Err(Reason::new("registry-fhir-create-lacks", [("fields", lacks.join(", "))]));
    }
    let fresh: Vec<ValueChange> = values
        .iter()
        .filter(|value| value.field != "person")
        .map(|value| ValueChange { old: None, ..value.clone() })
        .collect();
    let edit = Edit::of(kind, &resource, &fresh).map_err(|no| match no {
        NoEdit::Refused(reason) => reason,
        NoEdit::Changed => {
            Reason::new("registry-fhir-not-writable", [("field", "-".to_owned()), ("kind", kind.to_owned())])
        }
    })?;
    for (member, value) in edit.members {
        resource[member] = value.unwrap_or_default();
    }
    if let Some(person) = values.iter().find(|value| value.field == "person") {
        resource["practitioner"] = json!({"reference": person.new});
    }
    if kind == "PractitionerRole"
        && let Some(code) = resource.pointer_mut("/code/0")
        && server.is_ihris
        && let Some(text) = code.get("text").and_then(Value::as_str).filter(|text| !text.contains(' '))
    {
        *code = json!({"coding": [{"system": "http://ihris.org/fhir/CodeSystem/ihris-job", "code": text}]});
    }
    Ok(resource)
}

/// Creates a resource unless one with its identifier is there. Gives its id, and its text where the server told.
async fn once(server: &Server, kind: &str, key: &str, resource: &Value) -> Result<(String, Option<String>), HttpError> {
    let token = format!("{KEYS}|{key}");
    // Not every server minds If-None-Exist: an attempt before this one may have got through.
    if let Some(found) = find(server, kind, key, &token).await.map_err(before)? {
        return Ok(found);
    }
    let query: String = reqwest::Url::parse_with_params("http://query.invalid/", [("identifier", token.as_str())])
        .ok()
        .and_then(|url| url.query().map(str::to_owned))
        .unwrap_or_default();
    let ask = server.write(Method::POST, kind, resource.to_string()).header("if-none-exist", &query);
    let answer = server.client.ask(&ask).await?.success()?;
    let body = answer.json().ok().filter(|body| body["resourceType"] == kind);
    let id = body.as_ref().and_then(|body| body["id"].as_str()).map(str::to_owned).or_else(|| id_of(&answer, kind));
    match id {
        Some(id) => Ok((id, body.map(|_| answer.text()))),
        None => match find(server, kind, key, &token).await? {
            Some(found) => Ok(found),
            None => {
                let args = [("host", server.client.host()), ("kind", kind.to_owned())];
                Err(HttpError::Unknown(Reason::new("registry-fhir-create-odd", args)))
            }
        },
    }
}

/// The id in the header `Location`: `…/Practitioner/P1/_history/1`.
fn id_of(answer: &Answer, kind: &str) -> Option<String> {
    let location = answer.header("location")?.split("/_history").next()?;
    let (before, id) = location.trim_end_matches('/').rsplit_once('/')?;
    (before.ends_with(kind) && !id.is_empty()).then(|| id.to_owned())
}

/// The resource with our identifier. What the server answers is looked at: one that ignores the parameter answers others.
async fn find(
    server: &Server,
    kind: &str,
    key: &str,
    token: &str,
) -> Result<Option<(String, Option<String>)>, HttpError> {
    let answer = server.get(server.client.url(kind, &[("identifier", token)])).await?.success()?;
    let Some(page) = Bundle::read(&answer.text(), FOUND_BYTES_MAX) else {
        answer.json()?;
        return Ok(None);
    };
    let is_it = |raw: &str| {
        let value: Value = serde_json::from_str(raw).unwrap_or_default();
        let identifiers = value["identifier"].as_array().cloned().unwrap_or_default();
        identifiers.iter().any(|known| known["system"] == KEYS && known["value"] == key)
    };
    let found = page.entries.into_iter().find(|entry| entry.kind.as_deref() == Some(kind) && is_it(&entry.raw));
    Ok(found.and_then(|entry| Some((entry.id?, Some(entry.raw)))))
}
