//! A message as Communication; and for emNutt's clients the CommunicationRequest of each recipient.

use jiff::Timestamp;
use mhero_app::App;
use mhero_core::{Direction, MessageId, MessageKind, MessageState};
use mhero_store::ShownMessage;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{shown::reference, texts};
use crate::golden::{OURS, Shown};

/// The category of what somebody wrote of their own accord, as iHRIS's reports look for it.
const CATEGORY: &str = "http://ihris.org/fhir/CodeSystem/message-category";
/// How a message goes (HL7 v3).
const MODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode";
/// The system of phone numbers as identifiers (RFC 3966).
const NUMBER: &str = "urn:ietf:rfc:3966";
/// The namespace of the requests of single recipients.
const OF_ONE: Uuid = Uuid::from_u128(0x2f6d_41a5_0b1e_4c57_8d0f_93a7_5e1c_7b62);

/// A moment as FHIR writes it.
pub(super) fn moment(micros: i64) -> Value {
    json!(Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH).to_string())
}

/// The id of the request of one recipient, by what was sent to them.
pub(super) fn id_of_one(what: Uuid) -> String {
    Uuid::new_v5(&OF_ONE, what.as_bytes()).to_string()
}

/// Whether nothing more is expected of a message.
pub(super) fn is_over(message: &ShownMessage) -> bool {
    let is_final = || message.state.parse::<MessageState>().is_ok_and(MessageState::is_final);
    // A failure may yet turn out to have arrived.
    message.direction == Direction::In || (is_final() && message.state != MessageState::Failed.as_str())
}

/// The status of Communication: `completed` is what has arrived, not what a gateway took.
fn status(message: &ShownMessage) -> &'static str {
    if message.direction == Direction::In {
        return "completed";
    }
    match message.state.parse() {
        Ok(MessageState::Waiting | MessageState::Submitting) => "preparation",
        Ok(MessageState::Sent) => "in-progress",
        Ok(MessageState::Delivered) => "completed",
        Ok(MessageState::Failed | MessageState::Cancelled | MessageState::Expired) => "not-done",
        Ok(MessageState::Uncertain) | Err(_) => "unknown",
    }
}

/// Somebody outside the register is known by their number alone.
fn other_side(message: &ShownMessage, person: Option<&str>) -> Value {
    reference(person).unwrap_or_else(
        || json!({ "identifier": { "system": NUMBER, "value": format!("{}:{}", message.scheme, message.path) } }),
    )
}

fn answered(id: MessageId) -> Value {
    json!([{ "reference": format!("Communication/{id}") }])
}

/// The Communication of a message.
pub(super) fn communication(app: &App, message: &ShownMessage, person: Option<&str>) -> Shown {
    let is_out = message.direction == Direction::Out;
    let mut resource = json!({
        "resourceType": "Communication",
        "meta": { "profile": [format!("{OURS}/StructureDefinition/mhero-communication")] },
        "status": status(message),
        "payload": [{ "contentString": texts::mark(app, message.body) }],
    });
    let mode = if message.scheme == "mailto" { "EMAILWRIT" } else { "SMSWRIT" };
    resource["medium"] = json!([{ "coding": [{ "system": MODE, "code": mode }], "text": message.scheme }]);
    if let Some(language) = message.language {
        resource["language"] = json!(language.bcp47());
    }
    if let Some(request) = &message.request {
        resource["basedOn"] = json!([{ "reference": format!("CommunicationRequest/{request}") }]);
    }
    if let Some(run) = message.run {
        resource["extension"] = json!([{
            "url": format!("{OURS}/StructureDefinition/mhero-comm-flow-run"),
            "valueReference": { "reference": format!("QuestionnaireResponse/{run}") },
        }]);
    }
    if is_out {
        resource["recipient"] = json!([other_side(message, person)]);
        if let Some(at) = message.sent_at {
            resource["sent"] = moment(at);
        }
        if let (Some(at), "delivered") = (message.done_at, message.state.as_str()) {
            resource["received"] = moment(at);
        }
        if status(message) == "not-done" {
            resource["statusReason"] = json!({ "text": message.failure.as_deref().unwrap_or(&message.state) });
        }
        if let Some(asked) = message.reply_to {
            resource["inResponseTo"] = answered(asked);
        }
    } else {
        resource["sender"] = other_side(message, person);
        resource["received"] = moment(message.created_at);
        if let Some(asked) = message.answers {
            resource["inResponseTo"] = answered(asked);
        }
        if !message.is_of_flow {
            let coding = json!({ "system": CATEGORY, "code": "inbox", "display": "Inbox" });
            resource["category"] = json!([{ "coding": [coding] }]);
        }
    }
    let whose = Some(message.person);
    Shown { kind: "Communication", id: message.id.to_string(), person: whose, resource: Some(resource) }
}

/// The request of one recipient of a text, as emNutt kept it for iHRIS's reports.
pub(super) fn request_of_one(app: &App, message: &ShownMessage, person: Option<&str>) -> Option<Shown> {
    if message.kind != MessageKind::Broadcast {
        return None;
    }
    let (request, broadcast) = (message.request.as_deref()?, message.broadcast?);
    let status = match status(message) {
        "not-done" => "entered-in-error",
        "preparation" => "active",
        _ => "completed",
    };
    let starts = json!([
        { "url": "broadcast_id", "valueString": broadcast.to_string() },
        { "url": "created_on", "valueDateTime": moment(message.created_at) },
        { "url": "rapidpro_contact_id", "valueString": message.person.to_string() },
    ]);
    let resource = json!({
        "resourceType": "CommunicationRequest",
        "meta": { "profile": [format!("{OURS}/StructureDefinition/mhero-communication-request")] },
        "extension": [{
            "url": format!("{OURS}/StructureDefinition/mhero-comm-req-broadcast-starts"), "extension": starts,
        }],
        "status": status,
        "basedOn": [{ "reference": format!("CommunicationRequest/{request}") }],
        "occurrenceDateTime": moment(message.created_at),
        "authoredOn": moment(message.created_at),
        "payload": [{ "contentString": texts::mark(app, message.body) }],
        "recipient": [reference(person)?],
    });
    let id = id_of_one(message.id.uuid());
    Some(Shown { kind: "CommunicationRequest", id, person: Some(message.person), resource: Some(resource) })
}
