//! Lists of broadcasts.

use mhero_app::{AppError, Caller};
use mhero_core::{BroadcastId, Lang, Right};
use mhero_store::{BroadcastRow, MadeKind};
use uuid::Uuid;

use crate::{Part, Reader};

/// A broadcast in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The broadcast.
    pub row: BroadcastRow,
    /// Its texts by language.
    pub texts: Vec<(Lang, String)>,
}

impl Listed {
    /// What orders it.
    pub const fn key(&self) -> (i64, Uuid) {
        (self.row.created_at, self.row.id.uuid())
    }
}

impl Reader {
    /// Broadcasts within the caller's scope, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Store`].
    pub async fn broadcasts(&self, caller: &Caller, part: &Part) -> Result<Vec<Listed>, AppError> {
        caller.must(Right::ReadMessages)?;
        let (store, scope) = (self.app.store(), &caller.scope);
        let mut listed = Vec::new();
        for (id, _) in store.made_page(scope, MadeKind::Broadcast, None, &part.keyset()).await? {
            if let Some(row) = store.broadcast(scope, BroadcastId::from_uuid(id)).await? {
                listed.push(Listed { texts: store.broadcast_texts(row.id).await?, row });
            }
        }
        Ok(listed)
    }
}
