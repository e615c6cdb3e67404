//! People as the import writes them, and what is stored of some of them.

use std::collections::HashMap;

use mhero_core::{FieldId, Lang, PersonId, PlaceId, SourceRecordId};
use uuid::Uuid;

use super::records::KeptContent;
use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

statements! {
    ADD = "INSERT INTO person (id, name, given, family, search, language, sex, birth, standing, active, heard_at, sent_at, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'worker', $9, NULL, NULL, $10, $10, 1)";
    /// Whom an undone run had made known is a worker again.
    SET = "UPDATE person SET name = $2, given = $3, family = $4, search = $5, language = $6, sex = $7, birth = $8, active = $9, standing = (CASE WHEN standing = 'undone' THEN 'worker' ELSE standing END), updated_at = $10, version = version + 1 WHERE id = $1";
    ADD_TOKEN = "INSERT INTO person_token (token, person) VALUES ($1, $2) ON CONFLICT (token, person) DO NOTHING";
    DROP_TOKENS = "DELETE FROM person_token WHERE person = $1";
    ADD_IDENTIFIER = "INSERT INTO person_identifier (system, value, person, source_record) VALUES ($1, $2, $3, $4) ON CONFLICT (system, value, person, source_record) DO NOTHING";
    DROP_IDENTIFIER = "DELETE FROM person_identifier WHERE system = $1 AND value = $2 AND person = $3 AND source_record = $4";
    ADD_URN = "INSERT INTO person_urn (id, person, scheme, path, raw, bad, rank, source_record, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
    SET_URN = "UPDATE person_urn SET path = $2, bad = $3, rank = $4 WHERE id = $1";
    DROP_URN = "DELETE FROM person_urn WHERE id = $1";
    PUT_VALUE = "INSERT INTO person_value (person, field, text, folded, number, instant, place, source_record, observed_at, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) ON CONFLICT (person, field) DO UPDATE SET text = EXCLUDED.text, folded = EXCLUDED.folded, number = EXCLUDED.number, instant = EXCLUDED.instant, place = EXCLUDED.place, source_record = EXCLUDED.source_record, observed_at = EXCLUDED.observed_at, verified_at = NULL";
    DROP_VALUE = "DELETE FROM person_value WHERE person = $1 AND field = $2";
    /// Who is called so: by an id or identifier of any source, or by a number. Two are enough to know that it is not one.
    CALLED = "SELECT DISTINCT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = c.person), c.person) AS whom FROM (SELECT r.entity AS person FROM source_record r WHERE r.ext_id = $1 AND r.entity_kind = 'person' AND r.entity IS NOT NULL AND r.gone_at IS NULL UNION SELECT i.person FROM person_identifier i WHERE i.value = $1 UNION SELECT u.person FROM person_urn u WHERE u.path = $2) c ORDER BY whom ASC NULLS LAST LIMIT 2";
    /// A record of somebody joined stays theirs, so that what has the same identifier becomes theirs, too.
    SHARED_IDENTIFIERS = "SELECT i.system, i.value, CASE WHEN r.entity_kind = 'person' THEN COALESCE(r.entity, i.person) ELSE i.person END FROM person_identifier i LEFT JOIN source_record r ON r.id = i.source_record WHERE i.system NOT LIKE '#%' ORDER BY i.source_record ASC NULLS LAST";
    MOVE_URN = "UPDATE person_urn SET person = $2 WHERE id = $1";
    MOVE_IDENTIFIER = "UPDATE person_identifier SET person = $5 WHERE system = $1 AND value = $2 AND person = $3 AND source_record = $4";
    PEOPLE = "SELECT id, name, given, family, language, sex, birth, active FROM person WHERE id IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT id, name, given, family, language, sex, birth, active FROM person WHERE id IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
    URNS = "SELECT id, person, scheme, path, raw, bad, rank, source_record FROM person_urn WHERE source_record IS NOT NULL AND person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY rank ASC NULLS LAST, id ASC NULLS LAST"
        | "SELECT id, person, scheme, path, raw, bad, rank, source_record FROM person_urn WHERE source_record IS NOT NULL AND person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY rank ASC NULLS LAST, id ASC NULLS LAST";
    IDENTIFIERS = "SELECT system, value, person, source_record FROM person_identifier WHERE person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT system, value, person, source_record FROM person_identifier WHERE person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
    VALUES = "SELECT person, field, text, folded, number, instant, place, source_record FROM person_value WHERE person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT person, field, text, folded, number, instant, place, source_record FROM person_value WHERE person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
    CONTENTS = "SELECT id, source, kind, ext_id, entity, content FROM source_record WHERE entity_kind = 'person' AND content IS NOT NULL AND gone_at IS NULL AND entity IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT id, source, kind, ext_id, entity, content FROM source_record WHERE entity_kind = 'person' AND content IS NOT NULL AND gone_at IS NULL AND entity IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
}

