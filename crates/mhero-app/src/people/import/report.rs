//! What an import did, in counts, and what people should know about single records.

use mhero_core::{
    ImportId,
    limits::IMPORT_PROBLEMS_MAX,
    record::{Problem, Reason, Rejection},
};
use mhero_store::RecordMark;

/// Most refused records that are kept to be written out, mended and imported again.
const REJECTIONS_KEPT_MAX: usize = 10_000;

/// Most verdicts on single records that are kept.
const ROWS_KEPT_MAX: usize = 10_000;

/// What became of a record. Records that came again as they were are only counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It came for the first time and made somebody or something new known.
    New,
    /// It came for the first time and is of somebody who was known from elsewhere.
    Matched,
    /// It came again with other content.
    Changed,
    /// Another record of the same run has its id.
    Duplicate,
    /// The source has it no longer.
    Removed,
    /// It could not come in.
    Rejected,
}

impl Verdict {
    /// The word in the store and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Matched => "matched",
            Self::Changed => "changed",
            Self::Duplicate => "duplicate",
            Self::Removed => "removed",
            Self::Rejected => "rejected",
        }
    }
}

/// The verdict on one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVerdict {
    /// Where the record stood.
    pub origin: String,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub id: String,
    /// What became of it.
    pub verdict: Verdict,
    /// By what it was joined to somebody known from elsewhere.
    pub matched_by: Option<String>,
}

/// What an import did. Every record counts as exactly one of created, updated, unchanged and rejected.
#[derive(Clone, Default)]
pub struct ImportReport {
    /// Records read.
    pub read: u64,
    /// Records that came for the first time.
    pub created: u64,
    /// Records that came again with other content.
    pub updated: u64,
    /// Records that came again as they were.
    pub unchanged: u64,
    /// Records that could not come in.
    pub rejected: u64,
    /// Parts of records that could not be used.
    pub warnings: u64,
    /// Records that refer to people or places which are not there yet. They are completed as soon as those arrive.
    pub waiting: u64,
    /// Of the created, those of people or places that were known from elsewhere.
    pub matched: u64,
    /// Records whose id another record of the same run has; they count among the others, too.
    pub duplicates: u64,
    /// Records that the source has no longer. They are not among those read.
    pub removed: u64,
    /// The run that this was, by which it can be looked at and undone; `None` for a dry run.
    pub run: Option<ImportId>,
    /// What became of single records, the first ten thousand of those that were not simply unchanged.
    pub rows: Vec<RowVerdict>,
    /// Warnings and refusals, the first thousand.
    pub problems: Vec<ImportProblem>,
    /// Refused records as received, the first ten thousand.
    pub rejections: Vec<Rejection>,
}

/// A warning or a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportProblem {
    /// Where the record stood: `staff.csv, row 12`.
    pub origin: String,
    /// The element, and what is wrong with it.
    pub problem: Problem,
    /// Whether the whole record was refused.
    pub is_refusal: bool,
}

/// Counts only: the rest quotes names and numbers.
impl std::fmt::Debug for ImportReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary().to_string())
    }
}

impl ImportReport {
    /// The counts, as they are kept with the run.
    pub fn summary(&self) -> serde_json::Value {
        serde_json::json!({
            "read": self.read, "created": self.created, "updated": self.updated, "unchanged": self.unchanged,
            "rejected": self.rejected, "warnings": self.warnings, "waiting": self.waiting,
            "matched": self.matched, "duplicates": self.duplicates, "removed": self.removed,
        })
    }

    pub(super) fn row(&mut self, mark: &RecordMark, verdict: Verdict, origin: &str, matched_by: Option<&str>) {
        if self.rows.len() < ROWS_KEPT_MAX {
            self.rows.push(RowVerdict {
                origin: origin.to_owned(),
                kind: mark.kind.clone(),
                id: mark.ext_id.clone(),
                verdict,
                matched_by: matched_by.map(ToOwned::to_owned),
            });
        }
    }

    pub(super) fn warn(&mut self, origin: &str, element: &str, reason: Reason) {
        self.warn_of(origin, Problem { element: element.to_owned(), reason });
    }

    pub(super) fn warn_of(&mut self, origin: &str, problem: Problem) {
        self.warnings += 1;
        self.keep(ImportProblem { origin: origin.to_owned(), problem, is_refusal: false });
    }

    pub(super) fn refuse(&mut self, rejection: Rejection) {
        self.rejected += 1;
        self.keep(ImportProblem {
            origin: rejection.origin.clone(),
            problem: rejection.problem.clone(),
            is_refusal: true,
        });
        if self.rejections.len() < REJECTIONS_KEPT_MAX {
            self.rejections.push(rejection);
        }
    }

    fn keep(&mut self, problem: ImportProblem) {
        if self.problems.len() < IMPORT_PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}
