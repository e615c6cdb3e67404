//! Single actions: each alone in a flow, from reading to what it did.

use std::path::Path;

use mhero_flow::{
    assets::Assets,
    contact::Contact,
    definition::Action,
    engine::{Setting, Sprint},
    environment::Environment,
    events::Call,
    inspect::{inspect, localizables, templates},
    triggers::Trigger,
};
use serde_json::{Value as Json, json};

use super::{
    modifiers::{from, same},
    outside::Outside,
    runner::engine,
    universe::Universe,
    whole,
};
use crate::{Tally, pack::json_files};

/// The flow of messages in the assets.
const MESSAGING: (usize, &str) = (0, "bead76f5-dac4-4c9d-996c-c62b326e8c0a");
/// The flow of calls.
const VOICE: (usize, &str) = (1, "7a84463d-d209-4d3e-a0ff-79f977cd7bd0");

/// A session to start.
pub(super) struct Start<'a> {
    pub(super) assets: &'a Json,
    pub(super) contact: Json,
    pub(super) environment: Json,
    pub(super) trigger: Json,
    pub(super) call: Json,
    pub(super) mocks: Json,
}

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let Some(assets) = tally.load(dir, "_assets.json") else { return };
    for file in json_files(dir) {
        let Some(cases) = load(dir, &file, tally) else { continue };
        for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
            tally.case(&file, n, tried(&assets, case));
        }
    }
}

/// A file of cases. The pack writes `Infinity` for numbers that its own reader could not hold, which is no JSON.
fn load(dir: &Path, file: &str, tally: &mut Tally) -> Option<Json> {
    let text = std::fs::read_to_string(dir.join(file)).unwrap_or_default().replace(": Infinity", ": 1e308");
    match serde_json::from_str(&text) {
        Ok(cases) => Some(cases),
        Err(_) => tally.load(dir, file),
    }
}

/// Runs a session from its start to its first wait or its end.
pub(super) fn play(start: &Start<'_>) -> Result<Sprint, String> {
    let assets: Assets = whole::assets(start.assets)?;
    let environment: Environment = from(&start.environment)?;
    let call: Option<Call> = from(&start.call)?;
    let contact: Contact = from(&start.contact)?;
    let trigger = Trigger::read(&start.trigger).map_err(|error| error.to_string())?;
    let setting = Setting { assets: &assets, environment: &environment, call: call.as_ref() };
    let (engine, mut world, mut outside) = (engine(), Universe::new(), Outside::new(&start.mocks));
    let sprint = engine.start(setting, contact, trigger, &mut world).map_err(|error| error.to_string())?;
    let sprint = engine.drive(setting, sprint, &mut world, &mut |request, world| outside.perform(request, world));
    let sprint = sprint.map_err(|error| error.to_string())?;
    match outside.unused().as_slice() {
        [] => Ok(sprint),
        unused => Err(format!("unused mocks: {unused:?}")),
    }
}

fn tried(assets: &Json, case: &Json) -> Result<(), String> {
    let mut assets = assets.clone();
    let is_voice = case["in_flow_type"] == "voice";
    let (at, flow_uuid) = if is_voice { VOICE } else { MESSAGING };
    assets["flows"][at]["nodes"][0]["actions"] = json!([case["action"]]);
    if !case["localization"].is_null() {
        assets["flows"][at]["localization"] = case["localization"].clone();
    }
    let flow = whole::assets(&assets)?.flow(flow_uuid.parse().map_err(|_| "no id")?);
    if let Some(expected) = case["read_error"].as_str() {
        return match flow {
            Ok(_) => Err("the definition is read".to_owned()),
            Err(error) if error.to_string().contains(expected) => Ok(()),
            Err(error) => Err(format!("read error {error}, expected {expected}")),
        };
    }
    let flow = flow.map_err(|error| error.to_string())?;
    let name = assets["flows"][at]["name"].clone();
    let sprint = play(&Start {
        assets: &assets,
        contact: contact(case),
        environment: json!({
            "allowed_languages": ["eng", "spa"], "default_country": "RW",
            "redaction_policy": if case["redact_urns"] == true { "urns" } else { "none" },
        }),
        trigger: trigger(case, &json!({"uuid": flow_uuid, "name": name})),
        call: if is_voice { call() } else { Json::Null },
        mocks: case["http_mocks"].clone(),
    })?;
    came_out(case, &assets, &sprint)?;
    let action = Action::read(&case["action"]).map_err(|fault| fault.to_string())?;
    if let Some(expected) = case.get("templates") {
        let texts: Vec<_> = templates(&flow).iter().map(|located| located.text.source()).collect();
        same(expected, &json!(texts), &[expected]).map_err(|why| format!("templates: {why}"))?;
    }
    if let Some(expected) = case.get("localizables") {
        let texts: Vec<_> = localizables(&flow).iter().map(|localizable| localizable.text).collect();
        same(expected, &json!(texts), &[expected]).map_err(|why| format!("localizables: {why}"))?;
    }
    if let Some(expected) = case.get("inspection") {
        let inspection = json!(inspect(&flow, Some(&whole::assets(&assets)?)));
        same(expected, &inspection, &[expected]).map_err(|why| format!("inspection: {why}"))?;
    }
    same(&case["action"], &action.to_json(), &[&case["action"]]).map_err(|why| format!("written back: {why}"))
}

