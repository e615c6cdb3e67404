//! Outside calls of flows: stored before they are made, answered once, uncertain when the answer was lost; texts that come
//! meanwhile wait for their conversation.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    Caller,
    flows::{KeywordPlace, NewTrigger, TriggerTerms},
    ports::{EffectOutcome, Effector},
};
use mhero_core::FlowId;
use mhero_flow::effects::{EffectAnswer, HttpAnswer, Request};
use serde_json::json;
use uuid::Uuid;

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";

/// Answers calls as it was told to, and remembers them.
#[derive(Default)]
pub(crate) struct Outside {
    calls: Mutex<Vec<(String, String)>>,
    outcomes: Mutex<Vec<EffectOutcome>>,
}

#[async_trait]
impl Effector for Outside {
    async fn perform(&self, key: &str, request: &Request) -> EffectOutcome {
        let Request::Http { calls, .. } = request else { return EffectOutcome::Refused { reason: "no".into() } };
        let call = &calls[0];
        self.calls.lock().expect("calls").push((key.to_owned(), format!("{} {}", call.method, call.url)));
        let mut outcomes = self.outcomes.lock().expect("outcomes");
        if outcomes.is_empty() { answered(200, r#"{"district":"Bong"}"#) } else { outcomes.remove(0) }
    }
}

fn answered(status: u16, body: &str) -> EffectOutcome {
    let answer = HttpAnswer {
        status: Some(status),
        version: "HTTP/1.1".into(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: body.as_bytes().to_vec(),
        body_size: body.len() as u64,
        ..HttpAnswer::default()
    };
    EffectOutcome::Done { answer: EffectAnswer::Http(vec![answer]), status: Some(i64::from(status)) }
}

fn id(n: u128) -> String {
    Uuid::from_u128(0x7000 + n).to_string()
}

fn definition(method: &str) -> Vec<u8> {
    let say = |n: u128, text: &str| {
        json!({
            "uuid": id(n), "actions": [{ "uuid": id(n + 1), "type": "send_msg", "text": text }],
            "exits": [{ "uuid": id(n + 2), "destination_uuid": null }],
        })
    };
    json!({
        "uuid": id(0), "name": "Where", "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 1, "expire_after_minutes": 720, "localization": {},
        "nodes": [
            {
                "uuid": id(10),
                "actions": [
                    { "uuid": id(11), "type": "send_msg", "text": "One moment" },
                    { "uuid": id(12), "type": "call_webhook", "method": method, "url": "http://registry.example/where" },
                ],
                "router": {
                    "type": "switch", "operand": "@(default(webhook.status, 0))", "cases": [
                        { "uuid": id(13), "type": "has_number_between", "arguments": ["200", "299"], "category_uuid": id(14) },
                    ],
                    "categories": [
                        { "uuid": id(14), "name": "Success", "exit_uuid": id(16) },
                        { "uuid": id(15), "name": "Failure", "exit_uuid": id(17) },
                    ],
                    "default_category_uuid": id(15),
                },
                "exits": [{ "uuid": id(16), "destination_uuid": id(20) }, { "uuid": id(17), "destination_uuid": id(30) }],
            },
            say(20, "You work in @webhook.json.district."),
            say(30, "We could not ask."),
        ],
    })
    .to_string()
    .into_bytes()
}

async fn ready(t: &TestApp, method: &str) -> FlowId {
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
    let id = t.app.save_flow(&Caller::system(), &definition(method), "test").await.expect("a flow").id;
    let terms = TriggerTerms::Keyword { words: vec!["where".into()], place: KeywordPlace::OnlyWord };
    let new = NewTrigger { flow: id, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
    t.app.add_trigger(&Caller::system(), &new).await.expect("a trigger");
    id
}

fn texts(t: &TestApp) -> Vec<String> {
    t.fake.texts().into_iter().map(|(_, text)| text).collect()
}

async fn states(t: &TestApp) -> Vec<(String, i64)> {
    let rows = t.app.effects(&Caller::system(), "", (i64::MAX, 10)).await.expect("calls");
    rows.into_iter().map(|row| (row.state, row.attempt)).collect()
}

#[tokio::test]
async fn a_call_is_made_once_and_the_flow_goes_on_with_its_answer() {
    for engine in engines() {
        let outside = Arc::new(Outside::default());
        let t = TestApp::with_effector(engine, outside.clone()).await;
        ready(&t, "POST").await;
        t.hear(MARTHA, "where").await;
        assert_eq!(texts(&t), ["One moment", "You work in Bong."], "{engine:?}");
        assert_eq!(states(&t).await, [("answered".to_owned(), 1)]);
        assert_eq!(outside.calls.lock().expect("calls").len(), 1);
        let key = outside.calls.lock().expect("calls")[0].0.clone();
        let page = t.app.effect(&Caller::system(), &key).await.expect("a page");
        assert!(page.answer.expect("an answer").contains("Bong"));
    }
}

#[tokio::test]
async fn a_lost_answer_is_uncertain_and_repeated_only_where_that_changes_nothing() {
    for engine in engines() {
        for (method, expected, calls) in [("POST", "uncertain", 1), ("GET", "answered", 2)] {
            let lost = EffectOutcome::Unknown { reason: "the line was cut".into() };
            let outside = Arc::new(Outside { outcomes: Mutex::new(vec![lost]), ..Outside::default() });
            let t = TestApp::with_effector(engine, outside.clone()).await;
            ready(&t, method).await;
            t.hear(MARTHA, "where").await;
            t.hand.advance(SignedDuration::from_secs(5));
            t.app.run_until_idle().await.expect("idle");
            assert_eq!(states(&t).await[0].0, expected, "{engine:?} {method}");
            assert_eq!(outside.calls.lock().expect("calls").len(), calls);
            let last = if method == "POST" { "We could not ask." } else { "You work in Bong." };
            assert_eq!(texts(&t).last().map(String::as_str), Some(last));
        }
    }
}

#[tokio::test]
async fn a_text_that_comes_while_a_call_is_under_way_waits_for_its_conversation() {
    for engine in engines() {
        let busy = EffectOutcome::NotSent { reason: "no line".into() };
        let outside = Arc::new(Outside { outcomes: Mutex::new(vec![busy]), ..Outside::default() });
        let t = TestApp::with_effector(engine, outside).await;
        ready(&t, "POST").await;
        t.hear(MARTHA, "where").await;
        assert_eq!(texts(&t), ["One moment"], "{engine:?}");
        t.hear(MARTHA, "hello?").await;
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 0, "it waits");
        t.hand.advance(SignedDuration::from_secs(5));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(texts(&t), ["One moment", "You work in Bong."]);
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 1, "now an official reads it");
    }
}
