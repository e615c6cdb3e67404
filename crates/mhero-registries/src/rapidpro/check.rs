//! Looks whether a workspace can be read, without changing anything.

use mhero_core::record::Reason;
use mhero_wire::rapidpro::{ENTITY_TYPE, GLOBALID, field_of};
use serde_json::Value;

use super::Workspace;
use crate::http::HttpError;

impl Workspace {
    /// Which workspace this is, how many fields and groups it has, whether older programs of mHero wrote into it.
    pub(super) async fn look(&self) -> Result<Vec<Reason>, HttpError> {
        // Newer servers call it `workspace`, and still answer the older name; some only the newer one.
        let org = match self.api.one("org").await {
            Err(HttpError::Refused { status: 404, .. }) => self.api.one("workspace").await?,
            other => other?,
        };
        let name = org.get("name").and_then(Value::as_str).unwrap_or("-").to_owned();
        let mut remarks = vec![Reason::new("rapidpro-found", [("name", name)])];
        if org.get("anon").and_then(Value::as_bool) == Some(true) {
            remarks.push(Reason::plain("rapidpro-anonymous"));
        }
        let fields: Vec<_> = self.api.all("fields").await?.iter().filter_map(field_of).collect();
        let groups = self.api.all("groups").await?.len().to_string();
        remarks.push(Reason::new("rapidpro-holds", [("fields", fields.len().to_string()), ("groups", groups)]));
        let has = |key: &str| fields.iter().any(|field| field.key == key);
        if has(GLOBALID) && has(ENTITY_TYPE) {
            remarks.push(Reason::plain("rapidpro-has-globalid"));
        }
        let mut contacts = Some(self.api.list("contacts", &[]));
        if self.api.next(&mut contacts).await?.is_none_or(|page| page.items.is_empty()) {
            remarks.push(Reason::plain("rapidpro-no-contacts"));
        }
        Ok(remarks)
    }
}
