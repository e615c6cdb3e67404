//! A small flow, a world and a session for tests.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use mhero_expr::Chance;
use mhero_flow::{
    Moment,
    assets::{Assets, LoadedFlows, StaticAssets},
    contact::Contact,
    definition::{Flow, ReadOptions},
    engine::{Engine, Setting, Sprint},
    environment::Environment,
    resumes::Resume,
    triggers::Trigger,
    world::World,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// An id by a number.
pub fn id(n: u128) -> String {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 | n).to_string()
}

/// A clock that moves on by a second, and ids that count.
#[derive(Default)]
pub struct Steady(Arc<Mutex<u64>>);

impl Steady {
    fn step(&self) -> u64 {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        *count
    }
}

impl Chance for Steady {
    fn next(&self) -> u64 {
        self.step().wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl World for Steady {
    fn now(&mut self) -> Timestamp {
        let seconds = i64::try_from(self.step()).expect("few steps");
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn uuid_v4(&mut self) -> Uuid {
        Uuid::from_u128(u128::from(self.step()))
    }

    fn uuid_v7(&mut self) -> Uuid {
        Uuid::from_u128(u128::from(self.step()))
    }

    fn chance(&self) -> Arc<dyn Chance> {
        Arc::new(Self(Arc::clone(&self.0)))
    }
}

/// Assets with these flows.
pub fn assets(flows: &[Json]) -> Assets {
    let mut loaded = LoadedFlows::default();
    for flow in flows {
        let read = Flow::read(flow.clone(), &ReadOptions::default(), &mut Uuid::new_v4).expect("a flow");
        loaded.add(&read.reference(), Ok(Arc::new(read)));
    }
    let source = json!({
        "channels": [{
            "uuid": id(900), "name": "Main", "address": "+231770000000", "schemes": ["tel"], "roles": ["send", "receive"],
        }],
        "resthooks": [], "fields": [],
    });
    Assets::new(StaticAssets::read(&source).expect("assets"), Arc::new(loaded))
}

/// A flow that asks for a colour until it gets blue or nothing comes, and tells a web hook.
pub fn colours() -> Json {
    flow(
        1,
        &[
            json!({
                "uuid": id(10),
                "actions": [{"type": "send_msg", "uuid": id(11), "text": "Hi @contact.first_name, which colour?"}],
                "router": {
                    "type": "switch", "operand": "@input.text", "result_name": "Colour",
                    "wait": {"type": "msg", "timeout": {"seconds": 600, "category_uuid": id(14)}},
                    "categories": [
                        {"uuid": id(12), "name": "Blue", "exit_uuid": id(15)},
                        {"uuid": id(13), "name": "Other", "exit_uuid": id(16)},
                        {"uuid": id(14), "name": "No Response", "exit_uuid": id(17)},
                    ],
                    "cases": [{"uuid": id(18), "type": "has_any_word", "arguments": ["blue"], "category_uuid": id(12)}],
                    "default_category_uuid": id(13),
                },
                "exits": [
                    {"uuid": id(15), "destination_uuid": id(20)},
                    {"uuid": id(16), "destination_uuid": id(10)},
                    {"uuid": id(17)},
                ],
            }),
            json!({
                "uuid": id(20),
                "actions": [
                    {"type": "call_webhook", "uuid": id(21), "method": "GET", "url": "http://example.com/?c=@results.colour"},
                    {"type": "send_msg", "uuid": id(22), "text": "Thanks: @webhook.status"},
                ],
                "exits": [{"uuid": id(23)}],
            }),
        ],
    )
}

/// A messaging flow.
pub fn flow(n: u128, nodes: &[Json]) -> Json {
    json!({
        "uuid": id(n), "name": format!("Flow {n}"), "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 7, "expire_after_minutes": 60, "localization": {}, "nodes": nodes,
    })
}

/// A contact with a phone.
pub fn contact() -> Contact {
    let contact = json!({
        "uuid": id(800), "name": "Ann Kollie", "language": "eng", "status": "active",
        "created_on": "2020-01-01T00:00:00Z", "urns": ["tel:+231770000001"],
    });
    serde_json::from_value(contact).expect("a contact")
}

/// A session of a flow, begun by hand.
pub fn start(assets: &Assets, flow: u128, world: &mut Steady) -> Sprint {
    let environment = Environment::default();
    let setting = Setting { assets, environment: &environment, call: None };
    let flow = mhero_flow::refs::FlowRef::new(id(flow).parse().expect("an id"), "");
    let trigger = Trigger::manual(flow, Moment::utc(Timestamp::UNIX_EPOCH));
    Engine::default().start(setting, contact(), trigger, world).expect("a sprint")
}

/// A text from the contact.
pub fn text(text: &str) -> Resume {
    let resume = json!({
        "type": "msg", "resumed_on": "2020-01-01T00:00:00Z",
        "event": {
            "uuid": id(700), "type": "msg_received", "created_on": "2020-01-01T00:00:00Z",
            "msg": {"text": text, "urn": "tel:+231770000001"},
        },
    });
    Resume::read(&resume).expect("a resume")
}

/// The types of a sprint's events.
pub fn types(sprint: &Sprint) -> Vec<&'static str> {
    sprint.events.iter().map(mhero_flow::events::Event::type_name).collect()
}
