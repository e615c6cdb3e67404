//! Sources and runs.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A source in the list.
#[derive(Clone, Debug)]
pub struct SourceRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// "iHRIS 5".
    pub kind: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "In order".
    pub state: String,
    /// Why it fails, what it asks.
    pub why: String,
    /// When a run last succeeded.
    pub succeeded: Option<Timestamp>,
    /// When the next run is due, or empty.
    pub next: String,
}

/// `/settings/sources`.
#[derive(Template)]
#[template(path = "sources/list.html")]
pub struct ListPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Sources, those first whose values count before others'.
    pub rows: Vec<SourceRow>,
    /// Whether two people must accept a change.
    pub needs_two: bool,
    /// Which answers of flows correct the register.
    pub answers: Answers,
}

/// Which answers of flows correct the register, beside those of the library.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Lines, as stored or as typed.
    pub said: String,
    /// What is wrong with them.
    pub fault: Option<String>,
}

/// A kind of source.
#[derive(Clone, Debug)]
pub struct KindRow {
    /// As it is sent.
    pub kind: String,
    /// "iHRIS 5".
    pub words: String,
    /// When to choose it.
    pub why: String,
    /// An address as an example, or empty.
    pub example: String,
}

/// One setting.
#[derive(Clone, Debug)]
pub struct SettingField {
    /// Name and id in the form.
    pub name: String,
    /// Label.
    pub label: String,
    /// Words under it, or empty.
    pub hint: String,
    /// Value; always empty for a secret.
    pub value: String,
    /// What it can be, where that is a handful.
    pub choices: Vec<Choice>,
    /// Whether it is a secret.
    pub is_secret: bool,
    /// Whether most people need it.
    pub is_first: bool,
}

impl SettingField {
    /// The key of the setting.
    pub fn key(&self) -> &str {
        self.name.strip_prefix("set.").unwrap_or(&self.name)
    }
}

/// What was typed for a new source.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Address.
    pub url: String,
    /// Settings without secrets.
    pub config: Vec<(String, String)>,
}

/// `/settings/sources/new`.
#[derive(Template)]
#[template(path = "sources/new.html")]
pub struct NewPage {
    /// What every page knows.
    pub page: Page,
    /// Kinds to choose from.
    pub kinds: Vec<KindRow>,
    /// The kind that was chosen.
    pub chosen: Option<KindRow>,
    /// Settings of the kind.
    pub own: Vec<SettingField>,
    /// Settings of every registry.
    pub common: Vec<SettingField>,
    /// Whether it is read by itself.
    pub is_registry: bool,
    /// What was typed.
    pub typed: Typed,
    /// Why it was not added.
    pub fault: Option<String>,
}

/// A field and whether this source owns it.
#[derive(Clone, Debug)]
pub struct OwnField {
    /// As it is sent.
    pub field: String,
    /// "Name".
    pub words: String,
    /// Whether it is owned.
    pub is_on: bool,
    /// Who else owns it.
    pub others: String,
}

/// A run in a list.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its page.
    pub href: String,
    /// When it began.
    pub began: Timestamp,
    /// "Read".
    pub kind: String,
    /// "By schedule".
    pub why: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "Done".
    pub state: String,
    /// "12 new, 3 changed".
    pub counts: String,
    /// Why it failed.
    pub reason: String,
}

/// `/settings/sources/{id}`.
#[derive(Template)]
#[template(path = "sources/one.html")]
pub struct OnePage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// Name.
    pub name: String,
    /// "iHRIS 5".
    pub kind: String,
    /// Where it is read from.
    pub url: String,
    /// An address as an example.
    pub example: String,
    /// Whose values count: the lower number wins.
    pub rank: i64,
    /// Mark of its state.
    pub mark: Mark,
    /// "In order".
    pub state: String,
    /// Why it fails.
    pub why: String,
    /// The run that asks.
    pub asks: Option<String>,
    /// When a run last succeeded.
    pub succeeded: Option<Timestamp>,
    /// When the next is due.
    pub next: String,
    /// Failures since the last success.
    pub failures: i64,
    /// Settings of the kind.
    pub own: Vec<SettingField>,
    /// Settings of every registry.
    pub common: Vec<SettingField>,
    /// Fields and their owners.
    pub owners: Vec<OwnField>,
    /// Whether others may write to its people.
    pub consent: mhero_app::Consent,
    /// What the registry was asked to tell us of, how that stands, and why where it does not work.
    pub told: Vec<(String, String)>,
    /// How many of our people it holds, and how they stand there.
    pub written: String,
    /// Where it stands what runs there for us; none for a source in which nothing does.
    pub backend: Option<String>,
    /// The last runs.
    pub runs: Vec<RunRow>,
    /// Where the registry may tell of changes.
    pub notify: String,
    /// Where files are brought, for a set of files.
    pub import: String,
    /// Whether it is read by itself.
    pub is_registry: bool,
    /// What is wrong.
    pub fault: Option<String>,
    /// Whether a test found it.
    pub is_test: bool,
    /// What a test found that works.
    pub tested: Option<Vec<String>>,
}

/// A value before and after.
#[derive(Clone, Debug)]
pub struct DiffLine {
    /// Where in the record.
    pub field: String,
    /// What stood there.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
}

/// A changed record.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Mark of the verdict.
    pub mark: Mark,
    /// "Changed".
    pub verdict: String,
    /// "Practitioner P-12".
    pub record: String,
    /// The page of whom it is about.
    pub href: Option<String>,
    /// Where it stood.
    pub origin: String,
    /// By what it was matched.
    pub by: String,
    /// What differs.
    pub lines: Vec<DiffLine>,
    /// How many more values differ.
    pub more: i64,
}

/// `/settings/sources/runs/{run}`.
#[derive(Template)]
#[template(path = "sources/run.html")]
pub struct RunShowPage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// Name of the source.
    pub source: String,
    /// Page of the source; empty for one who may not see it.
    pub source_href: String,
    /// State and counts.
    pub row: RunRow,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The run that it undid or replayed.
    pub of: Option<String>,
    /// Why it failed or what it asks.
    pub reason: String,
    /// Whether the reader may answer its question.
    pub asks: bool,
    /// Records that would go.
    pub removals: Vec<ListedRow>,
    /// What waits for something it refers to.
    pub waiting: Vec<ListedRow>,
    /// Whether it can be undone.
    pub is_undoable: bool,
    /// Whether the reader is asked whether to undo it.
    pub asks_undo: bool,
    /// Whether it can be read again.
    pub is_replayable: bool,
    /// What the administrator should know.
    pub remarks: Vec<String>,
    /// Warnings, with where they belong.
    pub warnings: Vec<(String, String)>,
    /// Refused records, with why.
    pub rejected: Vec<(String, String)>,
    /// The file of refused records.
    pub rejected_href: String,
    /// What it changed.
    pub changes: Vec<ChangeRow>,
    /// Whether these are the first.
    pub is_first: bool,
    /// More changes.
    pub next: Option<String>,
    /// What is wrong.
    pub fault: Option<String>,
}

/// Somebody or something that a run lists.
pub struct ListedRow {
    /// The name; empty where it is of neither a person nor a place.
    pub name: String,
    /// The page of the person or place.
    pub href: String,
    /// "Practitioner P-12".
    pub record: String,
}
