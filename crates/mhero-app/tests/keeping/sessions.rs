//! Sessions: idle and absolute ends by our clock, and signing out everywhere.

use jiff::SignedDuration;
use mhero_app::{SESSION_ABSOLUTE, SESSION_IDLE, SESSION_IDLE_NOBODY};
use mhero_core::Role;

use crate::{Bench, key, on_both, root};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_made_once_changed_and_ended() {
    on_both(async |bench: &Bench| {
        let id = bench.user("marie@moh.example", Role::Hr).await;
        let app = &bench.app;
        assert!(app.create_session("cookie", None, "{\"step\":1}").await.expect("it is stored"));
        assert!(!app.create_session("cookie", None, "{}").await.expect("it answers"), "the value is taken");
        let session = app.load_session("cookie").await.expect("it answers").expect("it is there");
        assert_eq!((session.user, session.content.as_str()), (None, "{\"step\":1}"));
        assert_eq!(
            session.ends_at,
            app.clock().now() + SESSION_IDLE_NOBODY,
            "a stranger's is kept for no longer than needed"
        );
        assert!(app.save_session("cookie", Some(id), "{\"step\":2}").await.expect("it is stored"));
        let session = app.load_session("cookie").await.expect("it answers").expect("it is there");
        assert_eq!((session.user, session.content.as_str()), (Some(id), "{\"step\":2}"));
        assert_eq!(session.ends_at, app.clock().now() + SESSION_IDLE);
        app.delete_session("cookie").await.expect("it is ended");
        assert!(app.load_session("cookie").await.expect("it answers").is_none());
        assert!(!app.save_session("cookie", Some(id), "{}").await.expect("it answers"), "it does not come back");
        assert!(app.load_session("another").await.expect("it answers").is_none());
        assert_eq!(key(app.create_session("large", None, &"x".repeat(70_000)).await), "user-session-large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_and_in_any_case_after_a_week() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        let id = bench.user("marie@moh.example", Role::Hr).await;
        app.create_session("used", Some(id), "{}").await.expect("it is stored");
        app.create_session("idle", None, "{}").await.expect("it is stored");
        let began = app.clock().now();
        let mut last = began;
        while let Some(session) = app.load_session("used").await.expect("it answers") {
            assert!(session.ends_at <= began + SESSION_ABSOLUTE);
            last = app.clock().now();
            bench.hand.advance(SignedDuration::from_hours(7));
        }
        let lived = last.duration_since(began);
        assert!(lived > SESSION_ABSOLUTE - SignedDuration::from_hours(8) && lived < SESSION_ABSOLUTE);
        assert!(app.load_session("idle").await.expect("it answers").is_none());
        assert!(!app.save_session("idle", None, "{}").await.expect("it answers"));
        app.run_until_idle().await.expect("it comes to rest");
        assert_eq!(app.sweep_sessions().await.expect("it answers"), 0, "they are swept away by themselves");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_and_being_shut_out_end_every_session() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        let marie = bench.user("marie@moh.example", Role::Hr).await;
        let other = bench.user("other@moh.example", Role::Hr).await;
        for (cookie, user) in [("a", marie), ("b", marie), ("c", other)] {
            app.create_session(cookie, Some(user), "{}").await.expect("it is stored");
        }
        let caller = app.caller_of_user(marie).await.expect("it answers").expect("a user");
        assert_eq!(app.sign_out_everywhere(&caller, marie).await.expect("they are ended"), 2);
        let there = async |cookie: &str| app.load_session(cookie).await.expect("it answers").is_some();
        assert_eq!([there("a").await, there("b").await, there("c").await], [false, false, true]);
        app.set_user_active(&root(), other, false).await.expect("it is shut out");
        assert!(!there("c").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_that_meets_a_sign_out_does_not_bring_the_session_back() {
    on_both(async |bench: &Bench| {
        let there = bench.second().await;
        let id = bench.user("marie@moh.example", Role::Hr).await;
        for round in 0..10 {
            let cookie = format!("cookie{round}");
            bench.app.create_session(&cookie, Some(id), "{}").await.expect("it is stored");
            let caller = root();
            let (saved, ended) = tokio::join!(
                bench.app.save_session(&cookie, Some(id), "{\"late\":1}"),
                there.sign_out_everywhere(&caller, id)
            );
            saved.expect("it answers");
            ended.expect("they are ended");
            assert!(bench.app.load_session(&cookie).await.expect("it answers").is_none());
        }
    })
    .await;
}
