use serde_json::json;

use super::{clause::How, *};

const BASE: &str = "https://mhero.moh.gov.lr/fhir";

fn condition(kind: &str, name: &str, value: &str) -> Condition {
    Condition::read(Parameters::r4(), kind, (name, value), BASE).unwrap_or_else(|refused| panic!("{refused:?}"))
}

fn why(kind: &str, name: &str, value: &str) -> String {
    Condition::read(Parameters::r4(), kind, (name, value), BASE).expect_err(name).why
}

fn codes(resource: &serde_json::Value, code: &str) -> Vec<KeyValue> {
    keys(Parameters::r4(), resource, BASE).into_iter().filter(|key| key.code == code).map(|key| key.value).collect()
}

fn token(system: &str, code: &str) -> KeyValue {
    KeyValue::Token { system: system.into(), code: code.into() }
}

#[test]
fn a_resource_is_found_by_what_it_says() {
    let martha = json!({
        "resourceType": "Practitioner", "id": "P1", "active": true, "gender": "female",
        "meta": { "tag": [{ "system": "http://mhero.org/codesystem", "code": "optedout" }] },
        "identifier": [{ "system": "http://moh/id", "value": "A|1" }, { "value": "loose" }],
        "name": [{ "family": "Kollié", "given": ["Martha", "B."] }],
        "telecom": [{ "system": "phone", "value": "+231 77 000 0001" }, { "system": "email", "value": "m@x.org" }],
        "communication": [{ "coding": [{ "system": "urn:ietf:bcp:47", "code": "fr", "display": "Français" }] }]
    });
    assert_eq!(codes(&martha, "active"), [token("", "true")]);
    assert_eq!(codes(&martha, "identifier"), [token("http://moh/id", "A|1"), token("", "loose")]);
    assert_eq!(codes(&martha, "phone"), [token("phone", "+231 77 000 0001"), token("phone", "+231770000001")]);
    assert_eq!(codes(&martha, "email"), [token("email", "m@x.org")]);
    assert_eq!(codes(&martha, "_tag"), [token("http://mhero.org/codesystem", "optedout")]);
    assert_eq!(
        codes(&martha, "communication"),
        [token("urn:ietf:bcp:47", "fr"), KeyValue::TokenText { folded: "francais".into() }]
    );
    let names: Vec<String> = codes(&martha, "name")
        .into_iter()
        .map(|value| match value {
            KeyValue::Text { folded, .. } => folded,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["martha", "b.", "kollie", "martha b. kollie"]);
    let role = json!({
        "resourceType": "PractitionerRole", "period": { "start": "2026-02" },
        "practitioner": { "reference": "https://mhero.moh.gov.lr/fhir/Practitioner/P1/_history/3" },
        "organization": { "type": "Organization", "identifier": { "system": "s", "value": "MOH" } },
        "location": [{ "reference": "http://other/fhir/Location/9" }]
    });
    assert_eq!(codes(&role, "practitioner"), [KeyValue::Reference { kind: "Practitioner".into(), id: "P1".into() }]);
    assert_eq!(
        codes(&role, "organization"),
        [KeyValue::ReferenceIdentifier { system: "s".into(), value: "MOH".into() }]
    );
    assert_eq!(
        codes(&role, "location"),
        [KeyValue::Reference { kind: String::new(), id: "http://other/fhir/Location/9".into() }]
    );
    let open = Span { from: Span::read("2026-02-01").expect("a day").from, until: i64::MAX };
    assert_eq!(codes(&role, "date"), [KeyValue::Date(open)]);
}

#[test]
fn conditions_are_read_as_r4_writes_them() {
    let token =
        |system: Option<&str>, code: Option<&str>| Token { system: system.map(Into::into), code: code.map(Into::into) };
    for (kind, name, value, expected) in [
        ("Practitioner", "_id", "a,b", Condition::Ids(vec!["a".into(), "b".into()])),
        (
            "Practitioner",
            "name",
            "Kolli\\,é,B",
            Condition::TextStarts("name".into(), vec!["kolli,e".into(), "b".into()]),
        ),
        ("Practitioner", "name:exact", "É", Condition::TextIs("name".into(), vec!["É".into()])),
        (
            "Practitioner",
            "identifier",
            "http://x|A\\|1,|loose,any,http://y|",
            Condition::Token(
                "identifier".into(),
                vec![
                    token(Some("http://x"), Some("A|1")),
                    token(Some(""), Some("loose")),
                    token(None, Some("any")),
                    token(Some("http://y"), None),
                ],
            ),
        ),
        ("Practitioner", "gender:not", "male", Condition::TokenNot("gender".into(), vec![token(None, Some("male"))])),
        ("Practitioner", "active:missing", "true", Condition::Missing("active".into(), true)),
        (
            "PractitionerRole",
            "practitioner",
            "Practitioner/1,2,https://mhero.moh.gov.lr/fhir/Practitioner/3",
            Condition::Reference(
                "practitioner".into(),
                vec![
                    Reference { kind: Some("Practitioner".into()), id: "1".into() },
                    Reference { kind: None, id: "2".into() },
                    Reference { kind: Some("Practitioner".into()), id: "3".into() },
                ],
            ),
        ),
    ] {
        assert_eq!(condition(kind, name, value), expected, "{name}={value}");
    }
}

#[test]
fn references_are_read_with_what_they_lead_to() {
    for (kind, name, value, expected) in [
        (
            "Basic",
            "subject:Group",
            "7",
            Condition::Reference("subject".into(), vec![Reference { kind: Some("Group".into()), id: "7".into() }]),
        ),
        (
            "PractitionerRole",
            "practitioner:Practitioner.name:contains",
            "kol",
            Condition::Chain {
                code: "practitioner".into(),
                through: vec![("Practitioner".into(), Condition::TextContains("name".into(), vec!["kol".into()]))],
            },
        ),
        (
            "Practitioner",
            "_has:PractitionerRole:practitioner:location",
            "Location/1",
            Condition::Has {
                kind: "PractitionerRole".into(),
                code: "practitioner".into(),
                fulfils: Box::new(Condition::Reference(
                    "location".into(),
                    vec![Reference { kind: Some("Location".into()), id: "1".into() }],
                )),
            },
        ),
    ] {
        assert_eq!(condition(kind, name, value), expected, "{name}={value}");
    }
    let Condition::Updated(since) = condition("Location", "_lastUpdated", "ge2026-05-14T16:00:00 02:00") else {
        panic!("a moment");
    };
    assert_eq!(since[0].how, How::GreaterOrEqual);
    assert_eq!(since[0].with.from, Span::read("2026-05-14T14:00:00Z").expect("a moment").from);
    let Condition::Chain { through, .. } = condition("PractitionerRole", "practitioner.identifier", "x") else {
        panic!("a chain");
    };
    assert!(through.iter().any(|(kind, _)| kind == "Practitioner"));
}

#[test]
fn what_is_not_understood_is_said_and_never_ignored() {
    for (kind, name, value, part) in [
        ("Practitioner", "cadre", "nurse", "not searched by “cadre”"),
        ("Practitioner", "name:phonetic", "x", "not offered"),
        ("Practitioner", "active:contains", "x", "does not go with"),
        ("Practitioner", "active:missing", "maybe", "true or false"),
        ("Practitioner", "name", "a,,b", "empty"),
        ("PractitionerRole", "date", "soon", "2026-05-14"),
        ("PractitionerRole", "role.name", "x", "no reference"),
        ("PractitionerRole", "practitioner:Device.name", "x", "“Device” is no kind"),
        ("PractitionerRole", "practitioner.cadre", "x", "not searched by"),
        ("Practitioner", "_has:PractitionerRole:practitioner", "x", "_has:Kind"),
        ("Practitioner", "_has:PractitionerRole:role:location", "x", "no reference “role”"),
    ] {
        let said = why(kind, name, value);
        assert!(said.contains(part), "{name}={value}: {said}");
    }
    let deep = "partof.".repeat(9) + "name";
    assert!(why("Location", &deep, "x").contains("at most 4 links"), "{}", why("Location", &deep, "x"));
    let wide = "entity.".repeat(4) + "date";
    assert!(why("AuditEvent", &wide, "2026").contains("name the kind"), "{}", why("AuditEvent", &wide, "2026"));
}

#[test]
fn a_whole_search_is_read() {
    let pairs = [
        ("name", "kol"),
        ("_include", "PractitionerRole:practitioner"),
        ("_include:iterate", "PractitionerRole:*:Organization"),
        ("_revinclude", "PractitionerRole:nonsense"),
        ("_sort", "-_lastUpdated,name"),
        ("_count", "x"),
        ("_total", "none"),
        ("_summary", "count"),
        ("_elements", "Practitioner.name,active"),
        ("_totalMethod", "count"),
        ("_page", "abc"),
    ];
    let Asked { query, refused } = Query::read(Parameters::r4(), "Practitioner", pairs, BASE);
    assert_eq!(query.sort.len(), 2);
    assert!(query.sort[0].is_descending && !query.sort[1].is_descending);
    assert_eq!((query.total, query.summary, query.page.as_deref()), (Total::None, Summary::Count, Some("abc")));
    assert_eq!(query.elements, ["name", "active"]);
    assert_eq!(query.includes.len(), 2);
    assert!(query.includes[1].is_iterated && query.includes[1].code.is_none());
    let asked: Vec<&str> = refused.iter().map(|refused| refused.asked.as_str()).collect();
    assert_eq!(asked, ["_revinclude=PractitionerRole:nonsense", "_count=x"]);
}

#[test]
fn a_search_is_sorted_by_few_things() {
    let sorted = |times: usize| {
        let value = vec!["name"; times].join(",");
        Query::read(Parameters::r4(), "Practitioner", [("_sort", value.as_str())], BASE).refused
    };
    assert_eq!(sorted(8), []);
    assert!(sorted(3_000)[0].why.contains("at most 8"), "{:?}", sorted(9));
}

#[test]
fn a_neighbour_defines_parameters_of_its_own_and_changes_none_of_ours() {
    let mut parameters = Parameters::r4().clone();
    let own = |code: &str| Parameter {
        code: code.into(),
        kind: Kind::Token,
        path: "CommunicationRequest.extension('http://b').exists()".parse().expect("a path"),
        expression: String::new(),
    };
    assert!(parameters.define("CommunicationRequest", own("is-broadcast")));
    assert!(!parameters.define("CommunicationRequest", own("status")) && !parameters.define("Nonsense", own("x")));
    assert!(!parameters.define("Resource", own("x")));
    let request = json!({ "resourceType": "CommunicationRequest", "extension": [{ "url": "http://b" }] });
    let found = keys(&parameters, &request, BASE);
    assert_eq!(found, [Key { code: "is-broadcast".into(), value: token("", "true") }]);
}

proptest::proptest! {
    #[test]
    fn no_search_makes_it_fall(name in "[a-z_:.A-Z]{0,30}", value in ".{0,40}") {
        let _ = Query::read(Parameters::r4(), "PractitionerRole", [(name.as_str(), value.as_str())], BASE);
        let _ = Span::read(&value);
    }
}
