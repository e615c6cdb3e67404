//! Broadcasts: one text by language to one audience, frozen at release.

use mhero_core::{BroadcastId, ChannelId, Lane, Lang, PersonId, ProgrammeId, Scope};
use uuid::Uuid;

use crate::{
    Guard, Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    ADD = "INSERT INTO broadcast (id, number, name, query, status, lane, channel, programme, parent, release_at, zone, recurrence, quiet_override, once_key, is_test, is_drill, created_by, created_at, released_at, ended_at, matched, recipients, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL, NULL, 0, 0, 1)";
    ADD_TEXT = "INSERT INTO broadcast_text (broadcast, language, template) VALUES ($1, $2, $3)";
    TEXTS = "SELECT language, template FROM broadcast_text WHERE broadcast = $1 ORDER BY language ASC NULLS LAST";
    GET = "SELECT id, number, name, query, status, lane, channel, programme, parent, release_at, zone, recurrence, quiet_override, is_test, is_drill, created_by, created_at, released_at, ended_at, matched, recipients, version FROM broadcast WHERE id = $1 AND status <> 'draft' AND (($2 AND ($3 OR programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $4))) OR created_by = $4)";
    BY_NUMBER = "SELECT id FROM broadcast WHERE number = $1";
    BY_KEY = "SELECT id FROM broadcast WHERE once_key = $1";
    LIST = "SELECT id, number, name, query, status, lane, channel, programme, parent, release_at, zone, recurrence, quiet_override, is_test, is_drill, created_by, created_at, released_at, ended_at, matched, recipients, version FROM broadcast WHERE status <> 'draft' AND (($1 AND ($2 OR programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $3))) OR created_by = $3) AND created_at < $4 ORDER BY created_at DESC NULLS LAST, number DESC NULLS LAST LIMIT $5";
    NAMED = "SELECT id, number, name FROM broadcast WHERE status <> 'draft' ORDER BY number DESC NULLS LAST LIMIT $1";
    SET_STATUS = "UPDATE broadcast SET status = $2, released_at = COALESCE(released_at, $3), ended_at = $4, version = version + 1 WHERE id = $1 AND version = $5";
    SET_COUNTS = "UPDATE broadcast SET matched = $2, recipients = $3, version = version + 1 WHERE id = $1";
    ADD_SLICE = "INSERT INTO broadcast_slice (broadcast, number, content) VALUES ($1, $2, $3)";
    NEXT_SLICE = "SELECT number, content FROM broadcast_slice WHERE broadcast = $1 ORDER BY number ASC NULLS LAST LIMIT 1";
    DROP_SLICE = "DELETE FROM broadcast_slice WHERE broadcast = $1 AND number = $2";
    DROP_SLICES = "DELETE FROM broadcast_slice WHERE broadcast = $1";
    SLICES_LEFT = "SELECT CAST(COUNT(*) AS BIGINT) FROM broadcast_slice WHERE broadcast = $1";
    ADD_LEFT_OUT = "INSERT INTO broadcast_left_out (broadcast, person, reason) VALUES ($1, $2, $3)";
    DROP_LEFT_OUT = "DELETE FROM broadcast_left_out WHERE broadcast = $1";
    LEFT_OUT_COUNTS = "SELECT reason, CAST(COUNT(*) AS BIGINT) FROM broadcast_left_out WHERE broadcast = $1 GROUP BY reason ORDER BY reason ASC NULLS LAST";
    PEOPLE = (concat!("SELECT m.person, p.name, m.path, m.state, m.failure, m.id, EXISTS (SELECT 1 FROM message a WHERE a.answers = m.broadcast AND a.person = m.person) FROM message m JOIN person p ON p.id = m.person WHERE m.broadcast = $1 AND m.direction = 'out' AND ($5 = '' OR m.state = $5) AND m.id > $6 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$2", "$3"), " ORDER BY m.id ASC NULLS LAST LIMIT $4"));
    LEFT_OUT_PEOPLE = (concat!("SELECT l.person, p.name, l.reason FROM broadcast_left_out l JOIN person p ON p.id = l.person WHERE l.broadcast = $1 AND ($5 = '' OR l.reason = $5) AND l.person > $6 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = l.person), l.person)", "$2", "$3"), " ORDER BY l.person ASC NULLS LAST LIMIT $4"));
    /// A draft belongs to whoever wrote it. Its number is below zero, so that it takes none from the broadcasts.
    DRAFT = "SELECT id, number, name, query, status, lane, channel, programme, parent, release_at, zone, recurrence, quiet_override, is_test, is_drill, created_by, created_at, released_at, ended_at, matched, recipients, version FROM broadcast WHERE id = $1 AND status = 'draft' AND created_by = $2";
    DRAFTS = "SELECT id, number, name, query, status, lane, channel, programme, parent, release_at, zone, recurrence, quiet_override, is_test, is_drill, created_by, created_at, released_at, ended_at, matched, recipients, version FROM broadcast WHERE status = 'draft' AND created_by = $1 ORDER BY created_at DESC NULLS LAST, id DESC NULLS LAST LIMIT $2";
    SET_DRAFT = "UPDATE broadcast SET name = $3, query = $4, release_at = $5, zone = $6, recurrence = $7, quiet_override = $8, created_at = $9, lane = $10, programme = $11, is_test = $12, is_drill = $13, channel = $14, version = version + 1 WHERE id = $1 AND status = 'draft' AND created_by = $2";
    DROP_DRAFT = "DELETE FROM broadcast WHERE id = $1 AND status = 'draft' AND created_by = $2";
    DROP_TEXTS = "DELETE FROM broadcast_text WHERE broadcast = $1";
    SENDING = "SELECT id, version, status FROM broadcast WHERE status IN ('sending', 'releasing') ORDER BY created_at ASC NULLS LAST";
}

