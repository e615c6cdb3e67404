//! Pairs of people who may be one: open ones, and those that were decided.

use mhero_core::{PersonId, Scope};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::hex_list,
    params,
    statement::{person_in_scope, statements},
};

statements! {
    /// A decided pair stays decided.
    PUT = "INSERT INTO link_pair (left_person, right_person, state, score, explanation, found_at, decided_by, decided_at, version) VALUES ($1, $2, 'open', $3, $4, $5, NULL, NULL, 1) ON CONFLICT (left_person, right_person) DO UPDATE SET score = $3, explanation = $4, version = link_pair.version + 1 WHERE link_pair.state = 'open' AND link_pair.explanation <> $4";
    DROP_OPEN = "DELETE FROM link_pair WHERE left_person = $1 AND right_person = $2 AND state = 'open'";
    /// By rule, or by somebody who names both: whatever stood there.
    SETTLE = "INSERT INTO link_pair (left_person, right_person, state, score, explanation, found_at, decided_by, decided_at, version) VALUES ($1, $2, $3, $4, $5, $7, $6, $7, 1) ON CONFLICT (left_person, right_person) DO UPDATE SET state = $3, decided_by = $6, decided_at = $7, version = link_pair.version + 1";
    /// By somebody who saw a version of it.
    DECIDE = "UPDATE link_pair SET state = $3, decided_by = $4, decided_at = $5, version = version + 1 WHERE left_person = $1 AND right_person = $2 AND version = $6";
    GET = (concat!("SELECT k.left_person, k.right_person, k.state, k.score, k.explanation, k.found_at, k.decided_by, k.decided_at, k.version FROM link_pair k WHERE k.left_person = $1 AND k.right_person = $2 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = k.left_person), k.left_person)", "$3", "$4"), " AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = k.right_person), k.right_person)", "$3", "$4")));
    /// The likeliest first. Those of somebody who was joined meanwhile wait until that is undone.
    OPEN = (concat!("SELECT k.left_person, k.right_person, k.state, k.score, k.explanation, k.found_at, k.decided_by, k.decided_at, k.version FROM link_pair k WHERE k.state = 'open' AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = k.left_person OR a.alias = k.right_person) AND (k.score < $3 OR (k.score = $3 AND k.left_person > $4) OR (k.score = $3 AND k.left_person = $4 AND k.right_person > $5)) AND ", person_in_scope!("k.left_person", "$1", "$2"), " AND ", person_in_scope!("k.right_person", "$1", "$2"), " ORDER BY k.score DESC NULLS LAST, k.left_person ASC NULLS LAST, k.right_person ASC NULLS LAST LIMIT $6"));
    COUNT = (concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM link_pair k WHERE k.state = 'open' AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = k.left_person OR a.alias = k.right_person) AND ", person_in_scope!("k.left_person", "$1", "$2"), " AND ", person_in_scope!("k.right_person", "$1", "$2")));
    DECIDED = "SELECT left_person, right_person, state FROM link_pair WHERE state <> 'open' AND decided_at IS NOT NULL";
    OPEN_OF = (concat!("SELECT k.left_person, k.right_person FROM link_pair k WHERE k.state = 'open' AND (k.left_person IN (", ids_there!("$1"), ") OR k.right_person IN (", ids_there!("$1"), "))"))
        | (concat!("SELECT k.left_person, k.right_person FROM link_pair k WHERE k.state = 'open' AND (k.left_person IN (", ids_here!("$1"), ") OR k.right_person IN (", ids_here!("$1"), "))"));
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairState {
    /// Somebody must look at it.
    Open,
    /// One person.
    Same,
    /// Two people; never asked again.
    Different,
}

impl PairState {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Same => "same",
            Self::Different => "different",
        }
    }

    pub(super) fn read(word: &str) -> Self {
        match word {
            "same" => Self::Same,
            "different" => Self::Different,
            _ => Self::Open,
        }
    }
}

