//! The end of a run: what was pending is read again, now that everything has arrived.

use std::collections::HashSet;

use mhero_core::{SourceRecordId, record::Content};
use mhero_store::{KeptContent, RecordMark};
use uuid::Uuid;

use super::{UNIT_RECORDS, chunk::Chunk, run::Run};
use crate::AppError;

/// Kinds of entities in the order in which they need one another.
const KINDS: [&str; 4] = ["place", "person", "training", "position"];

impl Run<'_> {
    /// Reads pending records of this and earlier runs again: places first, then people, then what they do.
    pub(super) async fn finish(&mut self) -> Result<(), AppError> {
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
                let part = self.app.store().pending_records(self.source.id, kind, after, limit).await?;
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
        Ok(())
    }

    async fn read_again(&mut self, part: Vec<KeptContent>) -> Result<(), AppError> {
        let mut chunk = Chunk::at_the_end();
        for kept in part {
            // Reopened positions are pending in the store, and not yet here.
            let Some(mark) = self.record(&kept.kind, &kept.ext_id).cloned() else { continue };
            let before = RecordMark { pending: true, ..mark.clone() };
            chunk.settled.push(before);
            if let Ok(content) = serde_json::from_str::<Content>(&kept.content) {
                self.understand(&mut chunk, &mark, content, false);
            }
        }
        self.complete(chunk).await
    }
}
