//! The loop: from node to node, into other flows and back.

use std::sync::Arc;

use super::{Outcome, Segment, machine::Machine};
use crate::{
    actions::{ActionFlow, answered, execute},
    definition::Flow,
    effects::{EffectAnswer, EffectRequest, Request},
    events::EventKind,
    resumes::ResumeKind,
    routers::{Routed, route},
    session::{Run, RunFlow, RunStatus, SessionStatus, Step, Suspended},
};

/// What to do next.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Next {
    /// Come to a node of the flow at work, by its place.
    Arrive(usize),
    /// Perform the actions of the node from this one on, then go on to its router.
    Act(usize),
    /// Choose the way on.
    Route {
        /// Whether the wait ended because nothing came in time.
        timed_out: bool,
    },
    /// Leave the node.
    Leave(Routed),
    /// Enter a flow.
    Enter {
        flow: Arc<Flow>,
        /// Whether all runs end first.
        terminal: bool,
    },
    /// End the run.
    End(RunStatus),
    /// End the run because of a failure.
    Fail(String),
    /// End the sprint.
    Stop(Outcome),
}

impl Machine<'_> {
    /// Runs a session from its start.
    pub(super) fn begin(&mut self, flow: Arc<Flow>) {
        self.session.sprints = 1;
        if let Some(input) = &self.session.input {
            let seen_on = input.created_on;
            self.seen(seen_on);
        }
        self.reevaluate_groups();
        let next = self.enter(flow, None, false);
        if self.session.input.is_some() && !self.session.runs.is_empty() {
            let now = self.world.now();
            let run = self.run_mut();
            (run.had_input, run.modified_on) = (true, now);
        }
        self.run_through(next);
    }

    /// Runs a waiting session on.
    pub(super) fn go_on(&mut self) {
        let (Some(at), Some(resume)) = (self.session.waiting_run(), self.resume.clone()) else { return };
        self.session.sprints = self.session.sprints.saturating_add(1);
        self.session.status = SessionStatus::Active;
        self.switch_to(at);
        self.visited = self.run().node().unwrap_or_default();
        let capped = self.session.sprints as usize > self.engine.limits.sprints_per_session;
        if let Some(input) = super::accept::input_of(&resume.event, self.setting.assets) {
            self.seen(input.created_on);
            self.session.input = Some(input);
            if !self.run().had_input {
                let now = self.world.now();
                let run = self.run_mut();
                (run.had_input, run.modified_on) = (true, now);
            }
        }
        self.run_mut().status = RunStatus::Active;
        if resume.kind != ResumeKind::WaitExpiration {
            let now = self.world.now();
            self.run_mut().modified_on = now;
        }
        self.reevaluate_groups();
        let next = if capped {
            let max = self.engine.limits.sprints_per_session;
            Next::Fail(format!("Reached maximum number of sprints per session ({max})"))
        } else if resume.kind == ResumeKind::WaitExpiration {
            Next::End(RunStatus::Expired)
        } else {
            self.stand(resume.kind == ResumeKind::WaitTimeout)
        };
        self.run_through(next);
    }

    /// Runs a session on from the outside call that it asked for.
    pub(super) fn answered(&mut self, suspended: &Suspended, answer: EffectAnswer) {
        (self.steps, self.effects) = (suspended.steps as usize, suspended.effects);
        let at = (suspended.run as usize).min(self.session.runs.len().saturating_sub(1));
        if self.session.runs.is_empty() {
            self.session.status = SessionStatus::Failed;
            return;
        }
        self.switch_to(at);
        self.visited = suspended.node;
        let index = suspended.action as usize;
        let flow = self.flow.clone();
        let node = flow.as_ref().and_then(|flow| flow.node(suspended.node).zip(flow.node_index(suspended.node)));
        let next = match node.and_then(|(node, place)| Some((node.actions.get(index)?, place))) {
            Some((action, place)) => {
                self.node = place;
                let done = answered(action, self, &suspended.request.request, answer);
                let next = self.after_action(index, done).unwrap_or(Next::Act(index + 1));
                self.with_pushed(suspended, next)
            }
            None => Next::Fail(self.gone()),
        };
        self.run_through(next);
    }

    /// Takes up the flow that an action before the outside call entered.
    fn with_pushed(&mut self, suspended: &Suspended, next: Next) -> Next {
        let Some((uuid, terminal)) = suspended.pushed.filter(|_| self.pushed.is_none()) else { return next };
        match (self.setting.assets.flow(uuid), &next) {
            (Ok(flow), Next::Act(_)) => {
                self.pushed = Some((flow, terminal));
                next
            }
            (Err(error), Next::Act(_)) => Next::Fail(error.to_string()),
            _ => next,
        }
    }

    /// The contact was heard of; this needs no event, as the message says it.
    fn seen(&mut self, seen_on: jiff::Timestamp) {
        if self.contact.last_seen_on.is_none_or(|last| last < seen_on) {
            self.contact.last_seen_on = Some(seen_on);
            self.cache.contact_changed();
        }
    }

    fn run_through(&mut self, mut next: Next) {
        self.outcome = loop {
            next = match next {
                Next::Arrive(node) => self.arrive(node),
                Next::Act(from) => self.act(from),
                Next::Route { timed_out } => self.choose(timed_out),
                Next::Leave(routed) => self.leave(routed),
                Next::Enter { flow, terminal } => {
                    let parent = self.run().uuid;
                    if terminal {
                        self.end_all();
                    }
                    self.enter(flow, Some(parent), terminal)
                }
                Next::End(status) => self.end(status),
                Next::Fail(why) => {
                    self.log(EventKind::Failure { text: why.into() });
                    Next::End(RunStatus::Failed)
                }
                Next::Stop(outcome) => break outcome,
            };
        };
    }

    /// Goes to work on a run.
    pub(super) fn switch_to(&mut self, at: usize) {
        self.at = at;
        let run = &self.session.runs[at];
        self.flow = self.setting.assets.flow(run.flow.uuid).ok();
        let place = self.flow.as_ref().and_then(|flow| flow.node_index(run.node()?));
        self.node = place.unwrap_or(usize::MAX);
        self.cache.run_switched();
    }

    /// Routes at the node where the run stands, if that is still there.
    fn stand(&self, timed_out: bool) -> Next {
        let there = self.flow.as_ref().and_then(|flow| flow.nodes.get(self.node));
        if there.is_some() { Next::Route { timed_out } } else { Next::Fail(self.gone()) }
    }

    /// Why a run can't go on whose flow was changed under it.
    fn gone(&self) -> String {
        let flow = &self.run().flow;
        match &self.flow {
            None => format!("Unable to find flow '{}'", flow.name),
            Some(_) => format!("The node where flow '{}' stood no longer exists", flow.name),
        }
    }

    fn enter(&mut self, flow: Arc<Flow>, parent: Option<uuid::Uuid>, terminal: bool) -> Next {
        let max = self.engine.limits.runs_per_session;
        if self.session.runs.len() >= max {
            return Next::Fail(format!("Reached maximum number of runs per session ({max})"));
        }
        let now = self.world.now();
        let run = Run {
            uuid: self.world.uuid_v7(),
            flow: RunFlow { uuid: flow.uuid, name: flow.name.clone(), revision: flow.revision },
            path: Vec::new(),
            locals: Default::default(),
            results: Default::default(),
            status: RunStatus::Active,
            had_input: false,
            parent_uuid: parent,
            webhook: None,
            created_on: now,
            modified_on: now,
            exited_on: None,
        };
        let summary = self.session.trigger.run_summary().filter(|_| parent.is_none());
        let other = summary.and_then(|json| json.get("uuid")?.as_str()?.parse().ok());
        let started = EventKind::RunStarted {
            flow: run.flow.clone(),
            run_uuid: run.uuid,
            parent_uuid: parent.or(other),
            terminal,
        };
        self.session.runs.push(run);
        self.at = self.session.runs.len() - 1;
        self.cache.run_switched();
        self.log(started);
        let next = if flow.nodes.is_empty() { Next::End(RunStatus::Completed) } else { Next::Arrive(0) };
        self.flow = Some(flow);
        next
    }

    fn arrive(&mut self, node: usize) -> Next {
        let max = self.engine.limits.steps_per_sprint;
        if self.steps >= max {
            return Next::Fail(format!("Reached maximum number of steps per sprint ({max})"));
        }
        let Some(uuid) = self.flow.as_ref().and_then(|flow| Some(flow.nodes.get(node)?.uuid)) else {
            return Next::Fail(self.gone());
        };
        self.steps += 1;
        self.node = node;
        self.visited = uuid;
        let now = self.world.now();
        let run = self.run_mut();
        run.path.push(Step { node_uuid: uuid, arrived_on: now });
        run.modified_on = now;
        self.cache.node_changed();
        Next::Act(0)
    }

    fn act(&mut self, from: usize) -> Next {
        let Some(flow) = self.flow.clone() else { return Next::Fail(self.gone()) };
        let Some(node) = flow.nodes.get(self.node) else { return Next::Fail(self.gone()) };
        for (index, action) in node.actions.iter().enumerate().skip(from) {
            let done = execute(action, self);
            if let Some(next) = self.after_action(index, done) {
                return next;
            }
        }
        if let Some((flow, terminal)) = self.pushed.take() {
            return Next::Enter { flow, terminal };
        }
        match node.router.as_ref().and_then(|router| router.wait.as_ref()) {
            Some(wait) if self.begin_wait(&flow, wait) => Next::Stop(Outcome::Waiting),
            _ => Next::Route { timed_out: false },
        }
    }

    /// What an action leads to, unless it is the next action.
    fn after_action(&mut self, index: usize, flow: ActionFlow) -> Option<Next> {
        match flow {
            ActionFlow::Done => None,
            ActionFlow::PushFlow { flow, terminal } => {
                self.pushed = Some((flow, terminal));
                None
            }
            ActionFlow::Fail(why) => {
                self.pushed = None;
                Some(Next::Fail(why))
            }
            ActionFlow::Effect(request) => Some(Next::Stop(self.suspend(index, request))),
        }
    }

    fn suspend(&mut self, action: usize, request: Request) -> Outcome {
        self.effects += 1;
        let key = format!("{}:{}:{}", self.session.uuid, self.session.sprints, self.effects);
        let request = EffectRequest { key: key.into(), request };
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.session.suspended = Some(Box::new(Suspended {
            run: small(self.at),
            node: self.run().node().unwrap_or_default(),
            action: small(action),
            request: request.clone(),
            pushed: self.pushed.as_ref().map(|(flow, terminal)| (flow.uuid, *terminal)),
            effects: self.effects,
            steps: small(self.steps),
            resume: self.resume.clone(),
        }));
        Outcome::NeedsEffect(request)
    }

    fn choose(&mut self, timed_out: bool) -> Next {
        let Some(flow) = self.flow.clone() else { return Next::Fail(self.gone()) };
        let Some(node) = flow.nodes.get(self.node) else { return Next::Fail(self.gone()) };
        match &node.router {
            None => Next::Leave(Routed { exit: 0, operand: None }),
            Some(router) => match route(self, &flow, node, router, timed_out) {
                Ok(routed) => Next::Leave(routed),
                Err(why) => Next::Fail(why),
            },
        }
    }

    fn leave(&mut self, routed: Routed) -> Next {
        let Some(flow) = self.flow.clone() else { return Next::Fail(self.gone()) };
        let Some(node) = flow.nodes.get(self.node) else { return Next::Fail(self.gone()) };
        let Some(exit) = node.exits.get(routed.exit) else { return Next::End(RunStatus::Completed) };
        let Some(destination) = exit.destination.and_then(|place| flow.nodes.get(place).zip(Some(place))) else {
            return Next::End(RunStatus::Completed);
        };
        let time = self.world.now();
        self.segments.push(Segment {
            flow_uuid: flow.uuid,
            node_uuid: self.visited,
            exit_uuid: exit.uuid,
            operand: routed.operand.filter(|operand| !operand.is_empty()),
            destination_uuid: destination.0.uuid,
            time,
        });
        Next::Arrive(destination.1)
    }

    /// Ends the run at work. Its parent, if that is in this session and waits for it, goes on or fails with it.
    fn end(&mut self, status: RunStatus) -> Next {
        self.end_run(self.at, status);
        let parent = self.run().parent_uuid.and_then(|uuid| self.session.run_index(uuid));
        match parent.filter(|at| self.session.runs[*at].status == RunStatus::Active) {
            Some(parent) => {
                self.switch_to(parent);
                if status == RunStatus::Failed { Next::End(status) } else { self.stand(false) }
            }
            None => {
                let failed = status == RunStatus::Failed;
                self.session.status = if failed { SessionStatus::Failed } else { SessionStatus::Completed };
                Next::Stop(Outcome::Ended)
            }
        }
    }

    /// Ends all runs, since a flow takes their place.
    fn end_all(&mut self) {
        for at in (0..self.session.runs.len()).rev() {
            if !self.session.runs[at].status.has_ended() {
                self.end_run(at, RunStatus::Completed);
            }
        }
    }

    fn end_run(&mut self, at: usize, status: RunStatus) {
        let now = self.world.now();
        let run = &mut self.session.runs[at];
        run.status = status;
        run.exited_on = Some(now);
        run.modified_on = now;
        let ended = EventKind::RunEnded { run_uuid: run.uuid, flow: run.flow.clone(), status };
        self.cache.run_switched();
        self.log(ended);
    }
}