/// What the registry says about a person. `birth` is a day as `1988-04-02`.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// The id.
    pub id: PersonId,
    /// The whole name as shown.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// Sex.
    pub sex: Option<String>,
    /// Date of birth.
    pub birth: Option<String>,
    /// False when every source says that the person has left.
    pub active: bool,
}

/// A number, or what stands where one should be.
#[derive(Clone, PartialEq, Eq)]
pub struct UrnRow {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// `tel`.
    pub scheme: String,
    /// E.164; `None` where the text is no number.
    pub path: Option<String>,
    /// As received.
    pub raw: String,
    /// Why it is no number.
    pub bad: Option<String>,
    /// 0 is the best.
    pub rank: i64,
    /// The record that gave it.
    pub record: SourceRecordId,
}

/// An identifier of a person, and the record that gave it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentifierRow {
    /// The system; one that begins with `#` counts within its source only.
    pub system: String,
    /// The value.
    pub value: String,
    /// Whose.
    pub person: PersonId,
    /// The record that gave it.
    pub record: SourceRecordId,
}

/// The current value of a field, in all its readings.
#[derive(Clone, PartialEq)]
pub struct ValueRow {
    /// Whose.
    pub person: PersonId,
    /// Which field.
    pub field: FieldId,
    /// As text.
    pub text: Option<String>,
    /// As text, folded.
    pub folded: Option<String>,
    /// As a number.
    pub number: Option<f64>,
    /// As an instant, in UTC microseconds.
    pub instant: Option<i64>,
    /// As a place.
    pub place: Option<PlaceId>,
    /// The record that gave it; `None` when a person or a flow did.
    pub record: Option<SourceRecordId>,
}

/// What is stored of a person.
#[derive(Clone, Default)]
pub struct PersonState {
    /// The person's own row.
    pub row: Option<PersonRow>,
    /// Numbers that records gave.
    pub urns: Vec<UrnRow>,
    /// Identifiers.
    pub identifiers: Vec<IdentifierRow>,
    /// Values.
    pub values: Vec<ValueRow>,
    /// What the person's records say.
    pub contents: Vec<KeptContent>,
}

macro_rules! secretive {
    ($($row:ident: $id:ident),+ $(,)?) => {$(
        /// Only whose it is: names, numbers and values stay out of logs.
        impl std::fmt::Debug for $row {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($row)).field(stringify!($id), &self.$id).finish_non_exhaustive()
            }
        }
    )+};
}

secretive!(PersonRow: id, UrnRow: id, ValueRow: person);

/// Nothing of it: names, numbers and values stay out of logs.
impl std::fmt::Debug for PersonState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonState").finish_non_exhaustive()
    }
}

fn person(row: &Row) -> Result<PersonRow, StoreError> {
    Ok(PersonRow {
        id: row.get(0)?,
        name: row.get(1)?,
        given: row.get(2)?,
        family: row.get(3)?,
        language: row.get(4)?,
        sex: row.get(5)?,
        birth: row.get(6)?,
        active: row.get(7)?,
    })
}

fn urn(row: &Row) -> Result<UrnRow, StoreError> {
    Ok(UrnRow {
        id: row.get(0)?,
        person: row.get(1)?,
        scheme: row.get(2)?,
        path: row.get(3)?,
        raw: row.get(4)?,
        bad: row.get(5)?,
        rank: row.get(6)?,
        record: row.get(7)?,
    })
}

fn identifier(row: &Row) -> Result<IdentifierRow, StoreError> {
    Ok(IdentifierRow { system: row.get(0)?, value: row.get(1)?, person: row.get(2)?, record: row.get(3)? })
}

fn value(row: &Row) -> Result<ValueRow, StoreError> {
    Ok(ValueRow {
        person: row.get(0)?,
        field: row.get(1)?,
        text: row.get(2)?,
        folded: row.get(3)?,
        number: row.get(4)?,
        instant: row.get(5)?,
        place: row.get(6)?,
        record: row.get(7)?,
    })
}

impl Unit {
    /// Adds a health worker. `search` is the key of the name, see `mhero_query::name_key`.
    pub fn add_person(&mut self, p: &PersonRow, search: &str, at: i64) -> &mut Self {
        let birth = p.birth.as_deref();
        let sex = p.sex.as_deref();
        self.one(&ADD, params![p.id, &p.name, &p.given, &p.family, search, p.language, sex, birth, p.active, at])
    }

    /// Stores what the registry says about a person; the rest of the row stays.
    pub fn set_person(&mut self, p: &PersonRow, search: &str, at: i64) -> &mut Self {
        let birth = p.birth.as_deref();
        let sex = p.sex.as_deref();
        self.one(&SET, params![p.id, &p.name, &p.given, &p.family, search, p.language, sex, birth, p.active, at])
    }

