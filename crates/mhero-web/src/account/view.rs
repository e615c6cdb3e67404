//! The reader's own account.

use askama::Template;
use jiff::Timestamp;
use mhero_signin::{Enrolment, Standing};

use crate::{
    page::{Band, Page},
    people::view::Fact,
};

/// `/account`.
#[derive(Template)]
#[template(path = "account/page.html")]
pub struct AccountPage {
    /// What every page knows.
    pub page: Page,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Role and places.
    pub facts: Vec<Fact>,
    /// How many browsers are signed in.
    pub sessions: i64,
    /// How they stand with their second factor.
    pub factor: Standing,
    /// Why the password was not changed.
    pub fault: Option<String>,
}

/// `/account/second-factor`.
#[derive(Template)]
#[template(path = "account/second_factor.html")]
pub struct FactorPage {
    /// What every page knows.
    pub page: Page,
    /// Since when there is one.
    pub since: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub codes_left: i64,
    /// What the phone needs, while it is set up.
    pub enrolment: Option<Enrolment>,
    /// Whether nothing else can be opened before.
    pub owes: bool,
    /// Whether the rule asks one of the reader, so that it can't be taken away.
    pub is_asked: bool,
    /// Which form the fault belongs to.
    pub at: String,
    /// Why something was not done.
    pub fault: Option<String>,
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "account/codes.html")]
pub struct CodesPage {
    /// What every page knows.
    pub page: Page,
    /// Whether the second factor was just set up.
    pub is_new: bool,
    /// The codes.
    pub codes: Vec<String>,
}
