//! What is going on in flows, and what they need no longer: the state of conversations that are over, what was asked and answered outside, texts that were
//! held until their writer was known.

use mhero_core::{FlowId, PersonId, Scope};

use crate::{
    Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    STATES = "UPDATE flow_session SET state = $3, version = version + 1 WHERE id IN (SELECT s.id FROM flow_session s WHERE s.ended_at IS NOT NULL AND s.ended_at < $1 AND length(s.state) > 0 ORDER BY s.ended_at ASC NULLS LAST LIMIT $2)";
    EFFECTS = "UPDATE effect SET request = $3, answer = NULL WHERE key IN (SELECT e.key FROM effect e WHERE e.answered_at IS NOT NULL AND e.answered_at < $1 AND length(e.request) > 0 ORDER BY e.answered_at ASC NULLS LAST LIMIT $2)";
    HELD = "DELETE FROM who_asked WHERE asked_at < $1";
    LIVE = (concat!("SELECT s.flow, s.revision, CAST(COUNT(*) AS BIGINT) FROM flow_session s WHERE s.ended_at IS NULL AND (s.flow = $1 OR $1 IS NULL) AND ", person_in_scope!("s.person", "$2", "$3"), " GROUP BY s.flow, s.revision ORDER BY s.flow ASC NULLS LAST, s.revision ASC NULLS LAST"));
    CAUGHT = "SELECT CAST(COUNT(*) AS BIGINT) FROM flow_session s WHERE s.person = $1 AND s.created_at > $2 AND s.cause = 'catch_all'";
}

impl Unit {
    /// Forgets the state of sessions that ended before an instant, so many at a time; runs and results stay.
    pub fn forget_session_states(&mut self, before: i64, most: i64) -> &mut Self {
        self.run(&STATES, params![before, most, Vec::<u8>::new()])
    }

    /// Forgets what outside calls asked and answered that were settled before an instant, so many at a time; that they were
    /// made stays.
    pub fn forget_effect_contents(&mut self, before: i64, most: i64) -> &mut Self {
        self.run(&EFFECTS, params![before, most, Vec::<u8>::new()])
    }

    /// Forgets texts that are held since before an instant.
    pub fn forget_held_texts(&mut self, before: i64) -> &mut Self {
        self.run(&HELD, params![before])
    }
}

impl Store {
    /// How many sessions with people within the scope have not ended, by flow and revision; of one flow, or of all.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn live_by_flow(
        &self,
        scope: &Scope,
        flow: Option<FlowId>,
    ) -> Result<Vec<(FlowId, i64, i64)>, StoreError> {
        let rows = self.query(&LIVE, params![flow, scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// How many conversations of a person a catch-all began since an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn caught_since(&self, person: PersonId, since: i64) -> Result<i64, StoreError> {
        self.first(&CAUGHT, params![person, since]).await?.map_or(Ok(0), |row| row.get(0))
    }
}
