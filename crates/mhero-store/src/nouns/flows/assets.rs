//! What flows refer to and mHero has no noun of its own for: globals, labels, resthooks, topics, templates.

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    PUT = "INSERT INTO flow_asset (kind, id, name, content, updated_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, id) DO UPDATE SET name = $3, content = $4, updated_at = $5";
    DROP = "DELETE FROM flow_asset WHERE kind = $1 AND id = $2";
    LIST = "SELECT kind, id, name, content FROM flow_asset ORDER BY kind ASC NULLS LAST, id ASC NULLS LAST";
}

/// One thing that flows refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowAsset {
    /// `global`, `label`, `resthook`, `topic`, `template`, `llm`, `classifier`, `optin`, `user`.
    pub kind: String,
    /// Its UUID, key or slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The whole as JSON, in the shape of the flow specification's assets.
    pub content: String,
}

impl FlowAsset {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { kind: row.get(0)?, id: row.get(1)?, name: row.get(2)?, content: row.get(3)? })
    }
}

impl Unit {
    /// Writes an asset, or writes it anew.
    pub fn put_flow_asset(&mut self, asset: &FlowAsset, now: i64) -> &mut Self {
        self.run(&PUT, params![&asset.kind, &asset.id, &asset.name, &asset.content, now])
    }

    /// Removes an asset.
    pub fn drop_flow_asset(&mut self, kind: &str, id: &str) -> &mut Self {
        self.run(&DROP, params![kind, id])
    }
}

impl Store {
    /// Every asset.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_assets(&self) -> Result<Vec<FlowAsset>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(FlowAsset::read).collect()
    }
}
