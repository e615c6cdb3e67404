//! Where a connector's pages go: into the import, but for what would take people or places away, which waits until all is known.

use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use mhero_core::{
    SourceRecordId,
    record::{Reason, Record, Rejection},
};

use mhero_store::SourceStop;

use super::{guard::Heads, reasons::words_of};
use crate::{
    AppError,
    people::{
        Progress,
        import::{Marked, Run, UNIT_RECORDS, is_inactive, said_of_stops},
    },
    ports::PullSink,
};

/// Most words of refused records that are remembered; beyond, nothing is taken for missing.
const WORDS_MAX: usize = 1_000_000;
/// Most remarks of a connector that are kept.
const REMARKS_MAX: usize = 200;

/// Records that are listed in a question.
pub(super) const ASKED_LISTED_MAX: usize = 100;

/// The sink of one run.
pub(super) struct Sink<'r, 'a> {
    run: &'r mut Run<'a>,
    progress: Option<Progress>,
    /// What was there when the run began.
    pub(super) there: Heads,
    percent: f64,
    allow_removals: bool,
    /// Records that now say that somebody has left or a place is closed.
    held: Vec<Record>,
    left: HashSet<SourceRecordId>,
    /// Kind and id of the first of them.
    left_listed: Vec<(String, String)>,
    /// How many they are.
    leaving: Heads,
    /// Kind and id of records that the source has removed.
    removed: BTreeSet<(String, String)>,
    /// Words of refused records: a known record that comes damaged has not gone.
    words: BTreeSet<String>,
    /// Whether refused records can't be known again.
    is_blind: bool,
    /// The numbers that the source said were stopped, once that was read.
    stops: Option<BTreeSet<SourceStop>>,
    /// What the connector has to say.
    pub(super) remarks: Vec<Reason>,
}

/// What a pull would take away.
#[derive(Default)]
pub(super) struct Leaving {
    /// Records that say that somebody has left or a place is closed.
    pub(super) held: Vec<Record>,
    /// Kind and id of the first of those.
    pub(super) left: Vec<(String, String)>,
    /// Kind and id of records that the source no longer has.
    pub(super) gone: Vec<(String, String)>,
    /// How many people and places all that concerns.
    pub(super) lost: Heads,
}

impl<'r, 'a> Sink<'r, 'a> {
    pub(super) fn new(run: &'r mut Run<'a>, percent: f64, allow_removals: bool, progress: Option<Progress>) -> Self {
        let there = Heads::current(run.marks());
        Self {
            run,
            progress,
            there,
            percent,
            allow_removals,
            held: Vec::new(),
            left: HashSet::new(),
            left_listed: Vec::new(),
            leaving: Heads::default(),
            removed: BTreeSet::new(),
            words: BTreeSet::new(),
            is_blind: false,
            stops: None,
            remarks: Vec::new(),
        }
    }

    /// Keeps a record back that would take somebody away; gives every other one back.
    fn hold_back(&mut self, record: Record) -> Option<Record> {
        if self.allow_removals || !is_inactive(&record.content) {
            return Some(record);
        }
        let Some(mark) = self.run.record(&record.kind, &record.id).filter(|mark| !mark.gone && !mark.inactive) else {
            return Some(record);
        };
        if self.left.insert(mark.id) {
            self.leaving.add(&mark);
            if self.left_listed.len() < ASKED_LISTED_MAX {
                self.left_listed.push((mark.kind.to_owned(), mark.ext_id.to_owned()));
            }
        }
        if self.there.loses_too_much(self.leaving, self.percent) {
            // It is asked anyway, and what was held comes again with the next run.
            self.held = Vec::new();
        } else {
            self.held.push(record);
        }
        None
    }

    fn remember(&mut self, refused: &Rejection) {
        words_of(&refused.raw, &mut self.words);
        self.is_blind |= refused.raw.is_empty() || self.words.len() > WORDS_MAX;
    }

    async fn pass_on(&mut self, part: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        let said = said_of_stops(&part);
        self.run.take(part).await?;
        self.run.hear_stops(said, &mut self.stops).await?;
        if let Some(progress) = &self.progress {
            progress(&self.run.report);
        }
        Ok(())
    }

    /// What the pull would take away, once all of it has come. `whole`: every record that the source holds was told.
    pub(super) fn leaving(mut self, whole: bool) -> (Leaving, Vec<Reason>) {
        let mut gone: BTreeSet<(String, String)> = std::mem::take(&mut self.removed);
        if whole && self.is_blind {
            self.remarks.push(Reason::plain("sync-missing-untold"));
        } else if whole {
            let is_missing = |mark: &Marked<'_>| {
                !self.run.seen.contains(&mark.id) && !self.left.contains(&mark.id) && !self.words.contains(mark.ext_id)
            };
            gone.extend(self.run.marks().filter(is_missing).map(|mark| (mark.kind.to_owned(), mark.ext_id.to_owned())));
        }
        gone.retain(|(kind, id)| self.run.record(kind, id).is_some_and(|mark| !mark.gone));
        let mut lost = self.leaving;
        for (kind, id) in &gone {
            if let Some(mark) = self.run.record(kind, id).filter(|mark| !self.left.contains(&mark.id)) {
                lost.add(&mark);
            }
        }
        let leaving = Leaving { held: self.held, left: self.left_listed, gone: gone.into_iter().collect(), lost };
        (leaving, self.remarks)
    }
}

#[async_trait]
impl PullSink for Sink<'_, '_> {
    async fn take(&mut self, page: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        let mut part = Vec::with_capacity(page.len().min(UNIT_RECORDS));
        for verdict in page {
            match verdict {
                Ok(record) => part.extend(self.hold_back(record).map(Ok)),
                Err(refused) => {
                    self.remember(&refused);
                    part.push(Err(refused));
                }
            }
            if part.len() == UNIT_RECORDS {
                self.pass_on(std::mem::take(&mut part)).await?;
            }
        }
        if part.is_empty() { Ok(()) } else { self.pass_on(part).await }
    }

    async fn removed(&mut self, kind: &str, id: &str) -> Result<(), AppError> {
        // One that is not known needs no place: a registry may tell of millions.
        if self.run.record(kind, id).is_some_and(|mark| !mark.gone) {
            self.removed.insert((kind.to_owned(), id.to_owned()));
        }
        Ok(())
    }

    fn remark(&mut self, remark: Reason) {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(remark);
        }
    }
}
