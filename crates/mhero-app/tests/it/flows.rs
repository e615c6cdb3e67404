//! Flows end to end: a definition is saved, a keyword starts it, answers move it on, results and messages stand where they belong.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    flows::{FlowSettings, KeywordPlace, Moved, Moving, NewStart, NewTrigger, TriggerTerms},
    messaging::MissedCall,
};
use mhero_core::FlowId;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::common::{TestApp, engines};

const MARTHA: &str = "+231770000001";

/// Builds definitions: ids by number, so that nodes can name one another.
pub(crate) fn id(flow: u128, n: u128) -> String {
    Uuid::from_u128((flow << 32) | n).to_string()
}

pub(crate) fn say(flow: u128, n: u128, text: &str, next: Option<u128>) -> Json {
    json!({
        "uuid": id(flow, n),
        "actions": [{ "uuid": id(flow, n + 1), "type": "send_msg", "text": text }],
        "exits": [{ "uuid": id(flow, n + 2), "destination_uuid": next.map(|next| id(flow, next)) }],
    })
}

/// A question: a number goes to `next`, everything else to `other`, silence for ten minutes to `late`.
pub(crate) fn ask(flow: u128, n: u128, result: &str, [next, other, late]: [Option<u128>; 3]) -> Json {
    let exit =
        |k: u128, to: Option<u128>| json!({ "uuid": id(flow, n + k), "destination_uuid": to.map(|to| id(flow, to)) });
    json!({
        "uuid": id(flow, n),
        "actions": [],
        "router": {
            "type": "switch", "operand": "@input.text", "result_name": result,
            "cases": [{ "uuid": id(flow, n + 4), "type": "has_number", "arguments": [], "category_uuid": id(flow, n + 5) }],
            "categories": [
                { "uuid": id(flow, n + 5), "name": "Number", "exit_uuid": id(flow, n + 1) },
                { "uuid": id(flow, n + 6), "name": "Other", "exit_uuid": id(flow, n + 2) },
                { "uuid": id(flow, n + 7), "name": "No Response", "exit_uuid": id(flow, n + 3) },
            ],
            "default_category_uuid": id(flow, n + 6),
            "wait": { "type": "msg", "timeout": { "seconds": 600, "category_uuid": id(flow, n + 7) } },
        },
        "exits": [exit(1, next), exit(2, other), exit(3, late)],
    })
}

pub(crate) fn flow(n: u128, name: &str, nodes: &[Json]) -> Vec<u8> {
    json!({
        "uuid": id(n, 0), "name": name, "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 1, "expire_after_minutes": 720, "localization": {}, "nodes": nodes,
    })
    .to_string()
    .into_bytes()
}

pub(crate) fn stock() -> Vec<u8> {
    flow(
        1,
        "Stock",
        &[
            say(1, 10, "How many strips of ACT, @contact.first_name?", Some(20)),
            ask(1, 20, "ACT", [Some(30), Some(40), Some(50)]),
            say(1, 30, "Thank you, @results.act noted.", None),
            say(1, 40, "Please send a number.", Some(20)),
            say(1, 50, "We ask again tomorrow.", None),
        ],
    )
}

pub(crate) async fn keyword(t: &TestApp, flow: FlowId, word: &str, urgent: bool) {
    let terms = TriggerTerms::Keyword { words: vec![word.to_owned()], place: KeywordPlace::FirstWord };
    let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent };
    t.app.add_trigger(&Caller::system(), &new).await.expect("a trigger");
}

pub(crate) async fn saved(t: &TestApp, json: &[u8]) -> FlowId {
    t.app.save_flow(&Caller::system(), json, "test").await.expect("a flow").id
}

