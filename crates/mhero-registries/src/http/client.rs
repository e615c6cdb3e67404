//! Asks a registry, with patience and within limits.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use mhero_app::{AppError, ports::SourceSettings};
use reqwest::{
    Method, Url,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use super::{
    PAGE_BYTES_MAX,
    answer::{Answer, Incoming, host, http_date},
    auth::Auth,
    error::{HttpError, failed, odd, refused},
    settings::{self, Defaults},
    told,
};

/// Who asks.
const USER_AGENT: &str = concat!("mHero/", env!("CARGO_PKG_VERSION"));
/// How long a connection may take to come about.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a connection that is not used is kept.
const IDLE_LIMIT: Duration = Duration::from_secs(20);
/// How many times the time for a piece of an answer the whole of it may take.
const WHOLE_FACTOR: u32 = 10;
/// Other places that one request is sent on to.
const REDIRECTS_MAX: usize = 5;

/// How often and when a request is repeated that changes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How many times it is asked again.
    pub again: u32,
    /// The wait before the first repetition; each next is twice as long.
    pub first: Duration,
    /// The longest wait that the registry may ask for (`Retry-After`). When it asks for more, the request ends at once.
    pub longest: Duration,
}

impl Patience {
    /// Three more times, within a few seconds unless the registry asks for more.
    pub const USUAL: Self = Self { again: 3, first: Duration::from_millis(500), longest: Duration::from_secs(30) };
}

/// A client of one source.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    /// The name of the source, for the log of calls.
    name: String,
    http: reqwest::Client,
    base: Url,
    auth: Auth,
    patience: Patience,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("host", &host(&self.0.base)).finish_non_exhaustive()
    }
}

/// One request.
#[derive(Clone)]
pub struct Ask {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// Headers beside those of the client.
    pub headers: HeaderMap,
    body: Vec<u8>,
    repeatable: bool,
    limit: usize,
    known: bool,
}

impl Ask {
    /// A request. A GET or HEAD may be repeated, others only as [`Ask::repeatable`].
    pub fn new(method: Method, url: Url) -> Self {
        let repeatable = matches!(method, Method::GET | Method::HEAD);
        let headers = HeaderMap::new();
        Self { method, url, headers, body: Vec::new(), repeatable, limit: PAGE_BYTES_MAX, known: true }
    }

    /// A GET.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// With a header. What can't be one (a line break) is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// With a header whose name is not known beforehand. What can't be one is left out.
    #[must_use]
    pub fn named(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Not repeated by this client: whoever asks counts the attempts.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.repeatable = false;
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Asking twice changes nothing: a query by POST.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// With another limit of the answer, in bytes.
    #[must_use]
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Without saying who asks.
    #[must_use]
    pub(super) const fn without_credentials(mut self) -> Self {
        self.known = false;
        self
    }
}

impl Client {
    /// A client by the settings of a source.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong, and what would be right.
    pub fn new(settings: &SourceSettings, defaults: &Defaults) -> Result<Self, AppError> {
        let read = settings::read(settings, defaults)?;
        install_tls();
        let building = |alone: bool| {
            let builder = reqwest::Client::builder()
                .connect_timeout(CONNECT_LIMIT)
                .read_timeout(read.timeout)
                .timeout(read.timeout * WHOLE_FACTOR)
                .pool_idle_timeout(IDLE_LIMIT)
                .tcp_nodelay(true)
                .user_agent(USER_AGENT)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .retry(reqwest::retry::never());
            let builder = match (read.certificates.is_empty(), alone) {
                (true, _) => builder,
                (false, false) => builder.tls_certs_merge(read.certificates.clone()),
                (false, true) => builder.tls_certs_only(read.certificates.clone()),
            };
            builder.build()
        };
        // A machine without certificates of its own still knows the one that was given.
        let http = building(false).or_else(|_| building(true));
        let http = http.map_err(|_| match read.certificates.is_empty() {
            true => AppError::invalid("registry-no-client", []),
            false => AppError::invalid("registry-ca", [("value", "-----BEGIN …".to_owned())]),
        })?;
        let name = settings.name.clone();
        Ok(Self(Arc::new(Inner { name, http, base: read.base, auth: read.auth, patience: Patience::USUAL })))
    }

