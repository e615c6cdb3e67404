//! What the pages about cost show.

use askama::Template;
use jiff::Timestamp;
use mhero_core::Right;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
};

/// A price in a list.
#[derive(Clone, Debug)]
pub struct PriceLine {
    /// The channel.
    pub channel: String,
    /// The operator, or "Everybody else".
    pub operator: String,
    /// "To phones".
    pub direction: String,
    /// "0.02 USD".
    pub price: String,
    /// "The ministry pays".
    pub payer: String,
    /// Since or from when.
    pub from: Timestamp,
    /// Holds, will hold, or has held.
    pub mark: Mark,
    /// The same in a word.
    pub state: String,
    /// What takes it back, where that may still be.
    pub drop: Option<String>,
}

/// `/settings/channels/prices`.
#[derive(Template)]
#[template(path = "costs/prices.html")]
pub struct PricesPage {
    /// What every page knows.
    pub page: Page,
    /// The tabs of Settings.
    pub tabs: Vec<Choice>,
    /// The currency, or empty.
    pub currency: String,
    /// Whether another may still be said.
    pub may_change: bool,
    /// The prices.
    pub rows: Vec<PriceLine>,
    /// Channels to choose from.
    pub channels: Vec<Choice>,
    /// Operators to choose from.
    pub operators: Vec<Choice>,
    /// Directions to choose from.
    pub directions: Vec<Choice>,
    /// Who may pay.
    pub payers: Vec<Choice>,
    /// The amount as typed.
    pub amount: String,
    /// The day as typed, `2026-05-14`.
    pub from: String,
    /// What is wrong.
    pub fault: Option<String>,
}

/// A budget in a list.
#[derive(Clone, Debug)]
pub struct BudgetLine {
    /// The id.
    pub id: String,
    /// The programme, or "All that is sent".
    pub name: String,
    /// "Each month".
    pub period: String,
    /// "12.40 USD of 50.00 USD".
    pub spent: String,
    /// "37.60 USD".
    pub left: String,
    /// Width of the bar, 0 to 100.
    pub width: i64,
    /// How it stands.
    pub mark: Mark,
    /// The same in words.
    pub state: String,
    /// What happens when it is used up.
    pub end: String,
    /// Whether its stop may be lifted now.
    pub may_lift: bool,
    /// Until when it is lifted.
    pub lifted: Option<Timestamp>,
    /// Whether it is being changed just now.
    pub is_open: bool,
}

/// `/settings/budgets`.
#[derive(Template)]
#[template(path = "costs/budgets.html")]
pub struct BudgetsPage {
    /// What every page knows.
    pub page: Page,
    /// The tabs of Settings.
    pub tabs: Vec<Choice>,
    /// The currency, or empty.
    pub currency: String,
    /// The budgets.
    pub rows: Vec<BudgetLine>,
    /// Programmes to choose from.
    pub programmes: Vec<Choice>,
    /// Periods to choose from.
    pub periods: Vec<Choice>,
    /// The amount as typed.
    pub amount: String,
    /// The share as typed.
    pub warn: String,
    /// Whether it stops.
    pub stops: bool,
    /// Which budget is changed, or empty for a new one.
    pub id: String,
    /// The name of the one that is changed.
    pub changing: String,
    /// The reason for lifting as typed.
    pub reason: String,
    /// What is wrong.
    pub fault: Option<String>,
}

/// A channel and operator of a day.
#[derive(Clone, Debug)]
pub struct DayRow {
    /// The channel.
    pub channel: String,
    /// The operator.
    pub operator: String,
    /// Messages.
    pub messages: i64,
    /// SMS.
    pub segments: i64,
    /// Delivered by report.
    pub delivered: i64,
    /// Without report.
    pub unreported: i64,
    /// Failed.
    pub failed: i64,
    /// Uncertain.
    pub uncertain: i64,
    /// Never taken.
    pub not_sent: i64,
    /// Cost, or a dash.
    pub cost: String,
    /// Came.
    pub heard: i64,
}

/// A bill in a list.
#[derive(Clone, Debug)]
pub struct BillLine {
    /// Its page.
    pub href: String,
    /// The file.
    pub name: String,
    /// The channel.
    pub channel: String,
    /// "1 May 2026 to 31 May 2026".
    pub days: String,
    /// Differences.
    pub differing: i64,
    /// How it stands.
    pub mark: Mark,
    /// The same in words.
    pub state: String,
}

/// What was typed for columns.
#[derive(Clone, Debug)]
pub struct ColumnField {
    /// The name of the field.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// As typed.
    pub value: String,
}

/// `/reconcile`.
#[derive(Template)]
#[template(path = "costs/day.html")]
pub struct DayPage {
    /// What every page knows.
    pub page: Page,
    /// The day in words.
    pub day: String,
    /// The day, `2026-05-14`.
    pub value: String,
    /// The day before.
    pub before: String,
    /// The day after, unless that is to come.
    pub after: Option<String>,
    /// By channel and operator.
    pub rows: Vec<DayRow>,
    /// All together.
    pub total: DayRow,
    /// Parts without a price.
    pub unpriced: i64,
    /// What came costs, where it does.
    pub heard_cost: Option<String>,
    /// The table as a file.
    pub csv: String,
    /// Bills that were compared.
    pub bills: Vec<BillLine>,
    /// Channels to choose from.
    pub channels: Vec<Choice>,
    /// Titles of columns.
    pub columns: Vec<ColumnField>,
    /// Whether a title was typed.
    pub are_columns_open: bool,
    /// The largest file, in MB.
    pub max: i64,
    /// What is wrong.
    pub fault: Option<String>,
}

/// A difference.
#[derive(Clone, Debug)]
pub struct DifferenceLine {
    /// "Billed, but never sent by us".
    pub kind: String,
    /// What the two say.
    pub words: String,
    /// "Line 12".
    pub line: String,
    /// When.
    pub at: Option<Timestamp>,
    /// The number, masked.
    pub number: String,
    /// What leads to it from elsewhere.
    pub anchor: String,
    /// What stands behind the message, where there is one that the reader may see.
    pub message: Option<String>,
    /// To whom it went.
    pub person: Option<String>,
}

/// `/reconcile/{bill}`.
#[derive(Template)]
#[template(path = "costs/bill.html")]
pub struct BillPage {
    /// What every page knows.
    pub page: Page,
    /// The file.
    pub name: String,
    /// The channel and the days.
    pub lead: String,
    /// Where the page stands.
    pub href: String,
    /// What both say, a sentence each.
    pub facts: Vec<String>,
    /// Kinds to choose from.
    pub kinds: Vec<Choice>,
    /// The differences.
    pub rows: Vec<DifferenceLine>,
    /// More of them.
    pub next: Option<String>,
    /// Whether it may be taken away.
    pub may_drop: bool,
}
