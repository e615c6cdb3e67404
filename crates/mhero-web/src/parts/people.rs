//! People in lists, and who is left out and why.

use jiff::Timestamp;

use crate::marks::Mark;

/// What to do about people who are left out.
#[derive(Clone, Debug)]
pub enum Remedy {
    /// A link: "See who".
    Link {
        /// The words.
        words: String,
        /// Where to.
        href: String,
    },
    /// A person's wish: "Cannot be overruled".
    None,
}

/// One reason for which people are left out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// "No phone number".
    pub words: String,
    /// How many.
    pub people: i64,
    /// Who: a page of people.
    pub href: String,
    /// What to do about it.
    pub remedy: Remedy,
}

impl LeftOut {
    /// The key of the words of a reason, as broadcasts keep it.
    pub fn key(reason: &str) -> &'static str {
        match reason {
            "no-number" => "out-no-number",
            "bad-number" => "out-bad-number",
            "shares-phone" => "out-shared",
            "stopped" => "out-stopped",
            "start-stopped" => "out-start-stopped",
            "empty-text" => "out-empty",
            "on-leave" => "out-on-leave",
            "no-consent" => "out-no-consent",
            "operator-block" => "out-operator-block",
            "no-chat" => "out-no-chat",
            _ => "out-other",
        }
    }
}

/// How many match, how many are left out and why, how many get it.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// How many match the sentence.
    pub matched: i64,
    /// Who matches: a page of people.
    pub matched_href: String,
    /// Reasons, the largest first.
    pub left_out: Vec<LeftOut>,
    /// Where to look for a number that is already out of date: a fragment that replaces this one.
    pub refresh: Option<String>,
    /// When nobody matches: which condition to drop and what that would give.
    pub hint: Option<String>,
}

impl Counted {
    /// How many are left out.
    pub fn out(&self) -> i64 {
        self.left_out.iter().map(|row| row.people).sum()
    }

    /// How many get it.
    pub fn reached(&self) -> i64 {
        self.matched - self.out()
    }
}

/// One of five people, so that a reader sees whom a sentence means.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Name.
    pub name: String,
    /// "Midwife, Fisabo Clinic".
    pub about: String,
    /// Their page.
    pub href: String,
}

/// One person in a list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Id, as it stands in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Cadre or job, or empty.
    pub work: String,
    /// "Fisabo Clinic, Lofaye", or empty.
    pub place: String,
    /// Masked: "0770 ••• 214". Empty without a number.
    pub phone: String,
    /// State of the number.
    pub mark: Mark,
    /// Its words: "Verified 12 March 2026".
    pub state: String,
    /// Preferred language, in the reader's language, or empty.
    pub language: String,
    /// When we last heard from them.
    pub heard: Option<Timestamp>,
}

/// Which rows of how many, and the way to the others.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    /// The first row shown, from 1.
    pub first: i64,
    /// The last row shown.
    pub last: i64,
    /// How many there are; `None` where nobody counted.
    pub total: Option<i64>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the next page.
    pub next: Option<String>,
}
