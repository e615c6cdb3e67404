//! Rounds of questions about facilities, and the colleagues whom we asked in them.

use mhero_core::{FlowId, PersonId, PlaceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    OPEN = "INSERT INTO facility_round (id, place, flow, opened_at, closed_at, next_at, version) VALUES ($1, $2, $3, $4, NULL, $5, 1) ON CONFLICT DO NOTHING";
    SET = "UPDATE facility_round SET flow = $3, closed_at = $4, next_at = $5, version = version + 1 WHERE id = $1 AND version = $2";
    /// A round is looked at as soon as possible.
    WAKE = "UPDATE facility_round SET next_at = $2, version = version + 1 WHERE place = $1 AND closed_at IS NULL";
    /// The same, by the flow that asked last.
    HEARD = "UPDATE facility_round SET next_at = $2, flow = $3, version = version + 1 WHERE place = $1 AND closed_at IS NULL";
    OF_PLACE = "SELECT r.id, r.place, r.flow, r.opened_at, r.closed_at, r.next_at, r.version FROM facility_round r WHERE r.place = $1 AND r.closed_at IS NULL";
    DUE = "SELECT r.id, r.place, r.flow, r.opened_at, r.closed_at, r.next_at, r.version FROM facility_round r WHERE r.next_at <= $1 ORDER BY r.next_at ASC NULLS LAST, r.id ASC NULLS LAST LIMIT $2";
    ASK = "INSERT INTO facility_asked (round, person, at, begun) VALUES ($1, $2, $3, FALSE) ON CONFLICT (round, person) DO NOTHING";
    BEGUN = "UPDATE facility_asked SET begun = TRUE WHERE round = $1 AND person = $2";
    ASKED = "SELECT a.person, a.at, a.begun FROM facility_asked a WHERE a.round = $1 ORDER BY a.at ASC NULLS LAST, a.person ASC NULLS LAST";
}

/// A round of questions about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacilityRound {
    /// Its id.
    pub id: Uuid,
    /// The place.
    pub place: PlaceId,
    /// The flow that asked last.
    pub flow: FlowId,
    /// When its first answer came, in UTC microseconds.
    pub opened_at: i64,
    /// When none of its answers waited any more.
    pub closed_at: Option<i64>,
    /// When it is looked at.
    pub next_at: Option<i64>,
    /// Counts its changes.
    pub version: i64,
}

/// A colleague whom we asked because those before differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedColleague {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: i64,
    /// Whether their flow was started.
    pub begun: bool,
}

impl FacilityRound {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            place: row.get(1)?,
            flow: row.get(2)?,
            opened_at: row.get(3)?,
            closed_at: row.get(4)?,
            next_at: row.get(5)?,
            version: row.get(6)?,
        })
    }
}

impl Unit {
    /// Opens a round, unless the place has an open one.
    pub fn open_round(&mut self, r: &FacilityRound) -> &mut Self {
        self.run(&OPEN, params![r.id, r.place, r.flow, r.opened_at, r.next_at])
    }

    /// Writes what changed of a round. Whoever changed it since it was read makes this unit fail.
    pub fn set_round(&mut self, r: &FacilityRound) -> &mut Self {
        self.one(&SET, params![r.id, r.version, r.flow, r.closed_at, r.next_at])
    }

    /// The open round of a place is looked at soon, because something was decided.
    pub fn wake_round(&mut self, place: PlaceId, at: i64) -> &mut Self {
        self.run(&WAKE, params![place, at])
    }

    /// The open round of a place is looked at soon, because a flow brought an answer.
    pub fn round_heard(&mut self, place: PlaceId, flow: FlowId, at: i64) -> &mut Self {
        self.run(&HEARD, params![place, at, flow])
    }

    /// Notes that a colleague is asked, once a round.
    pub fn ask_colleague(&mut self, round: Uuid, person: PersonId, at: i64) -> &mut Self {
        self.run(&ASK, params![round, person, at])
    }

    /// Notes that a colleague's flow was started.
    pub fn colleague_begun(&mut self, round: Uuid, person: PersonId) -> &mut Self {
        self.run(&BEGUN, params![round, person])
    }
}

impl Store {
    /// The open round of a place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_round(&self, place: PlaceId) -> Result<Option<FacilityRound>, StoreError> {
        self.first(&OF_PLACE, params![place]).await?.map(|row| FacilityRound::read(&row)).transpose()
    }

    /// Rounds that are to be looked at now, the longest waiting first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_rounds(&self, now: i64, limit: i64) -> Result<Vec<FacilityRound>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(FacilityRound::read).collect()
    }

    /// The colleagues whom we asked in a round, in order.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn asked_colleagues(&self, round: Uuid) -> Result<Vec<AskedColleague>, StoreError> {
        let rows = self.query(&ASKED, params![round]).await?;
        rows.iter().map(|row| Ok(AskedColleague { person: row.get(0)?, at: row.get(1)?, begun: row.get(2)? })).collect()
    }
}
