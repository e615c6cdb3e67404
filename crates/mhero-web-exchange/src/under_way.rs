//! Keys of requests that this process works on just now. A key that is open in the store and not here was left by a process that
//! ended in the middle.

use std::{
    collections::HashSet,
    sync::{Mutex, OnceLock, PoisonError},
};

use uuid::Uuid;

/// Where every act is written under the key of its request: doing one again, after nobody knows how far it got, changes nothing. That
/// holds as well for one that another node works on just now, which looks from here like one that was left.
const KEYED: &str = "/api/v1/";

/// Whether what is asked at an address may be done again when it was left in the middle.
pub(crate) fn may_begin_again(path: &str) -> bool {
    path.starts_with(KEYED)
}

fn keys() -> std::sync::MutexGuard<'static, HashSet<(Uuid, String)>> {
    static KEYS: OnceLock<Mutex<HashSet<(Uuid, String)>>> = OnceLock::new();
    KEYS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// A key that is worked on, until this is dropped.
pub(crate) struct UnderWay((Uuid, String));

impl UnderWay {
    /// Begins to work on a key; `None` where this process does already.
    pub(crate) fn begin(client: Uuid, key: &str) -> Option<Self> {
        let key = (client, key.to_owned());
        // Only one that was put there is taken away again, and not while all are held.
        let is_first = keys().insert(key.clone());
        is_first.then(|| Self(key))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        keys().remove(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_worked_on_once_at_a_time() {
        let client = Uuid::from_u128(0x5eed);
        let first = UnderWay::begin(client, "a");
        assert!(first.is_some() && UnderWay::begin(client, "a").is_none() && UnderWay::begin(client, "b").is_some());
        drop(first);
        assert!(UnderWay::begin(client, "a").is_some());
        assert!(may_begin_again("/api/v1/broadcasts") && !may_begin_again("/api/v2/broadcasts.json"));
    }
}
