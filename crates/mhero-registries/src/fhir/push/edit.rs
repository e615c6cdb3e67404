//! What a correction changes in a resource: whole members at its top, the rest untouched.

use mhero_app::ports::ValueChange;
use mhero_core::record::Reason;
use mhero_wire::words;
use serde_json::{Map, Value, json};

use super::place;

/// The code system of languages (BCP 47).
const LANGUAGES: &str = "urn:ietf:bcp:47";
/// How many last digits make two ways of writing a number the same.
const SAME_DIGITS: usize = 8;

/// New values of members; `None` takes one away.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Edit {
    pub(super) members: Vec<(&'static str, Option<Value>)>,
}

/// Why nothing can be edited.
#[derive(Debug, PartialEq)]
pub(super) enum NoEdit {
    /// What should be replaced is not there any more.
    Changed,
    /// It can't be written at all.
    Refused(Reason),
}

impl Edit {
    /// What must be changed so that a resource holds the new values. Values that it holds already change nothing.
    pub(super) fn of(kind: &str, resource: &Value, changes: &[ValueChange]) -> Result<Self, NoEdit> {
        let mut now = resource.clone();
        for change in changes {
            let held = held(kind, &now, &change.field);
            if is_done(kind, &now, change) {
                continue;
            }
            let is_old = match (&change.old, &held) {
                (None, _) if change.field == "phone" => true,
                (None, held) => held.is_none(),
                (Some(_), _) if change.field == "phone" => phone_at(&now, change.old.as_deref()).is_some(),
                (Some(old), Some(held)) => is_same(&change.field, old, held) || is_alias(&now, &change.field, old),
                (Some(old), None) => old.is_empty(),
            };
            if !is_old {
                return Err(NoEdit::Changed);
            }
            write(kind, &mut now, change).map_err(NoEdit::Refused)?;
        }
        let mut members = Vec::new();
        for member in MEMBERS {
            let (was, is) = (resource.get(member), now.get(member));
            if was != is {
                members.push((member, is.cloned()));
            }
        }
        Ok(Self { members })
    }
}

/// The members that corrections touch.
const MEMBERS: [&str; 10] =
    ["active", "name", "telecom", "gender", "birthDate", "communication", "location", "code", "extension", "status"];

/// What a resource holds of a field, as [`ValueChange`] has it.
pub(super) fn held(kind: &str, resource: &Value, field: &str) -> Option<String> {
    let text = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    match (kind, field) {
        ("Practitioner", "phone") => {
            let telecoms = items(resource, "telecom");
            telecoms.iter().find(|telecom| is_phone(telecom)).and_then(number).map(str::to_owned)
        }
        ("Practitioner", "name") => {
            let name = name_of(resource)?;
            let whole = name.get("text").and_then(Value::as_str).map(str::to_owned);
            whole.or_else(|| Some(join(&given_of(name), family_of(name)))).filter(|name| !name.is_empty())
        }
        ("Practitioner", "given") => Some(given_of(name_of(resource)?)).filter(|given| !given.is_empty()),
        ("Practitioner", "family") => name_of(resource)?.get("family")?.as_str().map(str::to_owned),
        ("Practitioner", "language") => {
            text("/communication/0/coding/0/code").or_else(|| text("/communication/0/text"))
        }
        ("Practitioner", "sex") => text("/gender"),
        ("Practitioner", "birth") => text("/birthDate"),
        (_, "active") => resource.get("active").and_then(Value::as_bool).map(|active| active.to_string()),
        ("PractitionerRole", "facility") => reference(resource.get("location")?),
        ("PractitionerRole", "job") => text("/code/0/coding/0/code").or_else(|| text("/code/0/text")),
        (kind, field) if place::is_of_place(kind, field) => place::held(resource, field),
        _ => None,
    }
}

/// The place of a position: a reference, also where it stands as a bare string.
fn reference(location: &Value) -> Option<String> {
    let first = location.as_array().map_or(Some(location), |list| list.first())?;
    let text = first.as_str().or_else(|| first.get("reference")?.as_str())?;
    let mut parts = text.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next().unwrap_or("Location"));
    Some(format!("{kind}/{id}"))
}

