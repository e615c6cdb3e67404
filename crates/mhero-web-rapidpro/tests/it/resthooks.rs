//! Resthooks: a flow's call reaches its subscribers, the answers are the flow's result, and what was sent is listed.

use std::time::{Duration, Instant};

use mhero_app::Caller;
use mhero_testkit::{Reply, Site};
use serde_json::{Value, json};

use crate::desk::{Desk, engines};

/// A flow that calls a resthook and keeps what came of it.
fn flow() -> (String, Vec<u8>) {
    let id = |n: u128| format!("5e570000-0000-4000-8000-0000000000{n:02}");
    let flow = json!({
        "uuid": id(1), "name": "New case", "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 1, "expire_after_minutes": 60, "localization": {},
        "nodes": [{
            "uuid": id(2),
            "actions": [{ "uuid": id(3), "type": "call_resthook", "resthook": "new-case", "result_name": "Told" }],
            "exits": [{ "uuid": id(4) }],
        }],
    });
    (id(1), flow.to_string().into_bytes())
}

async fn until<T>(desk: &Desk, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        Box::pin(desk.app.run_until_idle()).await.expect("it comes to rest");
        if let Some(found) = look().await {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "not {what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flows_call_reaches_its_subscribers_and_who_is_gone_is_called_no_more() {
    for engine in engines() {
        let desk = Desk::new(engine, 100_000).await;
        let site = Site::start(|_| Reply::json(201, json!({ "case": 7 })));
        let gone = Site::start(|_| Reply::new(410, "text/plain", ""));
        for one in [&site, &gone] {
            let hook = json!({ "resthook": "new-case", "target_url": format!("{}/in", one.url()) });
            assert_eq!(desk.post("resthook_subscribers.json", &hook).await.status, 201);
        }
        let (flow, definition) = flow();
        desk.app.save_flow(&Caller::system(), &definition, "test").await.expect("a flow");
        let ama = desk.contact("Ama", "tel:+231770000001").await;
        let start = json!({ "flow": flow, "contacts": [ama] });
        assert_eq!(desk.post("flow_starts.json", &start).await.status, 201);
        let run = async || {
            let run = desk.get("runs.json").await.results().pop()?;
            (run["exit_type"] == "completed").then_some(run)
        };
        let run = until(&desk, "a run", run).await;
        let told = &run["values"]["told"];
        assert_eq!((&told["category"], &told["value"]), (&json!("Success"), &json!("201")), "{run}");
        let asked = site.asked();
        assert_eq!((asked.len(), asked[0].method.as_str(), asked[0].path.as_str()), (1, "POST", "/in"));
        let payload: Value = serde_json::from_slice(&asked[0].body).expect("JSON");
        assert_eq!((&payload["contact"]["uuid"], &payload["flow"]["name"]), (&json!(ama), &json!("New case")));
        assert!(asked[0].header("idempotency-key").is_some());
        // What was sent is listed, and whoever answered 410 is a subscriber no more.
        let events = desk.get("resthook_events.json?resthook=new-case").await.results();
        assert_eq!((events.len(), &events[0]["resthook"]), (1, &json!("new-case")));
        assert_eq!(events[0]["data"], payload);
        assert!(events[0]["created_on"].as_str().is_some_and(|at| at.starts_with("2026-05-14T")));
        assert!(desk.get("resthook_events.json?resthook=other").await.results().is_empty());
        let left = desk.get("resthook_subscribers.json").await.results();
        assert_eq!((left.len(), &left[0]["target_url"]), (1, &json!(format!("{}/in", site.url()))));
        // What flows refer to is remembered for some seconds.
        desk.hand.advance(jiff::SignedDuration::from_mins(2));
        let again = json!({ "flow": flow, "contacts": [ama] });
        assert_eq!(desk.post("flow_starts.json", &again).await.status, 201);
        until(&desk, "a second call", async || (site.asked().len() == 2).then_some(())).await;
        assert_eq!(gone.asked().len(), 1);
        assert_ne!(site.asked()[0].header("idempotency-key"), site.asked()[1].header("idempotency-key"));
    }
}
