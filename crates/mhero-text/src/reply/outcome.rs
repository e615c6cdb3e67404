//! What a text turned out to mean.

use std::fmt;

use mhero_core::Lang;

/// The meaning of a text, the language it was written in, and whether a person should see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it means.
    pub meaning: Meaning,
    /// The language of the word or phrase that decided, where it is surely one; else answer in the person's language.
    pub lang: Option<Lang>,
    /// Whether a person must see the text, whatever else happens.
    pub forward: bool,
}

impl Outcome {
    pub(super) const fn of(meaning: Meaning) -> Self {
        Self { meaning, lang: None, forward: false }
    }
}

/// What a text means.
#[derive(Clone, PartialEq, Eq)]
pub enum Meaning {
    /// No more messages; `scope` is a topic's code, or `None` for all.
    Stop {
        /// The topic.
        scope: Option<String>,
    },
    /// Messages again; `scope` as for [`Meaning::Stop`].
    Start {
        /// The topic.
        scope: Option<String>,
    },
    /// The list of words.
    Help,
    /// A keyword; `rest` is what stands after it, as received, perhaps empty.
    Keyword {
        /// The keyword's code.
        keyword: String,
        /// What it was sent with.
        rest: String,
    },
    /// The answer to the question that waits.
    Answer {
        /// The question's field.
        field: String,
        /// The option's value.
        value: String,
    },
    /// The wrong person holds this phone.
    NotMe,
    /// Nothing is sure enough: ask back.
    Ask(Question),
    /// Talk for a person.
    Inbox,
    /// No reply at all.
    Ignore(Silence),
}

/// Never what was written: message texts do not belong into a log line.
impl fmt::Debug for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop { scope } => write!(f, "Stop({})", scope.as_deref().unwrap_or("all")),
            Self::Start { scope } => write!(f, "Start({})", scope.as_deref().unwrap_or("all")),
            Self::Help => f.write_str("Help"),
            Self::Keyword { keyword, .. } => write!(f, "Keyword({keyword}, …)"),
            Self::Answer { field, value } => write!(f, "Answer({field} = {value})"),
            Self::NotMe => f.write_str("NotMe"),
            Self::Ask(question) => write!(f, "Ask({question:?})"),
            Self::Inbox => f.write_str("Inbox"),
            Self::Ignore(silence) => write!(f, "Ignore({silence:?})"),
        }
    }
}

/// What has to be asked back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether the person really wants no more messages.
    Stop,
    /// Whether the person really wants messages again.
    Start,
    /// Which topic to leave or return to.
    Topic {
        /// Codes to offer.
        candidates: Vec<String>,
    },
    /// Which keyword was meant; without candidates offer the list of words.
    Keyword {
        /// Codes to offer.
        candidates: Vec<String>,
    },
    /// The question that waits, once more.
    Answer {
        /// Its field.
        field: String,
        /// What was wrong with the answer.
        problem: AnswerProblem,
    },
}

/// Why a text is no answer to the question that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerProblem {
    /// It speaks of something else.
    NotAnAnswer,
    /// It can be read in several ways.
    Ambiguous,
    /// It is a keyword that is not urgent, so that the question comes first.
    OtherKeyword {
        /// The keyword's code.
        keyword: String,
    },
}

/// Why a text gets no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The phone answered by itself.
    AutomaticReply,
    /// The operator wrote: missed call, balance, delivery notice.
    OperatorNotice,
    /// A lottery, a loan, a link.
    Fraud,
}
