//! The ports that edges implement.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_core::{
    ChannelId, Lane, MessageId, SubmissionId, Urn,
    record::{Reason, Record, Rejection},
};

use crate::{App, AppError};

mod callback;

pub use callback::{Call, CallRefused, CarrierEvent, Taken};

/// One part of one message on its way to a carrier.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// This attempt with this part.
    pub submission: SubmissionId,
    /// The message; parts of one message share it.
    pub message: MessageId,
    /// How urgent it is.
    pub lane: Lane,
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

/// Submissions that a carrier can carry at a time, unless it says otherwise.
const ROOM: usize = 50;

/// One way to reach phones.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// How long texts go.
    fn parts(&self) -> Parts {
        Parts::Split
    }

    /// How many submissions it can carry at a time just now; 0 while it rests after a failure that is not the message's, such as
    /// a gateway that is down. What waits then stays untouched in the outbox.
    fn room(&self) -> usize {
        ROOM
    }

    /// What is wrong with it just now, in words for an administrator.
    fn trouble(&self) -> Option<Reason> {
        None
    }

    /// Hands over one part. Must not repeat by itself: mHero counts attempts.
    async fn submit(&self, outgoing: &Outgoing) -> Outcome;

    /// Looks whether it works, without sending anything. What was found that is not as it should be, but keeps nothing from
    /// being sent, comes back as remarks.
    ///
    /// # Errors
    /// What keeps messages from leaving, in words for an administrator.
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    /// The addresses that the carrier is to call, with the name under which its own manual knows each.
    fn addresses(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Reads what the carrier called us with.
    ///
    /// # Errors
    /// Why it can't be taken.
    fn called(&self, _call: &Call<'_>) -> Result<Taken, CallRefused> {
        Err(CallRefused::Unknown)
    }
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

    /// Under which name carriers of this kind call us, `/c/NAME/CHANNEL/…`; none where they never do.
    fn route(&self) -> Option<&'static str> {
        None
    }

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

/// How an outside call of a flow went.
#[derive(Clone, Debug)]
pub enum EffectOutcome {
    /// The other side answered, with whatever it said.
    Done {
        /// What the flow goes on with.
        answer: mhero_flow::effects::EffectAnswer,
        /// The status of an HTTP answer, for the list of calls.
        status: Option<i64>,
    },
    /// It never left. Try again.
    NotSent {
        /// Why.
        reason: String,
    },
    /// The rules of this installation, or what is set up, do not let it out.
    Refused {
        /// Why, for whoever reads the list of calls.
        reason: String,
    },
    /// It may have been heard: nobody knows.
    Unknown {
        /// What happened.
        reason: String,
    },
}

/// Performs the outside calls that flows ask for: web hooks, mail, airtime, language models.
#[async_trait]
pub trait Effector: Send + Sync {
    /// Performs one call, within a bounded time. `key` is the same for each attempt at the same call, so that a peer that
    /// knows of such keys never does it twice. Must not repeat by itself.
    async fn perform(&self, key: &str, request: &mhero_flow::effects::Request) -> EffectOutcome;
}

/// The texts that mHero itself sends to phones, by language: `locales/*/sms.ftl`.
pub trait Words: Send + Sync {
    /// The text of a key; variables are inserted. Falls back to English.
    fn say(&self, language: mhero_core::Lang, key: &str, args: &[(&'static str, String)]) -> String;
}
