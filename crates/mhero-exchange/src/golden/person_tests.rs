use mhero_core::{Lang, PersonId};
use mhero_fhir::{Limits, check};
use mhero_store::GoldenRecord;
use uuid::Uuid;

use super::*;

fn martha(records: Vec<GoldenRecord>) -> GoldenPerson {
    GoldenPerson {
        id: PersonId::from_uuid(Uuid::nil()),
        joined_to: None,
        standing: "worker".to_owned(),
        name: "Martha Kollie".to_owned(),
        given: "Martha".to_owned(),
        family: "Kollie".to_owned(),
        language: Some(Lang::ENGLISH),
        sex: Some("female".to_owned()),
        birth: None,
        active: true,
        numbers: vec![GoldenNumber { path: Some("+231770000001".to_owned()), raw: "0770-000-001".to_owned() }],
        identifiers: vec![("http://moh.gov.lr/payroll".to_owned(), "P-7".to_owned())],
        values: vec![GoldenValue {
            field: "marital_status".to_owned(),
            text: Some("single".to_owned()),
            number: None,
            instant: None,
            place: None,
            is_own: true,
        }],
        positions: Vec::new(),
        records,
    }
}

fn record(source: &str, raw: &Value) -> GoldenRecord {
    GoldenRecord {
        entity: Uuid::nil(),
        source: source.to_owned(),
        rank: 1,
        kind: "Practitioner".to_owned(),
        ext_id: raw["id"].as_str().expect("an id").to_owned(),
        raw: raw.to_string(),
        changed_at: 0,
    }
}

fn liberia() -> Numbering {
    Numbering::new("LR", &[]).expect("a country")
}

#[test]
fn a_body_that_says_the_same_stays_as_it_is_written() {
    let raw = json!({ "resourceType": "Practitioner", "id": "1", "active": true, "gender": "female",
        "identifier": [{ "system": "http://moh.gov.lr/payroll", "value": "P-7", "use": "official" }],
        "name": [{ "given": ["Martha"], "family": "Kollie" }, { "use": "old", "text": "Martha Flomo" }],
        "telecom": [{ "system": "phone", "value": "0770-000-001", "rank": 1 }, { "system": "fax", "value": "9" }],
        "communication": [{ "coding": [{ "code": "en" }] }],
        "extension": [{ "url": "http://ihris.org/fhir/StructureDefinition/ihris-practitioner-marital-status", "valueString": "single" }] });
    let mut shown = practitioner("1", &martha(vec![record("hr", &raw)]), &liberia());
    assert_eq!(shown["meta"]["source"], "http://mhero.org/fhir/source/hr#Practitioner/1");
    shown.as_object_mut().expect("an object").shift_remove("meta");
    assert_eq!(shown, raw);
}

#[test]
fn what_counts_lies_over_what_was_written() {
    let raw = json!({ "resourceType": "Practitioner", "id": "1", "gender": "male", "favourite": "blue",
        "name": [{ "use": "official", "text": "M. Flomo", "prefix": ["Dr"] }],
        "telecom": [{ "system": "phone", "value": "0886 000 002" }, { "system": "phone", "value": "0770 000 009", "use": "old" }] });
    let shown = practitioner("1", &martha(vec![record("hr", &raw)]), &liberia());
    assert_eq!(check(&shown, Limits::default()).iter().filter(|issue| issue.is_error()).count(), 0);
    assert_eq!(shown["name"][0]["family"], "Kollie");
    assert_eq!(shown["name"][0]["prefix"], json!(["Dr"]));
    assert_eq!((&shown["gender"], &shown["favourite"]), (&json!("female"), &json!("blue")));
    let numbers: Vec<&str> =
        shown["telecom"].as_array().expect("a list").iter().filter_map(|one| one["value"].as_str()).collect();
    assert_eq!(numbers, ["0770 000 009", "+231770000001"]);
    assert_eq!(shown["extension"][0]["valueString"], "single");
}

#[test]
fn who_comes_from_a_table_is_valid_too() {
    let shown = practitioner("p", &martha(Vec::new()), &liberia());
    assert_eq!(check(&shown, Limits::default()), []);
    assert_eq!(shown["telecom"], json!([{ "system": "phone", "value": "+231770000001" }]));
    let nameless =
        GoldenPerson { name: String::new(), given: String::new(), family: String::new(), ..martha(Vec::new()) };
    assert_eq!(check(&practitioner("p", &nameless, &liberia()), Limits::default()), []);
}
