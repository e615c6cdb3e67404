//! The weights by which people are compared, and what they were learned from.

use uuid::Uuid;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    MODEL = "SELECT model, learned_at, set_by, people, sources, is_set FROM link_model ORDER BY learned_at DESC NULLS LAST, id DESC NULLS LAST LIMIT 1";
    ADD_MODEL = "INSERT INTO link_model (id, model, learned_at, set_by, people, sources, is_set) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DROP_MODELS = "DELETE FROM link_model WHERE id <> $1";
}

/// The weights in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkModel {
    /// The weights, as JSON.
    pub model: String,
    /// When they were learned or set, in UTC microseconds.
    pub learned_at: i64,
    /// Who had them learned or set them; `None` where nobody asked.
    pub set_by: Option<Uuid>,
    /// How many people they were learned from; `None` where that was not kept.
    pub people: Option<i64>,
    /// Whose records those were, as a text that is the same as long as the sources are.
    pub sources: Option<String>,
    /// Whether somebody has adjusted them.
    pub is_set: bool,
}

impl Unit {
    /// Makes these the weights from now on.
    pub fn put_link_model(&mut self, id: Uuid, model: &LinkModel) -> &mut Self {
        self.run(&DROP_MODELS, params![id]);
        let (people, sources) = (model.people, model.sources.as_deref());
        self.one(&ADD_MODEL, params![id, &model.model, model.learned_at, model.set_by, people, sources, model.is_set])
    }
}

impl Store {
    /// The weights in use; `None` before any were learned or set.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn link_model(&self) -> Result<Option<LinkModel>, StoreError> {
        let Some(row) = self.first(&MODEL, vec![]).await? else { return Ok(None) };
        Ok(Some(LinkModel {
            model: row.get(0)?,
            learned_at: row.get(1)?,
            set_by: row.get(2)?,
            people: row.get(3)?,
            sources: row.get(4)?,
            is_set: row.get::<Option<bool>>(5)?.unwrap_or(false),
        }))
    }
}
