//! Backup and restore: everything, in a form that either engine reads, consistent while the server runs.
//!
//! A backup is gzipped text, one JSON value a line. First a head with the version of this form and of the schema; then for
//! each table a line with its name and columns, a line for each row, and a line with the number of rows and the SHA-256 of
//! their lines; last a line that says that the backup is whole. Numbers are JSON numbers (booleans 0 and 1), floats and texts
//! are strings, bytes are hexadecimal strings. Rows stand in the order of their key, so that equal tables have equal digests
//! on every engine. The key that seals secrets is not in it.

mod format;
mod read;
mod restore;
mod walk;
mod write;

pub use format::{Summary, TableDigest};
pub use restore::restore;
pub use walk::content_digest;
pub use write::write;
