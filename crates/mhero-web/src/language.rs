//! Which language a reader gets: what they chose here, else what they chose before, else what their browser asks for.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use mhero_core::Lang;

use crate::words::CONSOLE_LANGUAGES;

/// The cookie that keeps the choice, for a year.
const COOKIE: &str = "lang";
/// How long a browser keeps a choice.
pub(crate) const YEAR_SECONDS: u32 = 31_536_000;

/// The language of one request, in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading(pub Lang);

/// Puts a [`Reading`] into the request, and keeps a choice made by `?lang=`.
pub async fn choose(mut request: Request, next: Next) -> Response {
    let asked = request.uri().query().and_then(asked);
    let lang = asked.unwrap_or_else(|| remembered(request.headers()).unwrap_or_else(|| accepted(request.headers())));
    request.extensions_mut().insert(Reading(lang));
    let mut response = next.run(request).await;
    if asked.is_some() {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax; HttpOnly", lang.bcp47());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    response
}

fn known(tag: &str) -> Option<Lang> {
    tag.parse().ok().filter(|lang| CONSOLE_LANGUAGES.contains(lang))
}

fn asked(query: &str) -> Option<Lang> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(known)
}

fn remembered(headers: &HeaderMap) -> Option<Lang> {
    cookie(headers, COOKIE).and_then(known)
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The first language that we speak among those that the browser likes best.
fn accepted(headers: &HeaderMap) -> Lang {
    let line = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let weigh = |part: &str| {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight: f32 = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
        known(tag).map(|lang| (lang, weight))
    };
    let mut liked: Vec<_> = line.split(',').take(20).filter_map(weigh).collect();
    liked.sort_by(|a, b| b.1.total_cmp(&a.1));
    liked.first().map_or(Lang::ENGLISH, |(lang, _)| *lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_choice_wins_then_the_cookie_then_the_browser() {
        assert_eq!(asked("q=x&lang=fr"), Some(Lang::FRENCH));
        assert_eq!(asked("lang=xx"), None);
        assert_eq!(remembered(&headers(header::COOKIE, "a=b; lang=fr")), Some(Lang::FRENCH));
        assert_eq!(accepted(&headers(header::ACCEPT_LANGUAGE, "de, en;q=0.5, fr-GN;q=0.9")), Lang::FRENCH);
        assert_eq!(accepted(&HeaderMap::new()), Lang::ENGLISH);
    }
}
