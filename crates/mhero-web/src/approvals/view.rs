//! Approvals: the list, one broadcast as the second person reads it, and the setting.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::Choice,
    people::view::Fact,
};

/// One broadcast in the list.
#[derive(Clone, Debug)]
pub struct ApprovalRow {
    /// Its name.
    pub name: String,
    /// Where it is read and decided.
    pub href: String,
    /// "Hawa Karnley asked 09:12".
    pub about: String,
    /// "3,898 people".
    pub people: String,
    /// Mark of its state.
    pub mark: Mark,
    /// Its state.
    pub state: String,
}

/// `/approvals`.
#[derive(Template)]
#[template(path = "approvals/list.html")]
pub struct ApprovalsPage {
    /// What every page knows.
    pub page: Page,
    /// Those that wait, the oldest first.
    pub waiting: Vec<ApprovalRow>,
    /// Those that were decided, the latest first.
    pub decided: Vec<ApprovalRow>,
}

/// A text in one language.
#[derive(Clone, Debug)]
pub struct ReadText {
    /// BCP 47.
    pub tag: String,
    /// "French, to 987".
    pub head: String,
    /// As it leaves, mark and code included; expressions with the longest values.
    pub text: String,
}

/// The form of the second person.
#[derive(Clone, Debug, Default)]
pub struct DecisionForm {
    /// The digest of what is shown.
    pub shown: String,
    /// The number to type.
    pub people: i64,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The reason for sending back, as typed.
    pub reason: String,
    /// What is wrong with that.
    pub reason_fault: Option<String>,
    /// "YES 902 and the code that came", where phones were asked.
    pub by_phone: Option<String>,
}

/// `/broadcasts/{id}/approve`.
#[derive(Template)]
#[template(path = "approvals/page.html")]
pub struct ApprovePage {
    /// What every page knows.
    pub page: Page,
    /// Where its forms go.
    pub action: String,
    /// The broadcast's own page.
    pub broadcast: String,
    /// "Approve “Measles week”?"
    pub head: String,
    /// Who asked, and who reads.
    pub lead: String,
    /// The audience as a sentence.
    pub said: String,
    /// The texts.
    pub texts: Vec<ReadText>,
    /// Phones.
    pub people: i64,
    /// "real phones".
    pub phones: String,
    /// SMS in all.
    pub sms: i64,
    /// "SMS", or for a start "SMS at least".
    pub sms_words: String,
    /// Whether it is the start of a flow.
    pub is_start: bool,
    /// When, who is left out, how urgent, what if it is wrong.
    pub facts: Vec<Fact>,
    /// The form, for whoever may decide.
    pub form: Option<DecisionForm>,
    /// Why there is no form: decided, one's own, changed.
    pub note: Option<String>,
    /// Whether the reader wrote it and it still waits: they may ask again or take it back.
    pub is_own: bool,
    /// Something else that went wrong.
    pub fault: Option<String>,
    /// A once-only key for its forms.
    pub once: String,
}

/// Somebody who may agree.
#[derive(Clone, Debug)]
pub struct ApproverRow {
    /// Their name.
    pub name: String,
    /// Their page under Settings.
    pub href: String,
    /// Their phone, masked; `None` without one.
    pub phone: Option<String>,
}

/// `/settings/approvals`.
#[derive(Template)]
#[template(path = "approvals/settings.html")]
pub struct ApprovalSettingsPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Above how many people, as typed.
    pub above: String,
    /// Minutes for which a code counts, as typed.
    pub minutes: String,
    /// Who may agree.
    pub approvers: Vec<ApproverRow>,
    /// What is wrong.
    pub fault: Option<String>,
}

/// When a thing was, for lists.
pub(super) fn at(micros: i64) -> Timestamp {
    mhero_core::timestamp(micros)
}
