//! What a session begins with, and which resumes it takes.

use std::sync::Arc;

use super::{Engine, EngineError, Setting};
use crate::{
    assets::Assets,
    contact::Contact,
    definition::{Flow, MsgWait, Wait},
    events::{Event, EventKind},
    resumes::{Resume, ResumeKind},
    session::{Input, Session, SessionStatus},
    triggers::{Trigger, TriggerKind},
    world::World,
};

impl Engine {
    /// Whether a session takes a resume. One whose flow or node is gone takes any: it fails then, with an event.
    ///
    /// # Errors
    /// Why it does not.
    pub fn accepts(&self, assets: &Assets, session: &Session, resume: &Resume) -> Result<(), EngineError> {
        let waiting = session.waiting_run().filter(|_| session.status == SessionStatus::Waiting);
        let Some(run) = waiting.and_then(|at| session.runs.get(at)) else { return Err(EngineError::NotWaiting) };
        let Ok(flow) = assets.flow(run.flow.uuid) else { return Ok(()) };
        let node = run.node().and_then(|node| flow.node(node));
        let wait = node.and_then(|node| node.router.as_ref()).and_then(|router| router.wait.as_ref());
        match (wait, resume.kind) {
            (None, _) | (_, ResumeKind::WaitExpiration) => Ok(()),
            (Some(Wait::Msg(_)), ResumeKind::Msg) | (Some(Wait::Dial(_)), ResumeKind::Dial) => Ok(()),
            (Some(Wait::Msg(MsgWait { timeout, .. })), ResumeKind::WaitTimeout) => match timeout {
                Some(_) => Ok(()),
                None => Err(EngineError::NoTimeout),
            },
            (Some(wait), kind) => Err(EngineError::Refused { resume: kind.name(), wait: wait.word() }),
        }
    }
}

/// A session that has just begun.
pub(super) fn begun(
    flow: &Flow,
    contact: &Contact,
    trigger: Trigger,
    setting: Setting<'_>,
    world: &mut dyn World,
) -> Session {
    let input = match &trigger.kind {
        TriggerKind::Msg { event, .. } => input_of(event, setting.assets),
        _ => None,
    };
    Session {
        uuid: world.uuid_v7(),
        kind: flow.kind,
        created_on: world.now(),
        trigger: Arc::new(trigger),
        contact_uuid: contact.uuid,
        call_uuid: setting.call.map(|call| call.uuid),
        runs: Vec::with_capacity(1),
        status: SessionStatus::Active,
        input,
        sprints: 0,
        suspended: None,
    }
}

/// The message of an event, with its channel by the name that it has now.
pub(super) fn input_of(event: &Event, assets: &Assets) -> Option<Arc<Input>> {
    let EventKind::MsgReceived { msg, .. } = &event.kind else { return None };
    let channel = msg.channel.as_ref().and_then(|channel| assets.channel(channel.uuid));
    Some(Arc::new(Input {
        uuid: event.uuid,
        channel: channel.map(|channel| channel.reference()),
        created_on: event.created_on,
        urn: msg.urn.clone(),
        text: msg.text.clone(),
        attachments: msg.attachments.clone(),
        external_id: msg.external_id.clone(),
        payload: msg.payload.clone(),
    }))
}
