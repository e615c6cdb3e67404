//! Whole numbers beside our ids: RapidPro's older dialect calls messages and runs by them. Each gets its own when it is first read.

use std::collections::HashMap;

use mhero_store::{Queue, Unit};
use uuid::Uuid;

use crate::{ApiError, ApiServer};

/// The numbers of messages.
pub(crate) const MESSAGE: &str = "message";
/// The numbers of runs.
pub(crate) const RUN: &str = "run";

impl ApiServer {
    /// The numbers of things; those that have none get theirs, in the order given.
    pub(crate) async fn numbers(&self, kind: &str, entities: &[Uuid]) -> Result<HashMap<Uuid, i64>, ApiError> {
        let store = self.app.store();
        let sequence = format!("rapidpro-{kind}");
        store
            .decide(|| async {
                let mut known = store.api_numbers(kind, entities).await?;
                let fresh: Vec<Uuid> = entities.iter().copied().filter(|entity| !known.contains_key(entity)).collect();
                if fresh.is_empty() {
                    return Ok::<_, ApiError>(known);
                }
                let first = store.next_number(&sequence).await?;
                let mut unit = Unit::new();
                unit.take_numbers(&sequence, first, i64::try_from(fresh.len()).unwrap_or(0));
                for (number, entity) in (first..).zip(fresh) {
                    unit.add_api_number(kind, entity, number);
                    known.insert(entity, number);
                }
                store.write(unit, Queue::Interactive).await?;
                Ok(known)
            })
            .await
    }
}
