//! What texts say about a person: name, work, values of fields.

use std::collections::HashMap;

use mhero_core::{Lang, LangMap, PersonId, Scope};

use crate::{
    Row, Snapshot, Store, StoreError, params,
    statement::{person_in_scope, statements},
};

/// People looked up at a time.
const CHUNK: usize = 1_000;

statements! {
    PEOPLE = (concat!("SELECT p.id, p.name, p.given, p.family, p.language FROM person p WHERE p.id IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) AND ", person_in_scope!("p.id", "$2", "$3")))
        | (concat!("SELECT p.id, p.name, p.given, p.family, p.language FROM person p WHERE p.id IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) AND ", person_in_scope!("p.id", "$2", "$3")));
    /// Current positions, the one to speak of first: at a facility, with a cadre, begun last.
    POSITIONS = "SELECT q.person, q.place, f.name, f.is_facility, c.name, t.name FROM position q LEFT JOIN place f ON f.id = q.place LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) WHERE q.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) AND q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) ORDER BY q.person ASC NULLS LAST, f.is_facility DESC NULLS LAST, (c.id IS NOT NULL) DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST"
        | "SELECT q.person, q.place, f.name, f.is_facility, c.name, t.name FROM position q LEFT JOIN place f ON f.id = q.place LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) WHERE q.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) AND q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) ORDER BY q.person ASC NULLS LAST, f.is_facility DESC NULLS LAST, (c.id IS NOT NULL) DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST";
    VALUES = "SELECT v.person, f.key, v.text, v.number, v.instant, l.name FROM person_value v JOIN field f ON f.id = v.field LEFT JOIN place l ON l.id = v.place WHERE v.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY v.person ASC NULLS LAST, f.key ASC NULLS LAST"
        | "SELECT v.person, f.key, v.text, v.number, v.instant, l.name FROM person_value v JOIN field f ON f.id = v.field LEFT JOIN place l ON l.id = v.place WHERE v.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY v.person ASC NULLS LAST, f.key ASC NULLS LAST";
}

/// What texts may say about one person.
#[derive(Clone, PartialEq)]
pub struct PersonFacts {
    /// The person.
    pub id: PersonId,
    /// Name as shown.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// The facility of the current position.
    pub facility: Option<LangMap>,
    /// The cadre of the current position.
    pub cadre: Option<LangMap>,
    /// The job title of the current position.
    pub title: Option<LangMap>,
    /// Values of fields: key and text.
    pub values: Vec<(String, String)>,
}

/// Nobody: what a text says where nothing is known.
impl Default for PersonFacts {
    fn default() -> Self {
        Self {
            id: PersonId::from_uuid(uuid::Uuid::nil()),
            name: String::new(),
            given: String::new(),
            family: String::new(),
            language: None,
            facility: None,
            cadre: None,
            title: None,
            values: Vec::new(),
        }
    }
}

/// Only who it is.
impl std::fmt::Debug for PersonFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonFacts").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PersonFacts {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            given: row.get(2)?,
            family: row.get(3)?,
            language: row.get(4)?,
            ..Self::default()
        })
    }

    /// Takes the next of the positions, which come best first, for what is not known yet.
    fn take_position(&mut self, row: &Row) -> Result<(), StoreError> {
        let is_facility: Option<bool> = row.get(3)?;
        if self.facility.is_none() && is_facility == Some(true) {
            self.facility = row.get(2)?;
        }
        if self.cadre.is_none() {
            self.cadre = row.get(4)?;
        }
        if self.title.is_none() {
            self.title = row.get(5)?;
        }
        Ok(())
    }
}

/// The text of a value: as received, else its number, day or place.
pub(crate) fn value_text(row: &Row, text: usize) -> Result<String, StoreError> {
    if let Some(text) = row.get::<Option<String>>(text)? {
        return Ok(text);
    }
    if let Some(number) = row.get::<Option<f64>>(text + 1)? {
        return Ok(number.to_string());
    }
    if let Some(instant) = row.get::<Option<jiff::Timestamp>>(text + 2)? {
        return Ok(instant.to_string());
    }
    let place: Option<LangMap> = row.get(text + 3)?;
    Ok(place.map(|names| names.best(Lang::ENGLISH).to_owned()).unwrap_or_default())
}

/// A list of ids as the one parameter that both engines can take apart: hexadecimal, with commas.
pub(crate) fn hex_list(ids: impl IntoIterator<Item = uuid::Uuid>) -> String {
    let mut list = String::new();
    for id in ids {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(uuid::fmt::Simple::from_uuid(id).encode_lower(&mut uuid::Uuid::encode_buffer()));
    }
    list
}

impl Snapshot {
    /// Current positions of people (see [`hex_list`]), the one to speak of first: person, place, its name, whether it is a
    /// facility, cadre, title.
    pub(crate) async fn current_positions(&mut self, people: &str, now: i64) -> Result<Vec<Row>, StoreError> {
        self.query(&POSITIONS, params![people, now]).await
    }
}

impl Store {
    /// What texts may say about some people, in the order of their ids; those outside the scope are left out. `now`, in UTC
    /// microseconds, decides which positions are current.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_facts(
        &self,
        scope: &Scope,
        ids: &[PersonId],
        now: i64,
    ) -> Result<Vec<PersonFacts>, StoreError> {
        let mut all = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            all.extend(self.facts_of_chunk(scope, chunk, now).await?);
        }
        Ok(all)
    }

    async fn facts_of_chunk(&self, scope: &Scope, ids: &[PersonId], now: i64) -> Result<Vec<PersonFacts>, StoreError> {
        let list = hex_list(ids.iter().map(|id| id.uuid()));
        let mut snapshot = self.snapshot().await?;
        let mut found: HashMap<PersonId, PersonFacts> = HashMap::new();
        for row in snapshot.query(&PEOPLE, params![&list, scope.all_places(), scope.principal()]).await? {
            let facts = PersonFacts::read(&row)?;
            found.insert(facts.id, facts);
        }
        for row in snapshot.current_positions(&list, now).await? {
            if let Some(facts) = found.get_mut(&row.get(0)?) {
                facts.take_position(&row)?;
            }
        }
        for row in snapshot.query(&VALUES, params![&list]).await? {
            if let Some(facts) = found.get_mut(&row.get(0)?) {
                facts.values.push((row.get(1)?, value_text(&row, 2)?));
            }
        }
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }
}
