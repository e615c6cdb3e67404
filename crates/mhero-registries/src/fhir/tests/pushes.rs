//! Pushes: corrections, conflicts, lost answers, new people.

use mhero_app::ports::{Push, PushOutcome, Target, ValueChange};

use super::{fake::Fault, *};

fn change(field: &str, old: Option<&str>, new: &str) -> ValueChange {
    ValueChange { field: field.to_owned(), old: old.map(str::to_owned), new: new.to_owned() }
}

fn push(kind: &str, id: &str, raw: &Value, values: Vec<ValueChange>) -> Push {
    Push {
        key: "change-7".to_owned(),
        target: Target { kind: kind.to_owned(), id: id.to_owned(), raw: raw.to_string() },
        values,
        agent: "health worker".to_owned(),
        recorded: "2026-03-01T10:00:00Z".to_owned(),
        reason: "answered the staff check".to_owned(),
    }
}

fn phone(raw: &Value) -> Push {
    push("Practitioner", "P001", raw, vec![change("phone", Some("0770000001"), "+231880000009")])
}

#[tokio::test]
async fn a_correction_is_written_with_its_evidence_and_only_once() {
    let fake = filled(3);
    for way in ["put", "patch"] {
        let server = server(&fake, true, &[("write", way)]);
        fake.store().put(worker("P001", "0770000001"));
        let raw = fake.store().get("Practitioner", "P001").unwrap();
        let outcome = server.push(&phone(&raw)).await;
        let PushOutcome::Written { id, raw: Some(now) } = &outcome else { panic!("{outcome:?}") };
        assert_eq!((id.as_str(), now.contains("+231880000009")), ("P001", true));
        let held = fake.store().get("Practitioner", "P001").unwrap();
        assert_eq!((&held["telecom"][0]["value"], &held["name"]), (&json!("+231880000009"), &raw["name"]));
        let told = fake.store().all("Provenance").pop().unwrap().1;
        let version = held["meta"]["versionId"].as_str().unwrap();
        assert_eq!(told["target"][0]["reference"], format!("Practitioner/P001/_history/{version}"));
        assert_eq!(
            (&told["agent"][0]["who"]["display"], &told["recorded"]),
            (&json!("health worker"), &json!("2026-03-01T10:00:00Z"))
        );
        let writes = |fake: &FakeFhir| fake.site.asked().iter().filter(|asked| asked.method != "GET").count();
        let before = writes(&fake);
        assert!(matches!(server.push(&phone(&raw)).await, PushOutcome::Written { .. }), "found to be done");
        assert_eq!(writes(&fake), before);
        assert_eq!(fake.store().all("Provenance").len(), 1);
    }
}

