//! One person, with everything that the registry knows and where it comes from.

use mhero_core::{Lang, LangMap, PersonId, PlaceId, PositionId, Role, Scope};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError,
    nouns::audience::{names, value_text},
    params,
    statement::{person_in_scope, statements},
};

/// Most people that one id or number is looked up to.
const FOUND_MAX: i64 = 20;

statements! {
    GET = (concat!("SELECT p.id, p.name, p.given, p.family, p.language, p.sex, p.birth, p.standing, p.active, p.heard_at, p.sent_at, p.created_at, p.updated_at FROM person p WHERE p.id = $1 AND ", person_in_scope!("p.id", "$2", "$3")));
    NUMBERS = "SELECT u.id, u.path, u.raw, u.bad, u.verified_at, s.name, EXISTS (SELECT 1 FROM urn_primary m WHERE m.scheme = u.scheme AND m.path = u.path AND m.person = u.person) FROM person_urn u LEFT JOIN source_record r ON r.id = u.source_record LEFT JOIN source s ON s.id = r.source WHERE u.person = $1 AND u.scheme = 'tel' ORDER BY (u.path IS NULL) ASC NULLS LAST, u.rank ASC NULLS LAST, u.id ASC NULLS LAST";
    NUMBER = (concat!("SELECT u.id, u.path, u.raw, u.bad, u.verified_at, s.name, EXISTS (SELECT 1 FROM urn_primary m WHERE m.scheme = u.scheme AND m.path = u.path AND m.person = u.person) FROM person_urn u LEFT JOIN source_record r ON r.id = u.source_record LEFT JOIN source s ON s.id = r.source WHERE u.id = $1 AND u.person = $2 AND ", person_in_scope!("u.person", "$3", "$4")));
    STOPS = "SELECT u.id, s.list, s.since, o.name FROM stop s JOIN person_urn u ON u.path = s.path AND u.scheme = s.scheme LEFT JOIN source o ON o.id = s.source WHERE u.person = $1 ORDER BY s.since ASC NULLS LAST, s.list ASC NULLS LAST, u.id ASC NULLS LAST";
    /// Who else has a number of the person. Names only within the scope.
    SHARED = (concat!("SELECT mine.id, p.id, p.name, ", person_in_scope!("p.id", "$2", "$3"), " FROM person_urn mine JOIN person_urn o ON o.path = mine.path AND o.scheme = mine.scheme AND o.person <> mine.person JOIN person p ON p.id = o.person WHERE mine.person = $1 AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) ORDER BY p.search ASC NULLS LAST, p.id ASC NULLS LAST"));
    IDENTIFIERS = "SELECT DISTINCT i.system, i.value, s.name FROM person_identifier i LEFT JOIN source_record r ON r.id = i.source_record LEFT JOIN source s ON s.id = r.source WHERE i.person = $1 ORDER BY i.system ASC NULLS LAST, i.value ASC NULLS LAST, s.name ASC NULLS LAST";
    POSITIONS = "SELECT q.id, q.place, f.name, f.is_facility, c.name, t.name, q.start_at, q.end_at, q.active, s.name FROM position q LEFT JOIN place f ON f.id = q.place LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre c ON c.id = COALESCE(q.cadre, t.cadre) LEFT JOIN source_record r ON r.id = q.source_record LEFT JOIN source s ON s.id = r.source WHERE q.person = $1 ORDER BY q.active DESC NULLS LAST, q.start_at DESC NULLS LAST, q.id ASC NULLS LAST";
    TRAININGS = "SELECT t.course, t.name, t.start_at, t.end_at, s.name FROM training t LEFT JOIN source_record r ON r.id = t.source_record LEFT JOIN source s ON s.id = r.source WHERE t.person = $1 ORDER BY COALESCE(t.end_at, t.start_at) DESC NULLS LAST, t.id ASC NULLS LAST";
    VALUES = "SELECT f.key, f.name, v.text, v.number, v.instant, l.name, s.name, v.observed_at, v.verified_at FROM person_value v JOIN field f ON f.id = v.field LEFT JOIN place l ON l.id = v.place LEFT JOIN source_record r ON r.id = v.source_record LEFT JOIN source s ON s.id = r.source WHERE v.person = $1 ORDER BY f.key ASC NULLS LAST";
    RECORDS = "SELECT s.name, r.kind, r.ext_id, r.changed_at FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity IN (SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1) ORDER BY s.rank ASC NULLS LAST, s.name ASC NULLS LAST, r.ext_id ASC NULLS LAST";
    WHY = "SELECT g.role, l.id, l.name FROM role_grant g LEFT JOIN place l ON l.id = g.place WHERE g.principal = $1 AND (g.place IS NULL OR EXISTS (SELECT 1 FROM position q JOIN place_closure c ON c.descendant = q.place WHERE q.person = $2 AND q.active AND c.ancestor = g.place)) ORDER BY g.created_at ASC NULLS LAST, g.id ASC NULLS LAST";
    /// By our id, one joined into another, an id or identifier of a source, or a number. Whom only an undone import made known has no other name than our id.
    FIND = (concat!("SELECT p.id, p.name, p.standing FROM person p WHERE p.id IN (SELECT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = f.person), f.person) FROM (SELECT id AS person FROM person WHERE id = $3 UNION SELECT alias FROM person_alias WHERE alias = $3 UNION SELECT r.entity FROM source_record r WHERE r.ext_id = $4 AND r.entity IS NOT NULL UNION SELECT i.person FROM person_identifier i WHERE i.value = $4 UNION SELECT h.entity FROM fhir_id h WHERE h.type IN ('Practitioner', 'Person') AND h.id = $4 UNION SELECT u.person FROM person_urn u WHERE u.path = $5) f WHERE f.person IS NOT NULL) AND (p.standing <> 'undone' OR p.id = $3) AND ", person_in_scope!("p.id", "$1", "$2"), " ORDER BY p.standing DESC NULLS LAST, p.search ASC NULLS LAST, p.id ASC NULLS LAST LIMIT $6"));
}