/// A broadcast as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct BroadcastRow {
    /// Its id.
    pub id: BroadcastId,
    /// Its number, for people.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// The audience, in the query language.
    pub query: String,
    /// draft, undo, scheduled, recurring, releasing, sending, paused, done, cancelled.
    pub status: String,
    /// How urgent.
    pub lane: Lane,
    /// The channel; `None` for the default.
    pub channel: Option<ChannelId>,
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// The recurring broadcast that this one is a firing of.
    pub parent: Option<BroadcastId>,
    /// When it is to be released; `None` for at once.
    pub release_at: Option<i64>,
    /// The zone of its times, an IANA name.
    pub zone: String,
    /// A cron expression in that zone, for a recurring one.
    pub recurrence: Option<String>,
    /// Why it may leave in quiet hours.
    pub quiet_override: Option<String>,
    /// A test.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
    /// Who drafted it.
    pub created_by: Option<Uuid>,
    /// When.
    pub created_at: i64,
    /// When its audience was frozen.
    pub released_at: Option<i64>,
    /// When nothing of it was left to do.
    pub ended_at: Option<i64>,
    /// People who matched at release.
    pub matched: i64,
    /// People who get it.
    pub recipients: i64,
    /// Version, for guards.
    pub version: i64,
}

impl BroadcastRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            name: row.get(2)?,
            query: row.get(3)?,
            status: row.get(4)?,
            lane: row.get(5)?,
            channel: row.get(6)?,
            programme: row.get(7)?,
            parent: row.get(8)?,
            release_at: row.get(9)?,
            zone: row.get(10)?,
            recurrence: row.get(11)?,
            quiet_override: row.get(12)?,
            is_test: row.get(13)?,
            is_drill: row.get(14)?,
            created_by: row.get(15)?,
            created_at: row.get(16)?,
            released_at: row.get(17)?,
            ended_at: row.get(18)?,
            matched: row.get(19)?,
            recipients: row.get(20)?,
            version: row.get(21)?,
        })
    }
}

/// One person of a broadcast and how far the message to them has got.
#[derive(Clone, PartialEq)]
pub struct BroadcastPerson {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The number; `None` for one who was left out.
    pub path: Option<String>,
    /// State of the message, or `left_out`.
    pub state: String,
    /// Why it failed, or why the person was left out.
    pub reason: Option<String>,
    /// The cursor for the next page.
    pub cursor: Uuid,
    /// Whether they answered.
    pub answered: bool,
}

