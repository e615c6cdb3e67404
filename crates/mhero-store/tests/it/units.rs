//! Units: all or nothing, apart from one another, and decided again when another writer was faster.

use futures::future::join_all;
use mhero_store::{Guard, Queue, Statement, Store, StoreError, Unit, params};

use crate::{Bench, on_both};

static ADD: Statement = Statement::both("test::add", "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, 0)");
static COUNT: Statement =
    Statement::both("test::count", "SELECT CAST(COUNT(*) AS BIGINT) FROM setting WHERE key LIKE $1");
static READ: Statement = Statement::both("test::read", "SELECT value, updated_at FROM setting WHERE key = $1");
static COUNT_UP: Statement = Statement::both(
    "test::count_up",
    "UPDATE setting SET value = $2, updated_at = updated_at + 1 WHERE key = $1 AND updated_at = $3",
);
static TOUCH: Statement = Statement::both("test::touch", "UPDATE setting SET updated_at = updated_at WHERE key = $1");
static WRONG: Statement = Statement::both("test::wrong", "UPDATE setting SET value = NULL WHERE key = $1");

async fn count(store: &Store, like: &str) -> i64 {
    store.first(&COUNT, params![like]).await.expect("it answers").expect("a row").get(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_guard_undoes_the_whole_unit() {
    on_both(async |bench: &Bench| {
        let mut unit = Unit::new();
        unit.one(&ADD, params!["a", "1"]);
        unit.one(&ADD, params!["b", "2"]);
        unit.step(&TOUCH, Guard::Rows(1), params!["nobody"]);
        unit.one(&ADD, params!["c", "3"]);
        let refused = bench.store.write(unit, Queue::Interactive).await.expect_err("the guard fails");
        assert!(matches!(refused, StoreError::Guard { step: 2 }), "{refused}");
        assert!(refused.is_decide_again());
        assert_eq!(count(&bench.store, "%").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_tells_the_rows_of_each_step() {
    on_both(async |bench: &Bench| {
        let mut unit = Unit::new();
        unit.one(&ADD, params!["a", "1"]);
        unit.run(&TOUCH, params!["nobody"]);
        unit.run(&TOUCH, params!["a"]);
        let done = bench.store.write(unit, Queue::Bulk).await.expect("it is written");
        assert_eq!(done.rows, [1, 0, 1]);
        assert_eq!(bench.store.write(Unit::new(), Queue::Bulk).await.expect("nothing to do").rows.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn units_that_meet_crosswise_are_all_written() {
    on_both(async |bench: &Bench| {
        let names: Vec<String> = (0..40).map(|number| format!("row{number}")).collect();
        let mut unit = Unit::new();
        for name in &names {
            unit.one(&ADD, params![name.as_str(), "1"]);
        }
        bench.store.write(unit, Queue::Interactive).await.expect("they are new");
        // Half of the units lock the rows forwards and half backwards: PostgreSQL gives up one of two that wait for
        // each other.
        let writes = (0..8).map(|number| {
            let mut unit = Unit::new();
            let forwards: Vec<&String> =
                if number % 2 == 0 { names.iter().collect() } else { names.iter().rev().collect() };
            for name in forwards {
                unit.one(&TOUCH, params![name.as_str()]);
            }
            bench.store.write(unit, Queue::Interactive)
        });
        for written in join_all(writes).await {
            assert_eq!(written.expect("it is written in the end").rows.len(), names.len());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_told_apart_from_other_errors() {
    on_both(async |bench: &Bench| {
        bench.run(&ADD, params!["a", "1"]).await.expect("it is new");
        let refused = bench.run(&ADD, params!["a", "2"]).await.expect_err("it is there");
        assert!(matches!(refused, StoreError::Exists { .. }), "{refused}");
        assert!(!refused.is_decide_again());
        let refused = bench.run(&WRONG, params!["a"]).await.expect_err("a value is needed");
        assert!(matches!(refused, StoreError::Database { .. }), "{refused}");
        assert_eq!(count(&bench.store, "a").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn units_of_one_commit_fail_apart() {
    on_both(async |bench: &Bench| {
        let writes = (0..300).map(|number| {
            let store = bench.store.clone();
            async move {
                let mut unit = Unit::new();
                unit.one(&ADD, params![&format!("unit{number}"), "x"]);
                match number % 3 {
                    0 => {}
                    1 => {
                        unit.one(&TOUCH, params!["nobody"]);
                    }
                    _ => {
                        unit.run(&WRONG, params![&format!("unit{number}")]);
                    }
                }
                let queue = if number % 2 == 0 { Queue::Interactive } else { Queue::Bulk };
                (number, store.write(unit, queue).await)
            }
        });
        for (number, result) in join_all(writes).await {
            assert_eq!(result.is_ok(), number % 3 == 0, "{number}: {result:?}");
        }
        assert_eq!(count(&bench.store, "unit%").await, 100);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_increment_is_lost_when_many_decide_at_once() {
    on_both(async |bench: &Bench| {
        bench.run(&ADD, params!["counter", "0"]).await.expect("it is new");
        let tasks = (0..8).map(|_| {
            let store = bench.store.clone();
            tokio::spawn(async move {
                for _ in 0..15 {
                    store.decide(|| count_up(&store)).await.expect("its turn comes");
                }
            })
        });
        for task in join_all(tasks).await {
            task.expect("no panic");
        }
        let row = bench.store.first(&READ, params!["counter"]).await.expect("it answers").expect("a row");
        assert_eq!((row.get::<String>(0).expect("a text"), row.get::<i64>(1).expect("a number")), ("120".into(), 120));
    })
    .await;
}

async fn count_up(store: &Store) -> Result<(), StoreError> {
    let row = store.first(&READ, params!["counter"]).await?.ok_or(StoreError::Closed)?;
    let value: i64 = row.get::<String>(0)?.parse().map_err(|_| StoreError::Closed)?;
    let mut unit = Unit::new();
    unit.one(&COUNT_UP, params!["counter", &(value + 1).to_string(), row.get::<i64>(1)?]);
    store.write(unit, Queue::Interactive).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_sees_one_state_while_others_write() {
    on_both(async |bench: &Bench| {
        bench.run(&ADD, params!["a", "1"]).await.expect("it is new");
        let mut snapshot = bench.store.snapshot().await.expect("a snapshot");
        let mut seen = async || -> i64 {
            let rows = snapshot.query(&COUNT, params!["%"]).await.expect("it answers");
            rows[0].get(0).expect("a number")
        };
        assert_eq!(seen().await, 1);
        bench.run(&ADD, params!["b", "2"]).await.expect("it is new");
        assert_eq!(seen().await, 1);
        assert_eq!(count(&bench.store, "%").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_there_after_opening_again() {
    on_both(async |bench: &Bench| {
        bench.run(&ADD, params!["a", "1"]).await.expect("it is new");
        assert_eq!(count(&bench.second().await, "a").await, 1);
    })
    .await;
}

/// The limit stands in for a full disk; it is set on the writer's own connection.
static LIMIT_PAGES: Statement = Statement::both("test::limit_pages", "PRAGMA max_page_count = 200");
static MORE_PAGES: Statement = Statement::both("test::more_pages", "PRAGMA max_page_count = 100000");

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_every_unit_of_the_commit_and_is_told() {
    let bench = Bench::sqlite().await;
    bench.run(&ADD, params!["before", "1"]).await.expect("there is room");
    // The pragma answers with a row, which a unit takes for an error; it is in force all the same.
    let _ = bench.run(&LIMIT_PAGES, vec![]).await;
    let large = "x".repeat(300_000);
    let mut refused = 0;
    for number in 0..8 {
        let result = bench.run(&ADD, params![&format!("large{number}"), &large]).await;
        if let Err(error) = result {
            assert!(matches!(error, StoreError::DiskFull), "{error}");
            refused += 1;
        }
    }
    assert!(refused > 0);
    assert_eq!(count(&bench.store, "large%").await, 8 - refused);
    assert!(bench.store.is_healthy(), "a full disk passes; only a failed flush is final");
    let _ = bench.run(&MORE_PAGES, vec![]).await;
    bench.run(&ADD, params!["after", &large]).await.expect("there is room again");
    assert_eq!(count(&bench.store, "before").await, 1);
}