#[tokio::test]
async fn a_record_that_was_changed_meanwhile_is_a_conflict() {
    let fake = filled(3);
    let server = server(&fake, true, &[]);
    let raw = fake.store().get("Practitioner", "P001").unwrap();
    fake.store().put(worker("P001", "0555000001"));
    let outcome = server.push(&phone(&raw)).await;
    let PushOutcome::Conflict { now: Some(now), values } = outcome else { panic!("{outcome:?}") };
    assert!(now.contains("0555000001"));
    assert_eq!(values, [("phone".to_owned(), "0555000001".to_owned())]);
    // Somebody changed something else: the version alone tells.
    let mut other = worker("P001", "0770000001");
    other["birthDate"] = json!("1990-01-01");
    fake.store().put(other);
    assert!(matches!(server.push(&phone(&raw)).await, PushOutcome::Conflict { .. }));
    assert_eq!(fake.store().get("Practitioner", "P001").unwrap()["telecom"][0]["value"], "0770000001");
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_next_attempt_finds_it_done() {
    let fake = filled(3);
    let server = server(&fake, true, &[]);
    let raw = fake.store().get("Practitioner", "P001").unwrap();
    fake.fault(Fault::LosesAnswers);
    assert!(matches!(server.push(&phone(&raw)).await, PushOutcome::Unknown { .. }));
    fake.store().faults.clear();
    assert!(matches!(server.push(&phone(&raw)).await, PushOutcome::Written { .. }));
    assert_eq!(fake.store().get("Practitioner", "P001").unwrap()["meta"]["versionId"], "2", "written once");
    fake.fault(Fault::Down);
    assert!(matches!(server.push(&phone(&raw)).await, PushOutcome::NotSent { .. }));
}

#[tokio::test]
async fn what_is_not_known_stays_as_it_is() {
    let fake = FakeFhir::start();
    let mut odd = worker("P001", "0770000001");
    odd["extension"] = json!([{"url": "http://moh.example/x", "valueDecimal": 1.25}]);
    odd["zz"] = json!({"b": [1, 2.0], "a": null});
    let raw = fake.store().put(odd);
    let outcome = server(&fake, false, &[]).push(&phone(&raw)).await;
    assert!(matches!(outcome, PushOutcome::Written { .. }), "{outcome:?}");
    let put = fake
        .site
        .asked()
        .into_iter()
        .find(|asked| asked.method == "PUT" && asked.path.contains("/Practitioner/"))
        .unwrap();
    let expected = raw.to_string().replace("0770000001", "+231880000009");
    assert_eq!(put.text(), expected, "byte for byte");
    assert_eq!(put.header("if-match"), Some("W/\"1\""));
}

#[tokio::test]
async fn a_position_moves() {
    let fake = filled(1);
    let raw = fake.store().get("PractitionerRole", "R1").unwrap();
    let values = vec![change("facility", Some("Location/L1"), "Location/L2"), change("active", None, "false")];
    let outcome = server(&fake, true, &[]).push(&push("PractitionerRole", "R1", &raw, values)).await;
    assert!(matches!(outcome, PushOutcome::Written { .. }), "{outcome:?}");
    let now = fake.store().get("PractitionerRole", "R1").unwrap();
    assert_eq!((&now["location"], &now["active"]), (&json!([{"reference": "Location/L2"}]), &json!(false)));
}

#[tokio::test]
async fn what_a_reviewer_decided_about_a_facility_is_written_with_its_evidence_and_read_back() {
    for way in ["put", "patch"] {
        let fake = FakeFhir::start();
        let server = server(&fake, false, &[("write", way)]);
        let clinic = json!({"resourceType": "Location", "id": "L7", "status": "active", "name": "Fissebu Clinic"});
        let raw = fake.store().put(clinic);
        assert!(server.writes_of_place("open") && !server.writes_of_place("name"));
        let closed = push("Location", "L7", &raw, vec![change("open", None, "Closed")]);
        let outcome = server.push(&closed).await;
        let PushOutcome::Written { raw: Some(now), .. } = &outcome else { panic!("{way} {outcome:?}") };
        let held = fake.store().get("Location", "L7").unwrap();
        assert_eq!((&held["status"], &held["name"]), (&json!("suspended"), &json!("Fissebu Clinic")), "{way}");
        assert_eq!(fake.store().all("Provenance").len(), 1);
        let start = mhero_wire::json::Position { line: 1, column: 1 };
        let Content::Place(place) = mhero_wire::fhir::record(now, "L7", start).unwrap().content else {
            panic!("{now}")
        };
        assert_eq!(place.values.iter().map(|value| value.field.as_str()).collect::<Vec<_>>(), ["open"]);
        // The same again, after a crash; and somebody else who has an old copy.
        assert!(matches!(server.push(&closed).await, PushOutcome::Written { .. }));
        let late = push("Location", "L7", &raw, vec![change("open", None, "Partly")]);
        let PushOutcome::Conflict { values, .. } = server.push(&late).await else { panic!("{way}: no conflict") };
        assert_eq!(values, [("open".to_owned(), "Closed".to_owned())]);
        assert_eq!(fake.store().get("Location", "L7").unwrap()["meta"]["versionId"], "2", "written once");
    }
}

#[tokio::test]
async fn a_new_person_is_created_once_with_a_position() {
    for fault in [None, Some(Fault::LosesAnswers), Some(Fault::CreatesAlways)] {
        let fake = filled(1);
        let server = server(&fake, true, &[]);
        let values = vec![
            change("name", None, "Fatu Kamara"),
            change("sex", None, "female"),
            change("birth", None, "1990-05-06"),
            change("phone", None, "+231770000077"),
            change("facility", None, "Location/L1"),
            change("job", None, "1"),
        ];
        let asked = push("Practitioner", "", &Value::Null, values);
        if let Some(fault) = fault {
            fake.fault(fault);
            let first = server.push(&asked).await;
            let is_lost = fault == Fault::LosesAnswers;
            assert_eq!(matches!(first, PushOutcome::Unknown { .. }), is_lost, "{first:?}");
            fake.store().faults.remove(&Fault::LosesAnswers);
        }
        let outcome = server.push(&asked).await;
        let PushOutcome::Written { id, .. } = outcome else { panic!("{outcome:?}") };
        let people = fake.store().all("Practitioner");
        let roles = fake.store().all("PractitionerRole");
        assert_eq!((people.len(), roles.len()), (2, 2), "{fault:?}");
        let made = fake.store().get("Practitioner", &id).unwrap();
        assert_eq!(
            (&made["name"][0]["family"], &made["telecom"][0]["value"]),
            (&json!("Kamara"), &json!("+231770000077"))
        );
        let role = roles.into_iter().map(|(_, role)| role).find(|role| role["id"] != "R1").unwrap();
        assert_eq!(role["practitioner"]["reference"], format!("Practitioner/{id}"));
        assert_eq!(role["code"][0]["coding"][0]["code"], "1");
    }
    let fake = filled(1);
    let nameless = push("Practitioner", "", &Value::Null, vec![change("phone", None, "+231770000077")]);
    assert!(matches!(server(&fake, true, &[]).push(&nameless).await, PushOutcome::Refused { .. }));
    assert_eq!(fake.store().all("Practitioner").len(), 1);
}
