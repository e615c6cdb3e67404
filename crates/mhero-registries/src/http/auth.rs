//! How a registry lets us in, and tokens that are fetched and kept until they expire.

use std::time::{Duration, Instant};

use reqwest::{
    Method, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    answer::host,
    client::{Ask, Client},
    error::{HttpError, refused},
};

/// A way to be let in: the words of `auth=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthMode {
    /// Nothing is asked for.
    None,
    /// User name and password with each request.
    Basic,
    /// `Authorization: Bearer TOKEN`.
    Bearer,
    /// `Authorization: ApiToken TOKEN`: a personal access token of DHIS2.
    ApiToken,
    /// `Authorization: Token TOKEN`: RapidPro.
    Token,
    /// iHRIS's own log-in: mail address and password give a token for some time.
    Ihris,
    /// OAuth2 with the credentials of a client (RFC 6749, 4.4).
    OAuth2,
}

impl AuthMode {
    /// Every way.
    pub const ALL: [Self; 7] =
        [Self::None, Self::Basic, Self::Bearer, Self::ApiToken, Self::Token, Self::Ihris, Self::OAuth2];

    /// The word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Bearer => "bearer",
            Self::ApiToken => "apitoken",
            Self::Token => "token",
            Self::Ihris => "ihris",
            Self::OAuth2 => "oauth2",
        }
    }

    /// The way of a word; `None` for a word that is none.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// How long a token is used of which nobody says how long it lives.
const LIFE_USUAL: Duration = Duration::from_secs(45 * 60);
/// How long before its end a token is no longer used.
const LIFE_RESERVE: Duration = Duration::from_secs(30);
/// Largest answer of a log-in, in bytes.
const LOGIN_BYTES_MAX: usize = 64 * 1024;

/// How this source lets us in.
pub(super) enum Auth {
    Nobody,
    Fixed(HeaderValue),
    Login(Box<TokenLogin>),
}

impl Auth {
    pub(super) fn basic(user: &str, password: &str) -> Self {
        Self::Fixed(basic(user, password))
    }

    pub(super) fn word(word: &str, token: &str) -> Self {
        Self::Fixed(secret(&format!("{word} {token}")))
    }
}

/// A log-in that gives a token for some time.
pub(super) struct TokenLogin {
    shape: Shape,
    url: Url,
    user: String,
    secret: String,
    kept: Mutex<Option<Kept>>,
}

enum Shape {
    Ihris,
    OAuth2 { scope: Option<String> },
}

struct Kept {
    header: HeaderValue,
    until: Instant,
}

impl TokenLogin {
    pub(super) fn ihris(url: Url, user: String, secret: String) -> Self {
        Self { shape: Shape::Ihris, url, user, secret, kept: Mutex::default() }
    }

    pub(super) fn oauth2(url: Url, user: String, secret: String, scope: Option<String>) -> Self {
        Self { shape: Shape::OAuth2 { scope }, url, user, secret, kept: Mutex::default() }
    }

    /// The header of the token that is kept, or of a new one. Those who ask meanwhile wait and take the same.
    pub(super) async fn header(&self, client: &Client) -> Result<HeaderValue, HttpError> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.until > Instant::now()) {
            return Ok(kept.header.clone());
        }
        *kept = None;
        let new = self.log_in(client).await?;
        Ok(kept.insert(new).header.clone())
    }

    /// Forgets a token that was refused; a newer one stays.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.header == refused) {
            *kept = None;
        }
    }

    async fn log_in(&self, client: &Client) -> Result<Kept, HttpError> {
        let answer = match &self.shape {
            Shape::Ihris => {
                let body = json!({"email": self.user, "password": self.secret}).to_string();
                self.post(client, "application/json", body, false).await?
            }
            Shape::OAuth2 { scope } => {
                let mut form = vec![("grant_type", "client_credentials")];
                form.extend(scope.as_deref().map(|scope| ("scope", scope)));
                let kind = "application/x-www-form-urlencoded";
                let first = self.post(client, kind, encoded(&form), true).await?;
                if matches!(first.status, 400 | 401) {
                    // Some servers want the client named in the body (RFC 6749, 2.3.1).
                    form.extend([("client_id", self.user.as_str()), ("client_secret", self.secret.as_str())]);
                    self.post(client, kind, encoded(&form), false).await?
                } else {
                    first
                }
            }
        };
        let told = ("host", host(&self.url));
        if matches!(answer.status, 400 | 401 | 403) {
            return Err(refused(answer.status, "registry-login-refused", [told]));
        }
        if answer.status == 404 {
            return Err(refused(404, "registry-login-missing", [told, ("path", self.url.path().to_owned())]));
        }
        let answer = answer.success()?;
        let told_token = answer.json().ok().and_then(|value| token(&value));
        told_token.ok_or_else(|| refused(answer.status, "registry-login-odd", [told]))
    }

    async fn post(
        &self,
        client: &Client,
        kind: &str,
        body: String,
        named: bool,
    ) -> Result<super::answer::Answer, HttpError> {
        let mut ask = Ask::new(Method::POST, self.url.clone())
            .header("content-type", kind)
            .header("accept", "application/json")
            .body(body)
            .repeatable()
            .at_most(LOGIN_BYTES_MAX)
            .without_credentials();
        if named {
            ask.headers.insert(AUTHORIZATION, basic(&self.user, &self.secret));
        }
        Box::pin(client.ask(&ask)).await
    }
}

/// The token in the answer of a log-in, and until when it is used.
fn token(answer: &Value) -> Option<Kept> {
    let text = ["access_token", "token", "id_token"].iter().find_map(|key| answer.get(key)?.as_str())?;
    let life = answer.get("expires_in").and_then(Value::as_u64).map_or(LIFE_USUAL, Duration::from_secs);
    let until = Instant::now() + life.saturating_sub(LIFE_RESERVE).min(Duration::from_secs(24 * 60 * 60));
    Some(Kept { header: secret(&format!("Bearer {text}")), until })
}

fn encoded(form: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://form.invalid/").expect("an address");
    url.query_pairs_mut().extend_pairs(form);
    url.query().unwrap_or_default().to_owned()
}

/// A header that is never shown.
fn secret(text: &str) -> HeaderValue {
    // Settings with control characters are refused before; whatever else is no header is sent as none.
    let mut value = HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

fn basic(user: &str, password: &str) -> HeaderValue {
    secret(&format!("Basic {}", base64(format!("{user}:{password}").as_bytes())))
}

/// RFC 4648, 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|at| chunk.get(at).copied().unwrap_or(0));
        let four = [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63];
        for (at, index) in four.into_iter().enumerate() {
            out.push(if at <= chunk.len() { char::from(LETTERS[usize::from(index)]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_the_rfc_has_it() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xFF, 0xFE, 0xFD]), "//79");
    }

    #[test]
    fn every_way_has_its_word() {
        for mode in AuthMode::ALL {
            assert_eq!(AuthMode::of(mode.word()), Some(mode));
        }
        assert_eq!(AuthMode::of("ntlm"), None);
    }
}
