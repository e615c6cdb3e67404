//! Runs of flows, those that workers began themselves included.

use std::collections::HashMap;

use mhero_core::{FlowId, Right, RunId, SessionId};
use mhero_flow::session::Session;
use mhero_store::{ApiRun, RunResultRow, RunsAsked};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Answered, ApiError, ApiServer, Ask,
    ask::{instant, maybe_instant},
    numbers::RUN,
    page::{cut, nothing, page},
    refs::{named, urn_of},
};

/// Nodes that runs went through, by run, each with when.
type Paths = HashMap<Uuid, Vec<Value>>;

impl ApiServer {
    /// `GET runs`.
    pub(crate) async fn runs(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        ask.at_most_one(&["contact", "flow"])?;
        let Some(wanted) = ask.wanted(true)? else { return Ok(nothing(ask, &self.base)) };
        let store = self.app.store();
        let run = match (ask.uuid("uuid")?, ask.number("id")?) {
            (Some(uuid), _) => Some(uuid),
            (None, Some(number)) => match store.entity_numbered(RUN, number).await? {
                Some(entity) => Some(entity),
                None => return Ok(nothing(ask, &self.base)),
            },
            (None, None) => None,
        };
        let contact = match ask.param("contact") {
            Some(text) => match self.contact_called(&ask.caller, text).await? {
                Some(person) => Some(person),
                None => return Ok(nothing(ask, &self.base)),
            },
            None => None,
        };
        let flow = match ask.param("flow") {
            Some(text) => match self.flow_called(text).await? {
                Some(flow) => Some(flow.id),
                None => return Ok(nothing(ask, &self.base)),
            },
            None => None,
        };
        let asked = RunsAsked {
            run: run.map(RunId::from_uuid),
            flow,
            contact,
            responded: ask.flag("responded", false),
            ..RunsAsked::default()
        };
        let (found, more) = cut(store.run_page(&ask.caller.scope, &asked, &wanted.part).await?);
        let last = found.last().filter(|_| more).map(|run| (run.modified_at, run.id.uuid()));
        let paths = if ask.flag("paths", true) { self.paths(&found).await? } else { Paths::new() };
        let ids: Vec<RunId> = found.iter().map(|run| run.id).collect();
        let results = store.results_of_runs(&ids).await?;
        let numbers = self.numbers(RUN, &ids.iter().map(|id| id.uuid()).collect::<Vec<_>>()).await?;
        let flows: HashMap<FlowId, String> = store.flow_names().await?.into_iter().collect();
        let write = |run: &ApiRun| {
            let path = paths.get(&run.id.uuid()).cloned().unwrap_or_default();
            let values = results.get(&run.id).map(Vec::as_slice).unwrap_or_default();
            let flow = flows.get(&run.flow).map(String::as_str).unwrap_or_default();
            json_of(run, numbers.get(&run.id.uuid()).copied(), flow, (path, values))
        };
        Ok(page(ask, &self.base, found.iter().map(write).collect(), last))
    }

    /// The ways that runs took, as far as their sessions are still kept.
    async fn paths(&self, runs: &[ApiRun]) -> Result<Paths, ApiError> {
        let mut sessions: Vec<SessionId> = runs.iter().map(|run| run.session).collect();
        sessions.sort_unstable();
        sessions.dedup();
        let states = self.app.store().session_states(&sessions).await?;
        let mut paths = Paths::new();
        for session in states.values().filter_map(|state| Session::from_blob(state).ok()) {
            for run in &session.runs {
                let steps = run.path.iter().map(|step| {
                    json!({ "node": step.node_uuid.to_string(), "time": instant(step.arrived_on.as_microsecond()) })
                });
                paths.insert(run.uuid, steps.collect());
            }
        }
        Ok(paths)
    }
}

fn json_of(run: &ApiRun, number: Option<i64>, flow: &str, (path, results): (Vec<Value>, &[RunResultRow])) -> Value {
    let values: Map<String, Value> = results
        .iter()
        .map(|result| {
            let category = if result.category.is_empty() { Value::Null } else { json!(result.category) };
            let value = json!({
                "name": result.name,
                "value": result.value,
                "category": category,
                "node": result.node.map(|node| node.to_string()),
                "time": instant(result.at),
                "input": result.input,
            });
            (result.key.clone(), value)
        })
        .collect();
    let urn = if run.path.is_empty() { Value::Null } else { json!(urn_of(&run.scheme, &run.path)) };
    json!({
        "id": number,
        "uuid": run.id.to_string(),
        "flow": named(run.flow, flow),
        "contact": { "uuid": run.person.to_string(), "name": run.name, "urn": urn, "urn_display": run.path },
        "start": run.start.map(|start| json!({ "uuid": start.to_string() })),
        "responded": run.replied_at.is_some(),
        "path": path,
        "values": values,
        "created_on": instant(run.started_at),
        "modified_on": instant(run.modified_at),
        "exited_on": maybe_instant(run.exited_at),
        "exit_type": run.exited_at.map(|_| exit_type(&run.status)),
    })
}

fn exit_type(status: &str) -> &str {
    match status {
        "expired" | "failed" | "interrupted" => status,
        _ => "completed",
    }
}
