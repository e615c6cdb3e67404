//! Flows and their revisions.

use mhero_core::{FlowId, ProgrammeId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO flow (id, name, folded, kind, revision, settings, origin, programme, active, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE, $9, $9, 1)";
    SET = "UPDATE flow SET name = $3, folded = $4, kind = $5, revision = $6, settings = $7, programme = $8, active = $9, updated_at = $10, version = version + 1 WHERE id = $1 AND version = $2";
    GET = "SELECT id, name, kind, revision, settings, origin, programme, active, created_at, updated_at, version FROM flow WHERE id = $1";
    BY_NAME = "SELECT id, name, kind, revision, settings, origin, programme, active, created_at, updated_at, version FROM flow WHERE folded = $1";
    LIST = "SELECT id, name, kind, revision, settings, origin, programme, active, created_at, updated_at, version FROM flow WHERE active OR $1 ORDER BY folded ASC NULLS LAST, id ASC NULLS LAST";
    ADD_REVISION = "INSERT INTO flow_revision (flow, revision, definition, original, findings, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    REVISION = "SELECT revision, definition, findings, created_by, created_at FROM flow_revision WHERE flow = $1 AND revision = $2";
    REVISIONS = "SELECT revision, created_by, created_at FROM flow_revision WHERE flow = $1 ORDER BY revision DESC NULLS LAST LIMIT 100";
    REVISION_AT = "SELECT MAX(revision) FROM flow_revision WHERE flow = $1 AND created_at <= $2";
    /// Grows with every change of a flow, so that copies in memory know that they are old.
    STAMP = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM flow";
}

/// A flow as stored, without its definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRow {
    /// Its id, which is the UUID of its definition.
    pub id: FlowId,
    /// Its name.
    pub name: String,
    /// `messaging`, `messaging_background`, `messaging_offline`, `voice`.
    pub kind: String,
    /// The revision that new sessions get.
    pub revision: i64,
    /// JSON: settings of ours beside the definition.
    pub settings: String,
    /// Where it came from: `import`, `library/NAME`, `console`.
    pub origin: String,
    /// The programme it belongs to.
    pub programme: Option<ProgrammeId>,
    /// False once it is archived.
    pub active: bool,
    /// When it was made, in UTC microseconds.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// Version, for guards.
    pub version: i64,
}

impl FlowRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            revision: row.get(3)?,
            settings: row.get(4)?,
            origin: row.get(5)?,
            programme: row.get(6)?,
            active: row.get(7)?,
            created_at: row.get(8)?,
            updated_at: row.get(9)?,
            version: row.get(10)?,
        })
    }
}

/// One revision of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowRevision {
    /// Its number, from 1.
    pub revision: i64,
    /// The definition as JSON of the current specification.
    pub definition: String,
    /// JSON: what the checks found when it was saved.
    pub findings: String,
    /// Who saved it.
    pub created_by: Option<Uuid>,
    /// When.
    pub created_at: i64,
}

/// A new revision on its way into the store.
#[derive(Clone, Copy, Debug)]
pub struct NewFlowRevision<'a> {
    /// The flow.
    pub flow: FlowId,
    /// Its number.
    pub revision: i64,
    /// The definition as JSON of the current specification.
    pub definition: &'a str,
    /// The definition as received, where it was of an older version.
    pub original: Option<&'a str>,
    /// JSON: what the checks found.
    pub findings: &'a str,
    /// Who saved it.
    pub by: Option<Uuid>,
}

impl Unit {
    /// Writes a new flow. Of two with one folded name the second fails with [`StoreError::Exists`].
    pub fn add_flow(&mut self, flow: &FlowRow, folded: &str) -> &mut Self {
        self.one(
            &ADD,
            params![
                flow.id,
                &flow.name,
                folded,
                &flow.kind,
                flow.revision,
                &flow.settings,
                &flow.origin,
                flow.programme,
                flow.created_at
            ],
        )
    }

    /// Stores a changed flow; the unit fails when it was changed since it was read.
    pub fn set_flow(&mut self, flow: &FlowRow, folded: &str, now: i64) -> &mut Self {
        self.one(
            &SET,
            params![
                flow.id,
                flow.version,
                &flow.name,
                folded,
                &flow.kind,
                flow.revision,
                &flow.settings,
                flow.programme,
                flow.active,
                now
            ],
        )
    }

    /// Writes a revision. Revisions never change.
    pub fn add_flow_revision(&mut self, new: NewFlowRevision<'_>, now: i64) -> &mut Self {
        self.one(
            &ADD_REVISION,
            params![new.flow, new.revision, new.definition, new.original, new.findings, new.by, now],
        )
    }
}

impl Store {
    /// A flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow(&self, id: FlowId) -> Result<Option<FlowRow>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(FlowRow::read).transpose()
    }

    /// A flow by its folded name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_by_name(&self, folded: &str) -> Result<Option<FlowRow>, StoreError> {
        self.first(&BY_NAME, params![folded]).await?.as_ref().map(FlowRow::read).transpose()
    }

    /// Flows by name, archived ones too when asked for.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flows(&self, archived: bool) -> Result<Vec<FlowRow>, StoreError> {
        self.query(&LIST, params![archived]).await?.iter().map(FlowRow::read).collect()
    }

    /// One revision of a flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_revision(&self, flow: FlowId, revision: i64) -> Result<Option<FlowRevision>, StoreError> {
        let Some(row) = self.first(&REVISION, params![flow, revision]).await? else { return Ok(None) };
        Ok(Some(FlowRevision {
            revision: row.get(0)?,
            definition: row.get(1)?,
            findings: row.get(2)?,
            created_by: row.get(3)?,
            created_at: row.get(4)?,
        }))
    }

    /// The last hundred revisions, newest first: number, who, when.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_revisions(&self, flow: FlowId) -> Result<Vec<(i64, Option<Uuid>, i64)>, StoreError> {
        let rows = self.query(&REVISIONS, params![flow]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// The revision of a flow that stood at an instant, in UTC microseconds; `None` before the first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_revision_at(&self, flow: FlowId, at: i64) -> Result<Option<i64>, StoreError> {
        self.first(&REVISION_AT, params![flow, at]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// A stamp that differs after every change of any flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_stamp(&self) -> Result<(i64, i64), StoreError> {
        let row = self.first(&STAMP, vec![]).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
