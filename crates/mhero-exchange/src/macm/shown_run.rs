//! A run as QuestionnaireResponse, a flow as Basic and Questionnaire; and for emNutt's clients the CommunicationRequest of each who was
//! started.

use mhero_store::{FlowRow, ShownAnswer, ShownRun};
use serde_json::{Value, json};

use super::{
    shown::reference,
    shown_message::{id_of_one, moment},
};
use crate::golden::{OURS, Shown};

/// How many answers, and questions, one resource shows at most.
const ITEMS_MAX: usize = 500;

/// The address by which the questions of a flow are known.
fn questionnaire(flow: impl std::fmt::Display) -> String {
    format!("{OURS}/Questionnaire/{flow}")
}

/// What somebody answered in a run.
pub(super) fn response(run: &ShownRun, answers: &[ShownAnswer], person: Option<&str>) -> Shown {
    let status = match run.status.as_str() {
        "completed" => "completed",
        "active" | "waiting" => "in-progress",
        _ => "stopped",
    };
    let items: Vec<Value> = answers.iter().take(ITEMS_MAX).map(item).collect();
    let mut resource = json!({
        "resourceType": "QuestionnaireResponse",
        "status": status,
        "questionnaire": questionnaire(run.flow),
        "authored": moment(run.exited_at.or(run.replied_at).unwrap_or(run.started_at)),
    });
    if let Some(person) = reference(person) {
        resource["subject"] = person.clone();
        resource["author"] = person.clone();
        resource["source"] = person;
    }
    if let Some(request) = &run.request {
        resource["extension"] = json!([{
            "url": format!("{OURS}/StructureDefinition/based-on-request"),
            "valueReference": { "reference": format!("CommunicationRequest/{request}") },
        }]);
    }
    if !items.is_empty() {
        resource["item"] = json!(items);
    }
    let id = run.id.to_string();
    Shown { kind: "QuestionnaireResponse", id, person: Some(run.person), resource: Some(resource) }
}

fn item(answer: &ShownAnswer) -> Value {
    let mut item = json!({ "linkId": answer.key, "text": answer.name });
    let mut answers = Vec::new();
    if !answer.value.is_empty() {
        answers.push(json!({ "valueString": answer.value }));
    } else if !answer.category.is_empty() {
        answers.push(json!({ "valueString": answer.category }));
    }
    if !answers.is_empty() {
        item["answer"] = json!(answers);
    }
    item
}

/// The request of one who was started, as emNutt kept it for iHRIS's reports.
pub(super) fn request_of_one(run: &ShownRun, person: Option<&str>) -> Option<Shown> {
    let (request, start) = (run.request.as_deref()?, run.start?);
    let modified = run.exited_at.or(run.replied_at).unwrap_or(run.started_at);
    let mut starts = vec![
        json!({ "url": "flow_starts_uuid", "valueString": start.to_string() }),
        json!({ "url": "created_on", "valueDateTime": moment(run.started_at) }),
        json!({ "url": "modified_on", "valueDateTime": moment(modified) }),
        json!({ "url": "status", "valueString": "complete" }),
        json!({ "url": "rapidpro_contact_id", "valueString": run.person.to_string() }),
        json!({ "url": "responded", "valueString": if run.replied_at.is_some() { "Yes" } else { "No" } }),
    ];
    if let Some(at) = run.exited_at {
        let kind = match run.status.as_str() {
            "completed" => "completed",
            "expired" => "expired",
            _ => "interrupted",
        };
        starts.push(json!({ "url": "exit_type", "valueString": kind }));
        starts.push(json!({ "url": "exited_on", "valueDateTime": moment(at) }));
    }
    let resource = json!({
        "resourceType": "CommunicationRequest",
        "meta": { "profile": [format!("{OURS}/StructureDefinition/mhero-communication-request")] },
        "extension": [{
            "url": format!("{OURS}/StructureDefinition/mhero-comm-req-flow-starts"), "extension": starts,
        }],
        "status": if run.exited_at.is_some() { "completed" } else { "active" },
        "basedOn": [{ "reference": format!("CommunicationRequest/{request}") }],
        "occurrenceDateTime": moment(run.started_at),
        "authoredOn": moment(run.started_at),
        "payload": [{ "contentReference": { "reference": format!("Basic/{}", run.flow) } }],
        "recipient": [reference(person)?],
    });
    let id = id_of_one(run.id.uuid());
    Some(Shown { kind: "CommunicationRequest", id, person: Some(run.person), resource: Some(resource) })
}

