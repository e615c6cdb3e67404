//! The beginning of a session: from a keyword, a start, a campaign, another flow.

use std::sync::Arc;

use mhero_core::{ChannelId, ConversationId, FlowId, Lane, MessageId, PersonId, SessionId, StartId};
use mhero_flow::{
    Moment,
    definition::FlowKind,
    engine::{Engine, Outcome, Setting},
    events::{Event, EventKind, MsgIn},
    refs::{ChannelRef, FlowRef},
    session::History,
    triggers::{KeywordMatch, KeywordMatchKind, Trigger, TriggerKind},
};
use mhero_store::{ConversationRow, SessionRow, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    contact::Reach,
    kinds,
    settings::FlowSettings,
    shelf::Pins,
    sprint::{Before, Heard, Scene},
    stack::{Answers, BESIDE},
    world::ServerWorld,
};
use crate::{App, AppError, messaging::Known};

/// How much later a session is tried again that must not break into an urgent conversation, in microseconds.
const LATER_MICROS: i64 = 600_000_000;

/// Why a session begins, with what the flow is told of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Cause {
    /// An official or a program started it.
    Manual {
        /// What it hands over, at `@trigger.params`.
        params: Option<Json>,
        /// Whether many were started together.
        batch: bool,
    },
    /// A text of the person.
    Text {
        /// The keyword that pulled the trigger; `None` for a catch-all.
        keyword: Option<String>,
        /// Whether the text was nothing else.
        only: bool,
    },
    /// A point of a campaign.
    Campaign {
        /// The event of the specification, `campaign_fired`.
        event: Json,
    },
    /// A call that was not taken.
    MissedCall {
        /// The event of the specification, `call_missed`.
        event: Json,
    },
    /// An action of another session's flow.
    Flow {
        /// The run that did, as the specification shows it.
        run_summary: Json,
        /// The sessions before.
        history: Option<History>,
    },
}

/// A session that is to begin.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Beginning {
    /// With whom.
    pub(crate) person: PersonId,
    /// Scheme of the number.
    pub(crate) scheme: String,
    /// The number.
    pub(crate) path: String,
    /// By which channel; `None` for the default.
    pub(crate) channel: Option<ChannelId>,
    /// The flow.
    pub(crate) flow: FlowId,
    /// Its revision; `None` for the current one.
    pub(crate) revision: Option<i64>,
    /// Why.
    pub(crate) cause: Cause,
    /// The word for the cause in lists: `start`, `keyword`, `campaign` ...
    pub(crate) by: String,
    /// How urgent what it sends is, where it does not answer a text just received.
    pub(crate) lane: Lane,
    /// The start that it belongs to.
    pub(crate) start: Option<StartId>,
    /// The session whose flow started it.
    pub(crate) parent: Option<SessionId>,
    /// What makes it the same session when it is begun twice.
    pub(crate) once_key: Option<String>,
    /// The name that each text begins with, on a shared phone.
    pub(crate) salutation: Option<String>,
    /// Whether it ends other conversations even if the flow does not.
    pub(crate) interrupts: bool,
    /// A test.
    pub(crate) is_test: bool,
    /// A drill.
    pub(crate) is_drill: bool,
}

/// A text that was heard, as a session is told of it.
#[derive(Clone, Debug)]
pub(crate) struct HeardText<'a> {
    /// The message that it becomes.
    pub(crate) message: MessageId,
    /// The channel it came by.
    pub(crate) channel: ChannelId,
    /// Scheme and path of the sender.
    pub(crate) number: (&'a str, &'a str),
    /// What was written.
    pub(crate) text: &'a str,
    /// The carrier's own id.
    pub(crate) carrier_id: Option<&'a str>,
    /// When, in UTC microseconds.
    pub(crate) received_at: i64,
    /// What was read of the number along with others; `None`: the store is asked.
    pub(crate) known: Option<&'a Known>,
}

/// How a beginning went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    /// The session speaks in this conversation.
    Yes(ConversationId),
    /// Something urgent is being spoken of with this person: it begins once that is over.
    Later,
    /// The flow is archived or gone, or of a kind that can't run here.
    NoFlow,
}

