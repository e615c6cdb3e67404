//! Leases: one holder at a time, and a fence that grows with each change of holder.

use futures::future::join_all;
use jiff::SignedDuration;
use mhero_store::{Queue, Statement, StoreError, Unit, params};
use uuid::Uuid;

use crate::{Bench, on_both};

const MINUTE: i64 = 60_000_000;

static NOTE: Statement =
    Statement::both("test::note", "INSERT INTO setting (key, value, updated_at) VALUES ($1, 'x', 0)");

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_taken_renewed_and_passes_on_when_it_ends() {
    on_both(async |bench: &Bench| {
        let (here, there) = (bench.store.clone(), bench.second().await);
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = here.take_lease("changes", one, MINUTE).await.expect("it answers").expect("nobody holds it");
        assert_eq!(there.take_lease("changes", two, MINUTE).await.expect("it answers"), None);
        bench.pass(&[&there], SignedDuration::from_secs(50));
        let renewed = here.take_lease("changes", one, MINUTE).await.expect("it answers").expect("it is still ours");
        assert_eq!(renewed.fence, first.fence, "the same holder keeps its fence");
        assert!(renewed.until > first.until);
        bench.pass(&[&there], SignedDuration::from_secs(50));
        assert_eq!(there.take_lease("changes", two, MINUTE).await.expect("it answers"), None, "it was renewed");
        bench.pass(&[&there], SignedDuration::from_secs(11));
        let second = there.take_lease("changes", two, MINUTE).await.expect("it answers").expect("it has ended");
        assert!(second.fence > first.fence);
        assert_eq!(here.take_lease("changes", one, MINUTE).await.expect("it answers"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_a_lease_writes_nothing_more_under_it() {
    on_both(async |bench: &Bench| {
        let there = bench.second().await;
        let old = bench.store.take_lease("x", Uuid::from_u128(1), MINUTE).await.expect("it answers").expect("free");
        let write = async |lease, key: &str| {
            let mut unit = Unit::new();
            unit.only_if_held(lease);
            unit.one(&NOTE, params![key]);
            bench.store.write(unit, Queue::Interactive).await
        };
        write(&old, "before").await.expect("it holds it");
        bench.pass(&[&there], SignedDuration::from_secs(61));
        let new = there.take_lease("x", Uuid::from_u128(2), MINUTE).await.expect("it answers").expect("ended");
        assert!(matches!(write(&old, "late").await, Err(StoreError::Guard { step: 0 })));
        write(&new, "after").await.expect("it holds it");
        // An old holder that comes back after the end has a new fence, so that what it began before stays out.
        bench.pass(&[&there], SignedDuration::from_secs(61));
        let back = bench.store.take_lease("x", Uuid::from_u128(1), MINUTE).await.expect("it answers").expect("ended");
        assert!(back.fence > new.fence && write(&old, "later").await.is_err());
        write(&back, "back").await.expect("it holds it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holder_after_the_end_gets_a_new_fence() {
    on_both(async |bench: &Bench| {
        let one = Uuid::from_u128(1);
        let first = bench.store.take_lease("x", one, MINUTE).await.expect("it answers").expect("free");
        bench.pass(&[], SignedDuration::from_secs(61));
        let second = bench.store.take_lease("x", one, MINUTE).await.expect("it answers").expect("free");
        assert!(second.fence > first.fence, "somebody else may have held it in between");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_reach_for_a_lease_one_gets_it() {
    on_both(async |bench: &Bench| {
        for round in 0..5 {
            let name = format!("round{round}");
            let takes = (1..=8).map(|holder| bench.store.take_lease(&name, Uuid::from_u128(holder), MINUTE));
            let held: Vec<_> = join_all(takes).await.into_iter().filter_map(|take| take.expect("it answers")).collect();
            assert_eq!(held.len(), 1, "{held:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_given_back_is_free_at_once() {
    on_both(async |bench: &Bench| {
        let lease = bench.store.take_lease("x", Uuid::from_u128(1), MINUTE).await.expect("it answers").expect("free");
        bench.store.give_back_lease(&lease).await.expect("it is given back");
        let next = bench.store.take_lease("x", Uuid::from_u128(2), MINUTE).await.expect("it answers").expect("free");
        assert!(next.fence > lease.fence);
        // Giving back twice, or what another holds by now, changes nothing.
        bench.store.give_back_lease(&lease).await.expect("no error");
        assert_eq!(bench.store.take_lease("x", Uuid::from_u128(3), MINUTE).await.expect("it answers"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_ends_gives_all_of_its_leases_back() {
    on_both(async |bench: &Bench| {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for name in ["a", "b"] {
            bench.store.take_lease(name, one, MINUTE).await.expect("it answers").expect("free");
        }
        bench.store.take_lease("c", two, MINUTE).await.expect("it answers").expect("free");
        bench.store.give_back_leases(one).await.expect("they are given back");
        for (name, free) in [("a", true), ("b", true), ("c", false)] {
            let taken = bench.store.take_lease(name, Uuid::from_u128(3), MINUTE).await.expect("it answers");
            assert_eq!(taken.is_some(), free, "{name}");
        }
    })
    .await;
}