/// A flow: as the workflow that emNutt's clients choose from, and as the questions that it asks.
pub(super) fn flow(flow: &FlowRow, definition: Option<&str>, counts: &[(String, i64)]) -> Vec<Shown> {
    let definition: Value = definition.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let kind = match flow.kind.as_str() {
        "voice" => "voice",
        "messaging_background" => "background",
        "messaging_offline" => "survey",
        _ => "message",
    };
    let of =
        |states: &[&str]| counts.iter().filter(|(state, _)| states.contains(&state.as_str())).map(|(_, n)| n).sum();
    let count = |states: &[&str]| -> i64 { of(states) };
    let summary = json!([
        { "url": "active", "valueInteger": count(&["active", "waiting"]) },
        { "url": "completed", "valueInteger": count(&["completed"]) },
        { "url": "interrupted", "valueInteger": count(&["interrupted", "failed"]) },
        { "url": "expired", "valueInteger": count(&["expired"]) },
    ]);
    let details = json!([
        { "url": "name", "valueString": flow.name },
        { "url": "uuid", "valueString": flow.id.to_string() },
        { "url": "flow_type", "valueString": kind },
        { "url": "archived", "valueBoolean": !flow.active },
        { "url": "expires", "valueInteger": definition["expire_after_minutes"].as_i64().unwrap_or(0) },
        { "url": "created_on", "valueDateTime": moment(flow.created_at) },
        { "url": "modified_on", "valueDateTime": moment(flow.updated_at) },
        { "url": format!("{OURS}/StructureDefinition/mhero-run-summary"), "extension": summary },
    ]);
    let code = json!({ "system": format!("{OURS}/CodeSystem/mhero-resource"), "code": "mHeroWorkflows" });
    let basic = json!({
        "resourceType": "Basic",
        "meta": { "profile": [format!("{OURS}/StructureDefinition/mhero-workflows")] },
        "extension": [{ "url": format!("{OURS}/StructureDefinition/mhero-workflows-details"), "extension": details }],
        "code": { "coding": [code], "text": "mHero Workflow" },
    });
    let mut asked = json!({
        "resourceType": "Questionnaire",
        "url": questionnaire(flow.id),
        "version": flow.revision.to_string(),
        "title": flow.name,
        "status": if flow.active { "active" } else { "retired" },
        "subjectType": ["Practitioner"],
        "date": moment(flow.updated_at),
    });
    let items = questions(&definition);
    if !items.is_empty() {
        asked["item"] = json!(items);
    }
    let shown = |kind, resource| Shown { kind, id: flow.id.to_string(), person: None, resource: Some(resource) };
    vec![shown("Basic", basic), shown("Questionnaire", asked)]
}

/// The questions of a definition: what its nodes keep as results, each once, with the categories that can come.
fn questions(definition: &Value) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    let nodes = definition["nodes"].as_array().into_iter().flatten();
    for node in nodes {
        let router = &node["router"];
        let categories = router["categories"].as_array().into_iter().flatten();
        let categories: Vec<&str> = categories.filter_map(|one| one["name"].as_str()).collect();
        let by_router = router["result_name"].as_str().map(|name| (name, categories));
        let actions = node["actions"].as_array().into_iter().flatten();
        let by_action = actions.filter(|one| one["type"] == "set_run_result").filter_map(|one| one["name"].as_str());
        for (name, categories) in by_action.map(|name| (name, Vec::new())).chain(by_router) {
            let key = key(name);
            if key.is_empty() || items.len() >= ITEMS_MAX || items.iter().any(|item| item["linkId"] == key) {
                continue;
            }
            let mut item = json!({ "linkId": key, "text": name, "type": "string" });
            if !categories.is_empty() {
                item["type"] = json!("open-choice");
                let options: Vec<Value> = categories.iter().map(|name| json!({ "valueString": name })).collect();
                item["answerOption"] = json!(options);
            }
            items.push(item);
        }
    }
    items
}

/// The key of a result: its name in small letters, with an underscore for each other sign.
fn key(name: &str) -> String {
    let mut key = String::new();
    for c in name.trim().to_lowercase().chars() {
        let c = if c.is_alphanumeric() { c } else { '_' };
        if c != '_' || !key.ends_with('_') {
            key.push(c);
        }
    }
    key.chars().take(64).collect()
}
