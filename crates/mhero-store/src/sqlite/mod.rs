//! The embedded engine: one writer thread, a few readers, WAL with `synchronous=FULL`.

mod reader;
mod writer;

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path};

use rusqlite::{Connection, OpenFlags, types::ValueRef};

use crate::{Row, StoreError, Value};

pub(crate) use reader::{Lent, Readers};
pub(crate) use writer::Writer;

/// How long a connection waits for another process's lock (a backup tool, say), in milliseconds.
const BUSY_MS: u32 = 5_000;
/// Page cache of a connection, in KiB.
const CACHE_KIB: i64 = 32 * 1024;
/// Statements kept prepared by a connection.
const PREPARED_MAX: usize = 512;
/// The log is copied into the database file after so many pages (4 KiB each).
const CHECKPOINT_PAGES: i64 = 4_000;
/// What is left of the log's file once a long read has let it grow, in bytes.
const LOG_KEPT_BYTES: i64 = 64 * 1024 * 1024;
/// The number that `PRAGMA synchronous` answers for FULL.
const SYNCHRONOUS_FULL: i64 = 2;

/// Opens a connection with everything set that durability needs.
pub(crate) fn open(path: &Path, writes: bool) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if writes {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
        // Made here, so that nobody else may read it in a folder that others may enter; the log takes over its mode. Where
        // it can't be made, SQLite says why.
        let _ = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    }
    let connection = Connection::open_with_flags(path, flags).map_err(|e| unreachable(&e))?;
    let set = || -> rusqlite::Result<()> {
        connection.busy_timeout(std::time::Duration::from_millis(u64::from(BUSY_MS)))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Where the system's plain flush leaves data in the drive's cache (macOS), ask for the one that does not.
        connection.pragma_update(None, "fullfsync", "ON")?;
        connection.pragma_update(None, "checkpoint_fullfsync", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_KEPT_BYTES)?;
        connection.pragma_update(None, "mmap_size", 0)?;
        if !writes {
            connection.pragma_update(None, "query_only", "ON")?;
        }
        connection.set_prepared_statement_cache_capacity(PREPARED_MAX);
        Ok(())
    };
    set().map_err(|e| unreachable(&e))?;
    refuse_unsafe_settings(&connection)?;
    Ok(connection)
}

/// A pragma that could not be followed answers with what is in force instead of an error: a file system without shared
/// memory keeps the old journal, for one.
fn refuse_unsafe_settings(connection: &Connection) -> Result<(), StoreError> {
    let word = |pragma: &str| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, String>(0)).map_err(|e| unreachable(&e))
    };
    let number = |pragma: &str| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(|e| unreachable(&e))
    };
    let refuse = |detail: &str| Err(StoreError::Unreachable { detail: detail.to_owned() });
    if !word("journal_mode")?.eq_ignore_ascii_case("wal") {
        return refuse("this file system does not allow SQLite's write-ahead log; put the data on a local disk");
    }
    if number("synchronous")? < SYNCHRONOUS_FULL || number("foreign_keys")? != 1 {
        return refuse("this SQLite does not follow `synchronous` or `foreign_keys`");
    }
    Ok(())
}

fn unreachable(error: &rusqlite::Error) -> StoreError {
    classify("opening the database", error)
}

/// Sorts an engine's error by what a caller can do about it.
pub(crate) fn classify(statement: &str, error: &rusqlite::Error) -> StoreError {
    use rusqlite::ffi;
    if let rusqlite::Error::SqliteFailure(code, detail) = error {
        let said = detail.clone().unwrap_or_else(|| code.to_string());
        return match (code.code, code.extended_code) {
            (rusqlite::ErrorCode::DiskFull, _) => StoreError::DiskFull,
            (rusqlite::ErrorCode::SystemIoFailure, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => {
                StoreError::FlushFailed { detail: said }
            }
            (
                rusqlite::ErrorCode::ConstraintViolation,
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => StoreError::Exists { rule: said },
            (rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked, _) => StoreError::Contention,
            (rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::NotADatabase, _) => {
                StoreError::Unreachable { detail: said }
            }
            _ => StoreError::Database { statement: statement.to_owned(), detail: said },
        };
    }
    StoreError::Database { statement: statement.to_owned(), detail: error.to_string() }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, Value as Owned};
        Ok(match self {
            Self::Int(Some(x)) => ToSqlOutput::Owned(Owned::Integer(*x)),
            Self::Bool(Some(x)) => ToSqlOutput::Owned(Owned::Integer(i64::from(*x))),
            Self::Float(Some(x)) => ToSqlOutput::Owned(Owned::Real(*x)),
            Self::Text(Some(x)) => ToSqlOutput::Borrowed(ValueRef::Text(x.as_bytes())),
            Self::Bytes(Some(x)) => ToSqlOutput::Borrowed(ValueRef::Blob(x)),
            _ => ToSqlOutput::Owned(Owned::Null),
        })
    }
}

/// Runs a query to its end.
pub(crate) fn query(connection: &Connection, name: &str, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    let wrong = |e: rusqlite::Error| classify(name, &e);
    let mut statement = connection.prepare_cached(sql).map_err(wrong)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(wrong)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(wrong)? {
        let mut cells = Vec::with_capacity(columns);
        for column in 0..columns {
            cells.push(cell(row.get_ref(column).map_err(wrong)?, name, column)?);
        }
        out.push(Row { cells });
    }
    Ok(out)
}

fn cell(value: ValueRef<'_>, name: &str, column: usize) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(x) => Value::Int(Some(x)),
        ValueRef::Real(x) => Value::Float(Some(x)),
        ValueRef::Text(x) => Value::Text(Some(String::from_utf8(x.to_vec()).map_err(|_| StoreError::Value {
            statement: name.to_owned(),
            column,
            detail: "it is no UTF-8".into(),
        })?)),
        ValueRef::Blob(x) => Value::Bytes(Some(x.to_vec())),
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn issue_2_nobody_else_reads_the_database_in_a_folder_that_others_may_enter() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        let connection = open(&folder.path().join("mhero.db"), true).expect("open");
        connection.execute_batch("CREATE TABLE t (x INTEGER)").expect("a table");
        let files: Vec<_> = fs::read_dir(folder.path()).expect("files").map(|file| file.expect("a file")).collect();
        assert_eq!(files.len(), 3, "the database, its log and what they share");
        for file in files {
            let mode = file.metadata().expect("about it").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?}", file.file_name());
        }
    }
}
