//! An event as `AuditEvent` of FHIR R4.

use serde_json::{Value, json};

use super::Event;

/// DICOM's codes.
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// An event as a resource. `source` is by what this installation is known.
pub fn audit_event(event: &Event, source: &str) -> Value {
    let mut agent = json!({
        "type": { "text": event.who_kind },
        "who": { "identifier": { "value": event.who } },
        "requestor": true,
    });
    if let Some(address) = &event.address {
        agent["network"] = json!({ "address": address, "type": "2" });
    }
    let mut resource = json!({
        "resourceType": "AuditEvent",
        "id": event.id,
        "type": { "system": DCM, "code": event.kind.0, "display": event.kind.1 },
        "subtype": [{ "system": event.system, "code": event.what }],
        "action": event.action.to_string(),
        "recorded": event.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        "outcome": event.outcome.to_string(),
        "agent": [agent],
        "source": { "observer": { "identifier": { "value": source } } },
    });
    if let Some((kind, id)) = &event.about {
        resource["entity"] = json!([{ "what": { "identifier": { "value": id } }, "type": { "code": kind } }]);
    }
    resource
}