/// Somebody that an id or number was looked up to.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundPerson {
    /// The person.
    pub id: PersonId,
    /// Name as shown.
    pub name: String,
    /// False for a stranger who wrote.
    pub is_worker: bool,
}

impl std::fmt::Debug for FoundPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FoundPerson").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A number of a person, or what should have been one.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberOf {
    /// Its id.
    pub id: Uuid,
    /// E.164; `None` where the text is no number.
    pub path: Option<String>,
    /// As the source wrote it.
    pub raw: String,
    /// Why it is no number, a word of `mhero_text::BadPhone`.
    pub bad: Option<String>,
    /// When somebody made sure of it.
    pub verified_at: Option<i64>,
    /// The source that says so.
    pub source: Option<String>,
    /// Whether the shared number is meant for this person first.
    pub is_primary: bool,
}

impl std::fmt::Debug for NumberOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NumberOf").field("id", &self.id).field("bad", &self.bad).finish_non_exhaustive()
    }
}

/// What a number asked to stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopOf {
    /// The number's id.
    pub number: Uuid,
    /// The list; everything when empty.
    pub list: String,
    /// Since when, in UTC microseconds.
    pub since: i64,
    /// The source that says so; `None` for one that was given here.
    pub source: Option<String>,
}

/// Somebody who has the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedWith {
    /// The number's id, as this person's.
    pub number: Uuid,
    /// Who; `None` outside the scope.
    pub person: Option<(PersonId, String)>,
}

/// A position, now or once.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldPosition {
    /// Its id.
    pub id: PositionId,
    /// Where, and whether that is a facility.
    pub place: Option<(PlaceId, LangMap, bool)>,
    /// As what cadre.
    pub cadre: Option<LangMap>,
    /// With what job title.
    pub title: Option<LangMap>,
    /// Since when, in UTC microseconds.
    pub start_at: Option<i64>,
    /// Until when, in UTC microseconds.
    pub end_at: Option<i64>,
    /// False when the source ended it.
    pub active: bool,
    /// The source that says so.
    pub source: Option<String>,
}

impl HeldPosition {
    /// Whether it is held at an instant, in UTC microseconds.
    pub fn is_current(&self, now: i64) -> bool {
        self.active && self.start_at.is_none_or(|start| start <= now) && self.end_at.is_none_or(|end| end > now)
    }
}

