//! Rules of delivery: hours and days by place, how much one person gets, how long a message is worth sending, what operators block,
//! when texts were written, and what nobody knows.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Time, Weekday},
};
use mhero_app::{
    AppError, Caller, QuietHours, RestDays,
    broadcasts::{Draft, Release},
    delivery_rules::{Caps, Over, Policy, UncertainRules, Validity},
    messaging::{Received, Verdict},
};
use mhero_core::{BroadcastId, Direction, Lane, Lang, PlaceId};
use mhero_store::{AuditFilter, MessageRow, ThreadFilter};

use crate::{
    audiences::country,
    common::{Script, TestApp, engines},
    flows::{keyword, saved, stock},
};

const MARTHA: &str = "+231770000001";

fn draft(query: &str, lane: Lane) -> Draft {
    Draft {
        name: "Test".into(),
        query: query.into(),
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

async fn send(t: &TestApp, query: &str, lane: Lane) -> BroadcastId {
    let id = t.app.send(&Caller::system(), &draft(query, lane)).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    id
}

async fn out(t: &TestApp) -> Vec<MessageRow> {
    let scope = Caller::system().scope;
    t.app.store().recent_messages(&scope, (0, i64::MAX), Some(Direction::Out), 100).await.expect("messages")
}

async fn pass(t: &TestApp, span: SignedDuration) {
    t.hand.advance(span);
    t.app.run_until_idle().await.expect("idle");
}

async fn place(t: &TestApp, name: &str) -> PlaceId {
    t.app.store().places_called(&name.to_lowercase(), name).await.expect("places").remove(0).id
}

fn hours(from: i8, until: i8, rest: &[Weekday]) -> QuietHours {
    let time = |hour| Time::constant(hour, 0, 0, 0);
    QuietHours { from: time(from), until: time(until), rest: RestDays::of(rest.iter().copied()) }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The numbers that got something, sorted.
fn reached(t: &TestApp) -> Vec<String> {
    let mut numbers: Vec<_> = t.fake.texts().into_iter().map(|(number, _)| number[10..].to_owned()).collect();
    numbers.sort();
    numbers
}

async fn audited(t: &TestApp, action: &str) -> bool {
    let all = t.app.store().audit_log(&Caller::system().scope, &AuditFilter::default(), 100).await.expect("a log");
    all.iter().any(|entry| entry.action == action)
}

#[tokio::test]
async fn the_nearest_place_says_when_people_rest() {
    for engine in engines() {
        let t = country(engine).await;
        let caller = Caller::system();
        // It is Thursday 09:00. Lofa rests until noon; in it nothing else; Bong rests on Thursdays, but for one clinic.
        let (lofa, bong, clinic) = (place(&t, "Lofa").await, place(&t, "Bong").await, place(&t, "River Clinic").await);
        t.app.set_place_hours(&caller, lofa, Some(hours(6, 12, &[]))).await.expect("set");
        t.app.set_place_hours(&caller, bong, Some(hours(20, 7, &[Weekday::Thursday]))).await.expect("set");
        t.app.set_place_hours(&caller, clinic, Some(hours(0, 0, &[]))).await.expect("set");
        let id = send(&t, "*", Lane::Bulk).await;
        // Ruth works nowhere, and the nation is awake. Hawa of the clinic has no number that can be.
        assert_eq!(reached(&t), ["006"], "{engine:?}");
        let held = t.app.held_back(&caller, id).await.expect("seen");
        let told: Vec<_> = held.iter().map(|one| (one.reason.as_str(), one.people, one.until)).collect();
        let quiet = ("quiet-hours", 1, at("2026-05-14T12:00:00Z"));
        assert_eq!(told, [quiet, ("rest-day", 2, at("2026-05-15T07:00:00Z"))], "{engine:?}");
        let people = t.app.held_people(&caller, id, uuid::Uuid::nil()).await.expect("seen");
        let lofa_name = people.iter().find(|one| one.name == "Martha Kollie").and_then(|one| one.place.clone());
        assert_eq!(
            lofa_name.and_then(|names| names.get(Lang::ENGLISH).map(ToOwned::to_owned)).as_deref(),
            Some("Lofa")
        );
        // Alerts and answers always go.
        send(&t, "phone = 0770000001", Lane::Alert).await;
        assert_eq!(reached(&t), ["001", "006"], "{engine:?}");
        pass(&t, SignedDuration::from_hours(3)).await;
        assert_eq!(reached(&t), ["001", "001", "006"], "at noon, {engine:?}");
        // At 20:00 the nation and Bong rest; the held ones of Bong stay until Friday 07:00.
        pass(&t, SignedDuration::from_hours(18)).await;
        assert_eq!(t.fake.count(), 3);
        pass(&t, SignedDuration::from_hours(1)).await;
        assert_eq!(t.fake.count(), 5, "{engine:?}");
        assert!(t.app.held_back(&caller, id).await.expect("seen").is_empty());
        assert!(audited(&t, "quiet-hours-set").await);
    }
}

#[tokio::test]
async fn a_rule_that_is_changed_holds_at_once_and_what_leaves_in_quiet_hours_by_reason_does() {
    for engine in engines() {
        let t = country(engine).await;
        let caller = Caller::system();
        let lofa = place(&t, "Lofa").await;
        t.app.set_place_hours(&caller, lofa, Some(hours(6, 12, &[]))).await.expect("set");
        send(&t, "phone = 0770000001", Lane::Bulk).await;
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        let notes = t.app.message_notes(&out(&t).await).await.expect("notes");
        let held = notes.values().find_map(|note| note.held.clone());
        assert_eq!(held, Some(("quiet-hours".to_owned(), at("2026-05-14T12:00:00Z"))));
        let urgent = Draft { quiet_override: Some("cholera".into()), ..draft("phone = 0770000001", Lane::Bulk) };
        t.app.send(&caller, &urgent).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 1, "{engine:?}");
        // A clock that is mended does not let it go early either.
        pass(&t, SignedDuration::from_mins(70)).await;
        assert_eq!(t.fake.count(), 1, "{engine:?}");
        t.app.set_place_hours(&caller, lofa, None).await.expect("taken away");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2, "{engine:?}");
        assert!(matches!(t.app.set_place_hours(&caller, lofa, None).await, Err(AppError::NotFound { .. })));
        let never = hours(
            0,
            0,
            &[
                Weekday::Monday,
                Weekday::Tuesday,
                Weekday::Wednesday,
                Weekday::Thursday,
                Weekday::Friday,
                Weekday::Saturday,
                Weekday::Sunday,
            ],
        );
        assert!(matches!(t.app.set_place_hours(&caller, lofa, Some(never)).await, Err(AppError::Invalid(_))));
        assert!(matches!(t.app.set_national_hours(&caller, never).await, Err(AppError::Invalid(_))));
        // A national day of rest holds everybody, and says so.
        t.app.set_national_hours(&caller, hours(20, 7, &[Weekday::Thursday])).await.expect("set");
        let id = send(&t, "*", Lane::Bulk).await;
        let held = t.app.held_back(&caller, id).await.expect("seen");
        assert_eq!((held[0].reason.as_str(), held[0].until), ("rest-day", at("2026-05-15T07:00:00Z")), "{engine:?}");
        assert_eq!(held.iter().map(|one| one.people).sum::<i64>(), 4, "{engine:?}");
        assert_eq!(t.fake.count(), 2, "{engine:?}");
    }
}

#[tokio::test]
async fn nobody_gets_more_than_the_cap_over_all_programmes() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let caller = Caller::system();
        t.app.set_caps(&caller, Caps { per_day: Some(2), ..Caps::default() }).await.expect("set");
        for _ in 0..3 {
            send(&t, "*", Lane::Bulk).await;
        }
        assert_eq!(t.fake.count(), 2, "{engine:?}");
        // Alerts and answers are neither held nor counted.
        send(&t, "*", Lane::Alert).await;
        t.hear(MARTHA, "HELP").await;
        assert_eq!(t.fake.count(), 4, "{engine:?}");
        let waiting: Vec<_> = out(&t).await.into_iter().filter(|message| message.state == "waiting").collect();
        let notes = t.app.message_notes(&waiting).await.expect("notes");
        assert_eq!(notes[&waiting[0].id].held, Some(("cap-day".to_owned(), at("2026-05-15T00:00:00Z"))));
        // The next free day begins in quiet hours.
        pass(&t, SignedDuration::from_hours(16)).await;
        assert_eq!(t.fake.count(), 4);
        pass(&t, SignedDuration::from_hours(6)).await;
        assert_eq!(t.fake.count(), 5, "{engine:?}");
        t.app
            .set_caps(&caller, Caps { per_week: Some(3), over: Over::LeaveOut, ..Caps::default() })
            .await
            .expect("set");
        let id = send(&t, "*", Lane::Bulk).await;
        assert_eq!(t.fake.count(), 5, "{engine:?}");
        let people = t.app.store().broadcast_people(&caller.scope, id, "cancelled", uuid::Uuid::nil(), 10).await;
        assert_eq!(people.expect("people")[0].reason.as_deref(), Some("cap-week"));
        assert!(t.app.set_caps(&caller, Caps { per_day: Some(0), ..Caps::default() }).await.is_err());
        assert!(audited(&t, "caps-set").await);
    }
}

