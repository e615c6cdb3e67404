//! How what counts here is laid over a body: an element that says the same already stays as it is written.

use jiff::tz::TimeZone;
use mhero_core::record::{Content, Record};
use mhero_wire::json::Position;
use serde_json::{Value, json};

/// The same resource as the register would read it.
pub(super) fn read(body: &Value) -> Option<Record> {
    mhero_wire::fhir::record(&body.to_string(), "", Position { line: 1, column: 1 }).ok()
}

/// What the register would read of it.
pub(super) fn content(body: &Value) -> Option<Content> {
    read(body).map(|record| record.content)
}

/// A list of a body, as a list.
pub(super) fn list<'a>(body: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    if !body[name].is_array() {
        body[name] = json!([]);
    }
    body[name].as_array_mut().expect("made one just now")
}

/// Takes a list away that is empty: R4 knows none.
pub(super) fn without_empty(body: &mut Value, name: &str) {
    if body[name].as_array().is_some_and(Vec::is_empty)
        && let Some(object) = body.as_object_mut()
    {
        object.shift_remove(name);
    }
}

/// Adds identifiers that the body does not have.
pub(super) fn identifiers(body: &mut Value, said: &[mhero_core::record::Identifier], counts: &[(String, String)]) {
    for (system, value) in counts {
        let is_there = said.iter().any(|own| own.system == *system && own.value == *value);
        // Systems with a `#` were made here of what sources wrote in other ways: they stand in the records.
        if is_there || system.contains('#') || !system.contains(':') || value.trim().is_empty() {
            continue;
        }
        list(body, "identifier").push(json!({ "system": system, "value": value }));
    }
}

/// Claims a profile, behind those that are claimed already.
pub(super) fn profile(body: &mut Value, url: &str) {
    if !body["meta"].is_object() {
        body["meta"] = json!({});
    }
    let profiles = list(&mut body["meta"], "profile");
    if !profiles.iter().any(|known| known == url) {
        profiles.push(json!(url));
    }
}

/// Says in `meta.source` which record gave the body, where it does not say so itself.
pub(super) fn source(body: &mut Value, record: Option<&mhero_store::GoldenRecord>) {
    let Some(record) = record.filter(|_| body["meta"]["source"].is_null()) else { return };
    if !body["meta"].is_object() {
        body["meta"] = json!({});
    }
    body["meta"]["source"] = json!(source_address(&record.source, &record.kind, &record.ext_id));
}

/// How a record of a source is called: `http://mhero.org/fhir/source/ihris#Practitioner/P1`.
pub(super) fn source_address(source: &str, kind: &str, id: &str) -> String {
    let plain = |text: &str| -> String {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
        text.chars().map(|c| if fits(c) { c } else { '_' }).collect()
    };
    format!("{}/source/{}#{}/{}", super::OURS, plain(source), plain(kind), plain(id))
}

/// A day of a moment in a zone; of the end of a last day, that day.
pub(super) fn day(micros: i64, zone: &TimeZone, is_end: bool) -> String {
    let micros = if is_end { micros.saturating_sub(1) } else { micros };
    mhero_core::timestamp(micros).to_zoned(zone.clone()).date().to_string()
}

/// Takes a narrative away that a program made: it would tell what no longer stands.
pub(super) fn without_narrative(body: &mut Value) {
    if body["text"]["status"] == "generated"
        && let Some(object) = body.as_object_mut()
    {
        object.shift_remove("text");
    }
}
