//! The inbox and the open thread.

use askama::Template;
use jiff::Timestamp;

use crate::{
    page::{Band, Page},
    parts::{Choice, Editor, Talk},
};

/// One thread in the list.
#[derive(Clone, Debug)]
pub struct ThreadRow {
    /// Who, or a masked number.
    pub name: String,
    /// The newest text of theirs.
    pub text: String,
    /// Where they work, or "Not in a registry".
    pub place: String,
    /// Since when it waits.
    pub since: Timestamp,
    /// Whether it waits longer than the aim.
    pub is_late: bool,
    /// Where.
    pub href: String,
    /// Whether it is the open one.
    pub is_open: bool,
}

/// The open thread.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Its id in addresses.
    pub id: String,
    /// Who.
    pub name: String,
    /// First name, for buttons.
    pub first: String,
    /// Their page.
    pub href: Option<String>,
    /// "Midwife, Fisabo Clinic, Lofaye. English."
    pub about: String,
    /// Masked number.
    pub phone: String,
    /// Whose it may be; empty for one who may not set it.
    pub owners: Vec<Choice>,
    /// Earlier messages.
    pub earlier: Option<String>,
    /// What was said.
    pub talk: Vec<Talk>,
    /// The answer; `None` for one who may not answer, or where nobody can.
    pub editor: Option<Editor>,
    /// Why nobody can answer: asked us to stop.
    pub cannot_answer: Option<String>,
    /// What it was about, said at closing.
    pub label: String,
    /// Whether it is closed.
    pub is_closed: bool,
}

/// `/inbox` and `/inbox/{id}`.
#[derive(Template)]
#[template(path = "inbox/page.html")]
pub struct InboxPage {
    /// What every page knows.
    pub page: Page,
    /// How many wait.
    pub waiting: i64,
    /// Mine and nobody's, all, closed.
    pub filters: Vec<Choice>,
    /// Threads, the oldest first.
    pub rows: Vec<ThreadRow>,
    /// More threads.
    pub next: Option<String>,
    /// The list, for narrow screens.
    pub back: String,
    /// The open thread.
    pub thread: Option<Thread>,
    /// A once-only key for the answer.
    pub once: String,
    /// Why nothing was sent.
    pub fault: Option<String>,
}
