//! Backup and restore, within an engine and across, under load, and of what is damaged.

use std::{io::Read, sync::Arc};

use mhero_app::{backup, backup::Summary};
use mhero_core::Role;
use mhero_store::{Clock, Column, ColumnKind, Queue, Statement, Store, StoreError, TABLES, Unit, Value, params};
use uuid::Uuid;

use crate::{Bench, key, on_both, root};

static PUT: Statement = Statement::both("test::put", "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, 0)");
static SET: Statement = Statement::both("test::set", "UPDATE setting SET value = $2 WHERE key = $1");
static ADD_ENTRY: Statement = Statement::both(
    "test::add_entry",
    "INSERT INTO audit (id, at, actor_kind, actor, action, about_kind, about, facts, digest, block) VALUES ($1, 0, 'system', NULL, 'x', NULL, NULL, '{}', $1, NULL)",
);
static CLEAR_INTAKE: Statement = Statement::both("test::clear_intake", "DELETE FROM intake");
static NEXT_INTAKE: Statement = Statement::both(
    "test::next_intake",
    "INSERT INTO intake (id, channel, carrier_id, scheme, path, text, received_at, attempt, ready_at) VALUES ($1, $1, NULL, 'tel', '+1', 'x', 0, 0, 0)",
);
static INTAKE_ENTRY: Statement = Statement::both("test::intake_entry", "SELECT CAST(MAX(entry) AS BIGINT) FROM intake");

/// A value of a kind for a row, so that every table gets rows, NULLs and odd letters.
fn value(column: &Column, row: u128, is_bool: bool) -> Value {
    let odd = row % 3 == 2 && column.in_key == 0;
    match column.kind {
        ColumnKind::Int if is_bool => Value::Int(Some(i64::from(row.is_multiple_of(2)))),
        ColumnKind::Int => Value::Int(Some(i64::try_from(row).expect("small") + if odd { i64::MAX / 2 } else { 1 })),
        ColumnKind::Float => Value::Float(Some(if odd { 0.1 + 0.2 } else { 3.0 })),
        ColumnKind::Bool => Value::Bool(Some(row.is_multiple_of(2))),
        ColumnKind::Text => Value::Text(Some(format!("{row} \"N'Zérékoré\"\n\\ \u{1f469}\u{2028}"))),
        ColumnKind::Bytes => Value::Bytes(Some(Uuid::from_u128(row).as_bytes().to_vec())),
    }
}

/// Puts rows into every table of the schema.
async fn fill(bench: &Bench, rows: u128) {
    let store = bench.app.store();
    let catalog = store.catalog().await.expect("it answers");
    // SQLite has no booleans, so that PostgreSQL says which columns are.
    let booleans = match Bench::postgres().await {
        Some(bench) => bench.app.store().catalog().await.expect("it answers"),
        None => catalog.clone(),
    };
    for table in TABLES {
        let columns = &catalog[table.name];
        let is_bool = |at: usize| booleans[table.name][at].kind == ColumnKind::Bool;
        let cells = |row| columns.iter().enumerate().map(|(at, column)| value(column, row, is_bool(at))).collect();
        let rows = (0..rows).map(cells).collect();
        let filled = store.restore_rows(table, columns, rows).await;
        filled.unwrap_or_else(|error| unreachable!("{}: {error}", table.name));
    }
}

async fn take(bench: &Bench) -> (Vec<u8>, Summary) {
    backup::write(&bench.app, &root(), Vec::new()).await.expect("it is written")
}

async fn restored(from: &[u8], to: &Bench, force: bool) -> Result<Summary, mhero_app::AppError> {
    backup::restore(to.app.store(), std::io::Cursor::new(from.to_vec()), force).await
}

