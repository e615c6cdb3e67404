//! A person as flows see them.

use std::collections::HashMap;

use mhero_core::{FieldId, GroupId, Lang, LangMap, PersonId};

use crate::{
    Row, Snapshot, Store, StoreError, Unit,
    nouns::audience::{hex_list, value_text},
    params,
    statement::statements,
};

statements! {
    /// Everything about people is read of many at once: what a pass over texts needs, and of one the same way.
    PERSON = (concat!("SELECT p.id, p.name, p.given, p.language, p.standing, p.active, p.created_at, p.heard_at FROM person p WHERE p.id IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT p.id, p.name, p.given, p.language, p.standing, p.active, p.created_at, p.heard_at FROM person p WHERE p.id IN (", ids_here!("$1"), ")"));
    URNS = (concat!("SELECT u.person, u.scheme, u.path FROM person_urn u WHERE u.person IN (", ids_there!("$1"), ") AND u.path IS NOT NULL ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST"))
        | (concat!("SELECT u.person, u.scheme, u.path FROM person_urn u WHERE u.person IN (", ids_here!("$1"), ") AND u.path IS NOT NULL ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST"));
    VALUES = (concat!("SELECT v.person, f.key, f.type, v.text, v.number, v.instant, l.name FROM person_value v JOIN field f ON f.id = v.field LEFT JOIN place l ON l.id = v.place WHERE v.person IN (", ids_there!("$1"), ") ORDER BY f.key ASC NULLS LAST"))
        | (concat!("SELECT v.person, f.key, f.type, v.text, v.number, v.instant, l.name FROM person_value v JOIN field f ON f.id = v.field LEFT JOIN place l ON l.id = v.place WHERE v.person IN (", ids_here!("$1"), ") ORDER BY f.key ASC NULLS LAST"));
    WORK = (concat!("SELECT q.person, f.name, f.is_facility, c.name, t.name, f.zone FROM position q LEFT JOIN place f ON f.id = q.place LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) WHERE q.person IN (", ids_there!("$1"), ") AND q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) ORDER BY f.is_facility DESC NULLS LAST, (c.id IS NOT NULL) DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST"))
        | (concat!("SELECT q.person, f.name, f.is_facility, c.name, t.name, f.zone FROM position q LEFT JOIN place f ON f.id = q.place LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) WHERE q.person IN (", ids_here!("$1"), ") AND q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) ORDER BY f.is_facility DESC NULLS LAST, (c.id IS NOT NULL) DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST"));
    MEMBER = (concat!("SELECT m.person, m.member_of FROM group_member m JOIN audience_group g ON g.id = m.member_of WHERE m.person IN (", ids_there!("$1"), ") AND g.active ORDER BY m.member_of ASC NULLS LAST"))
        | (concat!("SELECT m.person, m.member_of FROM group_member m JOIN audience_group g ON g.id = m.member_of WHERE m.person IN (", ids_here!("$1"), ") AND g.active ORDER BY m.member_of ASC NULLS LAST"));
    SET_LANGUAGE = "UPDATE person SET language = $2, updated_at = $3, version = version + 1 WHERE id = $1";
    SET_NAME = "UPDATE person SET name = $2, search = $3, updated_at = $4, version = version + 1 WHERE id = $1";
    JOIN = "INSERT INTO group_member (member_of, person, added_at) VALUES ($1, $2, $3) ON CONFLICT (member_of, person) DO NOTHING";
    LEAVE = "DELETE FROM group_member WHERE member_of = $1 AND person = $2";
    ADD_URN = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) SELECT $1, $2, $3, $4, $4, NULL, $5, NULL, NULL, $6 WHERE NOT EXISTS (SELECT 1 FROM person_urn WHERE person = $2 AND scheme = $3 AND path = $4)";
    FIELDS = "SELECT id, key, name, type FROM field ORDER BY key ASC NULLS LAST";
}

/// The value of a field as flows see it.
#[derive(Clone, PartialEq)]
pub struct ContactValue {
    /// The key of the field.
    pub key: String,
    /// The type of the field.
    pub kind: String,
    /// The value as text.
    pub text: String,
    /// The value as a number.
    pub number: Option<f64>,
    /// The value as an instant, in UTC microseconds.
    pub instant: Option<i64>,
    /// The names of the place, for a value that is one.
    pub place: Option<LangMap>,
}

/// A person as flows see them.
#[derive(Clone, PartialEq)]
pub struct ContactRecord {
    /// The person.
    pub id: PersonId,
    /// The whole name.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// `worker` or `stranger`.
    pub standing: String,
    /// False when every source says that the person has left.
    pub active: bool,
    /// When the person became known, in UTC microseconds.
    pub created_at: i64,
    /// When the person last wrote.
    pub heard_at: Option<i64>,
    /// Scheme and path of the numbers, the preferred first.
    pub urns: Vec<(String, String)>,
    /// Values of fields.
    pub values: Vec<ContactValue>,
    /// Where the person works now.
    pub facility: Option<LangMap>,
    /// As what.
    pub cadre: Option<LangMap>,
    /// Under which title.
    pub title: Option<LangMap>,
    /// The zone of the place of work, where it has one.
    pub zone: Option<String>,
    /// Groups by hand that the person is in.
    pub groups: Vec<GroupId>,
}

