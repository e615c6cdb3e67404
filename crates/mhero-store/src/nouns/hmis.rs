//! What of which flow goes to which system of statistics, and each report that goes.

use mhero_core::{FlowId, LangMap, MessageId, PersonId, PlaceId, RunId, Scope, SourceId};
use uuid::Uuid;

use super::audience::names;
use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// A condition that narrows a read of reports, as `h`, to places within the scope.
macro_rules! place_in_scope {
    ($all:literal, $principal:literal) => {
        concat!(
            "(",
            $all,
            " OR EXISTS (SELECT 1 FROM place_closure c JOIN role_grant g ON g.place = c.ancestor WHERE c.descendant = h.place AND g.principal = ",
            $principal,
            "))"
        )
    };
}

statements! {
    ADD_MAP = "INSERT INTO hmis_map (id, name, source, flow, config, active, since, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1)";
    SET_MAP = "UPDATE hmis_map SET name = $3, source = $4, flow = $5, config = $6, active = $7, updated_at = $8, version = version + 1 WHERE id = $1 AND version = $2";
    MAPS = "SELECT id, name, source, flow, config, active, since, version FROM hmis_map ORDER BY name ASC NULLS LAST";
    /// Runs of a flow that have come to their end and were not looked at for a map. Tests and drills are none. One that was read back
    /// from a back end has no session here.
    ENDED = "SELECT r.id, r.person, r.exited_at FROM flow_run r WHERE r.flow = $1 AND r.exited_at >= $2 AND r.status = 'completed' AND NOT r.is_test AND NOT EXISTS (SELECT 1 FROM flow_session s WHERE s.id = r.session AND s.is_drill) AND NOT EXISTS (SELECT 1 FROM flow_start t WHERE t.id = r.start AND t.is_drill) AND NOT EXISTS (SELECT 1 FROM hmis_report h WHERE h.map = $3 AND h.run = r.id) ORDER BY r.exited_at ASC NULLS LAST, r.id ASC NULLS LAST LIMIT $4";
    UNIT_OF = "SELECT i.value FROM place_identifier i WHERE i.place = $1 AND i.system = $2 ORDER BY i.value ASC NULLS LAST LIMIT 1";
    RECORD_OF_PLACE = "SELECT r.ext_id FROM source_record r WHERE r.entity = $1 AND r.source = $2 AND r.entity_kind = 'place' AND r.gone_at IS NULL ORDER BY r.id ASC NULLS LAST LIMIT 1";
    ADD = "INSERT INTO hmis_report (id, map, run, person, place, message, unit, period, content, state, attempts, next_at, answer, decided_by, decided_at, reported_at, sent_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, NULL, NULL, $13, NULL, 1)";
    /// What was said later of the same unit and period stands in its place.
    SUPERSEDE = "UPDATE hmis_report SET state = 'superseded', next_at = NULL, version = version + 1 WHERE map = $1 AND unit = $2 AND period = $3 AND id <> $4 AND state IN ('approval', 'ready', 'conflict', 'refused') AND reported_at <= $5";
    /// One that is read only after a later one of the same unit and period stands behind that one: a back end was out of reach.
    COMES_LATE = "UPDATE hmis_report SET state = 'superseded', next_at = NULL, version = version + 1 WHERE id = $4 AND EXISTS (SELECT 1 FROM hmis_report n WHERE n.map = $1 AND n.unit = $2 AND n.period = $3 AND n.id <> $4 AND n.state NOT IN ('skipped', 'superseded') AND n.reported_at > $5)";
    DUE = "SELECT h.id, h.map, h.run, h.person, h.place, h.message, h.unit, h.period, h.content, h.state, h.attempts, h.next_at, h.answer, h.decided_by, h.decided_at, h.reported_at, h.sent_at, h.version FROM hmis_report h WHERE h.next_at IS NOT NULL AND h.next_at <= $1 AND h.state = 'ready' ORDER BY h.next_at ASC NULLS LAST, h.reported_at ASC NULLS LAST, h.id ASC NULLS LAST LIMIT $2";
    NEXT_DUE = "SELECT CAST(MIN(next_at) AS BIGINT) FROM hmis_report WHERE next_at IS NOT NULL";
    SENT = "UPDATE hmis_report SET state = $3, attempts = attempts + 1, next_at = $4, answer = $5, sent_at = $6, version = version + 1 WHERE id = $1 AND version = $2";
    GET = (concat!("SELECT h.id, h.map, h.run, h.person, h.place, h.message, h.unit, h.period, h.content, h.state, h.attempts, h.next_at, h.answer, h.decided_by, h.decided_at, h.reported_at, h.sent_at, h.version FROM hmis_report h WHERE h.id = $1 AND ", place_in_scope!("$2", "$3")));
    DECIDE = "UPDATE hmis_report SET state = $3, next_at = $4, answer = $5, decided_by = $6, decided_at = $7, version = version + 1 WHERE id = $1 AND version = $2";
    READ_AGAIN = "UPDATE hmis_report SET state = $3, next_at = $4, answer = $5, decided_by = $6, decided_at = $7, place = $8, unit = $9, period = $10, content = $11, version = version + 1 WHERE id = $1 AND version = $2";
    LIST = (concat!("SELECT h.id, h.map, h.run, h.person, h.place, h.message, h.unit, h.period, h.content, h.state, h.attempts, h.next_at, h.answer, h.decided_by, h.decided_at, h.reported_at, h.sent_at, h.version, p.name, l.name, b.text, (SELECT e.content FROM hmis_report e WHERE e.map = h.map AND e.unit = h.unit AND e.period = h.period AND e.state = 'accepted' AND e.id <> h.id AND e.reported_at < h.reported_at ORDER BY e.reported_at DESC NULLS LAST LIMIT 1) FROM hmis_report h JOIN person p ON p.id = h.person LEFT JOIN place l ON l.id = h.place LEFT JOIN message m ON m.id = h.message LEFT JOIN message_body b ON b.id = m.body WHERE h.state <> 'skipped' AND ($3 IS NULL OR h.state = $3) AND ($4 IS NULL OR h.run = $4) AND (h.reported_at < $5 OR (h.reported_at = $5 AND h.id < $6)) AND ", place_in_scope!("$1", "$2"), " ORDER BY h.reported_at DESC NULLS LAST, h.id DESC NULLS LAST LIMIT $7"));
    COUNTS = (concat!("SELECT h.state, CAST(COUNT(*) AS BIGINT) FROM hmis_report h WHERE h.state <> 'skipped' AND ", place_in_scope!("$1", "$2"), " GROUP BY h.state ORDER BY h.state ASC NULLS LAST"));
    KEYED = "SELECT created_at FROM message WHERE dedupe_key IN ($1, $2) ORDER BY created_at DESC NULLS LAST LIMIT 1";
}

