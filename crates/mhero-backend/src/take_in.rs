//! Takes in what was read back: messages and runs of a person here, once; where a contact has stopped, so it is here.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use mhero_app::ports::BackendError;
use mhero_core::{
    ConversationId, Direction, InboundState, Lane, MessageId, MessageKind, MessageState, PersonId, RetentionClass,
    RunId, Scope, SessionId,
};
use mhero_store::{BackendProblem, Elsewhere, NewMessage, NewRun, Queue, RunResultRow, SourceStop, StartRow, Unit};
use mhero_wire::rapidpro::{BackContact, BackMessage, BackRun};

use crate::{
    Backends, BackendsError,
    ids::{conversation_id, id_of, session_id},
    read::Reading,
    runner::At,
    who::{Whose, number},
};

/// A contact that has the numbers of several people here.
const OF_SEVERAL: &str = "contact-of-several";
/// Something whose person nobody knows.
const NOBODY: &str = "nobody";

/// What came of taking something in: whether it was new, or why the back end could not be asked about it.
type Taken = Result<Result<bool, BackendError>, BackendsError>;

/// How far a message has got, in our words.
fn state_of(message: &BackMessage) -> MessageState {
    match message.status.as_str() {
        "wired" | "sent" => MessageState::Sent,
        "delivered" | "read" => MessageState::Delivered,
        "failed" => MessageState::Failed,
        _ => MessageState::Waiting,
    }
}

/// Whether what is said now is further than what was known.
fn is_further(from: &str, to: MessageState) -> bool {
    let rank = |state: &str| match state.parse() {
        Ok(MessageState::Sent) => 1,
        Ok(MessageState::Failed) => 2,
        Ok(MessageState::Delivered) => 3,
        _ => 0,
    };
    rank(to.as_str()) > rank(from)
}

/// How a run stands, in our words.
fn status_of(run: &BackRun) -> &str {
    match run.exit.as_str() {
        "completed" | "interrupted" | "expired" | "failed" => run.exit.as_str(),
        _ if run.exited.is_some() => "completed",
        _ => "waiting",
    }
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_microsecond)
}

impl Backends {
    /// Takes in a message, or how far one has got that is known.
    pub(crate) async fn take_message(&self, at: &At<'_>, message: &BackMessage) -> Taken {
        let created = message.created.as_microsecond();
        let id = MessageId::from_uuid(id_of(at.source.id, "message", &message.id, created));
        let state = state_of(message);
        let ends = matches!(state, MessageState::Delivered | MessageState::Failed);
        let sent_at = micros(message.sent).or((state != MessageState::Waiting).then_some(created));
        let done_at = micros(message.modified.or(message.sent)).or(Some(created)).filter(|_| ends);
        if let Some(known) = self.app.store().elsewhere_state(id).await? {
            if message.is_in || !is_further(&known, state) {
                return Ok(Ok(false));
            }
            let mut unit = Unit::new();
            unit.move_elsewhere(Elsewhere { id, from: &known, to: state.as_str(), sent_at, done_at });
            at.write(&self.app, unit, Queue::Bulk).await?;
            return Ok(Ok(false));
        }
        let whose = match self.whose(at, &message.contact, message.urn.as_ref()).await? {
            Ok(Some(whose)) => whose,
            Ok(None) => return self.nobody(at, &format!("contact {}", message.contact)).await,
            Err(error) => return Ok(Err(error)),
        };
        let mut unit = self.new_message(at, message, id, whose);
        if !message.is_in && state != MessageState::Waiting {
            let from = MessageState::Waiting.as_str();
            unit.move_elsewhere(Elsewhere { id, from, to: state.as_str(), sent_at, done_at });
        }
        at.write(&self.app, unit, Queue::Bulk).await?;
        Ok(Ok(true))
    }

