//! People who say that they work here and stand in no registry.

use mhero_core::{PersonId, PlaceId, SourceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of a candidate, in the order in which they are read.
macro_rules! columns {
    () => {
        "SELECT id, name, scheme, path, cadre, place, place_text, code, state, stranger, person, source, explanation, reason, attempts, next_at, decided_by, decided_at, created_at, version FROM candidate "
    };
}

statements! {
    ADD = "INSERT INTO candidate (id, name, scheme, path, cadre, place, place_text, supervisor, code, kind_of, state, stranger, person, source, explanation, reason, attempts, next_at, decided_by, decided_at, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, NULL, $9, $10, NULL, $11, $12, NULL, 0, NULL, NULL, NULL, $13, 1)";
    SET = "UPDATE candidate SET state = $3, person = $4, source = $5, explanation = $6, reason = $7, attempts = $8, next_at = $9, decided_by = $10, decided_at = $11, version = version + 1 WHERE id = $1 AND version = $2";
    LIST = (concat!(columns!(), "WHERE state = $1 ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2"));
    DUE = (concat!(columns!(), "WHERE state IN ('approved', 'creating') AND next_at <= $1 ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2"));
    WAITING = (concat!(columns!(), "WHERE code = $1 AND state = 'waiting'"));
    /// Of a phone, the latest first.
    OF_PHONE = (concat!(columns!(), "WHERE path = $1 AND scheme = $2 ORDER BY created_at DESC NULLS LAST, id ASC NULLS LAST LIMIT 10"));
    GET = (concat!(columns!(), "WHERE id = $1"));
    /// Those who are known and still stand as strangers, too.
    STRANGERS = (concat!(columns!(), "WHERE state IN ('created', 'matched') AND decided_at >= $1 AND EXISTS (SELECT 1 FROM person s WHERE s.id = stranger AND s.standing = 'stranger') ORDER BY decided_at DESC NULLS LAST, id ASC NULLS LAST LIMIT $2"));
    /// Health workers of a name, with whether they work at a place.
    NAMED = "SELECT p.id, EXISTS (SELECT 1 FROM position q WHERE q.person = p.id AND q.active AND q.place = $2) FROM person p WHERE p.search = $1 AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) ORDER BY p.id ASC NULLS LAST LIMIT 50";
}

/// Somebody who wants to be known.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinCandidate {
    /// The id, the key of each attempt to create them.
    pub id: Uuid,
    /// The name as they gave it.
    pub name: String,
    /// Scheme and path of their phone.
    pub number: (String, String),
    /// What they say that they work as.
    pub cadre: Option<String>,
    /// Where, as far as it is clear.
    pub place: Option<PlaceId>,
    /// Where, in their words.
    pub place_text: Option<String>,
    /// The number by which a supervisor confirms them.
    pub code: String,
    /// `waiting`, `approved`, `creating`, `created`, `matched`, `refused`, `failed`.
    pub state: String,
    /// The stranger who wrote.
    pub stranger: Option<PersonId>,
    /// Whom they are known as.
    pub person: Option<PersonId>,
    /// The registry that owns their kind.
    pub source: Option<SourceId>,
    /// Why they are taken for somebody: `phone`, `name-and-place`, or empty.
    pub explanation: String,
    /// Why it is as it is: JSON of a locale key and its variables.
    pub reason: Option<String>,
    /// Attempts to create them.
    pub attempts: i64,
    /// When it is tried.
    pub next_at: Option<i64>,
    /// Who decided: the person who texted, or the official.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<i64>,
    /// When they wrote.
    pub created_at: i64,
    /// Counts its changes.
    pub version: i64,
}

impl std::fmt::Debug for JoinCandidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinCandidate").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl JoinCandidate {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let text = |at| row.get::<Option<String>>(at).map(Option::unwrap_or_default);
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            number: (text(2)?, text(3)?),
            cadre: row.get(4)?,
            place: row.get(5)?,
            place_text: row.get(6)?,
            code: text(7)?,
            state: row.get(8)?,
            stranger: row.get(9)?,
            person: row.get(10)?,
            source: row.get(11)?,
            explanation: row.get(12)?,
            reason: row.get(13)?,
            attempts: row.get(14)?,
            next_at: row.get(15)?,
            decided_by: row.get(16)?,
            decided_at: row.get(17)?,
            created_at: row.get(18)?,
            version: row.get(19)?,
        })
    }
}

impl Unit {
    /// Adds somebody who wants to be known.
    pub fn add_candidate(&mut self, c: &JoinCandidate) -> &mut Self {
        let (scheme, path) = (c.number.0.as_str(), c.number.1.as_str());
        let (cadre, text) = (c.cadre.as_deref(), c.place_text.as_deref());
        let (code, state, why) = (c.code.as_str(), c.state.as_str(), c.explanation.as_str());
        let own = params![c.id, c.name.as_str(), scheme, path, cadre, c.place, text, code, state, c.stranger];
        let rest = params![c.source, why, c.created_at];
        self.one(&ADD, own.into_iter().chain(rest).collect())
    }

    /// Writes what changed of a candidate. Whoever changed it since it was read makes this unit fail.
    pub fn set_candidate(&mut self, c: &JoinCandidate) -> &mut Self {
        let (state, why, reason) = (c.state.as_str(), c.explanation.as_str(), c.reason.as_deref());
        let own = params![c.id, c.version, state, c.person, c.source, why, reason];
        let rest = params![c.attempts, c.next_at, c.decided_by, c.decided_at];
        self.one(&SET, own.into_iter().chain(rest).collect())
    }
}

impl Store {
    /// Candidates in a state, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn candidates_in(&self, state: &str, limit: i64) -> Result<Vec<JoinCandidate>, StoreError> {
        self.query(&LIST, params![state, limit]).await?.iter().map(JoinCandidate::read).collect()
    }

    /// Candidates that are to be created now.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_candidates(&self, now: i64, limit: i64) -> Result<Vec<JoinCandidate>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(JoinCandidate::read).collect()
    }

    /// Candidates who are known since an instant and whose stranger counts as nobody yet, the latest decided first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn strangers_approved(&self, since: i64, limit: i64) -> Result<Vec<JoinCandidate>, StoreError> {
        self.query(&STRANGERS, params![since, limit]).await?.iter().map(JoinCandidate::read).collect()
    }

    /// The candidate who waits under a code.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn candidate_of_code(&self, code: &str) -> Result<Option<JoinCandidate>, StoreError> {
        self.first(&WAITING, params![code]).await?.map(|row| JoinCandidate::read(&row)).transpose()
    }

    /// Candidates with a phone, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn candidates_at(&self, (scheme, path): (&str, &str)) -> Result<Vec<JoinCandidate>, StoreError> {
        self.query(&OF_PHONE, params![path, scheme]).await?.iter().map(JoinCandidate::read).collect()
    }

    /// A candidate.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn candidate(&self, id: Uuid) -> Result<Option<JoinCandidate>, StoreError> {
        self.first(&GET, params![id]).await?.map(|row| JoinCandidate::read(&row)).transpose()
    }

    /// Active health workers whose folded name is this, and whether each works at a place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn workers_named(
        &self,
        search: &str,
        place: Option<PlaceId>,
    ) -> Result<Vec<(PersonId, bool)>, StoreError> {
        let rows = self.query(&NAMED, params![search, place]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
