//! FHIR R4 servers as registries: iHRIS 5, mCSD directories (ITI-90, ITI-91) and any other.
//!
//! ```text
//! mhero source add ihris hr url=https://hr.example.org/hapi/fhir username=mhero password=…
//! ```
//!
//! A first pull reads everything of the kinds we know, page by page; later ones read what changed since the watermark: by
//! `_history?_since` (ITI-91) where the server keeps it, which tells removals too, else by `_lastUpdated`. No answer is
//! trusted before its self link and its outcome entries were looked at: a server that ignores a parameter answers everything.
//! Corrections are written into the resource as received, with `If-Match`, and a Provenance that carries the evidence.

mod check;
mod pages;
mod pull;
mod push;
mod server;
mod settings;
pub mod subscription;

use std::sync::Arc;

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings, Teller},
};
use mhero_core::record::Reason;

use self::{server::Server, settings::KEYS};

/// The kind of iHRIS 5.
pub const IHRIS: &str = "ihris";
/// The kind of any other FHIR R4 server.
pub const FHIR: &str = "fhir";

/// The connector of one of the two kinds. They differ in what they look for and write: iHRIS has profiles of its own.
#[derive(Clone, Copy, Debug)]
pub struct Fhir {
    kind: &'static str,
}

impl Fhir {
    /// iHRIS 5.
    pub const IHRIS: Self = Self { kind: IHRIS };
    /// Any FHIR R4 server.
    pub const ANY: Self = Self { kind: FHIR };
}

impl Connector for Fhir {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &KEYS
    }

    fn build(&self, _app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        Ok(Arc::new(Server::new(settings, self.kind == IHRIS)?))
    }
}

#[async_trait]
impl Registry for Server {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        check::check(self).await
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        pull::pull(self, pull, sink).await
    }

    fn writes(&self) -> &'static [&'static str] {
        push::FIELDS
    }

    fn writes_of_place(&self, field: &str) -> bool {
        push::is_of_place("Location", field)
    }

    fn teller(&self) -> Option<&dyn Teller> {
        Some(self)
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        push::push(self, push).await
    }
}

#[cfg(test)]
mod tests;
