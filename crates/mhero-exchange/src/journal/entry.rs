//! What is told to the log.

use jiff::Timestamp;
use mhero_app::rows::ExchangeDetails;
use mhero_core::Direction;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which bodies are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepBodies {
    /// None.
    Off,
    /// Of what changes something, and of what was not answered as it should be.
    Changes,
    /// All.
    All,
}

impl KeepBodies {
    /// The setting of a word: `off`, `changes`, `all`.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "off" => Some(Self::Off),
            "changes" => Some(Self::Changes),
            "all" => Some(Self::All),
            _ => None,
        }
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Changes => "changes",
            Self::All => "all",
        }
    }
}

/// One call, as it goes into the log.
#[derive(Clone)]
pub struct Entry {
    /// What belongs together shares it.
    pub correlation: Uuid,
    /// `In` when the other system called.
    pub direction: Direction,
    /// The other system, by the name it has here.
    pub peer: String,
    /// `fhir`, `http`, `openhim` ...
    pub protocol: String,
    /// Method and address, cleaned by [`super::clean_path`].
    pub what: String,
    /// `ok`, `refused`, `failed`, `unknown`.
    pub outcome: &'static str,
    /// The protocol's own status.
    pub status: Option<i64>,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in microseconds.
    pub took_micros: i64,
    /// What not every exchange has.
    pub details: ExchangeDetails,
    /// What was sent, behind its [`Envelope`].
    pub request: Option<Vec<u8>>,
    /// What was answered.
    pub response: Option<Vec<u8>>,
    /// Whether one row may stand for many just like it when there are too many.
    pub folds: bool,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("peer", &self.peer).field("what", &self.what).finish_non_exhaustive()
    }
}

impl Entry {
    /// Octets that its bodies take in memory.
    pub(super) fn weight(&self) -> usize {
        self.request.as_ref().map_or(0, Vec::len) + self.response.as_ref().map_or(0, Vec::len)
    }
}

/// What stands before a body, so that a request can be made again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The method.
    pub method: String,
    /// Path and query as they came; for calls of ours without what is secret.
    pub path: String,
    /// What the body is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// Headers that change what is done: `If-Match`, `If-None-Exist`, `Prefer`, `Accept`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Whether the body that follows is whole.
    pub is_whole: bool,
}

impl Envelope {
    /// The envelope, and a body behind it.
    pub fn around(&self, body: &[u8]) -> Vec<u8> {
        let mut sealed = serde_json::to_vec(self).unwrap_or_default();
        sealed.push(b'\n');
        sealed.extend_from_slice(body);
        sealed
    }

    /// Takes a body out of its envelope; one without an envelope is the body alone.
    pub fn open(kept: &[u8]) -> (Option<Self>, &[u8]) {
        let Some(end) = kept.iter().position(|byte| *byte == b'\n') else { return (None, kept) };
        match serde_json::from_slice(&kept[..end]) {
            Ok(envelope) => (Some(envelope), &kept[end + 1..]),
            Err(_) => (None, kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_out_of_its_envelope() {
        let envelope = Envelope {
            method: "POST".into(),
            path: "/fhir/Practitioner?x=1".into(),
            form: "application/fhir+json".into(),
            headers: vec![("if-match".into(), "W/\"1\"".into())],
            is_whole: true,
        };
        for body in [b"".as_slice(), b"{\n\"a\": 1}", &[0, 10, 255]] {
            let kept = envelope.around(body);
            assert_eq!(Envelope::open(&kept), (Some(envelope.clone()), body));
        }
        assert_eq!(Envelope::open(b"{\"name\":\"Marie\"}"), (None, b"{\"name\":\"Marie\"}".as_slice()));
        assert_eq!(Envelope::open(b"one\ntwo"), (None, b"one\ntwo".as_slice()));
    }
}
