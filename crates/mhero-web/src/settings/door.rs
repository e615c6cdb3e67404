//! How people sign in, `/settings/sign-in`: of whom a second factor is asked, and the ministry's own sign-in as it is set up.

use axum::{extract::State as Extract, http::StatusCode, response::Response};
use mhero_app::AppError;
use mhero_core::{Right, Rights};
use mhero_signin::{AskedOf, FactorRule};
use serde::Deserialize;

use super::{tabs, view::DoorPage};
use crate::{
    errors::{Fault, show},
    page::Here,
    parts::Choice,
    state::{Form, Signed, State},
};

/// The rule as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    asked_of: String,
    fresh: String,
}

impl Typed {
    fn of(rule: FactorRule) -> Self {
        let fresh = rule.fresh_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        Self { asked_of: rule.asked_of.as_str().to_owned(), fresh }
    }

    fn rule(&self) -> Result<FactorRule, AppError> {
        let asked_of = AskedOf::read(&self.asked_of).ok_or_else(|| AppError::invalid("factor-asked-unknown", []))?;
        let fresh = self.fresh.trim();
        let minutes = || fresh.parse().map_err(|_| AppError::invalid("factor-minutes-number", []));
        let fresh_minutes = if fresh.is_empty() { None } else { Some(minutes()?) };
        Ok(FactorRule { asked_of, fresh_minutes })
    }
}

/// `GET /settings/sign-in`.
pub(super) async fn open(Extract(state): Extract<State>, signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = Typed::of(signed.factors.rule().await?);
    page(&state, &signed, StatusCode::OK, typed, None).await
}

/// `POST /settings/sign-in`.
pub(super) async fn save(
    Extract(state): Extract<State>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let saved = match typed.rule() {
        Ok(rule) => signed.factors.set_rule(&signed.caller, rule).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => signed.done("settings-saved", &[], "/settings/sign-in").await,
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            page(&state, &signed, StatusCode::UNPROCESSABLE_ENTITY, typed, fault).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    state: &State,
    signed: &Signed,
    status: StatusCode,
    typed: Typed,
    fault: Option<String>,
) -> Result<Response, Fault> {
    let owners = signed.factors.owners(&signed.caller).await?;
    let users = signed.app.users(&signed.caller).await?;
    let senders: Vec<_> = users
        .iter()
        .filter(|found| {
            let rights = Rights::of(found.grants.iter().map(|grant| grant.role));
            found.user.active && rights.has(Right::Console) && (rights.has(Right::Send) || rights.has(Right::Approve))
        })
        .collect();
    let with = senders.iter().filter(|found| owners.contains(&found.user.id)).count();
    let choice = |one: AskedOf| Choice {
        value: one.as_str().to_owned(),
        words: signed.page.t(&format!("factor-asked-{}", one.as_str())),
        people: None,
        is_on: one.as_str() == typed.asked_of,
    };
    let provider = state.options.provider.as_ref();
    let shown = DoorPage {
        tabs: tabs(&signed.page, "sign-in"),
        asked: AskedOf::ALL.map(choice).to_vec(),
        fresh: typed.fresh,
        senders: i64::try_from(senders.len()).unwrap_or(i64::MAX),
        with: i64::try_from(with).unwrap_or(i64::MAX),
        provider: provider.map(|provider| (provider.name().to_owned(), provider.issuer().to_owned())),
        fault,
        page: signed.page("settings-sign-in", Here::Settings),
    };
    Ok(show(status, &shown))
}
