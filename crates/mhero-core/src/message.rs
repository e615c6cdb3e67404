//! Messages: which way, how urgent, how far.

use std::{fmt, str::FromStr};

/// A stored word that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {kind}: use one of {known}")]
pub struct UnknownWord {
    /// What the word should have been.
    pub kind: &'static str,
    /// What was found.
    pub word: String,
    /// The words there are.
    pub known: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident $kind:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands in the store, in JSON and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|x| x.as_str() == text).ok_or_else(|| UnknownWord {
                    kind: $kind,
                    word: text.chars().take(40).collect(),
                    known: Self::ALL.iter().map(|x| x.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// To a phone or from it.
    Direction "direction" { /// From a phone (MO).
        In = "in", /// To a phone (MT).
        Out = "out" }
}

words! {
    /// How urgent a message is. Urgent overtakes bulk; quiet hours hold `normal` and `bulk` only.
    Lane "lane" {
        /// A case alert or a national warning.
        Alert = "alert",
        /// The answer to somebody who has just written.
        Reply = "reply",
        /// A message to one person or a few.
        Normal = "normal",
        /// A broadcast.
        Bulk = "bulk",
    }
}

impl Lane {
    /// The number by which the store orders lanes: smaller goes first.
    pub const fn rank(self) -> i64 {
        match self {
            Self::Alert => 0,
            Self::Reply => 1,
            Self::Normal => 2,
            Self::Bulk => 3,
        }
    }

    /// The lane of a stored rank.
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|lane| lane.rank() == rank)
    }

    /// Whether quiet hours hold this lane.
    pub const fn is_held_by_quiet_hours(self) -> bool {
        matches!(self, Self::Normal | Self::Bulk)
    }

    /// What happens to a message of this lane whose outcome nobody knows.
    pub const fn uncertain_policy(self) -> UncertainPolicy {
        match self {
            Self::Alert | Self::Reply => UncertainPolicy::ResendAfterTwoMinutes,
            Self::Normal | Self::Bulk => UncertainPolicy::Ask,
        }
    }
}

words! {
    /// What to do when it can't be known whether a message left.
    UncertainPolicy "policy" {
        /// Send again when no report has come two minutes later.
        ResendAfterTwoMinutes = "resend",
        /// An official decides.
        Ask = "ask",
    }
}

words! {
    /// Where a message comes from.
    MessageKind "kind of message" {
        /// Written by a phone.
        Inbound = "inbound",
        /// One of a broadcast.
        Broadcast = "broadcast",
        /// An official's answer in a thread.
        Thread = "thread",
        /// Answered by the system: STOP, START, HELP, a keyword.
        Auto = "auto",
        /// Sent by a flow.
        Flow = "flow",
        /// Written or sent through another system beside us, and read back from it.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// How far an outbound message has got. It only ever moves forward, see [`MessageState::may_become`].
    MessageState "state" {
        /// In the outbox: not yet handed to a carrier.
        Waiting = "waiting",
        /// Being handed to a carrier just now.
        Submitting = "submitting",
        /// It can't be known whether the carrier took it.
        Uncertain = "uncertain",
        /// The carrier took it.
        Sent = "sent",
        /// The carrier reported that the phone has it.
        Delivered = "delivered",
        /// The carrier refused it, or reported failure.
        Failed = "failed",
        /// Taken back before it left.
        Cancelled = "cancelled",
        /// Never left: it was no longer worth sending when its turn came.
        Expired = "expired",
    }
}

impl MessageState {
    /// Whether a report or an attempt may move a message from here to `next`. A late report never moves a state back; a
    /// failed attempt returns to `waiting` only from `submitting`, where nothing has left.
    pub const fn may_become(self, next: Self) -> bool {
        use MessageState::{Cancelled, Delivered, Expired, Failed, Sent, Submitting, Uncertain, Waiting};
        matches!(
            (self, next),
            (Waiting, Submitting | Cancelled | Failed | Expired)
                | (Submitting, Waiting | Uncertain | Sent | Delivered | Failed)
                | (Uncertain, Submitting | Sent | Delivered | Failed | Cancelled)
                | (Sent, Delivered | Failed)
                | (Failed, Delivered)
        )
    }

    /// Whether nothing more is expected.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled | Self::Expired)
    }
}

words! {
    /// What became of an inbound message.
    InboundState "inbound state" {
        /// Handled: by STOP, a keyword, a flow or a thread.
        Handled = "handled",
        /// Looks like a copy of the one before; kept, not acted upon, an official can release it.
        SuspectedDouble = "suspected_double",
    }
}

words! {
    /// One attempt with one part.
    SubmissionState "submission state" {
        /// Written before the carrier was called.
        Submitting = "submitting",
        /// The carrier took it.
        Accepted = "accepted",
        /// The carrier refused it.
        Rejected = "rejected",
        /// It never left: no connection, throttled.
        NotSent = "not_sent",
        /// Nobody knows.
        Uncertain = "uncertain",
        /// Reported as on the phone.
        Delivered = "delivered",
        /// Reported as failed.
        Failed = "failed",
    }
}

words! {
    /// How long a text is kept.
    RetentionClass "retention class" {
        /// Ordinary conversation.
        Message = "message",
        /// Laboratory results.
        Lab = "lab",
        /// Case data, by surveillance law.
        Case = "case",
        /// What registries said before it changed, and what of it could not be taken.
        Registry = "registry",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_and_errors_list_them() {
        for lane in Lane::ALL {
            assert_eq!(lane.as_str().parse::<Lane>(), Ok(*lane));
            assert_eq!(Lane::from_rank(lane.rank()), Some(*lane));
        }
        let error = "urgent".parse::<Lane>().expect_err("no such lane");
        assert_eq!(error.to_string(), "\"urgent\" is no lane: use one of alert, reply, normal, bulk");
    }

    #[test]
    fn a_final_state_only_ever_learns_of_delivery() {
        for from in MessageState::ALL.iter().filter(|s| s.is_final()) {
            for to in MessageState::ALL {
                let allowed = from.may_become(*to);
                assert_eq!(allowed, *from == MessageState::Failed && *to == MessageState::Delivered, "{from} to {to}");
            }
        }
        assert!(!MessageState::Delivered.may_become(MessageState::Sent));
    }
}
