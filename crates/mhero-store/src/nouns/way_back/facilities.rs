//! What people answered about facilities, each kept, and the values of places that came of it.

use mhero_core::{FlowId, MessageId, PersonId, PlaceId, RunId, Scope};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

/// The columns of an answer, in the order in which they are read.
macro_rules! answer {
    () => {
        "a.id, a.place, a.field, a.value, a.said_by, a.message, a.at, a.flow, a.run, a.proposal"
    };
}

statements! {
    /// What a run has brought so far; tests bring nothing.
    OF_RUN = "SELECT r.flow, r.person, q.key, q.value, q.category, q.input, q.at FROM flow_run r JOIN flow_result q ON q.run = r.id WHERE r.id = $1 AND NOT r.is_test ORDER BY q.at ASC NULLS LAST, q.key ASC NULLS LAST";
    ADD = "INSERT INTO facility_answer (id, place, field, value, said_by, message, at, settled, flow, run) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8, $9) ON CONFLICT (id) DO NOTHING";
    /// Whether an answer is there already.
    KNOWN = "SELECT a.id FROM facility_answer a WHERE a.id = $1";
    WAITING = (concat!("SELECT ", answer!(), " FROM facility_answer a WHERE a.place = $1 AND NOT a.settled ORDER BY a.at ASC NULLS LAST, a.id ASC NULLS LAST"));
    /// What waits belongs to the open round.
    JOIN_ROUND = "UPDATE facility_answer SET round = (SELECT r.id FROM facility_round r WHERE r.place = $1 AND r.closed_at IS NULL) WHERE place = $1 AND NOT settled AND round IS NULL";
    /// What waits of a field is what a proposal stands on.
    STAND_BEHIND = "UPDATE facility_answer SET proposal = $3 WHERE place = $1 AND field = $2 AND NOT settled AND proposal IS NULL";
    SETTLE_BEHIND = "UPDATE facility_answer SET settled = TRUE WHERE proposal = $1 AND NOT settled";
    SETTLE = "UPDATE facility_answer SET settled = TRUE WHERE place = $1 AND field = $2 AND NOT settled";
    /// The answers behind a proposal, with the name of who gave them, where that is within the scope, and their text.
    OF_PROPOSAL = (concat!("SELECT ", answer!(), ", p.name, b.text FROM facility_answer a LEFT JOIN person p ON p.id = a.said_by AND ", person_in_scope!("a.said_by", "$2", "$3"), " LEFT JOIN message m ON m.id = a.message LEFT JOIN message_body b ON b.id = m.body WHERE a.proposal = $1 ORDER BY a.at ASC NULLS LAST, a.id ASC NULLS LAST"));
    PUT_VALUE = "INSERT INTO place_value (place, field, value, observed_at, verified_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (place, field) DO UPDATE SET value = $3, observed_at = $4, verified_at = $5";
    VALUES = "SELECT v.field, v.value, v.observed_at, v.verified_at FROM place_value v WHERE v.place = $1 ORDER BY v.field ASC NULLS LAST";
}

/// A result of a run, as an answer about a place is read from it.
#[derive(Clone, PartialEq, Eq)]
pub struct RunAnswer {
    /// The flow.
    pub flow: FlowId,
    /// Who answered.
    pub person: PersonId,
    /// The key of the result.
    pub key: String,
    /// The value.
    pub value: String,
    /// The category, in the flow's own language.
    pub category: String,
    /// What they wrote.
    pub input: Option<String>,
    /// When.
    pub at: i64,
}

/// Without what was answered.
impl std::fmt::Debug for RunAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunAnswer").field("flow", &self.flow).field("key", &self.key).finish_non_exhaustive()
    }
}

/// What somebody answered about a place.
#[derive(Clone, PartialEq, Eq)]
pub struct FacilityAnswer {
    /// Its id: the same for the same answer of the same run.
    pub id: Uuid,
    /// The place.
    pub place: PlaceId,
    /// Which of its values.
    pub field: String,
    /// What they say that it is.
    pub value: String,
    /// Who.
    pub said_by: PersonId,
    /// The message in which they said it.
    pub message: Option<MessageId>,
    /// When.
    pub at: i64,
    /// The flow that asked.
    pub flow: Option<FlowId>,
    /// Its run.
    pub run: Option<RunId>,
    /// The proposal that stands on it.
    pub proposal: Option<Uuid>,
}

impl std::fmt::Debug for FacilityAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FacilityAnswer").field("id", &self.id).field("field", &self.field).finish_non_exhaustive()
    }
}

