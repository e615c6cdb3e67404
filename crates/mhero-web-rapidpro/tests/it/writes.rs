//! Writes: what really changed, what was refused, and the same request twice.

use mhero_app::{Caller, people::ImportOptions};
use mhero_core::{
    Role,
    record::{Content, PersonRecord, RawPhone, Record},
};
use mhero_flow as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Desk, engines};

/// A record of a registry.
fn worker(id: &str, name: &str, phone: &str) -> Record {
    let content = PersonRecord {
        name: name.to_owned(),
        active: true,
        phones: vec![RawPhone { raw: phone.to_owned(), usage: None, element: "phone".to_owned() }],
        ..PersonRecord::default()
    };
    Record {
        origin: "test".to_owned(),
        kind: "Practitioner".to_owned(),
        id: id.to_owned(),
        raw: format!("{id} {name}"),
        warnings: Vec::new(),
        content: Content::Person(Box::new(content)),
    }
}

async fn registry(desk: &Desk, records: Vec<Record>) {
    let records = records.into_iter().map(Ok);
    desk.app.import(&Caller::system(), "ihris", records, &ImportOptions::default()).await.expect("an import");
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_people_with_the_token_as_their_source() {
    for engine in engines() {
        let desk = Desk::new(engine, 100_000).await;
        registry(&desk, vec![worker("P1", "Martha Kollie", "0770000001"), worker("P2", "Joseph Kollie", "0770000001")])
            .await;
        // One contact a number: of two who share it, one has it, and the number leads there.
        let both = desk.get("contacts.json").await.results();
        let with: Vec<&Value> = both.iter().filter(|one| one["urns"] == json!(["tel:+231770000001"])).collect();
        assert_eq!((both.len(), with.len()), (2, 1));
        let holder = desk.get("contacts.json?urn=tel:%2B231770000001").await.results();
        assert_eq!(holder[0]["uuid"], with[0]["uuid"]);

        // The contact of a registry's record is that person, whichever way its id is written.
        let field = desk.post("fields.json", &json!({ "label": "Village", "value_type": "T" })).await;
        assert_eq!(field.status, 400, "an unknown type: {}", field.text);
        assert_eq!(desk.post("fields.json", &json!({ "label": "Village", "value_type": "text" })).await.status, 201);
        let body =
            json!({ "urns": ["tel:+231886000001"], "fields": { "globalid": "Practitioner/P2", "village": "Zorzor" } });
        let joined = desk.post("contacts.json", &body).await;
        assert_eq!(joined.status, 200, "{}", joined.text);
        let joseph = joined.json();
        assert_eq!((&joseph["name"], &joseph["fields"]["globalid"]), (&json!("Joseph Kollie"), &json!("P2")));
        assert_eq!(joseph["fields"]["village"], "Zorzor");
        let uuid = joseph["uuid"].as_str().expect("a uuid");
        let refused = desk.post(&format!("contacts.json?uuid={uuid}"), &json!({ "urns": [] })).await;
        assert!(refused.status == 400 && refused.text.contains("registry"), "{}", refused.text);
        let refused = desk.delete(&format!("contacts.json?uuid={uuid}")).await;
        assert!(refused.status == 400 && refused.text.contains("ihris"), "{}", refused.text);

        // The registry says something else of the same person: what the client said of a field of its own stays.
        registry(&desk, vec![worker("P2", "Joseph B. Kollie", "0770000001")]).await;
        let joseph = desk.get(&format!("contacts.json?uuid={uuid}")).await.results().remove(0);
        assert_eq!((&joseph["name"], &joseph["fields"]["village"]), (&json!("Joseph B. Kollie"), &json!("Zorzor")));
        assert!(joseph["urns"].to_string().contains("+231886000001"), "{joseph}");
        let person = desk.app.find_person(&Caller::system(), uuid).await.expect("they are there");
        let page = desk.app.person(&Caller::system(), person).await.expect("a page").to_json(&Caller::system(), 0);
        assert!(page["sources"].to_string().contains("API admin"), "{}", page["sources"]);

        // Two who claim one free number at once: one is made, the other is told.
        let claim = |name: &str| json!({ "name": name, "urns": ["tel:+231886000002"] });
        let (one, two) = (claim("One"), claim("Two"));
        let (one, two) = tokio::join!(desk.post("contacts.json", &one), desk.post("contacts.json", &two));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 400], "{} {}", one.text, two.text);
        // All that is wrong is told at once, flat.
        let wrong =
            json!({ "name": 7, "language": "klingon", "urns": ["x"], "groups": ["nobody"], "fields": { "shoe": 1 } });
        let told = desk.post("contacts.json", &wrong).await.json();
        for field in ["name", "language", "urns", "groups", "fields"] {
            assert!(told[field][0].is_string(), "{field}: {told}");
        }
        place_bound(&desk).await;
    }
}

