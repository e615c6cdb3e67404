//! How an installation is known to OpenHIM.

use serde::{Deserialize, Serialize};

/// How the interface of OpenHIM lets us in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginWay {
    /// Basic, and where that is refused by the salted token.
    Auto,
    /// Basic, as versions from 5.1 on can.
    Basic,
    /// The salted token, the only way of 4.x.
    Token,
}

impl LoginWay {
    /// The way of a word: `auto`, `basic`, `token`.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "basic" => Some(Self::Basic),
            "token" => Some(Self::Token),
            _ => None,
        }
    }
}

/// How an installation is known to OpenHIM.
#[derive(Clone)]
pub struct MediatorSettings {
    /// The address of its interface: `https://openhim.example:8080`.
    pub url: String,
    /// The account there.
    pub user: String,
    /// Its password.
    pub password: String,
    /// How it lets us in.
    pub login: LoginWay,
    /// By what it knows this installation for ever.
    pub urn: String,
    /// The name that its console shows.
    pub name: String,
    /// The version of this program: three numbers.
    pub version: String,
    /// The host under which its routes reach this server.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether they reach it by https.
    pub secured: bool,
    /// The name of the token that its routes use (`mhero token create`). Only its requests are believed to come through it.
    pub client: String,
    /// Whether answers say what was called meanwhile.
    pub wraps: bool,
    /// Whether they hold what was sent and answered, which OpenHIM keeps in clear.
    pub shows_bodies: bool,
}

impl std::fmt::Debug for MediatorSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password stands in it.
        f.debug_struct("MediatorSettings").field("urn", &self.urn).finish_non_exhaustive()
    }
}

/// Longest that a polling call may be asked to wait, in seconds: OpenHIM itself waits 60.
const WAIT_SECONDS_MAX: u64 = 50;

/// What an operator sets in OpenHIM's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pushed {
    /// Which registries a polling call reads, by name, with commas between; empty for all.
    pub sources: String,
    /// Which bodies the exchange log keeps: `off`, `changes`, `all`; empty as the server's own settings say.
    pub bodies: String,
    /// How long a polling call waits for the end before it is answered all the same, in seconds.
    pub wait_seconds: u64,
}

impl Default for Pushed {
    fn default() -> Self {
        Self { sources: String::new(), bodies: String::new(), wait_seconds: 20 }
    }
}

impl Pushed {
    /// Reads what came, leniently: what can't be used keeps its old value.
    pub(super) fn taken(&self, config: &serde_json::Value) -> Self {
        let text = |name: &str, old: &str| config[name].as_str().unwrap_or(old).trim().to_owned();
        let bodies = text("bodies", &self.bodies);
        let is_known = bodies.is_empty() || crate::journal::KeepBodies::of(&bodies).is_some();
        Self {
            sources: text("sources", &self.sources),
            bodies: if is_known { bodies } else { self.bodies.clone() },
            wait_seconds: config["wait_seconds"].as_u64().unwrap_or(self.wait_seconds).min(WAIT_SECONDS_MAX),
        }
    }
}
