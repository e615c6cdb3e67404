//! Numbers that operators block: lists of those who asked the operator for silence, as it gives them to us. They are no STOP: nobody
//! told us anything, and whoever writes to us is heard.

use uuid::Uuid;

use crate::{Guard, Row, Store, StoreError, Unit, params, statement::statements};

/// Numbers that one unit takes away.
const DROPPED_AT_ONCE: i64 = 5_000;

statements! {
    ADD_LIST = "INSERT INTO operator_block_list (id, name, numbers, unreadable, imported_by, imported_at, undone_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    ADD = "INSERT INTO operator_block (path, list) VALUES ($1, $2) ON CONFLICT (path, list) DO NOTHING";
    LISTS = "SELECT l.id, l.name, l.numbers, l.unreadable, u.name, l.imported_at, l.undone_at FROM operator_block_list l LEFT JOIN app_user u ON u.id = l.imported_by ORDER BY l.imported_at DESC NULLS LAST, l.id DESC NULLS LAST LIMIT $1";
    UNDO = "UPDATE operator_block_list SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
    DROP = "DELETE FROM operator_block WHERE list = $1 AND path IN (SELECT b.path FROM operator_block b WHERE b.list = $1 ORDER BY b.path ASC NULLS LAST LIMIT $2)";
    HOW_MANY = "SELECT CAST(COUNT(DISTINCT path) AS BIGINT) FROM operator_block";
    IS_BLOCKED = "SELECT EXISTS (SELECT 1 FROM operator_block WHERE path = $1)";
}

/// A list as it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockList {
    /// Its id.
    pub id: Uuid,
    /// What whoever imported it calls it.
    pub name: String,
    /// How many numbers it has.
    pub numbers: i64,
    /// How many lines could not be read.
    pub unreadable: i64,
    /// Who imported it, by name.
    pub imported_by: Option<String>,
    /// When, in UTC microseconds.
    pub imported_at: i64,
    /// When it was taken back.
    pub undone_at: Option<i64>,
}

impl BlockList {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            numbers: row.get(2)?,
            unreadable: row.get(3)?,
            imported_by: row.get(4)?,
            imported_at: row.get(5)?,
            undone_at: row.get(6)?,
        })
    }
}

impl Unit {
    /// Writes that a list was imported, by whom.
    pub fn add_block_list(
        &mut self,
        id: Uuid,
        name: &str,
        (numbers, unreadable): (i64, i64),
        (by, now): (Option<Uuid>, i64),
    ) -> &mut Self {
        self.one(&ADD_LIST, params![id, name, numbers, unreadable, by, now])
    }

    /// Writes numbers of a list, in E.164.
    pub fn block_numbers(&mut self, list: Uuid, numbers: &[String]) -> &mut Self {
        for number in numbers {
            self.run(&ADD, params![number, list]);
        }
        self
    }

    /// Notes that a list was taken back; the unit fails when it was before.
    pub fn undo_block_list(&mut self, list: Uuid, now: i64) -> &mut Self {
        self.one(&UNDO, params![list, now])
    }

    /// Takes up to five thousand numbers of a list away; the count of rows says how many.
    pub fn unblock_numbers(&mut self, list: Uuid) -> &mut Self {
        self.step(&DROP, Guard::Any, params![list, DROPPED_AT_ONCE])
    }
}

impl Store {
    /// The lists, the newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn block_lists(&self, limit: i64) -> Result<Vec<BlockList>, StoreError> {
        self.query(&LISTS, params![limit]).await?.iter().map(BlockList::read).collect()
    }

    /// How many numbers are blocked.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn blocked_numbers(&self) -> Result<i64, StoreError> {
        self.first(&HOW_MANY, params![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Whether an operator blocks a number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_blocked(&self, path: &str) -> Result<bool, StoreError> {
        self.first(&IS_BLOCKED, params![path]).await?.map_or(Ok(false), |row| row.get(0))
    }
}
