//! Home.

use askama::Template;
use jiff::Timestamp;
use mhero_core::Right;

use crate::{
    broadcasts::view::BroadcastRow,
    marks::Mark,
    page::{Band, Page},
};

/// A thing that waits for a person, with age and one verb.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its mark; the head says the same in words.
    pub mark: Mark,
    /// "7 messages wait for an answer".
    pub head: String,
    /// "Oldest: Ruth Sumo, Fisabo Clinic".
    pub about: String,
    /// A text that somebody wrote.
    pub text: Option<String>,
    /// Since when it waits.
    pub since: Timestamp,
    /// Whether it waits longer than the aim.
    pub is_late: bool,
    /// "Answer".
    pub verb: String,
    /// Where.
    pub href: String,
}

/// A step on the first day, until it is done.
#[derive(Clone, Debug)]
pub struct Begin {
    /// "Import your people".
    pub words: String,
    /// How.
    pub aside: String,
    /// Button.
    pub verb: String,
    /// Where.
    pub href: String,
}

/// One line of "Is it all working?".
#[derive(Clone, Debug)]
pub struct Work {
    /// A channel, the queue, a registry, the backup.
    pub name: String,
    /// Mark, where it is a state.
    pub mark: Option<Mark>,
    /// "Connected".
    pub words: String,
    /// "412 SMS a minute".
    pub aside: String,
}

/// A registry or set of files on its card.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Its page; `None` for one who may not change it.
    pub href: Option<String>,
    /// Its name.
    pub name: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "In order".
    pub words: String,
    /// Why it fails, when it last succeeded.
    pub aside: Vec<String>,
}

/// `/`.
#[derive(Template)]
#[template(path = "today/page.html")]
pub struct TodayPage {
    /// What every page knows.
    pub page: Page,
    /// What waits, alerts first, then the oldest.
    pub jobs: Vec<Job>,
    /// Broadcasts on their way.
    pub live: Vec<BroadcastRow>,
    /// First steps.
    pub begin: Vec<Begin>,
    /// Whether everything works.
    pub works: Vec<Work>,
    /// How each registry stands.
    pub registries: Vec<Registry>,
}
