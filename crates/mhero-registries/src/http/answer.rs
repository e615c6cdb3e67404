//! What a registry answered: read piece by piece or whole, within limits.

use jiff::Timestamp;
use reqwest::{Response, Url, header::HeaderMap};
use serde_json::Value;

use super::error::{HttpError, failed, odd, of_status, unknown};

/// An answer whose body is read piece by piece.
pub struct Incoming {
    /// The status.
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    left: usize,
    limit: usize,
    response: Response,
}

impl Incoming {
    pub(super) fn new(response: Response, limit: usize) -> Self {
        Self {
            status: response.status().as_u16(),
            url: response.url().clone(),
            headers: response.headers().clone(),
            left: limit,
            limit,
            response,
        }
    }

    /// The next piece of the body; `None` after the last.
    ///
    /// # Errors
    /// When the answer is cut off, takes too long or is larger than the limit that was asked for.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, HttpError> {
        match self.response.chunk().await {
            Ok(None) => Ok(None),
            Ok(Some(chunk)) if chunk.len() <= self.left => {
                self.left -= chunk.len();
                Ok(Some(chunk.to_vec()))
            }
            Ok(Some(_)) => {
                let limit = self.limit.div_ceil(1024 * 1024).to_string();
                Err(odd("registry-too-large", [("host", host(&self.url)), ("limit", limit)]))
            }
            Err(error) if error.is_timeout() => Err(failed(&error, &self.url)),
            Err(_) => Err(unknown("registry-cut", [("host", host(&self.url))])),
        }
    }

    /// The body whole.
    pub(super) async fn whole(mut self) -> Result<Answer, HttpError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: self.status, url: self.url, headers: self.headers, body })
    }
}

/// An answer that was read whole, whatever its status.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Body and address may hold names and numbers.
        f.debug_struct("Answer").field("status", &self.status).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl Answer {
    /// The answer itself when its status is one of success.
    ///
    /// # Errors
    /// [`HttpError::Refused`] or [`HttpError::Down`] by the status, in words.
    pub fn success(self) -> Result<Self, HttpError> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(of_status(&self)) }
    }

    /// A header that is a text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The registry's own clock when it answered, from the header `Date`.
    pub fn date(&self) -> Option<Timestamp> {
        http_date(self.header("date")?)
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body)).into_owned()
    }

    /// Whether the body is a web page for people.
    pub fn is_page(&self) -> bool {
        let head: Vec<u8> = self.body.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(16).collect();
        let head = head.to_ascii_lowercase();
        let by_type = self.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("text/html"));
        head.starts_with(b"<!doctypehtml") || head.starts_with(b"<html") || (by_type && head.starts_with(b"<"))
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`HttpError::Odd`] when it is a web page, or no JSON, in words.
    pub fn json(&self) -> Result<Value, HttpError> {
        let body = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
        serde_json::from_slice(body).map_err(|_| {
            let place = [("host", host(&self.url)), ("path", self.url.path().to_owned())];
            odd(if self.is_page() { "registry-html" } else { "registry-not-json" }, place)
        })
    }
}

/// A date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// Host and port of an address.
pub(super) fn host(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}{port}", url.host_str().unwrap_or_default())
}
