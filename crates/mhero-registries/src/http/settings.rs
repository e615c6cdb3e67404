//! The settings of a source that say how it is reached and how we are let in.

use std::{collections::BTreeMap, time::Duration};

use mhero_app::{AppError, ports::SourceSettings};
use reqwest::{Certificate, Url};

use super::auth::{Auth, AuthMode, TokenLogin};

/// What [`super::Client`] understands in `mhero source add`, and which of it is secret. A connector adds its own with
/// [`with_keys`].
pub const KEYS: [(&str, bool); 10] = [
    ("auth", false),
    ("username", false),
    ("password", true),
    ("token", true),
    ("token_url", false),
    ("client_id", false),
    ("client_secret", true),
    ("scope", false),
    ("ca", false),
    ("timeout", false),
];

/// The keys of the client and those of a connector, for a constant of the connector.
///
/// ```
/// use mhero_registries::http::{KEYS, with_keys};
/// const OWN: [(&str, bool); KEYS.len() + 1] = with_keys([("page", false)]);
/// assert!(OWN.contains(&("page", false)) && OWN.contains(&("password", true)));
/// ```
///
/// # Panics
/// While compiling, when `N` is not the number of both together.
#[must_use]
pub const fn with_keys<const M: usize, const N: usize>(own: [(&'static str, bool); M]) -> [(&'static str, bool); N] {
    assert!(N == M + KEYS.len(), "as many as both have");
    let mut all = [("", false); N];
    let mut at = 0;
    while at < N {
        all[at] = if at < KEYS.len() { KEYS[at] } else { own[at - KEYS.len()] };
        at += 1;
    }
    all
}

/// What a kind of registry takes for granted.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// What a `token` is, where `auth` does not say so.
    pub token: AuthMode,
    /// Where `token_url` points when it is not given, as a path from the root of the source's host: `/auth/token`.
    pub token_path: Option<&'static str>,
    /// An address, for the words that ask for one.
    pub example: &'static str,
}

/// Shortest and longest time that may be waited for the next piece of an answer, in seconds.
const TIMEOUT_SECONDS: std::ops::RangeInclusive<u64> = 1..=600;
/// The time without such a setting, in seconds.
const TIMEOUT_SECONDS_USUAL: u64 = 60;
/// Longest value of a setting, in bytes. A bundle of certificates is the longest.
const VALUE_BYTES_MAX: usize = 256 * 1024;

/// What the settings said.
pub(super) struct Read {
    pub(super) base: Url,
    pub(super) auth: Auth,
    pub(super) certificates: Vec<Certificate>,
    pub(super) timeout: Duration,
}

pub(super) fn read(settings: &SourceSettings, defaults: &Defaults) -> Result<Read, AppError> {
    let given = Given(&settings.config);
    given.fit()?;
    let url = settings.url.as_deref().or_else(|| given.get("url"));
    let Some(url) = url.map(str::trim).filter(|url| !url.is_empty()) else {
        return Err(AppError::invalid("registry-url-missing", [("example", defaults.example.to_owned())]));
    };
    let base = address(url).ok_or_else(|| {
        AppError::invalid("registry-url", [("value", shown(url)), ("example", defaults.example.to_owned())])
    })?;
    let auth = auth(&given, &base, defaults)?;
    let seconds = match given.get("timeout") {
        None => TIMEOUT_SECONDS_USUAL,
        Some(text) => text.parse().ok().filter(|n| TIMEOUT_SECONDS.contains(n)).ok_or_else(|| {
            let (min, max) = (TIMEOUT_SECONDS.start().to_string(), TIMEOUT_SECONDS.end().to_string());
            AppError::invalid("registry-timeout", [("value", text.to_owned()), ("min", min), ("max", max)])
        })?,
    };
    let certificates = given.get("ca").map(certificates).transpose()?.unwrap_or_default();
    Ok(Read { base, auth, certificates, timeout: Duration::from_secs(seconds) })
}