/// A token of one place sees nobody whose work is elsewhere, by no way of asking.
async fn place_bound(desk: &Desk) {
    let nowhere = desk.app.store().mint().id(mhero_core::PlaceId::from_uuid);
    // A place that there is not can't be given; one is brought by a registry.
    let place = mhero_core::record::PlaceRecord {
        name: mhero_core::LangMap::one(mhero_core::Lang::ENGLISH, "Lofa"),
        active: true,
        ..Default::default()
    };
    let record = Record {
        origin: "test".to_owned(),
        kind: "Location".to_owned(),
        id: "L1".to_owned(),
        raw: "L1".to_owned(),
        warnings: Vec::new(),
        content: Content::Place(place),
    };
    registry(desk, vec![record]).await;
    let lofa = desk.app.store().place_rows().await.expect("places").remove(0).id;
    assert_ne!(nowhere, lofa);
    let token = desk.token_of(Role::District, Some(lofa)).await;
    let all = desk.get("contacts.json").await.results();
    assert!(!all.is_empty());
    assert!(desk.ask(Method::GET, "contacts.json", None, &token).await.results().is_empty());
    let uuid = all[0]["uuid"].as_str().expect("a uuid");
    for path in [
        format!("contacts.json?uuid={uuid}"),
        "contacts.json?urn=tel:%2B231886000001".to_owned(),
        "messages.json".to_owned(),
        "runs.json".to_owned(),
    ] {
        assert!(desk.ask(Method::GET, &path, None, &token).await.results().is_empty(), "{path}");
    }
    let body = json!({ "contact": uuid, "text": "Hello" }).to_string();
    assert_eq!(desk.ask(Method::POST, "messages.json", Some(body), &token).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_does_its_work_once() {
    for engine in engines() {
        let desk = Desk::new(engine, 100_000).await;
        let ama = desk.contact("Ama", "tel:+231886000001").await;
        let message = json!({ "contact": ama, "text": "Hello Ama" });
        let (one, two) =
            tokio::join!(desk.once("messages.json", &message, "k1"), desk.once("messages.json", &message, "k1"));
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201), "{} {}", one.text, two.text);
        assert_eq!(one.json()["uuid"], two.json()["uuid"]);
        let outbox = desk.get("messages.json?folder=outbox").await.results();
        assert_eq!(
            (outbox.len(), &outbox[0]["status"], &outbox[0]["urn"]),
            (1, &json!("queued"), &json!("tel:+231886000001"))
        );
        // The older dialect calls a message by its number, the newer by its UUID.
        let number = outbox[0]["id"].as_i64().expect("a number");
        assert_eq!(desk.get(&format!("messages.json?id={number}")).await.results()[0]["uuid"], outbox[0]["uuid"]);
        let only_in = desk.post("message_actions.json", &json!({ "messages": [number], "action": "archive" })).await;
        assert_eq!((only_in.status.as_u16(), only_in.json()), (200, json!({ "failures": [number] })));

        let group = desk.post("groups.json", &json!({ "name": "Nurses" })).await.json();
        let broadcast = json!({ "text": "All", "groups": [group["uuid"]], "contacts": [ama] });
        let (one, two) = (
            desk.once("broadcasts.json", &broadcast, "k2").await,
            desk.once("broadcasts.json", &broadcast, "k2").await,
        );
        assert_eq!((one.status.as_u16(), one.json()["id"].as_i64()), (201, Some(1)), "{}", one.text);
        assert_eq!(one.json()["uuid"], two.json()["uuid"]);
        assert_eq!(desk.get("broadcasts.json").await.results().len(), 1);
        assert_eq!(one.json()["contacts"][0]["name"], "Ama");
        assert_eq!(one.json()["text"], json!({ "eng": "All" }));
        let refused =
            desk.post("broadcasts.json", &json!({ "text": "All", "contacts": [ama], "attachments": ["x"] })).await;
        assert!(refused.json()["attachments"].is_array(), "{}", refused.text);

        // Tickets are threads.
        let ticket = desk.get(&format!("tickets.json?contact={ama}")).await.results().remove(0);
        assert_eq!(ticket["status"], "open");
        let close = json!({ "tickets": [ticket["uuid"]], "action": "close" });
        assert_eq!(desk.post("ticket_actions.json", &close).await.status, 204);
        assert_eq!(desk.get("tickets.json").await.results()[0]["status"], "closed");

        // Resthooks, labels, globals: the same again is refused with its field.
        let hook = json!({ "resthook": "new-case", "target_url": "https://example.org/x" });
        assert_eq!(desk.post("resthook_subscribers.json", &hook).await.status, 201);
        assert!(desk.post("resthook_subscribers.json", &hook).await.json()["target_url"].is_array());
        let assets = desk.app.store().flow_assets().await.expect("assets");
        assert!(assets.iter().any(|asset| asset.kind == "resthook" && asset.content.contains("example.org/x")));
        for (path, body) in
            [("labels.json", json!({ "name": "Spam" })), ("globals.json", json!({ "name": "Office", "value": "x" }))]
        {
            assert_eq!(desk.post(path, &body).await.status, 201, "{path}");
            assert!(desk.post(path, &body).await.json()["name"].is_array(), "{path}");
        }
    }
}
