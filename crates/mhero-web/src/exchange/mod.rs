//! The exchange log, `/exchange`: each call of and to another system, one of them with what belongs to it, calls that wait or were given
//! up, and the accounts of programs.

mod clients;
mod letters;
mod list;
mod one;
pub mod view;

use axum::{Router, routing::get};
use mhero_exchange::{clients::Clients, journal::Journal, openhim::Mediator};

use crate::{
    errors::{Fault, Refusal},
    page::Page,
    parts::Choice,
    state::State,
};

/// What stands beside the log where a server runs.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The log.
    pub journal: Journal,
    /// Accounts of programs.
    pub clients: Clients,
    /// OpenHIM, where this installation is registered with it.
    pub mediator: Option<Mediator>,
}

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/exchange", get(list::show_all).post(list::again))
        .route("/exchange/dead", get(letters::show_all).post(letters::press))
        .route("/exchange/clients", get(clients::show_all).post(clients::press))
        .route("/exchange/{id}", get(one::open).post(one::again))
}

/// What stands beside the log; without it there is no such page.
fn beside(state: &State) -> Result<&Beside, Fault> {
    state.options.exchange.as_ref().ok_or(Fault::Refused(Refusal::NotFound))
}

/// The pages of this noun. Accounts are for administrators.
fn tabs(page: &Page, here: &str, may_set: bool) -> Vec<Choice> {
    let mut tabs = vec![("/exchange", "exchange-log"), ("/exchange/dead", "exchange-letters")];
    if may_set {
        tabs.push(("/exchange/clients", "exchange-clients"));
    }
    let tab = |(href, key): (&str, &str)| Choice {
        value: href.to_owned(),
        words: page.t(key),
        people: None,
        is_on: href == here,
    };
    tabs.into_iter().map(tab).collect()
}
