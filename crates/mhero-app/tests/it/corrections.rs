//! Corrections go to exactly those who got the error, or may have; and broadcasts that share a channel share it fairly.

use jiff::SignedDuration;
use mhero_app::{
    AppError, Caller, NewUser,
    approvals::ApprovalSettings,
    broadcasts::{Correction, Draft, Release},
};
use mhero_core::{BroadcastId, Lane, Lang, Role};
use mhero_store::Engine;

use crate::common::{Script, TestApp, engines};

const PHONES: [&str; 5] = ["+231770000001", "+231770000002", "+231770000003", "+231770000004", "+231770000005"];

async fn office(engine: Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    let people: [(&str, &str, &str, &[&str]); 5] = [
        ("P1", "Martha Kollie", "en", &["0770000001"]),
        ("P2", "James Flomo", "en", &["0770000002"]),
        ("P3", "Aissata Diallo", "fr", &["0770000003"]),
        ("P4", "Fatou Bah", "fr", &["0770000004"]),
        ("P5", "Ruth Sumo", "en", &["0770000005"]),
    ];
    t.people(&people).await;
    t
}

fn draft(query: &str, lane: Lane) -> Draft {
    Draft {
        name: "Measles week".into(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "MOH: dose 5 ml".into()), (Lang::FRENCH, "MSP: dose 5 ml".into())],
        lane,
        release: Release::Now,
        ..Draft::empty(&[])
    }
}

async fn send(t: &TestApp, draft: &Draft) -> BroadcastId {
    let id = t.app.send(&Caller::system(), draft).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    id
}

/// An official: drafts are somebody's own.
async fn author(t: &TestApp) -> Caller {
    let new = NewUser {
        email: format!("{}@moh.example", t.app.store().mint().uuid()),
        name: "Joseph Tarr".into(),
        language: Lang::ENGLISH,
        role: Role::Hr,
        place: None,
        programme: None,
        password: None,
    };
    let id = t.app.add_user(&Caller::system(), new).await.expect("a user");
    t.app.caller_of_user(id).await.expect("read").expect("there")
}

/// Drafts a correction, writes its text and sends it. Returns who got it.
async fn correct(t: &TestApp, id: BroadcastId, correction: Correction) -> (BroadcastId, Vec<String>) {
    let caller = author(t).await;
    let new = t.app.store().mint().id(BroadcastId::from_uuid);
    t.app.draft_correction(&caller, id, correction, new).await.expect("a draft");
    let mut draft = t.app.draft(&caller, new).await.expect("it is there").draft;
    for (_, text) in &mut draft.texts {
        text.push_str(" RIGHT");
    }
    draft.release = Release::AfterUndo;
    t.app.save_draft(&caller, new, &draft).await.expect("kept");
    let sent = t.app.send_draft(&caller, new).await.expect("sent");
    t.app.run_until_idle().await.expect("idle");
    t.hand.advance(SignedDuration::from_secs(61));
    t.app.run_until_idle().await.expect("idle");
    let texts = t.fake.texts().into_iter().filter(|(_, text)| text.contains("RIGHT"));
    let mut got: Vec<String> = texts.map(|(to, _)| to).collect();
    got.sort();
    (sent, got)
}

#[tokio::test]
async fn a_correction_goes_to_exactly_those_who_got_the_error() {
    for engine in engines() {
        let t = office(engine).await;
        t.hear(PHONES[1], "STOP").await;
        // One is refused, one may have left, two leave; one had stopped.
        t.fake.script([Script::Refuse, Script::Unknown]);
        let id = send(&t, &draft("*", Lane::Bulk)).await;
        let erred: Vec<String> =
            t.fake.texts().into_iter().filter(|(_, text)| text.contains("dose")).map(|(to, _)| to).collect();
        assert_eq!(erred.len(), 4, "{engine:?}");
        t.hear(PHONES[1], "START").await;
        let (sent, got) = correct(&t, id, Correction::default()).await;
        let mut due = erred[1..].to_vec();
        due.sort();
        assert_eq!(got, due, "{engine:?}: not the refused, not who had stopped, but the uncertain");
        let (corrects, corrections) = t.app.correction_links(&Caller::system(), sent).await.expect("links");
        assert_eq!((corrects.expect("linked").id, corrections.len()), (id, 0));
        let (corrects, corrections) = t.app.correction_links(&Caller::system(), id).await.expect("links");
        assert_eq!((corrects, corrections.len(), corrections[0].id), (None, 1, sent));
        let page = t.app.broadcast_page(&Caller::system(), sent).await.expect("a page");
        assert_eq!(page.broadcast.lane, Lane::Bulk);
        assert!(page.sentence.contains("may have got"), "{}", page.sentence);
    }
}

