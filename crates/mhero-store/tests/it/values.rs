//! The five kinds of values, each with its NULL, come back as they went in.

use mhero_store::{FromValue, Row, Statement, Value, params};
use proptest::prelude::*;

use crate::{Bench, on_both};

static CREATE: Statement = Statement::pair(
    "test::create",
    "CREATE TABLE kinds (id BIGINT PRIMARY KEY, i BIGINT, f DOUBLE PRECISION, b BOOLEAN, t TEXT COLLATE \"C\", x BYTEA)",
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, i INTEGER, f REAL, b INTEGER, t TEXT, x BLOB) STRICT",
);
static PUT: Statement =
    Statement::both("test::put", "INSERT INTO kinds (id, i, f, b, t, x) VALUES ($1, $2, $3, $4, $5, $6)");
static GET: Statement = Statement::both("test::get", "SELECT i, f, b, t, x FROM kinds WHERE id = $1");
static WHERE_NULL: Statement = Statement::both(
    "test::where_null",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM kinds WHERE ($1 IS NULL OR i = $1) AND ($2 IS NULL OR f = $2) AND ($3 IS NULL OR b = $3) AND ($4 IS NULL OR t = $4) AND ($5 IS NULL OR x = $5)",
);

type Kinds = (Option<i64>, Option<f64>, Option<bool>, Option<String>, Option<Vec<u8>>);

fn of((i, f, b, t, x): Kinds) -> Vec<Value> {
    params![i, f, b, t, x]
}

fn read(row: &Row) -> Kinds {
    fn get<T: FromValue>(row: &Row, column: usize) -> T {
        row.get(column).expect("its kind")
    }
    (get(row, 0), get(row, 1), get(row, 2), get(row, 3), get(row, 4))
}

async fn round_trip(bench: &Bench, id: i64, kinds: Kinds) -> Kinds {
    let mut values = params![id];
    values.extend(of(kinds));
    bench.run(&PUT, values).await.expect("it is stored");
    read(&bench.store.first(&GET, params![id]).await.expect("it answers").expect("a row"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_and_its_null_come_back() {
    let long = "é".repeat(70_000);
    let some: [Kinds; 5] = [
        (None, None, None, None, None),
        (Some(i64::MIN), Some(f64::MIN_POSITIVE), Some(false), Some(String::new()), Some(vec![])),
        (Some(i64::MAX), Some(f64::MAX), Some(true), Some(long), Some(vec![0; 70_000])),
        (
            Some(0),
            Some(-0.0),
            Some(true),
            Some("N'Zérékoré \u{1f469}\u{200d}\u{2695} '$1'".into()),
            Some((0..=255).collect()),
        ),
        (Some(-1), Some(0.1 + 0.2), None, Some("line\nline\ttab\u{7f}".into()), Some(vec![39, 36, 49])),
    ];
    on_both(async |bench: &Bench| {
        bench.run(&CREATE, vec![]).await.expect("a table");
        for (id, kinds) in (1..).zip(some.clone()) {
            assert_eq!(round_trip(bench, id, kinds.clone()).await, kinds);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_null_has_a_kind_in_a_condition() {
    on_both(async |bench: &Bench| {
        bench.run(&CREATE, vec![]).await.expect("a table");
        for id in 1..=3 {
            let mut values = params![id];
            values.extend(of((Some(id), Some(0.5), Some(id == 2), Some("a".into()), Some(vec![1]))));
            bench.run(&PUT, values).await.expect("it is stored");
        }
        let count = async |kinds: Kinds| -> i64 {
            let row = bench.store.first(&WHERE_NULL, of(kinds)).await.expect("it answers").expect("a row");
            row.get(0).expect("a number")
        };
        assert_eq!(count((None, None, None, None, None)).await, 3);
        assert_eq!(count((None, Some(0.5), Some(true), Some("a".into()), None)).await, 1);
        assert_eq!(count((Some(3), None, Some(false), None, Some(vec![1]))).await, 1);
        assert_eq!(count((None, None, None, Some("A".into()), None)).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_kind_is_an_error_and_not_a_guess() {
    on_both(async |bench: &Bench| {
        bench.run(&CREATE, vec![]).await.expect("a table");
        round_trip(bench, 1, (Some(7), None, None, Some("seven".into()), Some(vec![7]))).await;
        let row = bench.store.first(&GET, params![1i64]).await.expect("it answers").expect("a row");
        assert!(row.get::<String>(0).is_err() && row.get::<i64>(3).is_err() && row.get::<f64>(1).is_err());
        assert!(row.get::<uuid::Uuid>(4).is_err() && row.get::<i64>(9).is_err());
    })
    .await;
}

#[test]
fn any_values_come_back() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let benches: Vec<Bench> = runtime.block_on(async {
        let mut benches = vec![Bench::sqlite().await];
        benches.extend(Bench::postgres().await);
        for bench in &benches {
            bench.run(&CREATE, vec![]).await.expect("a table");
        }
        benches
    });
    // PostgreSQL keeps no NUL in a text; nothing that comes in may hold one.
    let kinds = (
        any::<Option<i64>>(),
        proptest::option::of(proptest::num::f64::NORMAL | proptest::num::f64::ZERO | proptest::num::f64::SUBNORMAL),
        any::<Option<bool>>(),
        proptest::option::of("[^\u{0}]{0,40}"),
        any::<Option<Vec<u8>>>(),
    );
    let next = std::cell::Cell::new(1);
    proptest!(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() }, |(kinds in kinds)| {
        let id = next.replace(next.get() + 1);
        for bench in &benches {
            prop_assert_eq!(runtime.block_on(round_trip(bench, id, kinds.clone())), kinds.clone());
        }
    });
    runtime.block_on(async { drop(benches) });
}
