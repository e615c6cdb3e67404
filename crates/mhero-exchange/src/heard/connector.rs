//! A client of the FHIR server as a registry: what it wrote is pulled out of our own store, and corrections go into what it said.

use std::sync::Arc;

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Connector, Pull, PullError, PullSink, Pulled, Push, PushOutcome, Registry, SourceSettings},
};
use mhero_core::{
    TokenId,
    record::{Reason, Record, Rejection},
};
use mhero_wire::json::Position;

use super::{KIND, TOKEN, adopt, correct};

/// Records of a page.
const PAGE: i64 = 200;

/// The connector of all clients of the FHIR server. Nobody adds such a source: it is made when a client writes first.
#[derive(Clone, Copy, Debug, Default)]
pub struct FhirClients;

struct Client {
    app: App,
    token: TokenId,
    source: mhero_core::SourceId,
}

impl Connector for FhirClients {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[(TOKEN, false)]
    }

    fn build(&self, app: &App, settings: &SourceSettings) -> Result<Arc<dyn Registry>, AppError> {
        let said = settings.config.get(TOKEN).map(String::as_str).unwrap_or_default();
        let token = said.parse().map_err(|_| AppError::invalid("source-fhir-client", []))?;
        Ok(Arc::new(Client { app: app.clone(), token, source: settings.id }))
    }
}

/// Reads a resource as the register does.
pub(super) fn read(text: &str, origin: &str) -> Result<Record, Rejection> {
    mhero_wire::fhir::record(text, origin, Position { line: 1, column: 1 })
}

#[async_trait]
impl Registry for Client {
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        Ok(Vec::new())
    }

    async fn pull(&self, pull: &Pull, sink: &mut dyn PullSink) -> Result<Pulled, PullError> {
        let mut at = pull.since.as_deref().and_then(|since| since.parse().ok()).unwrap_or(0);
        let store = self.app.store();
        let until = store.setting(&super::until(self.token)).await.map_err(AppError::from)?;
        let until: i64 = until.and_then(|until| until.parse().ok()).unwrap_or(0);
        loop {
            let mut said = store.fhir_waiting(self.token, at, PAGE).await.map_err(AppError::from)?;
            said.retain(|one| one.version.entry <= until);
            let Some(last) = said.last() else { break };
            at = last.version.entry;
            let mut page = Vec::with_capacity(said.len());
            for one in said {
                let version = one.version;
                let (kind, id) = (version.kind.as_str(), version.id.as_str());
                let own = adopt::own_id(&self.app, self.source, (kind, id)).await?;
                match own {
                    adopt::Own::Elsewhere => {}
                    adopt::Own::As(own) if version.method == "DELETE" => sink.removed(kind, &own).await?,
                    adopt::Own::As(own) => {
                        let origin = format!("{kind}/{id}/_history/{}", version.version);
                        page.push(read(&version.body, &origin).map(|record| Record { id: own, ..record }));
                    }
                }
            }
            sink.take(page).await?;
        }
        Ok(Pulled { watermark: Some(at.to_string()), whole: false })
    }

    fn read_again(&self, raw: &str, origin: &str) -> Option<Result<Record, Rejection>> {
        Some(read(raw, origin))
    }

    fn writes(&self) -> &'static [&'static str] {
        correct::FIELDS
    }

    async fn push(&self, push: &Push) -> PushOutcome {
        correct::push(&self.app, self.token, push).await
    }
}
