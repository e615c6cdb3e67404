//! Broadcasts: evaluated at release and frozen, undone, paused, resumed, recurring, each message once.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    AppError, Caller,
    broadcasts::{Draft, Release},
};
use mhero_core::{Lane, Lang, MessageState};

use crate::common::{TestApp, engines};

fn draft(query: &str, release: Release) -> Draft {
    Draft {
        name: String::new(),
        query: query.into(),
        texts: vec![(Lang::ENGLISH, "MOH: meeting tomorrow".into()), (Lang::FRENCH, "MSP: réunion demain".into())],
        lane: Lane::Bulk,
        channel: None,
        release,
        zone: None,
        quiet_override: None,
        once_key: None,
        is_test: false,
        is_drill: false,
        programme: None,
        valid_minutes: None,
    }
}

async fn three(engine: mhero_store::Engine) -> TestApp {
    let t = TestApp::new(engine).await;
    t.people(&[
        ("P1", "Martha Kollie", "en", &["0770000001"]),
        ("P2", "Aissata Diallo", "fr", &["0770000002"]),
        ("P3", "James Flomo", "en", &["O770000003"]),
        ("P4", "Mary Sumo", "en", &[]),
        ("P5", "Prince Zaza", "en", &["+231770000001"]),
    ])
    .await;
    t
}

#[tokio::test]
async fn everybody_gets_it_once_in_their_language_and_the_rest_is_left_out_with_reasons() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let preview = t.app.preview(&caller, &draft("*", Release::Now), 0).await.expect("a preview");
        assert_eq!((preview.matched, preview.recipients), (5, 2), "{engine:?}");
        let id = t.app.send(&caller, &draft("*", Release::Now)).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        let mut texts = t.fake.texts();
        texts.sort();
        let wanted = [("+231770000001", "MOH: meeting tomorrow"), ("+231770000002", "MSP: réunion demain")];
        assert_eq!(texts, wanted.map(|(n, x)| (n.to_owned(), x.to_owned())));
        let page = t.app.broadcast_page(&caller, id).await.expect("a page");
        assert_eq!((page.broadcast.matched, page.broadcast.recipients), (5, 2));
        assert_eq!(page.broadcast.status, "done");
        let sent = page.states.iter().find(|s| s.state == MessageState::Sent).map(|s| s.messages);
        assert_eq!(sent, Some(2));
        let mut reasons: Vec<_> = page.left_out.iter().map(|e| (e.reason.as_str(), e.people)).collect();
        reasons.sort_unstable();
        assert_eq!(reasons, [("bad-number", 1), ("no-number", 1), ("shares-phone", 1)]);
    }
}

#[tokio::test]
async fn a_personal_text_reaches_everybody_who_shares_a_phone_and_begins_with_the_name() {
    for engine in engines() {
        let t = three(engine).await;
        let mut personal = draft("phone = 0770000001", Release::Now);
        personal.texts = vec![(Lang::ENGLISH, "Dear @contact.first_name, thank you".into())];
        t.app.send(&Caller::system(), &personal).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        let mut texts: Vec<_> = t.fake.texts().into_iter().map(|(_, text)| text).collect();
        texts.sort();
        assert_eq!(
            texts,
            ["Martha Kollie: Dear Martha, thank you", "Prince Zaza: Dear Prince, thank you"],
            "{engine:?}"
        );
    }
}

#[tokio::test]
async fn undo_within_the_minute_sends_nothing_and_after_it_is_too_late() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let id = t.app.send(&caller, &draft("*", Release::AfterUndo)).await.expect("drafted");
        t.hand.advance(SignedDuration::from_secs(59));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        t.app.undo_broadcast(&caller, id).await.expect("undone");
        t.hand.advance(SignedDuration::from_hours(1));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0);
        let id = t.app.send(&caller, &draft("*", Release::AfterUndo)).await.expect("drafted");
        t.hand.advance(SignedDuration::from_secs(61));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2);
        assert!(matches!(t.app.undo_broadcast(&caller, id).await, Err(AppError::Invalid(_))));
    }
}

#[tokio::test]
async fn pausing_holds_what_has_not_left_and_stopping_takes_it_back() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let first = t.app.send(&caller, &draft("*", Release::Now)).await.expect("sent");
        t.app.pause_broadcast(&caller, first).await.expect("paused");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        t.app.resume_broadcast(&caller, first).await.expect("resumed");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2);
        // Quiet hours hold the second one, so that it can be stopped after its release.
        t.hand.set("2026-05-14T21:00:00Z".parse().expect("an instant"));
        let second = t.app.send(&caller, &draft("*", Release::Now)).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2);
        t.app.cancel_broadcast(&caller, second).await.expect("stopped");
        t.app.run_until_idle().await.expect("idle");
        t.hand.set("2026-05-15T09:00:00Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2);
        let page = t.app.broadcast_page(&caller, second).await.expect("a page");
        let cancelled = page.states.iter().find(|s| s.state == MessageState::Cancelled).map(|s| s.messages);
        assert_eq!(cancelled, Some(2));
    }
}

