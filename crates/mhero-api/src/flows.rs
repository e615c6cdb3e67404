//! Flows and their starts.

use std::collections::HashMap;

use mhero_app::{AppError, Caller};
use mhero_core::{FlowId, Right, StartId};
use mhero_store::{FlowRow, MadeKind, StartRow};
use uuid::Uuid;

use crate::{Part, Reader};

/// A start in a list.
#[derive(Clone, Debug)]
pub struct ListedStart {
    /// The start.
    pub row: StartRow,
    /// The name of its flow.
    pub flow: String,
}

impl ListedStart {
    /// What orders it.
    pub fn key(&self) -> (i64, Uuid) {
        (self.row.ended_at.unwrap_or(self.row.created_at), self.row.id.uuid())
    }
}

impl Reader {
    /// One flow, with how many runs of people within the caller's scope stand where: status and number.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn flow(&self, caller: &Caller, id: FlowId) -> Result<(FlowRow, Vec<(String, i64)>), AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.app.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
        Ok((row, self.app.store().run_counts(&caller.scope, id).await?))
    }

    /// The name of a flow; empty where there is no such one any more.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn flow_name(&self, id: FlowId) -> Result<String, AppError> {
        Ok(self.app.store().flow(id).await?.map(|flow| flow.name).unwrap_or_default())
    }

    pub(crate) async fn flow_names(&self) -> Result<HashMap<FlowId, String>, AppError> {
        Ok(self.app.store().flow_names().await?.into_iter().collect())
    }

    /// Starts within the caller's scope, the last changed first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Store`].
    pub async fn starts(&self, caller: &Caller, part: &Part) -> Result<Vec<ListedStart>, AppError> {
        caller.must(Right::ReadMessages)?;
        let (store, scope, names) = (self.app.store(), &caller.scope, self.flow_names().await?);
        let mut listed = Vec::new();
        for (id, _) in store.made_page(scope, MadeKind::Start, None, &part.keyset()).await? {
            if let Some(row) = store.start(scope, StartId::from_uuid(id)).await? {
                listed.push(ListedStart { flow: names.get(&row.flow).cloned().unwrap_or_default(), row });
            }
        }
        Ok(listed)
    }
}