/// Only who it is.
impl std::fmt::Debug for ContactRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Only which field.
impl std::fmt::Debug for ContactValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactValue").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A field as flows refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactField {
    /// Its id.
    pub id: FieldId,
    /// Its key.
    pub key: String,
    /// Its names.
    pub name: LangMap,
    /// Its type.
    pub kind: String,
}

fn value(row: &Row) -> Result<ContactValue, StoreError> {
    Ok(ContactValue {
        key: row.get(1)?,
        kind: row.get(2)?,
        text: value_text(row, 3)?,
        number: row.get(4)?,
        instant: row.get(5)?,
        place: row.get(6)?,
    })
}

impl Unit {
    /// Stores the language that a person chose.
    pub fn set_person_language(&mut self, person: PersonId, language: Option<Lang>, now: i64) -> &mut Self {
        self.one(&SET_LANGUAGE, params![person, language, now])
    }

    /// Stores the name that a person gave. `search` is it folded.
    pub fn set_person_name(&mut self, person: PersonId, name: &str, search: &str, now: i64) -> &mut Self {
        self.one(&SET_NAME, params![person, name, search, now])
    }

    /// Adds a number that a flow found out, unless the person has it.
    pub fn add_found_number(
        &mut self,
        id: uuid::Uuid,
        person: PersonId,
        (scheme, path): (&str, &str),
        rank: i64,
        now: i64,
    ) -> &mut Self {
        self.run(&ADD_URN, params![id, person, scheme, path, rank, now])
    }

    /// Puts a person into a group by hand, or takes them out.
    pub fn set_membership(&mut self, group: GroupId, person: PersonId, is_in: bool, now: i64) -> &mut Self {
        if is_in { self.run(&JOIN, params![group, person, now]) } else { self.run(&LEAVE, params![group, person]) }
    }
}

impl Store {
    /// A person as flows see them. For the engine: nothing of it is shown to anybody but that person.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contact_record(&self, person: PersonId, now: i64) -> Result<Option<ContactRecord>, StoreError> {
        let mut found = self.snapshot().await?.contact_records(&[person], now).await?;
        Ok(found.remove(&person))
    }

    /// Every field of people.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contact_fields(&self) -> Result<Vec<ContactField>, StoreError> {
        let rows = self.query(&FIELDS, vec![]).await?;
        rows.iter()
            .map(|row| Ok(ContactField { id: row.get(0)?, key: row.get(1)?, name: names(row, 2)?, kind: row.get(3)? }))
            .collect()
    }
}

impl Snapshot {
    /// Some people as flows see them, see [`Store::contact_record`].
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contact_records(
        &mut self,
        people: &[PersonId],
        now: i64,
    ) -> Result<HashMap<PersonId, ContactRecord>, StoreError> {
        let list = hex_list(people.iter().map(|person| person.uuid()));
        let mut found = HashMap::with_capacity(people.len());
        for row in self.query(&PERSON, params![&list]).await? {
            let record = record(&row)?;
            found.insert(record.id, record);
        }
        for row in self.query(&URNS, params![&list]).await? {
            if let Some(record) = found.get_mut(&row.get::<PersonId>(0)?) {
                record.urns.push((row.get(1)?, row.get(2)?));
            }
        }
        for row in self.query(&VALUES, params![&list]).await? {
            if let Some(record) = found.get_mut(&row.get::<PersonId>(0)?) {
                record.values.push(value(&row)?);
            }
        }
        for row in self.query(&WORK, params![&list, now]).await? {
            if let Some(record) = found.get_mut(&row.get::<PersonId>(0)?) {
                record.work(&row)?;
            }
        }
        for row in self.query(&MEMBER, params![&list]).await? {
            if let Some(record) = found.get_mut(&row.get::<PersonId>(0)?) {
                record.groups.push(row.get(1)?);
            }
        }
        Ok(found)
    }
}

impl ContactRecord {
    /// Takes over what one position says that those before it did not.
    fn work(&mut self, row: &Row) -> Result<(), StoreError> {
        if self.facility.is_none() && row.get::<Option<bool>>(2)? == Some(true) {
            self.facility = row.get(1)?;
        }
        self.cadre = self.cadre.take().or(row.get(3)?);
        self.title = self.title.take().or(row.get(4)?);
        self.zone = self.zone.take().or(row.get(5)?);
        Ok(())
    }
}

fn record(row: &Row) -> Result<ContactRecord, StoreError> {
    Ok(ContactRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        given: row.get(2)?,
        language: row.get(3)?,
        standing: row.get(4)?,
        active: row.get(5)?,
        created_at: row.get(6)?,
        heard_at: row.get(7)?,
        urns: Vec::new(),
        values: Vec::new(),
        facility: None,
        cadre: None,
        title: None,
        zone: None,
        groups: Vec::new(),
    })
}

fn names(row: &Row, column: usize) -> Result<LangMap, StoreError> {
    crate::nouns::audience::names(row, column)
}
