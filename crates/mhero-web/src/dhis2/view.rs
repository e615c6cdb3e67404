//! Reports to DHIS2 as pages show them.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// One value of a report.
#[derive(Clone, Debug)]
pub struct ValueLine {
    /// The key of the result, in capitals: "ANC1".
    pub result: String,
    /// What was accepted before, or empty.
    pub before: String,
    /// What is reported.
    pub value: String,
    /// The data element.
    pub element: String,
    /// What is objected to, or empty.
    pub objection: String,
    /// Whether DHIS2 says so, in the language in which it speaks.
    pub is_theirs: bool,
}

/// One report.
#[derive(Clone, Debug)]
pub struct ReportBlock {
    /// Its id.
    pub id: String,
    /// The version that is seen.
    pub version: i64,
    /// The place, or who reported where the place is not known.
    pub title: String,
    /// Unit and period.
    pub cell: String,
    /// "Martha Kollie".
    pub person: String,
    /// The page of that person.
    pub href: String,
    /// When it was reported.
    pub at: Timestamp,
    /// The SMS; none for those who may not read messages, or once erased.
    pub text: Option<String>,
    /// Mark of the state.
    pub mark: Mark,
    /// The state.
    pub state: String,
    /// Why it stands there.
    pub why: String,
    /// What DHIS2 counts.
    pub counts: String,
    /// What it objects to and names no value.
    pub objections: Vec<String>,
    /// The values.
    pub values: Vec<ValueLine>,
    /// Whether the reader may let it go.
    pub may_approve: bool,
    /// Whether it can be sent again.
    pub may_again: bool,
}

/// One mapping.
#[derive(Clone, Debug)]
pub struct MappingLine {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// "Monthly service data → hmis, BfMAe6Itzgt, Monthly, 3 results".
    pub about: String,
    /// Mark of whether it is on.
    pub mark: Mark,
    /// Whether it is on.
    pub state: String,
}

/// `/exchange/dhis2`.
#[derive(Template)]
#[template(path = "dhis2/list.html")]
pub struct ReportsPage {
    /// What every page knows.
    pub page: Page,
    /// All, by state.
    pub filters: Vec<Choice>,
    /// Reports, the newest first.
    pub reports: Vec<ReportBlock>,
    /// Pages.
    pub pager: Pager,
    /// Mappings; only for those who may change them.
    pub mappings: Vec<MappingLine>,
    /// Whether the reader may change mappings.
    pub may_map: bool,
}

/// `/exchange/dhis2/mappings/{id}`.
#[derive(Template)]
#[template(path = "dhis2/mapping.html")]
pub struct MappingPage {
    /// What every page knows.
    pub page: Page,
    /// Where the form goes.
    pub href: String,
    /// What is wrong.
    pub fault: Option<String>,
    /// Whether there is any DHIS2 among the sources.
    pub has_server: bool,
    /// The form.
    pub form: MappingForm,
}

/// A mapping as a form.
#[derive(Clone, Debug, Default)]
pub struct MappingForm {
    /// Its name.
    pub name: String,
    /// Whether the name stands.
    pub is_named: bool,
    /// DHIS2s.
    pub sources: Vec<Choice>,
    /// Flows.
    pub flows: Vec<Choice>,
    /// Values or events.
    pub kinds: Vec<Choice>,
    /// Lengths of periods.
    pub periods: Vec<Choice>,
    /// Which period.
    pub whiches: Vec<Choice>,
    /// Formats.
    pub formats: Vec<Choice>,
    /// Schemes of ids.
    pub schemes: Vec<Choice>,
    /// Schemes of units.
    pub unit_schemes: Vec<Choice>,
    /// Texts by the name of their field, with label and hint.
    pub texts: Vec<TextField>,
    /// Result and element, a line each.
    pub lines: String,
    /// Whether the district agrees first.
    pub approval: bool,
    /// Whether the worker is told.
    pub tell: bool,
    /// Whether the set counts as complete.
    pub complete: bool,
    /// Whether it is on.
    pub active: bool,
    /// The version that is seen; empty for a new one.
    pub version: String,
}

/// A field of one line.
#[derive(Clone, Debug)]
pub struct TextField {
    /// Its name in the form.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What helps.
    pub hint: String,
    /// What stands there.
    pub value: String,
}