#[tokio::test]
async fn what_is_no_longer_worth_sending_expires_with_its_reason() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let caller = Caller::system();
        t.app.set_validity(&caller, Validity { bulk: Some(90), ..Validity::default() }).await.expect("set");
        let id = send(&t, "*", Lane::Bulk).await;
        assert_eq!((t.fake.count(), t.fake.kept_minutes()), (1, Some(90)), "{engine:?}");
        // It does not leave for an hour and a half.
        t.fake.script([Script::NotSent; 40]);
        send(&t, "*", Lane::Bulk).await;
        for _ in 0..10 {
            pass(&t, SignedDuration::from_mins(10)).await;
        }
        let last = out(&t).await.remove(0);
        assert_eq!((last.state.as_str(), last.failure.as_deref()), ("expired", Some("validity")), "{engine:?}");
        let tries = t.fake.count();
        pass(&t, SignedDuration::from_hours(3)).await;
        assert_eq!(t.fake.count(), tries, "{engine:?}");
        // A broadcast's own word counts before that of its lane, and what nobody knows is asked, not repeated.
        t.app.set_broadcast_validity(&caller, id, Some(30)).await.expect("set");
        assert_eq!(t.app.broadcast_validity(&caller, id).await.expect("seen"), Some(30));
        assert!(t.app.set_broadcast_validity(&caller, id, Some(0)).await.is_err());
        t.app.set_validity(&caller, Validity { alert: Some(1), ..Validity::default() }).await.expect("set");
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        t.app.set_validity(&caller, Validity { alert: Some(1), ..Validity::default() }).await.expect("set");
        t.fake.script([Script::Unknown]);
        send(&t, "*", Lane::Alert).await;
        pass(&t, SignedDuration::from_mins(5)).await;
        assert_eq!((out(&t).await[0].state.as_str(), t.fake.count()), ("uncertain", 1), "{engine:?}");
        assert!(t.app.uncertain_messages(&caller, None).await.expect("seen").rows[0].is_held);
    }
}

