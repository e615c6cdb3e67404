//! Gentle access to definitions that nobody has checked: what is not of the expected kind is passed over.

use serde_json::Value as Json;

/// A JSON object.
pub(crate) type Map = serde_json::Map<String, Json>;

/// The objects in a list property.
pub(crate) fn objects<'j>(of: &'j Map, key: &str) -> impl Iterator<Item = &'j Map> {
    of.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object)
}

/// The objects in a list property, to change them.
pub(crate) fn objects_mut<'j>(of: &'j mut Map, key: &str) -> impl Iterator<Item = &'j mut Map> {
    of.get_mut(key).and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut)
}

/// The nodes of a flow.
pub(crate) fn nodes(flow: &mut Map) -> impl Iterator<Item = &mut Map> {
    objects_mut(flow, "nodes")
}

/// The actions of all nodes.
pub(crate) fn actions(flow: &mut Map) -> impl Iterator<Item = &mut Map> {
    nodes(flow).flat_map(|node| objects_mut(node, "actions"))
}

/// The routers of all nodes.
pub(crate) fn routers(flow: &mut Map) -> impl Iterator<Item = &mut Map> {
    nodes(flow).filter_map(|node| object_mut(node, "router"))
}

/// The translations of each language: item id to properties.
pub(crate) fn languages(flow: &mut Map) -> impl Iterator<Item = &mut Map> {
    let all = object_mut(flow, "localization");
    all.into_iter().flat_map(|all| all.values_mut().filter_map(Json::as_object_mut))
}

/// A property that is an object.
pub(crate) fn object_mut<'j>(of: &'j mut Map, key: &str) -> Option<&'j mut Map> {
    of.get_mut(key).and_then(Json::as_object_mut)
}

/// A text property, empty when there is none.
pub(crate) fn text<'j>(of: &'j Map, key: &str) -> &'j str {
    of.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// The texts of a list property.
pub(crate) fn texts<'j>(of: &'j Map, key: &str) -> impl Iterator<Item = &'j str> {
    of.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

/// Removes one property of an item in every language, and the item when nothing else is left of it.
pub(crate) fn drop_translation(flow: &mut Map, item: &str, property: &str) {
    for language in languages(flow) {
        let Some(properties) = object_mut(language, item) else { continue };
        let removed = properties.shift_remove(property).is_some();
        if removed && properties.is_empty() {
            language.shift_remove(item);
        }
    }
}
