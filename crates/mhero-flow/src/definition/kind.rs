//! What kind of flow it is, and what that allows.

use serde::{Deserialize, Serialize};

/// The kind of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowKind {
    /// Messages in and out.
    Messaging,
    /// Runs beside what the contact is in; never waits.
    MessagingBackground,
    /// Runs on a device without a network; never calls out.
    MessagingOffline,
    /// A telephone call.
    Voice,
}

impl FlowKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Messaging, Self::MessagingBackground, Self::MessagingOffline, Self::Voice];

    /// The word of the specification, e.g. `messaging_background`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Messaging => "messaging",
            Self::MessagingBackground => "messaging_background",
            Self::MessagingOffline => "messaging_offline",
            Self::Voice => "voice",
        }
    }

    /// The kind of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether a message wait may stand in such a flow.
    pub const fn allows_msg_wait(self) -> bool {
        !matches!(self, Self::MessagingBackground)
    }

    /// Whether a dial wait may stand in such a flow.
    pub const fn allows_dial_wait(self) -> bool {
        matches!(self, Self::Voice)
    }
}

/// In which kinds of flow an action may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionClass {
    /// Anywhere.
    Universal,
    /// Wherever there is a network.
    Online,
    /// Wherever the contact has written something.
    Interactive,
    /// In a call.
    Voice,
}

impl ActionClass {
    /// Whether such an action may stand in such a flow.
    pub const fn allowed_in(self, kind: FlowKind) -> bool {
        match self {
            Self::Universal => true,
            Self::Online => !matches!(kind, FlowKind::MessagingOffline),
            Self::Interactive => !matches!(kind, FlowKind::MessagingBackground),
            Self::Voice => matches!(kind, FlowKind::Voice),
        }
    }
}