fn is_done(kind: &str, resource: &Value, change: &ValueChange) -> bool {
    if change.field == "phone" {
        let is_there = |value: &str| phone_at(resource, Some(value)).is_some();
        let old_stays = change.old.as_deref().is_some_and(|old| !is_same_number(old, &change.new) && is_there(old));
        return if change.new.is_empty() { !old_stays } else { is_there(&change.new) && !old_stays };
    }
    match held(kind, resource, &change.field) {
        Some(held) => is_same(&change.field, &held, &change.new),
        None => change.new.is_empty(),
    }
}

/// Whether two ways of writing a value mean the same: `eng` and `English` are one language.
fn is_same(field: &str, one: &str, other: &str) -> bool {
    let language = |text| words::language(text).filter(|_| field == "language");
    is_same_text(one, other) || language(one).is_some_and(|one| Some(one) == language(other))
}

/// Whether a job is known by these words too: its code, its text or the display of its code.
fn is_alias(resource: &Value, field: &str, old: &str) -> bool {
    let places = ["/code/0/text", "/code/0/coding/0/display"];
    field == "job"
        && places
            .iter()
            .any(|place| resource.pointer(place).and_then(Value::as_str).is_some_and(|text| is_same_text(text, old)))
}

fn write(kind: &str, resource: &mut Value, change: &ValueChange) -> Result<(), Reason> {
    let refuse = || {
        let args = [("field", change.field.clone()), ("kind", kind.to_owned())];
        Reason::new("registry-fhir-not-writable", args)
    };
    let Some(object) = resource.as_object_mut() else { return Err(refuse()) };
    let new = change.new.trim();
    match (kind, change.field.as_str()) {
        ("Practitioner", "phone") => phone(object, change.old.as_deref(), new),
        ("Practitioner", "name" | "given" | "family") => name(object, &change.field, new),
        ("Practitioner", "language") => language(object, new),
        ("Practitioner", "sex") => set(object, "gender", new),
        ("Practitioner", "birth") => set(object, "birthDate", new),
        (_, "active") => {
            let truth = new.parse().map_err(|_| refuse())?;
            object.insert("active".to_owned(), Value::Bool(truth));
        }
        ("PractitionerRole", "facility") if !new.is_empty() => place_of(object, new),
        ("PractitionerRole", "job") if !new.is_empty() => job(object, new),
        (kind, field) if place::is_of_place(kind, field) => place::write(kind, object, field, new),
        _ => return Err(refuse()),
    }
    Ok(())
}

fn set(object: &mut Map<String, Value>, member: &str, value: &str) {
    if value.is_empty() {
        object.shift_remove(member);
    } else {
        object.insert(member.to_owned(), value.into());
    }
}

/// A list as a list: servers in the field write one object for it.
fn list<'a>(object: &'a mut Map<String, Value>, member: &str) -> &'a mut Vec<Value> {
    let entry = object.entry(member).or_insert_with(|| Value::Array(Vec::new()));
    if !entry.is_array() {
        *entry = if entry.is_null() { Value::Array(Vec::new()) } else { Value::Array(vec![entry.take()]) };
    }
    entry.as_array_mut().expect("made one just now")
}

fn phone(object: &mut Map<String, Value>, old: Option<&str>, new: &str) {
    let telecoms = list(object, "telecom");
    let at = old.and_then(|old| position(telecoms, old));
    match at {
        Some(at) if new.is_empty() => drop(telecoms.remove(at)),
        Some(at) => match telecoms[at].as_object_mut() {
            Some(telecom) => drop(telecom.insert("value".to_owned(), new.into())),
            None => telecoms[at] = json!({"system": "phone", "use": "mobile", "value": new}),
        },
        None if new.is_empty() => {}
        None => telecoms.push(json!({"system": "phone", "use": "mobile", "value": new})),
    }
    if telecoms.is_empty() {
        object.shift_remove("telecom");
    }
}

fn name(object: &mut Map<String, Value>, field: &str, new: &str) {
    let names = list(object, "name");
    if names.is_empty() {
        names.push(json!({"use": "official"}));
    }
    let at = best_name(names);
    if !names[at].is_object() {
        names[at] = json!({"use": "official", "text": names[at]});
    }
    let Some(name) = names[at].as_object_mut() else { return };
    let had_text = name.contains_key("text");
    match field {
        "given" => {
            let words: Vec<Value> = new.split_whitespace().map(Value::from).collect();
            name.insert("given".to_owned(), words.into());
        }
        "family" => set(name, "family", new),
        _ => {
            let words: Vec<&str> = new.split_whitespace().collect();
            // As the programs around iHRIS do: the last word is the family's name.
            if let Some((family, given)) = words.split_last().filter(|(_, given)| !given.is_empty()) {
                name.insert("family".to_owned(), (*family).into());
                name.insert("given".to_owned(), given.to_vec().into());
            }
            set(name, "text", new);
            return;
        }
    }
    if had_text {
        let whole = Value::Object(name.clone());
        set(name, "text", &join(&given_of(&whole), family_of(&whole)));
    }
}

