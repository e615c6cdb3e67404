//! What people said of themselves in flows, as evidence for corrections.

use mhero_core::{Direction, GroupId, MessageId, PersonId};

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    /// Values that no registry gave: flows wrote them, as the person said.
    SAID = "SELECT f.key, v.text, v.instant, v.observed_at, v.verified_at FROM person_value v JOIN field f ON f.id = v.field WHERE v.person = $1 AND v.source_record IS NULL ORDER BY f.key ASC NULLS LAST";
    /// What they, and those joined to them, wrote up to an instant, the latest first.
    WROTE = "SELECT m.id, m.path, m.scheme, b.text, m.created_at FROM message m LEFT JOIN message_body b ON b.id = m.body WHERE m.person IN (SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1) AND m.direction = $2 AND m.created_at <= $3 ORDER BY m.created_at DESC NULLS LAST, m.id DESC NULLS LAST LIMIT $4";
    CONFIRM = "UPDATE person_value SET verified_at = $3 WHERE person = $1 AND source_record IS NULL AND field IN (SELECT f.id FROM field f WHERE f.key = $2)";
    CONFIRM_NUMBER = "UPDATE person_urn SET verified_at = $4 WHERE person = $1 AND scheme = $2 AND path = $3";
    JOINED_AT = "SELECT added_at FROM group_member WHERE member_of = $1 AND person = $2";
    MEMBERS = "SELECT person FROM group_member WHERE member_of = $1 ORDER BY person ASC NULLS LAST LIMIT $2";
}

/// A value of a field that a person said.
#[derive(Clone, PartialEq, Eq)]
pub struct Saying {
    /// The key of the field.
    pub key: String,
    /// What they said.
    pub text: String,
    /// The same as an instant.
    pub instant: Option<i64>,
    /// When, in UTC microseconds.
    pub observed_at: i64,
    /// When they confirmed it.
    pub verified_at: Option<i64>,
}

impl std::fmt::Debug for Saying {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Saying").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A text that a person wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonText {
    /// The message.
    pub id: MessageId,
    /// Scheme and path of the phone.
    pub number: (String, String),
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// When it came.
    pub at: i64,
}

impl std::fmt::Debug for PersonText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonText").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Unit {
    /// Notes that a person confirmed what they said of a field.
    pub fn saying_confirmed(&mut self, person: PersonId, key: &str, at: i64) -> &mut Self {
        self.run(&CONFIRM, params![person, key, at])
    }

    /// Notes that a person confirmed a number as theirs.
    pub fn own_number_confirmed(&mut self, person: PersonId, (scheme, path): (&str, &str), at: i64) -> &mut Self {
        self.run(&CONFIRM_NUMBER, params![person, scheme, path, at])
    }
}

impl Store {
    /// What a person said of themself in flows.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sayings(&self, person: PersonId) -> Result<Vec<Saying>, StoreError> {
        let rows = self.query(&SAID, params![person]).await?;
        rows.iter()
            .map(|row| {
                Ok(Saying {
                    key: row.get(0)?,
                    text: row.get::<Option<String>>(1)?.unwrap_or_default(),
                    instant: row.get(2)?,
                    observed_at: row.get(3)?,
                    verified_at: row.get(4)?,
                })
            })
            .collect()
    }

    /// What a person wrote up to an instant, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn texts_from(&self, person: PersonId, until: i64, limit: i64) -> Result<Vec<PersonText>, StoreError> {
        let rows = self.query(&WROTE, params![person, Direction::In.as_str(), until, limit]).await?;
        rows.iter()
            .map(|row| {
                let (path, scheme) = (row.get(1)?, row.get(2)?);
                Ok(PersonText { id: row.get(0)?, number: (scheme, path), text: row.get(3)?, at: row.get(4)? })
            })
            .collect()
    }

    /// When a person joined a group by hand; `None` for who is not in it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn joined_group_at(&self, group: GroupId, person: PersonId) -> Result<Option<i64>, StoreError> {
        self.first(&JOINED_AT, params![group, person]).await?.map(|row| row.get(0)).transpose()
    }

    /// Who is in a group by hand, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn members_by_hand(&self, group: GroupId, limit: i64) -> Result<Vec<PersonId>, StoreError> {
        self.query(&MEMBERS, params![group, limit]).await?.iter().map(|row| row.get(0)).collect()
    }
}
