//! The layers around every page, on a router of two routes.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
    routing::get,
};
use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{Lang, limits::REQUEST_BYTES_MAX};
use mhero_web::{
    layers::{Letterhead, around},
    page::{Here, Ministry, Page, Waiting},
    words::{Clock, Words},
};
use tower::ServiceExt;

struct Desk;

#[async_trait::async_trait]
impl Letterhead for Desk {
    async fn page(&self, lang: Lang, path: String, _: Option<tower_sessions::Session>) -> Page {
        Page {
            words: Words::of(lang),
            clock: Clock { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC },
            ministry: Ministry { name: "Ministry of Health".into(), ..Ministry::default() },
            reader: None,
            waiting: Waiting::default(),
            title: String::new(),
            here: Here::Elsewhere,
            path,
            band: None,
            toast: None,
            has_keys: true,
        }
    }
}

async fn read(body: String) -> String {
    body.len().to_string()
}

#[expect(clippy::panic, reason = "a page that panics is what is tested")]
async fn broken() -> &'static str {
    panic!("0770123456")
}

async fn ask(request: Request<Body>) -> Response {
    let routes = Router::new().route("/", get(|| async { "page" }).post(read)).route("/broken", get(broken));
    around(routes, Arc::new(Desk), None).oneshot(request).await.expect("an answer")
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "mhero.example")
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn every_answer_carries_the_policy_and_a_number() {
    let response = ask(request("GET", "/").body(Body::empty()).expect("a request")).await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("words");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert!(response.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn another_site_cannot_press_our_buttons() {
    let foreign =
        request("POST", "/").header("origin", "https://elsewhere.example").header("sec-fetch-site", "cross-site");
    let response = ask(foreign.body("x".into()).expect("a request")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(text(response).await.contains("Nothing was sent or changed"));
    let own = request("POST", "/").header("sec-fetch-site", "same-origin").body("x".into()).expect("a request");
    assert_eq!(ask(own).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn errors_have_words_in_the_readers_language() {
    let lost = request("GET", "/nowhere?lang=fr").body(Body::empty()).expect("a request");
    let response = ask(lost).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.headers()[header::SET_COOKIE].to_str().expect("words").starts_with("lang=fr;"));
    assert!(text(response).await.contains("<html lang=\"fr\""));

    let large = "x".repeat(REQUEST_BYTES_MAX + 1);
    let response = ask(request("POST", "/").body(large.into()).expect("a request")).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(text(response).await.contains("This is too large"));
}

#[tokio::test]
async fn a_panic_is_a_page_that_tells_nothing() {
    let response = ask(request("GET", "/broken").body(Body::empty()).expect("a request")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let words = text(response).await;
    assert!(words.contains("Something broke on our side") && !words.contains("0770123456"));
}
