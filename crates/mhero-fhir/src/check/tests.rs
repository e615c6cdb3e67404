use serde_json::json;

use super::*;
use crate::issue::Severity;

fn issues(resource: &Value) -> Vec<(String, Severity)> {
    check(resource, Limits::default()).into_iter().map(|issue| (issue.expression, issue.severity)).collect()
}

fn refused(resource: &Value) -> Vec<String> {
    let found = check(resource, Limits::default());
    found.into_iter().filter(Issue::is_error).map(|issue| issue.expression).collect()
}

#[test]
fn a_whole_practitioner_is_fine() {
    let martha = json!({
        "resourceType": "Practitioner", "id": "P-1.a", "meta": { "versionId": "3", "lastUpdated": "2026-11-22T08:00:00.123Z" },
        "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Martha</div>" },
        "contained": [{ "resourceType": "Organization", "id": "o", "name": "MOH" }, { "resourceType": "Device", "id": "d" }],
        "extension": [{ "url": "http://x.org/residence", "valueReference": { "reference": "Location/9" } }],
        "identifier": [{ "system": "urn:oid:1.2.3", "value": "A1", "period": { "start": "2020", "end": "2026-01-01" } }],
        "active": true,
        "name": [{ "family": "Kollie", "given": ["Martha", null], "_given": [null, { "extension": [{ "url": "http://x", "valueCode": "unknown" }] }] }],
        "telecom": [{ "system": "phone", "value": "+231770000001", "rank": 1 }],
        "gender": "female", "birthDate": "1984-02-29", "_birthDate": { "id": "b" },
        "qualification": [{ "code": { "text": "midwife" }, "issuer": { "reference": "#o" } }]
    });
    assert_eq!(issues(&martha), []);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (resource, place) in [
        (json!([]), ""),
        (json!({ "id": "1" }), ""),
        (json!({ "resourceType": "practitioner" }), "practitioner"),
        (json!({ "resourceType": "Practitioner", "name": { "family": "K" } }), "Practitioner.name"),
        (json!({ "resourceType": "Practitioner", "name": [] }), "Practitioner.name"),
        (json!({ "resourceType": "Practitioner", "name": [{}] }), "Practitioner.name[0]"),
        (json!({ "resourceType": "Practitioner", "name": ["Martha"] }), "Practitioner.name[0]"),
        (json!({ "resourceType": "Practitioner", "name": [null] }), "Practitioner.name[0]"),
        (json!({ "resourceType": "Practitioner", "active": "true" }), "Practitioner.active"),
        (json!({ "resourceType": "Practitioner", "active": null }), "Practitioner.active"),
        (json!({ "resourceType": "Practitioner", "gender": "f" }), "Practitioner.gender"),
        (json!({ "resourceType": "Practitioner", "birthDate": "1984-02-30" }), "Practitioner.birthDate"),
        (json!({ "resourceType": "Practitioner", "id": "a b" }), "Practitioner.id"),
        (json!({ "resourceType": "Practitioner", "qualification": [{}] }), "Practitioner.qualification[0]"),
        (json!({ "resourceType": "Practitioner", "telecom": [{ "value": "1" }] }), "Practitioner.telecom[0]"),
        (
            json!({ "resourceType": "Practitioner", "telecom": [{ "system": "phone", "rank": 0 }] }),
            "Practitioner.telecom[0].rank",
        ),
        (json!({ "resourceType": "Practitioner", "extension": [{ "url": "x" }] }), "Practitioner.extension[0]"),
        (
            json!({ "resourceType": "Practitioner", "extension": [{ "valueString": "x" }] }),
            "Practitioner.extension[0].url",
        ),
        (json!({ "resourceType": "Practitioner", "photo": [{ "data": "abc" }] }), "Practitioner.photo[0].data"),
        (json!({ "resourceType": "Organization", "active": true }), "Organization"),
        (json!({ "resourceType": "Basic" }), "Basic.code"),
        (
            json!({ "resourceType": "Location", "position": { "longitude": "1", "latitude": 2.5 } }),
            "Location.position.longitude",
        ),
        (
            json!({ "resourceType": "PractitionerRole", "period": { "start": "2026-02", "end": "2025" } }),
            "PractitionerRole.period",
        ),
        (
            json!({ "resourceType": "Patient", "deceasedBoolean": true, "deceasedDateTime": "2026" }),
            "Patient.deceasedDateTime",
        ),
        (
            json!({ "resourceType": "CommunicationRequest", "status": "active", "payload": [{}] }),
            "CommunicationRequest.payload[0]",
        ),
        (
            json!({ "resourceType": "Bundle", "type": "batch", "entry": [{ "resource": { "resourceType": "Basic", "code": 1 } }] }),
            "Bundle.entry[0].resource.code",
        ),
    ] {
        assert!(refused(&resource).contains(&place.to_owned()), "{resource}: {:?}", issues(&resource));
    }
}

#[test]
fn what_r4_does_not_have_is_kept_with_a_warning() {
    let basic = json!({
        "resourceType": "Basic", "meta": { "code": { "coding": [{ "code": "mHeroWorkflows" }] } }, "code": { "text": "flow" },
        "author": { "reference": "Group/1" }
    });
    let mut found = issues(&basic);
    found.sort();
    assert_eq!(
        found,
        [("Basic.author.reference".to_owned(), Severity::Warning), ("Basic.meta.code".to_owned(), Severity::Warning)]
    );
    let choice = check(&json!({ "resourceType": "Patient", "deceased": true }), Limits::default());
    assert!(choice[0].diagnostics.contains("deceasedBoolean"), "{choice:?}");
}

#[test]
fn depth_and_issues_are_bounded() {
    let mut item = json!({ "linkId": "x", "type": "group" });
    for _ in 0..200 {
        item = json!({ "linkId": "x", "type": "group", "item": [item] });
    }
    let deep = json!({ "resourceType": "Questionnaire", "status": "active", "item": [item] });
    assert!(check(&deep, Limits::default()).iter().any(|issue| issue.code == Code::TooCostly));
    let many = json!({ "resourceType": "Practitioner", "name": vec![json!(1); 10_000] });
    assert_eq!(check(&many, Limits::default()).len(), Limits::default().issues);
}
