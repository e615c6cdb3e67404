//! What a sprint gave, written in one unit: the session, its runs and results, what it sends, what it changes, what it asks for.

use std::collections::{HashMap, HashSet};

use mhero_core::{
    ChannelId, Direction, EffectId, FlowId, Lane, Lang, MessageId, MessageKind, MessageState, RetentionClass, RunId,
    SessionId, Urn, micros,
};
use mhero_flow::{
    effects::{EffectRequest, Request},
    engine::{Outcome, Sprint},
    events::{Event, EventKind, MsgOut},
    session::{Results, Run, RunResult, Session, SessionStatus},
};
use mhero_store::{ConversationRow, EffectRow, Guard, NewMessage, NewRun, OutboxEntry, RunResultRow, SessionRow, Unit};

use uuid::Uuid;

use super::{kinds, shelf::Pins};
use crate::{App, AppError, way_back::ANSWERED_RUN};

/// Most characters of one message that a flow sends, after which it is cut: what a phone takes in parts is fewer.
const MESSAGE_CHARS_MAX: usize = 1_530;

/// Messages that leave of a sprint in which the flow failed.
const FAILED_MESSAGES_MAX: usize = 3;

/// The text that a sprint answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// The message.
    pub(super) message: MessageId,
    /// The channel it came by, by which the answers go back.
    pub(super) channel: ChannelId,
}

/// What of a session stood written before a sprint.
#[derive(Default)]
pub(super) struct Before {
    /// Whether a time-out and an expiry were set.
    timers: [bool; 2],
    /// The results of each run.
    results: HashMap<Uuid, Results>,
    /// Runs that had ended.
    ended: HashSet<Uuid>,
}

impl Before {
    /// What stands written of a session as it was read.
    pub(super) fn of(row: &SessionRow, session: &Session) -> Self {
        let ended = session.runs.iter().filter(|run| run.exited_on.is_some());
        Self {
            timers: [row.timeout_at.is_some(), row.expires_at.is_some()],
            results: session.runs.iter().map(|run| (run.uuid, run.results.clone())).collect(),
            ended: ended.map(|run| run.uuid).collect(),
        }
    }
}

/// Where a sprint took place.
pub(super) struct Scene {
    /// What stands written of it.
    pub(super) before: Before,
    /// The session as it was; version 0 for one that begins.
    pub(super) row: SessionRow,
    /// Its conversation.
    pub(super) conversation: ConversationRow,
    /// The revisions that it runs.
    pub(super) pins: Pins,
    /// The name that each text begins with, on a shared phone.
    pub(super) salutation: Option<String>,
    /// The text that it answers.
    pub(super) heard: Option<Heard>,
}

/// The key of a sprint, with which the keys of its messages begin.
pub(crate) fn sprint_key(session: SessionId, sprint: i64) -> String {
    format!("flow/{session}/{sprint}/")
}

impl App {
    /// Writes a sprint, or the part of one until an outside call. Returns the session as it then stands.
    pub(super) async fn write_sprint(
        &self,
        unit: &mut Unit,
        scene: Scene,
        sprint: Sprint,
    ) -> Result<SessionRow, AppError> {
        let around = self.around_flows().await?;
        let now = self.clock().now_micros();
        let Scene { before, mut row, conversation, pins, salutation, heard } = scene;
        row.sprints += 1;
        let number = (conversation.scheme.as_str(), conversation.path.as_str());
        self.change_person(unit, (row.person, number), &sprint.events, &around.fields);
        let wrote = self.send_all(unit, (&row, &conversation), &sprint.events, (salutation.as_deref(), heard));
        self.follow(unit, (&row, &conversation), &sprint.events).await?;
        for segment in &sprint.segments {
            if !row.is_test {
                let flow = FlowId::from_uuid(segment.flow_uuid);
                unit.pass_way(flow, segment.exit_uuid, segment.destination_uuid, row.id);
            }
        }
        if heard.is_some() && row.replied_at.is_none() {
            row.replied_at = Some(now);
        }
        write_runs(unit, &row, (&pins, &before), &sprint.session);
        tell_of_places(unit, (&around.about_places, now), &before, (&sprint.session, row.is_test));
        row.effect = None;
        (row.timeout_at, row.expires_at) = (None, None);
        match &sprint.outcome {
            Outcome::Waiting => {
                (row.timeout_at, row.expires_at) = wait_times(&sprint.events);
                // One that went on beneath another conversation waits until that one has ended.
                if conversation.state == "suspended" {
                    let left = |at: Option<i64>| at.map(|at| (at - now).max(0));
                    row.timeout_left = left(row.timeout_at.take());
                    row.expiry_left = left(row.expires_at.take());
                    "suspended".clone_into(&mut row.status);
                } else {
                    "waiting".clone_into(&mut row.status);
                }
            }
            Outcome::NeedsEffect(request) => {
                "effect".clone_into(&mut row.status);
                row.effect = Some(request.key.to_string());
                unit.add_effect(&self.effect_row(&row, &sprint.session, request, now)?);
            }
            Outcome::Ended => {
                let status = if sprint.session.status == SessionStatus::Failed { "failed" } else { "completed" };
                status.clone_into(&mut row.status);
                row.ended_at = Some(now);
            }
        }
        let mut session = sprint.session;
        session.compact();
        row.state = session.to_blob();
        let was_there = row.version != 0;
        if was_there {
            unit.set_session(&row);
        } else {
            unit.add_session(&row);
        }
        self.set_timers(unit, &row, before.timers);
        if row.ended_at.is_some() {
            let state = ConversationRow { version: conversation.version, ..conversation.clone() };
            unit.conversation_state(&state, "ended");
        } else if wrote && was_there {
            unit.conversation_wrote(conversation.id, now);
        }
        Ok(row)
    }

