//! What stands in the body of an event.

use std::collections::HashMap;

use jiff::Timestamp;
use mhero_core::Direction;
use mhero_store::{ApiMessage, ApiRun, BroadcastRow, RunResultRow};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Event;

/// The type of bodies.
pub(super) const TYPE: &str = "application/json";

/// An event before it has a number.
pub(super) struct Told {
    pub(super) event: Event,
    /// What makes it the same one.
    pub(super) once_key: String,
    /// When it happened, in UTC microseconds.
    pub(super) at: i64,
    pub(super) data: Value,
}

impl Told {
    fn new(event: Event, of: &dyn std::fmt::Display, at: i64, data: Value) -> Self {
        Self { event, once_key: format!("{}/{of}", event.word()), at, data }
    }

    /// The body: the id is also that of the notice, so that a receiver can tell a repetition by body or header.
    pub(super) fn body(&self, id: Uuid, sequence: i64) -> String {
        json!({
            "id": id,
            "sequence": sequence,
            "type": self.event.word(),
            "occurred_at": instant(self.at),
            "data": self.data,
        })
        .to_string()
    }
}

/// The body of an event that tries a web hook out.
pub(super) fn ping(id: Uuid, at: i64) -> String {
    json!({ "id": id, "sequence": Value::Null, "type": "ping", "occurred_at": instant(at), "data": {} }).to_string()
}

/// What is told of a message; `None` while nothing has happened to it.
pub(super) fn message(message: &ApiMessage) -> Option<Told> {
    let mut data = json!({
        "id": message.id,
        "direction": message.direction.as_str(),
        "state": message.state,
        "person": { "id": message.person, "name": message.name },
        "address": format!("{}:{}", message.scheme, message.path),
        "channel": message.channel,
        "broadcast": message.broadcast,
        "flow": message.flow,
        "created_at": instant(message.created_at),
        "sent_at": message.sent_at.map(instant),
        "done_at": message.done_at.map(instant),
    });
    if message.direction == Direction::In {
        data["text"] = json!(message.text);
        let data = json!({ "message": data });
        return Some(Told::new(Event::MessageReceived, &message.id, message.created_at, data));
    }
    if matches!(message.state.as_str(), "waiting" | "submitting") {
        return None;
    }
    let at = message.done_at.or(message.sent_at).unwrap_or(message.created_at);
    let of = format!("{}/{}", message.id, message.state);
    Some(Told::new(Event::MessageState, &of, at, json!({ "message": data })))
}

/// What is told of a run that has ended.
pub(super) fn run(run: &ApiRun, flow: Option<&str>, results: &[RunResultRow]) -> Option<Told> {
    let ended = run.exited_at?;
    let answers: Map<String, Value> = results
        .iter()
        .map(|result| {
            let told = json!({
                "name": result.name, "value": result.value, "category": result.category, "input": result.input,
                "at": instant(result.at),
            });
            (result.key.clone(), told)
        })
        .collect();
    let data = json!({ "run": {
        "id": run.id,
        "flow": { "id": run.flow, "name": flow },
        "person": { "id": run.person, "name": run.name },
        "address": (!run.path.is_empty()).then(|| format!("{}:{}", run.scheme, run.path)),
        "start": run.start,
        "status": run.status,
        "started_at": instant(run.started_at),
        "replied_at": run.replied_at.map(instant),
        "exited_at": instant(ended),
        "results": answers,
    }});
    Some(Told::new(Event::RunFinished, &run.id, ended, data))
}

/// What is told of a broadcast: that it began to leave, that it is through.
pub(super) fn broadcast(row: &BroadcastRow, states: &[(String, i64)]) -> Vec<Told> {
    let states: HashMap<&str, i64> = states.iter().map(|(state, count)| (state.as_str(), *count)).collect();
    let data = json!({ "broadcast": {
        "id": row.id,
        "number": row.number,
        "name": row.name,
        "status": row.status,
        "matched": row.matched,
        "recipients": row.recipients,
        "is_drill": row.is_drill,
        "released_at": row.released_at.map(instant),
        "ended_at": row.ended_at.map(instant),
        "messages": states,
    }});
    let released = row.released_at.map(|at| Told::new(Event::BroadcastReleased, &row.id, at, data.clone()));
    let is_over = matches!(row.status.as_str(), "done" | "cancelled");
    let ended = row.ended_at.filter(|_| is_over);
    released.into_iter().chain(ended.map(|at| Told::new(Event::BroadcastFinished, &row.id, at, data))).collect()
}

/// What is told of somebody: whom, and where to read how they are now.
pub(super) fn person(id: Uuid, (seq, what): (i64, &str), at: i64) -> Told {
    let data = json!({ "person": { "id": id, "change": what, "url": format!("/api/v1/people/{id}") } });
    Told::new(Event::PersonChanged, &seq, at, data)
}

fn instant(micros: i64) -> String {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
