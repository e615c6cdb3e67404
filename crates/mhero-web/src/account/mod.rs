//! The reader's own account, `/account`.

mod factor;
pub mod view;

use axum::{
    Router,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mhero_app::AppError;
use serde::Deserialize;
use view::AccountPage;

use crate::{
    errors::{Fault, show},
    page::Here,
    parts::grants,
    people::view::Fact,
    session,
    state::{Form, Signed, State},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/account", get(open))
        .route("/account/password", post(change_password))
        .route("/account/second-factor", get(factor::open).post(factor::press))
}

#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

async fn open(signed: Signed) -> Result<Response, Fault> {
    page(&signed, StatusCode::OK, None).await
}

async fn change_password(signed: Signed, Form(typed): Form<Passwords>) -> Result<Response, Fault> {
    match signed.app.change_password(&signed.caller, &typed.old, &typed.new).await {
        Ok(()) => {
            // Every session has ended with the old password; this browser goes on under a new one.
            session::sign_in(&signed.session, signed.user.id, signed.proved_at).await?;
            signed.done("account-changed", &[], "/account").await
        }
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(signed: &Signed, status: StatusCode, fault: Option<String>) -> Result<Response, Fault> {
    let user = signed.app.user(&signed.caller, signed.user.id).await?;
    let mut facts = Vec::new();
    for grant in &user.grants {
        let (role, place) = grants::said(signed, grant).await?;
        facts.push(Fact { name: role, value: place, href: None, owner: String::new() });
    }
    let shown = AccountPage {
        page: signed.page("account", Here::Elsewhere),
        name: user.user.name,
        login: user.user.email,
        facts,
        sessions: signed.app.open_sessions(&signed.caller, signed.user.id).await?,
        factor: signed.factors.standing(&signed.caller).await?,
        fault,
    };
    Ok(show(status, &shown))
}
