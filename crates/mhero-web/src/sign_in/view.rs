//! The sign-in page.

use askama::Template;

use crate::page::{Band, Page};

/// `/sign-in`.
#[derive(Template)]
#[template(path = "sign_in/page.html")]
pub struct SignInPage {
    /// What every page knows.
    pub page: Page,
    /// What was typed as login.
    pub id: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// Why it did not work.
    pub fault: Option<String>,
}
