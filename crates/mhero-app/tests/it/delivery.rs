//! Defects of delivery that were, each shown once.

use jiff::SignedDuration;
use mhero_app::{
    App, Caller,
    broadcasts::{Draft, Release},
    messaging::Verdict,
    ports::Report,
};
use mhero_core::{Direction, Lane, Lang};
use mhero_store::{MessageRow, Queue, Statement, ThreadFilter, Unit, Value};

use crate::common::{Script, TestApp, engines};

const MARTHA: &str = "+231770000001";
/// Longer than any lease, in microseconds.
const PAST_LEASES: i64 = 61_000_000;

fn draft(query: &str, lane: Lane, text: &str) -> Draft {
    Draft {
        name: String::new(),
        query: query.into(),
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

async fn two(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Fatou Diallo", "en", &["0770000002"])]).await;
    t
}

async fn sent(app: &App) -> Vec<MessageRow> {
    let all = app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::Out), 1_000).await;
    all.expect("messages")
}

async fn states(app: &App) -> Vec<String> {
    sent(app).await.into_iter().rev().map(|m| m.state).collect()
}

async fn pass(t: &TestApp, seconds: i64) {
    t.hand.advance(SignedDuration::from_secs(seconds));
    t.app.run_until_idle().await.expect("idle");
}

/// A thread with Martha.
async fn thread(t: &TestApp) -> mhero_core::ThreadId {
    t.hear(MARTHA, "we have no gloves since monday can we still do deliveries?").await;
    t.hand.advance(SignedDuration::from_secs(1));
    let threads = t.app.threads(&Caller::system(), "open", ThreadFilter::All, i64::MAX, 1).await.expect("threads");
    threads[0].id
}

#[tokio::test]
async fn an_answer_that_nobody_knows_about_holds_up_the_next_for_minutes_only() {
    for engine in engines() {
        let t = two(engine).await;
        let thread = thread(&t).await;
        t.fake.script([Script::Unknown; 4]);
        let caller = Caller::system();
        t.app.answer(&caller, thread, "first", "1").await.expect("answered");
        t.app.answer(&caller, thread, "second", "2").await.expect("answered");
        for _ in 0..10 {
            pass(&t, 121).await;
        }
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["first", "first", "first", "first", "second"], "{engine:?}");
    }
}

#[tokio::test]
async fn two_answers_of_one_instant_leave_one_after_the_other_and_in_order() {
    for engine in engines() {
        let t = two(engine).await;
        let thread = thread(&t).await;
        t.fake.script([Script::NotSent]);
        let caller = Caller::system();
        t.app.answer(&caller, thread, "first", "1").await.expect("answered");
        t.app.answer(&caller, thread, "second", "2").await.expect("answered");
        t.hand.advance(SignedDuration::from_hours(-1));
        t.app.answer(&caller, thread, "third, by a clock set back", "3").await.expect("answered");
        t.hand.advance(SignedDuration::from_hours(1));
        pass(&t, 0).await;
        assert_eq!(t.fake.count(), 1, "those behind it wait");
        pass(&t, 10).await;
        let texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["first", "first", "second", "third, by a clock set back"], "{engine:?}");
    }
}

#[tokio::test]
async fn stop_takes_back_an_answer_that_was_written_before_it() {
    for engine in engines() {
        let t = two(engine).await;
        let thread = thread(&t).await;
        let caller = Caller::system();
        t.fake.script([Script::NotSent]);
        t.app.answer(&caller, thread, "written before", "1").await.expect("answered");
        pass(&t, 0).await;
        t.hear(MARTHA, "STOP").await;
        pass(&t, 600).await;
        let left: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        assert_eq!(left, ["written before", "reply-stopped eng"], "tried before, not after, {engine:?}");
        assert!(t.app.answer(&caller, thread, "too late", "2").await.is_err());
        t.hear(MARTHA, "but what about the gloves that were promised?").await;
        t.hand.advance(SignedDuration::from_secs(1));
        t.app.answer(&caller, thread, "they come", "3").await.expect("they wrote again");
        t.hear(MARTHA, "STOP").await;
        assert!(t.app.answer(&caller, thread, "again too late", "4").await.is_err(), "a second STOP counts anew");
    }
}

#[tokio::test]
async fn a_late_report_on_the_first_attempt_does_not_fail_the_second() {
    for engine in engines() {
        let t = two(engine).await;
        // Two parts: the first is taken as c1, of the second nobody knows; then both again.
        t.fake.script([Script::Accept, Script::Unknown]);
        let long = "measles in the district, ".repeat(10);
        t.app.send(&Caller::system(), &draft("phone = 0770000001", Lane::Alert, &long)).await.expect("sent");
        pass(&t, 0).await;
        assert_eq!(states(&t.app).await, ["uncertain"]);
        pass(&t, 121).await;
        assert_eq!((states(&t.app).await, t.fake.count()), (vec!["sent".to_owned()], 4));
        t.app.report(t.channel, "c1", Report::Failed { reason: "absent".into() }).await.expect("taken");
        assert_eq!(states(&t.app).await, ["sent"], "{engine:?}");
        let (one, two) = tokio::join!(
            t.app.report(t.channel, "c3", Report::Delivered),
            t.app.report(t.channel, "c4", Report::Delivered)
        );
        one.and(two).expect("taken");
        assert_eq!(states(&t.app).await, ["delivered"], "two reports at once are both heard");
    }
}

