//! What lies on a stack of conversations: at most one is open for a person at a number, whatever begins, ends or calls out at the
//! same moment, and nothing that begins beside it holds it up.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    Caller,
    flows::{FlowSettings, KeywordPlace, NewStart, NewTrigger, TriggerTerms},
    ports::{EffectOutcome, Effector},
};
use mhero_core::{Direction, FlowId, SessionId};
use mhero_flow::effects::{EffectAnswer, Request};
use mhero_store::{Queue, SessionRow, Unit};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";

/// A gateway that loses every answer.
struct Silent;

#[async_trait]
impl Effector for Silent {
    async fn perform(&self, _: &str, request: &Request) -> EffectOutcome {
        match request {
            Request::Http { .. } => EffectOutcome::Done { answer: EffectAnswer::Lost, status: None },
            _ => EffectOutcome::Refused { reason: "no".into() },
        }
    }
}

/// A line that never comes about.
struct Down;

#[async_trait]
impl Effector for Down {
    async fn perform(&self, _: &str, _: &Request) -> EffectOutcome {
        EffectOutcome::NotSent { reason: "no line".into() }
    }
}

fn id(flow: u128, n: u128) -> String {
    Uuid::from_u128((0x57 << 64) | (flow << 32) | n).to_string()
}

fn flow(n: u128, kind: &str, nodes: &[Json]) -> Vec<u8> {
    json!({
        "uuid": id(n, 0), "name": format!("Flow {n}"), "spec_version": "14.4.2", "language": "eng", "type": kind,
        "revision": 1, "expire_after_minutes": 720, "localization": {}, "nodes": nodes,
    })
    .to_string()
    .into_bytes()
}

fn act(flow: u128, n: u128, action: &Json, next: Option<u128>) -> Json {
    let mut action = action.clone();
    action["uuid"] = json!(id(flow, n + 1));
    json!({
        "uuid": id(flow, n), "actions": [action],
        "exits": [{ "uuid": id(flow, n + 2), "destination_uuid": next.map(|next| id(flow, next)) }],
    })
}

fn say(flow: u128, n: u128, text: &str, next: Option<u128>) -> Json {
    act(flow, n, &json!({ "type": "send_msg", "text": text }), next)
}

/// A question that takes any answer, and thanks for it.
fn question(n: u128, text: &str) -> Vec<u8> {
    let wait = json!({
        "uuid": id(n, 20), "actions": [],
        "router": {
            "type": "switch", "operand": "@input.text", "cases": [], "wait": { "type": "msg" },
            "categories": [{ "uuid": id(n, 21), "name": "All", "exit_uuid": id(n, 22) }],
            "default_category_uuid": id(n, 21), "result_name": "answer",
        },
        "exits": [{ "uuid": id(n, 22), "destination_uuid": id(n, 30) }],
    });
    flow(n, "messaging", &[say(n, 10, text, Some(20)), wait, say(n, 30, &format!("Thank you for {n}"), None)])
}

/// A question that takes a number only and asks again until it gets one.
fn stubborn(n: u128) -> Vec<u8> {
    let wait = json!({
        "uuid": id(n, 20), "actions": [],
        "router": {
            "type": "switch", "operand": "@input.text", "wait": { "type": "msg" },
            "cases": [{ "uuid": id(n, 25), "type": "has_number", "arguments": [], "category_uuid": id(n, 21) }],
            "categories": [
                { "uuid": id(n, 21), "name": "Number", "exit_uuid": id(n, 22) },
                { "uuid": id(n, 23), "name": "Other", "exit_uuid": id(n, 24) },
            ],
            "default_category_uuid": id(n, 23), "result_name": "answer",
        },
        "exits": [
            { "uuid": id(n, 22), "destination_uuid": id(n, 30) },
            { "uuid": id(n, 24), "destination_uuid": id(n, 40) },
        ],
    });
    let (ask, again) = (say(n, 10, "How many beds?", Some(20)), say(n, 40, "Please send a number.", Some(20)));
    flow(n, "messaging", &[ask, wait, say(n, 30, "Thank you", None), again])
}

async fn saved(t: &TestApp, json: &[u8]) -> FlowId {
    t.app.save_flow(&Caller::system(), json, "test").await.expect("a flow").id
}

async fn keyword(t: &TestApp, flow: FlowId, word: &str) {
    let terms = TriggerTerms::Keyword { words: vec![word.to_owned()], place: KeywordPlace::FirstWord };
    let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
    t.app.add_trigger(&Caller::system(), &new).await.expect("a trigger");
}

