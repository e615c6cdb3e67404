//! Numbers: who has which, who is meant first, and who asked us to stop.

use mhero_core::{Lang, MessageId, PersonId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    HOLDERS = "SELECT p.id, p.name, p.language, p.standing, p.active, (SELECT COUNT(*) FROM urn_primary f WHERE f.scheme = u.scheme AND f.path = u.path AND f.person = p.id) > 0, p.version FROM person_urn u JOIN person p ON p.id = u.person WHERE u.path = $1 AND u.scheme = $2 AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) ORDER BY p.created_at ASC NULLS LAST, p.id ASC NULLS LAST";
    STOPPED = "SELECT list FROM stop WHERE path = $1 AND scheme = $2";
    WHO_LEFT = "SELECT DISTINCT u.person FROM stop s JOIN person_urn u ON u.scheme = s.scheme AND u.path = s.path WHERE s.list = $1";
    STOPPED_SINCE = "SELECT since FROM stop WHERE path = $1 AND scheme = $2 AND list = ''";
    /// A second STOP counts from its own time: what was written in between no longer opens the way.
    STOP = "INSERT INTO stop (scheme, path, list, since, message) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scheme, path, list) DO UPDATE SET since = $4, message = $5, source = NULL";
    /// Neighbours see of people whether they want anything.
    STOP_CHANGES = "INSERT INTO change (kind, entity, what, at) SELECT DISTINCT 'person', u.person, 'updated', CAST($3 AS BIGINT) FROM person_urn u WHERE u.scheme = $1 AND u.path = $2";
    START_CHANGES = "INSERT INTO change (kind, entity, what, at) SELECT DISTINCT 'person', u.person, 'updated', COALESCE((SELECT c.at FROM change c ORDER BY c.entry DESC NULLS LAST LIMIT 1), 0) FROM stop s JOIN person_urn u ON u.scheme = s.scheme AND u.path = s.path WHERE s.scheme = $1 AND s.path = $2 AND s.list = ''";
    START_LIST = "DELETE FROM stop WHERE scheme = $1 AND path = $2 AND list = $3";
    START_ALL = "DELETE FROM stop WHERE scheme = $1 AND path = $2";
    /// Who comes back at a number of their own comes back at all of their own: there as here STOP counted for all.
    START_PERSON = "DELETE FROM stop WHERE list = '' AND (scheme, path) IN (SELECT x.scheme, x.path FROM person_urn u JOIN person_urn x ON x.person = u.person AND x.path IS NOT NULL WHERE u.scheme = $1 AND u.path = $2 AND NOT EXISTS (SELECT 1 FROM person_urn o JOIN person h ON h.id = o.person WHERE o.person <> u.person AND ((o.scheme = u.scheme AND o.path = u.path) OR (o.scheme = x.scheme AND o.path = x.path)) AND h.standing = 'worker' AND h.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = o.person)))";
    ADD_STRANGER = "INSERT INTO person (id, name, given, family, search, language, sex, birth, standing, active, heard_at, sent_at, created_at, updated_at, version) VALUES ($1, '', '', '', '', NULL, NULL, NULL, 'stranger', TRUE, $2, NULL, $2, $2, 1)";
    ADD_URN = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) VALUES ($1, $2, $3, $4, $4, NULL, 0, NULL, NULL, $5)";
    /// Somebody who no longer has the number is not meant first at it.
    DROP_LEFTOVER_PRIMARY = "DELETE FROM urn_primary WHERE scheme = $1 AND path = $2 AND NOT EXISTS (SELECT 1 FROM person_urn u WHERE u.person = urn_primary.person AND u.scheme = $1 AND u.path = $2 AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = u.person))";
    /// One stranger a number: a second writer finds the first one's key.
    CLAIM_STRANGER = "INSERT INTO urn_primary (scheme, path, person) VALUES ($1, $2, $3) ON CONFLICT (scheme, path) DO NOTHING";
    PRIMARY = "INSERT INTO urn_primary (scheme, path, person) VALUES ($1, $2, $3) ON CONFLICT (scheme, path) DO UPDATE SET person = $3";
    SHARED_PATHS = "SELECT path, scheme, CAST(COUNT(DISTINCT person) AS BIGINT) FROM person_urn WHERE path IS NOT NULL GROUP BY path, scheme HAVING COUNT(DISTINCT person) > 1 LIMIT $1";
}

