//! The pages of triggers.

use askama::Template;
use mhero_core::Right;

use crate::{
    flows::Tabs,
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A trigger in a list.
#[derive(Clone, Debug)]
pub struct TriggerLine {
    /// "STOCK, RUPTURE".
    pub what: String,
    /// "Keyword, first word".
    pub how: String,
    /// Its page; empty where the reader may not change it.
    pub href: String,
    /// The flow that it starts.
    pub flow: String,
    /// That flow's page.
    pub flow_href: String,
    /// For whom.
    pub whom: String,
    /// The next time of a schedule.
    pub next: String,
    /// Why it does nothing, with what to do; or empty.
    pub idle: String,
    /// The mark of one that breaks into conversations.
    pub urgent: Option<Mark>,
}

/// `/triggers`, and those of one flow.
#[derive(Template)]
#[template(path = "triggers/list.html")]
pub struct TriggersPage {
    /// What every page knows.
    pub page: Page,
    /// The flow, where they are of one: its name.
    pub flow: Option<String>,
    /// The tabs of that flow.
    pub tabs: Tabs,
    /// All kinds, or one.
    pub filters: Vec<Choice>,
    /// Where a new one is made.
    pub new_href: String,
    /// Triggers by flow.
    pub rows: Vec<TriggerLine>,
}

/// What the form of a trigger holds, as typed.
#[derive(Clone, Debug, Default)]
pub struct TriggerForm {
    /// Flows.
    pub flows: Vec<Choice>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Words with commas between.
    pub words: String,
    /// Where the word must stand.
    pub places: Vec<Choice>,
    /// How often.
    pub repeats: Vec<Choice>,
    /// The time of day.
    pub time: String,
    /// The day of the week.
    pub weekdays: Vec<Choice>,
    /// The day of the month.
    pub day: String,
    /// A cron expression.
    pub cron: String,
    /// For whom, in the query language.
    pub query: String,
    /// Groups that a person must be in.
    pub groups: Vec<Choice>,
    /// Groups that a person must not be in.
    pub exclude: Vec<Choice>,
    /// Whether any group is chosen.
    pub has_groups: bool,
    /// Whether it breaks into conversations.
    pub is_urgent: bool,
}

/// `/triggers/new`, `/triggers/{id}`.
#[derive(Template)]
#[template(path = "triggers/edit.html")]
pub struct TriggerPage {
    /// What every page knows.
    pub page: Page,
    /// Where the form goes.
    pub href: String,
    /// Whether there is one to change or remove.
    pub is_known: bool,
    /// Whether the reader was asked whether to remove it.
    pub is_asked: bool,
    /// The form.
    pub form: TriggerForm,
    /// What it does, in words; the next times of a schedule.
    pub said: Vec<String>,
    /// What could not be done.
    pub fault: Option<String>,
    /// The time zone of schedules.
    pub zone: String,
}
