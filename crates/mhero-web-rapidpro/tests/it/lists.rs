//! Lists: pages that hold while things change, both directions, filters, scope.

use mhero_store::Engine;
use serde_json::json;

use crate::desk::{Desk, engines};

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_while_contacts_come_and_change() {
    for engine in engines() {
        let desk = Desk::new(engine, 100_000).await;
        let mut made = Vec::new();
        for number in 0..260 {
            // Many at one instant: only the id tells them apart.
            if number % 100 == 0 {
                desk.hand.advance(jiff::SignedDuration::from_secs(1));
            }
            made.push(desk.contact(&format!("Number {number}"), &format!("telegram:{number}")).await);
        }
        let first = desk.get("contacts.json").await;
        let next = first.json()["next"].as_str().expect("a next page").to_owned();
        assert!(next.starts_with(&desk.base) && next.contains("cursor="), "{next}");
        desk.hand.advance(jiff::SignedDuration::from_secs(1));
        desk.contact("Comes between", "telegram:999").await;
        let second = desk.get(&next).await;
        assert!(second.json()["next"].is_null());
        let mut walked: Vec<String> = [first.results(), second.results()].concat().iter().map(uuid).collect();
        assert_eq!((first.results().len(), walked.len()), (250, 260), "{engine:?}");
        walked.sort();
        made.sort();
        assert_eq!(walked, made, "each once, on {engine:?}");

        // Other way round, the one that came between stands at the end.
        let oldest = desk.get("contacts.json?reverse=1").await;
        let rest = desk.get(oldest.json()["next"].as_str().expect("a next page")).await;
        assert_eq!(rest.results().last().map(|last| last["name"].clone()), Some(json!("Comes between")));
        // What changed since an instant, and the filters.
        assert_eq!(desk.get("contacts.json?after=2026-05-14T09:00:04Z").await.results().len(), 1);
        assert_eq!(desk.get("contacts.json?before=2026-05-14T09:00:01Z").await.results().len(), 100);
        assert_eq!(desk.get("contacts.json?urn=telegram:7").await.results()[0]["urns"], json!(["telegram:7"]));
        assert_eq!(
            desk.get("contacts.json?urn=telegram:7&uuid=00000000-0000-4000-8000-000000000001").await.status,
            400
        );
        let expanded = desk.get("contacts.json?urn=telegram:7&expand_urns=true").await;
        assert_eq!(expanded.results()[0]["urns"][0]["scheme"], "telegram");
        everything_answers(&desk, engine).await;
    }
}

/// Each list answers, on each engine, in the shape of a list.
async fn everything_answers(desk: &Desk, engine: Engine) {
    let lists = [
        "archives",
        "boundaries",
        "broadcasts",
        "campaign_events",
        "campaigns",
        "channel_events",
        "channels",
        "classifiers",
        "fields",
        "flow_starts",
        "flows",
        "globals",
        "groups",
        "labels",
        "llms",
        "messages",
        "messages.json?folder=inbox",
        "messages.json?folder=flows",
        "messages.json?folder=archived",
        "messages.json?folder=outbox",
        "messages.json?folder=sent",
        "messages.json?folder=failed",
        "messages.json?folder=incoming",
        "optins",
        "resthook_events",
        "resthook_subscribers",
        "resthooks",
        "runs",
        "runs.json?responded=1&reverse=1",
        "templates",
        "ticketers",
        "tickets",
        "topics",
        "users",
        "flow_starts.json?reverse=1",
        "broadcasts.json?after=2026-01-01&before=2027-01-01",
    ];
    for name in lists {
        let path = if name.contains('?') { name.to_owned() } else { format!("{name}.json") };
        assert_eq!(desk.get(&path).await.status, 200, "{name} on {engine:?}");
    }
    let (org, workspace) = (desk.get("org.json").await.json(), desk.get("workspace.json").await.json());
    assert_eq!((&org["timezone"], &org["country"]), (&json!("Africa/Monrovia"), &json!("LR")));
    assert_eq!(org, workspace);
    assert_eq!(desk.get("definitions.json").await.json()["version"], "13");
}

fn uuid(contact: &serde_json::Value) -> String {
    contact["uuid"].as_str().expect("a uuid").to_owned()
}