#[tokio::test]
async fn what_has_not_left_is_taken_back_and_a_language_can_be_chosen() {
    for engine in engines() {
        let t = office(engine).await;
        // Only two fit into this second.
        let rate = [("rate".to_owned(), "2".to_owned())];
        t.app.change_channel(&Caller::system(), t.channel, &rate).await.expect("set");
        let id = t.app.send(&Caller::system(), &draft("*", Lane::Bulk)).await.expect("sent");
        for _ in 0..5 {
            t.app.run_until_idle().await.expect("idle");
        }
        let erred = t.fake.count();
        assert!((1..5).contains(&erred), "{engine:?}: {erred}");
        let (_, got) = correct(&t, id, Correction { language: None, stops_rest: true }).await;
        for _ in 0..10 {
            t.hand.advance(SignedDuration::from_secs(1));
            t.app.run_until_idle().await.expect("idle");
        }
        let wrong = t.fake.texts().iter().filter(|(_, text)| text.contains("dose") && !text.contains("RIGHT")).count();
        let right = t.fake.texts().iter().filter(|(_, text)| text.contains("RIGHT")).count();
        assert_eq!((wrong, right), (erred, erred), "{engine:?} {got:?}");

        let t = office(engine).await;
        let id = send(&t, &draft("*", Lane::Alert)).await;
        let (_, got) = correct(&t, id, Correction { language: Some(Lang::FRENCH), stops_rest: false }).await;
        assert_eq!(got, PHONES[2..4], "{engine:?}");
    }
}

#[tokio::test]
async fn a_large_correction_needs_a_second_person_too_and_nothing_is_corrected_that_has_not_left() {
    for engine in engines() {
        let t = office(engine).await;
        let (system, caller) = (Caller::system(), author(&t).await);
        let later = Release::At(t.app.clock().now() + SignedDuration::from_hours(1));
        let planned = t.app.send(&caller, &Draft { release: later, ..draft("*", Lane::Bulk) }).await.expect("planned");
        let new = t.app.store().mint().id(BroadcastId::from_uuid);
        let refused = t.app.draft_correction(&caller, planned, Correction::default(), new).await;
        assert!(
            matches!(&refused, Err(AppError::Invalid(reason)) if reason.key == "correction-nothing-sent"),
            "{refused:?}"
        );
        let id = send(&t, &draft("*", Lane::Bulk)).await;
        let settings = ApprovalSettings { above: Some(2), minutes: 30 };
        t.app.set_approvals(&system, &settings).await.expect("set");
        t.app.draft_correction(&caller, id, Correction::default(), new).await.expect("a draft");
        let sent = t.app.send_draft(&caller, new).await;
        assert!(
            matches!(&sent, Err(AppError::Invalid(reason)) if reason.key == "send-no-approver"),
            "{engine:?}: {sent:?}"
        );
    }
}

#[tokio::test]
async fn two_broadcasts_share_the_rate_of_a_channel_and_the_end_is_foretold() {
    for engine in engines() {
        let t = office(engine).await;
        let caller = Caller::system();
        let rate = [("rate".to_owned(), "2".to_owned())];
        t.app.change_channel(&caller, t.channel, &rate).await.expect("set");
        // Two SMS each, so that what is shared is counted in segments.
        let long = |word: &str| format!("{word} ").repeat(40);
        let one = |word: &str| Draft {
            texts: vec![(Lang::ENGLISH, long(word))],
            name: word.into(),
            ..draft("*", Lane::Bulk)
        };
        let first = t.app.send(&caller, &one("north")).await.expect("sent");
        t.app.send(&caller, &one("south")).await.expect("sent");
        let parts = |word: &str| t.fake.texts().iter().filter(|(_, text)| text.contains(word)).count();
        for _ in 0..8 {
            t.app.run_until_idle().await.expect("idle");
            let (north, south) = (parts("north"), parts("south"));
            assert!(north.abs_diff(south) <= 4, "{engine:?}: {north} and {south}");
            t.hand.advance(SignedDuration::from_secs(1));
        }
        let (north, south) = (parts("north"), parts("south"));
        assert!(north >= 4 && south >= 4 && north + south < 20, "{engine:?}: {north} and {south}");
        let forecast = t.app.broadcast_forecast(&caller, first).await.expect("read").expect("it is being sent");
        assert!(forecast.segments > 0 && forecast.per_second.is_some(), "{forecast:?}");
        let foretold = forecast.ends_at.expect("an end").duration_since(t.app.clock().now());
        assert!(foretold <= SignedDuration::from_secs(20), "{forecast:?}");
        for _ in 0..20 {
            t.hand.advance(SignedDuration::from_secs(1));
            t.app.run_until_idle().await.expect("idle");
        }
        assert_eq!((parts("north"), parts("south")), (10, 10), "{engine:?}");
        assert_eq!(t.app.broadcast_forecast(&caller, first).await.expect("read"), None);
    }
}
