//! Who comes in, by which address, how often, and what is told to who does not.

use mhero_core::Role;
use mhero_store::Engine;
use reqwest::Method;
use serde_json::json;

use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn every_spelling_and_every_refusal_is_as_clients_know_it() {
    let desk = Desk::new(Engine::Sqlite, 1_000).await;
    let token = format!("Token {}", desk.token);
    // The list of endpoints, for programs and for people.
    let root = desk.plain(".json", &[("authorization", &token)]).await;
    assert!(
        root.json()["contacts"].as_str().is_some_and(|url| url.ends_with("/api/v2/contacts.json")),
        "{}",
        root.text
    );
    assert_eq!(root.headers["content-type"], "application/json");
    let page = desk.plain("/contacts", &[]).await;
    assert!(page.status == 200 && page.text.contains("<h1>contacts</h1>"), "{}", page.text);
    for path in ["/contacts.json", "/contacts.json/"] {
        assert!(desk.plain(path, &[("authorization", &token)]).await.results().is_empty());
    }
    let by_header = [("authorization", token.as_str()), ("accept", "application/json")];
    assert!(desk.plain("/contacts/", &by_header).await.results().is_empty());

    // Bad credentials are 403, never 401.
    let none = desk.plain("/contacts.json", &[]).await;
    let wrong = desk.ask(Method::GET, "contacts.json", None, "nonsense").await;
    assert_eq!((none.status.as_u16(), wrong.status.as_u16()), (403, 403));
    assert_eq!(wrong.json(), json!({ "detail": "Invalid token" }));
    let auditor = desk.token_of(Role::Auditor, None).await;
    assert_eq!(desk.ask(Method::GET, "contacts.json", None, &auditor).await.status, 200);
    let refused = desk.ask(Method::POST, "groups.json", Some(json!({ "name": "x" }).to_string()), &auditor).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["detail"], "You do not have permission to perform this action.");

    // What is not offered, not there, not JSON.
    assert_eq!(desk.get("nothing.json").await.status, 404);
    assert_eq!(desk.delete("flows.json").await.status, 405);
    assert_eq!(desk.delete("contacts.json?uuid=00000000-0000-4000-8000-000000000001").await.status, 404);
    let broken = desk.ask(Method::POST, "groups.json", Some("{".to_owned()), &desk.token).await;
    assert!(broken.status == 400 && broken.json()["detail"].is_string(), "{}", broken.text);
    assert_eq!(desk.get("contacts.json?uuid=x").await.status, 400);
    assert_eq!(desk.get("contacts.json?cursor=x").await.status, 400);
    assert!(desk.get("contacts.json?after=yesterday").await.results().is_empty());
    let empty = desk.post("groups.json", &json!({ "name": "" })).await;
    assert_eq!((empty.status.as_u16(), empty.json()), (400, json!({ "name": ["This field may not be blank."] })));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let desk = Desk::new(Engine::Sqlite, 2).await;
    for _ in 0..2 {
        assert_eq!(desk.get("runs.json").await.status, 200);
    }
    let throttled = desk.get("runs.json").await;
    assert_eq!(
        (throttled.status.as_u16(), &throttled.headers["retry-after"]),
        (429, &"1800".parse().expect("a header"))
    );
    assert!(throttled.json()["detail"].as_str().is_some_and(|said| said.contains("1800 seconds")));
    assert_eq!(desk.get("contacts.json").await.status, 200, "another bucket");
    desk.hand.advance(jiff::SignedDuration::from_mins(30));
    assert_eq!(desk.get("runs.json").await.status, 200);
}
