//! The reader's own second factor, `/account/second-factor`: set up, replaced, taken away.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use mhero_signin::Refused;
use serde::Deserialize;

use super::view::{CodesPage, FactorPage};
use crate::{
    errors::{Fault, Refusal, show},
    page::Here,
    session,
    state::{Form, Signed},
};

/// Its address.
const HERE: &str = "/account/second-factor";

/// What was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    code: String,
}

/// `GET /account/second-factor`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    page(&signed, StatusCode::OK, "", None).await
}

/// `POST /account/second-factor`.
pub(super) async fn press(signed: Signed, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    let (factors, caller) = (&signed.factors, &signed.caller);
    let code = pressed.code.as_str();
    let done = match pressed.verb.as_str() {
        "begin" => factors.begin(caller, code).await.map(|()| Vec::new()),
        "confirm" => factors.confirm(caller, code).await,
        "codes" => factors.renew_codes(caller, code).await,
        "remove" => factors.remove(caller, code).await.map(|()| Vec::new()),
        "cancel" => factors.cancel(caller).await.map(|()| Vec::new()).map_err(Refused::App),
        _ => return Err(Refusal::Unreadable.into()),
    };
    match (done, pressed.verb.as_str()) {
        (Ok(codes), verb @ ("confirm" | "codes")) => {
            // Every session has ended with the change; this browser goes on under a new one, in which a code was just typed.
            let now = signed.app.clock().now();
            session::sign_in(&signed.session, signed.user.id, Some(now)).await?;
            let page = signed.page("factor-codes", Here::Elsewhere);
            Ok(show(StatusCode::OK, &CodesPage { is_new: verb == "confirm", codes, page }))
        }
        (Ok(_), "remove") => {
            session::sign_in(&signed.session, signed.user.id, None).await?;
            signed.done("factor-removed", &[], "/account").await
        }
        (Ok(_), "begin") => Ok(Redirect::to(HERE).into_response()),
        (Ok(_), _) => Ok(Redirect::to("/account").into_response()),
        (Err(refused), verb) => match refused.reason() {
            Some(reason) => {
                let status = match refused {
                    Refused::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                page(&signed, status, verb, Some(signed.page.words.reason(&reason))).await
            }
            None => match refused {
                Refused::App(error) => Err(error.into()),
                _ => Err(Refusal::Broken.into()),
            },
        },
    }
}

/// `at` is the form that `fault` belongs to.
async fn page(signed: &Signed, status: StatusCode, at: &str, fault: Option<String>) -> Result<Response, Fault> {
    let standing = signed.factors.standing(&signed.caller).await?;
    let page = signed.page("factor", Here::Elsewhere);
    let issuer = match page.ministry.name.trim() {
        "" => "mHero".to_owned(),
        name => format!("mHero {name}"),
    };
    let enrolment = signed.factors.enrolment(&signed.caller, &issuer).await?;
    let shown = FactorPage {
        since: standing.since,
        codes_left: standing.codes_left,
        enrolment,
        owes: signed.owes_factor,
        is_asked: signed.factors.is_asked_of(&signed.caller.scope).await?,
        at: at.to_owned(),
        fault,
        page,
    };
    Ok(show(status, &shown))
}
