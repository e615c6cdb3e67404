//! Playing a flow: a conversation with a pretend person. No phone is touched and nothing is stored; what a conversation needs to
//! go on travels with whoever plays it.

mod file;
mod lines;
mod state;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use mhero_core::{FlowId, Lang, Right, Urn, limits::INBOUND_CHARS_MAX};
use mhero_expr::Number;
use mhero_flow::{
    Moment,
    assets::Assets,
    contact::{Contact, ContactStatus, FieldValue},
    definition::Flow,
    effects::{AirtimeAnswer, EffectAnswer, HttpAnswer, LlmAnswer, Request},
    engine::{Engine, EngineError, Setting, Sprint},
    environment::Environment,
    events::{Event, EventKind, MsgIn},
    picture::Highlights,
    resumes::{Resume, ResumeKind},
    session::{RunResult, Session, SessionStatus},
    triggers::Trigger,
};
use uuid::Uuid;

pub use lines::PlayLine;
use state::Kept;
pub use state::PlayState;

use super::world::ServerWorld;
use crate::{App, AppError, Caller};

/// The number of the pretend person where none is given; no network has it.
pub const PRETEND_NUMBER: &str = "+99900000001";

/// What is played.
#[derive(Clone, Copy, Debug)]
pub enum PlaySource<'a> {
    /// A flow that is stored, in its current revision.
    Flow(FlowId),
    /// A definition or an export that nobody saved.
    File {
        /// The file.
        bytes: &'a [u8],
        /// UUID or name of the flow to begin with; empty for the first.
        flow: &'a str,
    },
}

/// The pretend person.
#[derive(Clone, Debug, Default)]
pub struct PlayPerson {
    /// The name, or empty.
    pub name: String,
    /// The language.
    pub language: Option<Lang>,
    /// The number; [`PRETEND_NUMBER`] where it is empty.
    pub phone: String,
    /// Keys and values of fields.
    pub fields: Vec<(String, String)>,
    /// Names of groups.
    pub groups: Vec<String>,
}

/// What makes a played conversation go on.
#[derive(Clone, Debug)]
pub enum PlayPush {
    /// The person writes.
    Text(String),
    /// The time of the wait is over.
    Timeout,
    /// The time of the flow is over.
    Expiry,
    /// The outside call is answered.
    Answer {
        /// HTTP status; `None` when nothing answered.
        status: Option<u16>,
        /// What came back: a body, the text of a language model.
        body: String,
    },
}

/// What a played conversation waits for.
#[derive(Clone, Debug)]
pub enum PlayNext {
    /// A text.
    Text {
        /// Whether the wait ends by itself after a time.
        times_out: bool,
    },
    /// The answer of an outside call.
    Answer(Box<Request>),
    /// Nothing: it is over.
    Ended {
        /// Whether it ended by a failure.
        failed: bool,
    },
}

/// A played conversation as it stands.
#[derive(Debug)]
pub struct Play {
    /// What goes into [`App::play_push`].
    pub state: PlayState,
    /// The flow in which the person is, or was last.
    pub flow: Arc<Flow>,
    /// The steps taken in that flow, and where the person stands.
    pub highlights: Highlights,
    /// The results so far, by flow and key.
    pub results: Vec<RunResult>,
    /// What it waits for.
    pub next: PlayNext,
    /// What the last push gave, as the engine tells it.
    pub events: Vec<Event>,
}

impl Play {
    /// What happened, in order.
    pub fn lines(&self) -> &[PlayLine] {
        &self.state.lines
    }

    /// The pretend person as they now are.
    pub const fn contact(&self) -> &Contact {
        &self.state.contact
    }
}

impl App {
    /// Begins a played conversation.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] for a file that holds no flow.
    pub async fn play_start(
        &self,
        caller: &Caller,
        source: PlaySource<'_>,
        person: &PlayPerson,
    ) -> Result<Play, AppError> {
        let (flow, kept) = match source {
            PlaySource::Flow(id) => {
                caller.must(Right::ReadMessages)?;
                let row = self.store().flow(id).await?.ok_or_else(|| AppError::not_found("flow", id))?;
                (id.uuid(), Kept::Stored(self.play_pins(id, row.revision).await?))
            }
            PlaySource::File { bytes, flow } => {
                caller.must(Right::Flows)?;
                self.flows_of_file(bytes, flow)?
            }
        };
        let assets = self.play_assets(&kept).await?;
        let environment = self.play_environment().await?;
        let contact = self.pretend_contact(person, &assets);
        let reference = assets.flow(flow).map_err(|_| AppError::not_found("flow", flow))?.reference();
        let trigger = Trigger::manual(reference, Moment::from(self.clock().now()));
        let setting = Setting { assets: &assets, environment: &environment, call: None };
        let mut state = PlayState::new(flow, kept, contact.clone());
        let sprint = Engine::default().start(setting, contact, trigger, &mut ServerWorld(self.store()));
        let sprint = sprint.map_err(|error| refused(&error))?;
        let events = sprint.events.clone();
        state.take(sprint);
        shown(state, &assets, events)
    }