async fn both() -> Vec<Bench> {
    let mut both = vec![Bench::sqlite().await];
    both.extend(Bench::postgres().await);
    both
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_round_both_engines_unchanged() {
    let first = Bench::sqlite().await;
    fill(&first, 70).await;
    first.user("marie@moh.example", Role::Hr).await;
    let (mut file, mut summary) = take(&first).await;
    assert_eq!(backup::content_digest(first.app.store()).await.expect("it answers"), summary);
    assert!(summary.tables.iter().all(|table| table.rows >= 70), "{summary:?}");
    for to in ["postgres", "sqlite", "postgres"] {
        let next = if to == "sqlite" { Some(Bench::sqlite().await) } else { Bench::postgres().await };
        let Some(next) = next else { return };
        assert_eq!(restored(&file, &next, false).await.expect("it is restored"), summary, "to {to}");
        let rows = summary.rows();
        (file, summary) = take(&next).await;
        assert_eq!(summary.rows(), rows + 1, "the backup itself is audited");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_go_on_after_those_of_the_backup_even_of_rows_that_are_gone() {
    for from in both().await {
        let store = from.app.store();
        for number in 1..=5u128 {
            let mut unit = Unit::new();
            unit.one(&NEXT_INTAKE, params![Uuid::from_u128(number)]);
            unit.changed("person", Uuid::from_u128(number), "created", 0);
            store.write(unit, Queue::Interactive).await.expect("it is written");
        }
        let mut unit = Unit::new();
        unit.run(&CLEAR_INTAKE, vec![]);
        store.write(unit, Queue::Interactive).await.expect("they are taken");
        // On PostgreSQL these five are not numbered yet; the backup numbers them as the runner would.
        let (file, _) = take(&from).await;
        for to in both().await {
            restored(&file, &to, false).await.expect("it is restored");
            let store = to.app.store();
            let feed = store.changes_since(0, 10).await.expect("it answers");
            let entities: Vec<_> = feed.iter().map(|entry| entry.entity.as_u128()).collect();
            assert_eq!(entities, [1, 2, 3, 4, 5]);
            let mut unit = Unit::new();
            unit.one(&NEXT_INTAKE, params![Uuid::from_u128(9)]);
            unit.one(&ADD_ENTRY, params![Uuid::from_u128(9)]);
            unit.changed("person", Uuid::from_u128(6), "created", 0);
            store.write(unit, Queue::Interactive).await.expect("it is written");
            store.number_changes().await.expect("they are numbered");
            let entry: i64 =
                store.first(&INTAKE_ENTRY, vec![]).await.expect("it answers").expect("a row").get(0).expect("a number");
            assert_eq!(entry, 6, "from {:?} to {:?}", from.app.store().engine(), store.engine());
            let last = store.changes_since(feed[4].seq, 10).await.expect("it answers");
            assert_eq!(last.len(), 1, "a cursor that read all sees what comes next");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_one_state() {
    for from in both().await {
        let store = from.app.store().clone();
        let mut unit = Unit::new();
        for number in 0..40 {
            unit.one(&PUT, params![&format!("left{number}"), "0"]);
            unit.one(&PUT, params![&format!("right{number}"), "0"]);
        }
        store.write(unit, Queue::Interactive).await.expect("it is written");
        let go_on = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let writers: Vec<_> = (0..4)
            .map(|writer: i64| {
                let (store, go_on) = (store.clone(), Arc::clone(&go_on));
                tokio::spawn(async move {
                    let mut round = 0;
                    while go_on.load(std::sync::atomic::Ordering::SeqCst) {
                        round += 1;
                        let mut unit = Unit::new();
                        let number = (round + writer * 10) % 40;
                        unit.one(&SET, params![&format!("left{number}"), &round.to_string()]);
                        unit.one(&PUT, params![&format!("new{writer}-{round}"), &"x".repeat(200)]);
                        unit.changed("person", Uuid::new_v4(), "updated", 0);
                        unit.one(&SET, params![&format!("right{number}"), &round.to_string()]);
                        store.write(unit, Queue::Interactive).await.expect("it is written");
                    }
                    round
                })
            })
            .collect();
        let mut backups = Vec::new();
        for _ in 0..3 {
            backups.push(take(&from).await);
        }
        go_on.store(false, std::sync::atomic::Ordering::SeqCst);
        let mut written = 0;
        for writer in writers {
            written += writer.await.expect("no panic");
        }
        assert!(written > 0);
        for (file, summary) in backups {
            for to in both().await {
                assert_eq!(restored(&file, &to, false).await.expect("it is restored"), summary);
                let settings = to.app.store().settings().await.expect("it answers");
                let get = |key: String| settings.iter().find(|(it, _)| *it == key).map(|(_, value)| value.clone());
                for number in 0..40 {
                    assert_eq!(get(format!("left{number}")), get(format!("right{number}")), "half of a unit");
                }
                let new = settings.iter().filter(|(key, _)| key.starts_with("new")).count();
                let changes = to.app.store().changes_since(0, 1_000_000).await.expect("it answers");
                assert_eq!(new, changes.len(), "every unit wrote one of each");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_use_is_refused_unless_told_and_then_replaced() {
    let from = Bench::sqlite().await;
    from.user("marie@moh.example", Role::Admin).await;
    let (file, summary) = take(&from).await;
    on_both(async |to: &Bench| {
        fill(to, 3).await;
        to.app.create_session("cookie", None, "{}").await.expect("it is stored");
        let before = backup::content_digest(to.app.store()).await.expect("it answers");
        assert_eq!(key(restored(&file, to, false).await), "backup-target-used");
        assert_eq!(backup::content_digest(to.app.store()).await.expect("it answers"), before, "nothing was touched");
        assert_eq!(restored(&file, to, true).await.expect("it is replaced"), summary);
        assert!(to.app.load_session("cookie").await.expect("it answers").is_none(), "everybody is signed out");
        assert_eq!(to.app.users(&root()).await.expect("it answers").len(), 1);
        drop(to.second().await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_was_cut_short_leaves_a_store_that_does_not_open() {
    let from = Bench::sqlite().await;
    fill(&from, 50).await;
    let (file, summary) = take(&from).await;
    on_both(async |to: &Bench| {
        let cut = &file[..file.len() * 2 / 3];
        assert_eq!(key(restored(cut, to, false).await), "backup-cut-short");
        let refused = Store::open(&to.location, Clock::wall()).await.expect_err("it is incomplete");
        assert!(matches!(refused, StoreError::RestoreIncomplete), "{refused}");
        assert!(refused.to_string().contains("mhero restore"));
        let store = Store::open_to_restore(&to.location, Clock::wall()).await.expect("it opens for this");
        let input = std::io::Cursor::new(file.clone());
        assert_eq!(backup::restore(&store, input, true).await.expect("it is restored"), summary);
        Store::open(&to.location, Clock::wall()).await.expect("it is whole");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_backup_or_a_damaged_one_is_told() {
    let from = Bench::sqlite().await;
    fill(&from, 5).await;
    let (file, _) = take(&from).await;
    let mut plain = String::new();
    flate2::read::GzDecoder::new(file.as_slice()).read_to_string(&mut plain).expect("it is text");
    let to = Bench::sqlite().await;
    for nonsense in ["", "\n", "a letter", "{\"resourceType\":\"Bundle\"}\n", "\u{1f}\u{8b}"] {
        assert_eq!(key(restored(nonsense.as_bytes(), &to, false).await), "backup-not-ours", "{nonsense:?}");
    }
    assert_eq!(key(restored(&[0x1f, 0x8b, 8, 0, 1, 2, 3], &to, false).await), "backup-not-ours");
    let newer = plain.replacen("\"mhero_backup\":1", "\"mhero_backup\":2", 1);
    assert_eq!(key(restored(newer.as_bytes(), &to, false).await), "backup-newer");
    let older = plain.replacen(&format!("\"schema\":{}", mhero_store::SCHEMA_VERSION), "\"schema\":1", 1);
    assert_eq!(key(restored(older.as_bytes(), &to, false).await), "backup-older");
    assert_eq!(to.app.store().first_used_table().await.expect("it answers"), None, "nothing was touched yet");
    let without_a_row = plain.replacen(plain.lines().nth(2).expect("a row"), "", 1).replacen("\n\n", "\n", 1);
    let without_a_table = plain.replacen("\"table\":\"programme\"", "\"table\":\"program\"", 1);
    let changed = plain.replacen("Zérékoré", "Zerekore", 1);
    let wrong_kind = plain.replacen("[\"", "[17,\"", 1);
    for damaged in [without_a_row, without_a_table, changed, wrong_kind] {
        assert_eq!(key(restored(damaged.as_bytes(), &to, true).await), "backup-damaged");
    }
    let half = &plain.as_bytes()[..plain.len() / 2];
    assert_eq!(key(restored(half, &to, true).await), "backup-cut-short");
    assert!(restored(plain.as_bytes(), &to, true).await.is_ok(), "unpacked it is restored as well");
}

/// A disk that is full after so many bytes.
struct FullDisk(usize);

impl std::io::Write for FullDisk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_who_may_not_takes_no_backup() {
    let from = Bench::sqlite().await;
    fill(&from, 200).await;
    assert_eq!(key(backup::write(&from.app, &root(), FullDisk(1_000)).await.map(|_| ())), "backup-not-written");
    let auditor = from.user("auditor@moh.example", Role::Auditor).await;
    let auditor = from.app.caller_of_user(auditor).await.expect("it answers").expect("a user");
    assert!(backup::write(&from.app, &auditor, Vec::new()).await.is_err());
}
