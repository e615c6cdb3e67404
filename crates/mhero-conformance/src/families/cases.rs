//! What cases hold and how their results are compared.

use std::fmt::Debug;

use serde_json::Value as Json;

/// A text of a case; empty where there is none.
pub(super) fn text<'a>(case: &'a Json, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

/// That something came out as expected.
pub(super) fn same<T: PartialEq + Debug + ?Sized>(what: &str, got: &T, expected: &T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what}: {got:?} is not {expected:?}")) }
}