    /// Goes on with a played conversation. A push that it does not wait for leaves it as it is.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] when its flows can't be read any more.
    pub async fn play_push(&self, caller: &Caller, mut state: PlayState, push: &PlayPush) -> Result<Play, AppError> {
        caller.must(Right::ReadMessages)?;
        let assets = self.play_assets(&state.kept).await?;
        let environment = self.play_environment().await?;
        let mut events = Vec::new();
        match self.pushed(&state, push, (&assets, &environment))? {
            Ok(sprint) => {
                if let PlayPush::Text(text) = push {
                    state.lines.push(PlayLine::Heard { text: text.chars().take(INBOUND_CHARS_MAX).collect() });
                }
                events.clone_from(&sprint.events);
                state.take(sprint);
            }
            Err(EngineError::NoFlow { error }) => {
                return Err(AppError::invalid("flow-unreadable", [("detail", error.to_string())]));
            }
            Err(_) => {}
        }
        shown(state, &assets, events)
    }

    /// A played conversation as it stands, without going on.
    ///
    /// # Errors
    /// As [`App::play_push`].
    pub async fn play_shown(&self, caller: &Caller, state: PlayState) -> Result<Play, AppError> {
        caller.must(Right::ReadMessages)?;
        let assets = self.play_assets(&state.kept).await?;
        shown(state, &assets, Vec::new())
    }

    /// As the installation has it; a file can be played before there is one.
    async fn play_environment(&self) -> Result<Environment, AppError> {
        match self.flow_environment().await {
            Err(AppError::NotInitialised) => Ok(Environment::default()),
            other => other,
        }
    }

    fn pushed(
        &self,
        state: &PlayState,
        push: &PlayPush,
        (assets, environment): (&Assets, &Environment),
    ) -> Result<Result<Sprint, EngineError>, AppError> {
        let session = state.session()?;
        let setting = Setting { assets, environment, call: None };
        let engine = Engine::default();
        let mut world = ServerWorld(self.store());
        let contact = state.contact.clone();
        if let PlayPush::Answer { status, body } = push {
            let Some(suspended) = session.suspended.clone() else { return Ok(Err(EngineError::NotSuspended)) };
            let answer = answer_to(&suspended.request.request, *status, body);
            return Ok(engine.answer(setting, session, contact, &suspended.request.key, answer, &mut world));
        }
        let resume = self.resume_by(push, &contact);
        Ok(engine.resume(setting, session, contact, resume, &mut world))
    }

    fn resume_by(&self, push: &PlayPush, contact: &Contact) -> Resume {
        let now = self.clock().now();
        let (kind, event) = match push {
            PlayPush::Text(text) => {
                let msg = MsgIn {
                    urn: contact.urns.first().cloned(),
                    channel: None,
                    text: text.chars().take(INBOUND_CHARS_MAX).collect::<String>().into(),
                    attachments: Vec::new(),
                    external_id: "".into(),
                    payload: None,
                };
                (ResumeKind::Msg, EventKind::MsgReceived { msg, ticket_uuid: None })
            }
            PlayPush::Timeout => (ResumeKind::WaitTimeout, EventKind::WaitTimedOut {}),
            _ => (ResumeKind::WaitExpiration, EventKind::WaitExpired {}),
        };
        let event = Arc::new(Event::new(self.store().mint().uuid(), now, event));
        Resume { resumed_on: Moment::from(now), kind, event }
    }

    async fn play_pins(&self, flow: FlowId, revision: i64) -> Result<super::shelf::Pins, AppError> {
        let mut pins = self.pins_of(flow, Some(revision)).await?;
        // An archived flow is in no list, and can be looked at all the same.
        pins.0.insert(flow, revision);
        Ok(pins)
    }

