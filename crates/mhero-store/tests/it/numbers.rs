//! Sequences without holes or doubles, and the facts of the installation.

use std::collections::BTreeSet;

use futures::future::join_all;
use mhero_store::{Queue, Statement, Store, StoreError, Unit, params};

use crate::{Bench, on_both};

static USE: Statement = Statement::both("test::use", "INSERT INTO setting (key, value, updated_at) VALUES ($1, '', 0)");

async fn take(store: &Store, count: i64) -> Result<i64, StoreError> {
    let first = store.next_number("broadcast").await?;
    let mut unit = Unit::new();
    unit.take_numbers("broadcast", first, count);
    unit.one(&USE, params![&format!("number {first}")]);
    store.write(unit, Queue::Interactive).await?;
    Ok(first)
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_holes_and_no_doubles_under_contention() {
    on_both(async |bench: &Bench| {
        let tasks = (0..6).map(|_| {
            let store = bench.store.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for _ in 0..10 {
                    taken.push(store.decide(|| take(&store, 1)).await.expect("its turn comes"));
                }
                taken
            })
        });
        let taken: Vec<i64> = join_all(tasks).await.into_iter().flat_map(|task| task.expect("no panic")).collect();
        assert_eq!(taken.iter().copied().collect::<BTreeSet<_>>(), (1..=60).collect());
        let first = bench.store.decide(|| take(&bench.store, 5)).await.expect("its turn comes");
        assert_eq!((first, bench.store.next_number("broadcast").await.expect("it answers")), (61, 66));
        assert_eq!(bench.store.next_number("thread").await.expect("it answers"), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_replaced_and_countries_keep_their_order() {
    on_both(async |bench: &Bench| {
        let put = async |value: &str, countries: &[&str]| {
            let mut unit = Unit::new();
            unit.put_setting("installation", value, 1);
            unit.put_numbering_countries(&countries.iter().map(|country| (*country).to_owned()).collect::<Vec<_>>());
            bench.store.write(unit, Queue::Interactive).await.expect("it is written");
        };
        put("{\"a\":1}", &["LR", "GN", "CI"]).await;
        put("{\"a\":2}", &["SL", "LR"]).await;
        assert_eq!(bench.store.setting("installation").await.expect("it answers").as_deref(), Some("{\"a\":2}"));
        assert_eq!(bench.store.numbering_countries().await.expect("it answers"), ["SL", "LR"]);
        assert_eq!(bench.store.settings().await.expect("it answers").len(), 1);
    })
    .await;
}
