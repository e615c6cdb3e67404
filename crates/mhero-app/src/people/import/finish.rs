//! The end of a run: what was pending is read again, now that everything has arrived.

use std::collections::HashSet;

use mhero_core::{
    SourceRecordId,
    record::{Content, Reason},
};
use mhero_store::{KeptContent, RecordMark};
use uuid::Uuid;

use super::{UNIT_RECORDS, chunk::Chunk, run::Run};
use crate::AppError;

/// Kinds of entities in the order in which they need one another.
const KINDS: [&str; 5] = ["place", "person", "training", "position", "absence"];

/// Records that wait for something of which a run lists so many.
const WAITING_LISTED_MAX: usize = 100;

impl Run<'_> {
    /// Reads pending records of this and earlier runs again: places first, then people, then what they do.
    pub(crate) async fn finish(&mut self) -> Result<(), AppError> {
        for kind in KINDS {
            let held: Vec<KeptContent> =
                self.held.iter().filter(|(_, held)| *held == kind).map(|(kept, _)| kept.clone()).collect();
            let in_memory: HashSet<SourceRecordId> = held.iter().map(|kept| kept.id).collect();
            for part in held.chunks(UNIT_RECORDS) {
                self.read_again(part.to_vec()).await?;
            }
            let mut after = SourceRecordId::from_uuid(Uuid::nil());
            loop {
                let limit = i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX);
                let part = self.store_now().await?.pending_records(self.source.id, kind, after, limit).await?;
                let Some(last) = part.last() else { break };
                after = last.id;
                // A dry run has not stored what it settled or found changed.
                let is_current = |kept: &KeptContent| {
                    let is_pending = self.record(&kept.kind, &kept.ext_id).is_some_and(|mark| mark.pending);
                    !in_memory.contains(&kept.id) && (self.lease.is_some() || is_pending)
                };
                let part: Vec<KeptContent> = part.into_iter().filter(is_current).collect();
                self.read_again(part).await?;
            }
        }
        self.report.waiting = self.waiting.len() as u64;
        self.tell_waiting().await?;
        self.on_disk().await
    }

    /// Keeps with the run which records wait for something, the first of them.
    async fn tell_waiting(&mut self) -> Result<(), AppError> {
        if self.waiting.is_empty() || self.id.is_none() {
            return Ok(());
        }
        let waits = self.marks().filter(|mark| self.waiting.contains(&mark.id));
        let mut waiting: Vec<String> = waits.map(|mark| format!("{}/{}", mark.kind, mark.ext_id)).collect();
        waiting.sort_unstable();
        waiting.truncate(WAITING_LISTED_MAX);
        let told: Vec<_> = waiting.into_iter().map(|one| (one, Reason::plain("run-waits"))).collect();
        self.tell("waiting", &told).await
    }

    async fn read_again(&mut self, part: Vec<KeptContent>) -> Result<(), AppError> {
        let mut chunk = Chunk::at_the_end();
        for kept in part {
            // Reopened positions are pending in the store, and not yet here.
            let Some(mark) = self.record(&kept.kind, &kept.ext_id).map(|mark| mark.cloned()) else { continue };
            let before = RecordMark { pending: true, ..mark.clone() };
            chunk.settled.push(before);
            if let Ok(content) = serde_json::from_str::<Content>(&kept.content) {
                self.understand(&mut chunk, &mark, content, false);
            }
        }
        self.complete(chunk).await
    }
}
