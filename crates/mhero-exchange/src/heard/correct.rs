//! A correction that a health worker or an official made, written into what the client said: it reads it in the history.

use mhero_app::{
    App,
    ports::{Push, PushOutcome, ValueChange},
};
use mhero_core::{TokenId, record::Reason};
use mhero_text::phone::Numbering;
use serde_json::{Value, json};

/// What can be corrected.
pub(super) const FIELDS: &[&str] =
    &["phone", "name", "given", "family", "language", "sex", "birth", "active", "facility", "job"];

/// Writes a correction into the client's own record, and gives it back as the register is to hear it.
pub(super) async fn push(app: &App, token: TokenId, push: &Push) -> PushOutcome {
    let target = &push.target;
    let not_sent = |why: &'static str| PushOutcome::NotSent { reason: Reason::plain(why) };
    if !matches!(target.kind.as_str(), "Practitioner" | "PractitionerRole") || target.id.is_empty() {
        return PushOutcome::Refused { reason: Reason::plain("source-is-read-only") };
    }
    let Ok(waiting) = app.store().fhir_waiting(token, 0, i64::MAX).await else {
        return not_sent("source-fhir-waiting");
    };
    let Ok(mut body) = serde_json::from_str::<Value>(&target.raw) else {
        return PushOutcome::Refused { reason: Reason::plain("source-is-read-only") };
    };
    // What the client has just said is heard first: a correction over an older word would lose it. Under the id of somebody joined
    // it said it of the one, whose id stands in the body.
    let is_same = |id: &str| id == target.id || body["id"] == id;
    if waiting.iter().any(|one| one.version.kind == target.kind && is_same(&one.version.id)) {
        return not_sent("source-fhir-waiting");
    }
    let Ok(numbering) = app.numbering_cached().await else { return not_sent("source-fhir-waiting") };
    for change in &push.values {
        if !change_one(&mut body, change, &numbering) {
            return PushOutcome::Refused { reason: Reason::plain("source-is-read-only") };
        }
    }
    PushOutcome::Written { id: target.id.clone(), raw: Some(body.to_string()) }
}

/// Whether a change could be made.
fn change_one(body: &mut Value, change: &ValueChange, numbering: &Numbering) -> bool {
    let new = change.new.trim();
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let is_role = body["resourceType"] == "PractitionerRole";
    match change.field.as_str() {
        "facility" if is_role && !new.is_empty() => replace_first(body, "location", json!({ "reference": new })),
        "job" if is_role && !new.is_empty() => {
            let system = body["code"][0]["coding"][0]["system"].clone();
            let is_code = !system.is_null() && !new.contains(char::is_whitespace);
            let job = match new.split_once('|') {
                Some((system, code)) => json!({ "coding": [{ "system": system, "code": code }] }),
                None if is_code => json!({ "coding": [{ "system": system, "code": new }] }),
                None => json!({ "text": new }),
            };
            replace_first(body, "code", job);
        }
        "active" => match new.parse::<bool>() {
            Ok(active) => body["active"] = json!(active),
            Err(_) => return false,
        },
        _ if is_role => return false,
        "phone" => phone(body, change.old.as_deref(), new, numbering),
        "name" | "given" | "family" => name(body, &change.field, new),
        "language" => {
            body["communication"] = json!([{ "coding": [{ "system": "urn:ietf:bcp:47", "code": bcp47(new) }] }]);
        }
        "sex" => body["gender"] = text(new),
        "birth" => body["birthDate"] = text(new),
        _ => return false,
    }
    if let Some(object) = body.as_object_mut() {
        object.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    true
}

/// What else stood beside the first was about the old one; the others stay.
fn replace_first(body: &mut Value, name: &str, value: Value) {
    let list = list(body, name);
    match list.first_mut() {
        Some(first) => *first = value,
        None => list.push(value),
    }
}

fn bcp47(code: &str) -> String {
    code.parse::<mhero_core::Lang>().map_or_else(|_| code.to_owned(), |language| language.bcp47().to_owned())
}

fn list<'a>(body: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    if !body[name].is_array() {
        body[name] = json!([]);
    }
    body[name].as_array_mut().expect("made one just now")
}

fn phone(body: &mut Value, old: Option<&str>, new: &str, numbering: &Numbering) {
    let spelled = |text: &str| numbering.read(text).e164().map_or_else(|| text.to_owned(), str::to_owned);
    let telecoms = list(body, "telecom");
    let is = |telecom: &Value, number: &str| {
        matches!(telecom["system"].as_str(), Some("phone" | "sms"))
            && telecom["value"].as_str().is_some_and(|text| spelled(text) == spelled(number))
    };
    let at = old.and_then(|old| telecoms.iter().position(|telecom| is(telecom, old)));
    match at {
        Some(at) if new.is_empty() => drop(telecoms.remove(at)),
        Some(at) => telecoms[at]["value"] = json!(new),
        None if new.is_empty() || telecoms.iter().any(|telecom| is(telecom, new)) => {}
        None => telecoms.push(json!({ "system": "phone", "value": new })),
    }
}

fn name(body: &mut Value, field: &str, new: &str) {
    let names = list(body, "name");
    if names.is_empty() {
        names.push(json!({ "use": "official" }));
    }
    let at = names.iter().position(|name| name["use"] == "official").unwrap_or(0);
    let name = &mut names[at];
    let words: Vec<&str> = new.split_whitespace().collect();
    match (field, words.split_last()) {
        ("given", _) => name["given"] = json!(words),
        ("family", _) => name["family"] = json!(new),
        (_, Some((family, given))) if !given.is_empty() => {
            name["family"] = json!(family);
            name["given"] = json!(given);
        }
        _ => {}
    }
    if field == "name" || name.get("text").is_some() {
        let given =
            name["given"].as_array().map(|given| given.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
        let whole = format!("{} {}", given.unwrap_or_default(), name["family"].as_str().unwrap_or_default());
        name["text"] = json!(if field == "name" { new.to_owned() } else { whole.trim().to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(field: &str, old: Option<&str>, new: &str) -> Value {
        let mut body = json!({ "resourceType": "Practitioner", "id": "1", "name": [{ "family": "Kollie", "given": ["Martha"], "text": "Martha Kollie" }],
            "telecom": [{ "system": "phone", "value": "0770-000-001", "rank": 1 }] });
        let change = ValueChange { field: field.to_owned(), old: old.map(str::to_owned), new: new.to_owned() };
        assert!(change_one(&mut body, &change, &Numbering::new("LR", &[]).expect("a country")), "{field}");
        body
    }

    #[test]
    fn a_correction_changes_its_element_alone() {
        let phone = changed("phone", Some("+231770000001"), "+231886000002");
        assert_eq!(phone["telecom"], json!([{ "system": "phone", "value": "+231886000002", "rank": 1 }]));
        assert_eq!(changed("phone", Some("+231770000001"), "").get("telecom"), None);
        assert_eq!(changed("family", None, "Flomo")["name"][0]["text"], "Martha Flomo");
        assert_eq!(changed("name", None, "Mary Ann Flomo")["name"][0]["given"], json!(["Mary", "Ann"]));
        assert_eq!(changed("sex", None, "female")["gender"], "female");
        assert_eq!(changed("active", None, "false")["active"], false);
    }
}