/// A course attended.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingOf {
    /// Its code, or its name where it has none.
    pub course: String,
    /// Its names.
    pub name: LangMap,
    /// First day, in UTC microseconds.
    pub start_at: Option<i64>,
    /// Last day, in UTC microseconds.
    pub end_at: Option<i64>,
    /// The source that says so.
    pub source: Option<String>,
}

/// The value of a field, with where it comes from.
#[derive(Clone, PartialEq)]
pub struct ValueOf {
    /// Key of the field.
    pub key: String,
    /// Names of the field.
    pub name: LangMap,
    /// The value as text.
    pub text: String,
    /// The source that says so.
    pub source: Option<String>,
    /// When the source said so, in UTC microseconds.
    pub observed_at: i64,
    /// When somebody made sure of it.
    pub verified_at: Option<i64>,
}

impl std::fmt::Debug for ValueOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValueOf").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A record that a source has of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSource {
    /// Name of the source.
    pub source: String,
    /// Its word for the kind of record.
    pub kind: String,
    /// The id there.
    pub ext_id: String,
    /// When it last changed, in UTC microseconds.
    pub changed_at: i64,
}

/// A grant by which the reader may see a person.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyVisible {
    /// The role.
    pub role: Role,
    /// The place that it is limited to.
    pub place: Option<(PlaceId, LangMap)>,
}

/// One person with everything that the registry knows.
#[derive(Clone, PartialEq)]
pub struct PersonRecord {
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
    /// `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// Date of birth.
    pub birth: Option<String>,
    /// False for a stranger who wrote.
    pub is_worker: bool,
    /// False for one who has left.
    pub active: bool,
    /// The last message from them, in UTC microseconds.
    pub heard_at: Option<i64>,
    /// The last message to them, in UTC microseconds.
    pub sent_at: Option<i64>,
    /// Since when they are known, in UTC microseconds.
    pub created_at: i64,
    /// When the record last changed, in UTC microseconds.
    pub updated_at: i64,
    /// Numbers, valid ones first, by rank.
    pub numbers: Vec<NumberOf>,
    /// What their numbers asked to stop.
    pub stops: Vec<StopOf>,
    /// Who else has their numbers.
    pub shared: Vec<SharedWith>,
    /// Identifiers: system, value, source.
    pub identifiers: Vec<(String, String, Option<String>)>,
    /// Positions, now and once.
    pub positions: Vec<HeldPosition>,
    /// Courses attended.
    pub trainings: Vec<TrainingOf>,
    /// Values of fields.
    pub values: Vec<ValueOf>,
    /// Records that sources have of them.
    pub sources: Vec<PersonSource>,
    /// The grants by which the reader may see them; none for the system.
    pub why: Vec<WhyVisible>,
}

/// Only who it is.
impl std::fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

fn optional_names(row: &Row, column: usize) -> Result<Option<LangMap>, StoreError> {
    row.get::<Option<String>>(column)?.map(|_| names(row, column)).transpose()
}

fn number(row: &Row) -> Result<NumberOf, StoreError> {
    Ok(NumberOf {
        id: row.get(0)?,
        path: row.get(1)?,
        raw: row.get(2)?,
        bad: row.get(3)?,
        verified_at: row.get(4)?,
        source: row.get(5)?,
        is_primary: row.get(6)?,
    })
}

fn position(row: &Row) -> Result<HeldPosition, StoreError> {
    let place = match (row.get::<Option<PlaceId>>(1)?, optional_names(row, 2)?) {
        (Some(id), Some(name)) => Some((id, name, row.get(3)?)),
        _ => None,
    };
    Ok(HeldPosition {
        id: row.get(0)?,
        place,
        cadre: optional_names(row, 4)?,
        title: optional_names(row, 5)?,
        start_at: row.get(6)?,
        end_at: row.get(7)?,
        active: row.get(8)?,
        source: row.get(9)?,
    })
}

fn shared(row: &Row) -> Result<SharedWith, StoreError> {
    let visible: bool = row.get(3)?;
    let person = if visible { Some((row.get(1)?, row.get(2)?)) } else { None };
    Ok(SharedWith { number: row.get(0)?, person })
}

