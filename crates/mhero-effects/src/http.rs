//! Calls of the web: one at a time, bounded in time and size, each place of a redirect judged before it is asked.

use std::{
    error::Error as _,
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use mhero_app::ports::Leads;
use mhero_flow::effects::{HttpAnswer, HttpCall};
use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use crate::{
    resolver::{Guarded, Lookup},
    rules::{Forbidden, Rules, is_public},
    settings::{EffectsError, Settings},
};

/// Largest answer taken, in bytes: more gives the flow nothing.
pub(crate) const BODY_BYTES_MAX: usize = 100_000;
/// Other places that one call is sent on to.
const REDIRECTS_MAX: usize = 5;
/// How long a name may take to be resolved when an address is judged beforehand.
const LOOKUP_LIMIT: Duration = Duration::from_secs(5);
/// The header that is the same for each attempt at the same call.
const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Who calls.
const USER_AGENT: &str = concat!("mHero/", env!("CARGO_PKG_VERSION"));
/// Headers that belong to the connection, not to the flow.
const OURS: [HeaderName; 5] =
    [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::UPGRADE];
/// Headers that say who calls: another host does not get them.
const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION];

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// For the answer: it goes where it is sent on to.
    Asking,
    /// For the other side to hear: to this place alone, and in clear to none of the public internet.
    Telling,
}

/// What came of one call.
#[derive(Debug)]
pub(crate) enum Called {
    /// An answer.
    Answered(HttpAnswer),
    /// The rules do not let it out.
    Forbidden(Forbidden),
    /// It can't be sent at all.
    Unsendable(&'static str),
    /// Nothing left this machine.
    NotSent(&'static str),
    /// The other side may have heard it.
    Unknown(&'static str),
}

/// Calls the web by the rules.
pub(crate) struct Caller {
    client: Client,
    /// Connects to no address of the public internet.
    inside: Client,
    rules: Arc<Rules>,
    lookup: Lookup,
    whole: Duration,
}

impl Caller {
    pub(crate) fn new(settings: &Settings, rules: Rules, lookup: Lookup) -> Result<Self, EffectsError> {
        install_tls();
        let rules = Arc::new(rules);
        let guard = || Guarded::new(Arc::clone(&rules), Arc::clone(&lookup));
        let client = |guard: Guarded| {
            Client::builder()
                .connect_timeout(settings.connect)
                .user_agent(USER_AGENT)
                .dns_resolver(guard)
                // Each place is judged here before it is asked.
                .redirect(reqwest::redirect::Policy::none())
                // A proxy of the environment would resolve names by rules of its own.
                .no_proxy()
                // The application counts attempts; a kept connection that is just being closed would blur whether one left.
                .retry(reqwest::retry::never())
                .pool_max_idle_per_host(0)
                .build()
                .map_err(|error| EffectsError::Client { detail: error.to_string() })
        };
        let (client, inside) = (client(guard())?, client(guard().staying_inside())?);
        Ok(Self { client, inside, rules, lookup, whole: settings.whole })
    }

    /// Where an address leads, as its name resolves now.
    pub(crate) async fn judge(&self, url: &str) -> Leads {
        let Ok(url) = Url::parse(url) else { return Leads::Nowhere };
        if self.rules.judge(&url).is_err() {
            return Leads::Nowhere;
        }
        let host = host_of(&url).to_owned();
        let addresses: Vec<IpAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => match tokio::time::timeout(LOOKUP_LIMIT, (self.lookup)(host.clone())).await {
                Ok(Ok(found)) => found.into_iter().map(|found| found.ip()).collect(),
                Ok(Err(_)) | Err(_) => return Leads::Outside,
            },
        };
        let allowed: Vec<IpAddr> =
            addresses.iter().copied().filter(|address| self.rules.allows_address(&host, *address)).collect();
        match (addresses.is_empty(), allowed.is_empty()) {
            (true, _) => Leads::Outside,
            (false, true) => Leads::Nowhere,
            (false, false) if allowed.into_iter().all(|address| !is_public(address)) => Leads::Inside,
            (false, false) => Leads::Outside,
        }
    }

    /// Makes one call, and follows where its answers send it so many times. It ends at the latest when its own time or `left` is over.
    pub(crate) async fn call(&self, key: &str, call: &HttpCall, (left, way): (Duration, Way)) -> Called {
        let redirects = if way == Way::Asking { REDIRECTS_MAX } else { 0 };
        let mut hop = match Hop::first(key, call) {
            Ok(hop) => hop,
            Err(why) => return Called::Unsendable(why),
        };
        let since = Instant::now();
        let whole = self.whole.min(left);
        let mut heard = false;
        for _ in 0..=redirects {
            if let Err(forbidden) = self.rules.judge(&hop.url) {
                return Called::Forbidden(forbidden);
            }
            let stays_inside = way == Way::Telling && hop.url.scheme() == "http";
            if stays_inside && host_of(&hop.url).parse().is_ok_and(is_public) {
                return Called::Forbidden(Forbidden::InClear { host: host_of(&hop.url).to_owned() });
            }
            let client = if stays_inside { &self.inside } else { &self.client };
            let rest = whole.saturating_sub(since.elapsed());
            let response = match client.execute(hop.request(rest)).await {
                Ok(response) => response,
                Err(error) => return failed(&error, heard),
            };
            heard = true;
            match hop.next(&response).filter(|_| redirects > 0) {
                Some(next) => hop = next,
                None => return taken(response, since).await,
            }
        }
        Called::Unknown("the answers sent it from place to place")
    }
}

/// One place that a call goes to.
struct Hop {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: String,
}

impl Hop {
    fn first(key: &str, call: &HttpCall) -> Result<Self, &'static str> {
        let method = Method::from_bytes(call.method.as_bytes()).map_err(|_| "its method is none")?;
        let url = Url::parse(&call.url).map_err(|_| "its address is none")?;
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_str(key).map_err(|_| "its key can't be a header")?;
        headers.insert(KEY_HEADER, key);
        for (name, value) in &call.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "the name of a header is none")?;
            let value = HeaderValue::from_str(value).map_err(|_| "the value of a header is none")?;
            if !OURS.contains(&name) {
                headers.insert(name, value);
            }
        }
        Ok(Self { method, url, headers, body: call.body.to_string() })
    }

    fn request(&self, limit: Duration) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        *request.timeout_mut() = Some(limit);
        let wants_body = !matches!(self.method, Method::GET | Method::HEAD);
        if wants_body || !self.body.is_empty() {
            *request.body_mut() = Some(self.body.clone().into());
        }
        request
    }

    /// Where an answer sends the call; none when it is the answer (RFC 9110, 15.4).
    fn next(&self, response: &Response) -> Option<Self> {
        let keeps_method = match response.status() {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => matches!(self.method, Method::GET | Method::HEAD),
            StatusCode::SEE_OTHER => false,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
            _ => return None,
        };
        let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
        let url = self.url.join(location).ok()?;
        let mut headers = self.headers.clone();
        if url.origin() != self.url.origin() {
            CREDENTIALS.iter().for_each(|name| drop(headers.remove(name)));
        }
        if keeps_method {
            return Some(Self { method: self.method.clone(), url, headers, body: self.body.clone() });
        }
        headers.remove(header::CONTENT_TYPE);
        let method = if self.method == Method::HEAD { Method::HEAD } else { Method::GET };
        Some(Self { method, url, headers, body: String::new() })
    }
}

