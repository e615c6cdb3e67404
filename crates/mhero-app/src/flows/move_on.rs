//! Moving waiting people to the current revision of a flow: asked for, never done by itself, and only where they can go on.

use std::sync::Arc;

use mhero_core::{FlowId, Right, SessionId};
use mhero_flow::{definition::Flow, session::Session};
use mhero_store::{Actor, Job, Queue, StoreError, Unit};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{kinds, shelf::Pins};
use crate::{App, AppError, Caller};

/// Sessions that are moved while whoever asked waits; more go on by themselves.
const AT_ONCE_MAX: i64 = 200;
/// Sessions read at a time.
const PAGE: i64 = 200;

/// What became of those who waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Sessions that now run the current revision.
    pub moved: u64,
    /// Sessions that stay, because the node where they wait is gone from it.
    pub stranded: u64,
    /// Sessions that were busy; asking again moves them.
    pub busy: u64,
}

/// How a move goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// Everybody was looked at.
    Done(Moved),
    /// It goes on by itself: how many there were, and what became of those looked at so far.
    UnderWay(u64, Moved),
}

impl Moved {
    /// How many were looked at.
    pub const fn all(&self) -> u64 {
        self.moved + self.stranded + self.busy
    }

    const fn count(&mut self, outcome: Option<bool>) {
        match outcome {
            Some(true) => self.moved += 1,
            Some(false) => self.stranded += 1,
            None => self.busy += 1,
        }
    }
}

/// How far a move is, as its job keeps it.
#[derive(Serialize, Deserialize)]
struct Progress {
    /// Who asked.
    by: Option<uuid::Uuid>,
    /// How many there were when they asked.
    total: u64,
    /// The last session looked at.
    after: SessionId,
    /// What became of them.
    moved: Moved,
}

/// Where people are moved to.
struct Target {
    id: FlowId,
    revision: i64,
    pins: Pins,
    flow: Arc<Flow>,
}

impl App {
    /// Moves everybody who waits in an older revision of a flow to the current one. Who waits at a node that it no longer has
    /// stays where they are. More than some 200 are moved by a job, of which [`App::moving`] tells.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn move_waiting(&self, caller: &Caller, id: FlowId) -> Result<Moving, AppError> {
        caller.must(Right::Flows)?;
        let row = self.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
        self.must_change(caller, row.programme).await?;
        if let Some(under_way) = self.moving(caller, id).await? {
            return Ok(under_way);
        }
        let live = self.store().live_sessions(id).await?;
        let older: i64 = live.iter().filter(|(revision, _)| *revision != row.revision).map(|(_, count)| count).sum();
        let nobody = SessionId::from_uuid(uuid::Uuid::nil());
        if older > AT_ONCE_MAX {
            let total = u64::try_from(older).unwrap_or(0);
            let progress = Progress { by: caller.scope.principal(), total, after: nobody, moved: Moved::default() };
            let mut unit = Unit::new();
            let payload = serde_json::to_string(&progress).unwrap_or_default();
            unit.add_job(self.store(), kinds::MOVE_JOB, &id.to_string(), &payload, self.clock().now_micros());
            let facts = json!({ "revision": row.revision, "people": older });
            unit.audit(self.store(), &caller.entry("flow-sessions-moving", "flow", Some(id.uuid()), facts));
            self.store().write(unit, Queue::Interactive).await?;
            self.wake();
            return Ok(Moving::UnderWay(total, Moved::default()));
        }
        let Some(target) = self.target(id).await? else { return Err(AppError::not_found("flow", id)) };
        let (mut moved, mut after) = (Moved::default(), nobody);
        while self.move_page(&target, &mut after, &mut moved).await? {}
        let mut unit = Unit::new();
        unit.audit(self.store(), &caller.entry("flow-sessions-moved", "flow", Some(id.uuid()), facts(&target, moved)));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(Moving::Done(moved))
    }

    /// How far a move is that goes on by itself; `None` when there is none.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn moving(&self, caller: &Caller, id: FlowId) -> Result<Option<Moving>, AppError> {
        caller.must(Right::ReadMessages)?;
        let payload = self.store().job_payload(kinds::MOVE_JOB, &id.to_string()).await?;
        let progress = payload.and_then(|payload| serde_json::from_str::<Progress>(&payload).ok());
        Ok(progress.map(|progress| Moving::UnderWay(progress.total, progress.moved)))
    }

    /// One turn of a move. True when there is more to do.
    pub(crate) async fn move_turn(&self, job: &Job) -> Result<bool, AppError> {
        let target = match job.key.parse::<FlowId>() {
            Ok(id) => self.target(id).await?,
            Err(_) => None,
        };
        let (Some(target), Ok(mut progress)) = (target, serde_json::from_str::<Progress>(&job.payload)) else {
            let mut unit = Unit::new();
            unit.job_done(job);
            self.store().write(unit, Queue::Bulk).await?;
            return Ok(false);
        };
        let mut job = job.clone();
        while self.move_page(&target, &mut progress.after, &mut progress.moved).await? {
            job.payload = serde_json::to_string(&progress).unwrap_or_default();
            let mut unit = Unit::new();
            unit.job_progress(&job, &job.payload);
            self.store().write(unit, Queue::Bulk).await?;
        }
        let by = Actor { kind: if progress.by.is_some() { "user" } else { "system" }, id: progress.by };
        let caller = Caller { actor: by, ..Caller::system() };
        let entry = caller.entry("flow-sessions-moved", "flow", Some(target.id.uuid()), facts(&target, progress.moved));
        let mut unit = Unit::new();
        unit.job_done(&job).audit(self.store(), &entry);
        self.store().write(unit, Queue::Bulk).await?;
        Ok(false)
    }

    async fn target(&self, id: FlowId) -> Result<Option<Target>, AppError> {
        let Some(row) = self.store().flow(id).await? else { return Ok(None) };
        let Some(flow) = self.flow_at(id, row.revision).await? else { return Ok(None) };
        let pins = self.pins_of(id, Some(row.revision)).await?;
        Ok(Some(Target { id, revision: row.revision, pins, flow }))
    }

    /// Moves the next sessions. False when there are none left.
    async fn move_page(&self, target: &Target, after: &mut SessionId, moved: &mut Moved) -> Result<bool, AppError> {
        let sessions = self.store().sessions_on_others(target.id, target.revision, *after, PAGE).await?;
        let Some(last) = sessions.last() else { return Ok(false) };
        *after = *last;
        for session in sessions {
            moved.count(self.move_one(session, target).await?);
        }
        Ok(true)
    }

    /// `None` when the session is at work just now.
    async fn move_one(&self, id: SessionId, target: &Target) -> Result<Option<bool>, AppError> {
        let (flow, revision) = (&*target.flow, target.revision);
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
        for (flow, revision) in &target.pins.0 {
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

fn facts(target: &Target, moved: Moved) -> serde_json::Value {
    json!({ "revision": target.revision, "moved": moved.moved, "stranded": moved.stranded })
}

/// Whether the step at which a session waits asks nothing any more in a flow: there it would wait for ever.
fn waits_no_more(session: &Session, flow: &Flow) -> bool {
    let run = session.waiting_run().map(|run| &session.runs[run]).filter(|run| run.flow.uuid == flow.uuid);
    let node = run.and_then(mhero_flow::session::Run::node).and_then(|node| flow.node(node));
    node.is_some_and(|node| node.router.as_ref().is_none_or(|router| router.wait.is_none()))
}
