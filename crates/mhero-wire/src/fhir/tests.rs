//! Own small examples, mapped; the snapshots are what the import gets.

use mhero_core::record::{PersonRecord, PlaceRecord, PositionRecord, Ref, Value as Neutral};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const START: Position = Position { line: 1, column: 1 };

fn read(value: &Value) -> Record {
    record(&value.to_string(), "test.json", START).expect("a record")
}

/// What it says and what could not be read of it; not the text as received, which the snapshot would only repeat.
fn said(value: &Value) -> (Content, Vec<Problem>) {
    let record = read(value);
    (record.content, record.warnings)
}

fn person(value: &Value) -> PersonRecord {
    match read(value).content {
        Content::Person(person) => *person,
        other => panic!("no person: {other:?}"),
    }
}

fn position(value: &Value) -> (PositionRecord, Vec<Problem>) {
    match said(value) {
        (Content::Position(position), warnings) => (position, warnings),
        (other, _) => panic!("no position: {other:?}"),
    }
}

fn place(value: &Value) -> PlaceRecord {
    match read(value).content {
        Content::Place(place) => place,
        other => panic!("no place: {other:?}"),
    }
}

fn id(kind: &str, id: &str) -> Option<Ref> {
    Some(Ref::Id { kind: kind.to_owned(), id: id.to_owned() })
}

#[test]
fn a_practitioner_of_ihris() {
    let ihris = "http://ihris.org/fhir/StructureDefinition";
    insta::assert_debug_snapshot!(said(&json!({
        "resourceType": "Practitioner", "id": "P1", "active": true,
        "extension": [
            {"url": format!("{ihris}/ihris-practitioner-nationality"), "valueCoding": {"system": "urn:iso:std:iso:3166", "code": "LR"}},
            {"url": format!("{ihris}/ihris-practitioner-residence"), "valueReference": {"reference": "Location/LR.BO.G"}},
            {"url": format!("{ihris}/ihris-practitioner-marital-status"), "valueCoding": {"code": "married"}},
            {"url": format!("{ihris}/ihris-practitioner-dependents"), "valueInteger": "3"},
            {"url": format!("{ihris}/ihris-related-group"), "extension": [{"url": "location", "valueString": "Location/LR"}]},
            {"url": "http://moh.example/homeVisits", "valueBoolean": true},
            null,
        ],
        "identifier": [
            {"system": "http://moh.example/payroll", "value": 10034, "type": {"coding": [{"code": "EN"}]}},
            {"value": "A-7", "type": {"coding": [{"code": "Passport"}]}},
        ],
        "name": [{"use": "old", "text": "Martha Toe"}, {"use": "official", "family": "Kollie", "given": ["Martha", "B."]}],
        "telecom": [
            {"system": "phone", "use": "work", "value": "0880000002", "rank": 2},
            {"system": "phone", "use": "mobile", "value": " 077 000 0001 ", "rank": "1"},
            {"system": "phone", "use": "old", "value": "0770000009"},
            {"system": "fax", "value": "0220000000"},
            {"system": "email", "value": "mk@moh.example"},
            {"system": "phone"},
        ],
        "gender": "female", "birthDate": "1988-04-02",
        "communication": [{"coding": [{"system": "urn:ietf:bcp:47", "code": "fr"}]}],
        "address": [{"line": ["Broad Street"], "city": "Gbarnga"}],
        "qualification": [{"code": {"text": "Bachelor of Science"}}, {"code": {"coding": [{"code": "RM"}]}}],
    })));
}

#[test]
fn a_practitioner_as_badly_written_as_it_gets() {
    insta::assert_debug_snapshot!(said(&json!({
        "resourceType": "Practitioner", "id": 7, "active": "false", "identifier": "10034", "name": "Jean Zoé",
        "telecom": {"system": "PHONE", "value": 2.31770000001e11}, "gender": "F", "birthDate": "1988",
        "communication": {"language": {"text": "Klingon"}}, "address": "Ganta", "qualification": null,
        "extension": {"url": "http://x/ihris-practitioner-dependents", "valueInteger": "three"},
    })));
}

#[test]
fn names_and_phones_have_limits() {
    let phones: Vec<Value> = (0..30).map(|n| json!({"system": "phone", "value": format!("07700000{n}")})).collect();
    let wide = json!({"resourceType": "Practitioner", "id": "P", "name": "é".repeat(300), "telecom": phones});
    let (read, warnings) = (person(&wide), read(&wide).warnings);
    assert_eq!((read.name.chars().count(), read.phones.len()), (200, 20));
    let keys: Vec<_> = warnings.iter().map(|problem| problem.reason.key).collect();
    assert_eq!(keys, ["import-text-cut", "import-phones-too-many"]);
}

