//! When runs take place: by schedule, after failures, on notification, one at a time; and what is told of them.

use jiff::SignedDuration;
use mhero_app::{AppError, Caller, NewUser, sync::SyncOptions};
use mhero_core::{Lang, Role};
use mhero_store::Statement;

use super::{Bench, Step, people, person};
use crate::common::engines;

static ALERTS: Statement =
    Statement::both("test::sync_alerts", "SELECT m.path FROM message m WHERE m.lane = 0 AND m.direction = 'out'");

#[tokio::test(flavor = "multi_thread")]
async fn runs_follow_their_schedule() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("every", "1h"), ("jitter", "0s")]).await;
        bench.registry.tells(vec![Step::Page(people(3).into_iter().map(Ok).collect())], false, "one");
        assert_eq!(bench.pass(SignedDuration::from_mins(59)).await, 0);
        assert_eq!(bench.pass(SignedDuration::from_mins(1)).await, 1);
        assert_eq!(bench.due().await, 0);
        assert_eq!(bench.pass(SignedDuration::from_hours(1)).await, 1);
        assert_eq!(bench.registry.pulls(), [None, Some("one".to_owned())]);
        let status = bench.status().await;
        assert!(status.reason.is_none() && status.failures == 0 && !status.is_queued);
        assert_eq!(status.succeeded_at, Some(bench.test.app.clock().now_micros()));
        assert_eq!(status.next_at, Some(bench.test.app.clock().now_micros() + 3_600_000_000));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_read_as_often_as_the_settings_say() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("whole", "1d")]).await;
        bench.pull(people(2), false, "one").await;
        bench.pull(people(2), false, "two").await;
        bench.advance(SignedDuration::from_hours(24));
        bench.pull(people(2), true, "three").await;
        bench.pull(people(2), false, "four").await;
        let since = bench.registry.pulls();
        assert_eq!(since, [None, Some("one".to_owned()), None, Some("three".to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_down_for_six_hours_is_asked_ever_less_and_caught_up_with() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("every", "12h")]).await;
        bench.pull(people(3), false, "before").await;
        bench.registry.tells(vec![Step::Page(vec![Ok(person("4", "Person 004"))]), Step::Down], false, "never");
        bench.pass(SignedDuration::from_hours(13)).await;
        let before = bench.registry.pulls().len();
        for _ in 0..6 * 60 {
            bench.pass(SignedDuration::from_mins(1)).await;
        }
        let attempts = bench.registry.pulls().len() - before;
        assert!((9..=14).contains(&attempts), "{attempts}");
        let status = bench.status().await;
        assert_eq!(status.reason.as_ref().map(|reason| reason.key), Some("fake-down"));
        assert!(status.failures > 9 && status.succeeded_at < status.failed_at);
        // What came before it broke off is in, and nothing that was known is lost.
        assert_eq!(bench.names().await.len(), 4);
        let missed = vec![Step::Page(vec![Ok(person("5", "Person 005"))])];
        bench.registry.tells(missed, false, "after");
        bench.pass(SignedDuration::from_hours(1)).await;
        assert_eq!(bench.registry.pulls().last(), Some(&Some("before".to_owned())));
        assert_eq!(bench.names().await.len(), 5);
        let status = bench.status().await;
        assert!(status.reason.is_none() && status.failures == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_never_overlap_and_a_killed_one_is_resumed() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        bench.pull(people(2), false, "first").await;
        bench.registry.tells(vec![Step::Page(vec![Ok(person("3", "Person 003"))]), Step::Hang], false, "never");
        let app = bench.test.app.clone();
        let hanging = tokio::spawn(async move { app.sync(&Caller::system(), "hr", &SyncOptions::default()).await });
        while bench.names().await.len() < 3 {
            tokio::task::yield_now().await;
        }
        let second = bench.test.app.sync(&Caller::system(), "hr", &SyncOptions::default()).await;
        assert!(matches!(second, Err(AppError::Invalid(reason)) if reason.key == "sync-under-way"));
        bench.test.app.queue_sync(&Caller::system(), bench.status().await.source.id).await.expect("it is queued");
        assert_eq!(bench.due().await, 0, "the wish waits until the run has ended");
        // The process dies in the middle of the run; its leases run out.
        hanging.abort();
        let _ = hanging.await;
        bench.advance(SignedDuration::from_secs(61));
        bench.registry.tells(vec![Step::Page(vec![Ok(person("4", "Person 004"))])], false, "second");
        assert_eq!(bench.due().await, 1);
        assert_eq!(bench.registry.pulls()[1..], [Some("first".to_owned()), Some("first".to_owned())]);
        assert_eq!(bench.names().await.len(), 4);
        let runs = bench.test.app.sync_runs(&Caller::system(), None, 10).await.expect("runs");
        let states: Vec<_> = runs.iter().map(|run| run.state.as_str()).collect();
        assert_eq!(states, ["done", "failed", "done"]);
        assert!(runs[1].reason.as_deref().is_some_and(|reason| reason.contains("sync-cut-short")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_with_the_right_secret_queues_one_run() {
    for engine in engines() {
        let bench = Bench::new(engine, &[]).await;
        bench.registry.tells(vec![Step::Page(people(1).into_iter().map(Ok).collect())], false, "one");
        let id = bench.status().await.source.id;
        let path = bench.test.app.notify_path(&Caller::system(), id).expect("a path");
        let secret = path.rsplit('/').next().expect("a secret").to_owned();
        for wrong in ["", "x", &secret[1..]] {
            assert!(matches!(bench.test.app.notified(id, wrong).await, Err(AppError::NotFound { .. })));
        }
        assert_eq!(bench.due().await, 0);
        for _ in 0..5 {
            bench.test.app.notified(id, &secret).await.expect("it is taken");
        }
        assert_eq!(bench.due().await, 1);
        bench.test.app.notified(id, &secret).await.expect("it is taken");
        assert_eq!(bench.due().await, 0, "a flood of notifications is no flood of runs");
        assert_eq!(bench.pass(SignedDuration::from_secs(10)).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_asks_is_neither_silence_nor_success() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("every", "1h"), ("jitter", "0s"), ("silent_after", "5h")]).await;
        let (app, caller) = (&bench.test.app, Caller::system());
        let new = NewUser {
            email: "a@moh.example".into(),
            name: "a".into(),
            language: Lang::ENGLISH,
            password: None,
            role: Role::Admin,
            place: None,
            programme: None,
        };
        let user = app.add_user(&caller, new).await.expect("a user");
        app.set_user_phone(&caller, user, "0770000001").await.expect("a number");
        let alerts = async || app.store().query(&ALERTS, vec![]).await.expect("it answers").len();
        bench.pull(people(40), true, "one").await;
        let succeeded = bench.status().await.succeeded_at;
        bench.registry.tells(vec![Step::Page(people(20).into_iter().map(Ok).collect())], true, "two");
        for _ in 0..12 {
            bench.pass(SignedDuration::from_hours(1)).await;
        }
        let status = bench.status().await;
        assert!(status.asks.is_some() && status.asks_since.is_some(), "{engine:?}");
        assert_eq!((status.succeeded_at, status.failures, status.failed_at), (succeeded, 0, None));
        assert!(status.reason.is_none() && !status.is_silent);
        assert_eq!(alerts().await, 0, "it answers: what is missing is an answer of ours");
        // Once it really is silent, the alarm comes.
        app.refuse_removals(&caller, status.asks.expect("a question").0).await.expect("it is taken");
        bench.registry.tells(vec![Step::Down], false, "never");
        for _ in 0..12 {
            bench.pass(SignedDuration::from_hours(1)).await;
        }
        assert_eq!(alerts().await, 1, "{engine:?}");
        let status = bench.status().await;
        assert!(status.asks.is_none() && status.is_silent && status.failures > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_administrators_hear_once_of_a_registry_that_stays_silent() {
    for engine in engines() {
        let bench = Bench::new(engine, &[("every", "1h"), ("silent_after", "5h")]).await;
        let caller = Caller::system();
        let app = &bench.test.app;
        for (email, role, phone) in [
            ("a@moh.example", Role::Admin, "0770000001"),
            ("b@moh.example", Role::Hr, "0770000002"),
            ("c@moh.example", Role::Admin, ""),
        ] {
            let new = NewUser {
                email: email.into(),
                name: email.into(),
                language: Lang::FRENCH,
                password: None,
                role,
                place: None,
                programme: None,
            };
            let user = app.add_user(&caller, new).await.expect("a user");
            app.set_user_phone(&caller, user, phone).await.expect("a number");
        }
        let count = async || app.store().query(&ALERTS, vec![]).await.expect("it answers").len();
        bench.pull(people(2), false, "one").await;
        bench.registry.tells(vec![Step::Refused], false, "never");
        for _ in 0..4 {
            bench.pass(SignedDuration::from_hours(1)).await;
        }
        assert_eq!(count().await, 0);
        for _ in 0..10 {
            bench.pass(SignedDuration::from_hours(1)).await;
        }
        assert_eq!(count().await, 1, "one administrator has a number, and hears once");
        bench.pull(people(2), false, "two").await;
        bench.registry.tells(vec![Step::Refused], false, "never");
        for _ in 0..7 {
            bench.pass(SignedDuration::from_hours(1)).await;
        }
        assert_eq!(count().await, 2, "a new silence is told again");
    }
}
