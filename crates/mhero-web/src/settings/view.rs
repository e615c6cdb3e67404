//! Users and words.

use askama::Template;
use jiff::Timestamp;
use mhero_signin::UserIdentity;

use crate::{
    page::{Band, Page},
    parts::Choice,
};

/// A user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Id in addresses.
    pub id: String,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Role in words.
    pub role: String,
    /// Where: a place, or the whole country.
    pub place: String,
    /// Last signed in.
    pub seen: Option<Timestamp>,
    /// Nobody disables themselves.
    pub may_disable: bool,
    /// Whether they have a second factor.
    pub has_factor: bool,
}

/// What was typed for a new user, where it could not be used.
#[derive(Clone, Debug, Default)]
pub struct TypedUser {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Place.
    pub place: String,
}

/// `/settings/users`.
#[derive(Template)]
#[template(path = "settings/users.html")]
pub struct UsersPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Users.
    pub rows: Vec<UserRow>,
    /// Roles.
    pub roles: Vec<Choice>,
    /// Programmes that a role can be narrowed to; empty where there is none.
    pub programmes: Vec<Choice>,
    /// What was typed.
    pub typed: TypedUser,
    /// Why one was not added.
    pub fault: Option<String>,
}

/// A programme, or one that was typed.
#[derive(Clone, Debug, Default)]
pub struct ProgrammeRow {
    /// The short word that commands take.
    pub code: String,
    /// Its name for the reader.
    pub name: String,
    /// Its name in English, or empty.
    pub english: String,
    /// Its name in French, or empty.
    pub french: String,
}

/// `/settings/programmes`.
#[derive(Template)]
#[template(path = "settings/programmes.html")]
pub struct ProgrammesPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Programmes, by code.
    pub rows: Vec<ProgrammeRow>,
    /// What was typed for a new one.
    pub typed: ProgrammeRow,
    /// Why something was not done.
    pub fault: Option<String>,
}

/// A text field of the words page.
#[derive(Clone, Debug)]
pub struct Field {
    /// Id and name.
    pub id: String,
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
    /// BCP 47 of the value, or empty.
    pub tag: String,
    /// Words under it, or empty.
    pub hint: String,
}

/// Words that phones may write, with commas.
#[derive(Clone, Debug)]
pub struct PhoneWord {
    /// Name of the field: `stop`, `keyword.ALERT.eng`.
    pub name: String,
    /// What they do: "To leave".
    pub label: String,
    /// The words.
    pub value: String,
}

/// `/settings/words`.
#[derive(Template)]
#[template(path = "settings/words.html")]
pub struct WordsPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Names of ministry and country by language, sender, short code.
    pub names: Vec<Field>,
    /// Quiet hours: from and until, `20:00`.
    pub quiet: (String, String),
    /// The numbering country that numbers without a prefix belong to: `LR`.
    pub country: String,
    /// Further numbering countries: `GN, SL`.
    pub countries: String,
    /// The zone of the installation.
    pub zone: String,
    /// Words that phones may write.
    pub phones: Vec<PhoneWord>,
    /// What is wrong.
    pub fault: Option<String>,
}

/// A role of a user.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Its id, for the form that takes it away.
    pub id: String,
    /// The role in words.
    pub role: String,
    /// Where: a place, or the whole country.
    pub place: String,
}

/// `/settings/users/{id}`.
#[derive(Template)]
#[template(path = "settings/user.html")]
pub struct UserPage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// Nobody shuts themselves out.
    pub is_self: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Where codes and warnings go by SMS, and from where answers count; empty for none.
    pub phone: String,
    /// Roles.
    pub grants: Vec<GrantRow>,
    /// Roles to give.
    pub roles: Vec<Choice>,
    /// Programmes that a role can be narrowed to; empty where there is none.
    pub programmes: Vec<Choice>,
    /// Whether they have a second factor.
    pub has_factor: bool,
    /// Who they are at the ministry's own sign-in.
    pub identities: Vec<UserIdentity>,
    /// Why something was not done.
    pub fault: Option<String>,
}

/// `/settings/sign-in`.
#[derive(Template)]
#[template(path = "settings/sign_in.html")]
pub struct DoorPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of Settings.
    pub tabs: Vec<Choice>,
    /// Of whom a second factor is asked.
    pub asked: Vec<Choice>,
    /// Minutes after which a fresh code is asked, as typed.
    pub fresh: String,
    /// How many send or approve.
    pub senders: i64,
    /// How many of them have a second factor.
    pub with: i64,
    /// Name and issuer of the ministry's own sign-in.
    pub provider: Option<(String, String)>,
    /// What is wrong.
    pub fault: Option<String>,
}
