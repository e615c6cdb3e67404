//! Whose word counts, where several sources tell of one person.

use mhero_core::{
    PersonId,
    record::{Content, PersonRecord},
};
use mhero_store::{GoldenPerson, GoldenRecord};
use serde_json::{Value, json};

use super::{OURS, Shown, overlay};

/// What a `Provenance` says that was put aside: the element, the value and the source.
const PUT_ASIDE: &str = "http://mhero.org/fhir/StructureDefinition/put-aside";
/// Most values that are listed.
const LISTED_MAX: usize = 50;

/// The id of the provenance of a practitioner.
pub(super) fn id_of(practitioner: &str) -> String {
    // An id has 64 characters at most.
    let kept: String = practitioner.chars().take(60).collect();
    format!("of-{kept}")
}

/// The provenance of a person of whom several records tell; none where one record alone does, which `meta.source` names.
pub(super) fn shown(id: &str, person: &GoldenPerson, owner: Option<PersonId>) -> Vec<Shown> {
    let told: Vec<&GoldenRecord> = person.records.iter().collect();
    let resource = (told.len() > 1).then(|| provenance(id, person, &told));
    vec![Shown { kind: "Provenance", id: id_of(id), person: owner, resource }]
}

fn provenance(id: &str, person: &GoldenPerson, told: &[&GoldenRecord]) -> Value {
    let recorded = told.iter().map(|record| record.changed_at).max().unwrap_or(0);
    let agents: Vec<Value> = told
        .iter()
        .map(|record| {
            json!({ "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type", "code": "author" }] },
                "who": { "identifier": { "system": format!("{OURS}/source"), "value": record.source }, "display": record.source } })
        })
        .collect();
    let entities: Vec<Value> = told
        .iter()
        .map(|record| {
            let address = overlay::source_address(&record.source, &record.kind, &record.ext_id);
            json!({ "role": "source", "what": { "identifier": { "system": format!("{OURS}/source/{}", plain(&record.source)), "value": format!("{}/{}", record.kind, record.ext_id) }, "display": address } })
        })
        .collect();
    let mut body = json!({
        "resourceType": "Provenance", "id": id_of(id),
        "target": [{ "reference": format!("Practitioner/{id}") }],
        "recorded": mhero_core::timestamp(recorded).to_string(),
        "activity": { "text": "joined from several sources" },
        "agent": agents, "entity": entities,
    });
    let aside = put_aside(person, told);
    if !aside.is_empty() {
        body["extension"] = json!(aside);
    }
    body
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '_' }).collect()
}

/// What records say that does not count, because another source is asked first.
fn put_aside(person: &GoldenPerson, told: &[&GoldenRecord]) -> Vec<Value> {
    let mut aside = Vec::new();
    for record in told {
        let body: Value = serde_json::from_str(&record.raw).unwrap_or_default();
        let Some(Content::Person(said)) = overlay::content(&body) else { continue };
        let differs = |counts: Option<&str>, said: Option<&str>| match (counts, said) {
            (counts, Some(said)) if !said.is_empty() => counts != Some(said),
            _ => false,
        };
        let mut note = |element: &str, value: String| {
            aside.push(json!({ "url": PUT_ASIDE, "extension": [
                { "url": "element", "valueString": element }, { "url": "value", "valueString": value },
                { "url": "source", "valueString": record.source }] }));
        };
        for (element, counts, said) in parts(person, &said) {
            if differs(counts.as_deref(), said.as_deref()) {
                note(element, said.unwrap_or_default());
            }
        }
    }
    aside.truncate(LISTED_MAX);
    aside
}

type Part = (&'static str, Option<String>, Option<String>);

/// Elements, what counts and what is said.
fn parts(person: &GoldenPerson, said: &PersonRecord) -> [Part; 4] {
    [
        ("Practitioner.name", Some(person.name.clone()), Some(said.name.clone())),
        ("Practitioner.gender", person.sex.clone(), said.sex.clone()),
        ("Practitioner.birthDate", person.birth.clone(), said.birth.map(|day| day.to_string())),
        (
            "Practitioner.communication",
            person.language.map(|language| language.bcp47().to_owned()),
            said.language.map(|language| language.bcp47().to_owned()),
        ),
    ]
}
