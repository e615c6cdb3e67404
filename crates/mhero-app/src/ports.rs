//! The ports that edges implement.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_core::{ChannelId, Lane, Lang, MessageId, SubmissionId, Urn, record::Reason};
use tokio::sync::watch;

use crate::{App, AppError};

mod backend;
mod callback;
mod dialled;
mod field;
mod keeper;
mod registry;
mod reports;
mod shelf;
mod witness;

pub use backend::{Backend, BackendAsk, BackendError, BackendItem, BackendList, BackendPage, BackendTook, BackendWhat};
pub use callback::{Call, CallRefused, CarrierEvent, Ear, Piece, Taken, Unheard};
pub use dialled::{Dialled, Said, Screen, ScreenRules};
pub use field::{Field, Shape};
pub use keeper::{Keeper, OutField, PersonOut, Standing, Subscribed, Teller, WriteOutError, WroteOut};
pub use registry::{
    Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings, Target, ValueChange,
};
pub use reports::{Delivered, Delivery, ReportTaker};
pub use shelf::{BroughtFile, UploadShelf};
pub use witness::{CallEnd, CallMade, Journey, Witness};

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
    /// The language that it is written in, for carriers that ask ([`Carrier::asks_heard`]).
    pub language: Option<Lang>,
    /// When its address last wrote by this channel, for carriers that ask, where that was lately.
    pub heard_at: Option<Timestamp>,
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
    /// It refused it because the phone's owner has told the carrier that they want nothing from us. Here that counts as STOP.
    Stopped {
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
    /// The carrier cuts what is not longer than so many letters; longer texts we cut, at words, one submission a piece.
    Within(usize),
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

    /// Whether it carries some texts only to those who wrote a short while ago, so that it must be told when that was.
    fn asks_heard(&self) -> bool {
        false
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

    /// Whether nothing can leave by it just now, so that what waits may go by another one. Trouble that still lets messages leave, a
    /// low battery say, is none.
    fn is_away(&self) -> bool {
        self.trouble().is_some()
    }

    /// Hands over one part. Must not repeat by itself: mHero counts attempts.
    async fn submit(&self, outgoing: &Outgoing) -> Outcome;

    /// The same, asking the operator to keep the part for no longer than `valid_for` where the driver can say so; `None`: as long as
    /// the channel's settings say.
    async fn submit_within(&self, part: &Outgoing, valid_for: Option<SignedDuration>) -> Outcome {
        let _ = valid_for;
        self.submit(part).await
    }

    /// Takes a message back that it took, where its service can: what somebody has not read is gone from their chat. `carrier_id` is
    /// the carrier's own. Returns whether it is gone.
    async fn withdraw(&self, _to: &Urn, _carrier_id: &str) -> bool {
        false
    }

    /// Whether a line must be held open, for what comes and what leaves: SMPP binds, long polling.
    fn is_held(&self) -> bool {
        false
    }

    /// Holds the line, and makes it again when it breaks, until `closing` turns true; then closes it in good order. One node
    /// does so at a time. What comes goes to `ear`, and is acknowledged only when that says so.
    async fn hold(&self, _ear: Arc<dyn Ear>, mut closing: watch::Receiver<bool>) {
        // Whoever would close it may be gone.
        let _ = closing.wait_for(|is_closing| *is_closing).await;
    }

    /// Looks whether it works, without sending anything. What was found that is not as it should be, but keeps nothing from
    /// being sent, comes back as remarks.
    ///
    /// # Errors
    /// What keeps messages from leaving, in words for an administrator.
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    /// What an administrator should know about it just now beside its trouble, a sentence each: the battery of a phone, say.
    async fn facts(&self) -> Vec<Reason> {
        Vec::new()
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

    /// Writes a screen as the network wants it that called for a phone which dialled.
    fn screen(&self, screen: &Screen) -> Taken {
        Taken { events: Vec::new(), content_type: "text/plain; charset=utf-8", body: screen.text.clone() }
    }
}

/// Whom the channels of a kind reach by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Any phone, by its number.
    Phones,
    /// Phones that have dialled, on the screen that they wait for: everything else goes by SMS.
    Dialling,
    /// Addresses of this scheme. A message to somebody's phone number goes to their address instead.
    Addresses(&'static str),
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

/// Longest that a call at a driver's own address may wait for its answer, in seconds: phones ask again when nothing came.
pub const GREETING_SECONDS_MAX: u64 = 60;

/// What is answered at a driver's own address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The status of HTTP.
    pub status: u16,
    /// The answer, JSON.
    pub body: String,
}

/// A kind of channel: one driver a file in `mhero-channels`.
#[async_trait]
pub trait Driver: Send + Sync {
    /// The KIND of `mhero channel add`.
    fn kind(&self) -> &'static str;

    /// Keys that `channel add` understands, which of them are secrets.
    fn keys(&self) -> &'static [(&'static str, bool)];

    /// Whether further keys are taken, which the settings themselves name: those of an operator's own template. They count as
    /// secrets.
    fn takes_other_keys(&self) -> bool {
        false
    }

    /// Under which name carriers of this kind call us, `/c/NAME/CHANNEL/…`; none where they never do.
    fn route(&self) -> Option<&'static str> {
        None
    }

    /// The scheme of the accounts that it reaches, `telegram`, where it is a chat; none where it reaches phones.
    fn chat(&self) -> Option<&'static str> {
        None
    }

    /// Whom carriers of this kind reach by themselves.
    fn reach(&self) -> Reach {
        Reach::Phones
    }

    /// What may be set, for a page that asks for it. Its keys are those of [`Driver::keys`].
    fn fields(&self) -> Vec<Field> {
        self.keys().iter().map(|key| Field::of(*key)).collect()
    }

    /// Answers a call at the driver's own address, which is of no channel before it is read: an app on a phone that asks what is
    /// to be sent. `path` is what follows that address. May take as long as [`GREETING_SECONDS_MAX`].
    async fn greeted(&self, _app: &App, _path: &str, _call: &Call<'_>) -> Result<Greeting, CallRefused> {
        Err(CallRefused::Unknown)
    }

    /// Builds the carrier of a channel.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong.
    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError>;
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

    /// As [`Self::perform`], but an answer that sends the call to another place is the answer: what was told to a log-in page has
    /// not arrived.
    async fn tell(&self, key: &str, request: &mhero_flow::effects::Request) -> EffectOutcome {
        self.perform(key, request).await
    }

    /// Where an address leads by the rules as they are. Whoever connects to it judges again what its name means by then.
    async fn judge(&self, _url: &str) -> Leads {
        Leads::Outside
    }
}

/// Where an address of the web leads by the rules of this installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Nowhere: no call is let out there, or it is no address.
    Nowhere,
    /// To a host of the installation's own networks that the rules name.
    Inside,
    /// To the public internet, or to a name that means nothing yet.
    Outside,
}

/// The texts that mHero itself sends to phones, by language: `locales/*/sms.ftl`.
pub trait Words: Send + Sync {
    /// The text of a key; variables are inserted. Falls back to English.
    fn say(&self, language: Lang, key: &str, args: &[(&'static str, String)]) -> String;
}
