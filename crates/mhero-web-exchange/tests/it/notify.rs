//! Notifications of DHIS2 by web hook become texts, each once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, engines};

async fn notify(desk: &Desk, method: Method, address: &[(&str, &str)], body: Option<&Value>) -> (u16, Value) {
    let mut request = desk.ask(method, "/dhis2/notify").query(address);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.expect("a text")).expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_becomes_one_text() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let address = [("phone-from", "PHONE"), ("template", "Dear {FIRST_NAME}, come to {orgUnitName} on {dueDate}.")];
        let values = [
            ("PHONE", "0770000001"),
            ("FIRST_NAME", "Martha"),
            ("orgUnitName", "Bo Clinic"),
            ("dueDate", "2026-05-20"),
        ];
        let all: Vec<_> = address.iter().chain(&values).copied().collect();
        let (status, said) = notify(&desk, Method::GET, &all, None).await;
        assert_eq!((status, &said["accepted"]), (200, &json!(1)), "{said}");
        // DHIS2 2.40 and later: JSON, nested; the same text to the same number again.
        let body = json!({ "path": "programNotification", "object": {
            "orgUnitName": "Bo Clinic", "dueDate": "2026-05-20",
            "attributes": [
                { "attribute": "fctSQp5nAYl", "code": "PHONE", "value": "0770000001" },
                { "attribute": "w75KJ2mc4zz", "code": "FIRST_NAME", "value": "Martha" },
            ],
        }});
        let (status, said) = notify(&desk, Method::POST, &address, Some(&body)).await;
        assert_eq!((status, &said["repeated"]), (200, &json!(1)), "{said}");
        let texts: Vec<String> = desk.texts_to("+231770000001").await;
        assert_eq!(texts, ["Dear Martha, come to Bo Clinic on 2026-05-20."]);
        for (address, words) in [
            (vec![("template", "Hello")], "nobody is named"),
            (vec![("phone-from", "GONE"), ("template", "Hello")], "GONE"),
            (vec![("phone-from", "PHONE"), ("PHONE", "0770000001"), ("template", "Hello {gone}")], "gone"),
            (vec![("person-from", "TEI"), ("TEI", "nobody"), ("template", "Hello")], "nobody here"),
            (vec![("to", "0770000001")], "text is empty"),
        ] {
            let (status, said) = notify(&desk, Method::GET, &address, None).await;
            assert_eq!(status, 400, "{said}");
            assert!(said["message"].as_str().is_some_and(|said| said.contains(words)), "{words}: {said}");
        }
        assert_eq!(desk.texts_to("+231770000001").await.len(), 1);
    }
}
