//! Reports that name our own submission, as Kannel's do: they find it also when its answer was lost.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    ports::Report,
};
use mhero_core::{Direction, Lane, Lang, SubmissionId};
use mhero_store::Engine;

use crate::common::{Script, TestApp, engines};

fn draft(lane: Lane, text: &str) -> Draft {
    Draft {
        name: String::new(),
        query: "*".into(),
        texts: vec![(Lang::ENGLISH, text.into())],
        lane,
        channel: None,
        release: Release::Now,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

/// One text to Martha, to which the carrier answers by `script`.
async fn sent(engine: Engine, lane: Lane, text: &str, script: &[Script]) -> TestApp {
    let t = TestApp::new(engine).await;
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
    t.fake.script(script.iter().copied());
    t.app.send(&Caller::system(), &draft(lane, text)).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    t
}

async fn state(t: &TestApp) -> String {
    let all = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::Out), 10).await;
    all.expect("messages").remove(0).state
}

async fn left(t: &TestApp) -> i64 {
    let lanes = t.app.store().waiting_by_lane().await.expect("lanes");
    lanes.iter().map(|(_, count, _)| count).sum()
}

#[tokio::test]
async fn what_the_network_has_is_not_sent_again_though_its_answer_was_lost() {
    for engine in engines() {
        let t = sent(engine, Lane::Alert, "measles", &[Script::Unknown]).await;
        assert_eq!((state(&t).await.as_str(), left(&t).await), ("uncertain", 1));
        let id = t.fake.submissions()[0];
        t.app.report_left(t.channel, id).await.expect("taken");
        t.app.report_left(t.channel, id).await.expect("taken twice");
        assert_eq!((state(&t).await.as_str(), left(&t).await), ("sent", 0), "{engine:?}");
        t.hand.advance(SignedDuration::from_mins(10));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 1, "an alert of which nobody knows is sent again; this one is known");
        t.app.report_on(t.channel, id, &Report::Delivered).await.expect("taken");
        t.app.report_left(t.channel, id).await.expect("taken late");
        assert_eq!(state(&t).await, "delivered", "{engine:?}");
    }
}

#[tokio::test]
async fn what_waits_to_be_sent_again_is_not_once_its_first_attempt_is_known() {
    for engine in engines() {
        for is_delivered in [false, true] {
            let t = sent(engine, Lane::Alert, "measles", &[Script::Unknown, Script::NotSent]).await;
            t.hand.advance(SignedDuration::from_secs(121));
            t.app.run_until_idle().await.expect("idle");
            assert_eq!((state(&t).await.as_str(), t.fake.count()), ("waiting", 2));
            let first = t.fake.submissions()[0];
            if is_delivered {
                t.app.report_on(t.channel, first, &Report::Delivered).await.expect("taken");
            } else {
                t.app.report_left(t.channel, first).await.expect("taken");
            }
            t.hand.advance(SignedDuration::from_mins(10));
            t.app.run_until_idle().await.expect("idle");
            let expected = if is_delivered { "delivered" } else { "sent" };
            assert_eq!((state(&t).await.as_str(), t.fake.count()), (expected, 2), "{engine:?}");
        }
    }
}

#[tokio::test]
async fn reports_by_our_id_move_a_message_forward_only() {
    for engine in engines() {
        let t = sent(engine, Lane::Bulk, "a meeting", &[Script::Accept]).await;
        let id = t.fake.submissions()[0];
        let failed = || Report::Failed { reason: "kannel-undelivered".into() };
        t.app.report_on(t.channel, id, &failed()).await.expect("taken");
        assert_eq!(state(&t).await, "failed");
        t.app.report_on(t.channel, id, &Report::Delivered).await.expect("taken");
        t.app.report_on(t.channel, id, &failed()).await.expect("taken late");
        assert_eq!(state(&t).await, "delivered", "{engine:?}");
        let nobody = SubmissionId::from_uuid(t.app.new_correlation());
        t.app.report_on(t.channel, nobody, &Report::Delivered).await.expect("an unknown id is no error");
        t.app.report_on(t.channel, nobody, &failed()).await.expect("an unknown id is no error");
        t.app.report_left(t.channel, nobody).await.expect("an unknown id is no error");
    }
}

