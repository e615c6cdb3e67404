//! Changes the language in which a definition is written.

use serde_json::{Value as Json, json};

use crate::shape::{Map, nodes, object_mut, objects_mut, text};

/// Properties of each type of action that can be translated.
const ACTIONS: &[(&str, &[&str])] = &[
    ("play_audio", &["audio_url"]),
    ("say_msg", &["text", "audio_url"]),
    ("send_broadcast", &["text", "attachments", "quick_replies", "template_variables"]),
    ("send_email", &["subject", "body"]),
    ("send_msg", &["text", "attachments", "quick_replies", "template_variables"]),
    ("set_run_result", &["category"]),
];

/// Makes a language the one in which a flow is written: its translations become the texts of the flow, and what stood there
/// becomes the translation into the old language. A text without a translation stays as it is, in both.
pub fn change_language(flow: &mut Map, language: &str) {
    let old = text(flow, "language").to_owned();
    if old == language {
        return;
    }
    flow.insert("language".to_owned(), language.into());
    let localization = object_mut(flow, "localization");
    let taken = localization.and_then(|all| all.shift_remove(language));
    let translated = match taken {
        Some(Json::Object(items)) => items,
        _ => Map::new(),
    };
    let mut originals = Map::new();
    for node in nodes(flow) {
        for action in objects_mut(node, "actions") {
            let kind = text(action, "type").to_owned();
            let properties = ACTIONS.iter().find(|(action, _)| *action == kind).map_or(&[][..], |(_, all)| all);
            swap(action, properties, &translated, &mut originals);
        }
        let Some(router) = object_mut(node, "router") else { continue };
        objects_mut(router, "categories").for_each(|part| swap(part, &["name"], &translated, &mut originals));
        objects_mut(router, "cases").for_each(|part| swap(part, &["arguments"], &translated, &mut originals));
    }
    if originals.is_empty() {
        return;
    }
    let localization = flow.entry("localization").or_insert_with(|| json!({}));
    if let Some(all) = localization.as_object_mut() {
        all.insert(old, originals.into());
    }
}

/// Puts translations in the place of an item's own texts, and keeps those.
fn swap(item: &mut Map, properties: &[&str], translated: &Map, originals: &mut Map) {
    let id = text(item, "uuid").to_owned();
    let own = translated.get(&id);
    let mut kept = Map::new();
    for property in properties {
        let original = match item.get(*property) {
            Some(Json::String(text)) if !text.is_empty() => json!([text]),
            Some(Json::Array(texts)) if !texts.is_empty() => json!(texts),
            _ => continue,
        };
        let translation = own.and_then(|own| own.get(*property)).and_then(Json::as_array).filter(|all| !all.is_empty());
        if let Some(translation) = translation {
            let single = item.get(*property).is_some_and(Json::is_string);
            let new = if single { translation[0].clone() } else { json!(translation) };
            item.insert((*property).to_owned(), new);
        }
        kept.insert((*property).to_owned(), original);
    }
    if !kept.is_empty() && !id.is_empty() {
        originals.insert(id, kept.into());
    }
}