fn auth(given: &Given<'_>, base: &Url, defaults: &Defaults) -> Result<Auth, AppError> {
    let mode = match given.get("auth") {
        Some(word) => AuthMode::of(word).ok_or_else(|| {
            let known = AuthMode::ALL.map(AuthMode::word).join(", ");
            AppError::invalid("registry-auth-unknown", [("value", word.to_owned()), ("known", known)])
        })?,
        None if given.get("client_id").is_some() => AuthMode::OAuth2,
        None if given.get("token").is_some() => defaults.token,
        None if given.get("username").is_some() => AuthMode::Basic,
        None => AuthMode::None,
    };
    let must = |key: &'static str| {
        given.get(key).map(str::to_owned).ok_or_else(|| {
            AppError::invalid("registry-auth-missing", [("auth", mode.word().to_owned()), ("key", key.to_owned())])
        })
    };
    let token_url = || match (given.get("token_url"), defaults.token_path) {
        (Some(text), _) => {
            address(text).ok_or_else(|| AppError::invalid("registry-token-url", [("value", shown(text))]))
        }
        (None, Some(path)) => {
            base.join(path).map_err(|_| AppError::invalid("registry-token-url", [("value", path.to_owned())]))
        }
        (None, None) => must("token_url").map(|_| base.clone()),
    };
    Ok(match mode {
        AuthMode::None => Auth::Nobody,
        AuthMode::Basic => Auth::basic(&must("username")?, given.get("password").unwrap_or_default()),
        AuthMode::Bearer => Auth::word("Bearer", &must("token")?),
        AuthMode::ApiToken => Auth::word("ApiToken", &must("token")?),
        AuthMode::Token => Auth::word("Token", &must("token")?),
        AuthMode::Ihris => {
            let (user, secret) = (must("username")?, must("password")?);
            Auth::Login(Box::new(TokenLogin::ihris(token_url()?, user, secret)))
        }
        AuthMode::OAuth2 => {
            let (user, secret) = (must("client_id")?, must("client_secret")?);
            must("token_url")?;
            let scope = given.get("scope").map(str::to_owned);
            Auth::Login(Box::new(TokenLogin::oauth2(token_url()?, user, secret, scope)))
        }
    })
}

/// The certificates that `ca` holds or points to.
fn certificates(text: &str) -> Result<Vec<Certificate>, AppError> {
    let shown: String = text.chars().take(100).collect();
    let is_pem = text.contains("-----BEGIN");
    let bytes = match is_pem {
        true => text.as_bytes().to_vec(),
        false => std::fs::read(text).map_err(|error| {
            let args = [("value", shown.clone()), ("detail", error.kind().to_string())];
            AppError::invalid("registry-ca-unreadable", args)
        })?,
    };
    let read = Certificate::from_pem_bundle(&bytes).ok().filter(|found| !found.is_empty());
    let shown = if is_pem { "-----BEGIN …".to_owned() } else { shown };
    read.ok_or_else(|| AppError::invalid("registry-ca", [("value", shown)]))
}

/// The values that were given.
struct Given<'a>(&'a BTreeMap<String, String>);

impl Given<'_> {
    /// A value that is not empty.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn fit(&self) -> Result<(), AppError> {
        for (key, _) in KEYS {
            let Some(value) = self.get(key) else { continue };
            let is_text = key == "ca" || !value.chars().any(char::is_control);
            if value.len() > VALUE_BYTES_MAX || !is_text {
                return Err(AppError::invalid("registry-value", [("key", key.to_owned())]));
            }
        }
        Ok(())
    }
}

/// An address of the web without user, password, query or fragment.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then_some(url)
}

/// A wrong address as it may be shown: without what could be a password in it.
fn shown(text: &str) -> String {
    let text = &text[..text.find(['?', '#']).unwrap_or(text.len())];
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &text[..scheme], &text[at..]),
        _ => text.to_owned(),
    }
}