/// An answer as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidOfPlace {
    /// The answer.
    pub answer: FacilityAnswer,
    /// Who gave it; `None` for somebody outside the scope.
    pub name: Option<String>,
    /// The text in which they said it; `None` once erased.
    pub evidence: Option<String>,
}

/// A value of a place that its staff or a reviewer vouch for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceValue {
    /// Which.
    pub field: String,
    /// What.
    pub value: String,
    /// When it was first said, in UTC microseconds.
    pub observed_at: i64,
    /// When it was last confirmed.
    pub verified_at: Option<i64>,
}

impl FacilityAnswer {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            place: row.get(1)?,
            field: row.get(2)?,
            value: row.get(3)?,
            said_by: row.get(4)?,
            message: row.get(5)?,
            at: row.get(6)?,
            flow: row.get(7)?,
            run: row.get(8)?,
            proposal: row.get(9)?,
        })
    }
}

impl Unit {
    /// Keeps an answer about a place, once.
    pub fn add_facility_answer(&mut self, a: &FacilityAnswer) -> &mut Self {
        let own = params![a.id, a.place, a.field.as_str(), a.value.as_str(), a.said_by, a.message, a.at];
        self.run(&ADD, own.into_iter().chain(params![a.flow, a.run]).collect())
    }

    /// The answers of a place that wait, and belong to no round yet, belong to its open one.
    pub fn answers_join_round(&mut self, place: PlaceId) -> &mut Self {
        self.run(&JOIN_ROUND, params![place])
    }

    /// The answers about a field that wait are those on which a proposal stands.
    pub fn answers_stand_behind(&mut self, place: PlaceId, field: &str, proposal: Uuid) -> &mut Self {
        self.run(&STAND_BEHIND, params![place, field, proposal])
    }

    /// The answers on which a proposal stood have done their work.
    pub fn settle_answers_behind(&mut self, proposal: Uuid) -> &mut Self {
        self.run(&SETTLE_BEHIND, params![proposal])
    }

    /// The answers about a field have done their work.
    pub fn settle_answers(&mut self, place: PlaceId, field: &str) -> &mut Self {
        self.run(&SETTLE, params![place, field])
    }

    /// Writes a value of a place.
    pub fn put_place_value(&mut self, place: PlaceId, v: &PlaceValue) -> &mut Self {
        self.run(&PUT_VALUE, params![place, v.field.as_str(), v.value.as_str(), v.observed_at, v.verified_at])
    }
}

impl Store {
    /// What a run has brought so far; nothing of a test.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn answers_of_run(&self, run: RunId) -> Result<Vec<RunAnswer>, StoreError> {
        let rows = self.query(&OF_RUN, params![run]).await?;
        rows.iter()
            .map(|row| {
                Ok(RunAnswer {
                    flow: row.get(0)?,
                    person: row.get(1)?,
                    key: row.get(2)?,
                    value: row.get(3)?,
                    category: row.get(4)?,
                    input: row.get(5)?,
                    at: row.get(6)?,
                })
            })
            .collect()
    }

    /// Whether an answer about a place is kept already.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn knows_answer(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(self.first(&KNOWN, params![id]).await?.is_some())
    }

    /// The answers about a place that wait, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_answers(&self, place: PlaceId) -> Result<Vec<FacilityAnswer>, StoreError> {
        self.query(&WAITING, params![place]).await?.iter().map(FacilityAnswer::read).collect()
    }

    /// The answers on which a proposal stands, oldest first; names of people outside the scope are left out.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn answers_of_proposal(&self, scope: &Scope, proposal: Uuid) -> Result<Vec<SaidOfPlace>, StoreError> {
        let rows = self.query(&OF_PROPOSAL, params![proposal, scope.all_places(), scope.principal()]).await?;
        rows.iter()
            .map(|row| {
                Ok(SaidOfPlace { answer: FacilityAnswer::read(row)?, name: row.get(10)?, evidence: row.get(11)? })
            })
            .collect()
    }

    /// The values of a place that its staff or a reviewer vouch for. Whoever reads must be allowed to see the place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_values(&self, place: PlaceId) -> Result<Vec<PlaceValue>, StoreError> {
        let rows = self.query(&VALUES, params![place]).await?;
        rows.iter()
            .map(|row| {
                Ok(PlaceValue {
                    field: row.get(0)?,
                    value: row.get(1)?,
                    observed_at: row.get(2)?,
                    verified_at: row.get(3)?,
                })
            })
            .collect()
    }
}
