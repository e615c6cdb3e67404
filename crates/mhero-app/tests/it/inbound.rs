//! Texts from phones: nothing accepted is lost or doubled, STOP comes first, a person answers the rest.

use std::collections::HashMap;

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    messaging::{Accepted, Received},
};
use mhero_core::Direction;
use mhero_store::{MessageRow, ThreadFilter};

use crate::{
    common::{TestApp, engines},
    flows::{keyword, saved, stock},
};

const MARTHA: &str = "+231770000001";

async fn messages(t: &TestApp, direction: Direction) -> Vec<MessageRow> {
    let all = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(direction), 100).await;
    all.expect("messages")
}

#[tokio::test]
async fn a_text_that_no_flow_took_opens_a_thread_that_an_official_answers() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        t.hear(MARTHA, "we have no gloves since monday can we still do deliveries?").await;
        let caller = Caller::system();
        let threads = t.app.threads(&caller, "open", ThreadFilter::Waiting, i64::MAX, 10).await.expect("threads");
        assert_eq!(threads.len(), 1, "{engine:?}");
        assert_eq!(threads[0].person_name, "Martha Kollie");
        t.hand.advance(SignedDuration::from_mins(3));
        for _ in 0..2 {
            t.app.answer(&caller, threads[0].id, "4 boxes leave today", "key-1").await.expect("answered");
        }
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.texts(), [(MARTHA.to_owned(), "4 boxes leave today".to_owned())], "pressed twice, sent once");
        assert_eq!(t.app.waiting_threads(&caller).await.expect("a count"), (0, None));
        t.hear(MARTHA, "thank you").await;
        let conversation = t.app.conversation(&caller, threads[0].id).await.expect("a conversation");
        let said: Vec<_> = conversation.messages.iter().map(|m| m.direction).collect();
        assert_eq!(said, [Direction::In, Direction::Out, Direction::In]);
    }
}

#[tokio::test]
async fn a_carriers_own_id_decides_what_is_a_duplicate_also_after_processing() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let received = Received {
            channel: t.channel,
            carrier_id: Some("x1".into()),
            from: "231770000001".into(),
            text: "hello".into(),
        };
        assert!(matches!(t.app.receive(&received).await, Ok(Accepted::New(_))));
        assert!(matches!(t.app.receive(&received).await, Ok(Accepted::Known)));
        t.app.run_until_idle().await.expect("idle");
        assert!(matches!(t.app.receive(&received).await, Ok(Accepted::Known)));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(messages(&t, Direction::In).await.len(), 1, "{engine:?}");
    }
}

#[tokio::test]
async fn without_an_id_the_same_words_within_four_seconds_are_held_as_a_double_until_released() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        t.hear(MARTHA, "3 boxes").await;
        t.hand.advance(SignedDuration::from_secs(2));
        t.hear(MARTHA, "3 boxes").await;
        t.hand.advance(SignedDuration::from_secs(10));
        t.hear(MARTHA, "3 boxes").await;
        let states: Vec<_> = messages(&t, Direction::In).await.into_iter().rev().map(|m| m.state).collect();
        assert_eq!(states, ["handled", "suspected_double", "handled"], "{engine:?}");
        let caller = Caller::system();
        let held = messages(&t, Direction::In).await.into_iter().find(|m| m.state == "suspected_double").expect("held");
        let thread = t.app.threads(&caller, "open", ThreadFilter::All, i64::MAX, 1).await.expect("threads")[0].id;
        t.app.release_double(&caller, held.id, thread).await.expect("released");
        assert!(t.app.release_double(&caller, held.id, thread).await.is_err(), "only once");
    }
}

