//! Nothing leaves the sandbox: it is attacked from every side, beside a carrier that would take whatever it is given.

use mhero_app::{Caller, messaging::Route};
use mhero_core::sandbox;
use mhero_store::{Queue, Unit, UrnRow};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, Got, JAMES, MARTHA, engines};

/// What one of the sandbox asks.
async fn ask(desk: &Desk, token: &str, path: &str, body: &Value) -> Got {
    desk.ask(Method::POST, path, Some(body), token, &[]).await
}

#[tokio::test]
async fn nothing_leaves_the_sandbox() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let token = desk.token_to_try().await;
        let get = async |path: &str| desk.ask(Method::GET, path, None, &token, &[]).await;
        assert_eq!(get("/api/v1/me").await.ok()["sandbox"], true);
        let people = get("/api/v1/people?limit=200").await.ok();
        let people = people["items"].as_array().expect("a list").clone();
        let phones: Vec<&str> = people.iter().filter_map(|person| person["phones"][0].as_str()).collect();
        assert!(phones.len() >= 10 && phones.iter().all(|phone| sandbox::is_number(phone)), "{phones:?}");
        // Nobody else sees these people, and they are in nobody's audience.
        let all = desk.get("/api/v1/people").await.ok();
        assert_eq!(all["items"].as_array().expect("a list").len(), 2);

        // Everything that can be sent, to everybody, by the one channel that would really send.
        let to_all = json!({ "to": { "query": "*" }, "text": { "en": "To all" }, "channel": "main" });
        let sent = ask(&desk, &token, "/api/v1/broadcasts", &to_all).await.ok();
        assert_eq!(sent["test"], true);
        let one = json!({ "to": phones[0], "text": "To one" });
        let message = ask(&desk, &token, "/api/v1/messages", &one).await.ok();
        let id = sent["id"].as_str().expect("an id");
        let shown = desk
            .until("all have it", async || {
                let shown = get(&format!("/api/v1/broadcasts/{id}")).await.ok();
                (shown["counts"]["delivered"] == phones.len()).then_some(shown)
            })
            .await;
        assert_eq!(shown["recipients"], phones.len());
        let path = format!("/api/v1/messages/{}", message["id"].as_str().expect("an id"));
        desk.until("one has it", async || (get(&path).await.ok()["state"] == "delivered").then_some(())).await;

        reach_for_real_people(&desk, &token, &people[0]).await;
        assert_eq!(desk.real.took(), Vec::<String>::new(), "a real carrier was given something");
        // The carrier does take what others send.
        desk.post("/api/v1/messages", &json!({ "to": MARTHA, "text": "Real" })).await.ok();
        desk.until("it left", async || (desk.real.took() == [MARTHA]).then_some(())).await;
        other_doors(&desk, &token).await;
    }
}

async fn reach_for_real_people(desk: &Desk, token: &str, person: &Value) {
    let martha = desk.get(&format!("/api/v1/people/{MARTHA}")).await.ok()["id"].clone();
    let own = person["id"].as_str().expect("an id").to_owned();
    for who in [json!(MARTHA), json!(JAMES), martha.clone(), json!("P1")] {
        for (path, body) in [
            ("/api/v1/messages", json!({ "to": who, "text": "x" })),
            ("/api/v1/broadcasts", json!({ "to": { "people": [who] }, "text": { "en": "x" } })),
        ] {
            assert_eq!(ask(desk, token, path, &body).await.problem().1, "no-person", "{body}");
        }
    }
    let named = format!("uuid = {} OR phone = \"{MARTHA}\" OR place = Lofa", martha.as_str().expect("an id"));
    let preview = json!({ "to": { "query": named }, "text": { "en": "x" } });
    assert_eq!(ask(desk, token, "/api/v1/broadcasts/preview", &preview).await.ok()["matched"], 0);
    let path = format!("/api/v1/people/{own}");
    let change = json!({ "phones": [MARTHA] });
    let changed = desk.ask(Method::PATCH, &path, Some(&change), token, &[]).await;
    assert_eq!(changed.problem().1, "sandbox-phones");

    // Even somebody who may do everything gives an invented person a real number, and routes every number to the real carrier.
    let system = Caller::system();
    let (store, now) = (desk.app.store(), desk.app.clock().now_micros());
    let mut unit = Unit::new();
    let urn = UrnRow {
        id: store.mint().uuid(),
        person: own.parse().expect("an id"),
        scheme: "tel".to_owned(),
        path: Some("+231770000099".to_owned()),
        raw: "0770000099".to_owned(),
        bad: None,
        rank: -1,
        record: mhero_core::SourceRecordId::from_uuid(store.mint().uuid()),
    };
    unit.add_urn(&urn, now);
    store.write(unit, Queue::Interactive).await.expect("it is written");
    let main = desk.app.channel_named("main").await.expect("the carrier").id;
    let route = Route { operator: None, channel: main, is_cheapest: false, next: None };
    desk.app.set_routes(&system, &[route]).await.expect("a route");
    for (path, body) in [
        ("/api/v1/messages", json!({ "to": own, "text": "Out" })),
        ("/api/v1/broadcasts", json!({ "to": { "query": "*" }, "text": { "en": "Out" } })),
    ] {
        ask(desk, token, path, &body).await;
    }
    let count = async || {
        let got = desk.ask(Method::GET, "/api/v1/broadcasts", None, token, &[]).await.ok();
        (got["items"][0]["status"] == "done").then_some(())
    };
    desk.until("all of it is done", count).await;
}

/// By no other door is a token of the sandbox let in.
async fn other_doors(desk: &Desk, token: &str) {
    for path in ["/fhir/Practitioner", "/api/v2/contacts.json", "/CSD/getDirectory/x"] {
        let got = desk.ask(Method::GET, path, None, token, &[]).await;
        assert!(matches!(got.status.as_u16(), 401 | 403), "{path}: {} {}", got.status, got.json);
    }
    let text = json!({ "recipients": MARTHA, "text": "x" });
    let got = ask(desk, token, "/dhis2/sms", &text).await;
    assert!(matches!(got.status.as_u16(), 401 | 403), "{} {}", got.status, got.json);
    let write = json!({ "from": "+99900000001", "text": "Hello" });
    assert_eq!(ask(desk, &desk.token, "/api/v1/sandbox/texts", &write).await.problem().1, "sandbox-only");
    assert_eq!(ask(desk, token, "/api/v1/sandbox/texts", &write).await.status, 204);
    let real = json!({ "from": MARTHA, "text": "Hello" });
    assert_eq!(ask(desk, token, "/api/v1/sandbox/texts", &real).await.problem().1, "no-person");
}