/// Somebody who has a number.
#[derive(Clone, PartialEq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their language.
    pub language: Option<Lang>,
    /// `worker` or `stranger`.
    pub standing: String,
    /// Whether the registry says that they still work.
    pub active: bool,
    /// Whether they are meant first.
    pub is_primary: bool,
    /// Version of the person, for guards.
    pub version: i64,
}

impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Holder").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Holder {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.get(0)?,
            name: row.get(1)?,
            language: row.get(2)?,
            standing: row.get(3)?,
            active: row.get(4)?,
            is_primary: row.get(5)?,
            version: row.get(6)?,
        })
    }
}

impl Unit {
    /// Notes that a number asked to stop: one list, or everything (the empty list).
    pub fn stop(
        &mut self,
        (scheme, path): (&str, &str),
        list: &str,
        message: Option<MessageId>,
        now: i64,
    ) -> &mut Self {
        self.run(&STOP, params![scheme, path, list, now, message]);
        if list.is_empty() {
            self.run(&STOP_CHANGES, params![scheme, path, now]);
        }
        self
    }

    /// Notes that a number came back: to one list, or to everything (the empty list).
    pub fn start(&mut self, (scheme, path): (&str, &str), list: &str) -> &mut Self {
        if list.is_empty() {
            self.run(&START_CHANGES, params![scheme, path])
                .run(&START_PERSON, params![scheme, path])
                .run(&START_ALL, params![scheme, path])
        } else {
            self.run(&START_LIST, params![scheme, path, list])
        }
    }

    /// Writes an unknown sender as a person of standing `stranger`; the unit fails when another writer was faster.
    pub fn add_stranger(&mut self, person: PersonId, urn: Uuid, (scheme, path): (&str, &str), now: i64) -> &mut Self {
        self.run(&DROP_LEFTOVER_PRIMARY, params![scheme, path]);
        self.one(&CLAIM_STRANGER, params![scheme, path, person]);
        self.one(&ADD_STRANGER, params![person, now]);
        self.one(&ADD_URN, params![urn, person, scheme, path, now])
    }

    /// Says who is meant first at a shared number.
    pub fn make_primary(&mut self, (scheme, path): (&str, &str), person: PersonId) -> &mut Self {
        self.one(&PRIMARY, params![scheme, path, person])
    }
}

impl Store {
    /// Everybody who has a number, first come first. For delivery; officials read through scoped lists.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn holders(&self, scheme: &str, path: &str) -> Result<Vec<Holder>, StoreError> {
        self.query(&HOLDERS, params![path, scheme]).await?.iter().map(Holder::read).collect()
    }

    /// The lists that a number asked to leave; the empty text is everything.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn stops(&self, scheme: &str, path: &str) -> Result<Vec<String>, StoreError> {
        self.query(&STOPPED, params![path, scheme]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// People at whose numbers one list was left.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_who_left(&self, list: &str) -> Result<Vec<PersonId>, StoreError> {
        self.query(&WHO_LEFT, params![list]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Since when a number wants no messages at all.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn stopped_since(&self, scheme: &str, path: &str) -> Result<Option<i64>, StoreError> {
        self.first(&STOPPED_SINCE, params![path, scheme]).await?.map(|row| row.get(0)).transpose()
    }

    /// Numbers that several people have, with how many.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn shared_numbers(&self, limit: i64) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&SHARED_PATHS, params![limit]).await?.iter().map(|r| Ok((r.get(0)?, r.get(2)?))).collect()
    }
}