#[tokio::test]
async fn quiet_hours_hold_bulk_but_never_an_alert_nor_what_an_official_exempted() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        t.hand.set("2026-05-14T22:00:00Z".parse().expect("an instant"));
        t.app.send(&caller, &draft("*", Release::Now)).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        let exempt = Draft { quiet_override: Some("outbreak in Lofa".into()), ..draft("*", Release::Now) };
        t.app.send(&caller, &exempt).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2);
        t.app.send(&caller, &Draft { lane: Lane::Alert, ..draft("*", Release::Now) }).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 4);
        t.hand.set("2026-05-15T07:00:01Z".parse().expect("an instant"));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 6, "they end at seven and nobody was excluded");
    }
}

#[tokio::test]
async fn issue_2_the_preview_tells_quiet_hours_at_the_time_of_release() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let evening: Timestamp = "2026-05-14T22:00:00Z".parse().expect("an instant");
        let (morning, noon) = (evening + SignedDuration::from_hours(9), evening + SignedDuration::from_hours(14));
        let daily = |at: &str| Release::Recurring(at.into());
        for (now, release, held) in [
            (noon, Release::At(noon + SignedDuration::from_hours(10)), true),
            (noon, daily("0 22 * * *"), true),
            (evening, Release::At(noon), false),
            (evening, daily("0 12 * * *"), false),
            (evening, Release::At(morning - SignedDuration::from_hours(2)), true),
            (evening, Release::Now, true),
        ] {
            t.hand.set(now);
            let preview = t.app.preview(&caller, &draft("*", release.clone()), 0).await.expect("a preview");
            assert_eq!(preview.quiet_until.is_some(), held, "{now} {release:?} {engine:?}");
        }
    }
}

#[tokio::test]
async fn a_scheduled_broadcast_is_evaluated_at_release_and_a_recurring_one_each_time() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let at: Timestamp = "2026-05-14T16:00:00Z".parse().expect("an instant");
        t.app.send(&caller, &draft("language = fr", Release::At(at))).await.expect("scheduled");
        t.people(&[("P6", "Mariam Camara", "fr", &["0770000006"])]).await;
        t.hand.set(at + SignedDuration::from_secs(1));
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2, "who came after the draft is in it, {engine:?}");
        t.app.send(&caller, &draft("language = fr", Release::Recurring("0 9 * * *".into()))).await.expect("recurring");
        for day in ["2026-05-15", "2026-05-16", "2026-05-17"] {
            t.hand.set(format!("{day}T09:00:30Z").parse().expect("an instant"));
            t.app.run_until_idle().await.expect("idle");
        }
        assert_eq!(t.fake.count(), 8);
        let wrong = t.app.send(&caller, &draft("*", Release::Recurring("every day".into()))).await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));
    }
}

#[tokio::test]
async fn pressing_twice_sends_once_also_at_the_same_time() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let once = Draft { once_key: Some("form-7".into()), ..draft("*", Release::Now) };
        let (one, two) = tokio::join!(t.app.send(&caller, &once), t.app.send(&caller, &once));
        assert_eq!(one.expect("sent"), two.expect("sent"));
        let other = t.second().await;
        let (one, two) = tokio::join!(t.app.run_until_idle(), other.run_until_idle());
        one.and(two).expect("idle");
        // Either may serve the channel.
        other.run_until_idle().await.expect("idle");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 2, "{engine:?}");
    }
}

#[tokio::test]
async fn nobody_gets_an_empty_text() {
    for engine in engines() {
        let t = three(engine).await;
        let caller = Caller::system();
        let mut empty = draft("language = fr", Release::Now);
        empty.texts = vec![(Lang::ENGLISH, "@contact.job".into())];
        let id = t.app.send(&caller, &empty).await.expect("sent");
        t.app.run_until_idle().await.expect("idle");
        assert_eq!(t.fake.count(), 0, "{engine:?}");
        let page = t.app.broadcast_page(&caller, id).await.expect("a page");
        assert_eq!(
            page.left_out.iter().map(|e| (e.reason.as_str(), e.people)).collect::<Vec<_>>(),
            [("empty-text", 1)]
        );
    }
}
