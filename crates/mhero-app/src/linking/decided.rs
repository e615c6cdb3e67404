//! What was decided of pairs, for whoever looks it over.

use mhero_core::{PersonId, Right};
use mhero_store::DecidedPair;

use crate::{App, AppError, Caller};

/// Most pairs of a page.
const PAGE_MAX: i64 = 200;

impl App {
    /// Pairs of the caller's scope that somebody or a rule decided, the latest first; `after` is the last one of the page before:
    /// when it was decided, left and right.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn decided_pairs(
        &self,
        caller: &Caller,
        after: Option<(i64, PersonId, PersonId)>,
        limit: i64,
    ) -> Result<Vec<DecidedPair>, AppError> {
        caller.must(Right::ReadPeople)?;
        Ok(self.store().decided_list(&caller.scope, after, limit.clamp(1, PAGE_MAX)).await?)
    }
}