fn training(row: &Row) -> Result<TrainingOf, StoreError> {
    Ok(TrainingOf {
        course: row.get(0)?,
        name: names(row, 1)?,
        start_at: row.get(2)?,
        end_at: row.get(3)?,
        source: row.get(4)?,
    })
}

fn value(row: &Row) -> Result<ValueOf, StoreError> {
    Ok(ValueOf {
        key: row.get(0)?,
        name: names(row, 1)?,
        text: value_text(row, 2)?,
        source: row.get(6)?,
        observed_at: row.get(7)?,
        verified_at: row.get(8)?,
    })
}

fn person(row: &Row) -> Result<PersonRecord, StoreError> {
    let standing: String = row.get(7)?;
    Ok(PersonRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        given: row.get(2)?,
        family: row.get(3)?,
        language: row.get(4)?,
        sex: row.get(5)?,
        birth: row.get(6)?,
        is_worker: matches!(standing.as_str(), "worker" | "undone"),
        active: row.get(8)?,
        heard_at: row.get(9)?,
        sent_at: row.get(10)?,
        created_at: row.get(11)?,
        updated_at: row.get(12)?,
        numbers: Vec::new(),
        stops: Vec::new(),
        shared: Vec::new(),
        identifiers: Vec::new(),
        positions: Vec::new(),
        trainings: Vec::new(),
        values: Vec::new(),
        sources: Vec::new(),
        why: Vec::new(),
    })
}

fn read_all<T>(rows: &[Row], read: fn(&Row) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect()
}

impl Store {
    /// People within the scope that a text names: our id, an id or identifier of a source, or a number in E.164. Health
    /// workers first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn find_people(
        &self,
        scope: &Scope,
        text: &str,
        e164: Option<&str>,
    ) -> Result<Vec<FoundPerson>, StoreError> {
        let ours: Option<PersonId> = text.parse().ok();
        let params = params![scope.all_places(), scope.principal(), ours, text, e164, FOUND_MAX];
        let read = |row: &Row| {
            let standing: String = row.get(2)?;
            Ok(FoundPerson { id: row.get(0)?, name: row.get(1)?, is_worker: standing == "worker" })
        };
        self.query(&FIND, params).await?.iter().map(read).collect()
    }

    /// One person within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_record(&self, scope: &Scope, id: PersonId) -> Result<Option<PersonRecord>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let (all, principal) = (scope.all_places(), scope.principal());
        let rows = snapshot.query(&GET, params![id, all, principal]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let mut record = person(row)?;
        record.numbers = read_all(&snapshot.query(&NUMBERS, params![id]).await?, number)?;
        record.stops = read_all(&snapshot.query(&STOPS, params![id]).await?, |row| {
            Ok(StopOf { number: row.get(0)?, list: row.get(1)?, since: row.get(2)?, source: row.get(3)? })
        })?;
        record.shared = read_all(&snapshot.query(&SHARED, params![id, all, principal]).await?, shared)?;
        record.identifiers = read_all(&snapshot.query(&IDENTIFIERS, params![id]).await?, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        record.positions = read_all(&snapshot.query(&POSITIONS, params![id]).await?, position)?;
        record.trainings = read_all(&snapshot.query(&TRAININGS, params![id]).await?, training)?;
        record.values = read_all(&snapshot.query(&VALUES, params![id]).await?, value)?;
        record.sources = read_all(&snapshot.query(&RECORDS, params![id]).await?, |row| {
            Ok(PersonSource { source: row.get(0)?, kind: row.get(1)?, ext_id: row.get(2)?, changed_at: row.get(3)? })
        })?;
        record.why = read_all(&snapshot.query(&WHY, params![principal, id]).await?, |row| {
            let place = match (row.get(1)?, optional_names(row, 2)?) {
                (Some(id), Some(name)) => Some((id, name)),
                _ => None,
            };
            Ok(WhyVisible { role: row.get(0)?, place })
        })?;
        Ok(Some(record))
    }

    /// One number of somebody within the scope, in full.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn number_of(&self, scope: &Scope, person: PersonId, id: Uuid) -> Result<Option<NumberOf>, StoreError> {
        let params = params![id, person, scope.all_places(), scope.principal()];
        self.first(&NUMBER, params).await?.map(|row| number(&row)).transpose()
    }
}
