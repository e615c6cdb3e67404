//! What iHRIS's pages look for in a Practitioner: whether somebody can be written to, and whether they want to be.

use mhero_core::PersonId;
use serde_json::{Value, json};

/// The system of the ids of contacts: the send page lists those alone who have one.
const CONTACT: &str = "http://app.rapidpro.io/contact-uuid";
/// The system of the tag of those who want nothing more.
const TAGS: &str = "http://mhero.org/codesystem";
/// Its code.
const OPTED_OUT: &str = "optedout";

/// Marks a Practitioner as emNutt did. What another system once wrote in these places is replaced: a contact of a RapidPro that is no more
/// is nobody here.
pub(crate) fn mark(resource: &mut Value, person: PersonId, is_stopped: bool) {
    let has_number = resource["telecom"].as_array().is_some_and(|all| {
        all.iter().any(|one| matches!(one["system"].as_str(), Some("phone" | "sms")) && one["use"] != "old")
    });
    let own = json!({ "system": CONTACT, "value": person.to_string() });
    put(resource, "identifier", |one| one["system"] == CONTACT, has_number.then_some(own));
    let is_there = resource["meta"].is_object();
    if !is_there && !is_stopped {
        return;
    }
    if !is_there {
        resource["meta"] = json!({});
    }
    let tag = json!({ "system": TAGS, "code": OPTED_OUT, "display": "Opted Out" });
    let is_tag = |one: &Value| one["system"] == TAGS && one["code"] == OPTED_OUT;
    put(&mut resource["meta"], "tag", is_tag, is_stopped.then_some(tag));
}

/// Replaces what fits in a list, where it stands, by one element or none.
fn put(of: &mut Value, name: &str, fits: impl Fn(&Value) -> bool, element: Option<Value>) {
    let mut list = of[name].as_array().cloned().unwrap_or_default();
    let at = list.iter().position(&fits).unwrap_or(list.len());
    list.retain(|one| !fits(one));
    if let Some(element) = element {
        list.insert(at.min(list.len()), element);
    }
    match (list.is_empty(), of.as_object_mut()) {
        (false, _) => of[name] = json!(list),
        (true, Some(of)) => drop(of.shift_remove(name)),
        (true, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_and_go_where_they_stood() {
        let person = PersonId::from_uuid(uuid::Uuid::from_u128(7));
        let mut resource = json!({
            "telecom": [{ "system": "phone", "value": "1" }], "identifier": [{ "system": "a", "value": "b" }],
        });
        mark(&mut resource, person, true);
        assert_eq!(resource["identifier"][1]["value"], person.to_string());
        assert_eq!(resource["meta"]["tag"][0]["code"], "optedout");
        let marked = resource.clone();
        mark(&mut resource, person, true);
        assert_eq!(resource, marked, "the same again changes nothing");
        mark(&mut resource, person, false);
        assert_eq!(resource["meta"], json!({}));
        assert_eq!(resource["identifier"], marked["identifier"]);
    }
}
