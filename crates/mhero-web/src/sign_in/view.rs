//! The pages of the door.

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
    /// The same, for the query of an address.
    pub onward: String,
    /// Why it did not work.
    pub fault: Option<String>,
    /// The name of the ministry's own sign-in, where there is one.
    pub provider: Option<String>,
}

/// `/sign-in/code`.
#[derive(Template)]
#[template(path = "sign_in/code.html")]
pub struct CodePage {
    /// What every page knows.
    pub page: Page,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// The same, for the query of an address.
    pub onward: String,
    /// Whether a recovery code is asked.
    pub is_paper: bool,
    /// Why it did not work.
    pub fault: Option<String>,
}

/// After signing out here, the way to sign out at the provider.
#[derive(Template)]
#[template(path = "sign_in/out.html")]
pub struct SignedOutPage {
    /// What every page knows.
    pub page: Page,
    /// The name of the provider.
    pub name: String,
    /// Its address for that.
    pub href: String,
}
