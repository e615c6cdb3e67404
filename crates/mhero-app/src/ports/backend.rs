//! What an instance of RapidPro implements that a country keeps as a back end: flows start there, and what came of them is read back.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_core::{Lang, record::Reason};
use mhero_wire::rapidpro::{BackContact, BackFlow, BackMessage, BackRun};
use uuid::Uuid;

/// What is asked of a back end, once.
#[derive(Clone, PartialEq)]
pub struct BackendAsk {
    /// Ours, the same for each attempt: where the back end has room for it, it is found by it.
    pub reference: Uuid,
    /// The contacts there, a hundred at most.
    pub contacts: Vec<String>,
    /// What.
    pub what: BackendWhat,
}

/// What is done for the contacts of a [`BackendAsk`].
#[derive(Clone, PartialEq)]
pub enum BackendWhat {
    /// A flow of its own is started.
    Start {
        /// The flow there.
        flow: String,
        /// What the flow finds as parameters, beside our reference.
        params: Option<serde_json::Value>,
    },
    /// A text is sent, in each of some languages.
    Text(Vec<(Lang, String)>),
}

impl std::fmt::Debug for BackendAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackendAsk").field("reference", &self.reference).finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendTook {
    /// It took it, under an id of its own.
    Taken {
        /// The id.
        id: String,
    },
    /// It refuses it, and will again.
    Refused {
        /// Why.
        reason: Reason,
    },
    /// It never left, or it says to come back: nothing was done.
    NotSent {
        /// Why.
        reason: Reason,
        /// Not before so long has gone.
        after: Option<SignedDuration>,
    },
    /// Nobody knows: it must be looked up before it is asked again.
    Unknown {
        /// What happened.
        reason: Reason,
    },
}

/// Why something was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// Nobody answers, or the answer says to come back.
    #[error("the back end does not answer now ({})", .reason.key)]
    Down {
        /// Why.
        reason: Reason,
        /// Not before so long has gone.
        after: Option<SignedDuration>,
    },
    /// It refuses: somebody must mend the settings, or what was asked for is no more.
    #[error("the back end refuses ({})", .reason.key)]
    Refused {
        /// Why.
        reason: Reason,
    },
}

impl BackendError {
    /// Why.
    pub const fn reason(&self) -> &Reason {
        match self {
            Self::Down { reason, .. } | Self::Refused { reason } => reason,
        }
    }
}

/// A list that is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendList {
    /// Contacts that changed, the oldest change first.
    Contacts,
    /// Messages that were made, the newest first.
    Messages,
    /// Runs that changed, the oldest change first.
    Runs,
}

impl BackendList {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Messages => "messages",
            Self::Runs => "runs",
        }
    }
}

/// One object that was read back.
#[derive(Clone, Debug, PartialEq)]
pub enum BackendItem {
    /// A contact.
    Contact(BackContact),
    /// A message.
    Message(BackMessage),
    /// A run.
    Run(BackRun),
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BackendPage {
    /// What could be read of it.
    pub items: Vec<BackendItem>,
    /// How many objects could not be read.
    pub unread: u64,
    /// Where the next page is; `None` after the last.
    pub next: Option<String>,
}

/// A back end. None of its calls repeats by itself what changes something there.
#[async_trait]
pub trait Backend: Send + Sync {
    /// All flows there.
    ///
    /// # Errors
    /// [`BackendError`].
    async fn flows(&self) -> Result<Vec<BackFlow>, BackendError>;

    /// Asks it to start a flow or to send a text.
    async fn ask(&self, ask: &BackendAsk) -> BackendTook;

    /// Looks whether it took something whose answer was lost: ids of what may be it, made since an instant by its own clock. A start
    /// is found by our reference; a text by contacts and words.
    ///
    /// # Errors
    /// [`BackendError`]: then still nobody knows.
    async fn find(&self, ask: &BackendAsk, since: Timestamp) -> Result<Vec<String>, BackendError>;

    /// A page of a list: from an instant on, or where an earlier page said that the next is.
    ///
    /// # Errors
    /// [`BackendError`].
    async fn read(
        &self,
        list: BackendList,
        after: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<BackendPage, BackendError>;

    /// One contact.
    ///
    /// # Errors
    /// [`BackendError`].
    async fn contact(&self, id: &str) -> Result<Option<BackContact>, BackendError>;
}
