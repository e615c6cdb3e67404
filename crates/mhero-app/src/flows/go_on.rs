//! A waiting session goes on: with a text, because its time is over, or with the answer of an outside call.

use std::sync::Arc;

use mhero_core::{FlowId, SessionId, timestamp};
use mhero_flow::{
    Moment,
    definition::RouterKind,
    effects::EffectAnswer,
    engine::{Engine, EngineError, Setting, Sprint},
    events::{Event, EventKind},
    resumes::{Resume, ResumeKind},
    session::Session,
};
use mhero_store::{ConversationRow, SessionRow, Unit};

use super::{
    begin::HeardText,
    contact::Reach,
    shelf::Pins,
    sprint::{Before, Heard, Scene},
    stack::Answers,
    world::ServerWorld,
};
use crate::{
    App, AppError,
    messaging::{Known, salutation},
};

/// What makes a session go on.
pub(super) enum Push<'a> {
    /// A text.
    Text(&'a HeardText<'a>),
    /// The wait's own time is over.
    Timeout,
    /// The flow's time is over.
    Expiry,
    /// An outside call was answered, or nobody knows.
    Answer(EffectAnswer),
}

/// What a session did with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// It took it and goes on.
    Yes,
    /// It can't take it, or knows no better than its default where a keyword counts.
    No,
    /// It would ask the same again, as it has too often already: it waits on, and says nothing.
    TooOften,
}

/// A session before and after a sprint, not yet written.
pub(super) struct Played {
    pub(super) row: SessionRow,
    pub(super) conversation: ConversationRow,
    pub(super) pins: Pins,
    /// The run and the step of it that waited.
    pub(super) stood: Option<(usize, usize)>,
    /// What stands written already.
    pub(super) before: Before,
    pub(super) sprint: Sprint,
}

impl App {
    /// Plays the next sprint of a session. `None` when the session can't take this push: it does not wait for it.
    pub(super) async fn play_on(
        &self,
        row: SessionRow,
        conversation: ConversationRow,
        push: &Push<'_>,
    ) -> Result<Option<Played>, AppError> {
        let pins: Pins = serde_json::from_str(&row.pins).unwrap_or_default();
        let assets = self.assets_for(&pins).await?;
        let number = (conversation.scheme.as_str(), conversation.path.as_str());
        let is_stopped =
            !matches!(push, Push::Text(_)) && self.store().stops(number.0, number.1).await?.contains(&String::new());
        let known = match push {
            Push::Text(heard) => heard.known,
            _ => None,
        };
        let contact = self.contact(row.person, &Reach { number, is_stopped, known }, (&assets, &pins)).await?;
        let session = Session::from_blob(&row.state)
            .map_err(|error| AppError::invalid("flow-session-unreadable", [("detail", error.to_string())]))?;
        let before = Before::of(&row, &session);
        let waiting = session.waiting_run();
        let stood = waiting.and_then(|run| Some((run, session.runs[run].path.len().checked_sub(1)?)));
        let environment = self.flow_environment().await?;
        let engine = Engine::default();
        let mut world = ServerWorld(self.store());
        let setting = Setting { assets: &assets, environment: &environment, call: None };
        let played = match push {
            Push::Answer(answer) => {
                let key = row.effect.clone().unwrap_or_default();
                engine.answer(setting, session, contact, &key, answer.clone(), &mut world)
            }
            other => engine.resume(setting, session, contact, self.resume_of(other), &mut world),
        };
        match played {
            Ok(sprint) => Ok(Some(Played { row, conversation, pins, stood, before, sprint })),
            Err(EngineError::NoFlow { error }) => {
                Err(AppError::invalid("flow-session-unreadable", [("detail", error.to_string())]))
            }
            Err(_) => Ok(None),
        }
    }

    /// Gives a text to a session that waits. No when it can't take one, and, for a text that begins with a keyword, when the
    /// flow knows no better than its default: then the keyword counts. Two machines never loop: who gives wrong answers for ever is
    /// not asked for ever.
    pub(crate) async fn answer_session(
        &self,
        unit: &mut Unit,
        (row, conversation): (SessionRow, ConversationRow),
        heard: &HeardText<'_>,
        is_keyword: bool,
    ) -> Result<Answered, AppError> {
        let Some(played) = self.play_on(row, conversation, &Push::Text(heard)).await? else { return Ok(Answered::No) };
        if is_keyword && self.was_not_understood(&played).await? {
            return Ok(Answered::No);
        }
        if asks_again(&played) && self.is_asked_enough(heard.number).await? && self.was_not_understood(&played).await? {
            return Ok(Answered::TooOften);
        }
        self.write_played(unit, played, Some(heard)).await?;
        Ok(Answered::Yes)
    }

