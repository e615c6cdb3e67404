//! 13.5.0: the variables of all components of a template become one list of the message itself.

use serde_json::{Value as Json, json};

use crate::shape::{Map, actions, languages, objects, text};

/// A component: its id and its variables.
type Component = (String, Vec<Json>);

pub(super) fn step(flow: &mut Map) {
    let mut messages: Vec<(String, Vec<Component>)> = Vec::new();
    for action in actions(flow).filter(|action| text(action, "type") == "send_msg") {
        let Some(Json::Object(mut templating)) = action.shift_remove("templating") else { continue };
        let components: Vec<Component> = objects(&templating, "components")
            .map(|component| (text(component, "uuid").to_owned(), params(component)))
            .collect();
        let variables: Vec<Json> = components.iter().flat_map(|(_, params)| params.clone()).collect();
        if let Some(template) = templating.shift_remove("template") {
            action.insert("template".to_owned(), template);
        }
        action.insert("template_variables".to_owned(), variables.into());
        messages.push((text(action, "uuid").to_owned(), components));
    }
    for language in languages(flow) {
        for (message, components) in &messages {
            translate(language, message, components);
        }
    }
}

/// Joins the translations of the components. What is not translated keeps its place with the original, because variables are
/// known by their place.
fn translate(language: &mut Map, message: &str, components: &[Component]) {
    let (mut any, mut variables) = (false, Vec::new());
    for (component, originals) in components {
        let translated = match language.shift_remove(component) {
            Some(Json::Object(item)) if item.contains_key("params") => params(&item),
            _ => {
                variables.extend(originals.iter().cloned());
                continue;
            }
        };
        any = true;
        let missing = originals.iter().skip(translated.len());
        variables.extend(translated.iter().take(originals.len()).chain(missing).cloned());
    }
    if !any {
        return;
    }
    let item = language.entry(message).or_insert_with(|| json!({}));
    if let Some(item) = item.as_object_mut() {
        item.insert("template_variables".to_owned(), variables.into());
    }
}

fn params(of: &Map) -> Vec<Json> {
    of.get("params").and_then(Json::as_array).cloned().unwrap_or_default()
}
