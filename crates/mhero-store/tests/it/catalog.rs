//! The tables of a backup are the tables of the schema, with the keys that they are read by, on both engines.

use std::collections::BTreeSet;

use mhero_store::{Column, ColumnKind, LEFT_OUT, TABLES};

use crate::{Bench, on_both};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_forgets_no_table() {
    on_both(async |bench: &Bench| {
        let catalog = bench.store.catalog().await.expect("it answers");
        let there: BTreeSet<&str> = catalog.keys().map(String::as_str).collect();
        let known: BTreeSet<&str> = TABLES.iter().map(|table| table.name).chain(LEFT_OUT.iter().copied()).collect();
        let forgotten: Vec<_> = there.difference(&known).collect();
        assert!(forgotten.is_empty(), "add to TABLES or LEFT_OUT in nouns/backup.rs: {forgotten:?}");
        let gone: Vec<_> = known.difference(&there).collect();
        assert!(gone.is_empty(), "these are in nouns/backup.rs and not in the schema: {gone:?}");
        for table in TABLES {
            let columns = &catalog[table.name];
            let mut key: Vec<&Column> = columns.iter().filter(|column| column.in_key > 0).collect();
            key.sort_by_key(|column| column.in_key);
            let key: Vec<_> = key.iter().map(|column| column.name.as_str()).collect();
            assert_eq!(key, table.key, "the key of {}", table.name);
            assert_eq!(table.is_numbered, table.key == ["entry"], "{}", table.name);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_columns() {
    let here = Bench::sqlite().await.store.catalog().await.expect("it answers");
    let Some(there) = Bench::postgres().await else { return };
    let there = there.store.catalog().await.expect("it answers");
    for table in TABLES {
        let (here, there) = (&here[table.name], &there[table.name]);
        assert_eq!(here.len(), there.len(), "{}", table.name);
        for (here, there) in here.iter().zip(there) {
            assert_eq!(here.name, there.name, "{}", table.name);
            let kind = if there.kind == ColumnKind::Bool { ColumnKind::Int } else { there.kind };
            assert_eq!(here.kind, kind, "{}.{}", table.name, here.name);
        }
    }
}
