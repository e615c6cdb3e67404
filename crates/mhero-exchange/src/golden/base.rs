//! What lies under the golden record: the body of the record that gave it its id, with what the others alone have.

use mhero_fhir::{Limits, check};
use mhero_store::GoldenRecord;
use serde_json::{Map, Value, json};

/// Rounds in which wrong elements are taken out before the body is given up.
const ROUNDS_MAX: usize = 8;
/// Members that are never taken over from another record.
const OWN: [&str; 5] = ["resourceType", "id", "meta", "text", "implicitRules"];

/// The resource of a kind and id that lies under what counts here. What R4 forbids is left out of it: the record keeps it.
pub(super) fn base(kind: &str, id: &str, records: &[GoldenRecord]) -> Value {
    let mut bodies: Vec<(&GoldenRecord, Value)> = Vec::new();
    for record in records.iter().filter(|record| record.kind == kind) {
        let body: Value = serde_json::from_str(&record.raw).unwrap_or_default();
        if body["resourceType"] == kind {
            bodies.push((record, body));
        }
    }
    // The sort is stable: behind the one that gave the id they stand by rank.
    bodies.sort_by_key(|(record, _)| record.ext_id != id);
    let mut bodies = bodies.into_iter().map(|(_, body)| pruned(kind, body));
    let mut under = bodies.next().unwrap_or_else(|| json!({}));
    for other in bodies {
        fill(&mut under, other);
    }
    under["resourceType"] = json!(kind);
    under["id"] = json!(id);
    if let Some(meta) = under.get_mut("meta").and_then(Value::as_object_mut) {
        meta.retain(|name, _| !matches!(name.as_str(), "versionId" | "lastUpdated"));
    }
    under
}

/// Adds what only another record has: members, extensions by their address, identifiers by their system and value.
fn fill(under: &mut Value, other: Value) {
    let (Some(under), Value::Object(other)) = (under.as_object_mut(), other) else { return };
    for (name, value) in other {
        if OWN.contains(&name.as_str()) {
            continue;
        }
        match (under.get_mut(&name), value) {
            (None, value) => drop(under.insert(name, value)),
            (Some(Value::Array(held)), Value::Array(more)) => {
                let key = |one: &Value| match name.as_str() {
                    "extension" => Some(one["url"].clone()),
                    "identifier" => Some(json!([one["system"], one["value"]])),
                    _ => None,
                };
                for one in more {
                    let Some(own) = key(&one) else { break };
                    if !held.iter().any(|held| key(held).as_ref() == Some(&own)) {
                        held.push(one);
                    }
                }
            }
            (Some(_), _) => {}
        }
    }
}

/// A body without the elements that R4 forbids.
fn pruned(kind: &str, mut body: Value) -> Value {
    for _ in 0..ROUNDS_MAX {
        let wrong: Vec<String> = check(&body, Limits::default())
            .into_iter()
            .filter(mhero_fhir::Issue::is_error)
            .map(|issue| issue.expression.split('.').nth(1).unwrap_or_default().to_owned())
            .collect();
        if wrong.is_empty() {
            return body;
        }
        let Some(object) = body.as_object_mut() else { break };
        let before = object.len();
        for element in &wrong {
            let name = element.split('[').next().unwrap_or_default();
            object.shift_remove(name);
            object.shift_remove(&format!("_{name}"));
        }
        // What is missing can not be taken out: it is put there by what counts here, or the resource is not shown.
        if object.len() == before {
            return body;
        }
    }
    let mut bare = Map::new();
    bare.insert("resourceType".to_owned(), json!(kind));
    Value::Object(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(ext_id: &str, raw: &Value) -> GoldenRecord {
        GoldenRecord {
            entity: uuid::Uuid::nil(),
            source: "ihris".to_owned(),
            rank: 1,
            kind: "Practitioner".to_owned(),
            ext_id: ext_id.to_owned(),
            raw: raw.to_string(),
            changed_at: 0,
        }
    }

    #[test]
    fn what_only_one_of_them_has_stays() {
        let first = json!({ "resourceType": "Practitioner", "id": "9", "gender": "female", "birthDate": "soon",
            "extension": [{ "url": "a", "valueCode": "x" }], "identifier": [{ "system": "s", "value": "1" }] });
        let named = json!({ "resourceType": "Practitioner", "id": "1", "meta": { "versionId": "4", "source": "here" },
            "extension": [{ "url": "b", "valueCode": "y" }], "identifier": [{ "system": "s", "value": "1" }], "favourite": "blue" });
        let under = base("Practitioner", "1", &[record("9", &first), record("1", &named)]);
        assert_eq!(under["favourite"], "blue");
        assert_eq!(under["gender"], "female");
        assert_eq!(under["meta"], json!({ "source": "here" }));
        assert_eq!(under.get("birthDate"), None, "what R4 forbids is left out");
        assert_eq!(under["extension"].as_array().map(Vec::len), Some(2));
        assert_eq!(under["identifier"].as_array().map(Vec::len), Some(1));
    }
}