fn last(t: &TestApp) -> String {
    t.fake.texts().last().map(|(_, text)| text.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_keyword_starts_a_flow_and_answers_move_it_on() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let id = saved(&t, &stock()).await;
        keyword(&t, id, "stock", false).await;
        t.hear(MARTHA, "STOCK please").await;
        assert_eq!(last(&t), "How many strips of ACT, Martha?", "{engine:?}");
        t.hear(MARTHA, "many").await;
        assert_eq!(last(&t), "Please send a number.");
        t.hear(MARTHA, "12").await;
        assert_eq!(last(&t), "Thank you, 12 noted.");
        let scope = Caller::system().scope;
        let counts = t.app.store().category_counts(&scope, id, None).await.expect("counts");
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].key.as_str(), counts[0].category.as_str(), counts[0].runs), ("act", "Number", 1));
        assert_eq!(t.app.store().run_counts(&scope, id).await.expect("runs"), [("completed".to_owned(), 1)]);
        // After the end the number is no answer to anything.
        t.hear(MARTHA, "13").await;
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("threads").0, 1);
    }
}

#[tokio::test]
async fn silence_takes_the_category_of_the_timeout_at_its_second() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let id = saved(&t, &stock()).await;
        keyword(&t, id, "stock", false).await;
        t.hear(MARTHA, "stock").await;
        t.hand.advance(SignedDuration::from_secs(599));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.texts().len(), 1, "{engine:?}");
        t.hand.advance(SignedDuration::from_secs(1));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(last(&t), "We ask again tomorrow.");
    }
}

#[tokio::test]
async fn an_urgent_keyword_suspends_a_survey_which_repeats_its_question() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let survey = saved(&t, &stock()).await;
        let alert = flow(
            2,
            "Alert",
            &[
                say(2, 10, "Which disease? 1 measles 2 cholera", Some(20)),
                ask(2, 20, "Disease", [Some(30), Some(10), None]),
                say(2, 30, "Alert received.", None),
            ],
        );
        let alert = saved(&t, &alert).await;
        keyword(&t, alert, "alert", true).await;
        let start = NewStart { once_key: Some("once".into()), ..NewStart::new(survey, "*") };
        let first = t.app.start_flow(&Caller::system(), &start).await.expect("a start");
        assert_eq!(t.app.start_flow(&Caller::system(), &start).await.expect("the same start"), first);
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(last(&t), "How many strips of ACT, Martha?", "{engine:?}");
        t.hear(MARTHA, "ALERT").await;
        assert_eq!(last(&t), "Which disease? 1 measles 2 cholera");
        // The survey's ten minutes stand still meanwhile.
        t.hand.advance(SignedDuration::from_mins(11));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(last(&t), "How many strips of ACT, Martha?", "silence ended the alert, and the survey asks again");
        t.hear(MARTHA, "ALERT").await;
        t.hear(MARTHA, "1").await;
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert!(texts.iter().any(|text| text == "Alert received."), "{texts:?}");
        assert_eq!(texts.last().map(String::as_str), Some("How many strips of ACT, Martha?"), "{texts:?}");
        t.hear(MARTHA, "7").await;
        assert_eq!(last(&t), "Thank you, 7 noted.");
        let funnel = t.app.start_page(&Caller::system(), first).await.expect("a page").funnel;
        assert_eq!((funnel.targeted, funnel.started, funnel.replied, funnel.complete), (1, 1, 1, 1));
    }
}

