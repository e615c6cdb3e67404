//! A contact, assets and a world for one action.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use mhero_expr::Chance;
use mhero_flow::{
    assets::{Assets, LoadedFlows, StaticAssets},
    contact::{Contact, Urn},
    definition::{Flow, ReadOptions},
    effects::EffectAnswer,
    engine::{Engine, Setting, Sprint},
    environment::Environment,
    events::Call,
    triggers::Trigger,
    world::World,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The flow that holds the action.
pub(crate) const FLOW: &str = "bead76f5-dac4-4c9d-996c-c62b326e8c0a";
/// A flow that it may enter.
pub(crate) const CHILD: &str = "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d";
/// The contact.
pub(crate) const CONTACT: &str = "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f";

/// A world whose clock moves a second at each reading and whose ids are numbers.
pub(crate) struct Stage {
    now: Timestamp,
    ids: u128,
}

/// No chance at all.
struct Always;

impl Chance for Always {
    fn next(&self) -> u64 {
        0
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self { now: "2026-05-14T09:34:00Z".parse().expect("an instant"), ids: 0 }
    }
}

impl World for Stage {
    fn now(&mut self) -> Timestamp {
        self.now += 1.seconds();
        self.now
    }

    fn uuid_v4(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn uuid_v7(&mut self) -> Uuid {
        self.uuid_v4()
    }

    fn chance(&self) -> Arc<dyn Chance> {
        Arc::new(Always)
    }

    fn claim_urn(&mut self, _contact: Uuid, urn: &Urn) -> bool {
        !urn.path().contains("taken")
    }
}

/// The assets of a clinic, and a flow of one action.
pub(crate) fn assets(kind: &str, actions: &Json) -> Assets {
    let exit = json!([{"uuid": "d7a36118-0a38-4b35-a7e4-ae89042f0d3c"}]);
    let flow = json!({
        "uuid": FLOW, "name": "Visit", "spec_version": "14.4.2", "language": "eng", "type": kind, "localization": {},
        "nodes": [{"uuid": "72a1f5df-49f9-45df-94c9-d86f7ea064e5", "actions": actions, "exits": exit}],
    });
    let child = json!({
        "uuid": CHILD, "name": "Reminder", "spec_version": "14.4.2", "language": "eng", "type": "messaging", "nodes": [],
    });
    let flows = [flow, child].map(|json| {
        Arc::new(Flow::read(json, &ReadOptions::default(), &mut Uuid::nil).expect("a definition that can be read"))
    });
    let source = StaticAssets::read(&json!({
        "channels": [{
            "uuid": "57f1078f-88aa-46f4-a59a-948a5739c03d", "name": "SMS", "address": "+231770004636",
            "schemes": ["tel"], "roles": ["send", "receive", "call", "answer"], "country": "LR",
        }],
        "fields": [
            {"key": "age", "name": "Age", "type": "number"},
            {"key": "county", "name": "County", "type": "state"},
        ],
        "groups": [
            {"uuid": "b7cf0d83-f1c9-411c-96fd-c511a4cfa86d", "name": "Nurses"},
            {"uuid": "a5c50365-11d6-412b-b48f-53783b2a7803", "name": "Adults", "query": "age >= 18"},
        ],
        "labels": [{"uuid": "3f65d88a-95dc-4140-9451-943e94e06fea", "name": "Question"}],
        "llms": [{"uuid": "14115c03-b4c5-49e2-b9ac-390c43e9d7ce", "name": "Model"}],
        "locations": [{"name": "Liberia", "children": [{"name": "Lofa"}, {"name": "Bong"}]}],
        "resthooks": [{"slug": "new-visit", "subscribers": ["https://example.org/visits"]}],
        "topics": [{"uuid": "472a7a73-96cb-4736-b567-056d987cc5b4", "name": "General"}],
        "users": [{"uuid": "0c78ef47-7d56-44d8-8f57-96e0f30e8f44", "name": "Ann", "email": "ann@example.org"}],
    }))
    .expect("assets");
    Assets::new(source, Arc::new(flows.into_iter().collect::<LoadedFlows>()))
}

/// Somebody who works in Lofa.
pub(crate) fn mary() -> Contact {
    Contact::deserialize(&json!({
        "uuid": CONTACT, "name": "Mary Kollie", "language": "eng", "status": "active",
        "created_on": "2026-01-01T00:00:00Z", "urns": ["tel:+231770000001"],
    }))
    .expect("a contact")
}

/// Runs one action after a message; every outside call is answered with what is given, else nobody knows what came of it.
pub(crate) fn act(kind: &str, action: &Json, answer: Option<&EffectAnswer>) -> Sprint {
    let assets = assets(kind, &json!([action]));
    let environment = json!({"allowed_languages": ["eng", "fra"], "default_country": "LR"});
    let environment = Environment::deserialize(&environment).expect("an environment");
    let channel = json!({"uuid": "57f1078f-88aa-46f4-a59a-948a5739c03d", "name": "SMS"});
    let call = json!({"uuid": "0198ce92-ff2f-7b07-b158-b21ab168ebba", "urn": "tel:+231770000001", "channel": channel});
    let call = Call::deserialize(&call).expect("a call");
    let trigger = json!({
        "type": "msg", "triggered_on": "2026-05-14T09:34:00Z", "flow": {"uuid": FLOW, "name": "Visit"},
        "event": {
            "uuid": "01969b47-0583-76f8-924e-9de1a11831b3", "type": "msg_received", "created_on": "2026-05-14T09:33:59Z",
            "msg": {"urn": "tel:+231770000001", "text": "Good morning", "channel": channel},
        },
    });
    let trigger = Trigger::read(&trigger).expect("a trigger");
    let setting = Setting { assets: &assets, environment: &environment, call: Some(&call).filter(|_| kind == "voice") };
    let (engine, mut stage) = (Engine::default(), Stage::default());
    let sprint = engine.start(setting, mary(), trigger, &mut stage).expect("a session");
    let mut perform = |_: &_, _: &mut dyn World| answer.cloned().unwrap_or(EffectAnswer::Lost);
    engine.drive(setting, sprint, &mut stage, &mut perform).expect("an answer that is taken")
}