/// What of a flow goes to a system of statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HmisMap {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The system, a source.
    pub source: SourceId,
    /// The flow.
    pub flow: FlowId,
    /// What goes where, JSON.
    pub config: String,
    /// Whether it is switched on.
    pub active: bool,
    /// Runs that ended before, in UTC microseconds, are not reported.
    pub since: i64,
    /// Grows with each change.
    pub version: i64,
}

/// A report.
#[derive(Clone, PartialEq, Eq)]
pub struct HmisReport {
    /// Its id.
    pub id: Uuid,
    /// By which map.
    pub map: Uuid,
    /// The run that brought it.
    pub run: RunId,
    /// Who reported.
    pub person: PersonId,
    /// About which place.
    pub place: Option<PlaceId>,
    /// The SMS that it came by.
    pub message: Option<MessageId>,
    /// The unit in the other system.
    pub unit: String,
    /// The period in the other system's words.
    pub period: String,
    /// What is reported, JSON.
    pub content: String,
    /// `approval`, `ready`, `accepted`, `conflict`, `refused`, `superseded`, `skipped`.
    pub state: String,
    /// How often it was sent.
    pub attempts: i64,
    /// When it goes (again), in UTC microseconds.
    pub next_at: Option<i64>,
    /// What the other system said, or why it was not sent; JSON.
    pub answer: Option<String>,
    /// Who approved or refused it.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<i64>,
    /// When it was reported.
    pub reported_at: i64,
    /// When it was sent last.
    pub sent_at: Option<i64>,
    /// Grows with each change.
    pub version: i64,
}

