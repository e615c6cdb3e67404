//! The pages of outside calls.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// An outside call in a list.
#[derive(Clone, Debug)]
pub struct CallLine {
    /// When it was asked for.
    pub at: Timestamp,
    /// Whom it calls.
    pub peer: String,
    /// "Web hook".
    pub kind: String,
    /// Its page.
    pub href: String,
    /// The flow that asked.
    pub flow: String,
    /// That flow's page.
    pub flow_href: String,
    /// The mark of its state.
    pub mark: Mark,
    /// "Answered, 200".
    pub state: String,
    /// How often it was made.
    pub attempts: i64,
}

/// `/calls`.
#[derive(Template)]
#[template(path = "calls/list.html")]
pub struct CallsPage {
    /// What every page knows.
    pub page: Page,
    /// All states, or one.
    pub filters: Vec<Choice>,
    /// Calls, the newest first.
    pub rows: Vec<CallLine>,
    /// Pages.
    pub pager: Pager,
}

/// `/calls/{key}`.
#[derive(Template)]
#[template(path = "calls/page.html")]
pub struct CallPage {
    /// What every page knows.
    pub page: Page,
    /// The call.
    pub call: CallLine,
    /// Whether it may be made again when its answer was lost.
    pub again: String,
    /// When it was last made.
    pub made_at: Option<Timestamp>,
    /// When it was answered or given up.
    pub answered_at: Option<Timestamp>,
    /// Why there is no answer.
    pub failure: String,
    /// What was asked.
    pub asked: String,
    /// What was answered.
    pub answered: String,
}
