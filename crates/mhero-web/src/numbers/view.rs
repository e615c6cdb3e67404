//! Numbers: their states, those of several people, and reach.

use askama::Template;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A number in the list.
#[derive(Clone, Debug)]
pub struct NumberLine {
    /// The person's page.
    pub href: String,
    /// Whose it is.
    pub name: String,
    /// The number, masked.
    pub number: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "Fails".
    pub state: String,
    /// "3 failures, the last 12 May 2026: absent subscriber".
    pub evidence: String,
    /// The id of the person, for the forms.
    pub person: String,
    /// Whether the row's form gives the number back to the person; else it takes it from them.
    pub is_wrong: bool,
}

/// `/numbers`.
#[derive(Template)]
#[template(path = "numbers/list.html")]
pub struct NumbersPage {
    /// What every page knows.
    pub page: Page,
    /// States with their counts.
    pub filters: Vec<Choice>,
    /// Active health workers without a number.
    pub without: i64,
    /// Numbers by the name of their people.
    pub rows: Vec<NumberLine>,
    /// The next page.
    pub next: Option<String>,
    /// Where those who are shown can be asked, and how many numbers it is about.
    pub ask: Option<(String, i64)>,
    /// Whether the signed-in user may change records.
    pub may_edit: bool,
}

/// A number that several people have.
#[derive(Clone, Debug)]
pub struct SharedLine {
    /// Masked.
    pub number: String,
    /// People: page and name.
    pub people: Vec<(String, String)>,
}

/// `/numbers/shared`.
#[derive(Template)]
#[template(path = "numbers/shared.html")]
pub struct SharedPage {
    /// What every page knows.
    pub page: Page,
    /// Numbers.
    pub rows: Vec<SharedLine>,
}

/// Reach of a place or an operator.
#[derive(Clone, Debug)]
pub struct ReachLine {
    /// Its name.
    pub name: String,
    /// Messages that ended.
    pub tried: i64,
    /// Those that arrived.
    pub delivered: i64,
    /// "83 %".
    pub share: String,
    /// Of 100.
    pub width: i64,
}

/// `/numbers/reach`.
#[derive(Template)]
#[template(path = "numbers/reach.html")]
pub struct ReachPage {
    /// What every page knows.
    pub page: Page,
    /// 7, 30, 90 days.
    pub spans: Vec<Choice>,
    /// By place below the country.
    pub places: Vec<ReachLine>,
    /// By operator.
    pub operators: Vec<ReachLine>,
    /// Day by day.
    pub days: Vec<ReachLine>,
}
