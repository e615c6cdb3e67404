//! Parts of lists: between two instants, behind a cursor, at most so many.

use mhero_store::Keyset;
use uuid::Uuid;

/// Which part of a list, the last first: by an instant and, among equal ones, by the id, so that nothing that stays as it is comes
/// twice or is missed, whatever is added meanwhile. Instants are UTC microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// From this instant on.
    pub since: Option<i64>,
    /// Until this instant.
    pub until: Option<i64>,
    /// Behind this instant and id.
    pub after: Option<(i64, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

impl Part {
    /// The one thing of an id.
    pub(crate) const ONE: Self = Self { since: None, until: None, after: None, limit: 1 };

    /// The same for the store.
    pub(crate) const fn keyset(&self) -> Keyset {
        Keyset { newest_first: true, from: self.since, until: self.until, after: self.after, limit: self.limit }
    }
}
