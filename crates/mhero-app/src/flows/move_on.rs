//! Moving waiting people to the current revision of a flow: asked for, never done by itself, and only where they can go on.

use mhero_core::{FlowId, Right, SessionId};
use mhero_flow::session::Session;
use mhero_store::{Queue, StoreError, Unit};
use serde_json::json;

use super::shelf::Pins;
use crate::{App, AppError, Caller};

/// Sessions read at a time.
const PAGE: i64 = 500;

/// What became of those who waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Sessions that now run the current revision.
    pub moved: u64,
    /// Sessions that stay, because the node where they wait is gone from it.
    pub stranded: u64,
    /// Sessions that were busy; asking again moves them.
    pub busy: u64,
}

impl App {
    /// Moves everybody who waits in an older revision of a flow to the current one. Who waits at a node that it no longer has
    /// stays where they are.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn move_waiting(&self, caller: &Caller, id: FlowId) -> Result<Moved, AppError> {
        caller.must(Right::Flows)?;
        let row = self.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
        let flow = self.flow_at(id, row.revision).await?.ok_or_else(|| AppError::not_found("flow", id))?;
        let pins = self.pins_of(id, Some(row.revision)).await?;
        let (mut moved, mut after) = (Moved::default(), SessionId::from_uuid(uuid::Uuid::nil()));
        loop {
            let sessions = self.store().sessions_on_others(id, row.revision, after, PAGE).await?;
            let Some(last) = sessions.last() else { break };
            after = *last;
            for session in sessions {
                match self.move_one(session, row.revision, &pins, &flow).await? {
                    Some(true) => moved.moved += 1,
                    Some(false) => moved.stranded += 1,
                    None => moved.busy += 1,
                }
            }
        }
        let facts = json!({ "revision": row.revision, "moved": moved.moved, "stranded": moved.stranded });
        let mut unit = Unit::new();
        unit.audit(self.store(), &caller.entry("flow-sessions-moved", "flow", Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(moved)
    }

    /// `None` when the session is at work just now.
    async fn move_one(
        &self,
        id: SessionId,
        revision: i64,
        pins: &Pins,
        flow: &mhero_flow::definition::Flow,
    ) -> Result<Option<bool>, AppError> {
        let Some((mut row, _)) = self.live_session(id).await? else { return Ok(None) };
        if !matches!(row.status.as_str(), "waiting" | "suspended") {
            return Ok(None);
        }
        let Ok(session) = Session::from_blob(&row.state) else { return Ok(Some(false)) };
        let live = session.runs.iter().filter(|run| !run.status.has_ended() && run.flow.uuid == flow.uuid);
        let is_gone = live.filter_map(mhero_flow::session::Run::node).any(|node| flow.node(node).is_none());
        if is_gone || waits_no_more(&session, flow) {
            return Ok(Some(false));
        }
        let mut own: Pins = serde_json::from_str(&row.pins).unwrap_or_default();
        // Flows that it is in keep their revisions; those that it may enter later come with the new one.
        let entered: Vec<FlowId> = session.runs.iter().map(|run| FlowId::from_uuid(run.flow.uuid)).collect();
        for (flow, revision) in &pins.0 {
            if !entered.contains(flow) {
                own.0.insert(*flow, *revision);
            }
        }
        own.0.insert(FlowId::from_uuid(flow.uuid), revision);
        row.revision = revision;
        row.pins = serde_json::to_string(&own).unwrap_or_default();
        let mut unit = Unit::new();
        unit.set_session(&row);
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => Ok(Some(true)),
            Err(StoreError::Guard { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the step at which a session waits asks nothing any more in a flow: there it would wait for ever.
fn waits_no_more(session: &Session, flow: &mhero_flow::definition::Flow) -> bool {
    let run = session.waiting_run().map(|run| &session.runs[run]).filter(|run| run.flow.uuid == flow.uuid);
    let node = run.and_then(mhero_flow::session::Run::node).and_then(|node| flow.node(node));
    node.is_some_and(|node| node.router.as_ref().is_none_or(|router| router.wait.is_none()))
}
