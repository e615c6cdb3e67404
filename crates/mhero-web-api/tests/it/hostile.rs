//! Whatever is sent, the answer is a problem that says what and where.

use mhero_store::Engine;
use reqwest::Method;
use serde_json::json;

use crate::desk::{Desk, MARTHA};

#[tokio::test]
async fn hostile_requests_get_a_problem_and_change_nothing() {
    let desk = Desk::new(Engine::Sqlite).await;
    let json_form = "application/json";
    let broadcasts = "/api/v1/broadcasts";
    for (body, status, code) in [
        (b"".to_vec(), 400, "json"),
        (b"[]".to_vec(), 400, "json-object"),
        ("[".repeat(100_000).into_bytes(), 400, "json"),
        (format!("{{\"to\":{}", "{\"to\":".repeat(10_000)).into_bytes(), 400, "json"),
        (vec![0xff, 0xfe], 400, "json"),
        (vec![b'x'; (1 << 20) + 1], 413, "too-large"),
    ] {
        let got = desk.raw(Method::POST, broadcasts, body, json_form).await.problem();
        assert_eq!((got.0, &*got.1), (status, code));
    }
    assert_eq!(desk.raw(Method::POST, broadcasts, b"a=b".to_vec(), "text/plain").await.problem().0, 415);
    let to = json!({ "people": [MARTHA] });
    for (body, code, field) in [
        (json!({}), "missing-field", "to"),
        (json!({ "to": to, "text": { "en": "x" }, "txet": 1 }), "unknown-field", "txet"),
        (json!({ "to": { "peple": [] }, "text": { "en": "x" } }), "unknown-field", "to.peple"),
        (json!({ "to": to, "text": "x" }), "wrong-type", "text"),
        (json!({ "to": to, "text": { "en": 7 } }), "wrong-type", "text.en"),
        (json!({ "to": to, "text": { "english": "x" } }), "language", "text"),
        (json!({ "to": to, "text": { "en": "x", "eng": "y" } }), "language-twice", "text.eng"),
        (json!({ "to": to, "text": { "en": "x" }, "lane": "fast" }), "unknown-word", "lane"),
        (json!({ "to": to, "text": { "en": "x" }, "at": "soon" }), "no-instant", "at"),
        (json!({ "to": to, "text": { "en": "x" }, "programme": "\u{0}" }), "nul", ""),
        (json!({ "to": to, "text": { "en": "x" }, "programme": "no" }), "no-programme", "programme"),
        (json!({ "to": to, "text": { "en": "x" }, "channel": "no" }), "no-channel", "channel"),
        (json!({ "to": { "people": ["nobody"] }, "text": { "en": "x" } }), "no-person", "to.people[0]"),
        (json!({ "to": { "people": vec![MARTHA; 101] }, "text": { "en": "x" } }), "too-many-people", "to.people"),
        (json!({ "to": {}, "text": { "en": "x" } }), "nobody", "to"),
        (json!({ "to": { "query": "(((" }, "text": { "en": "x" } }), "query", "to.query"),
    ] {
        let got = desk.post(broadcasts, &body).await.problem();
        assert_eq!((&*got.1, &*got.2), (code, field), "{body}");
    }
    for (path, status, code) in [
        ("/api/v1/people?limt=3", 400, "unknown-parameter"),
        ("/api/v1/people?limit=0", 400, "limit"),
        ("/api/v1/people?limit=1&limit=2", 400, "parameter-twice"),
        ("/api/v1/people?cursor=x", 400, "cursor"),
        ("/api/v1/people?find=%00", 400, "nul"),
        ("/api/v1/people/%00", 404, "not-found"),
        ("/api/v1/people/%ff", 400, "request"),
        ("/api/v1/messages?direction=up", 400, "unknown-word"),
        ("/api/v1/messages?since=yesterday", 400, "no-instant"),
        ("/api/v1/broadcasts/7", 400, "no-id"),
        ("/api/v1/broadcasts/00000000-0000-4000-8000-000000000001", 404, "not-found"),
        ("/api/v1/nothing/here", 404, "no-address"),
    ] {
        let got = desk.get(path).await.problem();
        assert_eq!((got.0, &*got.1), (status, code), "{path}");
    }
    let put = desk.ask(Method::PUT, broadcasts, Some(&json!({})), &desk.token, &[]).await;
    assert_eq!(put.problem().0, 405);
    assert!(put.headers.contains_key("allow"));
    let nobody = desk.nobody("/api/v1/me").await;
    assert_eq!(nobody.problem(), (401, "no-token".into(), String::new()));
    assert!(nobody.json["detail"].as_str().is_some_and(|said| said.starts_with("fra:")), "{}", nobody.json);
    let wrong = desk.ask(Method::GET, "/api/v1/me", None, "mh_nonsense", &[]).await;
    assert_eq!(wrong.problem().1, "unknown-token");
    let long = "k".repeat(256);
    let text = json!({ "to": MARTHA, "text": "x" });
    assert_eq!(desk.once("/api/v1/messages", &text, &long).await.problem().1, "key");
    assert_eq!(desk.get(broadcasts).await.ok()["items"], json!([]), "nothing was sent");
    assert_eq!(desk.real.took(), Vec::<String>::new());
}

/// No proxy of ours stands before this server, so that what a client says of one is not believed.
#[tokio::test]
async fn links_lead_back_the_way_that_the_client_came() {
    let desk = Desk::new(Engine::Sqlite).await;
    let forged = [("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")];
    let packages = "/api/v1/flow-results/packages";
    let got = desk.ask(Method::GET, packages, None, &desk.token, &forged).await;
    assert_eq!(got.ok()["links"]["self"], json!(format!("{}{packages}", desk.url)));
}
