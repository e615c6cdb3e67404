//! CSD directories: OpenInfoMan, and whatever else answers ITI-74 or ITI-73.
//!
//! ITI-74 gives what changed since an instant, by the stamps that the records bring from the systems they came from: a record may
//! reach the directory long after its stamp. So each pull begins some hours (`overlap`) before the latest stamp it has seen;
//! what comes again unchanged costs little. Neither transaction tells deletions: a pull of everything finds them.

mod api;
mod check;
mod export;
mod pull;
mod push;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings},
};
use mhero_core::record::Reason;
use mhero_wire::csd::{self, EDITABLE};

use crate::http::{KEYS, with_keys};
use api::Api;

pub use export::{Origin, write};

/// The keys of this connector and those of the client.
const OWN_KEYS: [(&str, bool); KEYS.len() + 5] =
    with_keys([("document", false), ("mode", false), ("page", false), ("overlap", false), ("write_document", false)]);

/// The kinds `csd` and `openinfoman`, which are the same under two names.
#[derive(Clone, Copy, Debug)]
pub struct Csd(&'static str);

impl Csd {
    /// Both.
    pub const KINDS: [Self; 2] = [Self("csd"), Self("openinfoman")];
}

impl Connector for Csd {
    fn kind(&self) -> &'static str {
        self.0
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &OWN_KEYS
    }

    fn build(&self, app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        let (clock, mint) = (app.clone(), app.clone());
        let now = move || Timestamp::from_microsecond(clock.clock().now_micros()).unwrap_or(Timestamp::UNIX_EPOCH);
        let message = move || format!("urn:uuid:{}", mint.store().mint().uuid());
        Ok(Arc::new(Directory { api: Api::new(settings)?, now: Box::new(now), message: Box::new(message) }))
    }
}

/// A CSD directory.
struct Directory {
    api: Api,
    /// The application's clock.
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// A fresh id for each message.
    message: Box<dyn Fn() -> String + Send + Sync>,
}

#[async_trait]
impl Registry for Directory {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        check::check(self).await
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        pull::pull(self, pull, sink).await
    }

    fn writes(&self) -> &'static [&'static str] {
        // Only OpenInfoMan has functions that change a document; another endpoint of ITI-74 is read alone.
        if self.api.settings().documents.is_empty() { &[] } else { &EDITABLE }
    }

    fn writes_of_place(&self, field: &str) -> bool {
        !self.api.settings().documents.is_empty() && csd::is_of_place(csd::Kind::Facility, field)
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        push::push(self, push).await
    }
}

#[cfg(test)]
mod tests;
