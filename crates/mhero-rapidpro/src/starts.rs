//! Starts of flows.

use std::collections::HashMap;

use mhero_app::flows::NewStart;
use mhero_core::{FlowId, Right, StartId};
use mhero_store::{MadeKind, StartRow};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{instant, shown},
    page::{cut, nothing, page},
    refs::named,
    send_one::principal,
};

/// Longest parameters of a start, in characters of JSON.
const PARAMS_MAX: usize = 10_000;

impl ApiServer {
    /// `GET flow_starts`.
    pub(crate) async fn flow_starts(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(true)? else { return Ok(nothing(ask, &self.base)) };
        let store = self.app.store();
        let named = match (ask.uuid("uuid")?, ask.number("id")?) {
            (Some(uuid), _) => Some(Some(StartId::from_uuid(uuid))),
            (None, Some(number)) => Some(store.start_numbered(&ask.caller.scope, number).await?),
            (None, None) => None,
        };
        let made = match named {
            Some(id) => id.map(|id| (id.uuid(), 0)).into_iter().collect(),
            None => store.made_page(&ask.caller.scope, MadeKind::Start, None, &wanted.part).await?,
        };
        let (made, more) = cut(made);
        let last = made.last().filter(|_| more).map(|(id, at)| (*at, *id));
        let mut rows = Vec::with_capacity(made.len());
        for (id, _) in made {
            rows.extend(store.start(&ask.caller.scope, StartId::from_uuid(id)).await?);
        }
        Ok(page(ask, &self.base, self.starts_json(ask, &rows).await?, last))
    }

    async fn starts_json(&self, ask: &Ask, rows: &[StartRow]) -> Result<Vec<Value>, ApiError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.uuid()).collect();
        let asked = self.asked(&ids).await?;
        let names = self.names_in(ask, asked.values()).await?;
        let flows: HashMap<FlowId, String> = self.app.store().flow_names().await?.into_iter().collect();
        let write = |row: &StartRow| {
            let known = asked.get(&row.id.uuid());
            let own = known.cloned().unwrap_or_default();
            let params: Value = serde_json::from_str(&row.params).unwrap_or_default();
            json!({
                "uuid": row.id.to_string(),
                "id": row.number,
                "flow": named(row.flow, flows.get(&row.flow).map(String::as_str).unwrap_or_default()),
                "status": status(&row.status),
                "progress": { "total": row.recipients, "started": if row.ended_at.is_some() { row.recipients } else { 0 } },
                "groups": own.groups.iter().map(|id| names.group(*id)).collect::<Vec<_>>(),
                "contacts": own.contacts.iter().map(|id| names.contact(*id)).collect::<Vec<_>>(),
                "params": params,
                "extra": params,
                "restart_participants": known.is_none_or(|own| own.restart_participants),
                "exclude_active": own.exclude_active,
                "created_on": instant(row.created_at),
                "modified_on": instant(row.ended_at.unwrap_or(row.created_at)),
            })
        };
        Ok(rows.iter().map(write).collect())
    }

    /// `POST flow_starts`.
    pub(crate) async fn start_flow(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Send)?;
        let flow = ask.reference("flow")?.ok_or_else(|| ApiError::field("flow", "This field is required."))?;
        let missing = || ApiError::field("flow", format!("No such object: {}", shown(&flow)));
        let flow = self.flow_called(&flow).await?.filter(|row| row.active).ok_or_else(missing)?;
        let params = match ask.object("params")? {
            Some(params) => Some(params),
            None => ask.object("extra")?,
        };
        let params = params.filter(|params| !params.is_empty()).cloned().map(Value::Object);
        if params.as_ref().is_some_and(|params| params.to_string().chars().count() > PARAMS_MAX) {
            return Err(ApiError::field("params", format!("Cannot be larger than {PARAMS_MAX} characters.")));
        }
        let asked = self.read_asked(ask).await?;
        let mut query = format!("({})", asked.query());
        if !asked.restart_participants {
            query += &format!(" AND history != {}", flow.id);
        }
        if asked.exclude_active {
            query += " AND flow = \"\"";
        }
        let new = NewStart {
            params,
            once_key: ask.once.as_ref().map(|once| format!("rapidpro/{}/{once}", principal(ask))),
            ..NewStart::new(flow.id, query)
        };
        let id = self.app.start_flow(&ask.caller, &new).await?;
        self.keep_asked(id.uuid(), &asked).await?;
        let row = self.app.store().start(&ask.caller.scope, id).await?.ok_or(ApiError::NotFound)?;
        let json = self.starts_json(ask, std::slice::from_ref(&row)).await?.pop().ok_or(ApiError::NotFound)?;
        Ok(Answer::made(json))
    }
}

/// RapidPro's word for how far a start got: one that waits for a second person is pending.
fn status(status: &str) -> &'static str {
    match status {
        "started" => "complete",
        "starting" => "starting",
        "cancelled" | "refused" => "failed",
        _ => "pending",
    }
}