impl std::fmt::Debug for BroadcastPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BroadcastPerson")
            .field("person", &self.person)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Unit {
    /// Writes a broadcast and its texts.
    pub fn add_broadcast(&mut self, row: &BroadcastRow, texts: &[(Lang, String)], once_key: Option<&str>) -> &mut Self {
        self.one(
            &ADD,
            params![
                row.id,
                row.number,
                &row.name,
                &row.query,
                &row.status,
                row.lane,
                row.channel,
                row.programme,
                row.parent,
                row.release_at,
                &row.zone,
                row.recurrence.clone(),
                row.quiet_override.clone(),
                once_key,
                row.is_test,
                row.is_drill,
                row.created_by,
                row.created_at
            ],
        );
        for (language, template) in texts {
            self.one(&ADD_TEXT, params![row.id, *language, template]);
        }
        self
    }

    /// Writes what is in a draft now; the unit fails when its author has no such draft. `created_at` says when it was saved.
    pub fn set_draft(&mut self, row: &BroadcastRow, texts: &[(Lang, String)]) -> &mut Self {
        self.one(
            &SET_DRAFT,
            params![
                row.id,
                row.created_by,
                &row.name,
                &row.query,
                row.release_at,
                &row.zone,
                row.recurrence.clone(),
                row.quiet_override.clone(),
                row.created_at,
                row.lane,
                row.programme,
                row.is_test,
                row.is_drill,
                row.channel
            ],
        );
        self.run(&DROP_TEXTS, params![row.id]);
        for (language, template) in texts {
            self.one(&ADD_TEXT, params![row.id, *language, template]);
        }
        self
    }

    /// Removes a draft and its texts; the unit fails when its author has no such draft.
    pub fn drop_draft(&mut self, id: BroadcastId, author: Option<Uuid>) -> &mut Self {
        self.one(&DROP_DRAFT, params![id, author]);
        self.run(&DROP_TEXTS, params![id])
    }

    /// Changes the status; the unit fails when the broadcast is no longer as it was read.
    pub fn broadcast_status(
        &mut self,
        row: &BroadcastRow,
        status: &str,
        released_at: Option<i64>,
        ended_at: Option<i64>,
    ) -> &mut Self {
        self.one(&SET_STATUS, params![row.id, status, released_at, ended_at, row.version])
    }

    /// Notes how many matched and how many get it.
    pub fn broadcast_counts(&mut self, id: BroadcastId, matched: i64, recipients: i64) -> &mut Self {
        self.one(&SET_COUNTS, params![id, matched, recipients])
    }

    /// Freezes a slice of the audience.
    pub fn add_slice(&mut self, id: BroadcastId, number: i64, content: &str) -> &mut Self {
        self.one(&ADD_SLICE, params![id, number, content])
    }

    /// Removes a slice whose messages are in the outbox in the same unit.
    pub fn slice_done(&mut self, id: BroadcastId, number: i64) -> &mut Self {
        self.one(&DROP_SLICE, params![id, number])
    }

    /// Forgets slices that were not expanded.
    pub fn drop_slices(&mut self, id: BroadcastId) -> &mut Self {
        self.run(&DROP_SLICES, params![id])
    }

    /// Notes that a person was left out, and why.
    pub fn leave_out(&mut self, id: BroadcastId, person: PersonId, reason: &str) -> &mut Self {
        self.one(&ADD_LEFT_OUT, params![id, person, reason])
    }

    /// Forgets an unfinished freezing.
    pub fn forget_freezing(&mut self, id: BroadcastId) -> &mut Self {
        self.step(&DROP_LEFT_OUT, Guard::Any, params![id]);
        self.drop_slices(id)
    }
}

