//! A limit on everything that comes from outside. Units stand in the names.

/// Longest address path, in bytes.
pub const URN_LENGTH_MAX: usize = 255;
/// Longest person, place or group name, in characters. Longer ones are cut with a warning.
pub const NAME_CHARS_MAX: usize = 200;
/// Longest text of one message before it is split, in characters.
pub const TEXT_CHARS_MAX: usize = 1_600;
/// Longest inbound text kept whole, in characters (reassembled parts of a long SMS).
pub const INBOUND_CHARS_MAX: usize = 10_000;
/// Longest template of a broadcast, in characters.
pub const TEMPLATE_CHARS_MAX: usize = 10_000;
/// Longest audience query, in characters.
pub const QUERY_CHARS_MAX: usize = 10_000;
/// Deepest nesting of an audience query.
pub const QUERY_DEPTH_MAX: usize = 100;
/// Most conditions in an audience query.
pub const QUERY_CONDITIONS_MAX: usize = 250;
/// Longest value of a field, in characters.
pub const VALUE_CHARS_MAX: usize = 4_000;
/// Most phones read from one record.
pub const PHONES_PER_RECORD_MAX: usize = 20;
/// Largest file that an import opens, in bytes.
pub const IMPORT_FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Largest record in an import, in bytes.
pub const IMPORT_RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most problems that one import lists; the rest is counted.
pub const IMPORT_PROBLEMS_MAX: usize = 1_000;
/// Largest body of a request to the console, in bytes.
pub const REQUEST_BYTES_MAX: usize = 1024 * 1024;
/// Largest upload through the console, in bytes.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Deepest place tree, in levels.
pub const PLACE_DEPTH_MAX: usize = 20;
/// Most automatic replies to one number in an hour, so that two machines never loop.
pub const AUTO_REPLIES_PER_HOUR_MAX: i64 = 10;
/// Rows on one page of the console.
pub const PAGE_ROWS: i64 = 50;
