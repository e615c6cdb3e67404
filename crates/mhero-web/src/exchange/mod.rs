//! The exchange log, `/exchange`: each call of and to another system, one of them with what belongs to it, calls that wait or were given
//! up, the programs that are told what happens, and the accounts of programs.

mod clients;
mod letters;
mod list;
mod one;
pub mod view;
mod webhooks;

use axum::{
    Router,
    routing::{get, post},
};
use mhero_core::{Right, Scope};
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
        .route("/exchange/clients/new", post(clients::add))
        .route("/exchange/webhooks", get(webhooks::show_all).post(webhooks::press))
        .route("/exchange/{id}", get(one::open).post(one::again))
}

/// What stands beside the log; without it there is no such page.
fn beside(state: &State) -> Result<&Beside, Fault> {
    state.options.exchange.as_ref().ok_or(Fault::Refused(Refusal::NotFound))
}

/// The pages of this noun that the reader may open.
fn tabs(page: &Page, here: &str, scope: &Scope) -> Vec<Choice> {
    let tabs = [
        ("/exchange", "exchange-log", Right::Audit),
        ("/exchange/dead", "exchange-letters", Right::Audit),
        ("/exchange/webhooks", "exchange-webhooks", Right::Api),
        ("/exchange/clients", "exchange-clients", Right::Settings),
    ];
    let tab = |(href, key, _): (&str, &str, Right)| Choice {
        value: href.to_owned(),
        words: page.t(key),
        people: None,
        is_on: href == here,
    };
    tabs.into_iter().filter(|(_, _, right)| scope.may(*right)).map(tab).collect()
}
