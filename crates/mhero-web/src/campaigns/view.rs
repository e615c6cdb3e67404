//! The pages of campaigns.

use askama::Template;
use mhero_core::Right;

use crate::{
    page::{Band, Page},
    parts::Choice,
};

/// An event of a campaign.
#[derive(Clone, Debug)]
pub struct EventLine {
    /// Its id, for the form.
    pub id: String,
    /// "3 days before Appointment, at 09:00".
    pub when: String,
    /// The flow that it starts, or empty.
    pub flow: String,
    /// That flow's page.
    pub flow_href: String,
    /// Its texts: tag of the language and text.
    pub texts: Vec<(String, String)>,
    /// What happens to who is in a conversation.
    pub mode: String,
    /// How many firings are planned.
    pub planned: i64,
    /// How many were done.
    pub done: i64,
    /// Who was left out, with the reason in words.
    pub left_out: Vec<(String, i64)>,
    /// When the next is due; empty for never.
    pub next: String,
}

/// A campaign.
#[derive(Clone, Debug)]
pub struct CampaignShown {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its group.
    pub group: String,
    /// That group's page.
    pub group_href: String,
    /// Its events.
    pub events: Vec<EventLine>,
}

/// `/campaigns`.
#[derive(Template)]
#[template(path = "campaigns/list.html")]
pub struct CampaignsPage {
    /// What every page knows.
    pub page: Page,
    /// Campaigns by name.
    pub rows: Vec<CampaignShown>,
}

/// `/campaigns/new`.
#[derive(Template)]
#[template(path = "campaigns/new.html")]
pub struct NewCampaignPage {
    /// What every page knows.
    pub page: Page,
    /// The name as typed.
    pub name: String,
    /// Groups.
    pub groups: Vec<Choice>,
    /// What could not be done.
    pub fault: Option<String>,
}

/// A text of the form of an event.
#[derive(Clone, Debug)]
pub struct TextField {
    /// The code of the language, in the name of the field.
    pub code: String,
    /// BCP 47.
    pub tag: String,
    /// "Message in French".
    pub label: String,
    /// As typed.
    pub text: String,
}

/// What the form of an event holds, as typed.
#[derive(Clone, Debug, Default)]
pub struct EventForm {
    /// Dates.
    pub fields: Vec<Choice>,
    /// How many units.
    pub offset: String,
    /// Units.
    pub units: Vec<Choice>,
    /// Before or after.
    pub sides: Vec<Choice>,
    /// The hour, or as the date has it.
    pub hours: Vec<Choice>,
    /// No flow, or one.
    pub flows: Vec<Choice>,
    /// Messages.
    pub texts: Vec<TextField>,
    /// What happens to who is in a conversation.
    pub modes: Vec<Choice>,
}

/// `/campaigns/{id}`.
#[derive(Template)]
#[template(path = "campaigns/page.html")]
pub struct CampaignPage {
    /// By which code a worker asks whether it is true, and how often somebody did.
    pub code: Option<String>,
    /// What every page knows.
    pub page: Page,
    /// The campaign.
    pub campaign: CampaignShown,
    /// The form of a new event.
    pub form: EventForm,
    /// Whether the reader was asked whether to put it away.
    pub is_asked: bool,
    /// What could not be done.
    pub fault: Option<String>,
}
