//! Requests that neighbours make us send something, and what they are shown of our messages and runs.

use mhero_core::{PersonId, Scope};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO fhir_request (id, principal, way, state, due_at, until_at, failure, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $7, 1) ON CONFLICT (id) DO UPDATE SET state = $4, due_at = $5, until_at = $6, updated_at = $7, version = fhir_request.version + 1 WHERE fhir_request.state IN ('asked', 'waiting')";
    SET = "UPDATE fhir_request SET state = $3, due_at = $4, failure = $5, updated_at = $6, version = version + 1 WHERE id = $1 AND version = $2";
    /// What has ended stays so.
    REVOKE = "UPDATE fhir_request SET state = 'revoking', updated_at = $2, version = version + 1 WHERE id = $1 AND state IN ('asked', 'waiting', 'made')";
    GET = "SELECT id, principal, way, state, due_at, until_at, failure, created_at, updated_at, version FROM fhir_request WHERE id = $1";
    DUE = "SELECT id, principal, way, state, due_at, until_at, failure, created_at, updated_at, version FROM fhir_request WHERE state IN ('asked', 'revoking') OR (state = 'waiting' AND due_at <= $1) OR (state = 'made' AND until_at <= $1) ORDER BY updated_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2";
    ADD_TARGET = "INSERT INTO fhir_request_target (request, kind, target) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    TARGETS = "SELECT kind, target FROM fhir_request_target WHERE request = $1 ORDER BY kind ASC NULLS LAST, target ASC NULLS LAST";
    /// Requests of which nothing is under way any more.
    ENDED = "SELECT r.id FROM fhir_request r WHERE r.state = 'made' AND r.due_at IS NULL AND NOT EXISTS (SELECT 1 FROM fhir_request_target t JOIN broadcast b ON b.id = t.target WHERE t.request = r.id AND b.status NOT IN ('done', 'cancelled')) AND NOT EXISTS (SELECT 1 FROM fhir_request_target t JOIN flow_start s ON s.id = t.target WHERE t.request = r.id AND s.status NOT IN ('started', 'cancelled')) ORDER BY r.id ASC NULLS LAST LIMIT $1";
    PROGRESS = "SELECT content FROM emnutt_progress WHERE id = $1";
    PUT_PROGRESS = "INSERT INTO emnutt_progress (id, content, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET content = $2, at = $3";
    SWEEP_PROGRESS = "DELETE FROM emnutt_progress WHERE at < $1";
    NUMBERS = "SELECT u.scheme, u.path FROM person_urn u WHERE u.person = $1 AND u.path IS NOT NULL ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST";
    IS_STOPPED = "SELECT 1 FROM person_urn u JOIN stop s ON s.scheme = u.scheme AND s.path = u.path AND s.list = '' WHERE u.person = $1 LIMIT 1";
    LAST_VERSION = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM fhir_version";
    HAS_TOKENS = "SELECT 1 FROM api_token WHERE revoked_at IS NULL LIMIT 1";
}

/// A request to send something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FhirRequest {
    /// The id of the CommunicationRequest.
    pub id: String,
    /// Who wrote it.
    pub principal: Option<Uuid>,
    /// `fhir`, or `emnutt` for one of emNutt's clients.
    pub way: String,
    /// `asked`, `waiting`, `made`, `revoking`, `ended`, `refused`.
    pub state: String,
    /// When it is carried out, or carried out again.
    pub due_at: Option<i64>,
    /// When what has not left is taken back.
    pub until_at: Option<i64>,
    /// Why it was refused.
    pub failure: Option<String>,
    /// When it was written, in UTC microseconds.
    pub created_at: i64,
    /// When anything changed.
    pub updated_at: i64,
    /// For guards.
    pub version: i64,
}

/// A request that is to be carried out.
#[derive(Clone, Debug)]
pub struct NewFhirRequest<'a> {
    /// The id of the CommunicationRequest.
    pub id: &'a str,
    /// Who wrote it.
    pub principal: Option<Uuid>,
    /// `fhir`, or `emnutt`.
    pub way: &'a str,
    /// When it is carried out; `None` for at once.
    pub due_at: Option<i64>,
    /// When what has not left is taken back.
    pub until_at: Option<i64>,
}