fn language(object: &mut Map<String, Value>, new: &str) {
    let spoken = list(object, "communication");
    if new.is_empty() {
        if !spoken.is_empty() {
            spoken.remove(0);
        }
    } else {
        let code = json!({"coding": [{"system": LANGUAGES, "code": new}]});
        // One that is spoken already comes first; else the new one stands before the others.
        let is_new = |item: &Value| item.pointer("/coding/0/code").and_then(Value::as_str) == Some(new);
        let at = spoken.iter().position(is_new);
        let item = at.map_or(code, |at| spoken.remove(at));
        spoken.insert(0, item);
    }
    if spoken.is_empty() {
        object.shift_remove("communication");
    }
}

fn place_of(object: &mut Map<String, Value>, new: &str) {
    let places = list(object, "location");
    // What else stood there (a name to show) was about the old place.
    let value = json!({"reference": new});
    match places.first_mut() {
        Some(first) => *first = value,
        None => places.push(value),
    }
}

fn job(object: &mut Map<String, Value>, new: &str) {
    let codes = list(object, "code");
    let system = codes.first().and_then(|code| code.pointer("/coding/0/system")).cloned();
    let is_code = !new.contains(char::is_whitespace);
    let value = match (system, new.split_once('|')) {
        (_, Some((system, code))) => json!({"coding": [{"system": system, "code": code}]}),
        (Some(system), None) if is_code => json!({"coding": [{"system": system, "code": new}]}),
        _ => json!({"text": new}),
    };
    match codes.first_mut() {
        Some(first) => *first = value,
        None => codes.push(value),
    }
}

fn items<'a>(resource: &'a Value, member: &str) -> &'a [Value] {
    match resource.get(member) {
        Some(Value::Array(list)) => list,
        Some(single) => std::slice::from_ref(single),
        None => &[],
    }
}

fn is_phone(telecom: &Value) -> bool {
    let system = telecom.get("system").and_then(Value::as_str);
    let is_old = telecom.get("use").and_then(Value::as_str) == Some("old");
    !is_old && matches!(system, None | Some("phone" | "sms")) && number(telecom).is_some()
}

fn number(telecom: &Value) -> Option<&str> {
    telecom.as_str().or_else(|| telecom.get("value")?.as_str())
}

fn phone_at(resource: &Value, value: Option<&str>) -> Option<usize> {
    position(items(resource, "telecom"), value?)
}

/// The entry that holds a number, however it is written; the same letters come first.
fn position(telecoms: &[Value], value: &str) -> Option<usize> {
    let find = |fits: &dyn Fn(&str) -> bool| {
        telecoms.iter().position(|telecom| is_phone(telecom) && number(telecom).is_some_and(fits))
    };
    find(&|held| held.trim() == value.trim()).or_else(|| find(&|held| is_same_number(held, value)))
}

fn is_same_number(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(SAME_DIGITS)..].to_vec()
    };
    let (one, other) = (digits(one), digits(other));
    one.len() == SAME_DIGITS && one == other
}

fn is_same_text(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// The name that is read: the official one, else the usual one, else the first that is not an old one.
fn best_name(names: &[Value]) -> usize {
    let usage = |name: &Value| name.get("use").and_then(Value::as_str).unwrap_or_default().to_owned();
    let used = |wanted: &str| names.iter().position(|name| usage(name) == wanted);
    let current = || names.iter().position(|name| !matches!(usage(name).as_str(), "old" | "maiden"));
    used("official").or_else(|| used("usual")).or_else(current).unwrap_or(0)
}

fn name_of(resource: &Value) -> Option<&Value> {
    let names = items(resource, "name");
    names.get(best_name(names))
}

fn given_of(name: &Value) -> String {
    match name.get("given") {
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Some(Value::String(word)) => word.clone(),
        _ => String::new(),
    }
}

fn family_of(name: &Value) -> &str {
    name.get("family").and_then(Value::as_str).unwrap_or_default()
}

fn join(given: &str, family: &str) -> String {
    format!("{given} {family}").trim().to_owned()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