/// Never what is reported.
impl std::fmt::Debug for HmisReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HmisReport").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A report with what a page shows beside it.
#[derive(Clone, PartialEq)]
pub struct HmisListed {
    /// The report.
    pub report: HmisReport,
    /// Who reported.
    pub person_name: String,
    /// The place's names.
    pub place_name: Option<LangMap>,
    /// The SMS that it came by; `None` once erased.
    pub text: Option<String>,
    /// What was accepted of the same unit and period before, JSON.
    pub before: Option<String>,
}

/// Never what is reported.
impl std::fmt::Debug for HmisListed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.report.fmt(f)
    }
}

fn read(row: &Row) -> Result<HmisReport, StoreError> {
    Ok(HmisReport {
        id: row.get(0)?,
        map: row.get(1)?,
        run: row.get(2)?,
        person: row.get(3)?,
        place: row.get(4)?,
        message: row.get(5)?,
        unit: row.get(6)?,
        period: row.get(7)?,
        content: row.get(8)?,
        state: row.get(9)?,
        attempts: row.get(10)?,
        next_at: row.get(11)?,
        answer: row.get(12)?,
        decided_by: row.get(13)?,
        decided_at: row.get(14)?,
        reported_at: row.get(15)?,
        sent_at: row.get(16)?,
        version: row.get(17)?,
    })
}

impl Unit {
    /// Adds a map; `since` of the row is its beginning.
    pub fn add_hmis_map(&mut self, m: &HmisMap) -> &mut Self {
        self.one(&ADD_MAP, params![m.id, &m.name, m.source, m.flow, &m.config, m.active, m.since])
    }

    /// Changes a map that has the version of the row.
    pub fn set_hmis_map(&mut self, m: &HmisMap, at: i64) -> &mut Self {
        self.one(&SET_MAP, params![m.id, m.version, &m.name, m.source, m.flow, &m.config, m.active, at])
    }

    /// Adds a report; a run is reported once by a map. What it takes the place of is superseded.
    pub fn add_hmis_report(&mut self, r: &HmisReport) -> &mut Self {
        let values = params![
            r.id,
            r.map,
            r.run,
            r.person,
            r.place,
            r.message,
            &r.unit,
            &r.period,
            &r.content,
            &r.state,
            r.next_at,
            r.answer.as_deref(),
            r.reported_at
        ];
        self.one(&ADD, values);
        // Without a unit it is nobody's report: another one without a unit is of somebody else.
        if r.state != "skipped" && !r.unit.is_empty() {
            let same = params![r.map, &r.unit, &r.period, r.id, r.reported_at];
            self.run(&SUPERSEDE, same.clone());
            self.run(&COMES_LATE, same);
        }
        self
    }

    /// Notes what became of a report that was sent, if it has not changed meanwhile.
    pub fn hmis_sent(
        &mut self,
        report: &HmisReport,
        (state, next_at, answer): (&str, Option<i64>, &str),
        at: i64,
    ) -> &mut Self {
        self.one(&SENT, params![report.id, report.version, state, next_at, answer, at])
    }

