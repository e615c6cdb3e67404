//! Reasons as they are kept: the key of a sentence and its variables, said in the reader's language when they are read.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Mutex, OnceLock, PoisonError},
};

use mhero_core::record::Reason;
use serde_json::{Map, Value, json};

use crate::AppError;

/// Most keys and names of variables that are read back. This program has some hundreds; more would be a damaged store.
const WORDS_MAX: usize = 10_000;
/// The reason for what a damaged store says.
const UNKNOWN: &str = "sync-reason-unknown";

/// A reason as it is kept.
pub fn keep_reason(reason: &Reason) -> String {
    let args: Map<String, Value> =
        reason.args.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    json!({ "key": reason.key, "args": args }).to_string()
}

/// Reads a reason as [`crate::App`] keeps it; what can't be read becomes a sentence that says so.
pub fn read_reason(kept: &str) -> Reason {
    let read = || {
        let mut kept: Map<String, Value> = serde_json::from_str(kept).ok()?;
        let key = interned(kept.get("key")?.as_str()?)?;
        let Some(Value::Object(args)) = kept.remove("args") else { return Some(Reason::plain(key)) };
        let args = args.into_iter().map(|(name, value)| Some((interned(&name)?, value.as_str()?.to_owned())));
        Some(Reason { key, args: args.collect::<Option<_>>()? })
    };
    read().unwrap_or(Reason::plain(UNKNOWN))
}

/// What keeps a run from going on, for an administrator.
pub(crate) fn reason_of(error: &AppError) -> Reason {
    match error {
        AppError::Invalid(reason) => reason.clone(),
        other => Reason::new("sync-failed-inside", [("why", other.to_string())]),
    }
}

/// A word that lives as long as the program. The keys that are kept are this program's own.
fn interned(word: &str) -> Option<&'static str> {
    static WORDS: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    let is_plain = word.len() <= 100 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !is_plain {
        return None;
    }
    let mut words = WORDS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word) {
        return Some(known);
    }
    if words.len() >= WORDS_MAX {
        return None;
    }
    let word: &'static str = Box::leak(word.to_owned().into_boxed_str());
    words.insert(word);
    Some(word)
}

/// The words by which a refused record may be known again: everything in it that could be an id.
pub(super) fn words_of(raw: &str, words: &mut BTreeSet<String>) {
    let is_of_id = |c: char| c.is_alphanumeric() || "-._:".contains(c);
    words.extend(raw.split(|c: char| !is_of_id(c)).filter(|word| !word.is_empty()).map(ToOwned::to_owned));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_comes_back_as_it_was_kept() {
        for reason in [
            Reason::plain("sync-cut-short"),
            Reason::new("registry-down", [("url", "https://x.example/\"'".to_owned()), ("n", "3".to_owned())]),
        ] {
            let mut back = read_reason(&keep_reason(&reason));
            back.args.sort_unstable();
            let mut wanted = reason.clone();
            wanted.args.sort_unstable();
            assert_eq!(back, wanted);
        }
        for damaged in ["", "{}", "{\"key\":\"a b\"}", "{\"key\":7}", "{\"key\":\"a\",\"args\":{\"b\":1}}"] {
            assert_eq!(read_reason(damaged), Reason::plain(UNKNOWN), "{damaged}");
        }
    }

    #[test]
    fn a_refused_record_is_known_again_by_its_id() {
        let mut words = BTreeSet::new();
        words_of("{\"id\":\"TF.W-7\",\"name\":[{\"text\":\"Ann\"}", &mut words);
        assert!(words.contains("TF.W-7") && words.contains("Ann"));
    }
}
