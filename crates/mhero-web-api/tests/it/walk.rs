//! What an integrator does in their first hour, and again with the same keys.

use mhero_exchange::journal::Claim;
use mhero_rapidpro::{OneText, send_text};
use reqwest::Method;
use serde_json::json;

use crate::desk::{Desk, JAMES, MARTHA, engines};

#[tokio::test]
async fn an_integrator_reads_sends_and_follows() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let me = desk.get("/api/v1/me").await.ok();
        assert_eq!((&me["sandbox"], &me["places"]), (&json!(false), &json!(null)));
        assert_eq!(me["installation"]["languages"], json!(["en", "fr"]));

        people_and_places(&desk).await;
        let broadcast = broadcast(&desk).await;
        once(&desk, &broadcast).await;
        one_message(&desk).await;
        for path in ["flows", "starts", "runs", "channels", "sources", "groups", "messages", "broadcasts"] {
            let page = desk.get(&format!("/api/v1/{path}")).await.ok();
            assert!(page["items"].is_array() && page.get("next_cursor").is_some(), "{path}");
        }
    }
}

async fn people_and_places(desk: &Desk) {
    let first = desk.get("/api/v1/people?limit=1").await.ok();
    let cursor = first["next_cursor"].as_str().expect("there is a second page");
    let second = desk.get(&format!("/api/v1/people?limit=1&cursor={cursor}")).await.ok();
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert_eq!(second["next_cursor"], json!(null));
    let id = desk.get(&format!("/api/v1/people/{MARTHA}")).await.ok()["id"].as_str().expect("an id").to_owned();
    for name in [&*id, "P1", "0770000001"] {
        assert_eq!(desk.get(&format!("/api/v1/people/{name}")).await.ok()["id"], json!(id), "{name}");
    }
    let asked = desk.get("/api/v1/people?q=place%20%3D%20Lofa").await.ok();
    assert_eq!(asked["items"][0]["phones"], json!([JAMES]));
    assert_eq!(desk.get("/api/v1/people?q=cadre%20%3D").await.problem(), (422, "query".into(), "q".into()));

    let change = json!({ "language": "fr" });
    let path = format!("/api/v1/people/{id}");
    let changed = desk.ask(Method::PATCH, &path, Some(&change), &desk.token, &[]).await.ok();
    assert_eq!(changed["language"], "fr", "{changed}");
    let place = desk.place("Montserrado").await;
    let place = desk.get(&format!("/api/v1/places/{place}")).await.ok();
    assert_eq!((&place["name"], &place["people"]), (&json!("Montserrado"), &json!(1)));
}

async fn broadcast(desk: &Desk) -> serde_json::Value {
    let body = json!({ "to": { "query": "place = Liberia" }, "text": { "fr": "Bonjour", "en": "Good morning" } });
    let preview = desk.post("/api/v1/broadcasts/preview", &body).await.ok();
    assert_eq!((&preview["recipients"], &preview["segments"]), (&json!(2), &json!(2)), "{preview}");
    let sent = desk.once("/api/v1/broadcasts", &body, "key-1").await;
    assert_eq!(sent.status, 201);
    let location = sent.headers["location"].to_str().expect("a text").to_owned();
    let shown = desk
        .until("it is sent", async || {
            let shown = desk.get(&location).await.ok();
            (shown["counts"]["sent"] == 2).then_some(shown)
        })
        .await;
    assert_eq!(shown["recipients"], 2);
    let people = desk.get(&format!("{location}/people?state=sent")).await.ok();
    assert_eq!(people["items"].as_array().expect("a list").len(), 2);
    assert_eq!(desk.get(&format!("{location}/people?state=x")).await.problem().1, "unknown-word");
    assert_eq!(desk.real.took().len(), 2, "the carrier has both");
    let later = json!({ "to": { "people": [MARTHA] }, "text": { "en": "Later" }, "at": "2026-05-20T09:00:00Z" });
    let later = desk.post("/api/v1/broadcasts", &later).await.ok();
    assert_eq!(later["status"], "scheduled");
    let cancel = format!("/api/v1/broadcasts/{}/cancel", later["id"].as_str().expect("an id"));
    for _ in 0..2 {
        assert_eq!(desk.post(&cancel, &json!({})).await.ok()["status"], "cancelled");
    }
    body
}

