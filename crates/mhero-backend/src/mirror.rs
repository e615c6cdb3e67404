//! Flows there as flows of ours: each has a row that says where it runs, and a definition that holds nothing, so that it can be
//! found, started and read like any other, and never runs here.

use std::collections::{HashMap, HashSet};

use mhero_app::{AppError, Caller, ports::BackendError, sync::keep_reason};
use mhero_core::{FlowId, SourceId, limits::NAME_CHARS_MAX, record::Reason};
use mhero_store::{BackendFlow, BackendFlowListed, Queue, Unit};
use mhero_wire::rapidpro::BackFlow;
use serde_json::json;

use crate::{Backends, BackendsError, ids::flow_id, runner::At};

/// Flows of one back end at most.
const FLOWS_MAX: usize = 2_000;
/// Calls that are left at a time when a source is no back end any more.
const CALLS_MAX: i64 = 1_000;
/// The kind of the flow through which texts are sent.
pub(crate) const TEXT: &str = "text";
/// The kind that runs on devices of its own, which nobody starts.
const SURVEY: &str = "survey";

impl Backends {
    /// Reads all flows, and keeps up what stands here. Returns how many there are.
    pub(crate) async fn mirror(&self, at: &At<'_>) -> Result<Result<usize, BackendError>, BackendsError> {
        let mut there = match at.backend.flows().await {
            Ok(there) => there,
            Err(error) => return Ok(Err(error)),
        };
        there.truncate(FLOWS_MAX);
        let known: HashMap<String, BackendFlowListed> = self.known_flows(at).await?;
        let texts = BackFlow { id: String::new(), name: String::new(), kind: TEXT.to_owned(), archived: false };
        let mut named = HashSet::new();
        for flow in there.iter().chain([&texts]) {
            if named.insert(flow.id.clone()) {
                self.keep_flow(at, flow, known.get(&flow.id)).await?;
            }
        }
        for (remote, listed) in &known {
            if !named.contains(remote) && !listed.flow.gone {
                self.put_away(at, &listed.flow, true).await?;
            }
        }
        Ok(Ok(there.len()))
    }

    async fn known_flows(&self, at: &At<'_>) -> Result<HashMap<String, BackendFlowListed>, BackendsError> {
        let known = self.app.store().backend_flows(at.source.id).await?;
        Ok(known.into_iter().map(|listed| (listed.flow.remote.clone(), listed)).collect())
    }

    /// The flow here of one that a run names, made where it is not known yet.
    pub(crate) async fn flow_of_run(
        &self,
        at: &At<'_>,
        remote: &str,
        name: &str,
    ) -> Result<Option<(FlowId, i64)>, BackendsError> {
        let id = FlowId::from_uuid(flow_id(at.source.id, remote));
        if let Some(row) = self.app.store().flow(id).await? {
            return Ok(Some((id, row.revision)));
        }
        let flow = BackFlow { id: remote.to_owned(), name: name.to_owned(), kind: "message".into(), archived: false };
        self.keep_flow(at, &flow, None).await?;
        Ok(self.app.store().flow(id).await?.map(|row| (id, row.revision)))
    }

    async fn keep_flow(
        &self,
        at: &At<'_>,
        flow: &BackFlow,
        known: Option<&BackendFlowListed>,
    ) -> Result<(), BackendsError> {
        let id = FlowId::from_uuid(flow_id(at.source.id, &flow.id));
        let name = self.name_of(at, flow).await?;
        let gone = flow.archived || flow.kind == SURVEY;
        if known.is_some_and(|known| known.name == name && known.flow.gone == gone && known.flow.kind == flow.kind) {
            return Ok(());
        }
        let was_gone = known.is_some_and(|known| known.flow.gone);
        let row =
            BackendFlow { flow: id, source: at.source.id, remote: flow.id.clone(), kind: flow.kind.clone(), gone };
        // Where it runs is known before it can be started.
        self.write_flow(at, &row).await?;
        if known.is_none_or(|known| known.name != name) {
            let definition = json!({
                "uuid": id.to_string(), "name": name, "spec_version": "13.6.1", "type": "messaging", "language": "und",
                "revision": 1, "expire_after_minutes": 0, "localization": {}, "nodes": [],
            });
            let origin = format!("backend/{}", at.source.name);
            match self.app.save_flow(&Caller::system(), definition.to_string().as_bytes(), &origin).await {
                Ok(_) => {}
                // A name that can't be one keeps no other flow from coming.
                Err(AppError::Invalid(reason)) => {
                    tracing::warn!(source = %at.source.id, flow = %id, reason = reason.key, "a flow could not be taken over");
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
        if gone != was_gone || (gone && known.is_none()) {
            self.app.archive_flow(&Caller::system(), id, gone).await?;
        }
        Ok(())
    }

    /// Puts away the flows of a source that is no back end any more, and leaves what was to be asked of it.
    pub(crate) async fn forget(&self, source: SourceId) -> Result<(), BackendsError> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        for mut call in store.backend_open_calls(source, CALLS_MAX).await? {
            "cancelled".clone_into(&mut call.state);
            (call.next_at, call.reason) = (None, keep_reason(&Reason::plain("backend-why-removed")));
            let mut unit = Unit::new();
            unit.set_backend_call(&call).move_backend_people(call.id, "waiting", "cancelled");
            store.write(unit, Queue::Interactive).await?;
        }
        for listed in store.backend_flows(source).await?.into_iter().filter(|listed| !listed.flow.gone) {
            match self.app.archive_flow(&Caller::system(), listed.flow.flow, true).await {
                Ok(()) | Err(AppError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            let mut unit = Unit::new();
            unit.put_backend_flow(&BackendFlow { gone: true, ..listed.flow }, now);
            store.write(unit, Queue::Interactive).await?;
        }
        Ok(())
    }

    async fn put_away(&self, at: &At<'_>, flow: &BackendFlow, gone: bool) -> Result<(), BackendsError> {
        self.write_flow(at, &BackendFlow { gone, ..flow.clone() }).await?;
        match self.app.archive_flow(&Caller::system(), flow.flow, gone).await {
            Ok(()) | Err(AppError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn write_flow(&self, at: &At<'_>, row: &BackendFlow) -> Result<(), BackendsError> {
        let mut unit = Unit::new();
        unit.put_backend_flow(row, self.app.clock().now_micros());
        at.write(&self.app, unit, Queue::Interactive).await
    }

    /// "Stock on hand (at NAME)", in the first language of the country.
    async fn name_of(&self, at: &At<'_>, flow: &BackFlow) -> Result<String, BackendsError> {
        let language = self.app.facts_cached().await?.default_language();
        let room = NAME_CHARS_MAX.saturating_sub(at.source.name.chars().count() + 20);
        let plain = |text: &str| -> String {
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(room).collect::<String>().trim().to_owned()
        };
        let name = match flow.kind == TEXT {
            true => self.app.words().say(language, "backend-text-flow", &[]),
            false if flow.name.trim().is_empty() => flow.id.clone(),
            false => plain(&flow.name),
        };
        let args = [("name", name), ("source", at.source.name.clone())];
        Ok(self.app.words().say(language, "backend-flow-name", &args))
    }
}
