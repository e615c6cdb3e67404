//! The audit log: sealed in a chain, and what was changed is found.

use mhero_core::Role;
use mhero_store::{AuditFilter, BrokenSeal, Queue, Statement, Unit, params};

use crate::{Bench, on_both, root};

static FORGE: Statement = Statement::both("test::forge", "UPDATE audit SET facts = '{}' WHERE entry = $1");
static MOVE: Statement = Statement::both("test::move", "UPDATE audit SET block = $2 WHERE entry = $1");
static DROP_ENTRY: Statement = Statement::both("test::drop_entry", "DELETE FROM audit WHERE entry = $1");
static DROP_BLOCK: Statement = Statement::both("test::drop_block", "DELETE FROM audit_block WHERE number = $1");
static REHASH: Statement = Statement::both("test::rehash", "UPDATE audit_block SET hash = $2 WHERE number = $1");

async fn note(bench: &Bench, count: i64) {
    let mut unit = Unit::new();
    for number in 0..count {
        unit.audit(bench.app.store(), &root().entry("tested", "test", None, serde_json::json!({ "number": number })));
    }
    bench.app.store().write(unit, Queue::Interactive).await.expect("they are noted");
}

async fn check(bench: &Bench) -> Option<BrokenSeal> {
    bench.app.check_audit(&root()).await.expect("it answers")
}

async fn run(bench: &Bench, statement: &'static Statement, params: Vec<mhero_store::Value>) {
    let mut unit = Unit::new();
    unit.one(statement, params);
    bench.app.store().write(unit, Queue::Interactive).await.expect("it runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_sealed_in_blocks_that_hold_together() {
    on_both(async |bench: &Bench| {
        assert_eq!(bench.app.seal_audit().await.expect("it answers"), 0);
        note(bench, 1_200).await;
        assert_eq!(check(bench).await, None);
        assert_eq!(bench.app.seal_audit().await.expect("it is sealed"), 1_200);
        let block = bench.app.last_audit_block(&root()).await.expect("it answers").expect("a block");
        assert_eq!(block.number, 2);
        assert_eq!(bench.app.seal_audit().await.expect("nothing is left"), 0);
        note(bench, 3).await;
        assert_eq!(check(bench).await, None);
        assert_eq!(bench.app.seal_audit().await.expect("it is sealed"), 3);
        assert_eq!(check(bench).await, None);
        let there = bench.second().await;
        note(bench, 1).await;
        assert_eq!(there.seal_audit().await.expect("another holds the lease"), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealing_while_others_write_leaves_nothing_out() {
    on_both(async |bench: &Bench| {
        let writers = (0..4).map(|_| async {
            for _ in 0..15 {
                note(bench, 2).await;
            }
        });
        let mut sealed = 0;
        let sealing = async {
            for _ in 0..10 {
                sealed += bench.app.seal_audit().await.expect("it answers");
            }
        };
        tokio::join!(futures::future::join_all(writers), sealing);
        sealed += bench.app.seal_audit().await.expect("it answers");
        assert_eq!(sealed, 120);
        assert_eq!(check(bench).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_moved_or_cut_is_found() {
    let breaks: [(&str, &str, i64); 6] = [
        ("forged and sealed", "entry-changed", 5),
        ("forged and open", "entry-changed", 12),
        ("entry cut", "block-changed", 5),
        ("entry moved", "block-changed", 5),
        ("block cut", "block-missing", 0),
        ("block hashed anew", "block-changed", 0),
    ];
    for (how, what, entry) in breaks {
        on_both(async |bench: &Bench| {
            note(bench, 5).await;
            bench.app.seal_audit().await.expect("it is sealed");
            note(bench, 5).await;
            bench.app.seal_audit().await.expect("it is sealed");
            note(bench, 5).await;
            assert_eq!(check(bench).await, None);
            match how {
                "forged and sealed" | "forged and open" => run(bench, &FORGE, params![entry]).await,
                "entry cut" => run(bench, &DROP_ENTRY, params![entry]).await,
                "entry moved" => run(bench, &MOVE, params![entry, 2i64]).await,
                "block cut" => run(bench, &DROP_BLOCK, params![2i64]).await,
                _ => run(bench, &REHASH, params![1i64, vec![0u8; 32]]).await,
            }
            let found = check(bench).await.expect(how);
            assert_eq!(found.what, what, "{how}: {found:?}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_by_page_and_only_by_who_may() {
    on_both(async |bench: &Bench| {
        let app = &bench.app;
        note(bench, 7).await;
        let mut filter = AuditFilter { action: Some("tested".into()), ..AuditFilter::default() };
        let mut seen = Vec::new();
        loop {
            let page = app.audit_log(&root(), &filter, 3).await.expect("it answers");
            let Some(last) = page.last() else { break };
            filter.before_entry = Some(last.entry);
            seen.extend(page.iter().map(|entry| entry.entry));
        }
        assert_eq!(seen.len(), 7);
        assert!(seen.is_sorted_by(|a, b| a > b));
        let auditor = bench.user("auditor@moh.example", Role::Auditor).await;
        let hr = bench.user("hr@moh.example", Role::Hr).await;
        let auditor = app.caller_of_user(auditor).await.expect("it answers").expect("a user");
        let hr = app.caller_of_user(hr).await.expect("it answers").expect("a user");
        assert!(app.audit_log(&auditor, &AuditFilter::default(), 10).await.is_ok());
        assert!(app.audit_log(&hr, &AuditFilter::default(), 10).await.is_err());
        assert_eq!(app.audit_actions(&auditor).await.expect("it answers"), ["tested", "user-added"]);
        let about = AuditFilter { about: hr.actor.id, ..AuditFilter::default() };
        assert_eq!(app.audit_log(&auditor, &about, 10).await.expect("it answers").len(), 1);
    })
    .await;
}
