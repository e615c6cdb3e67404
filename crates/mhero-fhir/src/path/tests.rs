use serde_json::{Value, json};

use super::*;

fn values(path: &str, resource: &Value) -> Vec<Value> {
    let path: Path = path.parse().unwrap_or_else(|error| panic!("{error}"));
    path.walk(resource).into_iter().map(|node| node.value.clone()).collect()
}

#[test]
fn the_paths_of_search_parameters_are_walked() {
    let request = json!({
        "resourceType": "CommunicationRequest", "id": "1", "status": "active",
        "occurrenceDateTime": "2026-05-14", "meta": { "tag": [{ "system": "s", "code": "c" }] },
        "subject": { "reference": "Group/9" },
        "recipient": [{ "reference": "Practitioner/1" }, { "reference": "Group/2" }],
        "payload": [{ "contentString": "a" }, { "contentReference": { "reference": "Basic/f" } }],
        "extension": [{ "url": "http://starts", "extension": [{ "url": "flow_starts_uuid", "valueString": "u-1" }] }]
    });
    for (path, expected) in [
        ("CommunicationRequest.status", json!(["active"])),
        ("Resource.id", json!(["1"])),
        ("Communication.status", json!([])),
        ("(CommunicationRequest.occurrence as dateTime)", json!(["2026-05-14"])),
        ("CommunicationRequest.occurrence.ofType(Period)", json!([])),
        ("CommunicationRequest.recipient.where(resolve() is Group)", json!([{ "reference": "Group/2" }])),
        ("CommunicationRequest.payload.content.ofType(string)", json!(["a"])),
        ("Communication.status | CommunicationRequest.id | CommunicationRequest.status", json!(["1", "active"])),
        ("CommunicationRequest.extension('http://starts').extension('flow_starts_uuid').value", json!(["u-1"])),
        (
            "CommunicationRequest.extension.where(url='http://starts').extension.where(url='flow_starts_uuid').valueString",
            json!(["u-1"]),
        ),
        ("CommunicationRequest.extension('http://starts').exists()", json!([true])),
        ("CommunicationRequest.extension('http://none').exists()", json!([false])),
        ("CommunicationRequest.payload.where(content.exists()).first().contentString", json!(["a"])),
        ("CommunicationRequest.nonsense.more", json!([])),
        ("status", json!(["active"])),
    ] {
        assert_eq!(Value::Array(values(path, &request)), expected, "{path}");
    }
}

#[test]
fn what_is_not_understood_is_told_with_its_place() {
    for (path, at) in
        [("", 0), ("a.", 2), ("a.where(", 8), ("a b", 2), ("a.count()", 8), ("a.where(b='c)", 11), ("a || b", 3)]
    {
        let error = path.parse::<Path>().expect_err(path);
        assert_eq!(error.at, at, "{error}");
    }
    assert!(format!("{}a{}", "(".repeat(50), ")".repeat(50)).parse::<Path>().is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fall(text in "[a-z.()'=| éR]{0,60}") {
        if let Ok(path) = text.parse::<Path>() {
            let _ = path.walk(&json!({ "resourceType": "Basic", "a": [{ "b": "c" }, null], "code": { "text": "t" } }));
        }
    }
}
