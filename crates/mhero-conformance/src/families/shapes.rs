//! `shapes`: serialised examples, each read and written back unchanged.

use std::path::Path;

use mhero_flow::{
    actions::RESTHOOK_PAYLOAD, definition::Action, events::Event, modifiers::Modifier, triggers::Trigger,
};
use serde_json::{Value as Json, json};

use super::{
    fixture::{Fixture, Webhook},
    sessions::same,
};
use crate::{
    Tally,
    pack::{json_files, read},
};

/// Reads an example and writes it again.
type Round = fn(&Json) -> Result<Json, String>;

/// Runs the cases of the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    for file in json_files(dir) {
        match file.as_str() {
            "actions.json" => rounds(dir, &file, tally, action),
            "events.json" => rounds(dir, &file, tally, again::<Event>),
            "modifiers.json" => rounds(dir, &file, tally, again::<Modifier>),
            "resthook_payload.json" => tally.case(&file, 0, payload(dir, &file)),
            "triggers.json" => rounds(dir, &file, tally, again::<Trigger>),
            _ => tally.case(&file, "file", Err("nobody knows what shapes these are".to_owned())),
        }
    }
}

fn rounds(dir: &Path, file: &str, tally: &mut Tally, round: Round) {
    let Some(json) = tally.load(dir, file) else { return };
    for (n, case) in json["cases"].as_array().into_iter().flatten().enumerate() {
        let outcome = round(&case["json"]).and_then(|written| {
            if written == case["json"] { Ok(()) } else { Err(format!("expected {}, got {written}", case["json"])) }
        });
        tally.case(file, case["id"].as_str().map_or_else(|| n.to_string(), str::to_owned), outcome);
    }
}

fn action(json: &Json) -> Result<Json, String> {
    Action::read(json).map(|action| action.to_json()).map_err(|fault| fault.to_string())
}

fn again<T: serde::Serialize + serde::de::DeserializeOwned>(json: &Json) -> Result<Json, String> {
    let read = T::deserialize(json).map_err(|error| error.to_string())?;
    serde_json::to_value(&read).map_err(|error| error.to_string())
}

/// What a resthook would get in the fixture session, whose server the example found at another address.
fn payload(dir: &Path, file: &str) -> Result<(), String> {
    let fixture = Fixture::load(&dir.parent().unwrap_or(dir).join("fixtures/session"))?;
    let seen = fixture.evaluate(&json!({"template": RESTHOOK_PAYLOAD}), Webhook::Works)?;
    let actual = serde_json::from_str(&seen.text).map_err(|error| error.to_string())?;
    let expected = read(&dir.join(file))?.to_string().replace("127.0.0.1:49999", "localhost");
    same("", &serde_json::from_str(&expected).unwrap_or_default(), &actual, &[])
}
