use serde_json::{Value, json};

use super::*;

fn round(resource: &Value) {
    let text = to_xml(resource).expect("it can be written");
    let read = from_xml(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(&read, resource, "{text}");
}

#[test]
fn resources_come_back_as_they_were() {
    round(&json!({ "resourceType": "Location", "id": "a", "name": "A & B <\"'> é\n", "alias": ["x", "y"],
        "position": { "longitude": -9.5, "latitude": 6 }, "type": [{ "coding": [{ "system": "http://x", "code": "c" }] }] }));
    round(&json!({ "resourceType": "Practitioner", "active": false,
        "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Martha &amp; <b>co</b></div>" },
        "contained": [{ "resourceType": "Organization", "id": "o", "name": "MOH" }],
        "extension": [{ "url": "http://x", "extension": [{ "url": "y", "valueInteger": 5 }, { "url": "z", "valueBoolean": true }] }],
        "name": [{ "id": "n1", "family": "Kollie", "given": ["Martha", null, "B"],
            "_given": [null, { "id": "g", "extension": [{ "url": "http://x", "valueCode": "unknown" }] }, null] }],
        "birthDate": "1984", "_birthDate": { "extension": [{ "url": "http://x", "valueString": "about" }] } }));
    round(
        &json!({ "resourceType": "Bundle", "type": "searchset", "total": 1, "link": [{ "relation": "self", "url": "http://x?a=1&b=2" }],
        "entry": [{ "fullUrl": "http://x/Basic/1", "resource": { "resourceType": "Basic", "id": "1", "code": { "text": "t" } },
            "search": { "mode": "match" } }] }),
    );
    round(&json!({ "resourceType": "Questionnaire", "status": "active",
        "item": [{ "linkId": "1", "type": "group", "item": [{ "linkId": "1.1", "type": "string" }] }] }));
}

#[test]
fn elements_are_written_in_the_order_of_the_schema() {
    let text =
        to_xml(&json!({ "status": "active", "resourceType": "Location", "name": "n", "id": "1", "nonsense": 1 }));
    assert_eq!(
        text.as_deref(),
        Ok(
            r#"<Location xmlns="http://hl7.org/fhir"><id value="1"/><status value="active"/><name value="n"/></Location>"#
        )
    );
}

#[test]
fn hostile_texts_are_refused() {
    let root = |inner: &str| format!(r#"<Basic xmlns="http://hl7.org/fhir">{inner}</Basic>"#);
    assert!(matches!(from_xml(""), Err(XmlError::Broken { .. })));
    assert!(matches!(from_xml("{}"), Err(XmlError::Broken { .. })));
    assert_eq!(from_xml("<Basic/>"), Err(XmlError::Namespace));
    assert_eq!(
        from_xml(r#"<!DOCTYPE a [<!ENTITY b "c">]><Basic xmlns="http://hl7.org/fhir"/>"#),
        Err(XmlError::DocumentType)
    );
    assert_eq!(
        from_xml(r#"<Observation xmlns="http://hl7.org/fhir"/>"#),
        Err(XmlError::Kind { kind: "Observation".into() })
    );
    assert!(matches!(from_xml(&root("<nonsense/>")), Err(XmlError::Element { .. })));
    assert!(matches!(from_xml(&root("text")), Err(XmlError::Text { .. })));
    assert!(matches!(from_xml(&root("&entity;")), Err(XmlError::Text { .. })));
    assert!(matches!(
        from_xml(&root(r#"<created value="2026"/><created value="2026"/>"#)),
        Err(XmlError::Twice { .. })
    ));
    assert!(matches!(from_xml(&root("<code>")), Err(XmlError::Broken { .. })));
    assert!(matches!(from_xml(&format!("{0}{0}", root(""))), Err(XmlError::Broken { .. })));
    let deep = format!("{}{}", r#"<extension url="x">"#.repeat(500), "</extension>".repeat(500));
    assert_eq!(from_xml(&root(&deep)), Err(XmlError::Deep));
}

#[test]
fn what_is_no_number_stays_for_the_check_to_tell() {
    let text = r#"<Location xmlns="http://hl7.org/fhir"><position><longitude value="east"/><latitude value="6.50"/></position></Location>"#;
    let read = from_xml(text).expect("it is well-formed");
    assert_eq!(read["position"]["longitude"], "east");
    let issues = crate::check(&read, crate::Limits::default());
    assert_eq!(issues[0].expression, "Location.position.longitude");
}

proptest::proptest! {
    #[test]
    fn nothing_that_comes_makes_it_fall(text in ".{0,200}", inner in r#"(<[a-z/]{0,6}( value="[^"]{0,5}")?/?>|&[a-z]{0,3};?|[a-z ]){0,20}"#) {
        let _ = from_xml(&text);
        if let Ok(read) = from_xml(&format!(r#"<Basic xmlns="http://hl7.org/fhir">{inner}</Basic>"#)) {
            let _ = crate::check(&read, crate::Limits::default());
            let _ = to_xml(&read);
        }
    }

    #[test]
    fn texts_come_back_whatever_their_letters(name in "[ -~éœß’\n\t\u{1F600}]{1,40}") {
        let resource = json!({ "resourceType": "Location", "name": name });
        proptest::prop_assert_eq!(from_xml(&to_xml(&resource).expect("it can be written")), Ok(resource));
    }
}
