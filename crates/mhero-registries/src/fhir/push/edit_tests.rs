//! Corrections in resources as the field has them.

use super::*;

fn change(field: &str, old: Option<&str>, new: &str) -> ValueChange {
    ValueChange { field: field.to_owned(), old: old.map(str::to_owned), new: new.to_owned() }
}

fn worker() -> Value {
    json!({
        "resourceType": "Practitioner", "id": "P1", "active": true,
        "name": [{"use": "old", "text": "Martha Toe"}, {"use": "official", "text": "Martha B. Kollie", "family": "Kollie", "given": ["Martha", "B."]}],
        "telecom": [{"system": "email", "value": "m@moh.example"}, {"system": "phone", "use": "mobile", "value": "0770 000 001", "x": 1}],
        "gender": "female", "communication": [{"coding": [{"code": "en"}]}],
    })
}

fn after(resource: &Value, changes: &[ValueChange]) -> Value {
    let kind = resource["resourceType"].as_str().unwrap().to_owned();
    let edit = Edit::of(&kind, resource, changes).unwrap();
    let mut out = resource.clone();
    for (member, value) in edit.members {
        match value {
            Some(value) => out[member] = value,
            None => drop(out.as_object_mut().unwrap().shift_remove(member)),
        }
    }
    out
}

#[test]
fn a_phone_is_replaced_where_it_stands() {
    let new = after(&worker(), &[change("phone", Some("+231770000001"), "+231880000009")]);
    assert_eq!(new["telecom"][1], json!({"system": "phone", "use": "mobile", "value": "+231880000009", "x": 1}));
    assert_eq!(new["telecom"][0], worker()["telecom"][0]);
    let added = after(&worker(), &[change("phone", None, "+231880000009")]);
    assert_eq!(added["telecom"].as_array().unwrap().len(), 3);
    let gone = after(&worker(), &[change("phone", Some("0770000001"), "")]);
    assert_eq!(gone["telecom"].as_array().unwrap().len(), 1);
}

#[test]
fn what_was_changed_meanwhile_is_not_overwritten() {
    for stale in [
        change("phone", Some("0770000002"), "0880000009"),
        change("name", Some("Martha Toe"), "Martha Kollie"),
        change("sex", Some("male"), "other"),
        change("birth", Some("1990-01-01"), "1991-01-01"),
        change("language", None, "fr"),
    ] {
        assert_eq!(
            Edit::of("Practitioner", &worker(), std::slice::from_ref(&stale)),
            Err(NoEdit::Changed),
            "{stale:?}"
        );
    }
}

#[test]
fn what_is_there_already_changes_nothing() {
    let done = [
        change("phone", Some("0880000009"), "0770000001"),
        change("name", Some("x"), "Martha B.  Kollie"),
        change("sex", Some("male"), "female"),
        change("birth", Some("1990-01-01"), ""),
        change("language", Some("fr"), "English"),
    ];
    assert_eq!(Edit::of("Practitioner", &worker(), &done), Ok(Edit::default()));
}

#[test]
fn names_languages_and_truths() {
    let new = after(
        &worker(),
        &[
            change("family", Some("Kollie"), "Kollie-Doe"),
            change("language", Some("en"), "fr"),
            change("active", Some("true"), "false"),
        ],
    );
    assert_eq!(new["name"][1]["text"], "Martha B. Kollie-Doe");
    assert_eq!(new["name"][0], worker()["name"][0]);
    let codes: Vec<_> =
        new["communication"].as_array().unwrap().iter().map(|l| l["coding"][0]["code"].clone()).collect();
    assert_eq!((codes, &new["active"]), (vec!["fr".into(), "en".into()], &Value::Bool(false)));
    let new = after(&worker(), &[change("name", Some("Martha B. Kollie"), "Fatu Sirleaf Kamara")]);
    assert_eq!(
        new["name"][1],
        json!({"use": "official", "text": "Fatu Sirleaf Kamara", "family": "Kamara", "given": ["Fatu", "Sirleaf"]})
    );
    let no = Edit::of("Practitioner", &worker(), &[change("village", None, "Foya")]);
    assert!(matches!(no, Err(NoEdit::Refused(_))), "{no:?}");
}

#[test]
fn a_position_moves_and_a_bare_string_is_a_reference() {
    for location in [json!([{"reference": "Location/A", "display": "Old Clinic"}]), json!("Location/A"), json!(["A"])] {
        let role = json!({"resourceType": "PractitionerRole", "location": location,
            "code": [{"coding": [{"system": "http://x/ihris-job", "code": "1"}], "text": "Nurse"}]});
        let new =
            after(&role, &[change("facility", Some("Location/A"), "Location/B"), change("job", Some("Nurse"), "2")]);
        assert_eq!(new["location"], json!([{"reference": "Location/B"}]));
        assert_eq!(new["code"], json!([{"coding": [{"system": "http://x/ihris-job", "code": "2"}]}]));
    }
}
