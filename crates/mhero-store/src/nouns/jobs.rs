//! Jobs with leases: named work that survives a crash, claimed by one node at a time.

use mhero_core::JobId;
use uuid::Uuid;

use super::leases::LONGEST_MICROS;
use crate::{Queue, Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO job (id, kind, key, payload, run_at, attempt, leased_by, leased_until, fence, error, created_at) VALUES ($1, $2, $3, $4, $5, 0, NULL, 0, 0, NULL, $6) ON CONFLICT (kind, key) DO NOTHING";
    READY = "SELECT id, kind, key, payload, attempt, fence FROM job WHERE run_at <= $1 AND (leased_until <= $2 OR leased_until > $4) ORDER BY run_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $3";
    CLAIM = "UPDATE job SET leased_by = $2, leased_until = $3, fence = fence + 1, attempt = attempt + 1 WHERE id = $1 AND fence = $4 AND (leased_until <= $5 OR leased_until > $6)";
    RENEW = "UPDATE job SET leased_until = $3 WHERE id = $1 AND fence = $2";
    DONE = "DELETE FROM job WHERE id = $1 AND fence = $2";
    /// A guard for the units of a running job.
    STILL_MINE = "UPDATE job SET payload = $3 WHERE id = $1 AND fence = $2";
    AGAIN = "UPDATE job SET run_at = $3, leased_by = NULL, leased_until = 0, error = $4, payload = $5, attempt = CASE WHEN $6 THEN 0 ELSE attempt END WHERE id = $1 AND fence = $2";
    FORWARD = "UPDATE job SET run_at = $1 WHERE run_at > $2";
    PAYLOAD = "SELECT payload FROM job WHERE kind = $1 AND key = $2";
    NEXT = "SELECT CAST(MIN(run_at) AS BIGINT) FROM job";
    COUNT = "SELECT kind, CAST(COUNT(*) AS BIGINT), CAST(MAX(attempt) AS BIGINT) FROM job GROUP BY kind ORDER BY kind ASC NULLS LAST";
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// About what. Unique within a kind.
    pub key: String,
    /// JSON: parameters and progress.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// The fence of this claim.
    pub fence: i64,
}

impl Unit {
    /// Adds a job, unless one of this kind and key is there.
    pub fn add_job(&mut self, store: &Store, kind: &str, key: &str, payload: &str, run_at: i64) -> &mut Self {
        let id = store.mint().id(JobId::from_uuid);
        self.run(&ADD, params![id, kind, key, payload, run_at, store.clock().now_micros()])
    }

    pub(crate) fn bring_jobs_forward(&mut self, now: i64, latest: i64) -> &mut Self {
        self.run(&FORWARD, params![now, latest])
    }

    /// Ends a job; the unit fails when the claim was lost.
    pub fn job_done(&mut self, job: &Job) -> &mut Self {
        self.one(&DONE, params![job.id, job.fence])
    }

    /// Notes progress; the unit fails when the claim was lost.
    pub fn job_progress(&mut self, job: &Job, payload: &str) -> &mut Self {
        self.one(&STILL_MINE, params![job.id, job.fence, payload])
    }

    /// Puts a job back so that others get their turn; its attempts are counted anew.
    pub fn job_next_turn(&mut self, job: &Job, run_at: i64) -> &mut Self {
        self.one(&AGAIN, params![job.id, job.fence, run_at, None::<&str>, &job.payload, true])
    }

    /// Puts a job back for later, with the reason.
    pub fn job_again(&mut self, job: &Job, run_at: i64, error: Option<&str>, payload: &str) -> &mut Self {
        self.one(&AGAIN, params![job.id, job.fence, run_at, error, payload, false])
    }
}

impl Store {
    /// Claims jobs that are ready, for a time in microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn claim_jobs(&self, holder: Uuid, micros: i64, limit: i64) -> Result<Vec<Job>, StoreError> {
        let lease_now = self.lease_now().await?;
        // One leased for longer than any is was claimed before the clock was set back.
        let longest = 2 * micros.max(LONGEST_MICROS);
        let rows =
            self.query(&READY, params![self.clock().now_micros(), lease_now, limit, lease_now + longest]).await?;
        let mut claimed = Vec::new();
        for row in &rows {
            let mut job = read(row)?;
            let mut unit = Unit::new();
            unit.run(&CLAIM, params![job.id, holder, lease_now + micros, job.fence, lease_now, lease_now + longest]);
            if self.write(unit, Queue::Interactive).await?.rows[0] == 1 {
                job.fence += 1;
                job.attempt += 1;
                claimed.push(job);
            }
        }
        Ok(claimed)
    }

    /// Keeps a claim for longer. False when it was lost.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn renew_job(&self, job: &Job, micros: i64) -> Result<bool, StoreError> {
        let until = self.lease_now().await? + micros;
        let mut unit = Unit::new();
        unit.run(&RENEW, params![job.id, job.fence, until]);
        Ok(self.write(unit, Queue::Interactive).await?.rows[0] == 1)
    }

    /// How far a job is, as it noted it; `None` when there is none of this kind and key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn job_payload(&self, kind: &str, key: &str) -> Result<Option<String>, StoreError> {
        self.first(&PAYLOAD, params![kind, key]).await?.map(|row| row.get(0)).transpose()
    }

    /// When the next job wants to run.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_job(&self) -> Result<Option<i64>, StoreError> {
        self.first(&NEXT, vec![]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// Jobs by kind: how many, and the highest attempt among them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_jobs(&self) -> Result<Vec<(String, i64, i64)>, StoreError> {
        self.query(&COUNT, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
    }
}

fn read(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.get(0)?,
        kind: row.get(1)?,
        key: row.get(2)?,
        payload: row.get(3)?,
        attempt: row.get(4)?,
        fence: row.get(5)?,
    })
}
