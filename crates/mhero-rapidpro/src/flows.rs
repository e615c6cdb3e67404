//! Flows, and definitions as they are moved from one instance to another.

use mhero_core::{FlowId, Right};
use mhero_flow::{
    definition::{Flow, ReadOptions},
    inspect::inspect,
};
use mhero_store::FlowRow;
use serde_json::{Map, Value, json};

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{instant, shown},
    page::{Item, items_page, nothing},
    refs::named,
};

/// How long a flow waits for an answer before it ends, in minutes, where its definition does not say.
const EXPIRES_DEFAULT: u64 = 10_080;

impl ApiServer {
    /// `GET flows`.
    pub(crate) async fn flows(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let (uuid, kind) = (ask.uuid("uuid")?, ask.param("type"));
        let archived = ask.param("archived").map(|_| ask.flag("archived", false));
        let rows = self.app.store().flows(true).await?;
        let is_asked = |row: &&FlowRow| {
            uuid.is_none_or(|uuid| row.id.uuid() == uuid)
                && archived.is_none_or(|archived| archived != row.active)
                && kind.is_none_or(|kind| kind_of(&row.kind) == kind)
        };
        let items = rows.iter().filter(is_asked).map(|row| Item::new(row.updated_at, row.id.uuid(), Value::Null));
        let mut items = wanted.of_all(items.collect());
        for item in &mut items {
            if let Some(row) = rows.iter().find(|row| row.id.uuid() == item.id) {
                item.json = self.flow_json(ask, row).await?;
            }
        }
        Ok(items_page(ask, &self.base, items))
    }

    async fn flow_json(&self, ask: &Ask, row: &FlowRow) -> Result<Value, ApiError> {
        let store = self.app.store();
        let mut counts: Map<String, Value> = ["active", "waiting", "completed", "interrupted", "expired", "failed"]
            .iter()
            .map(|status| ((*status).to_owned(), json!(0)))
            .collect();
        for (status, count) in store.run_counts(&ask.caller.scope, row.id).await? {
            counts.insert(status, json!(count));
        }
        let revision = store.flow_revision(row.id, row.revision).await?;
        let flow = revision.and_then(|revision| {
            let mut mint = || store.mint().uuid();
            Flow::from_slice(revision.definition.as_bytes(), &ReadOptions::default(), &mut mint).ok()
        });
        let (mut results, mut expires) = (Vec::new(), EXPIRES_DEFAULT);
        if let Some(flow) = &flow {
            let found = inspect(flow, None);
            results = found
                .results
                .iter()
                .map(|result| {
                    json!({
                        "key": &*result.key,
                        "name": &*result.name,
                        "categories": result.categories.iter().map(|category| &**category).collect::<Vec<_>>(),
                        "node_uuids": result.node_uuids.iter().map(ToString::to_string).collect::<Vec<_>>(),
                    })
                })
                .collect();
            expires = flow.to_json()["expire_after_minutes"].as_u64().unwrap_or(EXPIRES_DEFAULT);
        }
        Ok(json!({
            "uuid": row.id.to_string(),
            "name": row.name,
            "type": kind_of(&row.kind),
            "archived": !row.active,
            "labels": [],
            "expires": expires,
            "runs": counts,
            "results": results,
            "parent_refs": [],
            "created_on": instant(row.created_at),
            "modified_on": instant(row.updated_at),
        }))
    }

    /// `GET definitions`.
    pub(crate) async fn definitions(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let mut only: Vec<FlowId> = Vec::new();
        let missing = |what: &str, text: &str| ApiError::Detail(format!("No such {what}: {}", shown(text)));
        for text in ask.params("flow") {
            only.push(self.flow_called(text).await?.ok_or_else(|| missing("flow", text))?.id);
        }
        let (mut campaigns, asked) = (Vec::new(), ask.params("campaign"));
        for text in asked {
            campaigns.push(self.campaign_called(text).await?.ok_or_else(|| missing("campaign", text))?.id);
        }
        let events = self.app.store().campaign_events().await?;
        let named: Vec<FlowId> = only.clone();
        only.extend(events.iter().filter(|e| e.active && campaigns.contains(&e.campaign)).filter_map(|e| e.flow));
        if only.is_empty() {
            let empty = json!({
                "version": "13", "site": "mhero", "flows": [], "campaigns": [], "triggers": [], "fields": [], "groups": [],
            });
            return Ok(Answer::ok(empty));
        }
        let mut export = self.app.export_flows(&ask.caller, &only).await?;
        match ask.param("dependencies").unwrap_or("all") {
            "all" => {}
            "flows" => {
                for name in ["campaigns", "triggers"] {
                    export[name] = json!([]);
                }
            }
            "none" => {
                let is_named = |flow: &Value| named.iter().any(|id| flow["uuid"] == json!(id.to_string()));
                if let Some(flows) = export["flows"].as_array_mut() {
                    flows.retain(is_named);
                }
                let is_asked = |one: &Value| campaigns.iter().any(|id| one["uuid"] == json!(id.to_string()));
                if let Some(all) = export["campaigns"].as_array_mut() {
                    all.retain(is_asked);
                }
                export["triggers"] = json!([]);
            }
            other => {
                return Err(ApiError::Detail(format!(
                    "dependencies must be one of none, flows, all, not {}",
                    shown(other)
                )));
            }
        }
        Ok(Answer::ok(export))
    }

    /// A flow as others refer to it.
    pub(crate) async fn flow_reference(&self, id: FlowId) -> Result<Value, ApiError> {
        let row = self.app.store().flow(id).await?;
        Ok(named(id, row.as_ref().map(|row| row.name.as_str()).unwrap_or_default()))
    }
}

/// RapidPro's word for a kind of flow.
fn kind_of(kind: &str) -> &'static str {
    match kind {
        "voice" => "voice",
        "messaging_background" => "background",
        "messaging_offline" => "survey",
        _ => "message",
    }
}