/// A pair of people who may be one.
#[derive(Clone, PartialEq)]
pub struct LinkPair {
    /// The person with the smaller id.
    pub left: PersonId,
    /// The other.
    pub right: PersonId,
    /// What is known of it.
    pub state: PairState,
    /// The probability that both are one, 0 to 1.
    pub score: f64,
    /// Why, as JSON.
    pub explanation: String,
    /// When it was found, in UTC microseconds.
    pub found_at: i64,
    /// Who decided; `None` while open, and where a rule did.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<i64>,
    /// For guards.
    pub version: i64,
}

/// Only whose it is: explanations name people.
impl std::fmt::Debug for LinkPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("LinkPair");
        shown.field("left", &self.left).field("right", &self.right).field("state", &self.state).finish_non_exhaustive()
    }
}

impl LinkPair {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            left: row.get(0)?,
            right: row.get(1)?,
            state: PairState::read(&row.get::<String>(2)?),
            score: row.get(3)?,
            explanation: row.get(4)?,
            found_at: row.get(5)?,
            decided_by: row.get(6)?,
            decided_at: row.get(7)?,
            version: row.get(8)?,
        })
    }
}

fn ordered(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    if one.uuid() <= other.uuid() { (one, other) } else { (other, one) }
}

impl Unit {
    /// Asks somebody to look at a pair; what was decided stays.
    pub fn put_pair(&mut self, pair: (PersonId, PersonId), score: f64, explanation: &str, at: i64) -> &mut Self {
        let (left, right) = ordered(pair.0, pair.1);
        self.run(&PUT, params![left, right, score, explanation, at])
    }

    /// Takes a question back that nobody needs to answer any more.
    pub fn drop_open_pair(&mut self, pair: (PersonId, PersonId)) -> &mut Self {
        let (left, right) = ordered(pair.0, pair.1);
        self.run(&DROP_OPEN, params![left, right])
    }

    /// Notes what two people are, whatever stood there; `by` is `None` for a rule.
    pub fn settle_pair(
        &mut self,
        pair: (PersonId, PersonId),
        state: PairState,
        (score, explanation): (f64, &str),
        by: Option<Uuid>,
        at: i64,
    ) -> &mut Self {
        let (left, right) = ordered(pair.0, pair.1);
        self.one(&SETTLE, params![left, right, state.as_str(), score, explanation, by, at])
    }

    /// Decides a pair as it was seen; the unit fails when it has changed since.
    pub fn decide_pair(
        &mut self,
        pair: (PersonId, PersonId),
        state: PairState,
        by: Option<Uuid>,
        at: i64,
        version: i64,
    ) -> &mut Self {
        let (left, right) = ordered(pair.0, pair.1);
        self.one(&DECIDE, params![left, right, state.as_str(), by, at, version])
    }
}

impl Store {
    /// A pair of which both are within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn link_pair(
        &self,
        scope: &Scope,
        one: PersonId,
        other: PersonId,
    ) -> Result<Option<LinkPair>, StoreError> {
        let (left, right) = ordered(one, other);
        let row = self.first(&GET, params![left, right, scope.all_places(), scope.principal()]).await?;
        row.map(|row| LinkPair::read(&row)).transpose()
    }

    /// Open pairs of which both are within the scope, the likeliest first, after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_pairs(
        &self,
        scope: &Scope,
        after: Option<(f64, PersonId, PersonId)>,
        limit: i64,
    ) -> Result<Vec<LinkPair>, StoreError> {
        let nobody = PersonId::from_uuid(Uuid::nil());
        let (score, left, right) = after.unwrap_or((2.0, nobody, nobody));
        let params = params![scope.all_places(), scope.principal(), score, left, right, limit];
        self.query(&OPEN, params).await?.iter().map(LinkPair::read).collect()
    }

    /// How many open pairs there are of which both are within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_open_pairs(&self, scope: &Scope) -> Result<i64, StoreError> {
        let row = self.first(&COUNT, params![scope.all_places(), scope.principal()]).await?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Everything that was decided: two people, and whether they are one.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn decided_pairs(&self) -> Result<Vec<(PersonId, PersonId, PairState)>, StoreError> {
        let rows = self.query(&DECIDED, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, PairState::read(&row.get::<String>(2)?)))).collect()
    }

    /// Open pairs of which one is among these.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_pairs_of(&self, people: &[PersonId]) -> Result<Vec<(PersonId, PersonId)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.query(&OPEN_OF, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
