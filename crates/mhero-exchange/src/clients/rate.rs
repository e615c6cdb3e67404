//! How many requests an account may make: a bucket for each account and kind of request, refilled evenly over the hour.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use uuid::Uuid;

/// Microseconds of an hour.
const HOUR_MICROS: i64 = 3_600_000_000;
/// Tokens of which the use is remembered; above that, those that have not been used for an hour are forgotten.
const KEPT_MAX: usize = 10_000;

/// What a token has left, as of an instant.
struct Left {
    requests: f64,
    at: i64,
}

/// The buckets of one front in this process.
pub struct Rate {
    per_hour: u32,
    left: Mutex<HashMap<(Uuid, &'static str), Left>>,
}

impl std::fmt::Debug for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rate").field("per_hour", &self.per_hour).finish_non_exhaustive()
    }
}

impl Rate {
    /// Buckets that hold so many requests an hour.
    pub fn new(per_hour: u32) -> Self {
        Self { per_hour: per_hour.max(1), left: Mutex::default() }
    }

    /// Takes one request out of an account's bucket. `now` is in UTC microseconds.
    ///
    /// # Errors
    /// Where none is left: after how many seconds there is one again.
    pub fn take(&self, account: Uuid, bucket: &'static str, now: i64) -> Result<(), i64> {
        let most = f64::from(self.per_hour);
        #[expect(clippy::cast_precision_loss, reason = "a rate, not an amount")]
        let per_micro = most / HOUR_MICROS as f64;
        let mut all = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_MAX {
            all.retain(|_, left| left.at > now - HOUR_MICROS);
        }
        let left = all.entry((account, bucket)).or_insert(Left { requests: most, at: now });
        #[expect(clippy::cast_precision_loss, reason = "a rate, not an amount")]
        let since = (now - left.at).max(0) as f64;
        left.requests = (left.requests + since * per_micro).min(most);
        left.at = now;
        if left.requests >= 1.0 {
            left.requests -= 1.0;
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most an hour")]
        let seconds = ((1.0 - left.requests) / per_micro / 1_000_000.0).ceil() as i64;
        Err(seconds.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_has_its_requests_and_fills_up_evenly() {
        let (rate, token) = (Rate::new(60), Uuid::from_u128(1));
        for _ in 0..60 {
            assert_eq!(rate.take(token, "contacts", 0), Ok(()));
        }
        assert_eq!(rate.take(token, "contacts", 0), Err(60));
        assert_eq!(rate.take(token, "runs", 0), Ok(()), "another bucket");
        assert_eq!(rate.take(Uuid::from_u128(2), "contacts", 0), Ok(()), "another token");
        assert_eq!(rate.take(token, "contacts", 30_000_000), Err(30));
        assert_eq!(rate.take(token, "contacts", 60_000_000), Ok(()));
        assert_eq!(rate.take(token, "contacts", 60_000_000), Err(60));
    }
}