impl Store {
    /// One broadcast within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast(&self, scope: &Scope, id: BroadcastId) -> Result<Option<BroadcastRow>, StoreError> {
        self.first(&GET, params![id, scope.all_places(), scope.all_programmes(), scope.principal()])
            .await?
            .map(|row| BroadcastRow::read(&row))
            .transpose()
    }

    /// The id behind a broadcast's number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_by_number(&self, number: i64) -> Result<Option<BroadcastId>, StoreError> {
        self.first(&BY_NUMBER, params![number]).await?.map(|row| row.get(0)).transpose()
    }

    /// The broadcast that was made under a once-only key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_by_key(&self, key: &str) -> Result<Option<BroadcastId>, StoreError> {
        self.first(&BY_KEY, params![key]).await?.map(|row| row.get(0)).transpose()
    }

    /// Broadcasts within the scope made before an instant, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcasts(&self, scope: &Scope, before: i64, limit: i64) -> Result<Vec<BroadcastRow>, StoreError> {
        let params = params![scope.all_places(), scope.all_programmes(), scope.principal(), before, limit];
        self.query(&LIST, params).await?.iter().map(BroadcastRow::read).collect()
    }

    /// A draft of an author.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn draft(&self, author: Option<Uuid>, id: BroadcastId) -> Result<Option<BroadcastRow>, StoreError> {
        self.first(&DRAFT, params![id, author]).await?.map(|row| BroadcastRow::read(&row)).transpose()
    }

    /// The drafts of an author, the last one saved first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn drafts(&self, author: Option<Uuid>, limit: i64) -> Result<Vec<BroadcastRow>, StoreError> {
        self.query(&DRAFTS, params![author, limit]).await?.iter().map(BroadcastRow::read).collect()
    }

    /// Id, number and name of the latest broadcasts, for the audience language.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_names(&self, limit: i64) -> Result<Vec<(BroadcastId, i64, String)>, StoreError> {
        self.query(&NAMED, params![limit]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
    }

    /// The texts of a broadcast by language.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_texts(&self, id: BroadcastId) -> Result<Vec<(Lang, String)>, StoreError> {
        self.query(&TEXTS, params![id]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// The next frozen slice that is not expanded.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_slice(&self, id: BroadcastId) -> Result<Option<(i64, String)>, StoreError> {
        self.first(&NEXT_SLICE, params![id]).await?.map(|r| Ok((r.get(0)?, r.get(1)?))).transpose()
    }

    /// How many slices are not expanded.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn slices_left(&self, id: BroadcastId) -> Result<i64, StoreError> {
        self.first(&SLICES_LEFT, params![id]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// How many were left out, by reason.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn left_out_counts(&self, id: BroadcastId) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&LEFT_OUT_COUNTS, params![id]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// Recipients within the scope, after a cursor (nil for the first page), narrowed to a state unless it is empty.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_people(
        &self,
        scope: &Scope,
        id: BroadcastId,
        state: &str,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<BroadcastPerson>, StoreError> {
        let rows = self.query(&PEOPLE, params![id, scope.all_places(), scope.principal(), limit, state, after]).await?;
        rows.iter()
            .map(|r| {
                Ok(BroadcastPerson {
                    person: r.get(0)?,
                    name: r.get(1)?,
                    path: Some(r.get(2)?),
                    state: r.get(3)?,
                    reason: r.get(4)?,
                    cursor: r.get(5)?,
                    answered: r.get(6)?,
                })
            })
            .collect()
    }

    /// People within the scope who were left out, after a cursor (nil for the first page), narrowed to a reason unless it
    /// is empty.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn broadcast_left_out(
        &self,
        scope: &Scope,
        id: BroadcastId,
        reason: &str,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<BroadcastPerson>, StoreError> {
        let rows = self
            .query(&LEFT_OUT_PEOPLE, params![id, scope.all_places(), scope.principal(), limit, reason, after])
            .await?;
        rows.iter()
            .map(|r| {
                Ok(BroadcastPerson {
                    person: r.get(0)?,
                    name: r.get(1)?,
                    path: None,
                    state: "left_out".into(),
                    reason: r.get(2)?,
                    cursor: r.get(0)?,
                    answered: false,
                })
            })
            .collect()
    }

    /// Broadcasts that are being released or sent: id, version, status.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sending_broadcasts(&self) -> Result<Vec<(BroadcastId, i64, String)>, StoreError> {
        self.query(&SENDING, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
    }
}
