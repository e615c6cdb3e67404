//! Phones that dial a code: what the network brings of them, and the screen that it wants back at once.

use jiff::SignedDuration;

/// A call of a network about one dialogue with a phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Dialled {
    /// The network's own name for the dialogue.
    pub session: String,
    /// The phone as the network gives it.
    pub from: String,
    /// What was typed.
    pub said: Said,
    /// How the channel is to answer.
    pub rules: ScreenRules,
}

impl std::fmt::Debug for Dialled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Numbers and texts stay out of logs.
        f.debug_struct("Dialled").finish_non_exhaustive()
    }
}

/// What the network says was typed.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    /// All since the code was dialled, with `*` between; empty at first.
    All(String),
    /// The last alone; empty at first.
    Last {
        /// What was typed.
        text: String,
        /// The network's id of this call, which is the same when it comes again.
        id: Option<String>,
    },
    /// The phone hung up, or the network ended the dialogue.
    Gone,
}

/// How a channel answers phones that dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenRules {
    /// The word that dialling stands for: it starts the flow whose trigger it is.
    pub word: String,
    /// Letters of GSM-7 that a screen holds; of other letters it holds 7 for 16.
    pub letters: usize,
    /// How long the network waits for a screen.
    pub answer_within: SignedDuration,
    /// Who dials again within this time goes on where they stopped.
    pub resume_within: SignedDuration,
    /// What is typed for the next page.
    pub more: String,
}

/// What a phone shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Screen {
    /// The text.
    pub text: String,
    /// Whether an answer can be typed; else the dialogue ends with it.
    pub goes_on: bool,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Screen").field("goes_on", &self.goes_on).finish_non_exhaustive()
    }
}
