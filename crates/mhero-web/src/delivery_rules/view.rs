//! What the pages of rules show.

use askama::Template;
use jiff::Timestamp;
use mhero_core::Right;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Its name.
    pub name: &'static str,
    /// The key of its label.
    pub key: &'static str,
    /// What stands in it.
    pub value: String,
}

/// `/settings/delivery`.
#[derive(Template)]
#[template(path = "delivery_rules/limits.html")]
pub struct LimitsPage {
    /// What every page knows.
    pub page: Page,
    /// Pages of Settings.
    pub tabs: Vec<Choice>,
    /// Pages of delivery.
    pub pages: Vec<Choice>,
    /// Caps.
    pub caps: Vec<Limit>,
    /// Whether what is over a cap is left out.
    pub leaves_out: bool,
    /// Hours by lane.
    pub hours: Vec<Limit>,
    /// Why nothing was saved.
    pub fault: Option<String>,
}

/// A day of the week to choose.
#[derive(Clone, Debug)]
pub struct Day {
    /// Its number, 0 for Monday.
    pub number: i8,
    /// Its name.
    pub name: String,
    /// Whether people rest.
    pub is_on: bool,
}

/// Hours of one place.
#[derive(Clone, Debug)]
pub struct HoursRow {
    /// The place.
    pub id: String,
    /// Its name.
    pub name: String,
    /// "20:00 to 07:00", or that there are none.
    pub hours: String,
    /// Days of rest, in words.
    pub rest: String,
}

/// Hours as they are typed.
#[derive(Clone, Debug)]
pub struct HoursForm {
    /// They begin.
    pub from: String,
    /// They end.
    pub until: String,
    /// Days of rest.
    pub days: Vec<Day>,
}

/// `/settings/quiet-hours`.
#[derive(Template)]
#[template(path = "delivery_rules/quiet.html")]
pub struct QuietPage {
    /// What every page knows.
    pub page: Page,
    /// Pages of Settings.
    pub tabs: Vec<Choice>,
    /// Pages of delivery.
    pub pages: Vec<Choice>,
    /// The national ones.
    pub national: HoursForm,
    /// Places with their own.
    pub rows: Vec<HoursRow>,
    /// Those of a place that is being set.
    pub own: HoursForm,
    /// The place as typed.
    pub typed: String,
    /// Places that answer to what was typed, where there are several.
    pub choices: Vec<Choice>,
    /// Why nothing was saved.
    pub fault: Option<String>,
}

/// What happens to one kind of uncertain message.
#[derive(Clone, Debug)]
pub struct PolicyRow {
    /// Its word.
    pub name: &'static str,
    /// What it is.
    pub words: String,
    /// Whether it is sent again by itself.
    pub again: bool,
    /// After how many minutes.
    pub minutes: String,
}

/// `/settings/uncertain`.
#[derive(Template)]
#[template(path = "delivery_rules/policies.html")]
pub struct PoliciesPage {
    /// What every page knows.
    pub page: Page,
    /// Pages of Settings.
    pub tabs: Vec<Choice>,
    /// Pages of delivery.
    pub pages: Vec<Choice>,
    /// One row a kind.
    pub rows: Vec<PolicyRow>,
    /// Why nothing was saved.
    pub fault: Option<String>,
}

/// An uncertain message.
#[derive(Clone, Debug)]
pub struct UncertainLine {
    /// The message.
    pub id: String,
    /// Whose.
    pub name: String,
    /// Their page.
    pub href: String,
    /// Masked number.
    pub phone: String,
    /// The text.
    pub text: String,
    /// What it is: a broadcast's name, an answer.
    pub about: String,
    /// When it was written.
    pub at: Timestamp,
    /// What happens next.
    pub next: String,
}

/// `/uncertain`.
#[derive(Template)]
#[template(path = "delivery_rules/uncertain.html")]
pub struct UncertainPage {
    /// What every page knows.
    pub page: Page,
    /// How many wait for a person.
    pub waiting: i64,
    /// Messages, the oldest first.
    pub rows: Vec<UncertainLine>,
    /// The next page.
    pub next: Option<String>,
    /// Why nothing was decided.
    pub fault: Option<String>,
}

/// A list of blocked numbers.
#[derive(Clone, Debug)]
pub struct BlockRow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How many numbers it has.
    pub numbers: i64,
    /// Lines that could not be read.
    pub unreadable: i64,
    /// Who imported it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone: Option<Timestamp>,
}

/// `/settings/blocks`.
#[derive(Template)]
#[template(path = "delivery_rules/blocks.html")]
pub struct BlocksPage {
    /// What every page knows.
    pub page: Page,
    /// Pages of Settings.
    pub tabs: Vec<Choice>,
    /// Pages of delivery.
    pub pages: Vec<Choice>,
    /// How many numbers are blocked.
    pub blocked: i64,
    /// The lists.
    pub rows: Vec<BlockRow>,
    /// The name as typed.
    pub name: String,
    /// What became of the last one.
    pub told: Option<String>,
    /// Why nothing was imported.
    pub fault: Option<String>,
}

/// A state and what it means.
#[derive(Clone, Debug)]
pub struct StateLine {
    /// Its mark.
    pub mark: Mark,
    /// Its name.
    pub words: String,
    /// One sentence.
    pub means: String,
}

/// `/messages/states`.
#[derive(Template)]
#[template(path = "delivery_rules/states.html")]
pub struct StatesPage {
    /// What every page knows.
    pub page: Page,
    /// States of messages to phones.
    pub out: Vec<StateLine>,
    /// What may become of texts from phones.
    pub heard: Vec<StateLine>,
    /// Why a message waits or was left out.
    pub reasons: Vec<StateLine>,
}

/// Somebody whose message waits.
#[derive(Clone, Debug)]
pub struct HeldLine {
    /// Name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// Masked number.
    pub phone: String,
    /// Why.
    pub why: String,
    /// Until when.
    pub until: Timestamp,
}

/// `/broadcasts/{id}/held`.
#[derive(Template)]
#[template(path = "delivery_rules/held.html")]
pub struct HeldPage {
    /// What every page knows.
    pub page: Page,
    /// The broadcast's page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What holds them, in sentences.
    pub sums: Vec<String>,
    /// People.
    pub rows: Vec<HeldLine>,
    /// Hours that the broadcast is worth sending; empty: what its lane says.
    pub hours: String,
    /// Why nothing was saved.
    pub fault: Option<String>,
    /// Pages.
    pub pager: Pager,
}

/// An answer that came too late.
#[derive(Clone, Debug)]
pub struct LateLine {
    /// Name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// The text.
    pub text: String,
    /// When it was written, where that is known.
    pub said: Option<Timestamp>,
    /// When it came.
    pub at: Timestamp,
}

/// `/flows/{id}/results/late`.
#[derive(Template)]
#[template(path = "delivery_rules/late.html")]
pub struct LatePage {
    /// What every page knows.
    pub page: Page,
    /// The results of the flow.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Answers.
    pub rows: Vec<LateLine>,
}
