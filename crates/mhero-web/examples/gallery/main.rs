//! Every page of the console with invented content, to look at and to measure.
//!
//! `cargo run -p mhero-web --example gallery -- 127.0.0.1:8099`, then open `/`, or `/send?lang=fr`.

mod made_up;
mod pages_one;
mod pages_two;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::{OriginalUri, Path},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use mhero_core::Lang;
use mhero_web::{
    errors::Refusal,
    language::Reading,
    layers::{Letterhead, around},
    page::Page,
    serve_asset,
};

/// Names of all pages, as they stand in addresses.
const NAMES: &[&str] = &[
    "sign-in",
    "sign-in-wrong",
    "today",
    "today-first",
    "send",
    "send-open",
    "send-faults",
    "simulator",
    "inbox",
    "inbox-empty",
    "people",
    "people-fault",
    "people-found",
    "person",
    "places",
    "audiences",
    "audience",
    "audience-new",
    "broadcasts",
    "broadcast-undo",
    "broadcast",
    "broadcast-people",
    "channels",
    "users",
    "words",
    "exchanges",
    "exchange",
    "webhooks",
    "clients",
    "audit",
    "account",
];

struct Desk;

#[async_trait::async_trait]
impl Letterhead for Desk {
    async fn page(&self, lang: Lang, path: String, _: Option<tower_sessions::Session>) -> Page {
        made_up::page(lang, path)
    }
}

fn page(name: &str, page: Page) -> Option<askama::Result<String>> {
    pages_one::page(name, page.clone()).or_else(|| pages_two::page(name, page))
}

async fn show(
    Path(name): Path<String>,
    Extension(Reading(lang)): Extension<Reading>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    match page(&name, made_up::page(lang, uri.to_string())) {
        Some(Ok(html)) => Html(html).into_response(),
        Some(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        None => match name.strip_prefix("error-").and_then(|code| code.parse().ok()) {
            Some(code) => {
                let status = StatusCode::from_u16(code).unwrap_or(StatusCode::NOT_FOUND);
                let mut response = status.into_response();
                response.extensions_mut().insert(Refusal::of(status).unwrap_or(Refusal::Broken));
                response
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

async fn index() -> Html<String> {
    let line = |name: &&str| format!("<li><a href=\"/{name}\">{name}</a> <a href=\"/{name}?lang=fr\">fr</a></li>");
    Html(format!("<!doctype html><title>Gallery</title><ul>{}</ul>", NAMES.iter().map(line).collect::<String>()))
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".into());
    let routes =
        Router::new().route("/", get(index)).route("/{name}", get(show)).route("/assets/{name}", get(serve_asset));
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, around(routes, Arc::new(Desk), None)).await
}