    /// Notes what somebody decided about a report, if it has not changed meanwhile.
    pub fn hmis_decided(
        &mut self,
        report: &HmisReport,
        (state, next_at, answer): (&str, Option<i64>, Option<&str>),
        (by, at): (Option<Uuid>, i64),
    ) -> &mut Self {
        self.one(&DECIDE, params![report.id, report.version, state, next_at, answer, by, at])
    }

    /// Notes what a report says now that its run was read again, if it has not changed meanwhile.
    pub fn hmis_read_again(
        &mut self,
        r: &HmisReport,
        (state, next_at, answer): (&str, Option<i64>, Option<&str>),
        (by, at): (Option<Uuid>, i64),
    ) -> &mut Self {
        let (unit, period, content) = (&r.unit, &r.period, &r.content);
        let values = params![r.id, r.version, state, next_at, answer, by, at, r.place, unit, period, content];
        self.one(&READ_AGAIN, values)
    }
}

impl Store {
    /// All maps by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_maps(&self) -> Result<Vec<HmisMap>, StoreError> {
        let rows = self.query(&MAPS, vec![]).await?;
        rows.iter()
            .map(|row| {
                Ok(HmisMap {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    source: row.get(2)?,
                    flow: row.get(3)?,
                    config: row.get(4)?,
                    active: row.get(5)?,
                    since: row.get(6)?,
                    version: row.get(7)?,
                })
            })
            .collect()
    }

    /// Runs of a map's flow that ended at or after an instant and were not looked at: run, person, end.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_runs(
        &self,
        map: &HmisMap,
        since: i64,
        limit: i64,
    ) -> Result<Vec<(RunId, PersonId, i64)>, StoreError> {
        let rows = self.query(&ENDED, params![map.flow, since, map.id, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// The id of a place in a system of identifiers.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_id_in(&self, place: PlaceId, system: &str) -> Result<Option<String>, StoreError> {
        self.first(&UNIT_OF, params![place, system]).await?.map(|row| row.get(0)).transpose()
    }

    /// The id of a place at a source.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_id_at(&self, place: PlaceId, source: SourceId) -> Result<Option<String>, StoreError> {
        self.first(&RECORD_OF_PLACE, params![place, source]).await?.map(|row| row.get(0)).transpose()
    }

    /// Reports that are due to be sent, the earliest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_due(&self, now: i64, limit: i64) -> Result<Vec<HmisReport>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(read).collect()
    }

    /// When the next report is due.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_next(&self) -> Result<Option<i64>, StoreError> {
        self.first(&NEXT_DUE, vec![]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// A report whose place lies within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_report(&self, scope: &Scope, id: Uuid) -> Result<Option<HmisReport>, StoreError> {
        let row = self.first(&GET, params![id, scope.all_places(), scope.principal()]).await?;
        row.map(|row| read(&row)).transpose()
    }

    /// Reports about places within the scope, the newest first: of one state, of one run, before one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_reports(
        &self,
        scope: &Scope,
        (state, run): (Option<&str>, Option<RunId>),
        before: Option<(i64, Uuid)>,
        limit: i64,
    ) -> Result<Vec<HmisListed>, StoreError> {
        let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
        let rows = self.query(&LIST, params![scope.all_places(), scope.principal(), state, run, at, id, limit]).await?;
        rows.iter()
            .map(|row| {
                let place_name = match row.get::<Option<String>>(19)? {
                    Some(_) => Some(names(row, 19)?),
                    None => None,
                };
                Ok(HmisListed {
                    report: read(row)?,
                    person_name: row.get(18)?,
                    place_name,
                    text: row.get(20)?,
                    before: row.get(21)?,
                })
            })
            .collect()
    }

    /// Reports about places within the scope by state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hmis_counts(&self, scope: &Scope) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&COUNTS, params![scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// When the last message of one of two causes was made, in UTC microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_keyed(&self, one: &str, other: &str) -> Result<Option<i64>, StoreError> {
        self.first(&KEYED, params![one, other]).await?.map(|row| row.get(0)).transpose()
    }
}
