//! What a simulated phone makes of a message: a port, so that the application need not know the synthetic country.

use jiff::SignedDuration;
use mhero_core::{MessageId, MessageKind};

use crate::ports::Report;

/// A message, or the parts of it that have come so far, at a simulated phone.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// The phone, E.164.
    pub path: &'a str,
    /// The words of all parts that are there.
    pub text: &'a str,
    /// Where the message comes from.
    pub kind: MessageKind,
    /// The message; one message always makes one reaction.
    pub message: MessageId,
}

/// Never the number or the text.
impl std::fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("message", &self.message).finish_non_exhaustive()
    }
}

/// What becomes of a part. Durations count from when the network took it.
#[derive(Clone, PartialEq, Eq)]
pub struct Reaction {
    /// When the phone shows it; `None`: never.
    pub shown_after: Option<SignedDuration>,
    /// What the operator reports, and when; `None`: no report ever comes.
    pub report: Option<(SignedDuration, Report)>,
    /// What the owner writes back, and when. Heeded only once all parts are there.
    pub answer: Option<(SignedDuration, String)>,
}

impl std::fmt::Debug for Reaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let answers_after = self.answer.as_ref().map(|(after, _)| after);
        f.debug_struct("Reaction")
            .field("shown_after", &self.shown_after)
            .field("report", &self.report)
            .field("answers_after", &answers_after)
            .finish()
    }
}

impl Reaction {
    /// The phone shows it at once, the operator says so after a time, and nobody answers.
    pub const fn delivered(report_after: SignedDuration) -> Self {
        Self { shown_after: Some(SignedDuration::ZERO), report: Some((report_after, Report::Delivered)), answer: None }
    }
}

/// What the phones of a channel are like.
pub trait Behaviour: Send + Sync {
    /// What one phone makes of one message.
    fn react(&self, incoming: &Incoming<'_>) -> Reaction;
}

/// Who answers for one phone, beside what the phones of its channel are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneMode {
    /// A person holds it: it shows everything at once, and only that person answers.
    ByHand,
    /// As the channel's phones do.
    ByItself,
    /// It shows everything at once, and nobody answers.
    Silent,
}

impl PhoneMode {
    /// Every mode.
    pub const ALL: &'static [Self] = &[Self::ByHand, Self::ByItself, Self::Silent];

    /// The word that stands in the store and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByHand => "hand",
            Self::ByItself => "itself",
            Self::Silent => "silent",
        }
    }
}

impl std::str::FromStr for PhoneMode {
    type Err = mhero_core::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|mode| mode.as_str() == word).ok_or_else(|| mhero_core::UnknownWord {
            kind: "mode of a phone",
            word: word.chars().take(40).collect(),
            known: Self::ALL.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}
