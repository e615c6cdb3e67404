//! What stands behind one message.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Hop,
    people::view::Fact,
};

/// `/messages/{id}`.
#[derive(Template)]
#[template(path = "messages/one.html")]
pub struct MessagePage {
    /// What every page knows.
    pub page: Page,
    /// With whom, and their page.
    pub person: (String, String),
    /// Their number, masked.
    pub phone: String,
    /// True for what we sent.
    pub is_out: bool,
    /// The text.
    pub text: String,
    /// Its language, BCP 47, or empty.
    pub tag: String,
    /// When it was written.
    pub at: Timestamp,
    /// How far it got.
    pub mark: Option<(Mark, String)>,
    /// "Test", "Drill".
    pub note: String,
    /// Who wrote it, who agreed, what it belongs to.
    pub who: Vec<Fact>,
    /// Why this person got it.
    pub why: Vec<Fact>,
    /// The registries as they counted then.
    pub registries: Vec<Fact>,
    /// Each hop.
    pub hops: Vec<Hop>,
    /// Who has read it; `None` for who may not know.
    pub views: Option<Vec<Hop>>,
}