    fn new_message(&self, at: &At<'_>, message: &BackMessage, id: MessageId, whose: Whose) -> Unit {
        let created = message.created.as_microsecond();
        let Whose { person, scheme, path, introduce: mut unit } = whose;
        let body = self.app.store().mint().uuid();
        unit.add_body(body, &message.text, RetentionClass::Message, created);
        let conversation = message.flow.as_ref().map(|flow| conversation_id(at.source.id, &message.contact, flow));
        let (direction, state) = match message.is_in {
            true => (Direction::In, InboundState::Handled.as_str()),
            false => (Direction::Out, MessageState::Waiting.as_str()),
        };
        let row = NewMessage {
            id,
            direction,
            kind: MessageKind::Elsewhere,
            state,
            lane: Lane::Normal,
            person,
            scheme,
            path,
            channel: None,
            conversation: conversation.map(ConversationId::from_uuid),
            broadcast: None,
            thread: None,
            body,
            language: None,
            segments: i64::try_from(mhero_text::measure(&message.text).segments).unwrap_or(1),
            dedupe_key: format!("at/{}/message/{}", at.source.id, message.id),
            reply_to: None,
            answers: None,
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: created,
        };
        unit.add_elsewhere((at.source.id, &message.id), &row);
        unit.put_backend_contact(at.source.id, &message.contact, person, self.app.clock().now_micros());
        // A clock that is ahead there lets nobody have written in the future here.
        let touched = created.min(self.app.clock().now_micros());
        if message.is_in {
            unit.touch_heard(person, touched);
        } else {
            unit.touch_sent(person, touched);
        }
        unit
    }

    /// Takes in a run, or what has become of one that is known. One that no start of ours began is one all the same.
    pub(crate) async fn take_run(&self, at: &At<'_>, run: &BackRun) -> Taken {
        let (created, modified) = (run.created.as_microsecond(), run.modified.as_microsecond());
        let id = id_of(at.source.id, "run", &run.id, created);
        let modified = modified.max(micros(run.exited).unwrap_or(0));
        let known = self.app.store().run_stands(id).await?;
        // What has ended stays so.
        if known.is_some_and(|(_, ended, _)| ended.is_some() && run.exited.is_none()) {
            return Ok(Ok(false));
        }
        // Another instant is a change, an earlier one too: a clock there may have been set back. So is a start that was not known:
        // a run may be read while the answer to the call that began it is lost.
        let is_same = known.is_some_and(|(known, ..)| known == modified);
        let has_start = known.is_some_and(|(.., start)| start.is_some());
        let began = if is_same && has_start { None } else { self.began(at, run).await? };
        if is_same && began.is_none() {
            return Ok(Ok(false));
        }
        let Some((flow, revision)) = self.flow_of_run(at, &run.flow, &run.flow_name).await? else {
            return Ok(Ok(false));
        };
        let whose = match self.whose(at, &run.contact, run.urn.as_ref()).await? {
            Ok(Some(whose)) => whose,
            Ok(None) => return self.nobody(at, &format!("contact {}", run.contact)).await,
            Err(error) => return Ok(Err(error)),
        };
        let is_test = began.as_ref().is_some_and(|start| start.is_test);
        let Whose { person, introduce: mut unit, .. } = whose;
        let first = run.results.iter().filter_map(|result| result.at).min();
        let row = NewRun {
            id: RunId::from_uuid(id),
            session: SessionId::from_uuid(session_id(id)),
            flow,
            revision,
            person,
            start: began.map(|start| start.id),
            parent: None,
            status: status_of(run).to_owned(),
            node: None,
            is_test,
            started_at: created,
            replied_at: run.responded.then(|| first.unwrap_or(run.modified).as_microsecond()),
            exited_at: micros(run.exited),
            modified_at: modified,
        };
        unit.put_run(&row);
        for result in &run.results {
            let kept = RunResultRow {
                run: row.id,
                key: result.key.clone(),
                name: result.name.clone(),
                value: result.value.clone(),
                category: result.category.clone(),
                input: result.input.clone(),
                node: None,
                // Not when the run changed: what came of an answer is known by when it was given.
                at: micros(result.at).unwrap_or(created),
            };
            unit.put_result(flow, &kept);
        }
        if !is_test && !run.results.is_empty() {
            self.app.tell_of_run(&mut unit, flow, row.id).await?;
        }
        unit.put_backend_run(id, at.source.id, &run.id);
        unit.put_backend_contact(at.source.id, &run.contact, person, self.app.clock().now_micros());
        at.write(&self.app, unit, Queue::Bulk).await?;
        Ok(Ok(known.is_none()))
    }

