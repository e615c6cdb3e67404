//! The reader's own account.

use askama::Template;

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
    /// Why the password was not changed.
    pub fault: Option<String>,
}
