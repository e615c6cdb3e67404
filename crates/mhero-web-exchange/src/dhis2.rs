//! What DHIS2 hands over: the texts of its generic HTTP gateway, and its notifications by web hook.

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
    routing::any,
};
use mhero_app::{App, AppError, Caller};
use mhero_core::Right;
use mhero_exchange::dhis2::{Dhis2Error, Handed, Notification, Reports, TextIn, values_of};
use serde_json::{Value, json};

use crate::ask;

/// Octets of a request at most.
const BODY_MAX: usize = 1 << 20;
/// Names under which the text stands, in the templates that people write.
const TEXT: [&str; 6] = ["text", "message", "msg", "content", "body", "sms"];
/// Names under which the numbers stand.
const TO: [&str; 9] =
    ["recipients", "recipient", "to", "phone", "phones", "number", "numbers", "destination", "msisdn"];
/// Names under which an id of the text stands.
const ID: [&str; 3] = ["id", "messageid", "message_id"];

/// What DHIS2 calls, under `/dhis2`.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/dhis2/sms", any(sms))
        .route("/dhis2/notify", any(notify))
        // What is larger is refused in this interface's own words, by who reads it.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Reports::new(app))
}

/// Who asks, and what the address and the body say.
async fn asked(reports: &Reports, request: Request) -> Result<(Caller, Asked), Response<Body>> {
    if !matches!(*request.method(), Method::GET | Method::POST | Method::PUT) {
        return Err(told(StatusCode::METHOD_NOT_ALLOWED, "GET or POST"));
    }
    let Some(token) = ask::token(request.headers()) else {
        return Err(unknown("send a token of `mhero token create` in the header Authorization"));
    };
    let caller = match reports.caller_of_token(&token).await {
        Ok(Some(caller)) if caller.scope.may(Right::Api) => caller,
        Ok(Some(_)) => return Err(told(StatusCode::FORBIDDEN, "this token may not use the interfaces")),
        Ok(None) => return Err(unknown("this token is not known, or was taken back")),
        Err(error) => return Err(failed(&error)),
    };
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let address = ask::pairs(request.uri().query().unwrap_or_default());
    let Ok(body) = axum::body::to_bytes(request.into_body(), BODY_MAX).await else {
        return Err(told(StatusCode::PAYLOAD_TOO_LARGE, "a request has at most 1 MiB"));
    };
    Ok((caller, Asked { key, address, body }))
}

struct Asked {
    key: Option<String>,
    address: Vec<(String, String)>,
    body: Bytes,
}

/// Texts for one number or many, by GET or POST, in the address, a form, JSON or a template of any of these.
async fn sms(State(reports): State<Reports>, request: Request) -> Response<Body> {
    let (caller, asked) = match asked(&reports, request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let mut pairs = asked.address;
    pairs.extend(ask::said(&asked.body));
    let text = TextIn { id: asked.key.or_else(|| first(&pairs, &ID)), ..read(&pairs) };
    answered(reports.hand_over(&caller, &text).await)
}

/// A notification by web hook: of a programme, with its values as parameters or JSON, or of an event hook.
async fn notify(State(reports): State<Reports>, request: Request) -> Response<Body> {
    let (caller, asked) = match asked(&reports, request).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let mut values = asked.address.clone();
    match serde_json::from_slice::<Value>(&asked.body) {
        Ok(body @ (Value::Object(_) | Value::Array(_))) => values.extend(values_of(&body)),
        _ => values.extend(ask::said(&asked.body)),
    }
    let own = |name: &str| first(&asked.address, &[name]);
    let told = Notification {
        text: TextIn { id: asked.key.or_else(|| first(&values, &ID[1..])), ..read(&values) },
        template: own("template"),
        phone_from: own("phone-from"),
        person_from: own("person-from"),
        values,
    };
    answered(reports.notify(&caller, &told).await)
}

fn answered(handed: Result<Handed, Dhis2Error>) -> Response<Body> {
    match handed {
        Ok(handed) => {
            let refused: Vec<Value> =
                handed.refused.iter().map(|(at, why)| json!({ "recipient": at + 1, "reason": why })).collect();
            let none = handed.accepted + handed.repeated == 0;
            // DHIS2 looks at the status alone: a call of which nothing could be taken is an error there.
            let status = if none { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            let word = if none { "ERROR" } else { "OK" };
            let said = json!({
                "status": word, "accepted": handed.accepted, "repeated": handed.repeated, "refused": refused,
            });
            (status, Json(said)).into_response()
        }
        Err(error) => failed(&error),
    }
}

fn first(pairs: &[(String, String)], names: &[&str]) -> Option<String> {
    let own = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    pairs.iter().find(|(name, value)| own(name) && !value.trim().is_empty()).map(|(_, value)| value.clone())
}

/// Text and numbers. These stand apart by commas, semicolons or line ends, as a JSON list, or each in a parameter of its own.
fn read(pairs: &[(String, String)]) -> TextIn {
    let mut recipients = Vec::new();
    let is_to = |name: &str| TO.iter().any(|known| name.trim_end_matches("[]").eq_ignore_ascii_case(known));
    for (_, value) in pairs.iter().filter(|(name, _)| is_to(name)) {
        let list: Vec<String> = match serde_json::from_str::<Value>(value) {
            Ok(Value::Array(items)) => {
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
            }
            _ => value.split([',', ';', '\n', '\r']).map(str::to_owned).collect(),
        };
        recipients.extend(
            list.into_iter().map(|one| one.trim().trim_matches(['"', '\'']).to_owned()).filter(|one| !one.is_empty()),
        );
    }
    TextIn { text: first(pairs, &TEXT).unwrap_or_default(), recipients, id: None }
}

fn told(status: StatusCode, words: &str) -> Response<Body> {
    (status, Json(json!({ "status": "ERROR", "message": words }))).into_response()
}

fn unknown(why: &str) -> Response<Body> {
    let mut response = told(StatusCode::UNAUTHORIZED, why);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"mHero\""));
    response
}

fn failed(error: &Dhis2Error) -> Response<Body> {
    match error {
        Dhis2Error::Refused(words) => told(StatusCode::BAD_REQUEST, words),
        Dhis2Error::App(error @ AppError::NotAllowed { .. }) => told(StatusCode::FORBIDDEN, &error.to_string()),
        Dhis2Error::App(error @ AppError::NotInitialised) => told(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
        _ => {
            tracing::error!(%error, "texts of DHIS2 could not be taken");
            told(StatusCode::INTERNAL_SERVER_ERROR, "The server could not do it; send it again later.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_every_way_that_templates_have() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for to in ["0770000001,0770000002", "[\"0770000001\", \"0770000002\"]", "0770000001;\n0770000002"] {
            let text = read(&[pair("message", "Hello"), pair("recipients", to)]);
            assert_eq!((text.text.as_str(), text.recipients.len()), ("Hello", 2), "{to}");
            assert_eq!(text.recipients[1], "0770000002");
        }
        let twice = read(&[pair("to[]", "1"), pair("to[]", "2"), pair("Text", "x")]);
        assert_eq!((twice.text.as_str(), twice.recipients.len()), ("x", 2));
        assert_eq!(read(&[]), TextIn::default());
    }
}