impl HeardText<'_> {
    /// The event of the specification.
    pub(super) fn event(&self) -> Event {
        let msg = MsgIn {
            urn: Some(mhero_flow::contact::Urn::from_parts(self.number.0, self.number.1, "", "")),
            channel: Some(ChannelRef::new(self.channel.uuid(), "")),
            text: self.text.into(),
            attachments: Vec::new(),
            external_id: self.carrier_id.unwrap_or_default().into(),
            payload: None,
        };
        let kind = EventKind::MsgReceived { msg, ticket_uuid: None };
        Event::new(self.message.uuid(), mhero_core::timestamp(self.received_at), kind)
    }
}

impl App {
    /// Adds the beginning of a session to a unit. `heard` is the text that caused it, which the unit stores too.
    pub(crate) async fn begin_session(
        &self,
        unit: &mut Unit,
        beginning: &Beginning,
        heard: Option<&HeardText<'_>>,
    ) -> Result<Begun, AppError> {
        let around = self.around_flows().await?;
        let Some(listed) = around.flows.get(&beginning.flow) else { return Ok(Begun::NoFlow) };
        // What stands here of a flow that runs elsewhere holds nothing: as a session it would end at once, and look done.
        if around.elsewhere.contains(&beginning.flow) {
            tracing::warn!(flow = %beginning.flow, by = beginning.by, "a flow that runs elsewhere can't begin here");
            return Ok(Begun::NoFlow);
        }
        let settings = FlowSettings::read(&listed.settings);
        let revision = beginning.revision.unwrap_or(listed.revision);
        let Some(flow) = self.flow_at(beginning.flow, revision).await? else { return Ok(Begun::NoFlow) };
        if matches!(flow.kind, FlowKind::Voice | FlowKind::MessagingOffline) {
            return Ok(Begun::NoFlow);
        }
        let is_beside = flow.kind == FlowKind::MessagingBackground;
        if !is_beside && heard.is_none() && self.must_wait(beginning).await? {
            self.begin_later(unit, beginning);
            return Ok(Begun::Later);
        }
        let pins = self.pins_of(beginning.flow, Some(revision)).await?;
        let assets = self.assets_for(&pins).await?;
        let number = (beginning.scheme.as_str(), beginning.path.as_str());
        let is_stopped = heard.is_none() && self.store().stops(number.0, number.1).await?.contains(&String::new());
        let known = heard.and_then(|heard| heard.known);
        let reach = Reach { number, is_stopped, known };
        let contact = self.contact(beginning.person, &reach, (&assets, &pins)).await?;
        let trigger = self.trigger_for(beginning, flow.reference(), heard);
        let environment = self.flow_environment().await?;
        let engine = Engine::default();
        let mut world = ServerWorld(self.store());
        let setting = Setting { assets: &assets, environment: &environment, call: None };
        let Ok(sprint) = engine.start(setting, contact, trigger, &mut world) else { return Ok(Begun::NoFlow) };
        let interrupts = settings.interrupts || beginning.interrupts;
        let (depth, mut ended) =
            if is_beside { (0, Vec::new()) } else { self.make_way(unit, beginning, (interrupts, known)).await? };
        let (mut conversation, mut row) = self.opening(beginning, depth, (revision, &pins));
        if is_beside {
            BESIDE.clone_into(&mut conversation.state);
        }
        let ends = !matches!(sprint.outcome, Outcome::Waiting | Outcome::NeedsEffect(_));
        if heard.is_none() && !ends && !is_beside && beginning.channel.is_none() {
            conversation.channel = self.sender_of_question(number).await?;
        }
        row.id = SessionId::from_uuid(sprint.session.uuid);
        row.replied_at = heard.map(|heard| heard.received_at);
        unit.open_conversation(&conversation);
        let id = conversation.id;
        let scene = Scene {
            before: Before::default(),
            row,
            conversation,
            pins,
            salutation: beginning.salutation.clone(),
            heard: heard.map(|heard| Heard { message: heard.message, channel: heard.channel }),
        };
        self.write_sprint(unit, scene, sprint).await?;
        // Where it ended what was going on, nothing is left to go back to.
        if ends && !is_beside && !interrupts {
            ended.push(id);
            let answers = Answers { to_text: heard.is_some(), known };
            self.go_back(unit, &ended, (beginning.person, number), (true, answers)).await?;
        }
        Ok(Begun::Yes(id))
    }

