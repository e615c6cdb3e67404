//! Under which source stands what a client says of people: one of its own for each token.

use mhero_app::Caller;
use mhero_core::{SourceId, TokenId};
use mhero_store::{Source, Unit};

use crate::{ApiError, ApiServer};

/// What the names of such sources begin with.
pub(crate) const PREFIX: &str = "API ";

impl ApiServer {
    /// The source of a caller. One that is new is added by the unit.
    pub(crate) async fn source_of(&self, caller: &Caller, unit: &mut Unit) -> Result<SourceId, ApiError> {
        let store = self.app.store();
        let token = match caller.actor.id {
            Some(id) if caller.actor.kind == "token" => store.token(TokenId::from_uuid(id)).await?,
            _ => None,
        };
        let name = format!("{PREFIX}{}", token.map_or_else(|| caller.actor.kind.to_owned(), |token| token.name));
        let sources = store.sources().await?;
        if let Some(known) = sources.iter().find(|source| source.name == name) {
            return Ok(known.id);
        }
        let source = Source {
            id: store.mint().id(SourceId::from_uuid),
            name,
            kind: "files".to_owned(),
            url: None,
            config: "{}".to_owned(),
            rank: sources.iter().map(|source| source.rank).max().unwrap_or(0) + 1,
            created_at: self.app.clock().now_micros(),
            version: 1,
        };
        unit.add_source(&source, None);
        Ok(source.id)
    }
}