#[tokio::test]
async fn numbers_that_the_operator_blocks_are_left_out_and_still_heard() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        let both: &[&str] = &["0770000001"];
        t.people(&[("P1", "Martha Kollie", "en", both), ("P2", "Fatou Diallo", "en", &["0770000002"])]).await;
        let caller = Caller::system();
        let file = "\u{feff}name;msisdn\nMartha;0770 000 001\nNobody;hello\n;\nTwice;+231770000001\n";
        let blocked = t.app.import_blocks(&caller, "Lonestar, May", file.as_bytes()).await.expect("imported");
        assert_eq!((blocked.numbers, blocked.unreadable, blocked.unreadable_lines), (1, 1, vec![3]), "{engine:?}");
        let id = send(&t, "*", Lane::Bulk).await;
        assert_eq!(reached(&t), ["002"], "{engine:?}");
        let page = t.app.broadcast_page(&caller, id).await.expect("a page");
        assert_eq!((page.left_out[0].reason.as_str(), page.left_out[0].people), ("operator-block", 1));
        // It is no STOP: an alert goes, and who reports a case is heard and answered.
        send(&t, "phone = 0770000001", Lane::Alert).await;
        assert_eq!(reached(&t), ["001", "002"], "{engine:?}");
        assert!(t.app.store().stops("tel", MARTHA).await.expect("stops").is_empty());
        t.hear(MARTHA, "we have a case of measles in the village since monday").await;
        let threads = t.app.threads(&caller, "open", ThreadFilter::All, i64::MAX, 10).await.expect("threads");
        assert_eq!(threads.len(), 1, "{engine:?}");
        t.app.answer(&caller, threads[0].id, "we come", "1").await.expect("answered");
        t.app.run_until_idle().await.expect("idle");
        assert!(t.fake.texts().iter().any(|(_, text)| text == "we come"), "{engine:?}");
        // What waited when the list came is left out too, and taking the list back lets all go.
        assert_eq!(t.app.block_lists(&caller).await.expect("lists").1, 1);
        t.app.undo_blocks(&caller, blocked.list).await.expect("undone");
        assert!(matches!(t.app.undo_blocks(&caller, blocked.list).await, Err(AppError::NotFound { .. })));
        assert_eq!(t.app.block_lists(&caller).await.expect("lists").1, 0);
        let before = t.fake.count();
        send(&t, "*", Lane::Bulk).await;
        assert_eq!(t.fake.count(), before + 2, "{engine:?}");
        for wrong in [&b""[..], b"name\nno number\n"] {
            assert!(matches!(t.app.import_blocks(&caller, "x", wrong).await, Err(AppError::Invalid(_))));
        }
        assert!(t.app.import_blocks(&caller, " ", b"0770000001").await.is_err());
        assert!(audited(&t, "blocks-imported").await && audited(&t, "blocks-undone").await);
    }
}

