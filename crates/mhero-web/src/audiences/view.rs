//! Saved audiences: by query, which follow the register, and by hand.

use askama::Template;
use mhero_core::Right;

use crate::{
    page::{Band, Page},
    parts::{Counted, Pager, PersonRow, Piece, Remedy, Sample, Sentence},
};

/// One audience in the list.
#[derive(Clone, Debug)]
pub struct AudienceRow {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// The query as a sentence, or who keeps it.
    pub said: String,
    /// True when a query keeps it.
    pub is_query: bool,
    /// How many people.
    pub people: i64,
}

/// `/audiences`.
#[derive(Template)]
#[template(path = "audiences/list.html")]
pub struct AudiencesPage {
    /// What every page knows.
    pub page: Page,
    /// Audiences by name.
    pub rows: Vec<AudienceRow>,
}

/// `/audiences/{id}`.
#[derive(Template)]
#[template(path = "audiences/page.html")]
pub struct AudiencePage {
    /// What every page knows.
    pub page: Page,
    /// Its name.
    pub name: String,
    /// "Saved by Hawa Karnley on 2 May 2026."
    pub about: String,
    /// Its page.
    pub href: String,
    /// Send to it.
    pub send_href: String,
    /// The query; `None` for one kept by hand.
    pub query: Option<String>,
    /// The query as a sentence.
    pub said: String,
    /// How many, and who cannot be reached.
    pub counted: Counted,
    /// People.
    pub rows: Vec<PersonRow>,
    /// Pages.
    pub pager: Pager,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// What was typed, where it could not be used.
    pub typed: String,
    /// Why it could not.
    pub fault: Option<String>,
}

/// `/audiences/new`.
#[derive(Template)]
#[template(path = "audiences/new.html")]
pub struct NewAudiencePage {
    /// What every page knows.
    pub page: Page,
    /// The name typed.
    pub name: String,
    /// What is wrong with the name.
    pub fault: Option<String>,
    /// Kept by hand: those who match now.
    pub is_static: bool,
    /// Who.
    pub sentence: Sentence,
    /// How many.
    pub counted: Counted,
    /// Five of them.
    pub sample: Vec<Sample>,
}
