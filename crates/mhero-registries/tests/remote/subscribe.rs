//! Registries that are asked to notify us: made, watched, made again, and ended, at a real FHIR server and at one with faults.

use std::sync::{Arc, Mutex};

use mhero_app::{Caller, sync::SourceChange};
use mhero_core::SourceId;
use mhero_testkit::{Medplum, Reply, Site};
use serde_json::{Value, json};

use crate::world::{World, engines};

const NOTIFY: [(&str, &str); 2] = [("notify", "https://mhero.example.org/"), ("types", "Practitioner,Location")];

async fn source_id(world: &World) -> SourceId {
    let sources = world.app.sources(&Caller::system()).await.expect("sources");
    sources.iter().find(|source| source.name == "hr").expect("the source").id
}

/// What we know of the subscriptions: kind, state, key of the reason.
async fn known(world: &World) -> Vec<(String, String, Option<&'static str>)> {
    world.app.run_until_idle().await.expect("idle");
    let source = source_id(world).await;
    let rows = world.app.subscriptions(&Caller::system(), source).await.expect("rows");
    rows.into_iter().map(|row| (row.kind, row.state, row.reason.map(|reason| reason.key))).collect()
}

async fn set(world: &World, key: &str, value: &str) {
    let change = SourceChange { config: vec![(key.into(), value.into())], ..SourceChange::default() };
    world.app.set_source(&Caller::system(), "hr", &change).await.expect("set");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_is_asked_watched_and_left() {
    let Some(medplum) = Medplum::shared() else { return };
    for engine in engines() {
        let world = World::new(engine).await;
        let url = medplum.url_of(&format!("subscribe{engine:?}").to_lowercase());
        world.add_source("hr", "fhir", &url, &NOTIFY).await;
        let rows = known(&world).await;
        assert_eq!(rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["Location", "Practitioner"]);
        assert!(rows.iter().all(|row| row.2.is_none()), "{rows:?}");
        let there = async || -> Vec<Value> {
            let text =
                reqwest::get(format!("{url}/Subscription")).await.expect("it answers").text().await.expect("a text");
            let bundle: Value = serde_json::from_str(&text).expect("JSON");
            bundle["entry"]
                .as_array()
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .map(|mut e| e["resource"].take())
                .collect()
        };
        let made = there().await;
        assert_eq!(made.len(), 2, "{engine:?}");
        let path = world.app.notify_path(&Caller::system(), source_id(&world).await).expect("a path");
        for one in &made {
            assert_eq!(one["channel"]["endpoint"], format!("https://mhero.example.org{path}"));
            assert_eq!((&one["channel"]["type"], one["channel"].get("payload")), (&json!("rest-hook"), None));
        }
        // The same settings again make nothing new; those of one kind less end one; none ends all.
        set(&world, "every", "1h").await;
        assert_eq!((known(&world).await.len(), there().await.len()), (2, 2));
        set(&world, "types", "Practitioner").await;
        assert_eq!((known(&world).await.len(), there().await.len()), (1, 1));
        world.app.remove_source(&Caller::system(), "hr").await.expect("removed");
        assert_eq!(there().await.len(), 0);
    }
}

/// A server that keeps subscriptions and does with them what a test says.
#[derive(Default)]
struct Kept {
    list: Vec<Value>,
    made: usize,
    is_closed: bool,
}

fn answer(kept: &mut Kept, method: &str, path: &str, body: &[u8]) -> Reply {
    if kept.is_closed {
        return Reply::json(403, json!({"resourceType": "OperationOutcome", "issue": []}));
    }
    let id = path.split("/Subscription/").nth(1).map(|id| id.split('?').next().unwrap_or(id).to_owned());
    let at = id.as_ref().and_then(|id| kept.list.iter().position(|one| one["id"] == id.as_str()));
    match (method, at) {
        ("POST", _) => {
            kept.made += 1;
            let mut made: Value = serde_json::from_slice(body).expect("JSON");
            (made["id"], made["status"]) = (json!(format!("s{}", kept.made)), json!("active"));
            kept.list.push(made.clone());
            Reply::json(201, made)
        }
        ("GET", Some(at)) => Reply::json(200, kept.list[at].clone()),
        ("DELETE", Some(at)) => {
            kept.list.remove(at);
            Reply::json(200, json!({"resourceType": "OperationOutcome"}))
        }
        ("GET", None) if id.is_none() => {
            let entry: Vec<Value> = kept.list.iter().map(|one| json!({"resource": one})).collect();
            Reply::json(200, json!({"resourceType": "Bundle", "type": "searchset", "entry": entry}))
        }
        _ => Reply::json(404, json!({"resourceType": "OperationOutcome", "issue": []})),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_is_said_and_made_again() {
    for engine in engines() {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let held = Arc::clone(&kept);
        let site =
            Site::start(move |asked| answer(&mut held.lock().expect("it"), &asked.method, &asked.path, &asked.body));
        let world = World::new(engine).await;
        let config = [("notify", "https://mhero.example.org"), ("types", "Practitioner")];
        world.add_source("hr", "fhir", &site.url(), &config).await;
        let one = |state: &str, key| vec![("Practitioner".to_owned(), state.to_owned(), key)];
        assert_eq!(known(&world).await, one("active", None), "{engine:?}");
        // The server could not reach us and gave up: said in its words, and made again.
        let now = json!({"status": "error", "error": "connection refused"});
        let spoil = |members: &Value| {
            let mut kept = kept.lock().expect("it");
            for (key, value) in members.as_object().expect("members") {
                kept.list[0][key] = value.clone();
            }
        };
        spoil(&now);
        set(&world, "every", "2h").await;
        assert_eq!(known(&world).await, one("active", Some("sync-subscription-says")));
        assert_eq!(made_and_listed(&kept), (2, 1));
        set(&world, "every", "3h").await;
        assert_eq!(known(&world).await, one("active", None), "it works again");
        // Deleted there: made again. Switched off here while the server lets nobody in: tried until it is gone.
        kept.lock().expect("it").list.clear();
        set(&world, "every", "4h").await;
        assert_eq!((known(&world).await, kept.lock().expect("it").made), (one("active", None), 3));
        kept.lock().expect("it").is_closed = true;
        set(&world, "notify", "no").await;
        let rows = known(&world).await;
        assert_eq!((rows.len(), rows[0].1.as_str(), rows[0].2.is_some()), (1, "error", true));
        kept.lock().expect("it").is_closed = false;
        set(&world, "every", "5h").await;
        assert_eq!((known(&world).await, kept.lock().expect("it").list.len()), (vec![], 0));
        let change = SourceChange { config: vec![("notify".into(), "nowhere".into())], ..SourceChange::default() };
        let refused = world.app.set_source(&Caller::system(), "hr", &change).await;
        assert!(matches!(refused, Err(mhero_app::AppError::Invalid(reason)) if reason.key == "sync-notify-address"));
    }
}

/// How many were made, and how many the server has. One lock for both.
fn made_and_listed(kept: &Mutex<Kept>) -> (usize, usize) {
    let kept = kept.lock().expect("it");
    (kept.made, kept.list.len())
}
