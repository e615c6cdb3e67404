//! Jobs and timers: done once, by whom has them.

use std::collections::BTreeSet;

use futures::future::join_all;
use jiff::SignedDuration;
use mhero_store::{Engine, Queue, Statement, StoreError, Unit, params};
use uuid::Uuid;

use crate::{Bench, on_both};

const MINUTE: i64 = 60_000_000;

static NOTE: Statement =
    Statement::both("test::note", "INSERT INTO setting (key, value, updated_at) VALUES ($1, 'x', 0)");

async fn add(bench: &Bench, keys: &[&str], later: i64) {
    let mut unit = Unit::new();
    for key in keys {
        unit.add_job(&bench.store, "import", key, "{}", bench.store.clock().now_micros() + later);
    }
    bench.store.write(unit, Queue::Interactive).await.expect("jobs are added");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_claimed_once_however_many_ask() {
    on_both(async |bench: &Bench| {
        let keys: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        add(bench, &keys, 0).await;
        add(bench, &keys, 0).await;
        let claims = (1..=5).map(|holder| bench.store.claim_jobs(Uuid::from_u128(holder), MINUTE, 10));
        let mut claimed: Vec<String> =
            join_all(claims).await.into_iter().flat_map(|jobs| jobs.expect("it answers")).map(|job| job.key).collect();
        loop {
            let more = bench.store.claim_jobs(Uuid::from_u128(9), MINUTE, 10).await.expect("it answers");
            if more.is_empty() {
                break;
            }
            claimed.extend(more.into_iter().map(|job| job.key));
        }
        assert_eq!(claimed.len(), 20);
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 20);
        assert_eq!(bench.store.count_jobs().await.expect("it answers"), [("import".to_owned(), 20, 1)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_runner_died_is_claimed_again_and_the_dead_cannot_finish_it() {
    on_both(async |bench: &Bench| {
        add(bench, &["a"], 0).await;
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let lost = bench.store.claim_jobs(one, MINUTE, 1).await.expect("it answers").remove(0);
        assert!(bench.store.claim_jobs(two, MINUTE, 1).await.expect("it answers").is_empty());
        bench.pass(&[], SignedDuration::from_secs(61));
        let mine = bench.store.claim_jobs(two, MINUTE, 1).await.expect("it answers").remove(0);
        assert_eq!((mine.attempt, lost.attempt), (2, 1));
        assert!(!bench.store.renew_job(&lost, MINUTE).await.expect("it answers"));
        assert!(bench.store.renew_job(&mine, MINUTE).await.expect("it answers"));
        let finish = async |job, key: &str| {
            let mut unit = Unit::new();
            unit.one(&NOTE, params![key]);
            unit.job_done(job);
            bench.store.write(unit, Queue::Interactive).await
        };
        assert!(matches!(finish(&lost, "late").await, Err(StoreError::Guard { step: 1 })));
        let mut progress = Unit::new();
        progress.job_progress(&lost, "{\"done\":1}");
        assert!(bench.store.write(progress, Queue::Bulk).await.is_err());
        finish(&mine, "done").await.expect("the claim holds");
        assert_eq!(bench.store.next_job().await.expect("it answers"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_put_back_comes_at_its_time_with_its_progress() {
    on_both(async |bench: &Bench| {
        add(bench, &["a"], 5 * MINUTE).await;
        let holder = Uuid::from_u128(1);
        assert!(bench.store.claim_jobs(holder, MINUTE, 1).await.expect("it answers").is_empty(), "it is not time");
        assert_eq!(
            bench.store.next_job().await.expect("it answers"),
            Some(bench.store.clock().now_micros() + 5 * MINUTE)
        );
        bench.pass(&[], SignedDuration::from_mins(5));
        let job = bench.store.claim_jobs(holder, MINUTE, 1).await.expect("it answers").remove(0);
        let mut unit = Unit::new();
        let again = bench.store.clock().now_micros() + MINUTE;
        unit.job_again(&job, again, Some("the registry did not answer"), "{\"page\":3}");
        bench.store.write(unit, Queue::Interactive).await.expect("it is put back");
        assert!(bench.store.claim_jobs(holder, MINUTE, 1).await.expect("it answers").is_empty());
        bench.pass(&[], SignedDuration::from_mins(1));
        let job = bench.store.claim_jobs(holder, MINUTE, 1).await.expect("it answers").remove(0);
        assert_eq!((job.payload.as_str(), job.attempt), ("{\"page\":3}", 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_fires_once_and_not_when_set_anew_or_cleared() {
    on_both(async |bench: &Bench| {
        let now = bench.store.clock().now_micros();
        let set = async |key: &str, due: i64| {
            let mut unit = Unit::new();
            unit.set_timer(&bench.store, "release", key, due, "{}");
            bench.store.write(unit, Queue::Interactive).await.expect("it is set");
        };
        set("a", now + MINUTE).await;
        set("b", now + 2 * MINUTE).await;
        set("c", now + 3 * MINUTE).await;
        assert_eq!(bench.store.due_timers(now, 10).await.expect("it answers"), []);
        assert_eq!(bench.store.next_timer().await.expect("it answers"), Some(now + MINUTE));
        bench.hand.advance(SignedDuration::from_mins(5));
        let now = bench.store.clock().now_micros();
        let due = bench.store.due_timers(now, 10).await.expect("it answers");
        assert_eq!(due.iter().map(|timer| timer.key.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        let fire = |number: usize, key: &'static str| {
            let mut unit = Unit::new();
            unit.one(&NOTE, params![key]);
            unit.fired(&due[number]);
            bench.store.write(unit, Queue::Interactive)
        };
        let twice = [fire(0, "first").await.is_ok(), fire(0, "second").await.is_ok()];
        assert_eq!(twice, [true, false]);
        set("b", now + MINUTE).await;
        assert!(fire(1, "anew").await.is_err(), "it was set anew");
        let mut unit = Unit::new();
        unit.clear_timer("release", "c");
        bench.store.write(unit, Queue::Interactive).await.expect("it is cleared");
        assert!(fire(2, "cleared").await.is_err(), "it was cleared");
        assert_eq!(bench.store.next_timer().await.expect("it answers"), Some(now + MINUTE));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_two_nodes_fire_at_once_fires_once() {
    on_both(async |bench: &Bench| {
        for round in 0..10 {
            let key = format!("round{round}");
            let mut unit = Unit::new();
            unit.set_timer(&bench.store, "release", &key, 0, "{}");
            bench.store.write(unit, Queue::Interactive).await.expect("it is set");
            let timer = bench.store.due_timers(1, 10).await.expect("it answers").remove(0);
            let fire = |node: i32| {
                let mut unit = Unit::new();
                unit.fired(&timer);
                unit.one(&NOTE, params![&format!("{key} by {node}")]);
                bench.store.write(unit, Queue::Interactive)
            };
            let (one, two) = tokio::join!(fire(1), fire(2));
            assert!(one.is_ok() != two.is_ok(), "{:?}: {one:?} {two:?}", bench.store.engine() == Engine::Sqlite);
        }
    })
    .await;
}