#[tokio::test]
async fn stop_takes_back_what_waits_is_confirmed_once_and_a_stopped_person_is_still_heard() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "fr", &["0770000001"])]).await;
        t.hear(MARTHA, "Arrêt").await;
        t.hear(MARTHA, "STOP").await;
        assert_eq!(
            t.fake.texts(),
            [(MARTHA.to_owned(), "reply-stopped fra".to_owned())],
            "one confirmation, then silence"
        );
        assert_eq!(t.app.store().stops("tel", MARTHA).await.expect("stops"), [""]);
        t.hear(MARTHA, "ALERTE rougeole 3 ans").await;
        assert_eq!(t.fake.count(), 2, "a stopped person who reports a case is answered");
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("a count").0, 1);
        t.hear(MARTHA, "START").await;
        assert!(t.app.store().stops("tel", MARTHA).await.expect("stops").is_empty());
    }
}

#[tokio::test]
async fn two_machines_never_loop() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        for n in 0..30 {
            t.hand.advance(SignedDuration::from_secs(20));
            t.hear(MARTHA, if n % 2 == 0 { "HELP" } else { "AIDE" }).await;
        }
        assert_eq!(t.fake.count(), 10, "{engine:?}");
    }
}

#[tokio::test]
async fn texts_of_one_phone_are_handled_in_order_and_two_nodes_do_it_once() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let other = t.second().await;
        for n in 0..40 {
            t.receive(MARTHA, &format!("part {n}"), Some(&format!("id{n}"))).await;
            t.hand.advance(SignedDuration::from_millis(1));
        }
        let (one, two) = tokio::join!(t.app.run_until_idle(), other.run_until_idle());
        one.and(two).expect("idle");
        t.app.run_until_idle().await.expect("idle");
        let texts: Vec<_> = messages(&t, Direction::In).await.into_iter().rev().filter_map(|m| m.text).collect();
        let wanted: Vec<_> = (0..40).map(|n| format!("part {n}")).collect();
        assert_eq!(texts, wanted, "{engine:?}");
        let threads = t.app.threads(&Caller::system(), "open", ThreadFilter::All, i64::MAX, 50).await.expect("threads");
        assert_eq!(threads.len(), 1, "one stranger, one thread");
    }
}

#[tokio::test]
async fn many_texts_of_one_pass_are_each_answered_once_and_in_order() {
    const PHONES: usize = 300;
    /// People with a second phone, from which they write too.
    const TWICE: usize = 10;
    /// Phones of which nobody is known.
    const STRANGERS: usize = 10;
    let phone = |n: usize| format!("+23177{n:07}");
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let known = PHONES - TWICE - STRANGERS;
        let ids: Vec<String> = (0..known).map(|n| format!("P{n}")).collect();
        let phones: Vec<Vec<String>> =
            (0..known).map(|n| if n < TWICE { vec![phone(n), phone(known + n)] } else { vec![phone(n)] }).collect();
        let phones: Vec<Vec<&str>> = phones.iter().map(|all| all.iter().map(String::as_str).collect()).collect();
        let people: Vec<_> = ids
            .iter()
            .zip(&phones)
            .map(|(id, phones)| (id.as_str(), "Martha Kollie", "en", phones.as_slice()))
            .collect();
        t.people(&people).await;
        let flow = saved(&t, &stock()).await;
        keyword(&t, flow, "stock", false).await;
        for text in ["stock", "5"] {
            for n in 0..PHONES {
                t.receive(&phone(n), text, Some(&format!("{text}-{n}"))).await;
            }
        }
        t.app.run_until_idle().await.expect("idle");
        let counts = t.app.store().run_counts(&Caller::system().scope, flow).await.expect("counts");
        assert_eq!(counts, [("completed".to_owned(), 300)], "{engine:?}");
        let mut heard: HashMap<String, Vec<String>> = HashMap::new();
        for (to, text) in t.fake.texts() {
            heard.entry(to).or_default().push(text);
        }
        assert_eq!(heard.len(), PHONES, "{engine:?}");
        for (to, texts) in heard {
            assert_eq!(texts.len(), 2, "{engine:?} {to}: {texts:?}");
            assert!(texts[0].starts_with("How many strips") && texts[1] == "Thank you, 5 noted.", "{to}: {texts:?}");
        }
    }
}
