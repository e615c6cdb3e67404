//! What carriers tell us by calling us: texts from phones, delivery reports.

use std::net::IpAddr;

use jiff::Timestamp;
use mhero_core::SubmissionId;

use super::Report;

/// A call of a carrier, as HTTP brought it.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What it is about: the last part of the path, `receive` or `status`.
    pub action: &'a str,
    /// From where it came.
    pub from: IpAddr,
    /// The query of the address, as written.
    pub query: &'a str,
    /// The body of a form, as written; empty without one.
    pub form: &'a [u8],
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The rest holds numbers, texts and secrets.
        f.debug_struct("Call").field("action", &self.action).finish_non_exhaustive()
    }
}

/// What a call says, and what the carrier wants to hear once it is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it tells us.
    pub event: CarrierEvent,
    /// The type of the answer.
    pub content_type: &'static str,
    /// The answer.
    pub body: String,
}

/// What a carrier tells us.
#[derive(Clone, PartialEq, Eq)]
pub enum CarrierEvent {
    /// A phone wrote.
    Received {
        /// The carrier's own id, which decides what is a duplicate.
        carrier_id: Option<String>,
        /// The sender as the carrier gives it.
        from: String,
        /// The text.
        text: String,
        /// When the carrier got it, if it says.
        at: Option<Timestamp>,
    },
    /// A delivery report by the carrier's own id.
    Report {
        /// The id that the carrier gave at submission.
        carrier_id: String,
        /// What became of it.
        report: Report,
    },
    /// A delivery report by our id.
    ReportOn {
        /// What was submitted.
        submission: SubmissionId,
        /// What became of it.
        report: Report,
    },
    /// The network has taken it; whether the phone gets it is not known yet. This ends doubts about whether it left.
    Left {
        /// What was submitted.
        submission: SubmissionId,
    },
    /// Nothing that we keep.
    Nothing,
}

impl std::fmt::Debug for CarrierEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // Numbers and texts stay out of logs.
            Self::Received { at, .. } => f.debug_struct("Received").field("at", at).finish_non_exhaustive(),
            Self::Report { carrier_id, report } => {
                f.debug_struct("Report").field("carrier_id", carrier_id).field("report", report).finish()
            }
            Self::ReportOn { submission, report } => {
                f.debug_struct("ReportOn").field("submission", submission).field("report", report).finish()
            }
            Self::Left { submission } => f.debug_struct("Left").field("submission", submission).finish(),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

/// Why a call can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallRefused {
    /// Nobody is called this way here.
    #[error("there is nothing at this address")]
    Unknown,
    /// It has not the secret of the channel, nor does it come from an address that is let in.
    #[error("the secret is missing or wrong: take the address that `mhero channel list` prints")]
    Forbidden,
    /// Something is missing or can't be read.
    #[error("{0}")]
    Unreadable(&'static str),
    /// It could not be written to disk: the carrier is to call again.
    #[error("it could not be stored just now: call again")]
    Later,
}
