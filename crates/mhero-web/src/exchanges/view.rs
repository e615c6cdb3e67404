//! Exchanges with other systems: rows, and both bodies of one.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// One exchange.
#[derive(Clone, Debug)]
pub struct ExchangeRow {
    /// When it began.
    pub at: Timestamp,
    /// "Teltano, SMPP".
    pub peer: String,
    /// "Hand over 1 SMS".
    pub what: String,
    /// Its page.
    pub href: String,
    /// Mark of the outcome.
    pub mark: Mark,
    /// "200, 43 records".
    pub answer: String,
    /// "41 ms".
    pub took: String,
}

/// `/exchanges`.
#[derive(Template)]
#[template(path = "exchanges/list.html")]
pub struct ExchangesPage {
    /// What every page knows.
    pub page: Page,
    /// All, errors only, by peer.
    pub filters: Vec<Choice>,
    /// Exchanges, the newest first.
    pub rows: Vec<ExchangeRow>,
    /// Pages.
    pub pager: Pager,
}

/// `/exchanges/{id}`.
#[derive(Template)]
#[template(path = "exchanges/page.html")]
pub struct ExchangePage {
    /// What every page knows.
    pub page: Page,
    /// The exchange.
    pub row: ExchangeRow,
    /// What was sent, secrets taken out.
    pub sent: String,
    /// What was answered.
    pub answered: String,
}
