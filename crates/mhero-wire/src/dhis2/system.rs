//! What a DHIS2 says about itself, and the envelope of its refusals.

use std::fmt;

use serde_json::Value;

use super::Moment;
use crate::fhir::node::Node;

/// Longest message of a server that is shown, in characters.
const MESSAGE_CHARS: usize = 200;

/// A release: `2.41`, whatever follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The minor number: 41 of `2.41.3`.
    pub minor: u32,
}

impl Version {
    /// The oldest release that is known to be read and written.
    pub const OLDEST: Self = Self { minor: 38 };
    /// The newest release that is known to be read and written.
    pub const NEWEST: Self = Self { minor: 42 };

    /// Reads `2.41.3-SNAPSHOT`, `2.41`, or the shorter `42.0` of newer releases.
    ///
    /// ```
    /// use mhero_wire::dhis2::Version;
    /// assert_eq!(Version::read("2.41.3-SNAPSHOT"), Some(Version { minor: 41 }));
    /// assert_eq!(Version::read("42.0"), Some(Version { minor: 42 }));
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
        let minor = match parts.next()? {
            2 => parts.next()?,
            newer if newer >= 40 => newer,
            _ => return None,
        };
        Some(Self { minor })
    }

    /// Whether users can be written by JSON Patch, as they can since 2.38.
    pub fn has_json_patch(self) -> bool {
        self >= Self::OLDEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.minor)
    }
}

/// The answer of `/api/system/info`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct System {
    /// The version as written.
    pub version: String,
    /// The server's clock, by which changes are asked for.
    pub now: Option<Moment>,
    /// The name that people gave it.
    pub name: String,
}

impl System {
    /// Reads the answer. `None` when it is no such answer.
    pub fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        let text = |key| root.member_text(key);
        Some(Self {
            version: text("version")?,
            now: text("serverDate").and_then(|date| date.parse().ok()),
            name: text("systemName").or_else(|| text("systemId")).unwrap_or_default(),
        })
    }
}

/// The envelope of a refusal or of a write: `{"httpStatusCode":409,"status":"ERROR","message":"..."}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `OK`, `WARNING`, `ERROR`.
    pub status: String,
    /// What it says, cut to what can be shown.
    pub message: String,
    /// Its code: `E1005`.
    pub code: Option<String>,
}

impl Message {
    /// Reads an envelope, with the first report about an object where the envelope itself says little. `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        let status = root.member_text("status")?;
        let report = root.get("response").and_then(|response| {
            let reports = response.items("errorReports");
            let of_objects =
                response.items("typeReports").into_iter().flat_map(|of_type| of_type.items("objectReports"));
            reports.into_iter().chain(of_objects.flat_map(|object| object.items("errorReports"))).next()
        });
        let told = |key: &str| report.as_ref().and_then(|report| report.member_text(key));
        let message = told("message").or_else(|| root.member_text("message")).unwrap_or_default();
        Some(Self {
            status,
            message: message.chars().take(MESSAGE_CHARS).collect(),
            code: told("errorCode").or_else(|| root.member_text("errorCode")),
        })
    }
}
