//! The phone simulator.

use askama::Template;
use jiff::Timestamp;

use crate::{
    page::{Band, Page},
    parts::Choice,
};

/// One SMS on a pretend phone.
#[derive(Clone, Debug)]
pub struct PhoneLine {
    /// True for what the ministry sent.
    pub is_from_us: bool,
    /// The text.
    pub text: String,
}

/// One pretend phone.
#[derive(Clone, Debug)]
pub struct Phone {
    /// The number in addresses and ids: digits only.
    pub key: String,
    /// Whose it is, or the number.
    pub name: String,
    /// First name, for the field.
    pub first: String,
    /// The person's page.
    pub href: Option<String>,
    /// "Midwife, English".
    pub about: String,
    /// National form; a pretend number hides nothing.
    pub number: String,
    /// Time on its screen.
    pub time: String,
    /// BCP 47 of its owner, or empty.
    pub tag: String,
    /// Its SMS, newest last.
    pub lines: Vec<PhoneLine>,
    /// How it answers.
    pub behaviours: Vec<Choice>,
}

/// One thing that mHero did, as a sentence.
#[derive(Clone, Debug)]
pub struct Did {
    /// When.
    pub at: Timestamp,
    /// What.
    pub words: String,
    /// "19 ms, then the operator heard accepted".
    pub aside: String,
}

/// `/simulator?phones=…`.
#[derive(Template)]
#[template(path = "simulator/page.html")]
pub struct SimulatorPage {
    /// What every page knows.
    pub page: Page,
    /// The phones, two as a rule.
    pub phones: Vec<Phone>,
    /// What stands in the query, so that forms come back to the same phones.
    pub others: String,
    /// The same page again, for browsers without scripts.
    pub refresh: String,
    /// Phones that did something lately.
    pub seen: Vec<Choice>,
    /// A once-only key for what is typed.
    pub once: String,
    /// Why another phone could not be taken, or a message not be received.
    pub fault: Option<String>,
    /// Ways to make it hard.
    pub faults: Vec<Choice>,
    /// What mHero did, newest first.
    pub events: Vec<Did>,
}

impl SimulatorPage {
    /// The drawings that the page refreshes together with what mHero did.
    fn figures(&self) -> String {
        let ids: Vec<_> = self.phones.iter().map(|phone| format!("#fig{}", phone.key)).collect();
        ids.join(",")
    }
}