    /// Whether the person is in an urgent conversation, which nothing but another urgent one or their own word breaks into.
    async fn must_wait(&self, beginning: &Beginning) -> Result<bool, AppError> {
        if beginning.lane == Lane::Alert {
            return Ok(false);
        }
        for conversation in self.store().open_conversations(&beginning.scheme, &beginning.path).await? {
            if conversation.person != beginning.person || conversation.state != "open" {
                continue;
            }
            let session = self.store().session_of(conversation.id).await?;
            if session.is_some_and(|session| session.lane == Lane::Alert) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn begin_later(&self, unit: &mut Unit, beginning: &Beginning) {
        let mut beginning = beginning.clone();
        let key = beginning.once_key.get_or_insert_with(|| format!("later/{}", self.store().mint().uuid())).clone();
        let at = self.clock().now_micros() + LATER_MICROS;
        let payload = serde_json::to_string(&beginning).unwrap_or_default();
        unit.set_timer(self.store(), kinds::BEGIN_TIMER, &key, at, &payload);
    }

    /// A conversation and its session before the first sprint.
    fn opening(
        &self,
        beginning: &Beginning,
        depth: i64,
        (revision, pins): (i64, &Pins),
    ) -> (ConversationRow, SessionRow) {
        let now = self.clock().now_micros();
        let conversation = ConversationRow {
            id: self.store().mint().id(ConversationId::from_uuid),
            scheme: beginning.scheme.clone(),
            path: beginning.path.clone(),
            person: beginning.person,
            channel: beginning.channel,
            depth,
            state: "open".to_owned(),
            wrote_at: Some(now),
            created_at: now,
            version: 1,
        };
        let row = SessionRow {
            id: SessionId::from_uuid(uuid::Uuid::nil()),
            conversation: conversation.id,
            person: beginning.person,
            flow: beginning.flow,
            revision,
            pins: serde_json::to_string(pins).unwrap_or_default(),
            start: beginning.start,
            cause: beginning.by.clone(),
            parent: beginning.parent,
            lane: beginning.lane,
            channel: beginning.channel,
            status: String::new(),
            state: Vec::new(),
            effect: None,
            sprints: 0,
            timeout_at: None,
            expires_at: None,
            timeout_left: None,
            expiry_left: None,
            once_key: beginning.once_key.clone(),
            // What begins at a number of the sandbox counts nowhere, whatever began it.
            is_test: beginning.is_test || mhero_core::sandbox::is_number(&beginning.path),
            is_drill: beginning.is_drill,
            created_at: now,
            replied_at: None,
            ended_at: None,
            version: 0,
        };
        (conversation, row)
    }

    fn trigger_for(&self, beginning: &Beginning, flow: FlowRef, heard: Option<&HeardText<'_>>) -> Trigger {
        let now = Moment::from(self.clock().now());
        let mut trigger = Trigger::manual(flow, now);
        let event = |json: &Json| serde_json::from_value::<Event>(json.clone()).ok().map(Arc::new);
        match &beginning.cause {
            Cause::Manual { params, batch } => {
                trigger.params = params.clone().map(Arc::new);
                trigger.batch = *batch;
            }
            Cause::Text { keyword, only } => {
                if let Some(heard) = heard {
                    let kind = if *only { KeywordMatchKind::OnlyWord } else { KeywordMatchKind::FirstWord };
                    let keyword_match =
                        keyword.as_deref().map(|keyword| KeywordMatch { kind, keyword: keyword.into() });
                    trigger.kind = TriggerKind::Msg { event: Arc::new(heard.event()), keyword_match };
                }
            }
            Cause::Campaign { event: json } => {
                if let Some(event) = event(json) {
                    trigger.kind = TriggerKind::Campaign { event };
                }
            }
            Cause::MissedCall { event: json } => trigger.kind = TriggerKind::Call { event: event(json) },
            Cause::Flow { run_summary, history } => {
                trigger.kind = TriggerKind::FlowAction { run_summary: Arc::new(run_summary.clone()) };
                trigger.history = *history;
            }
        }
        trigger
    }
}
