//! What starts a flow by itself: keywords, catch-all, missed calls, schedules, new people.

use mhero_core::{ChannelId, FlowId, TriggerId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO flow_trigger (id, kind, flow, terms, groups, exclude, channel, urgent, active, created_by, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE, $9, $10, 1)";
    SET = "UPDATE flow_trigger SET flow = $3, terms = $4, groups = $5, exclude = $6, channel = $7, urgent = $8, active = $9, created_by = $10, version = version + 1 WHERE id = $1 AND version = $2";
    /// The row stays: what it began acts for whoever made it.
    DROP = "UPDATE flow_trigger SET active = FALSE, version = version + 1 WHERE id = $1";
    LIST = "SELECT id, kind, flow, terms, groups, exclude, channel, urgent, active, created_by, created_at, version FROM flow_trigger WHERE active ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    GET = "SELECT id, kind, flow, terms, groups, exclude, channel, urgent, active, created_by, created_at, version FROM flow_trigger WHERE id = $1";
    OF_FLOW = "SELECT id, kind, flow, terms, groups, exclude, channel, urgent, active, created_by, created_at, version FROM flow_trigger WHERE flow = $1 AND kind = $2 ORDER BY active DESC NULLS LAST, created_at ASC NULLS LAST, id ASC NULLS LAST LIMIT 100";
    ADD_WORD = "INSERT INTO flow_trigger_word (word, conditions, trigger_id) VALUES ($1, $2, $3)";
    DROP_WORDS = "DELETE FROM flow_trigger_word WHERE trigger_id = $1";
    WORD = "SELECT trigger_id FROM flow_trigger_word WHERE word = $1 AND conditions = $2";
}

/// A trigger as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerRow {
    /// Its id.
    pub id: TriggerId,
    /// `keyword`, `catch_all`, `missed_call`, `schedule`, `new_person`.
    pub kind: String,
    /// The flow that it starts.
    pub flow: FlowId,
    /// JSON by kind: words and how they match; times.
    pub terms: String,
    /// JSON: groups of which the person must be in one; empty for anybody.
    pub groups: String,
    /// JSON: groups of which the person must be in none.
    pub exclude: String,
    /// Only by this channel.
    pub channel: Option<ChannelId>,
    /// Whether it breaks into any conversation, and its answers leave as alerts.
    pub urgent: bool,
    /// False once it is archived.
    pub active: bool,
    /// Who made it, or changed it last: for them it acts.
    pub created_by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub created_at: i64,
    /// Version, for guards.
    pub version: i64,
}

impl TriggerRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            flow: row.get(2)?,
            terms: row.get(3)?,
            groups: row.get(4)?,
            exclude: row.get(5)?,
            channel: row.get(6)?,
            urgent: row.get(7)?,
            active: row.get(8)?,
            created_by: row.get(9)?,
            created_at: row.get(10)?,
            version: row.get(11)?,
        })
    }
}

impl Unit {
    /// Writes a new trigger.
    pub fn add_trigger(&mut self, t: &TriggerRow) -> &mut Self {
        self.one(
            &ADD,
            params![
                t.id,
                &t.kind,
                t.flow,
                &t.terms,
                &t.groups,
                &t.exclude,
                t.channel,
                t.urgent,
                t.created_by,
                t.created_at
            ],
        )
    }

    /// Stores a changed trigger; the unit fails when somebody has changed it since it was read.
    pub fn set_trigger(&mut self, t: &TriggerRow) -> &mut Self {
        self.one(
            &SET,
            params![
                t.id,
                t.version,
                t.flow,
                &t.terms,
                &t.groups,
                &t.exclude,
                t.channel,
                t.urgent,
                t.active,
                t.created_by
            ],
        )
    }

    /// Puts a trigger away and gives its words free.
    pub fn drop_trigger(&mut self, id: TriggerId) -> &mut Self {
        self.run(&DROP_WORDS, params![id]).run(&DROP, params![id])
    }

    /// Gives a trigger its words; one that is taken under the same conditions fails with [`StoreError::Exists`].
    pub fn set_trigger_words(&mut self, id: TriggerId, words: &[String], conditions: &str) -> &mut Self {
        self.run(&DROP_WORDS, params![id]);
        for word in words {
            self.one(&ADD_WORD, params![word, conditions, id]);
        }
        self
    }
}

impl Store {
    /// Every trigger that was not put away, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn triggers(&self) -> Result<Vec<TriggerRow>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(TriggerRow::read).collect()
    }

    /// A trigger.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn trigger(&self, id: TriggerId) -> Result<Option<TriggerRow>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(TriggerRow::read).transpose()
    }

    /// The triggers of a flow of a kind, with those that were put away, after the others.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn triggers_of(&self, flow: FlowId, kind: &str) -> Result<Vec<TriggerRow>, StoreError> {
        self.query(&OF_FLOW, params![flow, kind]).await?.iter().map(TriggerRow::read).collect()
    }

    /// The trigger that has a word under the same conditions.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn trigger_of_word(&self, word: &str, conditions: &str) -> Result<Option<TriggerId>, StoreError> {
        self.first(&WORD, params![word, conditions]).await?.map(|row| row.get(0)).transpose()
    }
}
