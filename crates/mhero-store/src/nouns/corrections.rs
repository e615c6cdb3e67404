//! Corrections: which broadcast puts right which, and what is left of those that share a channel.

use mhero_core::{BroadcastId, Lane};
use uuid::Uuid;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO correction (draft, corrects, made_by, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (draft) DO NOTHING";
    /// A broadcast that was made of a draft has the draft's id as its once-only key, which is text.
    KEY = "SELECT once_key FROM broadcast WHERE id = $1";
    CORRECTS = "SELECT corrects FROM correction WHERE draft = $1";
    CORRECTIONS = "SELECT draft FROM correction WHERE corrects = $1 ORDER BY made_at DESC NULLS LAST, draft DESC NULLS LAST LIMIT $2";
    /// What waits in lanes that are not less urgent, by broadcast; NULL is what is of none.
    WAITING_BY_SOURCE = "SELECT o.broadcast, CAST(COUNT(*) AS BIGINT) FROM outbox o WHERE o.lane <= $1 AND NOT o.held GROUP BY o.broadcast";
    /// Over the first few hundred: all messages of a broadcast are about as long.
    SEGMENTS_OF = "SELECT CAST(COALESCE(SUM(s.segments), 0) AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM (SELECT m.segments FROM message m WHERE m.broadcast = $1 AND m.direction = 'out' LIMIT 500) AS s";
}

impl Unit {
    /// Notes that a draft corrects a broadcast.
    pub fn add_correction(
        &mut self,
        draft: BroadcastId,
        corrects: BroadcastId,
        made_by: Option<Uuid>,
        now: i64,
    ) -> &mut Self {
        self.run(&ADD, params![draft, corrects, made_by, now])
    }
}

impl Store {
    /// The broadcast that a draft, or what was made of it, corrects.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn corrected_by(&self, id: BroadcastId) -> Result<Option<BroadcastId>, StoreError> {
        let key: Option<String> = self.first(&KEY, params![id]).await?.map_or(Ok(None), |row| row.get(0))?;
        let draft = key.and_then(|key| key.parse().ok()).unwrap_or(id);
        self.first(&CORRECTS, params![draft]).await?.map(|row| row.get(0)).transpose()
    }

    /// The drafts that correct a broadcast, the last one first; those that were sent are broadcasts under their id as key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn corrections_of(&self, id: BroadcastId, limit: i64) -> Result<Vec<BroadcastId>, StoreError> {
        self.query(&CORRECTIONS, params![id, limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// How many messages wait in a lane and those more urgent, by broadcast.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_by_source(&self, lane: Lane) -> Result<Vec<(Option<BroadcastId>, i64)>, StoreError> {
        self.query(&WAITING_BY_SOURCE, params![lane]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// Segments of some messages of a broadcast, and of how many.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn segments_of(&self, id: BroadcastId) -> Result<(i64, i64), StoreError> {
        self.first(&SEGMENTS_OF, params![id]).await?.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
