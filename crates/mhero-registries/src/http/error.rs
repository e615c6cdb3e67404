//! Why a registry did not answer as it should, in words that say what to do.

use std::{error::Error as _, time::Duration};

use mhero_app::ports::{PullError, PushOutcome};
use mhero_core::record::Reason;
use reqwest::Url;
use rustls::CertificateError;

use super::{
    answer::{Answer, host},
    client::retry_after,
};

/// Why a request did not succeed, by what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Nothing left: no connection came about. Trying later helps.
    #[error("the registry was not reached ({})", .0.key)]
    NotSent(Reason),
    /// It may have been heard, and no whole answer came.
    #[error("no whole answer of the registry came ({})", .0.key)]
    Unknown(Reason),
    /// It answers that it can't just now (429, 5xx).
    #[error("the registry can't answer now ({status}, {})", .reason.key)]
    Down {
        /// The status.
        status: u16,
        /// In words.
        reason: Reason,
        /// Not before so long has gone, where it says so.
        after: Option<Duration>,
    },
    /// It refuses: the settings, or what was asked, must be mended. Status 0 where it was refused before any answer (TLS).
    #[error("the registry refuses ({status}, {})", .reason.key)]
    Refused {
        /// The status.
        status: u16,
        /// In words.
        reason: Reason,
    },
    /// It answers something that can't be read or trusted.
    #[error("the answer of the registry can't be used ({})", .0.key)]
    Odd(Reason),
}

impl HttpError {
    /// What is wrong and what to do.
    pub const fn reason(&self) -> &Reason {
        match self {
            Self::NotSent(reason) | Self::Unknown(reason) | Self::Odd(reason) => reason,
            Self::Down { reason, .. } | Self::Refused { reason, .. } => reason,
        }
    }

    /// The status of the answer, where there was one.
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Down { status, .. } | Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What it means for a write: `Unknown` wherever the registry may have made the change.
    pub fn into_outcome(self) -> PushOutcome {
        match self {
            Self::NotSent(reason) | Self::Down { status: 429 | 503, reason, .. } => PushOutcome::NotSent { reason },
            Self::Unknown(reason) | Self::Odd(reason) | Self::Down { reason, .. } => PushOutcome::Unknown { reason },
            Self::Refused { reason, .. } => PushOutcome::Refused { reason },
        }
    }
}

impl From<HttpError> for PullError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NotSent(reason) | HttpError::Unknown(reason) | HttpError::Down { reason, .. } => {
                Self::Down(reason)
            }
            HttpError::Refused { reason, .. } => Self::Refused(reason),
            HttpError::Odd(reason) => Self::Untrusted(reason),
        }
    }
}

impl From<HttpError> for Reason {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NotSent(reason) | HttpError::Unknown(reason) | HttpError::Odd(reason) => reason,
            HttpError::Down { reason, .. } | HttpError::Refused { reason, .. } => reason,
        }
    }
}

pub(super) fn odd<const N: usize>(key: &'static str, args: [(&'static str, String); N]) -> HttpError {
    HttpError::Odd(Reason::new(key, args))
}

pub(super) fn unknown<const N: usize>(key: &'static str, args: [(&'static str, String); N]) -> HttpError {
    HttpError::Unknown(Reason::new(key, args))
}

pub(super) fn refused<const N: usize>(status: u16, key: &'static str, args: [(&'static str, String); N]) -> HttpError {
    HttpError::Refused { status, reason: Reason::new(key, args) }
}

/// What a status that is none of success means.
pub(super) fn of_status(answer: &Answer) -> HttpError {
    let host = ("host", host(&answer.url));
    let path = ("path", answer.url.path().to_owned());
    let status = answer.status;
    let told = ("status", status.to_string());
    let detail = ("detail", detail(answer));
    let after = retry_after(&answer.headers);
    match status {
        401 => refused(status, "registry-401", [host]),
        403 => refused(status, "registry-403", [host, path]),
        404 | 410 => refused(status, "registry-404", [host, path]),
        429 => HttpError::Down { status, reason: Reason::new("registry-busy", [host]), after },
        500.. => HttpError::Down { status, reason: Reason::new("registry-fault", [host, told, detail]), after },
        _ => refused(status, "registry-status", [host, told, detail]),
    }
}

/// Longest excerpt of what a registry says about an error, in characters.
const DETAIL_CHARS_MAX: usize = 300;

/// What an error's body says, shortened: of a FHIR OperationOutcome its diagnostics, of other JSON its message, of a page nothing.
fn detail(answer: &Answer) -> String {
    if answer.is_page() {
        return "-".to_owned();
    }
    let text = match serde_json::from_slice::<serde_json::Value>(&answer.body) {
        Ok(value) => {
            let issue = value.pointer("/issue/0");
            let fhir = issue.and_then(|issue| issue.get("diagnostics").or_else(|| issue.pointer("/details/text")));
            let other = || ["message", "detail", "error_description", "error"].iter().find_map(|key| value.get(key));
            fhir.or_else(other).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        }
        Err(_) => answer.text(),
    };
    first_words(&text)
}

/// The beginning of a text of a registry, on one line, for words to an administrator; `-` for an empty one.
pub fn first_words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().filter(|c| !c.is_control()).take(DETAIL_CHARS_MAX).collect();
    if cut.is_empty() { "-".to_owned() } else { cut }
}

/// Why no answer came. The error's own text holds the address, and with it perhaps a name: that goes no further.
pub(super) fn failed(error: &reqwest::Error, url: &Url) -> HttpError {
    let place = ("host", host(url));
    let signs = Signs::of(error);
    if let Some(key) = signs.tls {
        return refused(0, key, [place]);
    }
    let not_sent = |key| HttpError::NotSent(Reason::new(key, [place.clone()]));
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => not_sent("registry-connect-slow"),
        (true, false) if signs.name => not_sent("registry-name-unknown"),
        (true, false) if signs.handshake => not_sent("registry-tls"),
        (true, false) if signs.refused => not_sent("registry-refused"),
        (true, false) => not_sent("registry-no-connection"),
        (false, true) => unknown("registry-slow", [place]),
        (false, false) => unknown("registry-cut", [place]),
    }
}

/// What lies below an error of the client.
#[derive(Default)]
struct Signs {
    tls: Option<&'static str>,
    handshake: bool,
    name: bool,
    refused: bool,
}

impl Signs {
    fn of(error: &reqwest::Error) -> Self {
        let mut signs = Self::default();
        let mut source = error.source();
        while let Some(inner) = source {
            signs.look(inner);
            // What an I/O error wraps is not among its sources, and it may wrap another one.
            let mut io = inner.downcast_ref::<std::io::Error>();
            while let Some(wrapped) = io.and_then(std::io::Error::get_ref) {
                signs.look(wrapped);
                io = wrapped.downcast_ref();
            }
            source = inner.source();
        }
        signs
    }

    fn look(&mut self, error: &(dyn std::error::Error + 'static)) {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            self.refused |= io.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        let words = error.to_string();
        self.handshake |= words.contains("tls handshake");
        self.name |= words.starts_with("dns error") || words.contains("failed to lookup address");
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            self.tls = Some(match tls {
                rustls::Error::InvalidCertificate(certificate) => by_certificate(certificate),
                _ => "registry-tls",
            });
        }
    }
}

const fn by_certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => "registry-tls-issuer",
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => "registry-tls-expired",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "registry-tls-name",
        _ => "registry-tls",
    }
}
