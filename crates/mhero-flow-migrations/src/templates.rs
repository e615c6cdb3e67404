//! Rewrites the templates of a definition, translations included.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::{
    Version,
    catalog::{ROUTER, action_places},
    shape::{Map, languages, nodes, object_mut, objects_mut, text},
};

/// The properties of items whose translations are templates too, by the item's id.
type Translated = BTreeMap<String, BTreeSet<&'static str>>;

/// Gives every text of a definition that may hold expressions to a function, and puts what it returns in its place. Which texts
/// those are depends on the version.
pub fn rewrite_templates(flow: &mut Map, version: Version, new: &mut dyn FnMut(&str) -> Option<String>) {
    let mut translated = Translated::new();
    for node in nodes(flow) {
        for action in objects_mut(node, "actions") {
            let kind = text(action, "type").to_owned();
            for path in action_places(&kind, version) {
                rewrite_at(action, path, None, &mut translated, new);
            }
        }
        if let Some(router) = object_mut(node, "router") {
            for path in ROUTER {
                rewrite_at(router, path, None, &mut translated, new);
            }
        }
    }
    for language in languages(flow) {
        for (item, properties) in &translated {
            let Some(item) = object_mut(language, item) else { continue };
            for property in properties {
                item.get_mut(*property).into_iter().for_each(|value| rewrite_texts(value, new));
            }
        }
    }
}

/// Rewrites what stands at a path from an object. The innermost object on the way that has an id is the item that translations
/// name, together with the property that leads on from it.
fn rewrite_at(
    object: &mut Map,
    path: &[&'static str],
    item: Option<(&str, &'static str)>,
    translated: &mut Translated,
    new: &mut dyn FnMut(&str) -> Option<String>,
) {
    let Some((step, rest)) = path.split_first() else { return };
    let own = Some(text(object, "uuid").to_owned()).filter(|id| !id.is_empty());
    let item = own.as_deref().map(|id| (id, *step)).or(item);
    if let Some((id, property)) = item.filter(|_| matches!(rest, [] | ["*"])) {
        translated.entry(id.to_owned()).or_default().insert(property);
    }
    let Some(value) = object.get_mut(*step) else { return };
    if rest.first() != Some(&"*") {
        return match value {
            Json::Object(inner) => rewrite_at(inner, rest, item, translated, new),
            Json::String(_) if rest.is_empty() => rewrite_texts(value, new),
            _ => {}
        };
    }
    let each: Box<dyn Iterator<Item = &mut Json>> = match value {
        Json::Array(values) => Box::new(values.iter_mut()),
        Json::Object(values) => Box::new(values.values_mut()),
        _ => return,
    };
    let after = &rest[1..];
    for value in each {
        match value {
            Json::Object(inner) => rewrite_at(inner, after, item, translated, new),
            Json::String(_) if after.is_empty() => rewrite_texts(value, new),
            _ => {}
        }
    }
}

/// Rewrites a text, or each text of a list.
fn rewrite_texts(value: &mut Json, new: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Json::String(text) => {
            if let Some(changed) = new(text) {
                *text = changed;
            }
        }
        Json::Array(values) => values.iter_mut().filter(|v| v.is_string()).for_each(|v| rewrite_texts(v, new)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn translations_of_templates_are_rewritten_and_others_are_not() {
        let Json::Object(mut flow) = json!({
            "localization": {"fra": {"a": {"text": ["un"], "name": ["nom"]}, "c": {"arguments": ["oui"]}, "k": {"name": ["Oui"]}}},
            "nodes": [null, {
                "actions": [{"uuid": "a", "type": "send_msg", "text": "one"}, {"uuid": "b", "type": "unknown", "text": "two"}, 3],
                "router": {"operand": "x", "cases": [{"uuid": "c", "arguments": ["yes", 5]}], "categories": [{"uuid": "k", "name": "Yes"}]},
            }],
        }) else {
            unreachable!("it is an object")
        };
        rewrite_templates(&mut flow, Version::CURRENT, &mut |text| Some(text.to_uppercase()));
        let fra = &flow["localization"]["fra"];
        assert_eq!(
            fra,
            &json!({"a": {"text": ["UN"], "name": ["nom"]}, "c": {"arguments": ["OUI"]}, "k": {"name": ["Oui"]}})
        );
        assert_eq!(flow["nodes"][1]["actions"][0]["text"], "ONE");
        assert_eq!(flow["nodes"][1]["actions"][1]["text"], "two");
        assert_eq!(flow["nodes"][1]["router"]["cases"][0]["arguments"], json!(["YES", 5]));
    }
}
