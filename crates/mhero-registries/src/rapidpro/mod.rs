//! RapidPro by its API v2, the frozen 9.0 and the newer: contacts both ways, with their fields and groups.
//!
//! Contacts that mHero's older programs wrote hold the id of a registry's record in `globalid`: they join the person of that
//! record. A country that keeps its RapidPro has its people written out to it ([`Keeper`]): by `mhero source write-out`, and after
//! each pull where the setting `write_out` says for whom. With `backend=yes` flows are started there and read back ([`Backend`]).

mod api;
mod backend;
mod check;
mod pull;
mod push;
mod write_out;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{
        Backend, Connector, Keeper, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings,
    },
};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::Groups;

use crate::http::{KEYS, with_keys};
use api::Api;

/// The keys of this connector and those of the client.
const OWN_KEYS: [(&str, bool); KEYS.len() + 3] =
    with_keys([("groups", false), ("write_out", false), ("backend", false)]);

/// The kind `rapidpro`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RapidPro;

impl Connector for RapidPro {
    fn kind(&self) -> &'static str {
        "rapidpro"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &OWN_KEYS
    }

    fn build(&self, _app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(Workspace::open(settings)?))
    }
}

/// A workspace of a RapidPro.
pub struct Workspace {
    api: Api,
    groups: Groups,
    is_backend: bool,
    /// Keys of fields that the workspace does not take, as the last preparation found.
    untaken: Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspace").field("client", &self.api.client).finish_non_exhaustive()
    }
}

impl Workspace {
    /// A workspace by the settings of a source.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the key that is missing or wrong, and what would be right.
    pub fn open(settings: &SourceSettings) -> Result<Self, AppError> {
        let is_backend = is_backend(&settings.config)?;
        Ok(Self { api: Api::new(settings)?, groups: groups(&settings.config)?, is_backend, untaken: Mutex::default() })
    }
}

/// Which groups are taken over: `chosen` by default.
fn groups(config: &BTreeMap<String, String>) -> Result<Groups, AppError> {
    match config.get("groups").map(|text| text.trim().to_lowercase()).as_deref() {
        None | Some("" | "chosen") => Ok(Groups::Chosen),
        Some("all") => Ok(Groups::All),
        Some("none") => Ok(Groups::None),
        Some(other) => {
            let right = "chosen, all, none".to_owned();
            let args = [("key", "groups".to_owned()), ("value", other.to_owned()), ("right", right)];
            Err(AppError::invalid("registry-setting", args))
        }
    }
}

/// Whether flows run there for us.
fn is_backend(config: &BTreeMap<String, String>) -> Result<bool, AppError> {
    match config.get("backend").map(|text| text.trim().to_lowercase()).as_deref() {
        None | Some("" | "no" | "off" | "non") => Ok(false),
        Some("yes" | "on" | "oui") => Ok(true),
        Some(other) => {
            let args = [("key", "backend".to_owned()), ("value", other.to_owned()), ("right", "yes, no".to_owned())];
            Err(AppError::invalid("registry-setting", args))
        }
    }
}

#[async_trait]
impl Registry for Workspace {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        self.look().await.map_err(|error| error.reason().clone())
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        self.read_contacts(pull, sink).await
    }

    fn writes(&self) -> &'static [&'static str] {
        // Every other name is the key of a field of the workspace.
        &["name", "language", "phone"]
    }

    fn backend(&self) -> Option<&dyn Backend> {
        self.is_backend.then_some(self as &dyn Backend)
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        self.write(push).await
    }
}
