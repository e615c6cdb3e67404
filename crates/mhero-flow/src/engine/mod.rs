//! The engine: a pure function from a session and what happened to the session after it, and events.

mod accept;
mod acting;
mod error;
mod machine;
mod sprint;
mod steps;
mod waits;

use std::{collections::BTreeMap, sync::Arc};

pub use error::EngineError;
use machine::Machine;
use mhero_expr::Template;
pub use sprint::{Outcome, Segment, Sprint};

use crate::{
    assets::Assets,
    contact::Contact,
    effects::{EffectAnswer, EffectRequest},
    environment::Environment,
    events::{Call, Event},
    limits::Limits,
    resumes::Resume,
    session::Session,
    triggers::Trigger,
    world::World,
};

/// What surrounds a session and is given anew each time.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Everything that flows refer to.
    pub assets: &'a Assets,
    /// The settings of the installation.
    pub environment: &'a Environment,
    /// The phone call that the session runs in.
    pub call: Option<&'a Call>,
}

/// A run of a session, to look at.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its contact.
    pub contact: &'a Contact,
    /// What it last went on with.
    pub resume: Option<&'a Arc<Resume>>,
    /// The place of the run in the session.
    pub run: usize,
}

/// Runs sessions. It never calls out and reads no clock: what is needed of the world comes from a [`World`], and what takes
/// time is a request in [`Outcome::NeedsEffect`].
#[derive(Clone, Debug, Default)]
pub struct Engine {
    /// What a session may cost.
    pub limits: Limits,
    /// What `prompt` gives in expressions, by name.
    pub prompts: Arc<BTreeMap<String, String>>,
}

impl Engine {
    /// Begins a session and runs it up to its first wait, its end or its first outside call.
    ///
    /// # Errors
    /// [`EngineError::NoFlow`] when the trigger's flow is not there or can't be read.
    pub fn start(
        &self,
        setting: Setting<'_>,
        contact: Contact,
        trigger: Trigger,
        world: &mut dyn World,
    ) -> Result<Sprint, EngineError> {
        let flow = setting.assets.flow(trigger.flow.uuid).map_err(|error| EngineError::NoFlow { error })?;
        let session = accept::begun(&flow, &contact, trigger, setting, world);
        let mut machine = Machine::new(self, setting, session, contact, None, world);
        machine.begin(flow);
        Ok(machine.finish())
    }

    /// Runs a waiting session up to its next wait, its end or its next outside call.
    ///
    /// # Errors
    /// When the session does not wait for such a resume, see [`Engine::accepts`]. Nothing has happened then, and the stored
    /// session stays as it was.
    pub fn resume(
        &self,
        setting: Setting<'_>,
        session: Session,
        contact: Contact,
        resume: Resume,
        world: &mut dyn World,
    ) -> Result<Sprint, EngineError> {
        self.accepts(setting.assets, &session, &resume)?;
        let mut machine = Machine::new(self, setting, session, contact, Some(Arc::new(resume)), world);
        machine.go_on();
        Ok(machine.finish())
    }

    /// Runs a session on that stands in the middle of a node, with the answer to what it asked for.
    ///
    /// # Errors
    /// [`EngineError::NotSuspended`] when the session asked for nothing, [`EngineError::OtherEffect`] when it asked for
    /// something else. Nothing has happened then.
    pub fn answer(
        &self,
        setting: Setting<'_>,
        mut session: Session,
        contact: Contact,
        key: &str,
        answer: EffectAnswer,
        world: &mut dyn World,
    ) -> Result<Sprint, EngineError> {
        let Some(suspended) = session.suspended.take() else { return Err(EngineError::NotSuspended) };
        if *suspended.request.key != *key {
            return Err(EngineError::OtherEffect);
        }
        let mut machine = Machine::new(self, setting, session, contact, suspended.resume.clone(), world);
        machine.answered(&suspended, answer);
        Ok(machine.finish())
    }

    /// The text of a template as a run of a session would see it now, with the events of what failed. For pages and tests.
    ///
    /// # Errors
    /// [`EngineError::NoRun`] when the session has no such run.
    pub fn evaluate(
        &self,
        setting: Setting<'_>,
        seen: &Seen<'_>,
        template: &Template,
        world: &mut dyn World,
    ) -> Result<(String, Vec<Event>), EngineError> {
        if seen.run >= seen.session.runs.len() {
            return Err(EngineError::NoRun);
        }
        let (session, contact) = (seen.session.clone(), seen.contact.clone());
        let mut machine = Machine::new(self, setting, session, contact, seen.resume.cloned(), world);
        machine.switch_to(seen.run);
        let text = machine.text(template);
        Ok((text, machine.finish().events))
    }

    /// Answers outside calls as they come until the sprint has come to a wait or the end. For tests, rehearsals and simulators;
    /// a server stores each request before it performs it.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub fn drive(
        &self,
        setting: Setting<'_>,
        mut sprint: Sprint,
        world: &mut dyn World,
        perform: &mut dyn FnMut(&EffectRequest, &mut dyn World) -> EffectAnswer,
    ) -> Result<Sprint, EngineError> {
        while let Outcome::NeedsEffect(request) = &sprint.outcome {
            let answer = perform(request, world);
            let key = Arc::clone(&request.key);
            let mut next = self.answer(setting, sprint.session, sprint.contact, &key, answer, world)?;
            sprint.events.append(&mut next.events);
            sprint.segments.append(&mut next.segments);
            sprint = Sprint { events: sprint.events, segments: sprint.segments, ..next };
        }
        Ok(sprint)
    }
}