/// The same key again gets the first answer, by whatever way the first one went; another body is refused.
async fn once(desk: &Desk, body: &serde_json::Value) {
    let again = desk.once("/api/v1/broadcasts", body, "key-1").await;
    assert_eq!((again.status.as_u16(), again.headers.contains_key("idempotent-replayed")), (201, true));
    let other = json!({ "to": { "query": "place = Lofa" }, "text": { "en": "Other" } });
    assert_eq!(desk.once("/api/v1/broadcasts", &other, "key-1").await.problem().1, "key-used");
    let all = desk.get("/api/v1/broadcasts").await.ok();
    let made = all["items"].as_array().expect("a list").iter().filter(|one| one["name"] == "Good morning").count();
    assert_eq!(made, 1);
    // A server that ended between the act and its answer: the act is there, the key is taken, and nobody knows of an answer.
    let client = desk.get("/api/v1/me").await.ok()["id"].as_str().expect("an id").parse().expect("an id");
    let text = json!({ "to": JAMES, "text": "Once" });
    let caller = desk.app.caller_of_token(&desk.token).await.expect("a store").expect("a token");
    let one = OneText {
        person: desk.app.find_person(&caller, JAMES).await.expect("James"),
        text: "Once",
        lane: mhero_core::Lane::Normal,
        once_key: Some(format!("api/{client}/key-2")),
        is_test: false,
    };
    let first = send_text(&desk.app, &caller, &one).await.expect("it is sent").expect("he has a number");
    let parts = [&b"POST"[..], b"/api/v1/messages", text.to_string().as_bytes()].map(<[u8]>::to_vec);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    assert_eq!(desk.journal.claim_once(client, "key-2", &parts).await.expect("a store"), Claim::Mine);
    let second = desk.once("/api/v1/messages", &text, "key-2").await.ok();
    assert_eq!(second["id"], first.to_string());
    let (left, right) =
        tokio::join!(desk.once("/api/v1/messages", &text, "key-3"), desk.once("/api/v1/messages", &text, "key-3"));
    for got in [&left, &right] {
        assert!(got.status == 201 || got.problem().1 == "key-open", "{}", got.json);
    }
    let third = desk.once("/api/v1/messages", &text, "key-3").await.ok();
    assert!([left, right].iter().all(|got| got.status != 201 || got.json["id"] == third["id"]));
}

async fn one_message(desk: &Desk) {
    let sent = desk.post("/api/v1/messages", &json!({ "to": MARTHA, "text": "Hello" })).await;
    let location = sent.headers["location"].to_str().expect("a text").to_owned();
    desk.until("it left", async || (desk.get(&location).await.ok()["state"] == "sent").then_some(())).await;
    let hers = desk.get(&format!("/api/v1/messages?person={MARTHA}&direction=out&limit=1")).await.ok();
    assert_eq!(hers["items"][0]["text"], "Hello", "{hers}");
    assert!(hers["next_cursor"].is_string());
}

/// Whoever is narrowed to a district neither sees nor reaches the other.
#[tokio::test]
async fn a_district_sees_its_own() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let james = desk.get(&format!("/api/v1/people/{JAMES}")).await.ok()["id"].as_str().expect("an id").to_owned();
        let lofa = desk.place("Lofa").await;
        let national = desk.post("/api/v1/messages", &json!({ "to": JAMES, "text": "To Lofa" })).await.ok();
        let token = desk.token_at(Some(desk.place("Montserrado").await)).await;
        let ask = async |method: Method, path: &str, body: Option<serde_json::Value>| {
            desk.ask(method, path, body.as_ref(), &token, &[]).await
        };
        let get = async |path: &str| ask(Method::GET, path, None).await;
        assert_eq!(get("/api/v1/people").await.ok()["items"].as_array().expect("a list").len(), 1);
        assert_eq!(get("/api/v1/me").await.ok()["places"][0]["name"], "Montserrado");
        let message = format!("/api/v1/messages/{}", national["id"].as_str().expect("an id"));
        for path in [
            &*format!("/api/v1/people/{james}"),
            &format!("/api/v1/people/{JAMES}"),
            "/api/v1/people/P2",
            &format!("/api/v1/places/{lofa}"),
            &message,
        ] {
            assert_eq!(get(path).await.problem().0, 404, "{path}");
        }
        assert_eq!(get("/api/v1/messages").await.ok()["items"], json!([]));
        for (path, body) in [
            ("/api/v1/messages", json!({ "to": JAMES, "text": "x" })),
            ("/api/v1/broadcasts", json!({ "to": { "people": [james] }, "text": { "en": "x" } })),
        ] {
            assert_eq!(ask(Method::POST, path, Some(body)).await.problem().1, "no-person", "{path}");
        }
        let all = json!({ "to": { "query": format!("uuid = {james} OR place = Liberia") }, "text": { "en": "x" } });
        let preview = ask(Method::POST, "/api/v1/broadcasts/preview", Some(all)).await.ok();
        assert_eq!(preview["recipients"], 1, "{preview}");
    }
}
