//! The exchange log: rows, one exchange, calls that must arrive, accounts.

use askama::Template;
use jiff::Timestamp;

use crate::{
    marks::Mark,
    page::{Band, Page},
    parts::{Choice, Pager},
};

/// One exchange.
#[derive(Clone, Debug)]
pub struct ExchangeRow {
    /// Its id.
    pub id: String,
    /// When it began.
    pub at: Timestamp,
    /// "iHRIS".
    pub peer: String,
    /// "to us", "from us".
    pub direction: String,
    /// "POST /fhir/Practitioner".
    pub what: String,
    /// Its page.
    pub href: String,
    /// Mark of the outcome.
    pub mark: Mark,
    /// "200, answered".
    pub answer: String,
    /// "41 ms".
    pub took: String,
    /// How many more just like it.
    pub folded: i64,
    /// Whether it may be chosen for asking again.
    pub may_rerun: bool,
}

/// `/exchange`.
#[derive(Template)]
#[template(path = "exchange/list.html")]
pub struct ExchangesPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of this noun.
    pub tabs: Vec<Choice>,
    /// Systems.
    pub peers: Vec<Choice>,
    /// To us, from us.
    pub directions: Vec<Choice>,
    /// Outcomes.
    pub results: Vec<Choice>,
    /// What is looked for.
    pub what: String,
    /// Since which day.
    pub since: String,
    /// Whether anything narrows the list.
    pub is_filtered: bool,
    /// Rows that this process could not write.
    pub lost: i64,
    /// Exchanges, the newest first.
    pub rows: Vec<ExchangeRow>,
    /// Whether the reader may have some asked again.
    pub may_rerun: bool,
    /// Pages.
    pub pager: Pager,
}

/// Something that is known.
#[derive(Clone, Debug)]
pub struct ExchangeFact {
    /// What.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// `/exchange/{id}`.
#[derive(Template)]
#[template(path = "exchange/page.html")]
pub struct ExchangePage {
    /// What every page knows.
    pub page: Page,
    /// The exchange.
    pub row: ExchangeRow,
    /// What is known of it.
    pub facts: Vec<ExchangeFact>,
    /// What belongs together, the oldest first; true for this one.
    pub timeline: Vec<(bool, ExchangeRow)>,
    /// What repeated it.
    pub reruns: Vec<ExchangeRow>,
    /// Whether bodies were kept.
    pub has_bodies: bool,
    /// What was sent.
    pub sent: String,
    /// What was answered.
    pub answered: String,
    /// Whether it can be asked again.
    pub can_rerun: bool,
    /// Why it can't.
    pub why_not: Option<String>,
}

/// A call that must arrive.
#[derive(Clone, Debug)]
pub struct LetterRow {
    /// Its id.
    pub id: String,
    /// Since when.
    pub at: Timestamp,
    /// To whom.
    pub peer: String,
    /// "PUT /transactions/17".
    pub what: String,
    /// Why it did not arrive.
    pub why: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_at: Timestamp,
}

/// `/exchange/dead`.
#[derive(Template)]
#[template(path = "exchange/letters.html")]
pub struct LettersPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of this noun.
    pub tabs: Vec<Choice>,
    /// Given up, waiting.
    pub states: Vec<Choice>,
    /// Whether these were given up.
    pub is_dead: bool,
    /// Calls, the newest first.
    pub rows: Vec<LetterRow>,
    /// Whether the reader may have them tried again.
    pub may_revive: bool,
    /// Pages.
    pub pager: Pager,
}

/// A program that is told what happens.
#[derive(Clone, Debug)]
pub struct WebHookRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// "dashboard.moh.example · dashboard": the host, and the account whose places count.
    pub about: String,
    /// "message.received", "run.finished".
    pub events: Vec<&'static str>,
    /// Mark of the state.
    pub mark: Mark,
    /// "On", "Off", "Given up".
    pub state: String,
    /// Why the last event did not arrive, or nothing.
    pub why: String,
    /// Whether that stands in English, as the other side or the network said it.
    pub why_is_foreign: bool,
    /// Events that wait.
    pub waiting: i64,
    /// Events that were refused for good.
    pub dead: i64,
    /// Since when.
    pub since: Timestamp,
    /// Whether it is on.
    pub is_on: bool,
}

/// `/exchange/webhooks`.
#[derive(Template)]
#[template(path = "exchange/webhooks.html")]
pub struct WebHooksPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of this noun.
    pub tabs: Vec<Choice>,
    /// Web hooks, by name.
    pub rows: Vec<WebHookRow>,
    /// Whether the reader may open the log and what was given up.
    pub may_audit: bool,
    /// What could not be done.
    pub fault: Option<String>,
}

/// An account of a program.
#[derive(Clone, Debug)]
pub struct ClientRow {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// When it was last used.
    pub used: Option<Timestamp>,
    /// Whether it was taken back.
    pub is_revoked: bool,
    /// Whether it is of the sandbox.
    pub is_in_sandbox: bool,
    /// Kinds of resources.
    pub kinds: String,
    /// Networks.
    pub networks: String,
    /// Who signs its tokens.
    pub issuer: String,
    /// For whom.
    pub audience: String,
    /// Whose.
    pub subject: String,
    /// Where its keys are read.
    pub keys_url: String,
    /// The certificate that it must show.
    pub certificate: String,
    /// Whether keys are known.
    pub has_keys: bool,
    /// When administrators were told that it fails.
    pub told_at: Option<Timestamp>,
}

/// An account that somebody typed.
#[derive(Clone, Debug, Default)]
pub struct TypedClient {
    /// Its name.
    pub name: String,
    /// Its place, or empty.
    pub place: String,
    /// Whether it is for the sandbox.
    pub is_in_sandbox: bool,
}

/// An account that was just made: its name, and the token that is shown this once.
#[derive(Clone, Debug)]
pub struct MadeClient {
    /// Its name.
    pub name: String,
    /// Its token.
    pub token: String,
}

/// How OpenHIM stands.
#[derive(Clone, Debug)]
pub struct OpenHimView {
    /// Mark of the state.
    pub mark: Mark,
    /// "registered".
    pub state: String,
    /// What is wrong.
    pub trouble: Option<String>,
    /// What is known.
    pub facts: Vec<ExchangeFact>,
}

/// `/exchange/clients`.
#[derive(Template)]
#[template(path = "exchange/clients.html")]
pub struct ClientsPage {
    /// What every page knows.
    pub page: Page,
    /// The pages of this noun.
    pub tabs: Vec<Choice>,
    /// Accounts, by name.
    pub rows: Vec<ClientRow>,
    /// OpenHIM, where this installation is registered with it.
    pub openhim: Option<OpenHimView>,
    /// The account that was just made.
    pub made: Option<MadeClient>,
    /// The form of a new account.
    pub typed: TypedClient,
    /// What is wrong with that.
    pub typed_fault: Option<String>,
    /// What could not be saved.
    pub fault: Option<String>,
}