#[test]
fn a_facility_and_its_organization_are_one_kind_of_place() {
    let mcsd = json!([{"coding": [{"system": "urn:ietf:rfc:3986", "code": "urn:ihe:iti:mcsd:2019:facility"}]}]);
    insta::assert_debug_snapshot!([
        said(&json!({
            "resourceType": "Location", "id": "LR.BO.G.1", "name": "Phebe Hospital", "language": "en", "status": "active",
            "_name": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
                {"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": "Hôpital de Phebe"}]}]},
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": "Africa/Monrovia"}],
            "type": mcsd, "partOf": "Location/LR.BO.G", "managingOrganization": "Organization/LR.BO.G.1",
            "identifier": [{"value": "DiszpKrYNg8", "type": {"coding": [
                {"system": "http://ihris.org/fhir/CodeSystem/ihris-Facility-identifier", "code": "dhis2Id"}]}}],
            "position": {"latitude": "7.02", "longitude": -9.55},
        })),
        said(&json!({"resourceType": "Organization", "id": "LR.BO.G.1", "name": "Phebe Hospital", "type": mcsd})),
    ]);
}

#[test]
fn facilities_and_jurisdictions_are_told_apart_in_both_generations() {
    let ihris = "http://ihris.org/fhir/StructureDefinition";
    let location = |rest: Value| {
        let mut value = json!({"resourceType": "Location", "id": "x", "name": "x"});
        value.as_object_mut().expect("object").extend(rest.as_object().expect("object").clone());
        let place = place(&value);
        (place.is_facility, place.level)
    };
    let type_of = |system: &str, code: &str| json!({"type": [{"coding": [{"system": system, "code": code}]}]});
    let level = |word: &str| Some(word.to_owned());
    for (rest, expected) in [
        (json!({}), (true, level("facility"))),
        (json!({"physicalType": {"coding": [{"code": "bu"}]}}), (true, level("facility"))),
        (json!({"physicalType": {"coding": [{"code": "jdn"}]}}), (false, None)),
        (json!({"meta": {"profile": [format!("{ihris}/ihris-facility")]}}), (true, level("facility"))),
        (json!({"meta": {"profile": format!("{ihris}/ihris-district")}}), (false, level("district"))),
        (type_of("http://ihris.org/fhir/CodeSystem/ihris-jurisdiction", "Region"), (false, level("region"))),
        (type_of("http://ihris.org/fhir/CodeSystem/ihris-jurisdiction-type", "ta"), (false, level("ta"))),
        (type_of("http://ihris.org/fhir/CodeSystem/ihris-facility-type", "CLC"), (true, level("facility"))),
        (type_of("urn:ietf:rfc:3986", "urn:ihe:iti:mcsd:2019:jurisdiction"), (false, None)),
    ] {
        assert_eq!(location(rest.clone()), expected, "{rest}");
    }
    assert!(!place(&json!({"resourceType": "Organization", "id": "m", "name": "Ministry"})).is_facility);
    assert!(!place(&json!({"resourceType": "Location", "id": "c", "name": "c", "status": "inactive"})).active);
}

#[test]
fn a_position_says_who_where_and_what() {
    insta::assert_debug_snapshot!(said(&json!({
        "resourceType": "PractitionerRole", "id": "PR1", "active": true,
        "practitioner": {"reference": "http://hr.example/fhir/Practitioner/P1/_history/2"},
        "location": [{"reference": "Location/A"}, "Location/B"],
        "code": [{"coding": [
            {"system": "http://other.example", "code": "x"},
            {"system": "http://ihris.org/fhir/CodeSystem/ihris-job", "code": "2222-1A", "display": "Registered Midwife"},
            {"system": "http://ihris.org/fhir/CodeSystem/ihris-cadre", "code": "midwife"}]}],
        "period": {"start": "2019", "end": "2024-02"},
        "extension": [{"url": "http://ihris.org/fhir/StructureDefinition/iHRISPractitionerRoleDetails", "extension": [
            {"url": "position", "valueReference": {"reference": "Basic/POS-1"}}]}],
    })));
}

#[test]
fn references_come_in_many_shapes() {
    for (reference, expected) in [
        (json!({"reference": "Practitioner/1"}), id("Practitioner", "1")),
        (json!("Practitioner/1"), id("Practitioner", "1")),
        (json!("1"), id("Practitioner", "1")),
        (json!(["Practitioner/1"]), id("Practitioner", "1")),
        (json!({"reference": "urn:uuid:5e-1"}), id("Practitioner", "5e-1")),
        (json!({"reference": "#inside"}), None),
        (json!({"reference": "Practitioner?identifier=1"}), None),
        (json!({"display": "Martha"}), None),
    ] {
        let role = json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": reference, "location": "L"});
        let (position, warnings) = position(&role);
        assert_eq!(position.person, expected, "{reference}");
        assert_eq!(warnings.is_empty(), expected.is_some(), "{reference}: {warnings:?}");
    }
}

