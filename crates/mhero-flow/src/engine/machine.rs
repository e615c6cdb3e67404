//! A session at work.

use std::sync::Arc;

use mhero_expr::Env;
use uuid::Uuid;

use super::{Engine, Outcome, Segment, Setting, Sprint};
use crate::{
    contact::Contact,
    context::{Cache, Scene},
    definition::Flow,
    environment::Environment,
    events::{Event, EventKind},
    modifiers::Change,
    resumes::Resume,
    session::{Run, Session},
    world::World,
};

/// A session at work, from the beginning of a sprint to its end.
pub(super) struct Machine<'a> {
    pub(super) engine: &'a Engine,
    pub(super) setting: Setting<'a>,
    /// The environment as the contact sees it.
    pub(super) environment: Environment,
    /// The same for expressions.
    pub(super) expr: Env,
    pub(super) session: Session,
    pub(super) contact: Contact,
    pub(super) resume: Option<Arc<Resume>>,
    pub(super) world: &'a mut dyn World,
    /// The run at work, by its place in the session.
    pub(super) at: usize,
    /// The flow of that run; none where it is gone.
    pub(super) flow: Option<Arc<Flow>>,
    /// The node of that run, by its place in the flow.
    pub(super) node: usize,
    /// The node that was last visited, by whichever run. Segments start there, also those that leave a parent's node after a child
    /// run: the specification has them so.
    pub(super) visited: Uuid,
    /// The flow that an action of the node entered, and whether all runs end before it.
    pub(super) pushed: Option<(Arc<Flow>, bool)>,
    /// Steps of this sprint.
    pub(super) steps: usize,
    /// Outside calls that were asked for in this sprint.
    pub(super) effects: u32,
    pub(super) events: Vec<Event>,
    pub(super) segments: Vec<Segment>,
    pub(super) outcome: Outcome,
    pub(super) cache: Cache,
}

impl<'a> Machine<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        setting: Setting<'a>,
        session: Session,
        contact: Contact,
        resume: Option<Arc<Resume>>,
        world: &'a mut dyn World,
    ) -> Self {
        let environment = setting.environment.of_contact(&contact, setting.assets);
        let mut expr = environment.to_expr(session.created_on, Some(world.chance()));
        expr.clock = world.clock();
        expr.locations = setting.assets.locations().cloned();
        expr.prompts = Arc::clone(&engine.prompts);
        Self {
            engine,
            setting,
            environment,
            expr,
            session,
            contact,
            resume,
            world,
            at: 0,
            flow: None,
            node: 0,
            visited: Uuid::nil(),
            pushed: None,
            steps: 0,
            effects: 0,
            events: Vec::new(),
            segments: Vec::new(),
            outcome: Outcome::Ended,
            cache: Cache::default(),
        }
    }

    pub(super) fn finish(self) -> Sprint {
        let Self { session, contact, events, segments, outcome, .. } = self;
        Sprint { session, contact, events, segments, outcome }
    }

    /// Writes an event down.
    pub(super) fn log(&mut self, kind: EventKind) -> Uuid {
        let uuid = self.world.uuid_v7();
        let now = self.world.now();
        self.events.push(Event::new(uuid, now, kind));
        uuid
    }

    /// The run at work.
    pub(super) fn run(&self) -> &Run {
        &self.session.runs[self.at]
    }

    /// The run at work, to change where it stands. What expressions see of it is forgotten by the caller.
    pub(super) fn run_mut(&mut self) -> &mut Run {
        &mut self.session.runs[self.at]
    }

    /// What expressions see.
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            assets: self.setting.assets,
            environment: &self.environment,
            session: &self.session,
            contact: &self.contact,
            run: &self.session.runs[self.at],
            flow: self.flow.as_deref(),
            resume: self.resume.as_ref(),
            cache: &self.cache,
        }
    }

    /// The contact, to be changed by modifiers.
    pub(super) fn changing<T>(&mut self, change: impl FnOnce(&mut Change<'_>) -> T) -> T {
        let events = &mut self.events;
        change(&mut Change {
            contact: &mut self.contact,
            environment: &self.environment,
            assets: self.setting.assets,
            world: &mut *self.world,
            limits: &self.engine.limits,
            log: &mut |event| events.push(event),
        })
    }

    /// Asks the queries of groups again, as time and what happened outside may have changed their answers.
    pub(super) fn reevaluate_groups(&mut self) {
        if self.changing(|change| change.reevaluate_groups()) {
            self.cache.contact_changed();
        }
    }

    /// Sees the environment anew after a change of the contact.
    pub(super) fn contact_changed(&mut self) {
        self.cache.contact_changed();
        let environment = self.setting.environment.of_contact(&self.contact, self.setting.assets);
        if environment.timezone != self.environment.timezone
            || environment.allowed_languages != self.environment.allowed_languages
            || environment.default_country != self.environment.default_country
            || environment.preferred_languages() != self.environment.preferred_languages()
        {
            let now = self.expr.now;
            let before = std::mem::replace(&mut self.expr, environment.to_expr(now, None));
            self.expr.chance = before.chance;
            self.expr.clock = before.clock;
            self.expr.locations = before.locations;
            self.expr.prompts = before.prompts;
            self.environment = environment;
            self.cache.environment_changed();
        }
    }
}
