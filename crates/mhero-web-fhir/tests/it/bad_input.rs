//! What comes wrong gets the right status and an outcome that says what and where.

use reqwest::Method;
use serde_json::json;

use super::desk::{Desk, engines, got};

#[tokio::test]
async fn wrong_requests_are_told_what_is_wrong() {
    let desk = Desk::new(engines()[0]).await;
    let json_type = "application/fhir+json";
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let nested =
        (0..60).fold(json!({ "url": "x", "valueCode": "y" }), |inner, _| json!({ "url": "x", "extension": [inner] }));
    let nested =
        json!({ "resourceType": "Basic", "id": "1", "code": { "text": "a" }, "extension": [nested] }).to_string();
    for (method, path, kind, body, status, code) in [
        (Method::POST, "/Practitioner", json_type, "{", 400, "structure"),
        (Method::POST, "/Practitioner", json_type, "", 400, "structure"),
        (Method::POST, "/Practitioner", json_type, deep.as_str(), 400, "structure"),
        (Method::POST, "/Practitioner", json_type, "[]", 400, "structure"),
        (Method::POST, "/Practitioner", json_type, r#"{"resourceType":"Group"}"#, 400, "structure"),
        (Method::POST, "/Practitioner", json_type, r#"{"resourceType":"Practitioner","active":"yes"}"#, 400, "value"),
        (Method::POST, "/Practitioner", "text/csv", "a,b", 415, "not-supported"),
        (Method::POST, "/Practitioner", "application/fhir+xml", "<Practitioner/>", 400, "structure"),
        (Method::PUT, "/Practitioner/a%20b", json_type, r#"{"resourceType":"Practitioner"}"#, 400, "value"),
        (Method::PUT, "/Practitioner/1", json_type, r#"{"resourceType":"Practitioner","id":"2"}"#, 400, "value"),
        (Method::PUT, "/Practitioner", json_type, r#"{"resourceType":"Practitioner"}"#, 400, "value"),
        (Method::PUT, "/Practitioner?cadre=x", json_type, r#"{"resourceType":"Practitioner"}"#, 400, "not-supported"),
        (Method::PUT, "/Basic/1", json_type, nested.as_str(), 400, "too-costly"),
        (Method::PUT, "/Observation/1", json_type, r#"{"resourceType":"Observation","id":"1"}"#, 404, "not-found"),
        (Method::PUT, "/AuditEvent/1", json_type, r#"{"resourceType":"AuditEvent","id":"1"}"#, 403, "forbidden"),
        (Method::PATCH, "/Practitioner/none", "application/json-patch+json", "[]", 404, "not-found"),
        (Method::PATCH, "/Practitioner/none", "application/json-patch+json", r#"{"active":true}"#, 400, "structure"),
        (Method::PATCH, "/Practitioner/none", "application/merge-patch+json", "[]", 400, "structure"),
        (Method::PATCH, "/Practitioner/none", json_type, r#"{"resourceType":"Parameters"}"#, 415, "not-supported"),
        (Method::GET, "/Practitioner/none?name=x", "", "", 400, "not-supported"),
        (Method::GET, "/AuditEvent/_history", "", "", 405, "not-supported"),
        (Method::POST, "", json_type, r#"{"resourceType":"Bundle","type":"history"}"#, 400, "value"),
        (Method::POST, "", json_type, r#"{"resourceType":"Practitioner"}"#, 400, "structure"),
        (Method::GET, "/Practitioner/none", "", "", 404, "not-found"),
        (Method::GET, "/Practitioner/none/_history", "", "", 404, "not-found"),
        (Method::GET, "/Practitioner/none/_history/x", "", "", 404, "not-found"),
        (Method::GET, "/Nonsense", "", "", 404, "not-found"),
        (Method::GET, "/Practitioner?_count=many", "", "", 400, "value"),
        (Method::GET, "/Practitioner?_page=xyz", "", "", 400, "value"),
        (Method::GET, "/Practitioner?name:phonetic=x", "", "", 400, "value"),
        (Method::GET, "/Practitioner?name=%FF%zz", "", "", 200, ""),
        (Method::GET, "/Practitioner?_format=turtle", "", "", 400, "not-supported"),
        (Method::GET, "/Practitioner/1/2/3/4", "", "", 405, "not-supported"),
        (Method::DELETE, "/Practitioner", "", "", 405, "not-supported"),
        (Method::GET, "/Practitioner/_history?_since=soon", "", "", 400, "value"),
        (Method::GET, "/Practitioner/_history?name=x", "", "", 400, "value"),
    ] {
        let what = format!("{method} {path} {}", body.chars().take(60).collect::<String>());
        let mut request = desk.ask(method, path);
        if !kind.is_empty() {
            request = request.header("content-type", kind).body(body.to_owned());
        }
        let got = got(request).await;
        assert_eq!(got.status.as_u16(), status, "{what}: {}", got.text);
        if status >= 400 {
            let (said, words) = got.issue();
            assert_eq!(said, code, "{what}: {words}");
            assert!(!words.is_empty(), "{what}");
        }
    }
    let refused = got(desk.ask(Method::GET, "/Practitioner").header("accept", "image/png")).await;
    assert_eq!(refused.status, 406);
    let tagged =
        desk.ask(Method::PUT, "/Practitioner/1").header("if-match", "latest").header("content-type", json_type);
    assert_eq!(got(tagged.body(r#"{"resourceType":"Practitioner","id":"1"}"#)).await.status, 400);
    assert!(desk.found("Practitioner").await.is_empty(), "nothing of all that was kept");
}

/// PostgreSQL keeps no U+0000, and SQLite does: both refuse it alike, wherever it stands.
#[tokio::test]
async fn no_text_holds_a_nul_on_either_engine() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        for path in ["/Practitioner?name=a%00b", "/Practitioner?identifier=a%00b", "/Practitioner?_id=a%00b"] {
            let refused = got(desk.ask(Method::GET, path)).await;
            assert_eq!((refused.status.as_u16(), refused.issue().0.as_str()), (400, "value"), "{path}");
        }
        let by_id = got(desk.ask(Method::GET, "/Practitioner/a%00b")).await;
        assert!([400, 404].contains(&by_id.status.as_u16()), "{}", by_id.text);
        let ours = json!({ "resourceType": "Practitioner", "name": [{ "family": "a\u{0}b" }] });
        let refused = desk.send(Method::POST, "/Practitioner", &ours).await;
        assert_eq!((refused.status.as_u16(), refused.issue().0.as_str()), (400, "value"));
        let unknown =
            json!({ "resourceType": "Practitioner", "extension": [{ "url": "http://a\u{0}b" }], "x\u{0}": 1 });
        assert_eq!(desk.send(Method::POST, "/Practitioner", &unknown).await.status, 400);
        let whole = json!({ "resourceType": "Practitioner" }).to_string();
        let unless = desk.ask(Method::POST, "/Practitioner").header("if-none-exist", "identifier=a%00b");
        let refused = got(unless.header("content-type", "application/fhir+json").body(whole)).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(desk.found("Practitioner").await.is_empty(), "nothing of it was kept");
    }
}

/// Each entry of a batch stands for itself, also one that says nothing which can be done.
#[tokio::test]
async fn a_batch_does_what_can_be_done() {
    let desk = Desk::new(engines()[0]).await;
    let good = json!({ "resource": { "resourceType": "Organization", "name": "Kollie Clinic" },
        "request": { "method": "POST", "url": "Organization" } });
    let batch = |entries: serde_json::Value| json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
    let mixed = batch(json!([
        { "request": { "url": "Organization" } }, good, { "request": { "method": "GET", "url": "Organization/_history" } },
    ]));
    let done = desk.send(Method::POST, "", &mixed).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let answers = done.json()["entry"].as_array().cloned().unwrap_or_default();
    let states: Vec<&str> = answers.iter().filter_map(|one| one["response"]["status"].as_str()).collect();
    assert!(states.len() == 3 && states[0].starts_with("400"), "{}", done.text);
    assert!(states[1].starts_with("201") && states[2].starts_with("400"), "{}", done.text);
    assert_eq!(desk.found("Organization").await.len(), 1);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::new(engines()[0]).await;
    let large = " ".repeat(33 << 20);
    let request = desk.ask(Method::POST, "").header("content-type", "application/fhir+json").body(large);
    let refused = got(request).await;
    assert_eq!((refused.status.as_u16(), refused.issue().0.as_str()), (413, "too-long"));
    let many = json!({ "resourceType": "Bundle", "type": "batch", "entry": vec![json!({ "request": { "method": "GET", "url": "Basic" } }); 5_001] });
    let refused = desk.send(Method::POST, "", &many).await;
    assert_eq!((refused.status.as_u16(), refused.issue().0.as_str()), (400, "too-long"));
}
