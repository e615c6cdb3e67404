//! The lines of a conversation, newest last.

use jiff::Timestamp;
use mhero_core::Lang;

use crate::marks::Mark;

/// One hop of a message, as a sentence.
#[derive(Clone, Debug)]
pub struct Hop {
    /// When.
    pub at: Timestamp,
    /// "Accepted by Sewacel, their number 7f3a".
    pub words: String,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Line {
    /// True for what we sent.
    pub is_out: bool,
    /// The text.
    pub text: String,
    /// Its language.
    pub lang: Option<Lang>,
    /// When it was written.
    pub at: Timestamp,
    /// What it belongs to, with a link: a broadcast.
    pub about: Option<(String, String)>,
    /// How far it got, or what became of it.
    pub mark: Option<(Mark, String)>,
    /// A remark: "no keyword matched, so it came here".
    pub note: String,
    /// How it travelled.
    pub hops: Vec<Hop>,
    /// Where to release a suspected double.
    pub release: Option<String>,
    /// The page of what stands behind it.
    pub behind: String,
}

impl Line {
    /// BCP 47, or empty.
    pub fn tag(&self) -> String {
        self.lang.map(|lang| lang.bcp47().to_owned()).unwrap_or_default()
    }
}

/// What stands in a conversation.
#[derive(Clone, Debug)]
pub enum Talk {
    /// A new day begins.
    Day(Timestamp),
    /// A message.
    Message(Box<Line>),
    /// Something that happened beside messages.
    Event(String),
}