/// Compares events, contact, locals and web hook.
fn came_out(case: &Json, assets: &Json, sprint: &Sprint) -> Result<(), String> {
    let events = json!(sprint.events);
    let mut events = events.as_array().cloned().unwrap_or_default();
    let first = events.iter().position(|event| event["type"] == "run_started");
    if let Some(first) = first {
        events.remove(first);
    }
    let last = events.iter().rposition(|event| event["type"] == "run_ended");
    if let Some(last) = last {
        events.remove(last);
    }
    let mut all = json!({"events": events});
    let mut expected = json!({"events": case["events"]});
    let run = sprint.session.runs.first().ok_or("there is no run")?;
    let run_json = json!(run);
    let mut part = |key: &str, actual: Json| {
        if let Some(part) = case.get(key) {
            expected[key] = part.clone();
            all[key] = actual;
        }
    };
    part("contact_after", json!(sprint.contact));
    part("locals_after", json!(run.locals));
    part("webhook", run_json["webhook"].clone());
    same(&expected, &all, &[&case["action"], &case["contact"], assets, &contact(case)])
}

fn contact(case: &Json) -> Json {
    let mut contact = case["contact"].clone();
    if contact.is_null() {
        contact = json!({
            "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "name": "Ryan Lewis", "status": "active",
            "language": "eng", "timezone": "America/Guayaquil",
            "urns": [
                "tel:+12065551212?channel=57f1078f-88aa-46f4-a59a-948a5739c03d", "twitterid:54784326227#nyaruka",
            ],
            "groups": [
                {"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Testers"},
                {"uuid": "0ec97956-c451-48a0-a180-1ce766623e31", "name": "Males"},
            ],
            "fields": {"gender": {"text": "Male"}},
            "created_on": "2018-06-20T11:40:30.123456789Z",
        });
    }
    if case.get("localization").is_some_and(|localization| !localization.is_null()) {
        contact["language"] = json!("spa");
    }
    if case["has_ticket"] == true {
        let topic = json!({"uuid": "0d9a2c56-6fc2-4f27-93c5-a6322e26b740", "name": "General"});
        let ticket = json!({"uuid": "7f44b065-ec28-4d7a-bbb4-0bda3b75b19d", "status": "open", "topic": topic});
        contact["tickets"] = json!([ticket]);
        let tickets = json!({"uuid": "91564dee-e7ea-49b2-a903-598ce71b1d07", "name": "With Tickets"});
        contact["groups"].as_array_mut().into_iter().for_each(|groups| groups.push(tickets.clone()));
    }
    contact
}

fn trigger(case: &Json, flow: &Json) -> Json {
    if case["no_input"] == true || case["as_batch"] == true {
        let mut trigger = json!({"type": "manual", "flow": flow, "triggered_on": "2025-05-04T12:30:46.123456789Z"});
        if case["as_batch"] == true {
            trigger["batch"] = json!(true);
        }
        return trigger;
    }
    json!({
        "type": "msg", "flow": flow, "triggered_on": "2025-05-04T12:30:47.123456789Z",
        "event": {
            "uuid": "01969b47-0583-76f8-924e-9de1a11831b3", "type": "msg_received",
            "created_on": "2025-05-04T12:30:46.123456789Z",
            "msg": {
                "urn": "tel:+12065551212", "text": "Hi everybody",
                "attachments": [
                    "image/jpeg:http://http://s3.amazon.com/bucket/test.jpg", "audio/mp3:http://s3.amazon.com/bucket/test.mp3",
                ],
            },
        },
    })
}

fn call() -> Json {
    json!({
        "uuid": "0198ce92-ff2f-7b07-b158-b21ab168ebba", "urn": "tel:+12065551212",
        "channel": {"uuid": "57f1078f-88aa-46f4-a59a-948a5739c03d", "name": "My Android Phone"},
    })
}