    /// The start of ours that a run belongs to.
    async fn began(&self, at: &At<'_>, run: &BackRun) -> Result<Option<StartRow>, BackendsError> {
        let Some(there) = &run.start else { return Ok(None) };
        let call = self.app.store().backend_call_by_remote(at.source.id, there).await?;
        let Some(call) = call else { return Ok(None) };
        Ok(self.app.store().start(&Scope::system(), call.start).await?)
    }

    /// Takes in where a contact stands: a stop there is one here, once for each time that it is said; and whose numbers it has.
    pub(crate) async fn take_contact(&self, at: &At<'_>, reading: &mut Reading, contact: &BackContact) -> Taken {
        let numbers: BTreeSet<(String, String)> = contact.urns.iter().map(number).collect();
        let stop = |(scheme, path): &(String, String)| SourceStop {
            record: contact.id.clone(),
            scheme: scheme.clone(),
            path: path.clone(),
        };
        let mut unit = Unit::new();
        let now = self.app.clock().now_micros();
        if reading.stops.is_none() {
            reading.stops = Some(self.app.store().source_stops(at.source.id).await?.into_iter().collect());
        }
        let said = reading.stops.get_or_insert_default();
        let before: Vec<SourceStop> = said.iter().filter(|one| one.record == contact.id).cloned().collect();
        let is_silent = matches!(contact.status, "stopped" | "blocked");
        let wanted: Vec<SourceStop> = numbers.iter().filter(|_| is_silent).map(stop).collect();
        for gone in before.iter().filter(|one| !wanted.contains(one)) {
            unit.lift_by_source(at.source.id, gone);
            said.remove(gone);
        }
        for fresh in wanted.into_iter().filter(|one| !before.contains(one)) {
            unit.stop_by_source(at.source.id, &fresh, now);
            said.insert(fresh);
        }
        self.whose_numbers(at, &mut unit, contact, &numbers).await?;
        if unit.is_empty() {
            return Ok(Ok(false));
        }
        at.write(&self.app, unit, Queue::Bulk).await?;
        Ok(Ok(true))
    }

    /// A contact whose numbers belong to several people here is shown: which of them is meant, a person must say.
    async fn whose_numbers(
        &self,
        at: &At<'_>,
        unit: &mut Unit,
        contact: &BackContact,
        numbers: &BTreeSet<(String, String)>,
    ) -> Result<(), BackendsError> {
        if numbers.len() < 2 {
            return Ok(());
        }
        let known = self.app.store().backend_who(at.source.id, &contact.id).await?;
        let mut people: HashSet<PersonId> = known.into_iter().collect();
        for (scheme, path) in numbers {
            let holders = self.app.store().holders(scheme, path).await?;
            // A shared phone is nobody's alone: only one that none of those so far has makes it another's.
            let workers: Vec<PersonId> =
                holders.iter().filter(|own| own.standing == "worker").map(|own| own.person).collect();
            if !workers.is_empty() && !workers.iter().any(|person| people.contains(person)) {
                people.insert(workers[0]);
            }
        }
        let subject = format!("contact {}", contact.id);
        if people.len() > 1 {
            let at_instant = self.app.clock().now_micros();
            let problem = BackendProblem { subject, kind: OF_SEVERAL.to_owned(), person: known, at: at_instant };
            unit.put_backend_problem(at.source.id, &problem);
        } else if known.is_some() {
            unit.drop_backend_problem(at.source.id, &subject, OF_SEVERAL);
        }
        Ok(())
    }

    async fn nobody(&self, at: &At<'_>, subject: &str) -> Taken {
        let at_instant = self.app.clock().now_micros();
        let problem =
            BackendProblem { subject: subject.to_owned(), kind: NOBODY.to_owned(), person: None, at: at_instant };
        let mut unit = Unit::new();
        unit.put_backend_problem(at.source.id, &problem);
        at.write(&self.app, unit, Queue::Bulk).await?;
        Ok(Ok(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_only_moves_forward() {
        use MessageState::{Delivered, Failed, Sent, Waiting};
        for (from, to, further) in [
            ("waiting", Sent, true),
            ("sent", Delivered, true),
            ("sent", Waiting, false),
            ("delivered", Sent, false),
            ("delivered", Failed, false),
            ("failed", Delivered, true),
            ("sent", Sent, false),
        ] {
            assert_eq!(is_further(from, to), further, "{from} {to:?}");
        }
    }
}
