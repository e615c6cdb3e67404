//! The audit as sentences, by day.

use askama::Template;
use jiff::Timestamp;

use crate::{
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// One decision.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// "opened the record of Mary Kollie."
    pub did: String,
    /// What to look at.
    pub link: Option<(String, String)>,
}

/// The decisions of one day.
#[derive(Clone, Debug)]
pub struct AuditDay {
    /// The day.
    pub at: Timestamp,
    /// Decisions, the newest first.
    pub rows: Vec<AuditRow>,
}

/// `/audit?who=`.
#[derive(Template)]
#[template(path = "audit/list.html")]
pub struct AuditPage {
    /// What every page knows.
    pub page: Page,
    /// People to choose from.
    pub people: Vec<Choice>,
    /// Days, the newest first.
    pub days: Vec<AuditDay>,
    /// Pages.
    pub pager: Pager,
}
