//! What carriers tell us by calling us: texts from phones, delivery reports.

use std::net::IpAddr;

use async_trait::async_trait;
use jiff::Timestamp;
use mhero_core::{SubmissionId, Urn};

use super::{Dialled, Report};

/// A call of a carrier, as HTTP brought it.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// What it is about: the last part of the path, such as `receive` or `status`.
    pub action: &'a str,
    /// From where it came.
    pub from: IpAddr,
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The query of the address, as written.
    pub query: &'a str,
    /// The body as it came, over which carriers sign.
    pub body: &'a [u8],
    /// The headers that are text, names in small letters.
    pub headers: &'a [(&'a str, &'a str)],
}

impl<'a> Call<'a> {
    /// The first header of this name, given in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The body where it is a form, else nothing. Without a type it counts as one: simple gateways say none.
    #[must_use]
    pub fn form(&self) -> &'a [u8] {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") { self.body } else { b"" }
    }
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
    /// What it tells us, in its order. Each must be one that may come again, since the whole call comes again where one of
    /// them could not be stored.
    pub events: Vec<CarrierEvent>,
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
    /// Somebody wrote by a chat. Who that is stands in an address that is no phone number.
    Chat {
        /// The carrier's own id, which decides what is a duplicate.
        carrier_id: Option<String>,
        /// The sender.
        from: Urn,
        /// The text.
        text: String,
    },
    /// Somebody has opened a chat with us, or opened it again: they want to hear from us.
    Began {
        /// Who.
        from: Urn,
    },
    /// Somebody at a chat has shown, as the carrier vouches for, that this phone number is theirs.
    Proved {
        /// Who.
        from: Urn,
        /// The number as the carrier gives it.
        phone: String,
    },
    /// A phone rang and was not taken.
    MissedCall {
        /// The carrier's own id, which decides what is a duplicate.
        carrier_id: Option<String>,
        /// The caller as the carrier gives it.
        from: String,
    },
    /// A phone wrote a text that comes in several pieces.
    ReceivedPiece {
        /// The sender as the carrier gives it.
        from: String,
        /// The piece.
        piece: Piece,
    },
    /// A carrier took a part after all, whose answer was no longer waited for.
    TakenLate {
        /// What was submitted.
        submission: SubmissionId,
        /// The carrier's id.
        carrier_id: Option<String>,
    },
    /// A delivery report by the carrier's own id, which may be spelt otherwise than at submission.
    ReportSpelt {
        /// The id in every notation that may have been meant, as given here first.
        carrier_ids: Vec<String>,
        /// Both numbers of the report as the carrier gives them, one of which is the phone: an id counts only for a message to it.
        numbers: [String; 2],
        /// What became of it.
        report: Report,
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
    /// The owner of a phone has told the carrier that they want nothing from us. Here that counts as STOP for everything.
    Stopped {
        /// The phone as the carrier gives it.
        from: String,
    },
    /// A phone has dialled a code, or answered what it then saw: it waits for a screen. Alone in its call.
    Dialled(Box<Dialled>),
    /// Nothing that we keep.
    Nothing,
}

/// A piece of a text that was too long for one short message.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which text of its sender; the same for all pieces of it, and again for another text much later.
    pub reference: u16,
    /// Of how many pieces, at least 2.
    pub parts: u8,
    /// Which one, from 1.
    pub number: u8,
    /// Its letters as UTF-16: one outside the basic plane may be cut in two.
    pub units: Vec<u16>,
}

/// Takes what a carrier tells us on a line that is held open.
#[async_trait]
pub trait Ear: Send + Sync {
    /// Makes it durable. The carrier may be told that it was taken only when this returns `Ok`.
    ///
    /// # Errors
    /// Whether it is to come again.
    async fn hear(&self, event: &CarrierEvent) -> Result<(), Unheard>;

    /// Notes that the line is there: what waits may leave.
    fn ready(&self);
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// It could not be written to disk just now: it is to come again.
    Later,
    /// It can't be taken, now or ever.
    Never,
}

impl std::fmt::Debug for CarrierEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // Numbers and texts stay out of logs.
            Self::Received { at, .. } => f.debug_struct("Received").field("at", at).finish_non_exhaustive(),
            Self::Report { carrier_id, report } => {
                f.debug_struct("Report").field("carrier_id", carrier_id).field("report", report).finish()
            }
            Self::ReceivedPiece { piece, .. } => {
                let Piece { number, parts, .. } = piece;
                f.debug_struct("ReceivedPiece").field("number", number).field("parts", parts).finish_non_exhaustive()
            }
            Self::TakenLate { submission, .. } => {
                f.debug_struct("TakenLate").field("submission", submission).finish_non_exhaustive()
            }
            Self::ReportSpelt { carrier_ids, report, .. } => f
                .debug_struct("ReportSpelt")
                .field("carrier_ids", carrier_ids)
                .field("report", report)
                .finish_non_exhaustive(),
            Self::ReportOn { submission, report } => {
                f.debug_struct("ReportOn").field("submission", submission).field("report", report).finish()
            }
            Self::Left { submission } => f.debug_struct("Left").field("submission", submission).finish(),
            Self::Stopped { .. } => f.debug_struct("Stopped").finish_non_exhaustive(),
            Self::Chat { .. } => f.debug_struct("Chat").finish_non_exhaustive(),
            Self::Began { .. } => f.debug_struct("Began").finish_non_exhaustive(),
            Self::Proved { .. } => f.debug_struct("Proved").finish_non_exhaustive(),
            Self::MissedCall { .. } => f.debug_struct("MissedCall").finish_non_exhaustive(),
            Self::Dialled(_) => f.debug_struct("Dialled").finish_non_exhaustive(),
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
    /// Its signature does not fit, or is too old: somebody else may have made it, or sent it again.
    #[error("the signature is missing, wrong or too old: check the channel's secret and its address")]
    Forged,
    /// Something is missing or can't be read.
    #[error("{0}")]
    Unreadable(&'static str),
    /// It could not be written to disk: the carrier is to call again.
    #[error("it could not be stored just now: call again")]
    Later,
}