#[tokio::test]
async fn a_report_kept_twice_is_no_error() {
    for engine in engines() {
        let t = two(engine).await;
        for _ in 0..2 {
            t.app.report(t.channel, "c1", Report::Delivered).await.expect("kept");
        }
        t.app.send(&Caller::system(), &draft("phone = 0770000001", Lane::Bulk, "hello")).await.expect("sent");
        pass(&t, 0).await;
        assert_eq!(states(&t.app).await, ["delivered"], "{engine:?}");
    }
}

#[tokio::test]
async fn an_answer_later_than_the_lease_is_still_true() {
    for engine in engines() {
        let t = two(engine).await;
        t.fake.script([Script::Wait]);
        t.app.send(&Caller::system(), &draft("phone = 0770000001", Lane::Alert, "hello")).await.expect("sent");
        let other = t.second().await;
        let slow = async { t.app.run_until_idle().await.expect("idle") };
        let meanwhile = async {
            t.fake.waits.notified().await;
            // Another node takes the channel over and says that nobody knows.
            other.store().shift_lease_time(PAST_LEASES);
            other.run_until_idle().await.expect("idle");
            assert_eq!(states(&other).await, ["uncertain"], "{engine:?}");
            t.fake.go_on.notify_one();
        };
        tokio::join!(slow, meanwhile);
        assert_eq!(states(&t.app).await, ["sent"]);
        t.hand.advance(SignedDuration::from_secs(121));
        other.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 1, "it is known to have left, so that it is not sent again");
        t.app.report(t.channel, "c1", Report::Delivered).await.expect("taken");
        assert_eq!(states(&t.app).await, ["delivered"]);
    }
}

#[tokio::test]
async fn what_the_urgent_pass_finds_under_way_in_the_other_is_not_interrupted() {
    for engine in engines() {
        let t = two(engine).await;
        t.fake.script([Script::Wait]);
        t.app.send(&Caller::system(), &draft("phone = 0770000001", Lane::Bulk, "hello")).await.expect("sent");
        let slow = async { t.app.run_until_idle().await.expect("idle") };
        let meanwhile = async {
            t.fake.waits.notified().await;
            // The clock jumps: the lease of this very process has run out.
            t.hand.advance(SignedDuration::from_mins(5));
            t.app.store().shift_lease_time(PAST_LEASES);
            t.app.send(&Caller::system(), &draft("phone = 0770000002", Lane::Alert, "measles")).await.expect("sent");
            t.app.run_until_idle().await.expect("idle");
            let before = sent(&t.app).await.into_iter().find(|m| m.lane == Lane::Bulk).expect("a message").state;
            assert_eq!(before, "submitting", "{engine:?}");
            t.fake.go_on.notify_one();
        };
        tokio::join!(slow, meanwhile);
        assert_eq!(states(&t.app).await, ["sent", "sent"]);
    }
}

#[tokio::test]
async fn an_uncertain_message_of_a_broadcast_that_is_done_is_sent_again_when_an_official_says_so() {
    for engine in engines() {
        let t = two(engine).await;
        t.fake.script([Script::Unknown, Script::Accept, Script::NotSent]);
        let caller = Caller::system();
        let id = t.app.send(&caller, &draft("*", Lane::Bulk, "hello")).await.expect("sent");
        pass(&t, 0).await;
        assert_eq!(t.app.broadcast_page(&caller, id).await.expect("a page").broadcast.status, "done");
        t.app.decide_uncertain(&caller, id, Verdict::SendAgain).await.expect("decided");
        pass(&t, 0).await;
        pass(&t, 20).await;
        assert_eq!(states(&t.app).await, ["sent", "sent"], "{engine:?}");
    }
}

#[tokio::test]
async fn cancelling_takes_back_also_what_was_being_handed_over_and_did_not_go() {
    for engine in engines() {
        let t = two(engine).await;
        let caller = Caller::system();
        t.fake.script([Script::Wait, Script::NotSent]);
        let id = t.app.send(&caller, &draft("*", Lane::Bulk, "hello")).await.expect("sent");
        let slow = async { t.app.run_until_idle().await.expect("idle") };
        let meanwhile = async {
            t.fake.waits.notified().await;
            t.app.cancel_broadcast(&caller, id).await.expect("cancelled");
            let other = t.second().await;
            other.run_until_idle().await.expect("idle");
            t.fake.go_on.notify_one();
        };
        tokio::join!(slow, meanwhile);
        for _ in 0..4 {
            pass(&t, 61).await;
        }
        let mut states = states(&t.app).await;
        states.sort();
        assert_eq!(states, ["cancelled", "sent"], "{engine:?}");
        assert!(t.app.store().count_jobs().await.expect("a count").is_empty());
    }
}

