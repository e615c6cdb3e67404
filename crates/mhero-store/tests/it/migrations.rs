//! Opening: empty, fitting, older and newer schemas, and several nodes at once.

use futures::future::join_all;
use mhero_store::{Clock, Location, SCHEMA_VERSION, Statement, Store, StoreError};
use mhero_testkit::Postgres;

use crate::{Bench, on_both};

static FORGET: Statement = Statement::both(
    "test::forget",
    "DELETE FROM refinery_schema_history WHERE version = (SELECT MAX(version) FROM refinery_schema_history)",
);
static FROM_THE_FUTURE: Statement = Statement::both(
    "test::future",
    "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) SELECT version + 1, 'later', applied_on, '1' FROM refinery_schema_history WHERE version = (SELECT MAX(version) FROM refinery_schema_history)",
);

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_migrated_and_opens_again() {
    on_both(async |bench: &Bench| {
        assert_eq!(Store::pending(&bench.location).await.expect("it answers"), []);
        let again = bench.second().await;
        assert!(again.is_healthy());
        assert_eq!(again.setting("installation").await.expect("it answers"), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_schema_is_refused_with_the_command_to_type() {
    on_both(async |bench: &Bench| {
        bench.run(&FORGET, vec![]).await.expect("it is forgotten");
        let refused = Store::open(&bench.location, Clock::wall()).await.expect_err("it is older");
        let StoreError::Schema { found, needed, remedy } = refused else { unreachable!("{refused}") };
        assert_eq!((found, needed), (SCHEMA_VERSION - 1, SCHEMA_VERSION));
        assert!(remedy.contains("mhero migrate"));
        let pending = Store::pending(&bench.location).await.expect("it answers");
        assert_eq!(pending.iter().map(|change| change.version).collect::<Vec<_>>(), [SCHEMA_VERSION]);
        assert!(pending[0].sql.contains("CREATE "));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_left_alone_even_when_told_to_migrate() {
    on_both(async |bench: &Bench| {
        bench.run(&FROM_THE_FUTURE, vec![]).await.expect("it is noted");
        for refused in [
            Store::open(&bench.location, Clock::wall()).await.expect_err("it is newer"),
            Store::open_and_migrate(&bench.location, Clock::wall()).await.expect_err("it is newer"),
        ] {
            assert!(matches!(refused, StoreError::Schema { found, .. } if found == SCHEMA_VERSION + 1), "{refused}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_migrate_once() {
    let Some(cluster) = Postgres::get() else { return };
    let database = cluster.database();
    let location = Location::Postgres(database.url());
    let opened = join_all((0..6).map(|_| Store::open(&location, Clock::wall()))).await;
    for store in opened {
        store.expect("each of them opens");
    }
}

#[tokio::test]
async fn what_is_no_database_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mhero.db");
    std::fs::write(&path, "This is a letter to the ministry, not a database.".repeat(100)).expect("a file");
    let refused = Store::open(&Location::File(path), Clock::wall()).await.expect_err("it is no database");
    assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused}");
    let nobody = Location::Postgres("postgres://mhero@127.0.0.1:1/none".into());
    let refused = Store::open(&nobody, Clock::wall()).await.expect_err("nobody listens");
    assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused}");
}