    fn pretend_contact(&self, person: &PlayPerson, assets: &Assets) -> Contact {
        let path = if person.phone.is_empty() { PRETEND_NUMBER } else { &person.phone };
        let groups = person.groups.iter().filter_map(|name| assets.group_named(name)).map(|group| group.reference());
        let field = |(key, text): &(String, String)| {
            let number = Number::parse(text).ok();
            (Arc::from(key.as_str()), FieldValue { number, ..FieldValue::of_text(text.as_str()) })
        };
        Contact {
            uuid: self.store().mint().uuid(),
            id: 0,
            name: person.name.as_str().into(),
            language: person.language,
            status: ContactStatus::Active,
            timezone: None,
            created_on: self.clock().now(),
            last_seen_on: None,
            urns: vec![mhero_flow::contact::Urn::from_parts(Urn::TEL, path, "", "")],
            groups: groups.collect(),
            fields: person.fields.iter().map(field).collect::<BTreeMap<_, _>>(),
            tickets: Vec::new(),
        }
    }
}

fn refused(error: &EngineError) -> AppError {
    AppError::invalid("flow-unreadable", [("detail", error.to_string())])
}

/// What a pretend outside world answers.
fn answer_to(request: &Request, status: Option<u16>, body: &str) -> EffectAnswer {
    let has_failed = status.is_none_or(|status| !(200..300).contains(&status));
    let failure = || status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    match request {
        Request::Http { calls, .. } => {
            let answer = HttpAnswer {
                status,
                version: "HTTP/1.1".to_owned(),
                headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
                body: body.as_bytes().to_vec(),
                body_size: body.len() as u64,
                ..HttpAnswer::default()
            };
            EffectAnswer::Http(vec![answer; calls.len()])
        }
        Request::Llm { .. } if has_failed => EffectAnswer::Llm(Err(failure())),
        Request::Llm { .. } => EffectAnswer::Llm(Ok(LlmAnswer { output: body.to_owned(), ..LlmAnswer::default() })),
        Request::Airtime { amounts, .. } => match amounts.first() {
            Some(first) if !has_failed => EffectAnswer::Airtime(Ok(AirtimeAnswer {
                external_id: "play".to_owned(),
                currency: first.currency.to_string(),
                amount: first.amount.clone(),
                http_logs: Vec::new(),
            })),
            _ => EffectAnswer::Airtime(Err(failure())),
        },
        Request::Email { .. } if has_failed => EffectAnswer::Email(Err(failure())),
        Request::Email { .. } => EffectAnswer::Email(Ok(())),
    }
}

fn shown(state: PlayState, assets: &Assets, events: Vec<Event>) -> Result<Play, AppError> {
    let session = state.session()?;
    // Where the person stands, else the run that was at work last, else the first.
    let stands = session.runs.iter().rposition(|run| !run.status.has_ended());
    let run = stands.and_then(|at| session.runs.get(at)).or_else(|| session.runs.first());
    let flow = run.map_or(state.flow, |run| run.flow.uuid);
    let flow = assets.flow(flow).map_err(|_| AppError::not_found("flow", flow))?;
    let steps = session.runs.iter().filter(|run| run.flow.uuid == flow.uuid).flat_map(|run| &run.path);
    let highlights = Highlights {
        visited: steps.map(|step| step.node_uuid).collect::<HashSet<Uuid>>(),
        current: run.filter(|run| !run.status.has_ended()).and_then(mhero_flow::session::Run::node),
        counts: state.ways().into_iter().collect::<HashMap<_, _>>(),
    };
    let results = session.runs.iter().flat_map(|run| run.results.values().cloned()).collect();
    let next = next_of(&session, assets);
    Ok(Play { state, flow, highlights, results, next, events })
}

fn next_of(session: &Session, assets: &Assets) -> PlayNext {
    if let Some(suspended) = &session.suspended {
        return PlayNext::Answer(Box::new(suspended.request.request.clone()));
    }
    if session.status != SessionStatus::Waiting {
        return PlayNext::Ended { failed: session.status == SessionStatus::Failed };
    }
    let now = session.created_on;
    let event = Arc::new(Event::new(Uuid::nil(), now, EventKind::WaitTimedOut {}));
    let timeout = Resume { resumed_on: Moment::from(now), kind: ResumeKind::WaitTimeout, event };
    PlayNext::Text { times_out: Engine::default().accepts(assets, session, &timeout).is_ok() }
}
