//! The record of who said what, and when: a Provenance beside each change, as far as the server takes one.

use mhero_app::ports::Push;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::server::Server;

/// The code system of what happened to a resource.
const OPERATIONS: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
/// The code system of who had a part in it.
const PARTS: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// The Provenance of a change. `version` makes the target the version that was written.
pub(super) fn resource(push: &Push, path: &str, version: Option<&str>, activity: &str) -> Value {
    let target = version.map_or_else(|| path.to_owned(), |version| format!("{path}/_history/{version}"));
    let part =
        |code: &str, who: &str| json!({"type": {"coding": [{"system": PARTS, "code": code}]}, "who": {"display": who}});
    json!({
        "resourceType": "Provenance",
        "id": id(&push.key),
        "target": [{"reference": target}],
        "recorded": push.recorded,
        "activity": {"coding": [{"system": OPERATIONS, "code": activity}]},
        "reason": [{"text": push.reason}],
        "agent": [part("author", &push.agent), part("assembler", "mHero")],
        "entity": [{"role": "source", "what": {"identifier": {"system": super::create::KEYS, "value": push.key}}}],
    })
}

/// Writes it. A server that takes none still holds the change itself, and mHero the evidence.
pub(super) async fn record(server: &Server, push: &Push, path: &str, version: Option<&str>, activity: &str) {
    let capability = server.capability().await.ok().flatten();
    let can = |way: &str| capability.is_some_and(|known| known.can("Provenance", way));
    if capability.is_some() && !can("create") && !can("update") {
        return;
    }
    let mut resource = resource(push, path, version, activity);
    // With an id of its own it can be written twice and is there once.
    let takes_ids = capability.and_then(|known| known.kinds.get("Provenance")).is_some_and(|kind| kind.update_create);
    let ask = if takes_ids && can("update") {
        server.write(Method::PUT, &format!("Provenance/{}", id(&push.key)), resource.to_string())
    } else {
        if let Some(object) = resource.as_object_mut() {
            object.shift_remove("id");
        }
        server.write(Method::POST, "Provenance", resource.to_string())
    };
    drop(server.client.ask(&ask).await);
}

/// An id of FHIR's rule, the same for each attempt at the same change.
fn id(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