    /// Makes the words of a name those by which the person is found.
    pub fn set_person_tokens(&mut self, person: PersonId, tokens: &[String], is_new: bool) -> &mut Self {
        if !is_new {
            self.run(&DROP_TOKENS, params![person]);
        }
        for token in tokens {
            self.run(&ADD_TOKEN, params![token, person]);
        }
        self
    }

    /// Adds an identifier.
    pub fn add_identifier(&mut self, i: &IdentifierRow) -> &mut Self {
        self.run(&ADD_IDENTIFIER, params![&i.system, &i.value, i.person, i.record])
    }

    /// Removes an identifier that its record no longer has.
    pub fn drop_identifier(&mut self, i: &IdentifierRow) -> &mut Self {
        self.run(&DROP_IDENTIFIER, params![&i.system, &i.value, i.person, i.record])
    }

    /// Makes an identifier another person's: the record that gave it became theirs.
    pub fn move_identifier(&mut self, i: &IdentifierRow, to: PersonId) -> &mut Self {
        self.one(&MOVE_IDENTIFIER, params![&i.system, &i.value, i.person, i.record, to])
    }

    /// Makes a number another person's: the record that gave it became theirs.
    pub fn move_urn(&mut self, id: Uuid, to: PersonId) -> &mut Self {
        self.one(&MOVE_URN, params![id, to])
    }

    /// Adds a number, or what stands where one should be.
    pub fn add_urn(&mut self, u: &UrnRow, at: i64) -> &mut Self {
        let (path, bad) = (u.path.as_deref(), u.bad.as_deref());
        self.one(&ADD_URN, params![u.id, u.person, &u.scheme, path, &u.raw, bad, u.rank, u.record, at])
    }

    /// Stores how a number is read now, and its rank.
    pub fn set_urn(&mut self, u: &UrnRow) -> &mut Self {
        self.run(&SET_URN, params![u.id, u.path.as_deref(), u.bad.as_deref(), u.rank])
    }

    /// Removes a number that its record no longer has.
    pub fn drop_urn(&mut self, id: Uuid) -> &mut Self {
        self.run(&DROP_URN, params![id])
    }

    /// Makes this the current value of a field.
    pub fn put_value(&mut self, v: &ValueRow, at: i64) -> &mut Self {
        let (text, folded) = (v.text.as_deref(), v.folded.as_deref());
        self.one(&PUT_VALUE, params![v.person, v.field, text, folded, v.number, v.instant, v.place, v.record, at])
    }

    /// Removes a value that no record gives any more.
    pub fn drop_value(&mut self, person: PersonId, field: FieldId) -> &mut Self {
        self.run(&DROP_VALUE, params![person, field])
    }
}

impl Store {
    /// System, value and person of all identifiers that count across sources, those that came first before others.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn shared_identifiers(&self) -> Result<Vec<(String, String, PersonId)>, StoreError> {
        let rows = self.query(&SHARED_IDENTIFIERS, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// The one person whom an id or identifier of any source, or a number (E.164), calls; `None` when it calls nobody or several.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_called(&self, id: &str, path: Option<&str>) -> Result<Option<PersonId>, StoreError> {
        let rows = self.query(&CALLED, params![id, path]).await?;
        match rows.as_slice() {
            [row] => Ok(Some(row.get(0)?)),
            _ => Ok(None),
        }
    }

    /// What is stored of some people; those that are not there are left out.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_states(&self, people: &[PersonId]) -> Result<HashMap<PersonId, PersonState>, StoreError> {
        let mut states: HashMap<PersonId, PersonState> = HashMap::new();
        if people.is_empty() {
            return Ok(states);
        }
        let list = hex_list(people.iter().map(|id| id.uuid()));
        let ids = || params![&list];
        for row in self.query(&PEOPLE, ids()).await? {
            let row = person(&row)?;
            let id = row.id;
            states.entry(id).or_default().row = Some(row);
        }
        for row in self.query(&URNS, ids()).await? {
            let row = urn(&row)?;
            states.entry(row.person).or_default().urns.push(row);
        }
        for row in self.query(&IDENTIFIERS, ids()).await? {
            let row = identifier(&row)?;
            states.entry(row.person).or_default().identifiers.push(row);
        }
        for row in self.query(&VALUES, ids()).await? {
            let row = value(&row)?;
            states.entry(row.person).or_default().values.push(row);
        }
        for row in self.query(&CONTENTS, ids()).await? {
            let kept = KeptContent::read(&row)?;
            if let Some(entity) = kept.entity {
                states.entry(PersonId::from_uuid(entity)).or_default().contents.push(kept);
            }
        }
        Ok(states)
    }
}
