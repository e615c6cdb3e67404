//! What can go wrong in the store, by what a caller can do about it.

use std::path::PathBuf;

/// Errors of the store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// What a decision was based on has changed. Read again and decide again.
    #[error("what this decision was based on has changed in the meantime (step {step})")]
    Guard {
        /// Which step of the unit, counted from 0.
        step: usize,
    },
    /// A unique rule was broken: the thing exists already.
    #[error("it exists already: {rule}")]
    Exists {
        /// The engine's name for the rule.
        rule: String,
    },
    /// PostgreSQL chose this transaction as the victim of a deadlock or could not serialise it. Decide again.
    #[error("two writers met; try again")]
    Contention,
    /// No room on the disk. Nothing of the unit was stored.
    #[error("the disk is full: free some space; nothing of this change was stored")]
    DiskFull,
    /// The disk failed to flush. The store refuses further writes until the program is started again, because what a
    /// failed flush left behind can't be known.
    #[error("the disk failed to flush; nothing more is accepted until mHero is restarted: {detail}")]
    FlushFailed {
        /// What the engine said.
        detail: String,
    },
    /// Another process holds the data directory.
    #[error("another mhero uses {path}: stop it, or use another --data folder")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The schema is older or newer than this program.
    #[error("the database has schema {found}, this program needs {needed}: {remedy}")]
    Schema {
        /// Version found.
        found: u32,
        /// Version needed.
        needed: u32,
        /// What to type.
        remedy: &'static str,
    },
    /// PostgreSQL would acknowledge before flushing.
    #[error("PostgreSQL has {setting} off, so it would lose accepted messages: turn it on")]
    UnsafeSetting {
        /// `fsync` or `synchronous_commit`.
        setting: &'static str,
    },
    /// The database can't be reached or opened.
    #[error("the database can't be opened: {detail}")]
    Unreachable {
        /// What the engine said, without secrets.
        detail: String,
    },
    /// A stored value is not what the code expects.
    #[error("stored value {column} of {statement} can't be read: {detail}")]
    Value {
        /// The statement.
        statement: String,
        /// Column number from 0.
        column: usize,
        /// Why.
        detail: String,
    },
    /// A restore into this store did not come to its end.
    #[error("a restore into this database was cut short, so it is incomplete: run `mhero restore FILE --force` again")]
    RestoreIncomplete,
    /// A text holds U+0000, which PostgreSQL does not keep. Nothing was read or stored.
    #[error("a text holds the character U+0000, which can't be kept: leave it out")]
    NulInText,
    /// The store is closing.
    #[error("mHero is shutting down")]
    Closed,
    /// Anything else that an engine reports.
    #[error("database error in {statement}: {detail}")]
    Database {
        /// The statement's name.
        statement: String,
        /// What the engine said.
        detail: String,
    },
}

impl StoreError {
    /// Whether the decision should be taken again on fresh data.
    pub const fn is_decide_again(&self) -> bool {
        matches!(self, Self::Guard { .. } | Self::Contention)
    }
}
