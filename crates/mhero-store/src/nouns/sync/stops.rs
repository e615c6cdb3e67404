//! Numbers that a source says were stopped there.

use mhero_core::SourceId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    OF_SOURCE = "SELECT record, scheme, path FROM source_stop WHERE source = $1 ORDER BY record ASC NULLS LAST, scheme ASC NULLS LAST, path ASC NULLS LAST";
    ADD = "INSERT INTO source_stop (source, record, scheme, path, said_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, record, scheme, path) DO NOTHING";
    DROP = "DELETE FROM source_stop WHERE source = $1 AND record = $2 AND scheme = $3 AND path = $4";
    /// One that was given here stays as it is.
    SILENCE = "INSERT INTO stop (scheme, path, list, since, message, source) VALUES ($1, $2, '', $3, NULL, $4) ON CONFLICT (scheme, path, list) DO NOTHING";
    /// Only what sources said, and only once none of them says so any more.
    LIFT = "DELETE FROM stop WHERE scheme = $1 AND path = $2 AND list = '' AND source IS NOT NULL AND NOT EXISTS (SELECT 1 FROM source_stop o WHERE o.scheme = $1 AND o.path = $2)";
    DROP_OF_SOURCE = "DELETE FROM source_stop WHERE source = $1";
}

/// A number that a source says was stopped there, by its record.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceStop {
    /// The id of the record there.
    pub record: String,
    /// The scheme: `tel`.
    pub scheme: String,
    /// The number.
    pub path: String,
}

impl std::fmt::Debug for SourceStop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceStop").field("record", &self.record).finish_non_exhaustive()
    }
}

impl SourceStop {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { record: row.get(0)?, scheme: row.get(1)?, path: row.get(2)? })
    }
}

impl Unit {
    /// A source says from now on that a number is stopped: nothing is sent to it any more.
    pub fn stop_by_source(&mut self, source: SourceId, said: &SourceStop, now: i64) -> &mut Self {
        self.run(&ADD, params![source, &said.record, &said.scheme, &said.path, now]);
        self.run(&SILENCE, params![&said.scheme, &said.path, now, source])
    }

    /// A source no longer says that a number is stopped. A stop that was given here stays.
    pub fn lift_by_source(&mut self, source: SourceId, said: &SourceStop) -> &mut Self {
        self.run(&DROP, params![source, &said.record, &said.scheme, &said.path]);
        self.run(&LIFT, params![&said.scheme, &said.path])
    }

    /// Forgets what a source says of stops; the stops themselves stay.
    pub fn forget_source_stops(&mut self, source: SourceId) -> &mut Self {
        self.run(&DROP_OF_SOURCE, params![source])
    }
}

impl Store {
    /// The numbers that a source says are stopped.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn source_stops(&self, source: SourceId) -> Result<Vec<SourceStop>, StoreError> {
        self.query(&OF_SOURCE, params![source]).await?.iter().map(SourceStop::read).collect()
    }
}