    /// The messages of a sprint, in order. Returns whether there were any.
    fn send_all(
        &self,
        unit: &mut Unit,
        (row, conversation): (&SessionRow, &ConversationRow),
        events: &[Event],
        (salutation, heard): (Option<&str>, Option<Heard>),
    ) -> bool {
        let lane = match (heard.is_some(), row.lane) {
            (_, Lane::Alert) => Lane::Alert,
            (true, _) => Lane::Reply,
            (false, lane) => lane,
        };
        let key = sprint_key(row.id, row.sprints);
        let mut wrote = false;
        // A flow that went in a circle until it failed must not pour all that into one phone.
        let failed = events.iter().any(|event| matches!(event.kind, EventKind::Failure { .. }));
        let most = if failed { FAILED_MESSAGES_MAX } else { usize::MAX };
        let messages =
            events.iter().enumerate().filter(|(_, event)| matches!(event.kind, EventKind::MsgCreated { .. }));
        for (at, event) in messages.take(most) {
            let EventKind::MsgCreated { msg, .. } = &event.kind else { continue };
            if msg.unsendable_reason.is_some() {
                continue;
            }
            let Some(text) = text_of(msg, salutation) else { continue };
            let language = msg.locale.split('-').next().and_then(|language| language.parse::<Lang>().ok());
            let id = MessageId::from_uuid(event.uuid);
            let message_key = (id, format!("{key}{at:04}"));
            let heard = heard.map(|heard| (heard.message, heard.channel));
            self.add_flow_message(
                unit,
                row,
                conversation,
                (message_key.0, &message_key.1),
                (&text, language),
                lane,
                heard,
            );
            if !msg.quick_replies.is_empty() && conversation.scheme != Urn::TEL {
                let texts: Vec<&str> = msg.quick_replies.iter().map(|reply| &*reply.text).collect();
                unit.add_choices(id, &serde_json::json!(texts).to_string(), false, self.clock().now_micros());
            }
            wrote = true;
        }
        wrote
    }