#[tokio::test]
async fn a_carrier_that_repeats_a_text_while_it_is_handled_blocks_nobody() {
    static COPY: Statement = Statement::both(
        "test::copy",
        "INSERT INTO intake (id, channel, carrier_id, scheme, path, text, received_at, attempt, ready_at) VALUES ($1, $2, 'x1', 'tel', $3, 'hello', $4, 0, $4)",
    );
    for engine in engines() {
        let t = two(engine).await;
        t.receive(MARTHA, "hello", Some("x1")).await;
        pass(&t, 0).await;
        // On PostgreSQL the second copy can enter just while the first leaves; written here by hand.
        let mut unit = Unit::new();
        let id: Value = t.app.store().mint().id(mhero_core::IntakeId::from_uuid).into();
        let now = t.app.clock().now_micros();
        unit.one(&COPY, vec![id, t.channel.into(), MARTHA.into(), now.into()]);
        t.app.store().write(unit, Queue::Interactive).await.expect("written");
        t.hear(MARTHA, "we have no gloves left in this ward").await;
        let texts =
            t.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), Some(Direction::In), 10).await;
        assert_eq!(texts.expect("messages").len(), 2, "{engine:?}");
        assert_eq!(t.app.store().waiting_intake().await.expect("a count").0, 0);
    }
}

#[tokio::test]
async fn a_number_whose_holder_is_gone_is_still_heard() {
    static PRIMARY: Statement =
        Statement::both("test::primary", "INSERT INTO urn_primary (scheme, path, person) VALUES ('tel', $1, $2)");
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let mut unit = Unit::new();
        let gone: Value = mhero_core::PersonId::from_uuid(uuid::Uuid::from_u128(7)).into();
        unit.one(&PRIMARY, vec![MARTHA.into(), gone]);
        t.app.store().write(unit, Queue::Interactive).await.expect("written");
        t.hear(MARTHA, "we have no gloves left in this ward").await;
        assert_eq!(t.app.waiting_threads(&Caller::system()).await.expect("a count").0, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn a_small_broadcast_does_not_wait_until_a_large_one_is_through() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let phones: Vec<String> = (0..150).map(|n| format!("0770{n:06}")).collect();
        let ids: Vec<String> = (0..150).map(|n| format!("P{n}")).collect();
        let numbers: Vec<[&str; 1]> = phones.iter().map(|phone| [phone.as_str()]).collect();
        let people: Vec<(&str, &str, &str, &[&str])> = ids
            .iter()
            .zip(&numbers)
            .map(|(id, phone)| (id.as_str(), "Martha Kollie", "en", phone.as_slice()))
            .collect();
        t.people(&people).await;
        let caller = Caller::system();
        t.hand.set("2026-05-14T21:00:00Z".parse().expect("an instant"));
        t.app.send(&caller, &draft("*", Lane::Bulk, "large")).await.expect("sent");
        pass(&t, 1).await;
        t.app.send(&caller, &draft("phone = 0770000001", Lane::Bulk, "small")).await.expect("sent");
        pass(&t, 1).await;
        t.hand.set("2026-05-15T07:00:00Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        let texts = t.fake.texts();
        let small = texts.iter().position(|(_, text)| text == "small").expect("it left");
        assert!(small < 100 && texts.len() == 151, "{small} of {}, {engine:?}", texts.len());
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nothing_waiting() {
    for engine in engines() {
        let t = two(engine).await;
        let right = t.app.clock().now();
        t.hand.advance(SignedDuration::from_hours(24 * 365));
        t.fake.script([Script::NotSent]);
        t.app.send(&Caller::system(), &draft("phone = 0770000001", Lane::Alert, "measles")).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        t.receive(MARTHA, "we have no gloves left in this ward", None).await;
        t.hand.set(right);
        let next = t.second().await;
        if engine == mhero_store::Engine::Postgres {
            next.store().shift_lease_time(PAST_LEASES);
        }
        next.run_until_idle().await.expect("idle");
        next.run_until_idle().await.expect("idle");
        assert_eq!(states(&next).await, ["sent"], "{engine:?}");
        assert_eq!(next.waiting_threads(&Caller::system()).await.expect("a count").0, 1);
    }
}

#[tokio::test]
async fn what_left_last_decides_whose_the_answer_is() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Prince Zaza", "fr", &["0770000001"])]).await;
        let caller = Caller::system();
        t.hand.set("2026-05-14T21:00:00Z".parse().expect("an instant"));
        let french = draft("language = fr", Lane::Bulk, "meeting tomorrow");
        t.app.send(&caller, &french).await.expect("sent");
        pass(&t, 1).await;
        t.app.send(&caller, &draft("language = en", Lane::Alert, "measles")).await.expect("sent");
        pass(&t, 1).await;
        t.hand.set("2026-05-15T07:00:01Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        t.hear(MARTHA, "at what time and in which room will it be?").await;
        let threads = t.app.threads(&caller, "open", ThreadFilter::All, i64::MAX, 1).await.expect("threads");
        assert_eq!(threads[0].person_name, "Prince Zaza", "the broadcast left in the morning, {engine:?}");
    }
}