#[tokio::test]
async fn a_text_of_two_parts_is_delivered_when_both_are() {
    for engine in engines() {
        let long = "measles in the district, ".repeat(10);
        let t = sent(engine, Lane::Bulk, &long, &[]).await;
        let ids = t.fake.submissions();
        assert_eq!(ids.len(), 2);
        t.app.report_on(t.channel, ids[1], &Report::Delivered).await.expect("taken");
        t.app.report_on(t.channel, ids[1], &Report::Delivered).await.expect("taken twice");
        assert_eq!(state(&t).await, "sent");
        t.app.report_on(t.channel, ids[0], &Report::Delivered).await.expect("taken");
        assert_eq!(state(&t).await, "delivered", "{engine:?}");
    }
}

#[tokio::test]
async fn one_that_was_taken_back_does_not_keep_the_others_from_leaving() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let phones: Vec<String> = (0..60).map(|n| format!("0770{n:06}")).collect();
        let ids: Vec<String> = (0..60).map(|n| format!("P{n}")).collect();
        let numbers: Vec<[&str; 1]> = phones.iter().map(|phone| [phone.as_str()]).collect();
        let people: Vec<(&str, &str, &str, &[&str])> = ids
            .iter()
            .zip(&numbers)
            .map(|(id, phone)| (id.as_str(), "Martha Kollie", "en", phone.as_slice()))
            .collect();
        t.people(&people).await;
        // The first submission waits while another phone asks to stop: its message stands in a later claim of the same pass.
        t.fake.script([Script::Wait]);
        t.app.send(&Caller::system(), &draft(Lane::Bulk, "a meeting")).await.expect("sent");
        let app = t.app.clone();
        let running = tokio::spawn(async move { app.run_until_idle().await });
        t.fake.waits.notified().await;
        let second = t.second().await;
        let stop = mhero_app::messaging::Received {
            channel: t.channel,
            carrier_id: None,
            from: "+231770000059".into(),
            text: "STOP".into(),
        };
        second.receive(&stop).await.expect("accepted");
        t.fake.go_on.notify_one();
        running.await.expect("it ends").expect("idle");
        t.app.run_until_idle().await.expect("idle");
        let texts = t.fake.texts();
        let meetings = texts.iter().filter(|(_, text)| text == "a meeting").count();
        assert!(meetings >= 59, "{meetings} of 60, {engine:?}");
        assert_eq!(left(&t).await, 0);
    }
}

#[tokio::test]
async fn who_stopped_us_at_the_carrier_is_stopped_here() {
    for engine in engines() {
        let t = sent(engine, Lane::Bulk, "a meeting", &[Script::Stopped]).await;
        assert_eq!((state(&t).await.as_str(), left(&t).await), ("failed", 0));
        let stops = || t.app.store().stops("tel", "+231770000001");
        assert_eq!(stops().await.expect("stops"), [String::new()], "{engine:?}");
        // Whether it is refused since nobody is left, or is a broadcast to nobody.
        let _ = t.app.send(&Caller::system(), &draft(Lane::Bulk, "another meeting")).await;
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 1, "{engine:?}: nothing more goes there");
        let log = t.app.audit_log(&Caller::system(), &mhero_store::AuditFilter::default(), 100).await.expect("the log");
        let entry = log.iter().find(|entry| entry.action == "stopped-by-carrier").expect("it says whence it came");
        assert!(entry.facts.to_string().contains(&t.channel.to_string()), "{:?}", entry.facts);
        t.receive("+231770000001", "we have two cases of measles here", Some("1")).await;
        t.app.run_until_idle().await.expect("idle");
        let heard = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::In), 9).await;
        assert_eq!(heard.expect("messages").len(), 1, "who reports is heard all the same");
    }
}