#[tokio::test]
async fn stop_works_before_any_flow_and_ends_it() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let id = saved(&t, &stock()).await;
        keyword(&t, id, "stock", false).await;
        t.hear(MARTHA, "stock").await;
        t.hear(MARTHA, "STOP").await;
        assert!(last(&t).starts_with("reply-stopped"), "{engine:?} {}", last(&t));
        let before = t.fake.texts().len();
        t.hand.advance(SignedDuration::from_hours(24));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.texts().len(), before, "nothing leaves after STOP");
        let scope = Caller::system().scope;
        assert_eq!(t.app.store().run_counts(&scope, id).await.expect("runs"), [("interrupted".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn sessions_keep_their_revision_until_they_are_moved() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let id = saved(&t, &stock()).await;
        keyword(&t, id, "stock", false).await;
        t.hear(MARTHA, "stock").await;
        let changed = String::from_utf8(stock()).expect("text").replace("noted.", "written down.");
        let again = t.app.save_flow(&Caller::system(), changed.as_bytes(), "test").await.expect("a revision");
        assert_eq!((again.revision, again.changed), (2, true), "{engine:?}");
        let same = t.app.save_flow(&Caller::system(), changed.as_bytes(), "test").await.expect("the same");
        assert_eq!((same.revision, same.changed), (2, false));
        let moved = t.app.move_waiting(&Caller::system(), id).await.expect("moved");
        assert_eq!(moved, Moving::Done(Moved { moved: 1, stranded: 0, busy: 0 }));
        t.hear(MARTHA, "3").await;
        assert_eq!(last(&t), "Thank you, 3 written down.");
    }
}

#[tokio::test]
async fn words_clash_and_stop_words_are_refused() {
    let t = TestApp::new(engines()[0]).await;
    let id = saved(&t, &stock()).await;
    keyword(&t, id, "stock", false).await;
    let other = saved(&t, &flow(3, "Other", &[say(3, 10, "Hi", None)])).await;
    for (word, rule) in
        [("Stock", "trigger-word-taken"), ("STOP", "trigger-word-stops"), ("two words", "trigger-no-word")]
    {
        let terms = TriggerTerms::Keyword { words: vec![word.to_owned()], place: KeywordPlace::OnlyWord };
        let new = NewTrigger { flow: other, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
        match t.app.add_trigger(&Caller::system(), &new).await {
            Err(mhero_app::AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{word}"),
            other => panic!("{word} gave {other:?}"),
        }
    }
    t.app
        .set_flow_settings(&Caller::system(), id, FlowSettings { interrupts: true, ignores_keywords: true })
        .await
        .expect("set");
}

#[tokio::test]
async fn a_missed_call_starts_its_flow_once() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let call = MissedCall { channel: t.channel, carrier_id: None, from: MARTHA.into() };
        assert!(!t.app.missed_call(&call).await.expect("heard"), "{engine:?} nobody waits for calls");
        let flow = saved(&t, &stock()).await;
        let terms = TriggerTerms::MissedCall;
        let new = NewTrigger { flow, terms, groups: vec![], exclude: vec![], channel: None, urgent: false };
        t.app.add_trigger(&Caller::system(), &new).await.expect("a trigger");
        for _ in 0..3 {
            assert!(t.app.missed_call(&call).await.expect("heard"));
        }
        t.app.run_until_idle().await.expect("idle");
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["How many strips of ACT, Martha?"], "{engine:?}");
    }
}

#[tokio::test]
async fn two_who_share_a_phone_and_wait_are_asked_who_is_there() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Joseph Weah", "en", &["0770000001"])]).await;
        let flow = saved(&t, &stock()).await;
        let start = NewStart::new(flow, "*");
        t.app.start_flow(&Caller::system(), &start).await.expect("a start");
        t.app.run_until_idle().await.expect("idle");
        let asked: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(asked.len(), 2, "{engine:?}");
        assert!(asked.contains(&"Joseph Weah: How many strips of ACT, Joseph?".to_owned()), "{asked:?}");
        t.hear(MARTHA, "12").await;
        assert!(last(&t).starts_with("reply-who"), "{}", last(&t));
        t.hear(MARTHA, "Martha").await;
        assert_eq!(last(&t), "Martha Kollie: Thank you, 12 noted.");
        // Only one is left to answer, so nobody is asked.
        t.hear(MARTHA, "7").await;
        assert_eq!(last(&t), "Joseph Weah: Thank you, 7 noted.");
    }
}

#[tokio::test]
async fn a_word_sent_twice_begins_anew_and_stacks_nothing() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let flow = saved(&t, &stock()).await;
        keyword(&t, flow, "stock", false).await;
        for _ in 0..3 {
            t.hear(MARTHA, "STOCK").await;
            t.hand.advance(SignedDuration::from_secs(10));
        }
        t.hear(MARTHA, "5").await;
        assert_eq!(last(&t), "Thank you, 5 noted.", "{engine:?}");
        let runs = t.app.store().run_counts(&Caller::system().scope, flow).await.expect("runs");
        assert_eq!(runs, [("completed".to_owned(), 1), ("interrupted".to_owned(), 2)]);
    }
}
