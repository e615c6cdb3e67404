//! 13.4.0: the template of a message has a list of components, each with its own variables; what was one list becomes the body.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::shape::{Map, actions, languages, object_mut, text};

pub(super) fn step(flow: &mut Map, ids: &mut dyn FnMut() -> Uuid) {
    let mut moved = BTreeMap::new();
    for action in actions(flow).filter(|action| text(action, "type") == "send_msg") {
        let Some(templating) = object_mut(action, "templating") else { continue };
        let old = templating.shift_remove("uuid");
        let components = match templating.shift_remove("variables") {
            Some(Json::Array(variables)) => {
                let body = ids().to_string();
                if let Some(Json::String(old)) = old {
                    moved.insert(old, body.clone());
                }
                json!([{"uuid": body, "name": "body", "params": variables}])
            }
            _ => json!([]),
        };
        templating.entry("components").or_insert(components);
    }
    for language in languages(flow) {
        for (old, body) in &moved {
            let Some(Json::Object(mut item)) = language.shift_remove(old) else { continue };
            if let Some(variables) = item.shift_remove("variables") {
                language.insert(body.clone(), json!({"params": variables}));
            }
        }
    }
}
