//! Requests of the phone simulator. Only the matched path of a request is logged, so that numbers stay out of the log.

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use mhero_app::{
    AppError,
    simulator::{PhoneMode, SimulatedText},
};
use mhero_core::Right;
use serde::Deserialize;

use super::show;
use crate::{
    errors::{Fault, show as answer},
    state::{Form, Signed, State, id},
};

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/simulator", get(open))
        .route("/simulator/{phone}", post(write))
        .route("/simulator/{phone}/behaviour", post(behave))
}

#[derive(Deserialize)]
struct Asked {
    a: Option<String>,
    b: Option<String>,
    /// A name, a number or a query.
    find: Option<String>,
}

#[derive(Deserialize)]
struct Written {
    text: String,
    others: String,
    once: String,
}

#[derive(Deserialize)]
struct Behaves {
    behaviour: String,
    others: String,
}

fn must(signed: &Signed) -> Result<(), Fault> {
    if signed.page.may(Right::Settings) { Ok(()) } else { signed.must(Right::Send) }
}

async fn open(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    must(&signed)?;
    if !signed.app.has_simulator().await? {
        let fault = signed.page.t("sim-no-channel");
        return Ok(answer(StatusCode::OK, &show::page(&signed, Vec::new(), Some(fault)).await?));
    }
    let mut wanted = show::asked([asked.a.as_deref(), asked.b.as_deref()]);
    let mut fault = None;
    if let Some(find) = asked.find.as_deref().map(str::trim).filter(|find| !find.is_empty()) {
        match signed.app.phones_of(&signed.caller, find, 1).await {
            Ok(found) if found.is_empty() => fault = Some(signed.page.t("sim-not-found")),
            Ok(found) => wanted.splice(0..0, found.into_iter().map(|holder| holder.path)).for_each(drop),
            Err(AppError::Query(error)) => fault = Some(signed.page.words.reason(&error.reason())),
            Err(AppError::Invalid(reason)) => fault = Some(signed.page.words.reason(&reason)),
            Err(error) => return Err(error.into()),
        }
    }
    for phone in &wanted {
        match signed.app.take_simulated_phone(&signed.caller, phone).await {
            Ok(()) | Err(AppError::NotFound { .. } | AppError::Invalid(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let phones = show::two(&signed, wanted).await?;
    Ok(answer(StatusCode::OK, &show::page(&signed, phones, fault).await?))
}

fn back(others: &str) -> (Vec<String>, String) {
    let mut digits = others.split(',');
    let phones = show::asked([digits.next(), digits.next()]);
    let to = show::address(&phones);
    (phones, to)
}

async fn write(signed: Signed, Path(phone): Path<String>, Form(written): Form<Written>) -> Result<Response, Fault> {
    must(&signed)?;
    let (phones, to) = back(&written.others);
    let text = SimulatedText {
        from: format!("+{phone}"),
        text: written.text,
        channel: None,
        once: Some(format!("{}-{phone}", written.once)),
    };
    match signed.app.simulate_receive(&signed.caller, &text).await {
        Ok(_) => Ok(Redirect::to(&to).into_response()),
        Err(AppError::Invalid(reason)) => {
            let fault = Some(signed.page.words.reason(&reason));
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &show::page(&signed, phones, fault).await?))
        }
        Err(error) => Err(error.into()),
    }
}

async fn behave(signed: Signed, Path(phone): Path<String>, Form(behaves): Form<Behaves>) -> Result<Response, Fault> {
    must(&signed)?;
    let mode: PhoneMode = id(&behaves.behaviour)?;
    signed.app.set_simulated_mode(&signed.caller, &format!("+{phone}"), mode).await?;
    Ok(Redirect::to(&back(&behaves.others).1).into_response())
}
