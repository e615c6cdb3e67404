//! What leaves: retries, uncertainty by lane, reports in any order.

use jiff::SignedDuration;
use mhero_app::{
    Caller,
    broadcasts::{Draft, Release},
    messaging::Verdict,
    ports::Report,
};
use mhero_core::{BroadcastId, Direction, Lane, Lang};

use crate::common::{Script, TestApp, engines};

fn draft(lane: Lane) -> Draft {
    Draft {
        name: "Test".into(),
        query: "phone = 0770000001".into(),
        texts: vec![(Lang::ENGLISH, "MOH: hello".into())],
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

async fn one_person(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
    t
}

async fn send(t: &TestApp, lane: Lane) -> BroadcastId {
    let id = t.app.send(&Caller::system(), &draft(lane)).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    id
}

async fn state(t: &TestApp) -> String {
    let all = t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::Out), 1).await;
    all.expect("messages").remove(0).state
}

#[tokio::test]
async fn what_did_not_leave_is_tried_again_and_what_was_refused_is_not() {
    for engine in engines() {
        let t = one_person(engine).await;
        t.fake.script([Script::NotSent, Script::NotSent]);
        send(&t, Lane::Bulk).await;
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("waiting", 1));
        t.hand.advance(SignedDuration::from_secs(6));
        t.app.run_until_idle().await.expect("idle");
        t.hand.advance(SignedDuration::from_secs(16));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("sent", 3), "{engine:?}");
        t.fake.script([Script::Refuse]);
        send(&t, Lane::Bulk).await;
        t.hand.advance(SignedDuration::from_hours(2));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("failed", 4));
    }
}

#[tokio::test]
async fn an_uncertain_bulk_message_waits_for_an_official() {
    for engine in engines() {
        let t = one_person(engine).await;
        t.fake.script([Script::Unknown]);
        let id = send(&t, Lane::Bulk).await;
        t.hand.advance(SignedDuration::from_hours(1));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("uncertain", 1), "{engine:?}");
        let caller = Caller::system();
        assert_eq!(t.app.broadcast_page(&caller, id).await.expect("a page").to_decide, 1);
        assert_eq!(t.app.decide_uncertain(&caller, id, Verdict::SendAgain).await.expect("decided"), 1);
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("sent", 2));
    }
}

#[tokio::test]
async fn what_may_have_arrived_when_somebody_stops_stays_uncertain_and_is_not_sent_again() {
    for engine in engines() {
        for (lane, stops_by_word) in [(Lane::Bulk, true), (Lane::Alert, true), (Lane::Alert, false)] {
            let t = one_person(engine).await;
            t.fake.script([Script::Unknown]);
            let id = send(&t, lane).await;
            if stops_by_word {
                t.hear("+231770000001", "STOP").await;
            } else {
                // Nothing is taken back: the claim asks.
                let mut unit = mhero_store::Unit::new();
                unit.stop(("tel", "+231770000001"), "", None, t.app.clock().now_micros());
                t.app.store().write(unit, mhero_store::Queue::Interactive).await.expect("written");
            }
            t.hand.advance(SignedDuration::from_hours(3));
            t.app.run_until_idle().await.expect("idle");
            let again = t.fake.texts().iter().filter(|(_, text)| text.starts_with("MOH")).count();
            assert_eq!(again, 1, "{engine:?} {lane:?}");
            let states = t.app.broadcast_page(&Caller::system(), id).await.expect("a page");
            let states: Vec<_> = states.states.iter().filter(|s| s.messages > 0).map(|s| s.state).collect();
            assert_eq!(states, [mhero_core::MessageState::Uncertain], "{engine:?} {lane:?}");
        }
    }
}

#[tokio::test]
async fn an_uncertain_alert_is_sent_again_after_two_minutes_unless_a_report_came() {
    for engine in engines() {
        let t = one_person(engine).await;
        t.fake.script([Script::Unknown]);
        send(&t, Lane::Alert).await;
        t.hand.advance(SignedDuration::from_secs(119));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 1, "{engine:?}");
        t.hand.advance(SignedDuration::from_secs(2));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!((state(&t).await.as_str(), t.fake.count()), ("sent", 2));
    }
}

#[tokio::test]
async fn reports_move_forward_only_whenever_they_come() {
    for engine in engines() {
        let t = one_person(engine).await;
        // The report comes before the answer to the submission is written: it is kept.
        t.app.report(t.channel, "c1", Report::Delivered).await.expect("kept");
        send(&t, Lane::Bulk).await;
        assert_eq!(state(&t).await, "delivered", "{engine:?}");
        t.app.report(t.channel, "c1", Report::Failed { reason: "late".into() }).await.expect("taken");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(state(&t).await, "delivered");
        t.app.report(t.channel, "nobody", Report::Delivered).await.expect("an unknown id is no error");
    }
}