#[test]
fn an_organization_is_the_place_of_a_position_without_location() {
    let role = json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": "P", "organization": "O"});
    assert_eq!(position(&role).0.place, id("Organization", "O"));
}

#[test]
fn jobs_carry_their_cadre_whatever_system_it_claims() {
    let cadre =
        |code: &str| json!([{"code": "cadre", "valueCoding": {"system": "http://wrong.example", "code": code}}]);
    insta::assert_debug_snapshot!([
        said(&json!({
            "resourceType": "CodeSystem", "id": "ihris-job", "url": "http://ihris.org/fhir/CodeSystem/ihris-job",
            "concept": [
                {"code": "2222", "display": "Midwife", "property": cadre("midwife"),
                 "designation": [{"language": "fr", "value": "Sage-femme"}, {"value": "no language"}],
                 "concept": {"code": "2222-1", "display": "Chief Midwife"}},
                {"display": "nameless"},
                {"code": 4222, "property": {"code": "cadre", "valueCode": "support"}},
            ],
        })),
        said(&json!({
            "resourceType": "CodeSystem", "id": "c", "url": "http://ihris.org/fhir/CodeSystem/ihris-cadre", "language": "fr",
            "concept": [{"code": "midwife", "display": "Sage-femme"}],
        })),
        said(&json!({"resourceType": "CodeSystem", "id": "o", "url": "http://x/other", "concept": [{"code": "1"}]})),
    ]);
}

#[test]
fn side_records_are_read_or_kept() {
    let ihris = "http://ihris.org/fhir/StructureDefinition";
    insta::assert_debug_snapshot!([
        said(&json!({
            "resourceType": "Basic", "id": "t",
            "extension": [
                {"url": format!("{ihris}/ihris-practitioner-reference"), "valueReference": {"reference": "Practitioner/P1"}},
                {"url": format!("{ihris}/ihris-inservice-training"), "extension": [
                    {"url": "courseName", "valueString": "Infection prevention"},
                    {"url": "training", "valueCoding": {"system": "http://t", "code": "ipc"}},
                    {"url": "startDate", "valueDate": "2024-05-06"}]}],
        })),
        said(&json!({
            "resourceType": "Basic", "id": "p",
            "extension": [{"url": format!("{ihris}/iHIRSPositionDetails"), "extension": [
                {"url": "ihris-job", "valueCoding": {"code": "2222", "display": "Midwife"}},
                {"url": "ihris-cadre", "valueString": "Midwife"}]}],
        })),
        said(&json!({"resourceType": "Basic", "id": "l", "extension": [{"url": format!("{ihris}/ihris-leave")}]})),
        said(&json!({"resourceType": "Group", "id": "g", "member": []})),
    ]);
}

#[test]
fn what_is_no_resource_is_refused_with_its_text() {
    for (text, key, element) in [
        ("{\"resourceType\": \"Practitioner\"", "import-json-broken", ""),
        ("[1]", "import-not-a-resource", ""),
        ("null", "import-not-a-resource", ""),
        ("{\"id\": \"1\"}", "import-type-missing", "resourceType"),
        ("{\"resourceType\": \"Location\", \"id\": \" \"}", "import-id-missing", "id"),
        ("{\"request\": {\"method\": \"DELETE\", \"url\": \"Location/1\"}}", "import-entry-empty", "resource"),
    ] {
        let rejection = record(text, "x.json, entry 3", Position { line: 10, column: 5 }).expect_err(text);
        assert_eq!((rejection.problem.reason.key, rejection.problem.element.as_str()), (key, element), "{text}");
        assert_eq!((rejection.origin.as_str(), rejection.raw.as_str()), ("x.json, entry 3", text));
    }
}

#[test]
fn a_broken_record_is_placed_in_its_file() {
    let rejection = record("{\"a\":\n  !}", "x", Position { line: 10, column: 5 }).expect_err("broken");
    assert_eq!(rejection.problem.reason.args, [("line", "11".to_owned()), ("column", "3".to_owned())]);
    let rejection = record("{!}", "x", Position { line: 10, column: 5 }).expect_err("broken");
    assert_eq!(rejection.problem.reason.args, [("line", "10".to_owned()), ("column", "6".to_owned())]);
}

#[test]
fn an_entry_gives_its_resource_exactly_and_its_id() {
    let entry = "{\"fullUrl\":\"urn:uuid:00fe-1\", \"resource\": {\"resourceType\":\"Location\",  \"name\":\"x\"}, \"request\":{}}";
    let read = record(entry, "x", START).expect("a record");
    assert_eq!((read.id.as_str(), read.raw.as_str()), ("00fe-1", "{\"resourceType\":\"Location\",  \"name\":\"x\"}"));
}