#[tokio::test]
async fn a_stopped_person_who_reports_a_case_is_heard() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        for stop in ["PARAR", "توقف"] {
            t.hear(MARTHA, stop).await;
            assert_eq!(t.app.store().stops("tel", MARTHA).await.expect("stops"), [String::new()], "{stop} {engine:?}");
            let before = t.fake.count();
            send(&t, "*", Lane::Bulk).await;
            assert_eq!(t.fake.count(), before, "{stop} {engine:?}");
            t.hear(MARTHA, "START").await;
        }
        t.hear(MARTHA, "STOP").await;
        t.hand.advance(SignedDuration::from_mins(1));
        t.hear(MARTHA, "suspected ebola in our clinic, two people").await;
        let threads = t.app.threads(&Caller::system(), "open", ThreadFilter::All, i64::MAX, 10).await.expect("threads");
        assert_eq!(threads.len(), 1, "{engine:?}");
    }
}

#[tokio::test]
async fn two_machines_that_answer_each_other_come_to_an_end() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        // The other machine answers whatever it gets with a word that we answer.
        let mut answered = 0;
        for _ in 0..40 {
            t.hand.advance(SignedDuration::from_secs(30));
            t.hear(MARTHA, "HELP").await;
            if t.fake.count() == answered {
                break;
            }
            answered = t.fake.count();
        }
        let most = usize::try_from(mhero_core::limits::AUTO_REPLIES_PER_HOUR_MAX).expect("few");
        assert_eq!(answered, most, "{engine:?}");
        pass(&t, SignedDuration::from_mins(61)).await;
        t.hear(MARTHA, "HELP").await;
        assert_eq!(t.fake.count(), most + 1, "an hour later a person is helped again, {engine:?}");
    }
}

#[tokio::test]
async fn a_text_keeps_the_time_at_which_it_was_written() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"])]).await;
        let flow = saved(&t, &stock()).await;
        keyword(&t, flow, "stock", false).await;
        t.hear(MARTHA, "stock").await;
        // Nobody answers in ten minutes; the answer was written in time and is on its way for hours.
        pass(&t, SignedDuration::from_hours(3)).await;
        let now = t.app.clock().now();
        let received = |id: &str, text: &str| Received {
            channel: t.channel,
            carrier_id: Some(id.into()),
            from: MARTHA.into(),
            text: text.into(),
        };
        let written = now - SignedDuration::from_mins(175);
        t.app.receive_said(&received("1", "12 strips"), Some(written)).await.expect("taken");
        // The same again, with another time: the first counts.
        t.app.receive_said(&received("1", "12 strips"), Some(now)).await.expect("taken");
        t.app.run_until_idle().await.expect("idle");
        let late = t.app.late_answers(&Caller::system(), flow).await.expect("late ones");
        assert_eq!(late.len(), 1, "{engine:?}");
        assert_eq!(late[0].text.as_deref(), Some("12 strips"));
        assert_eq!((late[0].said_at, late[0].received_at), (Some(written.as_microsecond()), now.as_microsecond()));
        t.hand.advance(SignedDuration::from_mins(1));
        t.app
            .receive_said(
                &received("2", "from the future, by a wrong clock"),
                Some(now + SignedDuration::from_hours(48)),
            )
            .await
            .expect("taken");
        t.app
            .receive_said(&received("3", "from long ago, by a wrong clock"), Some(Timestamp::UNIX_EPOCH))
            .await
            .expect("taken");
        t.app.run_until_idle().await.expect("idle");
        let scope = Caller::system().scope;
        let heard = t.app.store().recent_messages(&scope, (0, i64::MAX), Some(Direction::In), 10).await.expect("heard");
        let notes = t.app.message_notes(&heard).await.expect("notes");
        let note = |text: &str| {
            let message = heard.iter().find(|message| message.text.as_deref() == Some(text)).expect("it is there");
            notes.get(&message.id).cloned().unwrap_or_default()
        };
        assert!(note("12 strips").is_late && note("12 strips").said_at == Some(written));
        assert_eq!(note("from the future, by a wrong clock").note, "ahead");
        assert_eq!(note("from long ago, by a wrong clock").note, "old");
        assert_eq!(note("stock").said_at, None);
    }
}