    /// Whether the router that got the text sent it to its default category.
    async fn was_not_understood(&self, played: &Played) -> Result<bool, AppError> {
        let Some((run, step)) = played.stood else { return Ok(false) };
        let Some(run) = played.sprint.session.runs.get(run) else { return Ok(false) };
        let Some(step) = run.path.get(step) else { return Ok(false) };
        let id = FlowId::from_uuid(run.flow.uuid);
        let Some(revision) = played.pins.0.get(&id) else { return Ok(false) };
        let Some(flow) = self.flow_at(id, *revision).await? else { return Ok(false) };
        let Some(node) = flow.node(step.node_uuid) else { return Ok(false) };
        let default = node.router.as_ref().and_then(|router| match &router.kind {
            RouterKind::Switch { default_category, .. } => router.categories.get((*default_category)?),
            RouterKind::Random => None,
        });
        let Some(default) = default.and_then(|category| node.exit_of(category)) else { return Ok(false) };
        let taken = played.sprint.segments.iter().find(|segment| segment.node_uuid == node.uuid);
        // Ways that lead nowhere leave no trace: it was the default one when no other leads nowhere.
        Ok(match taken {
            Some(segment) => segment.exit_uuid == default.uuid,
            None => node.exits.iter().all(|exit| (exit.uuid == default.uuid) == exit.destination.is_none()),
        })
    }

    /// Writes a sprint that was played, and lets the conversation below go on when it ended the session.
    pub(super) async fn write_played(
        &self,
        unit: &mut Unit,
        played: Played,
        heard: Option<&HeardText<'_>>,
    ) -> Result<(), AppError> {
        let Played { row, conversation, pins, before, sprint, .. } = played;
        let number = (conversation.scheme.clone(), conversation.path.clone());
        let (person, id) = (row.person, conversation.id);
        let was_open = conversation.state == "open";
        let answers = Answers { to_text: heard.is_some(), known: heard.and_then(|heard| heard.known) };
        let salutation = self.salutation_for(&conversation, answers.known).await?;
        let heard = heard.map(|heard| Heard { message: heard.message, channel: heard.channel });
        let scene = Scene { before, row, conversation, pins, salutation, heard };
        let row = self.write_sprint(unit, scene, sprint).await?;
        if row.ended_at.is_some() && was_open {
            self.go_back(unit, &[id], (person, (&number.0, &number.1)), (false, answers)).await?;
        }
        Ok(())
    }

    /// A session and its conversation; `None` once it has ended.
    pub(super) async fn live_session(&self, id: SessionId) -> Result<Option<(SessionRow, ConversationRow)>, AppError> {
        let Some(row) = self.store().session_row(id).await?.filter(|row| row.ended_at.is_none()) else {
            return Ok(None);
        };
        let conversation = self.store().conversation(row.conversation).await?;
        Ok(conversation.map(|conversation| (row, conversation)))
    }

    async fn salutation_for(
        &self,
        conversation: &ConversationRow,
        known: Option<&Known>,
    ) -> Result<Option<String>, AppError> {
        let holders = self.holders_of((&conversation.scheme, &conversation.path), known).await?;
        let holder = holders.iter().find(|holder| holder.person == conversation.person);
        Ok(holder.and_then(|holder| salutation(holder, &holders)))
    }

    fn resume_of(&self, push: &Push<'_>) -> Resume {
        let now = self.clock().now();
        let (kind, event) = match push {
            Push::Text(heard) => {
                let at = timestamp(heard.received_at);
                return Resume { resumed_on: Moment::from(at), kind: ResumeKind::Msg, event: Arc::new(heard.event()) };
            }
            Push::Timeout => (ResumeKind::WaitTimeout, EventKind::WaitTimedOut {}),
            _ => (ResumeKind::WaitExpiration, EventKind::WaitExpired {}),
        };
        let event = Arc::new(Event::new(self.store().mint().uuid(), now, event));
        Resume { resumed_on: Moment::from(now), kind, event }
    }
}

/// Whether a session waits where it has waited before.
fn asks_again(played: &Played) -> bool {
    let (Some((run, step)), session) = (played.stood, &played.sprint.session) else { return false };
    let stands = session.runs.get(run).filter(|_| session.waiting_run() == Some(run));
    stands.is_some_and(|run| {
        let before = run.path.get(step).map(|step| step.node_uuid);
        run.path.len() > step + 1 && before.is_some() && run.path.last().map(|step| step.node_uuid) == before
    })
}
