//! One thing that somebody did, whichever way it is told.

use jiff::Timestamp;
use mhero_app::rows::{Audited, Exchange};

/// One thing that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What kind of event, a code of DICOM (PS3.16 CID 400) and its words.
    pub kind: (&'static str, &'static str),
    /// What was done: a word of the audit log, or an interaction of FHIR.
    pub what: String,
    /// The system of that word.
    pub system: &'static str,
    /// C, R, U, D or E.
    pub action: char,
    /// 0 success, 4 minor failure, 8 serious failure.
    pub outcome: u8,
    /// Who: an id or a name of an account.
    pub who: String,
    /// `user`, `token`, `system` ...
    pub who_kind: String,
    /// From which address.
    pub address: Option<String>,
    /// What it was done to: kind and id.
    pub about: Option<(String, String)>,
}

/// The words of the audit log.
const OURS: &str = "urn:mhero:audit";
/// The interactions of FHIR.
const REST: &str = "http://hl7.org/fhir/restful-interaction";

impl Event {
    /// A decision of a person.
    pub fn of_decision(decision: &Audited) -> Self {
        let kind = match (decision.action.as_str(), decision.about_kind.as_str()) {
            ("signed-in" | "signed-out", _) => ("110114", "User Authentication"),
            (_, "user" | "token" | "grant") => ("110113", "Security Alert"),
            (_, "person" | "thread" | "message") => ("110110", "Patient Record"),
            _ => ("110100", "Application Activity"),
        };
        Self {
            id: decision.id.to_string(),
            at: decision.at,
            kind,
            what: decision.action.clone(),
            system: OURS,
            action: action_of(&decision.action),
            outcome: 0,
            who: decision.actor.map_or_else(|| decision.actor_kind.clone(), |actor| actor.to_string()),
            who_kind: decision.actor_kind.clone(),
            address: None,
            about: decision.about.map(|about| (decision.about_kind.clone(), about.to_string())),
        }
    }

    /// A call of a program.
    pub fn of_call(call: &Exchange) -> Self {
        let (method, path) = call.what.split_once(' ').unwrap_or((&call.what, ""));
        let path = path.split('?').next().unwrap_or_default();
        let is_search = path.ends_with("/_search");
        let named = path.trim_start_matches("/fhir").split('/').filter(|step| !step.is_empty()).count() > 1;
        let (kind, what, action) = match method {
            "GET" | "HEAD" if named => (("110106", "Export"), "read", 'R'),
            "GET" | "HEAD" => (("110112", "Query"), "search", 'E'),
            "POST" if is_search => (("110112", "Query"), "search", 'E'),
            "POST" => (("110107", "Import"), "create", 'C'),
            "PUT" => (("110107", "Import"), "update", 'U'),
            "PATCH" => (("110107", "Import"), "patch", 'U'),
            "DELETE" => (("110107", "Import"), "delete", 'D'),
            _ => (("110100", "Application Activity"), "operation", 'E'),
        };
        Self {
            id: call.id.to_string(),
            at: call.started_at,
            kind,
            what: what.to_owned(),
            system: REST,
            action,
            outcome: match call.outcome.as_str() {
                "ok" => 0,
                "refused" => 4,
                _ => 8,
            },
            who: call.peer.clone(),
            who_kind: "token".to_owned(),
            address: call.details.address.clone(),
            about: Some(("address".to_owned(), path.to_owned())),
        }
    }
}

/// What a word of the audit log does to what it is about.
fn action_of(word: &str) -> char {
    match word.rsplit('-').next().unwrap_or_default() {
        "created" | "added" | "imported" => 'C',
        "opened" | "shown" | "exported" | "read" => 'R',
        "deleted" | "removed" | "erased" | "revoked" => 'D',
        "changed" | "set" | "saved" | "renamed" | "narrowed" | "configured" => 'U',
        _ => 'E',
    }
}
