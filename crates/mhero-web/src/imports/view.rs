//! Bringing a file, and what would become of it.

use askama::Template;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// `/people/import`.
#[derive(Template)]
#[template(path = "imports/ask.html")]
pub struct AskPage {
    /// What every page knows.
    pub page: Page,
    /// Why the file was not taken.
    pub fault: Option<String>,
    /// Largest file, in megabytes.
    pub max: i64,
    /// Sources that are sets of files.
    pub sources: Vec<Choice>,
}

/// A look or an import that is not over.
#[derive(Template)]
#[template(path = "imports/wait.html")]
pub struct WaitPage {
    /// What every page knows.
    pub page: Page,
    /// Name of the file.
    pub file: String,
    /// "Looking through it", "Importing".
    pub doing: String,
    /// "1,200 of 5,000 records".
    pub far: String,
    /// This page again.
    pub href: String,
}

/// A column of the table.
#[derive(Clone, Debug)]
pub struct ColumnRow {
    /// Name of the field in the form.
    pub id: String,
    /// As written at its head.
    pub name: String,
    /// The first cells.
    pub sample: String,
    /// What it can mean.
    pub choices: Vec<Choice>,
}

/// A count with the filter that shows what it counts.
#[derive(Clone, Debug)]
pub struct CountRow {
    /// Its mark.
    pub mark: Mark,
    /// "New".
    pub words: String,
    /// What that means.
    pub why: String,
    /// How many.
    pub n: i64,
    /// The page with these rows; `None` where none are listed.
    pub href: Option<String>,
    /// Whether they are shown.
    pub is_on: bool,
}

/// What becomes of one row.
#[derive(Clone, Debug)]
pub struct VerdictRow {
    /// "staff.csv, row 12".
    pub origin: String,
    /// Whose row it is.
    pub name: String,
    /// Mark of the verdict.
    pub mark: Mark,
    /// "New".
    pub words: String,
    /// Why, or by what it was matched.
    pub why: String,
}

/// `/people/import/{key}`: before and after.
#[derive(Template)]
#[template(path = "imports/show.html")]
pub struct ShowPage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// Name of the file.
    pub file: String,
    /// Name of the source.
    pub source: String,
    /// Whether it has been imported.
    pub is_done: bool,
    /// Why the look or the import broke off.
    pub fault: Option<String>,
    /// What people should know about the file.
    pub notices: Vec<String>,
    /// Records read.
    pub read: i64,
    /// Records that would change something.
    pub changing: i64,
    /// Counts.
    pub counts: Vec<CountRow>,
    /// Columns of a table.
    pub columns: Vec<ColumnRow>,
    /// Rows.
    pub rows: Vec<VerdictRow>,
    /// Pages of rows.
    pub pager: Pager,
    /// Whether there is a file of refused rows.
    pub has_rejected: bool,
    /// The run.
    pub run: Option<String>,
}