/// The host of an address, one of IPv6 without its brackets.
fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Reads an answer up to the limit.
async fn taken(mut response: Response, since: Instant) -> Called {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (shown(name), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let mut answer = HttpAnswer {
        status: Some(response.status().as_u16()),
        version: format!("{:?}", response.version()),
        headers: headers.collect(),
        ..HttpAnswer::default()
    };
    let told = response.content_length();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if answer.body.len() + chunk.len() <= BODY_BYTES_MAX => {
                answer.body.extend_from_slice(&chunk);
            }
            Ok(Some(chunk)) => {
                answer.too_large = true;
                answer.body_size = told.unwrap_or((answer.body.len() + chunk.len()) as u64);
                answer.body.clear();
                break;
            }
            Ok(None) => {
                answer.body_size = answer.body.len() as u64;
                break;
            }
            Err(error) if error.is_timeout() => return Called::Unknown("its answer did not end in time"),
            Err(_) => return Called::Unknown("its answer was cut"),
        }
    }
    answer.elapsed_ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
    Called::Answered(answer)
}

/// The name of a header as it is usually written: `Content-Type`.
fn shown(name: &HeaderName) -> String {
    let words = name.as_str().split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join("-")
}

/// What an error means. Its own text holds the address, and with it perhaps a number: that goes no further.
fn failed(error: &reqwest::Error, heard: bool) -> Called {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(forbidden) = inner.downcast_ref::<Forbidden>() {
            return Called::Forbidden(forbidden.clone());
        }
        source = inner.source();
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, _) if heard => Called::Unknown("the place that its answer names can't be reached"),
        (true, true) => Called::NotSent("no connection came about in time"),
        (true, false) => Called::NotSent("no connection came about"),
        (false, true) => Called::Unknown("no answer came in time"),
        (false, false) => Called::Unknown("the connection was cut before the answer"),
    }
}

/// Chooses ring for all encrypted connections of this process, as the program itself does; to do it again does nothing.
fn install_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // When another thread was faster, its choice is the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
