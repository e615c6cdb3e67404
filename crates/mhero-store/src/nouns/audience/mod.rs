//! Audiences: a predicate of the query language as SQL, who it means, how many, and what texts say about each of them.

mod compose;
mod facts;
mod leaf;
mod names;

use mhero_core::{Lang, PersonId, Scope, sandbox};
use mhero_query::Predicate;

pub(crate) use compose::Composer;
pub use facts::PersonFacts;
pub(crate) use facts::{ALL as FACTS, hex_list, value_text};
pub(crate) use names::{ALL as NAMES, names};
pub use names::{Coined, Course, Field, Title};

use crate::{Engine, Row, Snapshot, Store, StoreError, statement::has_left_all};

/// The number with which a person would be reached: the best valid one that has not asked to stop everything, one that the operator
/// blocks after all others; none once they have asked so at a number or in a chat of their own.
const BEST_PATH: &str = concat!(
    "(SELECT u.path FROM person_urn u WHERE u.person = p.id AND u.scheme = 'tel' AND u.path IS NOT NULL AND NOT ",
    has_left_all!("p.id"),
    " AND NOT EXISTS (SELECT 1 FROM stop s WHERE s.scheme = u.scheme AND s.path = u.path AND s.list = '') ",
    "ORDER BY EXISTS (SELECT 1 FROM operator_block k WHERE k.path = u.path) ASC NULLS LAST, u.rank ASC NULLS LAST, ",
    "u.id ASC NULLS LAST LIMIT 1)"
);

/// Whether a number belongs to another health worker too.
const IS_SHARED: &str = "EXISTS (SELECT 1 FROM person_urn o JOIN person other ON other.id = o.person \
     WHERE o.path = c.path AND o.scheme = 'tel' AND o.person <> c.id AND other.standing = 'worker' AND other.active \
     AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = o.person))";

/// Whether the operator blocks a number.
const IS_BLOCKED: &str = "EXISTS (SELECT 1 FROM operator_block k WHERE k.path = c.path)";

/// Somebody whom an audience means, as a broadcast must know them to decide whether they get it.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The person.
    pub person: PersonId,
    /// Name as shown.
    pub name: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// The best valid number, by rank, that has not asked to stop everything; E.164.
    pub path: Option<String>,
    /// Whether there is a valid number at all.
    pub has_valid_number: bool,
    /// Whether there is anything that should have been a number.
    pub has_any_number: bool,
    /// Whether `path` belongs to another health worker too.
    pub is_shared: bool,
    /// Whether the operator blocks `path`: there is no other that it does not block.
    pub is_blocked: bool,
}

/// Neither name nor number.
impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Candidate {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.get(0)?,
            name: row.get(1)?,
            language: row.get(2)?,
            path: row.get(3)?,
            has_valid_number: row.get(4)?,
            has_any_number: row.get(5)?,
            is_shared: row.get(6)?,
            is_blocked: row.get(7)?,
        })
    }
}

impl Snapshot {
    /// Those whom a predicate means within the scope, in the order of their ids, at most `limit` after one of them. `now`, in
    /// UTC microseconds, decides which positions are current.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn candidates(
        &mut self,
        scope: &Scope,
        predicate: &Predicate,
        now: i64,
        after: Option<PersonId>,
        limit: i64,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut composer = Composer::new(now);
        let mut condition = composer.audience(scope, predicate);
        if let Some(after) = after {
            condition = format!("p.id > {} AND {condition}", composer.bind(after));
        }
        let limit = composer.bind(limit);
        let sql = format!(
            "SELECT c.id, c.name, c.language, c.path, c.valid, c.anything, {IS_SHARED}, {IS_BLOCKED} FROM (\
             SELECT p.id, p.name, p.language, {BEST_PATH} AS path, \
             EXISTS (SELECT 1 FROM person_urn v WHERE v.person = p.id AND v.scheme = 'tel' AND v.path IS NOT NULL) AS valid, \
             EXISTS (SELECT 1 FROM person_urn n WHERE n.person = p.id AND n.scheme = 'tel') AS anything \
             FROM person p WHERE {condition} ORDER BY p.id ASC NULLS LAST LIMIT {limit}) c ORDER BY c.id ASC NULLS LAST"
        );
        let mut candidates: Vec<Candidate> =
            self.query_composed(sql, composer.params()).await?.iter().map(Candidate::read).collect::<Result<_, _>>()?;
        if scope.is_in_sandbox() {
            // Whatever number somebody gave one of its people: only those of no network are written to.
            for candidate in &mut candidates {
                candidate.path = candidate.path.take().filter(|path| sandbox::is_number(path));
            }
        }
        Ok(candidates)
    }
}

impl Store {
    /// How many a predicate means within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_audience(&self, scope: &Scope, predicate: &Predicate, now: i64) -> Result<i64, StoreError> {
        let mut composer = Composer::new(now);
        let condition = composer.audience(scope, predicate);
        let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM person p WHERE {condition}");
        let rows = self.query_composed(sql, composer.params()).await?;
        rows.first().map_or(Ok(0), |row| row.get(0))
    }

    /// Those of some people whom a predicate means within the scope, in the order of their ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn among_audience(
        &self,
        scope: &Scope,
        predicate: &Predicate,
        people: &[PersonId],
        now: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        let mut composer = Composer::for_few(now);
        let condition = composer.audience(scope, predicate);
        let list = composer.bind(hex_list(people.iter().map(|person| person.uuid())));
        let ids = match self.engine() {
            Engine::Postgres => format!("SELECT decode(unnest(string_to_array({list}, ',')), 'hex') AS id"),
            Engine::Sqlite => {
                format!("SELECT unhex(value) AS id FROM json_each('[\"' || replace({list}, ',', '\",\"') || '\"]')")
            }
        };
        let sql =
            format!("SELECT p.id FROM person p WHERE p.id IN ({ids}) AND {condition} ORDER BY p.id ASC NULLS LAST");
        self.query_composed(sql, composer.params()).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Whether a predicate means a person within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_in_audience(
        &self,
        scope: &Scope,
        predicate: &Predicate,
        person: PersonId,
        now: i64,
    ) -> Result<bool, StoreError> {
        let mut composer = Composer::for_few(now);
        let condition = composer.audience(scope, predicate);
        let person = composer.bind(person);
        let sql = format!("SELECT 1 FROM person p WHERE p.id = {person} AND {condition}");
        Ok(!self.query_composed(sql, composer.params()).await?.is_empty())
    }
}
