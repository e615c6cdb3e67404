//! What OpenHIM calls: a polling channel, and how runs stand.

use axum::{
    Router,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use mhero_app::Caller;
use mhero_core::{Right, timestamp};
use mhero_exchange::openhim::{FORM, Mediator, Polled};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ask;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    source: String,
}

/// The addresses that OpenHIM calls. They are there where this installation is registered with it.
pub fn router(mediator: Mediator) -> Router {
    Router::new().route("/openhim/poll", get(poll).post(poll)).route("/openhim/runs", get(runs)).with_state(mediator)
}

/// Reads registries now. How long it may wait is the operator's; a longer run ends in `202`, and OpenHIM hears of its end.
async fn poll(State(mediator): State<Mediator>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response<Body> {
    let caller = match caller(&mediator, &headers).await {
        Ok(caller) => caller,
        Err(refused) => return *refused,
    };
    let transaction = headers.get("x-openhim-transactionid").and_then(|id| id.to_str().ok());
    let correlation = mhero_app::ports::Journey::current().map(|journey| journey.correlation);
    let correlation = correlation.unwrap_or_else(|| mediator.journal().app().new_correlation());
    let named = Some(asked.source.as_str()).filter(|named| !named.is_empty());
    match mediator.poll(&caller, named, (transaction, correlation)).await {
        Ok(Polled::Done(answer)) => {
            let status = answer["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            told(status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK), FORM, &answer)
        }
        Ok(Polled::Going(answer)) => told(StatusCode::ACCEPTED, FORM, &answer),
        Ok(Polled::NoSource(name)) => {
            let words = format!("there is no registry called “{}” here", name.chars().take(100).collect::<String>());
            told(StatusCode::NOT_FOUND, "application/json", &json!({ "detail": words }))
        }
        Err(mhero_app::AppError::NotAllowed { .. }) => forbidden(),
        Err(error) => {
            tracing::error!(%error, "a polling call could not be answered");
            told(
                StatusCode::INTERNAL_SERVER_ERROR,
                "application/json",
                &json!({ "detail": "the registries could not be read; the log of the server says why" }),
            )
        }
    }
}

/// How each registry was read last.
async fn runs(State(mediator): State<Mediator>, headers: HeaderMap) -> Response<Body> {
    let caller = match caller(&mediator, &headers).await {
        Ok(caller) => caller,
        Err(refused) => return *refused,
    };
    if caller.must(Right::EditPeople).is_err() {
        return forbidden();
    }
    match mediator.journal().app().source_statuses(&caller).await {
        Ok(statuses) => {
            let shown: Vec<Value> = statuses
                .iter()
                .map(|status| {
                    json!({
                        "source": status.source.name,
                        "succeededAt": status.succeeded_at.map(|at| timestamp(at).to_string()),
                        "failedAt": status.failed_at.map(|at| timestamp(at).to_string()),
                    })
                })
                .collect();
            told(StatusCode::OK, "application/json", &json!({ "sources": shown }))
        }
        Err(error) => {
            tracing::error!(%error, "the runs could not be listed");
            told(StatusCode::INTERNAL_SERVER_ERROR, "application/json", &json!({ "detail": "try again" }))
        }
    }
}

async fn caller(mediator: &Mediator, headers: &HeaderMap) -> Result<Caller, Box<Response<Body>>> {
    let refused = || {
        let words = "send a token of `mhero token create` as Bearer, Token, or the password of Basic";
        let mut response = told(StatusCode::UNAUTHORIZED, "application/json", &json!({ "detail": words }));
        let ask = HeaderValue::from_static("Basic realm=\"mHero\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
        Box::new(response)
    };
    let token = ask::token(headers).ok_or_else(refused)?;
    let found = mediator.journal().app().caller_of_token(&token).await.ok().flatten();
    let caller = found.ok_or_else(refused)?;
    match caller.must(Right::Api) {
        Ok(()) => Ok(caller),
        Err(_) => Err(Box::new(forbidden())),
    }
}

fn forbidden() -> Response<Body> {
    told(StatusCode::FORBIDDEN, "application/json", &json!({ "detail": "the role of this token does not allow it" }))
}

fn told(status: StatusCode, form: &'static str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(form));
    response
}