    /// The same with another patience; tests wait less.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(inner) => Self(Arc::new(Inner { patience, ..inner })),
            // Somebody asks already: what is under way keeps its patience.
            Err(shared) => Self(shared),
        }
    }

    /// The address of the source.
    pub fn base(&self) -> &Url {
        &self.0.base
    }

    /// Host and port of the source, for words.
    pub fn host(&self) -> String {
        host(&self.0.base)
    }

    /// An address below the source's own: `path` without a leading slash is added to it; `query` is encoded.
    pub fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.0.base.clone();
        let joined = format!("{}/{}", url.path().trim_end_matches('/'), path.trim_start_matches('/'));
        url.set_path(if path.is_empty() { url.path().to_owned() } else { joined }.as_str());
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Asks and reads the whole answer, whatever its status; [`Answer::success`] says what a status means.
    ///
    /// # Errors
    /// When no answer comes, or none that may be read.
    pub async fn ask(&self, ask: &Ask) -> Result<Answer, HttpError> {
        let mut tries = Tries::new(self.0.patience, ask.repeatable);
        loop {
            let began = Instant::now();
            let got = match self.once(ask).await {
                Ok(incoming) => incoming.whole().await,
                Err(error) => Err(error),
            };
            told::whole(&self.0.name, (ask, ask.body.as_slice()), began, &got);
            let (status, after) = match &got {
                Ok(answer) => (Some(answer.status), retry_after(&answer.headers)),
                Err(error) => (error.status(), None),
            };
            if !tries.again(status, got.as_ref().err(), after).await {
                return got;
            }
        }
    }

    /// Asks and leaves the body to be read piece by piece.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub async fn open(&self, ask: &Ask) -> Result<Incoming, HttpError> {
        let mut tries = Tries::new(self.0.patience, ask.repeatable);
        loop {
            let began = Instant::now();
            let got = self.once(ask).await;
            told::begun(&self.0.name, (ask, ask.body.as_slice()), began, &got);
            let (status, after) = match &got {
                Ok(incoming) => (Some(incoming.status), retry_after(&incoming.headers)),
                Err(error) => (error.status(), None),
            };
            if !tries.again(status, got.as_ref().err(), after).await {
                return got;
            }
        }
    }

    /// One attempt; a token that has expired is fetched anew once.
    async fn once(&self, ask: &Ask) -> Result<Incoming, HttpError> {
        let Auth::Login(login) = &self.0.auth else {
            let header = match &self.0.auth {
                Auth::Fixed(header) if ask.known => Some(header.clone()),
                _ => None,
            };
            return self.walk(ask, header).await;
        };
        if !ask.known {
            return self.walk(ask, None).await;
        }
        let header = login.header(self).await?;
        let first = self.walk(ask, Some(header.clone())).await?;
        if first.status != 401 {
            return Ok(first);
        }
        login.forget(&header).await;
        let header = login.header(self).await?;
        self.walk(ask, Some(header)).await
    }

    /// One attempt from place to place. Only a request that changes nothing is sent on, and without credentials to another
    /// host.
    async fn walk(&self, ask: &Ask, header: Option<HeaderValue>) -> Result<Incoming, HttpError> {
        let mut url = ask.url.clone();
        let mut is_home = true;
        for _ in 0..=REDIRECTS_MAX {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(odd("registry-redirect-strange", [("host", host(&ask.url))]));
            }
            let mut request = reqwest::Request::new(ask.method.clone(), url.clone());
            *request.headers_mut() = ask.headers.clone();
            if !is_home {
                request.headers_mut().remove(header::AUTHORIZATION);
            } else if let Some(value) = &header {
                request.headers_mut().insert(header::AUTHORIZATION, value.clone());
            }
            if !ask.body.is_empty() {
                *request.body_mut() = Some(ask.body.clone().into());
            }
            let response = self.0.http.execute(request).await.map_err(|error| failed(&error, &url))?;
            let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            let Some(to) = location.filter(|_| matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308))
            else {
                return Ok(Incoming::new(response, ask.limit));
            };
            let to = url.join(to).map_err(|_| odd("registry-redirect-strange", [("host", host(&url))]))?;
            let shown = format!("{}://{}{}", to.scheme(), host(&to), to.path());
            if ask.method != Method::GET && ask.method != Method::HEAD {
                let status = response.status().as_u16();
                return Err(refused(status, "registry-moved", [("host", host(&url)), ("to", shown)]));
            }
            if url.scheme() == "https" && to.scheme() == "http" {
                return Err(odd("registry-redirect-open", [("host", host(&url)), ("to", shown)]));
            }
            is_home = is_home && to.origin() == ask.url.origin();
            url = to;
        }
        Err(odd("registry-redirects", [("host", host(&ask.url))]))
    }
}

/// The repetitions of one request.
struct Tries {
    patience: Patience,
    left: u32,
    wait: Duration,
}

impl Tries {
    const fn new(patience: Patience, repeatable: bool) -> Self {
        Self { patience, left: if repeatable { patience.again } else { 0 }, wait: patience.first }
    }

    /// Waits before the next attempt; `false` when there is none.
    async fn again(&mut self, status: Option<u16>, error: Option<&HttpError>, after: Option<Duration>) -> bool {
        let is_passing = matches!(error, Some(HttpError::NotSent(_) | HttpError::Unknown(_)))
            || matches!(status, Some(429 | 500 | 502 | 503 | 504));
        if !is_passing || self.left == 0 || after.is_some_and(|after| after > self.patience.longest) {
            return false;
        }
        self.left -= 1;
        tokio::time::sleep(after.unwrap_or(self.wait)).await;
        self.wait *= 2;
        true
    }
}

/// How long the registry asks us to wait (RFC 9110, 10.2.3): seconds, or a date, which is read by its own clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let after = text(header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let (until, now) = (http_date(after)?, http_date(text(header::DATE)?)?);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// Chooses ring for all encrypted connections of this process, as the program itself does; to do it again does nothing.
fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // When another thread was faster, its choice is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
