//! A source that says otherwise than the owner of a field: the owner's value counts, and what the other says is proposed to the
//! owner rather than lost. It stands behind what people say themselves: its confidence is low.
//!
//! Looked for after each run in what the run brought, in the background. Of a person, a field and a value there is one proposal
//! ever: one that was refused is not made again, however often the source says the same.

use mhero_core::{
    ImportId, PersonId, SourceId,
    record::{Content, Reason},
};
use mhero_query::fold;
use mhero_store::{BroughtRecord, Job, OwnerRow, Proposal, Queue, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fields::{held, holds};
use crate::{App, AppError, sync::keep_reason};

/// The job that looks through what a run brought; its key is the run.
pub(crate) const CONTRADICTIONS_JOB: &str = "contradictions";
/// Records looked at in one turn.
const SLICE: i64 = 200;
/// Proposals that one run makes at most: a register that was filled from another one's old copy would fill the queue.
const PROPOSALS_A_RUN: i64 = 500;
/// Longest value that is proposed, in characters.
const VALUE_MAX: usize = 300;
/// How sure the word of a source is that does not own a field, in percent.
const CONFIDENCE: i64 = 30;
/// What the id of a proposal is made from, beside person, field and value.
const KEY: &str = "source";

/// How far a job has come.
#[derive(Default, Serialize, Deserialize)]
struct Progress {
    after: Option<Uuid>,
    proposed: i64,
}

/// What a source says of a field that another owns.
struct Said<'s> {
    person: PersonId,
    field: &'s str,
    value: String,
    source: SourceId,
}

impl App {
    /// Has what a run brought compared with what the owners of fields say, where fields are owned at all.
    pub(crate) async fn contradictions_later(&self, unit: &mut Unit, run: ImportId) -> Result<(), AppError> {
        if !self.store().owners().await?.is_empty() {
            unit.add_job(self.store(), CONTRADICTIONS_JOB, &run.to_string(), "{}", self.clock().now_micros());
        }
        Ok(())
    }

    /// One turn of looking through a run. True when there is more to do.
    pub(crate) async fn contradictions_turn(&self, job: &Job) -> Result<bool, AppError> {
        let mut progress: Progress = serde_json::from_str(&job.payload).unwrap_or_default();
        let owners = self.store().owners().await?;
        let brought = match job.key.parse::<ImportId>() {
            Ok(run) => self.store().brought_by(run, progress.after.unwrap_or_default(), SLICE).await?,
            Err(_) => Vec::new(),
        };
        let is_full = i64::try_from(brought.len()).unwrap_or(0) == SLICE && progress.proposed < PROPOSALS_A_RUN;
        let mut unit = Unit::new();
        for record in &brought {
            progress.after = Some(record.change);
            if progress.proposed < PROPOSALS_A_RUN {
                progress.proposed += self.contradicted(&mut unit, record, &owners).await?;
            }
        }
        if is_full {
            unit.job_progress(job, &serde_json::to_string(&progress).unwrap_or_default());
        } else {
            unit.job_done(job);
        }
        self.store().write(unit, Queue::Bulk).await?;
        Ok(is_full)
    }

    /// Proposes what a record says against the owners of fields; how much that was.
    async fn contradicted(
        &self,
        unit: &mut Unit,
        record: &BroughtRecord,
        owners: &[OwnerRow],
    ) -> Result<i64, AppError> {
        let Ok(content @ Content::Person(_)) = serde_json::from_str::<Content>(&record.content) else { return Ok(0) };
        let mut fields: Vec<&str> = owners.iter().map(|owner| owner.field.as_str()).collect();
        fields.sort_unstable();
        fields.dedup();
        let mut proposed = 0;
        for field in fields {
            let owns = |source| owners.iter().any(|owner| owner.field == field && owner.source == source);
            if owns(record.source) {
                continue;
            }
            let Some(value) = self.stated(&content, field).await? else { continue };
            let said = Said { person: record.person, field, value, source: record.source };
            let Some(target) = self.target_of(said.person, field).await?.filter(|target| owns(target.source.id)) else {
                continue;
            };
            // What its owner does not say is not contradicted: then the other's value counts.
            let is_silent = self.stated(&target.content, field).await?.is_none();
            let agrees = holds(&target.content, field, None, &said.value);
            let is_open = self.withdraw_others(unit, &said, agrees || is_silent).await?;
            if agrees || is_silent || is_open {
                continue;
            }
            let id = said.id();
            if self.store().proposal(id).await?.is_none() {
                let old = self.stated(&target.content, field).await?;
                let name = self.source_by_id(said.source).await?.name;
                let proposal = Proposal {
                    source: Some(target.source.id),
                    source_record: Some(target.record.id),
                    reason: Some(keep_reason(&Reason::new("wayback-source-says", [("source", name)]))),
                    old_value: old,
                    ..said.proposal(id, self.clock().now_micros())
                };
                unit.add_proposal(&proposal).changed("proposal", id, "created", proposal.created_at);
                proposed += 1;
            }
        }
        Ok(proposed)
    }

    /// What a record says of a field, as it is proposed: of phones the first that can be read.
    async fn stated(&self, content: &Content, field: &str) -> Result<Option<String>, AppError> {
        if field != "phone" {
            let value = held(content, field).map(|value| value.trim().to_owned());
            return Ok(value.filter(|value| !value.is_empty() && value.chars().count() <= VALUE_MAX));
        }
        let Content::Person(person) = content else { return Ok(None) };
        let numbering = self.numbering_cached().await?;
        let mut readings = person.phones.iter().flat_map(|phone| numbering.read_all(&phone.raw));
        Ok(readings.find_map(|reading| reading.e164().map(str::to_owned)))
    }

    /// Withdraws what a source said before and says no more. True when what it says now is proposed already, by whomever.
    async fn withdraw_others(&self, unit: &mut Unit, said: &Said<'_>, agrees: bool) -> Result<bool, AppError> {
        let mut is_open = false;
        for mut open in self.store().open_proposals(said.person, said.field).await? {
            let is_same = fold(&open.new_value) == fold(&said.value);
            let is_own = open.evidence_kind == "import" && open.evidence_by == Some(said.source.uuid());
            if is_own && (agrees || !is_same) {
                open.state = "withdrawn".to_owned();
                unit.set_proposal(&open);
            } else {
                is_open |= is_same;
            }
        }
        Ok(is_open)
    }
}

impl Said<'_> {
    /// The same for the same person, field and value, whichever source says it and however often.
    fn id(&self) -> Uuid {
        let key = format!("{KEY}/{}/{}", self.field, fold(&self.value));
        Uuid::new_v5(&self.person.uuid(), key.as_bytes())
    }

    fn proposal(&self, id: Uuid, now: i64) -> Proposal {
        let (said, key) = ((self.field.to_owned(), self.value.clone()), format!("{KEY}/{id}"));
        Proposal {
            evidence_kind: "import".to_owned(),
            evidence_by: Some(self.source.uuid()),
            confidence: CONFIDENCE,
            ..Proposal::new(id, self.person, said, key, now)
        }
    }
}