fn request(row: &Row) -> Result<FhirRequest, StoreError> {
    Ok(FhirRequest {
        id: row.get(0)?,
        principal: row.get(1)?,
        way: row.get(2)?,
        state: row.get(3)?,
        due_at: row.get(4)?,
        until_at: row.get(5)?,
        failure: row.get(6)?,
        created_at: row.get(7)?,
        updated_at: row.get(8)?,
        version: row.get(9)?,
    })
}

impl Unit {
    /// A request is to be carried out; one that was carried out already stays as it is.
    pub fn ask_fhir_request(&mut self, new: &NewFhirRequest<'_>, now: i64) -> &mut Self {
        let state = if new.due_at.is_some() { "waiting" } else { "asked" };
        self.run(&ADD, params![new.id, new.principal, new.way, state, new.due_at, new.until_at, now])
    }

    /// How far a request has got. The unit fails when the row has another version by now.
    pub fn set_fhir_request(&mut self, row: &FhirRequest, now: i64) -> &mut Self {
        let failure = row.failure.clone();
        self.one(&SET, params![&row.id, row.version, &row.state, row.due_at, failure, now])
    }

    /// A request is taken back, where it has not ended.
    pub fn revoke_fhir_request(&mut self, id: &str, now: i64) -> &mut Self {
        self.run(&REVOKE, params![id, now])
    }

    /// What a request became: `broadcast` or `start`.
    pub fn fhir_request_became(&mut self, id: &str, kind: &str, target: Uuid) -> &mut Self {
        self.run(&ADD_TARGET, params![id, kind, target])
    }

    /// What is told of the progress of something that clients of emNutt asked for.
    pub fn put_emnutt_progress(&mut self, id: &str, content: &str, now: i64) -> &mut Self {
        self.run(&PUT_PROGRESS, params![id, content, now])
    }

    /// Forgets what was told of progress before a time.
    pub fn sweep_emnutt_progress(&mut self, before: i64) -> &mut Self {
        self.run(&SWEEP_PROGRESS, params![before])
    }
}

impl Store {
    /// A request by the id of its CommunicationRequest.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_request(&self, id: &str) -> Result<Option<FhirRequest>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(request).transpose()
    }

    /// Requests with which something is to be done now, the longest untouched first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_fhir_requests(&self, now: i64, limit: i64) -> Result<Vec<FhirRequest>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(request).collect()
    }

    /// What a request became: kinds and ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_request_targets(&self, id: &str) -> Result<Vec<(String, Uuid)>, StoreError> {
        self.query(&TARGETS, params![id]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Requests of which everything that they became has ended.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_requests_over(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        self.query(&ENDED, params![limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// What is told of the progress of something that clients of emNutt asked for.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn emnutt_progress(&self, id: &str) -> Result<Option<String>, StoreError> {
        self.first(&PROGRESS, params![id]).await?.map(|row| row.get(0)).transpose()
    }

    /// The numbers of a person of the scope, scheme and path; nobody's outside it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn numbers_of(
        &self,
        scope: &Scope,
        person: PersonId,
        now: i64,
    ) -> Result<Option<Vec<(String, String)>>, StoreError> {
        if self.person_facts(scope, &[person], now).await?.is_empty() {
            return Ok(None);
        }
        let rows = self.query(&NUMBERS, params![person]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, _>>().map(Some)
    }

    /// Whether somebody asked, at any number, to be sent nothing more.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_person_stopped(&self, person: PersonId) -> Result<bool, StoreError> {
        Ok(self.first(&IS_STOPPED, params![person]).await?.is_some())
    }

    /// The number of the last version of a FHIR resource.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_fhir_version(&self) -> Result<i64, StoreError> {
        self.first(&LAST_VERSION, vec![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Whether any token of the interfaces is valid.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn has_tokens(&self) -> Result<bool, StoreError> {
        Ok(self.first(&HAS_TOKENS, vec![]).await?.is_some())
    }
}