#[tokio::test]
async fn what_nobody_knows_is_settled_by_policy_or_by_a_person() {
    for engine in engines() {
        let t = TestApp::new(engine).await;
        t.people(&[("P1", "Martha Kollie", "en", &["0770000001"]), ("P2", "Fatou Diallo", "en", &["0770000002"])])
            .await;
        let caller = Caller::system();
        let rules = UncertainRules { alert: Policy::Ask, broadcast: Policy::Resend(10), ..UncertainRules::default() };
        t.app.set_uncertain_rules(&caller, rules).await.expect("set");
        assert!(t.app.set_uncertain_rules(&caller, UncertainRules { lab: Policy::Resend(0), ..rules }).await.is_err());
        t.fake.script([Script::Unknown]);
        send(&t, "phone = 0770000001", Lane::Bulk).await;
        pass(&t, SignedDuration::from_mins(9)).await;
        assert_eq!(t.fake.count(), 1, "{engine:?}");
        let waiting = t.app.uncertain_messages(&caller, None).await.expect("seen");
        assert_eq!((waiting.rows.len(), waiting.waiting, waiting.rows[0].is_held), (1, 0, false), "{engine:?}");
        pass(&t, SignedDuration::from_mins(2)).await;
        assert_eq!((t.fake.count(), out(&t).await[0].state.as_str()), (2, "sent"), "{engine:?}");
        // Now alerts wait for a person.
        t.fake.script([Script::Unknown; 3]);
        for _ in 0..3 {
            t.hand.advance(SignedDuration::from_secs(1));
            send(&t, "phone = 0770000002", Lane::Alert).await;
        }
        pass(&t, SignedDuration::from_hours(1)).await;
        let waiting = t.app.uncertain_messages(&caller, None).await.expect("seen");
        assert_eq!((t.fake.count(), waiting.rows.len(), waiting.waiting), (5, 3, 3), "{engine:?}");
        let ids: Vec<_> = waiting.rows.iter().map(|row| row.message).collect();
        let decide = |id: usize, verdict| {
            let (app, caller, id) = (t.app.clone(), caller.clone(), ids[id]);
            async move { app.decide_messages(&caller, &[id], verdict).await.expect("decided") }
        };
        assert_eq!(decide(0, Verdict::TakeAsSent).await, 1);
        assert_eq!(decide(0, Verdict::GiveUp).await, 0, "it is decided");
        assert_eq!(decide(1, Verdict::GiveUp).await, 1);
        assert_eq!(decide(2, Verdict::SendAgain).await, 1);
        t.app.run_until_idle().await.expect("idle");
        let states: Vec<_> =
            out(&t).await.into_iter().take(3).map(|message| (message.state, message.failure)).collect();
        let reason = |word: &str| Some(word.to_owned());
        assert_eq!(states[2], ("sent".to_owned(), reason("taken-as-sent")), "{engine:?}");
        assert_eq!(states[1], ("failed".to_owned(), reason("given-up")), "{engine:?}");
        assert_eq!((states[0].0.as_str(), t.fake.count()), ("sent", 6), "{engine:?}");
        assert!(audited(&t, "uncertain-decided").await && audited(&t, "uncertain-set").await);
    }
}
