//! Whole exports of RapidPro: flows, groups, fields, triggers and campaigns in, with a report; and out again, so that nobody is
//! locked in.

mod export;
mod import;
mod things;

pub use import::{ExportReport, Imported, ImportedKind, ImportedOutcome};
