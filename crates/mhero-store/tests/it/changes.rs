//! The change feed: numbered without holes in the order of commits.

use futures::future::join_all;
use mhero_store::{Engine, Queue, Statement, Unit, params};
use uuid::Uuid;

use crate::{Bench, on_both};

static NOWHERE: Statement = Statement::both("test::nowhere", "UPDATE setting SET value = value WHERE key = $1");

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_numbered_in_the_order_of_commits() {
    on_both(async |bench: &Bench| {
        let tasks = (0..8u128).map(|writer| {
            let store = bench.store.clone();
            tokio::spawn(async move {
                for number in 0..20u128 {
                    let mut unit = Unit::new();
                    for part in 0..3u128 {
                        unit.changed("person", Uuid::from_u128(writer * 1_000 + number * 10 + part), "updated", 0);
                    }
                    if number % 5 == 4 {
                        unit.one(&NOWHERE, params!["nobody"]);
                    }
                    let _ = store.write(unit, Queue::Interactive).await;
                    if writer == 0 {
                        store.number_changes().await.expect("they are numbered");
                    }
                }
            })
        });
        for task in join_all(tasks).await {
            task.expect("no panic");
        }
        bench.store.number_changes().await.expect("they are numbered");
        let feed = bench.store.changes_since(0, 10_000).await.expect("it answers");
        assert_eq!(feed.len(), 8 * 16 * 3);
        assert!(feed.windows(2).all(|two| two[0].seq < two[1].seq), "numbers grow");
        if bench.store.engine() == Engine::Postgres {
            assert_eq!(feed.last().map(|entry| entry.seq), Some(8 * 16 * 3), "numbers have no holes");
        }
        // Each writer waited for its commit before it wrote again, so its own entries must stand in its order.
        for writer in 0..8u128 {
            let own: Vec<_> = feed.iter().map(|e| e.entity.as_u128()).filter(|id| id / 1_000 == writer).collect();
            assert!(own.is_sorted(), "writer {writer}: {own:?}");
        }
        assert_eq!(bench.store.last_change().await.expect("it answers"), feed.last().expect("entries").seq);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_follows_the_numbers_misses_nothing() {
    on_both(async |bench: &Bench| {
        let store = bench.store.clone();
        let writers = (0..4u128).map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..25u128 {
                    let mut unit = Unit::new();
                    unit.changed("person", Uuid::from_u128(writer * 100 + number), "created", 0);
                    store.write(unit, Queue::Interactive).await.expect("it is written");
                }
            })
        });
        let writers = tokio::spawn(join_all(writers));
        let (mut seen, mut cursor) = (Vec::new(), 0);
        while seen.len() < 100 {
            let ended = writers.is_finished();
            store.number_changes().await.expect("they are numbered");
            let page = store.changes_since(cursor, 7).await.expect("it answers");
            assert!(!(ended && page.is_empty()), "the reader saw only {} of 100", seen.len());
            cursor = page.last().map_or(cursor, |entry| entry.seq);
            seen.extend(page.into_iter().map(|entry| entry.entity));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 100);
    })
    .await;
}
