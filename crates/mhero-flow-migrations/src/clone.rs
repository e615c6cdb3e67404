//! Copies a definition so that the copy shares no id with it.

use std::collections::HashMap;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::shape::Map;

/// Properties whose values name parts of the definition itself, beside `uuid`.
const OWN: &[&str] = &["category_uuid", "default_category_uuid", "destination_uuid", "exit_uuid"];

/// Copies a definition of version 13 or later with new ids for the flow and all that is in it: nodes, actions, exits,
/// categories, cases, and whatever names them in translations and in `_ui`. Ids of other things, such as groups, are replaced
/// where `others` gives another for them; it is asked once for each.
pub fn clone_with_new_ids(
    definition: &Json,
    others: &mut dyn FnMut(Uuid) -> Option<Uuid>,
    ids: &mut dyn FnMut() -> Uuid,
) -> Json {
    let mut copy = Copy { new: HashMap::new() };
    if let Some(flow) = definition.as_object() {
        copy.collect_flow(flow, ids);
    }
    copy.json(definition, others)
}

struct Copy {
    /// New ids by old ones; an id that stays stands for itself.
    new: HashMap<String, String>,
}

impl Copy {
    fn collect_flow(&mut self, flow: &Map, ids: &mut dyn FnMut() -> Uuid) {
        self.own(flow, ids);
        for node in list(flow, "nodes") {
            self.own(node, ids);
            list(node, "actions").chain(list(node, "exits")).for_each(|part| self.own(part, ids));
            if let Some(router) = node.get("router").and_then(Json::as_object) {
                list(router, "categories").chain(list(router, "cases")).for_each(|part| self.own(part, ids));
            }
            for action in list(node, "actions") {
                let Some(templating) = action.get("templating").and_then(Json::as_object) else { continue };
                self.own(templating, ids);
                list(templating, "components").for_each(|part| self.own(part, ids));
            }
        }
    }

    fn own(&mut self, part: &Map, ids: &mut dyn FnMut() -> Uuid) {
        if let Some(Json::String(id)) = part.get("uuid") {
            self.new.entry(id.clone()).or_insert_with(|| ids().to_string());
        }
    }

    fn json(&mut self, json: &Json, others: &mut dyn FnMut(Uuid) -> Option<Uuid>) -> Json {
        match json {
            Json::Array(values) => values.iter().map(|value| self.json(value, others)).collect(),
            Json::Object(values) => {
                let copy = |(key, value): (&String, &Json)| {
                    let value = match value {
                        Json::String(id) if key == "uuid" => self.id(id, others).into(),
                        Json::String(id) if OWN.contains(&key.as_str()) => self.known(id).into(),
                        other => self.json(other, others),
                    };
                    (self.known(key), value)
                };
                values.iter().map(copy).collect::<Map>().into()
            }
            other => other.clone(),
        }
    }

    /// The new id of a part of the definition; any other text stays.
    fn known(&self, id: &str) -> String {
        self.new.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// The new id of anything.
    fn id(&mut self, id: &str, others: &mut dyn FnMut(Uuid) -> Option<Uuid>) -> String {
        if let Some(new) = self.new.get(id) {
            return new.clone();
        }
        let new = id.parse().ok().and_then(others).map_or_else(|| id.to_owned(), |new| new.to_string());
        self.new.insert(id.to_owned(), new.clone());
        new
    }
}

fn list<'j>(of: &'j Map, key: &str) -> impl Iterator<Item = &'j Map> {
    crate::shape::objects(of, key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_copy_shares_no_id_of_its_own() {
        let id = |n: u128| Uuid::from_u128(n).to_string();
        let (flow, node, exit, action, group) = (id(1), id(2), id(3), id(4), id(5));
        let original = json!({
            "uuid": flow,
            "localization": {"fra": {&action: {"text": ["Salut"], "_ui": {"auto_translated": ["text"]}}}},
            "nodes": [{
                "uuid": node,
                "actions": [{"uuid": action, "type": "add_contact_groups", "groups": [{"uuid": group, "name": "A"}]}],
                "exits": [{"uuid": exit, "destination_uuid": node}],
            }],
            "_ui": {"nodes": {&node: {"position": {"left": 0}}}},
        });
        let mut next = 100;
        let copy = clone_with_new_ids(&original, &mut |_| None, &mut || {
            next += 1;
            Uuid::from_u128(next)
        });
        let text = copy.to_string();
        for old in [&flow, &node, &exit, &action] {
            assert!(!text.contains(old.as_str()), "{old} is still there");
        }
        assert_eq!(copy["nodes"][0]["exits"][0]["destination_uuid"], copy["nodes"][0]["uuid"]);
        assert_eq!(copy["nodes"][0]["actions"][0]["groups"][0]["uuid"], json!(group));
        let moved = copy["nodes"][0]["actions"][0]["uuid"].as_str().unwrap();
        assert_eq!(copy["localization"]["fra"][moved]["text"], json!(["Salut"]));
        assert!(copy["_ui"]["nodes"].get(copy["nodes"][0]["uuid"].as_str().unwrap()).is_some());
    }
}
