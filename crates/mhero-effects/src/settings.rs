//! What an administrator sets about outside calls.

use std::{fmt, time::Duration};

/// How long a connection may take to come about, unless set.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long one call may take from its beginning to the end of its answer, unless set.
const WHOLE_LIMIT: Duration = Duration::from_secs(15);

/// Why outside calls can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum EffectsError {
    /// An entry of a list is neither a host's name nor a network.
    #[error("{text:?} is neither the name of a host nor a network such as 10.1.0.0/16")]
    Entry {
        /// The entry.
        text: String,
    },
    /// The address that mails come from is none.
    #[error("{text:?} is no address that mails can come from")]
    From {
        /// What stands there.
        text: String,
    },
    /// The name of the mail server is none.
    #[error("no encrypted connection to the mail server can be set up: {detail}")]
    Mail {
        /// What the library says.
        detail: String,
    },
    /// The client for web hooks could not be made.
    #[error("no client for web hooks can be set up: {detail}")]
    Client {
        /// What the library says.
        detail: String,
    },
}

/// What an administrator sets about outside calls.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Hosts and networks that calls may reach although they are not public: names, addresses, networks such as `10.1.0.0/16`.
    pub allow_private: Vec<String>,
    /// Hosts, with all below them, and networks that no call may reach.
    pub deny: Vec<String>,
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long one call may take from its beginning to the end of its answer.
    pub whole: Duration,
    /// The server that sends mails; `None` where none is set up.
    pub mail: Option<MailSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { allow_private: Vec::new(), deny: Vec::new(), connect: CONNECT_LIMIT, whole: WHOLE_LIMIT, mail: None }
    }
}

/// The server that sends mails.
#[derive(Clone)]
pub struct MailSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The account; empty for none.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The address that mails come from, with or without a name: `Ministry of Health <mhero@health.example>`.
    pub from: String,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// It begins in clear and must become encrypted before anything is said, usually on port 587.
    StartTls,
    /// Encrypted from its beginning, usually on port 465.
    Tls,
    /// In clear: for a server on this machine only.
    None,
}
