//! Pairs that may be one person, and what was decided of them.

use askama::Template;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// One of the two.
#[derive(Clone, Debug)]
pub struct Side {
    /// The id, for the form.
    pub id: String,
    /// The name as its record has it.
    pub name: String,
    /// Their page.
    pub href: String,
    /// "Midwife, Fisabo Clinic", or empty.
    pub about: String,
    /// "HR registry, CHW register".
    pub sources: String,
}

/// One value beside the other.
#[derive(Clone, Debug)]
pub struct Compared {
    /// "Given name".
    pub field: String,
    /// The value of the left; empty when it says nothing.
    pub left: String,
    /// Of the right.
    pub right: String,
    /// Whether it speaks for one person.
    pub mark: Mark,
    /// "Speaks strongly for one person".
    pub strength: String,
    /// "Two forms of one name: ...", in words.
    pub level: String,
}

/// A pair side by side.
#[derive(Clone, Debug)]
pub struct PairShown {
    /// The one.
    pub left: Side,
    /// The other.
    pub right: Side,
    /// What the form carries, so that nobody decides what has changed since.
    pub version: i64,
    /// "To be decided: 96.2 % likely to be one person."
    pub why: String,
    /// The values.
    pub rows: Vec<Compared>,
}

impl PairShown {
    /// Both.
    pub fn sides(&self) -> [&Side; 2] {
        [&self.left, &self.right]
    }
}

/// `/links`.
#[derive(Template)]
#[template(path = "links/pair.html")]
pub struct PairPage {
    /// What every page knows.
    pub page: Page,
    /// How many wait.
    pub waiting: i64,
    /// Open and decided.
    pub filters: Vec<Choice>,
    /// The pair; `None` at the end of the queue.
    pub pair: Option<PairShown>,
    /// The pair after it.
    pub next: Option<String>,
    /// Whether this page began in the middle of the queue.
    pub is_later: bool,
    /// Whether the reader decides.
    pub may_decide: bool,
}

/// A decision.
#[derive(Clone, Debug)]
pub struct DecidedLine {
    /// The one: name and page.
    pub left: (String, String),
    /// The other.
    pub right: (String, String),
    /// Mark of the decision.
    pub mark: Mark,
    /// "Same person".
    pub what: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: String,
    /// What can be done about it.
    pub deciding: Option<Deciding>,
    /// The merge, for the form.
    pub link: String,
    /// The ids of the two, for the form.
    pub ids: (String, String),
}

/// What can be done about a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deciding {
    /// Take the merge back.
    Undo,
    /// Join the two after all.
    Join,
}

/// `/links/decided`.
#[derive(Template)]
#[template(path = "links/decided.html")]
pub struct DecidedPage {
    /// What every page knows.
    pub page: Page,
    /// Open and decided.
    pub filters: Vec<Choice>,
    /// Decisions, the latest first.
    pub rows: Vec<DecidedLine>,
    /// The next page.
    pub next: Option<String>,
    /// Whether the reader decides.
    pub may_decide: bool,
}

/// A record that was joined to a person, on their page.
#[derive(Clone, Debug)]
pub struct JoinedRecord {
    /// The merge, for the form.
    pub id: String,
    /// The name as the joined record has it.
    pub name: String,
    /// Why, in words.
    pub why: String,
    /// "Joined 14 May 2026, by Hawa Karnley."
    pub when: String,
    /// Whether the reader may take it back.
    pub may_undo: bool,
}
