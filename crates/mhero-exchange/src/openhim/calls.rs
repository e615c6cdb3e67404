//! The calls that were made while a request of OpenHIM was answered: its orchestrations.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use mhero_app::ports::{CallMade, Witness};
use uuid::Uuid;

/// Calls that one answer lists at most.
const LISTED_MAX: usize = 100;

/// Hears of calls, and tells whoever heard of them before.
pub struct Calls {
    beside: Arc<dyn Witness>,
    made: Mutex<Vec<(CallMade, Timestamp)>>,
    now: fn() -> Timestamp,
}

impl std::fmt::Debug for Calls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Calls").finish_non_exhaustive()
    }
}

impl Calls {
    /// Beside the log.
    pub fn beside(beside: Arc<dyn Witness>) -> Self {
        Self { beside, made: Mutex::default(), now: Timestamp::now }
    }

    /// What was called, in its order, at most a hundred, each with the moment when it ended.
    pub fn made(&self) -> Vec<(CallMade, Timestamp)> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Witness for Calls {
    fn called(&self, correlation: Uuid, call: CallMade) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() < LISTED_MAX {
            made.push((call.clone(), (self.now)()));
        }
        drop(made);
        self.beside.called(correlation, call);
    }

    fn wants_bodies(&self) -> bool {
        self.beside.wants_bodies()
    }
}
