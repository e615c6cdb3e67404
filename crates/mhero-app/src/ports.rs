//! The ports that edges implement.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_core::{
    ChannelId, MessageId, SubmissionId, Urn,
    record::{Record, Rejection},
};

use crate::{App, AppError};

/// One part of one message on its way to a carrier.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// This attempt with this part.
    pub submission: SubmissionId,
    /// The message; parts of one message share it.
    pub message: MessageId,
    /// To whom.
    pub to: Urn,
    /// The sender to show, where the channel can choose.
    pub sender: Option<String>,
    /// The text of this part.
    pub text: String,
    /// Which part, from 1.
    pub part: i64,
    /// Of how many.
    pub parts: i64,
}

/// What a carrier said to a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It took it, perhaps with its own id, to which reports will refer.
    Accepted {
        /// The carrier's id.
        carrier_id: Option<String>,
    },
    /// It refused it, and will again.
    Refused {
        /// The carrier's code or words, without number or text.
        reason: String,
    },
    /// It never left: no connection, throttled, busy. Try again.
    NotSent {
        /// Why.
        reason: String,
        /// Not before this time.
        retry_after: Option<SignedDuration>,
    },
    /// It can't be known whether the carrier took it.
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// How a carrier wants long texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// We cut, one submission a part.
    Split,
    /// The carrier cuts, one submission.
    Whole,
}

/// What a carrier tells us.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// A delivery report.
    Report {
        /// The id that the carrier gave at submission.
        carrier_id: String,
        /// What became of it.
        report: Report,
    },
}

/// What a delivery report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The phone has it.
    Delivered,
    /// It failed for good.
    Failed {
        /// The carrier's code or words.
        reason: String,
    },
}

/// One way to reach phones.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// How long texts go.
    fn parts(&self) -> Parts {
        Parts::Split
    }

    /// Hands over one part. Must not repeat by itself: mHero counts attempts.
    async fn submit(&self, outgoing: &Outgoing) -> Outcome;
}

/// A channel as configured, for the driver that builds its carrier.
#[derive(Clone)]
pub struct ChannelSettings {
    /// The channel.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// Settings by key, as given to `mhero channel add`.
    pub config: std::collections::BTreeMap<String, String>,
}

impl std::fmt::Debug for ChannelSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Settings may hold passwords.
        f.debug_struct("ChannelSettings").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A kind of channel: one driver a file in `mhero-channels`.
pub trait Driver: Send + Sync {
    /// The KIND of `mhero channel add`.
    fn kind(&self) -> &'static str;

    /// Keys that `channel add` understands, which of them are secrets.
    fn keys(&self) -> &'static [(&'static str, bool)];

    /// Builds the carrier of a channel.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong.
    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError>;
}

/// A registry that can be pulled since a watermark.
#[async_trait]
pub trait Registry: Send + Sync {
    /// Pulls what changed since the watermark; returns the records and the next watermark.
    async fn pull(&self, watermark: Option<&str>)
    -> Result<(Vec<Result<Record, Rejection>>, Option<String>), AppError>;
}

/// The texts that mHero itself sends to phones, by language: `locales/*/sms.ftl`.
pub trait Words: Send + Sync {
    /// The text of a key; variables are inserted. Falls back to English.
    fn say(&self, language: mhero_core::Lang, key: &str, args: &[(&'static str, String)]) -> String;
}
