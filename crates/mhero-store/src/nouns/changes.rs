//! The change feed. Rows enter unnumbered in their unit; the number is given in commit order.

use crate::{Engine, Queue, Row, Statement, Store, StoreError, Unit, params, statement::statements};

/// Most rows that one numbering step takes on PostgreSQL.
const NUMBERING_STEP: i64 = 5_000;

statements! {
    /// Notes that something changed.
    ADD = "INSERT INTO change (kind, entity, what, at) VALUES ($1, $2, $3, $4)";
    /// On SQLite the writer runs this before each commit: entries there are in commit order already. On PostgreSQL the
    /// holder of a lease runs it after commit.
    NUMBER = "UPDATE change SET seq = numbered.seq FROM (SELECT entry, (SELECT COALESCE(MAX(seq), 0) FROM change) + ROW_NUMBER() OVER (ORDER BY entry) AS seq FROM change WHERE seq IS NULL ORDER BY entry LIMIT 5000) AS numbered WHERE change.entry = numbered.entry AND change.seq IS NULL"
        | "UPDATE change SET seq = entry WHERE seq IS NULL";
    SINCE = "SELECT seq, kind, entity, what, at FROM change WHERE seq > $1 ORDER BY seq ASC NULLS LAST LIMIT $2";
    LAST = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM change";
}

/// One entry of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// The number. Cursors of the interfaces are such numbers, never time stamps.
    pub seq: i64,
    /// What kind of thing: `person`, `place`, `group`, `broadcast`, `thread`.
    pub kind: String,
    /// Its id.
    pub entity: uuid::Uuid,
    /// `created`, `updated`, `deleted`.
    pub what: String,
    /// When, in UTC microseconds.
    pub at: i64,
}

impl FeedEntry {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { seq: row.get(0)?, kind: row.get(1)?, entity: row.get(2)?, what: row.get(3)?, at: row.get(4)? })
    }
}

pub(crate) fn number_statement() -> &'static Statement {
    &NUMBER
}

impl Unit {
    /// Notes in the change feed that something changed.
    pub fn changed(&mut self, kind: &str, entity: uuid::Uuid, what: &str, at: i64) -> &mut Self {
        self.run(&ADD, params![kind, entity, what, at])
    }
}

impl Store {
    /// Entries after a number, in order.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn changes_since(&self, seq: i64, limit: i64) -> Result<Vec<FeedEntry>, StoreError> {
        self.query(&SINCE, params![seq, limit]).await?.iter().map(FeedEntry::read).collect()
    }

    /// The last number given.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_change(&self) -> Result<i64, StoreError> {
        self.first(&LAST, vec![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Numbers what is committed and unnumbered; returns how many. Only the holder of the lease `changes` may call it; on
    /// SQLite the writer has done it already.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn number_changes(&self) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let mut unit = Unit::new();
            unit.run(&NUMBER, vec![]);
            let rows = self.write(unit, Queue::Interactive).await?.rows.iter().sum::<u64>();
            total += rows;
            if self.engine() == Engine::Sqlite || i64::try_from(rows).unwrap_or(i64::MAX) < NUMBERING_STEP {
                return Ok(total);
            }
        }
    }
}