    /// One message of a flow, into the outbox.
    #[expect(clippy::too_many_arguments, reason = "a message has that many sides, and only two places write one")]
    pub(super) fn add_flow_message(
        &self,
        unit: &mut Unit,
        row: &SessionRow,
        conversation: &ConversationRow,
        (id, key): (MessageId, &str),
        (text, language): (&str, Option<Lang>),
        lane: Lane,
        heard: Option<(MessageId, ChannelId)>,
    ) {
        let now = self.clock().now_micros();
        let body = self.store().mint().uuid();
        unit.add_body(body, text, RetentionClass::Message, now);
        let channel = heard.map(|(_, channel)| channel).or(row.channel).or(conversation.channel);
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Flow,
            state: MessageState::Waiting.as_str(),
            lane,
            person: row.person,
            scheme: conversation.scheme.clone(),
            path: conversation.path.clone(),
            channel,
            conversation: Some(conversation.id),
            broadcast: None,
            thread: None,
            body,
            language,
            segments: i64::try_from(mhero_text::measure(text).segments).unwrap_or(1),
            dedupe_key: key.to_owned(),
            reply_to: heard.map(|(message, _)| message),
            answers: None,
            written_by: None,
            programme: self.shelf().programme_of(row.flow),
            is_test: row.is_test,
            is_drill: row.is_drill,
            created_at: now,
        };
        unit.add_message(&message, Guard::Rows(1));
        let entry = OutboxEntry {
            message: id,
            channel,
            lane,
            conversation: conversation.id,
            // Messages of one sprint have one instant; their ids have the order.
            sequence: now,
            broadcast: None,
            ready_at: now,
            quiet_exempt: matches!(lane, Lane::Reply | Lane::Alert),
        };
        unit.add_to_outbox(&entry, now);
    }

    /// What else the events of a sprint lead to: threads for tickets, others' sessions and messages.
    async fn follow(
        &self,
        unit: &mut Unit,
        (row, conversation): (&SessionRow, &ConversationRow),
        events: &[Event],
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        for (at, event) in events.iter().enumerate() {
            match &event.kind {
                EventKind::TicketOpened { .. } => {
                    let number = (conversation.scheme.as_str(), conversation.path.as_str());
                    self.thread_of(unit, row.person, number, now).await?;
                }
                EventKind::SessionTriggered { .. } | EventKind::BroadcastCreated { .. } => {
                    let json = serde_json::json!({ "session": row.id, "event": event, "is_test": row.is_test });
                    let key = format!("{}/{}/{at}", row.id, row.sprints);
                    unit.set_timer(self.store(), kinds::FOLLOW_TIMER, &key, now, &json.to_string());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn effect_row(
        &self,
        row: &SessionRow,
        session: &Session,
        request: &EffectRequest,
        now: i64,
    ) -> Result<EffectRow, AppError> {
        let run = session.suspended.as_ref().and_then(|suspended| session.runs.get(suspended.run as usize));
        let json = serde_json::to_vec(&request.request)
            .map_err(|e| AppError::invalid("flow-unreadable", [("detail", e.to_string())]))?;
        let (kind, peer, repeatable) = described(&request.request);
        Ok(EffectRow {
            key: request.key.to_string(),
            id: self.store().mint().id(EffectId::from_uuid),
            session: row.id,
            flow: run.map_or(row.flow, |run| FlowId::from_uuid(run.flow.uuid)),
            node: run.and_then(Run::node),
            kind: kind.to_owned(),
            peer,
            request: self.seal("effect", row.id.uuid(), &json)?,
            repeatable,
            state: "ready".to_owned(),
            attempt: 0,
            answer: None,
            status: None,
            failure: None,
            created_at: now,
            called_at: None,
            answered_at: None,
        })
    }
}

/// Kind, host, and whether it may be made again when its answer was lost: only what changes nothing at the other side.
fn described(request: &Request) -> (&'static str, String, bool) {
    match request {
        Request::Http { calls, resthook } => {
            let safe = |method: &str| matches!(method, "GET" | "HEAD" | "OPTIONS");
            let host = calls.first().map(|call| host_of(&call.url)).unwrap_or_default();
            let kind = if resthook.is_some() { "resthook" } else { "webhook" };
            (kind, host, calls.iter().all(|call| safe(&call.method)))
        }
        Request::Llm { llm, .. } => ("llm", llm.name.to_string(), true),
        Request::Airtime { .. } => ("airtime", String::new(), false),
        Request::Email { .. } => ("email", String::new(), false),
    }
}

/// The host of an address, without user, path and query: those may hold secrets.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

/// What a phone shows of a message: text, then what can only be linked to. `None` when there is nothing.
///
/// Where both are too long for a phone, the words are cut and the links are not: half a link leads nowhere. Links have at most half of
/// the room beside words, and one that has no place is left out.
fn text_of(msg: &MsgOut, salutation: Option<&str>) -> Option<String> {
    let length = |text: &str| text.chars().count();
    let greeting = salutation.map(|name| format!("{name}: ")).unwrap_or_default();
    let words = &*msg.text;
    let room = MESSAGE_CHARS_MAX.saturating_sub(length(&greeting));
    let mut for_links = if words.trim().is_empty() { room } else { room / 2 };
    let links =
        msg.attachments.iter().map(|attachment| attachment.split_once(':').map_or(&**attachment, |(_, url)| url));
    let links: Vec<&str> = links
        .map(str::trim)
        .filter(|link| !link.is_empty())
        .filter(|link| match for_links.checked_sub(length(link) + 1) {
            Some(left) => {
                for_links = left;
                true
            }
            None => false,
        })
        .collect();
    let taken: usize = links.iter().map(|link| length(link) + 1).sum();
    let words: String = if length(words) + taken > room {
        words.chars().take(room.saturating_sub(taken)).collect()
    } else {
        words.to_owned()
    };
    let lines: Vec<&str> = [words.as_str()].into_iter().chain(links).filter(|line| !line.trim().is_empty()).collect();
    let text = lines.join("\n");
    if text.is_empty() { None } else { Some(format!("{greeting}{text}")) }
}

/// When the wait that a sprint ended in times out and expires.
fn wait_times(events: &[Event]) -> (Option<i64>, Option<i64>) {
    let wait = events.iter().rev().find_map(|event| match &event.kind {
        EventKind::MsgWait { timeout_seconds, expires_on, .. } => {
            let timeout = timeout_seconds.map(|seconds| micros(event.created_on) + i64::from(seconds) * 1_000_000);
            Some((timeout, expires_on.map(micros)))
        }
        EventKind::DialWait { expires_on, .. } => Some((None, expires_on.map(micros))),
        _ => None,
    });
    wait.unwrap_or_default()
}

/// Runs and results as they now stand, where they have changed. A run that had ended changes no more, and its results stand.
fn write_runs(unit: &mut Unit, row: &SessionRow, (pins, before): (&Pins, &Before), session: &Session) {
    for run in session.runs.iter().filter(|run| !before.ended.contains(&run.uuid)) {
        let flow = FlowId::from_uuid(run.flow.uuid);
        let id = RunId::from_uuid(run.uuid);
        unit.put_run(&NewRun {
            id,
            session: row.id,
            flow,
            revision: pins.0.get(&flow).copied().unwrap_or(row.revision),
            person: row.person,
            start: row.start,
            parent: run.parent_uuid.map(RunId::from_uuid),
            status: run.status.name().to_owned(),
            node: run.node(),
            is_test: row.is_test,
            started_at: micros(run.created_on),
            replied_at: run.had_input.then_some(row.replied_at).flatten(),
            exited_at: run.exited_on.map(micros),
            modified_at: micros(run.modified_on),
        });
        let written = before.results.get(&run.uuid);
        let is_new = |key: &str, result: &RunResult| written.and_then(|known| known.get(key)) != Some(result);
        for (key, result) in run.results.iter().filter(|(key, result)| is_new(key, result)) {
            unit.put_result(
                flow,
                &RunResultRow {
                    run: id,
                    key: key.to_string(),
                    name: result.name.to_string(),
                    value: result.value.to_string(),
                    category: result.category.to_string(),
                    input: Some(result.input.to_string()).filter(|input| !input.is_empty()),
                    node: Some(result.node_uuid),
                    at: micros(result.created_on),
                },
            );
        }
    }
}

/// Says in the change feed which runs brought answers about places: what comes of them is decided elsewhere.
fn tell_of_places(
    unit: &mut Unit,
    (about_places, now): (&HashSet<FlowId>, i64),
    before: &Before,
    (session, is_test): (&Session, bool),
) {
    let is_new = |run: &&Run| before.results.get(&run.uuid).is_none_or(|known| *known != run.results);
    let asked = session.runs.iter().filter(|run| about_places.contains(&FlowId::from_uuid(run.flow.uuid)));
    for run in asked.filter(|run| !is_test && !run.results.is_empty()).filter(is_new) {
        unit.changed(ANSWERED_RUN, run.uuid, "answered", now);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn shown(text: &str, attachments: &[&str], salutation: Option<&str>) -> Option<String> {
        let attachments = attachments.iter().map(|attachment| Arc::from(*attachment)).collect();
        let msg = MsgOut {
            urn: None,
            channel: None,
            text: text.into(),
            attachments,
            quick_replies: Vec::new(),
            templating: None,
            locale: "eng".into(),
            unsendable_reason: None,
        };
        text_of(&msg, salutation)
    }

    #[test]
    fn what_a_plain_phone_cannot_show_comes_as_a_link_below_the_words() {
        let picture = "image/jpeg:https://example.org/hands.jpg";
        let both = shown("Wash your hands.", &[picture, "geo:6.3,-10.8"], None);
        assert_eq!(both.as_deref(), Some("Wash your hands.\nhttps://example.org/hands.jpg\n6.3,-10.8"));
        let alone = shown("", &[picture], Some("Martha"));
        assert_eq!(
            alone.as_deref(),
            Some("Martha: https://example.org/hands.jpg"),
            "a picture alone is no empty message"
        );
        assert_eq!(shown(" ", &[], Some("Martha")), None);
    }

    #[test]
    fn words_are_cut_where_a_link_would_be_broken() {
        let long = "é".repeat(MESSAGE_CHARS_MAX + 100);
        let plain = shown(&long, &[], None).unwrap();
        assert_eq!(plain.chars().count(), MESSAGE_CHARS_MAX);
        let linked = shown(&long, &["audio:https://example.org/a.mp3"], Some("Martha")).unwrap();
        assert_eq!(linked.chars().count(), MESSAGE_CHARS_MAX);
        assert!(linked.starts_with("Martha: éé") && linked.ends_with("é\nhttps://example.org/a.mp3"));
        let endless = format!("image:https://example.org/{}", "a".repeat(MESSAGE_CHARS_MAX));
        assert_eq!(
            shown("Look", &[&endless, "image:https://example.org/b"], None).as_deref(),
            Some("Look\nhttps://example.org/b")
        );
        let most = format!("image:https://example.org/{}", "a".repeat(MESSAGE_CHARS_MAX / 2 + 10));
        assert!(shown("", &[&most], None).is_some(), "without words a link may take all the room");
    }
}
