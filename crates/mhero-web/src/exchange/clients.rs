//! Accounts of programs, and how OpenHIM stands.

use axum::{http::StatusCode, response::Response};
use mhero_app::{AppError, NewToken};
use mhero_core::{Right, Role, sandbox};
use mhero_exchange::clients::{ClientPage, RuleChange};
use serde::Deserialize;

use super::{
    beside, tabs,
    view::{ClientRow, ClientsPage, ExchangeFact, MadeClient, OpenHimView, TypedClient},
};
use crate::{
    errors::{Fault, show},
    marks::Mark,
    page::{Here, Page},
    settings,
    state::{Form, Signed, State},
    words::Arg,
};

/// `GET /exchange/clients`.
pub(super) async fn show_all(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    shown(&state, &signed, Told::default(), StatusCode::OK).await
}

/// What the page tells of what was just done.
#[derive(Default)]
struct Told {
    fault: Option<String>,
    made: Option<MadeClient>,
    typed: TypedClient,
    typed_fault: Option<String>,
}

async fn shown(state: &State, signed: &Signed, told: Told, status: StatusCode) -> Result<Response, Fault> {
    let beside = beside(state)?;
    let page = signed.page("exchange-clients", Here::Exchanges);
    let accounts = beside.clients.list(&signed.caller).await?;
    let shown = ClientsPage {
        tabs: tabs(&page, "/exchange/clients", &signed.caller.scope),
        rows: accounts.iter().map(|account| row(&page, account)).collect(),
        openhim: beside.mediator.as_ref().map(|mediator| openhim(&page, mediator)),
        made: told.made,
        typed: told.typed,
        typed_fault: told.typed_fault,
        fault: told.fault,
        page,
    };
    Ok(show(status, &shown))
}

fn row(page: &Page, account: &ClientPage) -> ClientRow {
    let token = &account.account.token;
    let roles: Vec<String> =
        account.account.grants.iter().map(|grant| page.t(&format!("role-{}", grant.role.as_str()))).collect();
    ClientRow {
        name: token.name.clone(),
        role: roles.join(", "),
        used: token.used_at,
        is_revoked: token.revoked_at.is_some(),
        is_in_sandbox: account.account.grants.iter().any(|grant| grant.place == Some(sandbox::place())),
        kinds: account.kinds.join(" "),
        networks: account.networks.join(" "),
        issuer: account.issuer.clone().unwrap_or_default(),
        audience: account.audience.clone().unwrap_or_default(),
        subject: account.subject.clone().unwrap_or_default(),
        keys_url: account.keys_url.clone().unwrap_or_default(),
        certificate: account.certificate.clone().unwrap_or_default(),
        has_keys: account.has_keys,
        told_at: account.told_at,
    }
}

fn openhim(page: &Page, mediator: &mhero_exchange::openhim::Mediator) -> OpenHimView {
    let state = mediator.state();
    let fact = |key: &str, value: String| ExchangeFact { name: page.t(key), value, href: None };
    let mut facts = vec![fact("openhim-urn", mediator.settings().urn.clone())];
    facts.extend(state.registered_at.map(|at| fact("openhim-registered", page.stamp(&at))));
    facts.extend(state.heard_at.map(|at| fact("openhim-heard", page.stamp(&at))));
    facts.extend(state.configured_at.map(|at| fact("openhim-configured", page.stamp(&at))));
    let sources = if state.pushed.sources.is_empty() { page.t("openhim-sources-all") } else { state.pushed.sources };
    facts.push(fact("openhim-sources", sources));
    let (mark, key) = match (&state.trouble, state.heard_at) {
        (Some(_), _) => (Mark::Failed, "openhim-trouble"),
        (None, Some(_)) => (Mark::Good, "openhim-good"),
        (None, None) => (Mark::Waiting, "openhim-begins"),
    };
    OpenHimView { mark, state: page.t(key), trouble: state.trouble.map(|trouble| trouble.to_string()), facts }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    name: String,
    kinds: String,
    networks: String,
    issuer: String,
    audience: String,
    subject: String,
    keys_url: String,
    keys: String,
    everybody: String,
    certificate: String,
}

/// `POST /exchange/clients`: narrows an account.
pub(super) async fn press(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    let list = |text: &str| -> Vec<String> {
        text.split([' ', ',', '\n', '\r']).filter(|item| !item.is_empty()).map(ToOwned::to_owned).collect()
    };
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let change = RuleChange {
        kinds: list(&pressed.kinds),
        networks: list(&pressed.networks),
        issuer: some(&pressed.issuer),
        audience: some(&pressed.audience),
        subject: some(&pressed.subject),
        keys: some(&pressed.keys),
        keys_url: some(&pressed.keys_url),
        everybody: !pressed.everybody.is_empty(),
        certificate: some(&pressed.certificate),
    };
    match beside(&state)?.clients.set_rule(&signed.caller, &pressed.name, &change).await {
        Ok(()) => signed.done("client-saved", &[("name", Arg::Text(pressed.name))], "/exchange/clients").await,
        Err(AppError::Invalid(reason)) => {
            let told = Told { fault: Some(signed.page.words.reason(&reason)), ..Told::default() };
            shown(&state, &signed, told, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct New {
    name: String,
    place: String,
    sandbox: String,
}

/// `POST /exchange/clients/new`: an account for a program, for the country or for the sandbox. Its token is on the page that answers,
/// and nowhere after.
pub(super) async fn add(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Form(new): Form<New>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    beside(&state)?;
    match made(&signed, &new).await {
        Ok(token) => {
            let made = MadeClient { name: new.name.trim().to_owned(), token };
            shown(&state, &signed, Told { made: Some(made), ..Told::default() }, StatusCode::OK).await
        }
        Err(AppError::Invalid(reason)) => {
            let typed =
                TypedClient { is_in_sandbox: new.is_in_sandbox(), name: new.name.clone(), place: new.place.clone() };
            let fault = Some(signed.page.words.reason(&reason));
            let told = Told { typed, typed_fault: fault, ..Told::default() };
            shown(&state, &signed, told, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

impl New {
    fn is_in_sandbox(&self) -> bool {
        !self.sandbox.is_empty()
    }
}

async fn made(signed: &Signed, new: &New) -> Result<String, AppError> {
    let place = match (new.is_in_sandbox(), new.place.trim().is_empty()) {
        (true, false) => return Err(AppError::invalid("client-sandbox-place", [])),
        (true, true) => Some(signed.app.make_sandbox(&signed.caller).await?),
        (false, _) => settings::place(signed, &new.place).await?,
    };
    let token = NewToken { name: new.name.clone(), role: Role::Integrator, place, programme: None };
    signed.app.create_token(&signed.caller, token).await
}
