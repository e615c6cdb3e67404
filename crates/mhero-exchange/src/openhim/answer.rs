//! `application/json+openhim`: an answer, and what was called for it.

use jiff::Timestamp;
use mhero_app::ports::CallMade;
use serde_json::{Map, Value, json};

use super::Mediator;
use crate::journal::clean_url;

/// The media type.
pub const FORM: &str = "application/json+openhim";

/// Headers that OpenHIM makes anew.
const THEIRS: [&str; 4] = ["content-length", "content-encoding", "transfer-encoding", "connection"];

/// A call, and when it ended.
type Made = (CallMade, Timestamp);

/// An answer of any front, wrapped.
pub fn wrapped(
    mediator: &Mediator,
    (status, headers, body): (u16, Vec<(String, String)>, &str),
    calls: &[Made],
    now: Timestamp,
) -> Value {
    let went_wrong = calls.iter().any(|(call, _)| call.end.outcome() != "ok");
    let word = match status {
        500.. => "Failed",
        400.. => "Completed",
        _ if went_wrong => "Completed with error(s)",
        _ => "Successful",
    };
    answered(mediator, word, (status, headers, body), (calls, &[]), now)
}

/// An answer with a final status of the transaction, in the words of OpenHIM, and properties that its console shows.
pub fn answered(
    mediator: &Mediator,
    word: &str,
    (status, headers, body): (u16, Vec<(String, String)>, &str),
    (calls, properties): (&[Made], &[(String, String)]),
    now: Timestamp,
) -> Value {
    let headers: Map<String, Value> = headers
        .into_iter()
        .filter(|(name, _)| !THEIRS.contains(&name.as_str()))
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let shows = mediator.settings().shows_bodies;
    let mut answer = json!({
        "x-mediator-urn": mediator.settings().urn,
        "status": word,
        "response": { "status": status, "headers": headers, "body": body, "timestamp": stamp(now) },
        "orchestrations": calls.iter().map(|(call, at)| orchestration(call, *at, shows)).collect::<Vec<_>>(),
    });
    if !properties.is_empty() {
        let map: Map<String, Value> =
            properties.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
        answer["properties"] = Value::Object(map);
    }
    if word == "Failed" {
        // OpenHIM tries such a transaction again where its channel says so.
        answer["error"] = json!({ "message": format!("mHero answered {status}") });
    }
    answer
}

/// One call. OpenHIM keeps what stands here in clear, so that bodies stand here only where the operator wants them.
fn orchestration(call: &CallMade, at: Timestamp, shows: bool) -> Value {
    let took = jiff::SignedDuration::try_from(call.took).unwrap_or_default();
    let text = |body: &[u8]| {
        if shows { Value::String(String::from_utf8_lossy(body).into_owned()) } else { json!("") }
    };
    let host = call.url.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let clean = clean_url(&call.url);
    let (path, query) = clean.split_once('?').unwrap_or((&clean, ""));
    let mut said = json!({
        "name": call.peer,
        "request": {
            "host": host.split(':').next().unwrap_or_default(),
            "port": host.rsplit_once(':').map_or("", |(_, port)| port),
            "path": path, "querystring": query, "method": call.method,
            "headers": {}, "body": text(&call.request), "timestamp": stamp(at - took),
        },
    });
    match call.end.status() {
        Some(status) => {
            said["response"] =
                json!({ "status": status, "headers": {}, "body": text(&call.response), "timestamp": stamp(at) });
        }
        None => said["error"] = json!({ "message": format!("no answer: {}", call.end.outcome()) }),
    }
    said
}

/// A moment as JavaScript reads it.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
