//! Values of facility checks: each an extension of the resource of a place. A building that is closed for a time says so in its
//! status too, as FHIR has a word for that.

use mhero_wire::fhir::PLACE_VALUE;
use serde_json::{Map, Value, json};

/// The kinds of resources that are places, or what a place offers.
const KINDS: [&str; 3] = ["Location", "Organization", "HealthcareService"];
/// Fields that are members of these resources, or of no place.
const NOT_VALUES: [&str; 12] =
    ["active", "name", "phone", "given", "family", "language", "sex", "birth", "facility", "job", "cadre", "person"];
/// The field that says whether people are served.
const OPEN: &str = "open";
/// What it holds of a place that is closed, in small letters.
const CLOSED: &str = "closed";

/// Whether a field is a value of a facility check on a kind of resource.
pub(in crate::fhir) fn is_of_place(kind: &str, field: &str) -> bool {
    let is_key = !field.is_empty() && field.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    KINDS.contains(&kind) && is_key && !NOT_VALUES.contains(&field)
}

/// What a resource holds.
pub(super) fn held(resource: &Value, field: &str) -> Option<String> {
    let extensions = resource.get("extension")?.as_array()?;
    let own = extensions.iter().find(|extension| is_it(extension, field))?.as_object()?;
    let value = own.iter().find(|(key, _)| key.starts_with("value"))?.1;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Writes a value, or takes it away when it is empty.
pub(super) fn write(kind: &str, object: &mut Map<String, Value>, field: &str, new: &str) {
    let entry = object.entry("extension").or_insert_with(|| Value::Array(Vec::new()));
    let Some(extensions) = entry.as_array_mut() else { return };
    extensions.retain(|extension| !is_it(extension, field));
    if !new.is_empty() {
        extensions.push(json!({"url": format!("{PLACE_VALUE}{field}"), "valueString": new}));
    }
    if extensions.is_empty() {
        object.shift_remove("extension");
    }
    if kind == "Location" && field == OPEN {
        let is_closed = new.eq_ignore_ascii_case(CLOSED);
        match (is_closed, object.get("status").and_then(Value::as_str)) {
            (true, None | Some("active")) => drop(object.insert("status".to_owned(), "suspended".into())),
            (false, Some("suspended")) if !new.is_empty() => drop(object.insert("status".to_owned(), "active".into())),
            _ => {}
        }
    }
}

fn is_it(extension: &Value, field: &str) -> bool {
    extension.get("url").and_then(Value::as_str).and_then(|url| url.strip_prefix(PLACE_VALUE)) == Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_an_extension_and_a_closed_place_is_suspended() {
        let mut place =
            json!({"resourceType": "Location", "status": "active", "extension": [{"url": "http://x.example"}]});
        let object = place.as_object_mut().unwrap();
        write("Location", object, "open", "Closed");
        write("Location", object, "power", "Solar");
        assert_eq!(
            (held(&place, "open").as_deref(), held(&place, "power").as_deref()),
            (Some("Closed"), Some("Solar"))
        );
        assert_eq!(place["status"], "suspended");
        let object = place.as_object_mut().unwrap();
        write("Location", object, "open", "Partly");
        write("Location", object, "power", "");
        assert_eq!(place["status"], "active");
        assert_eq!(place["extension"].as_array().unwrap().len(), 2);
        assert!(!is_of_place("Location", "name") && !is_of_place("Practitioner", "open"));
    }
}
