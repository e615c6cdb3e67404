//! A person as `Practitioner`.

use mhero_core::record::{Content, PersonRecord, Value as Said, ValueRecord};
use mhero_store::{GoldenNumber, GoldenPerson, GoldenValue};
use mhero_text::phone::Numbering;
use mhero_wire::words;
use serde_json::{Value, json};

use super::{MCSD, OURS, base::base, overlay};

/// Fields that stand in elements of their own.
const ELEMENTS: [&str; 3] = ["email", "address", "qualification"];
/// What says that a value is not known.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The resource of a person.
pub(super) fn practitioner(id: &str, person: &GoldenPerson, numbering: &Numbering) -> Value {
    let mut body = base("Practitioner", id, &person.records);
    let before = body.clone();
    let said = match overlay::content(&body) {
        Some(Content::Person(said)) => *said,
        _ => PersonRecord::default(),
    };
    if body["active"] != json!(person.active) {
        body["active"] = json!(person.active);
    }
    name(&mut body, person, &said);
    phones(&mut body, &person.numbers, numbering);
    emails(&mut body, person, &said);
    if person.sex.is_some() && person.sex != said.sex {
        body["gender"] = json!(person.sex);
    }
    if let Some(birth) = &person.birth
        && said.birth.is_none_or(|day| day.to_string() != *birth)
    {
        body["birthDate"] = json!(birth);
    }
    if let Some(language) = person.language.filter(|language| said.language != Some(*language)) {
        let spoken = json!({ "coding": [{ "system": "urn:ietf:bcp:47", "code": language.bcp47() }] });
        let list = overlay::list(&mut body, "communication");
        list.retain(|one| *one != spoken);
        list.insert(0, spoken);
    }
    overlay::identifiers(&mut body, &said.identifiers, &person.identifiers);
    for value in person.values.iter().filter(|value| !ELEMENTS.contains(&value.field.as_str())) {
        field(&mut body, value, said.values.iter().find(|own| own.field == value.field));
    }
    for name in ["telecom", "communication", "extension"] {
        overlay::without_empty(&mut body, name);
    }
    if body != before {
        overlay::without_narrative(&mut body);
    }
    if body.get("modifierExtension").is_none() && body.get("implicitRules").is_none() {
        overlay::profile(&mut body, &format!("{MCSD}Practitioner"));
    }
    overlay::source(&mut body, person.records.iter().find(|record| record.ext_id == id).or(person.records.first()));
    body
}

/// The name that is read of a body: the official one, else the usual one, else the first that is not an old one.
fn name_at(names: &[Value]) -> Option<usize> {
    let used = |wanted: &str| names.iter().position(|name| name["use"] == wanted);
    let current = || names.iter().position(|name| name["use"] != "old" && name["use"] != "maiden");
    used("official").or_else(|| used("usual")).or_else(current)
}

fn name(body: &mut Value, person: &GoldenPerson, said: &PersonRecord) {
    let same = said.name == person.name && said.given == person.given && said.family == person.family;
    let names = overlay::list(body, "name");
    if same && !names.is_empty() {
        return;
    }
    let mut name = json!({ "use": "official" });
    if person.name.is_empty() {
        name = json!({ "extension": [{ "url": ABSENT, "valueCode": "unknown" }] });
    } else {
        name["text"] = json!(person.name);
    }
    if !person.family.is_empty() {
        name["family"] = json!(person.family);
    }
    let given: Vec<&str> = person.given.split_whitespace().collect();
    if !given.is_empty() {
        name["given"] = json!(given);
    }
    match name_at(names) {
        Some(at) => {
            for kept in ["prefix", "suffix", "period"] {
                if let Some(value) = names[at].get(kept) {
                    name[kept] = value.clone();
                }
            }
            names[at] = name;
        }
        None => names.insert(0, name),
    }
}

/// Numbers of a body that do not count here go, those that it lacks come; the others stay as they are written.
fn phones(body: &mut Value, numbers: &[GoldenNumber], numbering: &Numbering) {
    let path = |text: &str| numbering.read(text).e164().map(str::to_owned);
    let is_number = |telecom: &Value| matches!(telecom["system"].as_str(), Some("phone" | "sms"));
    let is = |number: &GoldenNumber, text: &str| {
        number.raw == text
            || (number.path.is_some() && (number.path.as_deref() == Some(text) || number.path == path(text)))
    };
    let telecoms = overlay::list(body, "telecom");
    telecoms.retain(|telecom| {
        let Some(text) = telecom["value"].as_str() else { return true };
        !is_number(telecom) || telecom["use"] == "old" || numbers.iter().any(|number| is(number, text))
    });
    for number in numbers {
        let Some(spelled) = &number.path else { continue };
        let held = telecoms
            .iter()
            .any(|telecom| is_number(telecom) && telecom["value"].as_str().is_some_and(|text| is(number, text)));
        if !held {
            telecoms.push(json!({ "system": "phone", "value": spelled }));
        }
    }
}

fn text_of(value: &ValueRecord) -> Option<&str> {
    match &value.value {
        Said::Text(text) => Some(text),
        _ => None,
    }
}

fn emails(body: &mut Value, person: &GoldenPerson, said: &PersonRecord) {
    let counts = person.values.iter().find(|value| value.field == "email").and_then(|value| value.text.as_deref());
    let own = said.values.iter().find(|value| value.field == "email").and_then(text_of);
    if counts.is_none() || counts == own {
        return;
    }
    let telecoms = overlay::list(body, "telecom");
    telecoms.retain(|telecom| telecom["system"] != "email");
    for mail in counts.unwrap_or_default().split("; ").filter(|mail| !mail.trim().is_empty()) {
        telecoms.push(json!({ "system": "email", "value": mail.trim() }));
    }
}

/// A field as an extension, where the body does not say it or says another value.
fn field(body: &mut Value, value: &GoldenValue, said: Option<&ValueRecord>) {
    let same = said.is_some_and(|said| match (&said.value, &value.text, value.number) {
        (Said::Text(own), Some(counts), _) => own == counts,
        (Said::Number(own), _, Some(counts)) => (own - counts).abs() < f64::EPSILON,
        // Days, moments and places stand here in another spelling; whoever said them here is asked.
        (Said::Day(_) | Said::Instant(_) | Said::Place(_), ..) => !value.is_own,
        _ => false,
    });
    if same {
        return;
    }
    let shown = match (&value.text, value.number) {
        (Some(text), _) if !text.trim().is_empty() => json!({ "valueString": text.trim() }),
        (_, Some(number)) if number.is_finite() => json!({ "valueDecimal": number }),
        _ => return,
    };
    let extensions = overlay::list(body, "extension");
    extensions.retain(|extension| key_of(extension).as_deref() != Some(value.field.as_str()));
    let mut extension = json!({ "url": format!("{OURS}/StructureDefinition/{}", value.field.replace('_', "-")) });
    if let (Some(extension), Some(shown)) = (extension.as_object_mut(), shown.as_object()) {
        extension.extend(shown.clone());
    }
    extensions.push(extension);
}

/// The key of the field that an extension of a body is read as.
fn key_of(extension: &Value) -> Option<String> {
    let last = extension["url"].as_str()?.rsplit('/').next().unwrap_or_default();
    let own = last.strip_prefix("ihris-practitioner-").or_else(|| last.strip_prefix("ihris-")).unwrap_or(last);
    words::field_key(own)
}

#[cfg(test)]
#[path = "person_tests.rs"]
mod tests;