async fn start(t: &TestApp, flow: FlowId) {
    let start = NewStart::new(flow, "*");
    t.app.start_flow(&Caller::system(), &start).await.expect("a start");
}

fn texts(t: &TestApp) -> Vec<String> {
    t.fake.texts().into_iter().map(|(_, text)| text).collect()
}

async fn asked(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::with_effector(engine, Arc::new(Silent)).await;
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
    let survey = saved(&t, &question(1, "How many beds?")).await;
    keyword(&t, survey, "beds").await;
    t.hear(MARTHA, "beds").await;
    assert_eq!(texts(&t), ["How many beds?"], "{engine:?}");
    t
}

#[tokio::test]
async fn a_notice_that_interrupts_ends_the_conversation_and_itself() {
    for engine in engines() {
        let t = asked(engine).await;
        let notice = saved(&t, &flow(2, "messaging", &[say(2, 10, "The road is closed.", None)])).await;
        let settings = FlowSettings { interrupts: true, ..FlowSettings::default() };
        t.app.set_flow_settings(&Caller::system(), notice, settings).await.expect("set");
        start(&t, notice).await;
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(texts(&t), ["How many beds?", "The road is closed."], "{engine:?}");
        let (scope, survey) = (Caller::system().scope, FlowId::from_uuid(id(1, 0).parse().expect("an id")));
        let runs = t.app.store().run_counts(&scope, survey).await.expect("runs");
        assert_eq!(runs, [("interrupted".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_notice_without_a_question_gives_the_word_back_to_the_conversation_below() {
    for engine in engines() {
        let t = asked(engine).await;
        let notice = saved(&t, &flow(2, "messaging", &[say(2, 10, "The road is closed.", None)])).await;
        start(&t, notice).await;
        t.app.run_until_idle().await.expect("idle");
        let mut both = texts(&t).split_off(1);
        both.sort_unstable();
        assert_eq!(both, ["How many beds?", "The road is closed."], "{engine:?}: the question is asked again");
        t.hear(MARTHA, "12").await;
        assert_eq!(texts(&t).last().map(String::as_str), Some("Thank you for 1"));
    }
}

#[tokio::test]
async fn a_background_flow_that_calls_out_stands_beside_the_conversation() {
    for engine in engines() {
        let t = asked(engine).await;
        let call = json!({ "type": "call_webhook", "method": "POST", "url": "http://registry.example/seen" });
        let beside = [act(2, 10, &call, Some(20)), say(2, 20, "Noted in the registry.", None)];
        let beside = saved(&t, &flow(2, "messaging_background", &beside)).await;
        start(&t, beside).await;
        t.app.run_until_idle().await.expect("idle");
        t.hand.advance(SignedDuration::from_secs(300));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(texts(&t), ["How many beds?", "Noted in the registry."], "{engine:?}: the question is not repeated");
        let calls = t.app.effects(&Caller::system(), "", (i64::MAX, 10)).await.expect("calls");
        assert_eq!(calls.iter().map(|call| call.state.as_str()).collect::<Vec<_>>(), ["answered"]);
        t.hear(MARTHA, "12").await;
        assert_eq!(texts(&t).last().map(String::as_str), Some("Thank you for 1"));
    }
}

#[tokio::test]
async fn of_conversations_that_begin_at_once_one_is_open_and_each_is_answered() {
    for engine in engines() {
        for _ in 0..5 {
            let t = TestApp::new(engine).await;
            t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
            for n in 1..=4 {
                let flow = saved(&t, &question(n, &format!("Question {n}"))).await;
                start(&t, flow).await;
            }
            // The jobs of all four starts run at the same time.
            t.app.run_until_idle().await.expect("idle");
            let talks = t.app.store().open_conversations("tel", MARTHA).await.expect("conversations");
            let open: Vec<_> = talks.iter().filter(|talk| talk.state == "open").collect();
            assert_eq!((talks.len(), open.len(), open[0].depth), (4, 1, 3), "{engine:?}");
            for answered in 1..=4 {
                t.hear(MARTHA, "yes").await;
                let thanks = texts(&t).iter().filter(|text| text.starts_with("Thank you")).count();
                assert_eq!(thanks, answered, "{engine:?}: {:?}", texts(&t));
            }
            assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 0);
        }
    }
}

#[tokio::test]
async fn what_a_flow_has_still_to_say_ends_with_stop() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let survey = saved(&t, &question(1, "How many beds?")).await;
        // At ten in the evening the question waits for the morning.
        t.hand.advance(SignedDuration::from_hours(13));
        start(&t, survey).await;
        t.app.run_until_idle().await.expect("idle");
        assert!(texts(&t).is_empty(), "{engine:?}");
        t.hear(MARTHA, "STOP").await;
        t.hand.advance(SignedDuration::from_hours(12));
        t.app.run_until_idle().await.expect("idle");
        let texts = texts(&t);
        assert!(texts.len() == 1 && texts[0].starts_with("reply-stopped"), "{engine:?}: {texts:?}");
        assert!(t.app.store().open_conversations("tel", MARTHA).await.expect("none").is_empty());
    }
}

#[tokio::test]
async fn stop_does_not_wait_for_an_outside_call() {
    for engine in engines() {
        let t = TestApp::with_effector(engine, Arc::new(Down)).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let call = json!({ "type": "call_webhook", "method": "GET", "url": "http://registry.example/where" });
        let asking = [act(1, 10, &call, Some(20)), say(1, 20, "We could not ask.", None)];
        let asking = saved(&t, &flow(1, "messaging", &asking)).await;
        keyword(&t, asking, "where").await;
        t.hear(MARTHA, "where").await;
        t.hear(MARTHA, "STOP").await;
        let said = texts(&t);
        assert!(said.len() == 1 && said[0].starts_with("reply-stopped"), "{engine:?}: {said:?}");
        t.hand.advance(SignedDuration::from_secs(60));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(texts(&t).len(), 1, "{engine:?}: the flow has no more to say");
    }
}

/// Makes a session unreadable, as one of a later program would be.
async fn spoil(t: &TestApp) -> SessionId {
    let talk = t.app.store().open_conversations("tel", MARTHA).await.expect("conversations").remove(0);
    let row = t.app.store().session_of(talk.id).await.expect("it answers").expect("a session");
    let id = row.id;
    let mut unit = Unit::new();
    unit.set_session(&SessionRow { state: vec![255; 8], ..row });
    t.app.store().write(unit, Queue::Interactive).await.expect("written");
    id
}

#[tokio::test]
async fn a_session_that_cannot_go_on_ends_and_holds_nobody() {
    for engine in engines() {
        let t = asked(engine).await;
        let id = spoil(&t).await;
        t.hand.advance(SignedDuration::from_hours(13));
        t.app.run_until_idle().await.expect("idle");
        let row = t.app.store().session_row(id).await.expect("it answers").expect("a session");
        assert_eq!(row.status, "failed", "{engine:?}: it expired");
        // The same while an outside call is under way.
        let call = json!({ "type": "call_webhook", "method": "GET", "url": "http://registry.example/where" });
        let t = TestApp::with_effector(engine, Arc::new(Down)).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let asking = saved(&t, &flow(1, "messaging", &[act(1, 10, &call, None)])).await;
        keyword(&t, asking, "where").await;
        t.hear(MARTHA, "where").await;
        let id = spoil(&t).await;
        t.hear(MARTHA, "hello?").await;
        for _ in 0..4 {
            t.hand.advance(SignedDuration::from_secs(10));
            t.app.run_until_idle().await.expect("idle");
        }
        let row = t.app.store().session_row(id).await.expect("it answers").expect("a session");
        assert_eq!(row.status, "failed", "{engine:?}: its answer came");
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 1, "an official reads the text");
    }
}

#[tokio::test]
async fn who_never_understands_a_question_is_asked_so_often_and_then_an_official_reads_it() {
    for engine in engines() {
        // A machine that answers at once, and one that takes its time.
        for seconds in [3, 120] {
            let t = TestApp::new(engine).await;
            t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
            let survey = saved(&t, &stubborn(1)).await;
            keyword(&t, survey, "beds").await;
            t.hear(MARTHA, "beds").await;
            for turn in 0..25 {
                t.hand.advance(SignedDuration::from_secs(seconds));
                t.hear(MARTHA, ["mango", "papaya", "lime"][turn % 3]).await;
            }
            let again = texts(&t).iter().filter(|text| *text == "Please send a number.").count();
            assert!((9..=10).contains(&again), "{engine:?}: asked again {again} times");
            let scope = Caller::system().scope;
            assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 1, "{engine:?}");
            let heard = t.app.store().recent_messages(&scope, (0, i64::MAX), Some(Direction::In), 1).await;
            let heard = heard.expect("messages").remove(0);
            assert_eq!((heard.failure.as_deref(), heard.thread.is_some()), (Some("asked-too-often"), true));
            // A right answer is always heard.
            t.hear(MARTHA, "12").await;
            assert_eq!(texts(&t).last().map(String::as_str), Some("Thank you"), "{engine:?}");
        }
    }
}