#[test]
fn views_can_be_read_alone() {
    let (view, warnings) = Practitioner::read(&json!({"name": {"family": "Toe"}, "birthDate": "x"}));
    assert_eq!((view.names[0].family.as_deref(), warnings.len()), (Some("Toe"), 1));
    assert_eq!(Location::read(&json!({"name": "L"})).0.name.best(mhero_core::Lang::FRENCH), "L");
    assert!(Organization::read(&json!({})).0.active);
    assert!(PractitionerRole::read(&json!({"active": 0})).0.locations.is_empty());
    assert_eq!(CodeSystem::read(&json!({"url": "u"})).0.url, "u");
    assert!(Basic::read(&json!({})).0.extensions.is_empty());
}

#[test]
fn values_keep_their_type() {
    let read = person(&json!({"resourceType": "Practitioner", "id": "P", "name": "x", "extension": [
        {"url": "http://x/hired-on", "valueDate": "2024-05-06"},
        {"url": "http://x/lastSeen", "valueDateTime": "2024-05-06T10:00:00Z"},
        {"url": "http://x/score", "valueDecimal": 1.5},
        {"url": "http://x/boss", "valueReference": {"reference": "Practitioner/2"}},
    ]}));
    let fields: Vec<_> = read.values.iter().map(|value| value.field.as_str()).collect();
    assert_eq!(fields, ["hired_on", "last_seen", "score"]);
    assert!(matches!(read.values[0].value, Neutral::Day(_)));
    assert!(matches!(read.values[1].value, Neutral::Instant(_)));
    assert_eq!(read.values[2].value, Neutral::Number(1.5));
}

/// Any JSON, with the names that the readers look for among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}|[0-9]{4}-[0-9]{2}(-[0-9]{2})?|[A-Z][a-z]+/[a-z0-9]+".prop_map(Value::from),
    ];
    let key = proptest::sample::select(vec![
        "id",
        "name",
        "given",
        "family",
        "telecom",
        "system",
        "value",
        "extension",
        "url",
        "valueInteger",
        "valueReference",
        "valueCoding",
        "reference",
        "coding",
        "code",
        "text",
        "period",
        "start",
        "end",
        "location",
        "practitioner",
        "concept",
        "property",
        "designation",
        "language",
        "type",
        "meta",
        "profile",
        "position",
        "latitude",
        "_name",
        "birthDate",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_resource_makes_it_panic(
        body in any_json(),
        kind in proptest::sample::select(vec![
            "Practitioner", "PractitionerRole", "Location", "Organization", "CodeSystem", "Basic", "Group",
        ]),
    ) {
        let mut body = if body.is_object() { body } else { json!({"name": body}) };
        body["resourceType"] = Value::from(kind);
        body["id"] = Value::from("x");
        prop_assert!(record(&body.to_string(), "x", START).is_ok());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = record(&text, "x", START);
    }
}

#[test]
fn leave_of_both_generations_of_ihris() {
    let ihris = "http://ihris.org/fhir/StructureDefinition";
    let kind = json!({"url": "leave-type", "valueCoding": {"system": "http://ihris.org/fhir/CodeSystem/ihris-leave-type", "code": "annual", "display": "Annual leave"}});
    let older = json!([kind, {"url": "period", "valuePeriod": {"start": "2026-03-01", "end": "2026-03-21T00:00:00Z"}}, {"url": "dateRequested", "valueDate": "2026-02-01"}]);
    let newer =
        json!([kind, {"url": "start-date", "valueDate": "2026-03-01"}, {"url": "end-date", "valueDate": "2026-03-21"}]);
    for parts in [older, newer] {
        let (content, warnings) = said(&json!({
            "resourceType": "Basic", "id": "L1", "meta": {"profile": [format!("{ihris}/ihris-basic-leave")]},
            "extension": [
                {"url": format!("{ihris}/ihris-practitioner-reference"), "valueReference": {"reference": "Practitioner/P1"}},
                {"url": format!("{ihris}/ihris-leave"), "extension": parts},
            ],
        }));
        let Content::Absence(leave) = content else { panic!("{content:?}") };
        assert_eq!((leave.person, leave.reason.code.as_deref()), (id("Practitioner", "P1"), Some("annual")));
        let day = |day| jiff::civil::date(2026, 3, day);
        assert_eq!((leave.start, leave.end, warnings), (Some(day(1)), Some(day(21)), Vec::new()));
    }
    let nothing = json!({"resourceType": "Basic", "id": "L2", "extension": [{"url": format!("{ihris}/ihris-leave"), "extension": []}]});
    let (content, warnings) = said(&nothing);
    assert!(matches!(content, Content::Absence(_)) && warnings.len() == 2, "{warnings:?}");
}
