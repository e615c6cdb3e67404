//! The stack of conversations with one person at one number: a new one suspends or ends those that are open, and when it ends
//! the one below goes on where it stood and repeats its question.

use mhero_core::{ConversationId, Lane, MessageId, PersonId, Right, SessionId};
use mhero_store::{ConversationRow, Queue, SessionRow, Unit};

use super::{begin::Beginning, kinds};
use crate::{App, AppError, Caller, messaging::Known};

/// The shortest time that a conversation gets after it was suspended, in microseconds: its question has just been repeated.
const LEFT_MIN: i64 = 60_000_000;

/// Conversations of one person that lie on one another before an urgent one ends those of its own flow.
const STACK_MAX: usize = 4;

/// The state of the conversation of a background flow: it asks nothing, so it lies on no stack.
pub(super) const BESIDE: &str = "beside";

/// What a conversation that goes on is told of the text that ended the one on top of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Answers<'a> {
    /// Somebody has just written, and waits for what comes next.
    pub(super) to_text: bool,
    /// What was read of the number along with others.
    pub(super) known: Option<&'a Known>,
}

/// A session suspended or ended, and its conversation.
struct Below {
    conversation: ConversationRow,
    session: SessionRow,
}

impl App {
    /// Suspends or ends the open conversations of a person at a number. Returns the depth of the new one, and which it
    /// ended.
    pub(super) async fn make_way(
        &self,
        unit: &mut Unit,
        beginning: &Beginning,
        (interrupts, known): (bool, Option<&Known>),
    ) -> Result<(i64, Vec<ConversationId>), AppError> {
        let open = self.conversations_of(beginning.person, (&beginning.scheme, &beginning.path), known).await?;
        let deepest = open.iter().map(|below| below.conversation.depth).max();
        let is_crowded = open.len() >= STACK_MAX;
        let mut ended = Vec::new();
        for below in open {
            // Who sends a word twice wants the flow from its beginning, not twice. Two alerts may be two cases.
            let is_again = below.session.flow == beginning.flow && (beginning.lane != Lane::Alert || is_crowded);
            if interrupts || is_again {
                ended.push(below.conversation.id);
                self.interrupt(unit, below);
            } else if below.conversation.state == "open" {
                self.suspend(unit, below);
            }
        }
        Ok((deepest.filter(|_| !interrupts).map_or(0, |depth| depth + 1), ended))
    }

    /// Ends every conversation of a number: somebody asked to be left alone.
    pub(crate) async fn interrupt_all(&self, unit: &mut Unit, number: (&str, &str)) -> Result<(), AppError> {
        for (conversation, session) in self.open_at(number, None).await? {
            if let Some(session) = session {
                self.interrupt(unit, Below { conversation, session });
            }
        }
        Ok(())
    }

    /// Ends every conversation that a person within the caller's scope has, at all of their numbers. Returns how many.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for a person outside the scope.
    pub async fn interrupt_person(&self, caller: &Caller, person: PersonId) -> Result<usize, AppError> {
        caller.must(Right::Send)?;
        self.store()
            .decide(|| async {
                let now = self.clock().now_micros();
                let record = self.store().person_record(&caller.scope, person).await?;
                record.ok_or_else(|| AppError::not_found("person", person))?;
                let numbers = self.store().contact_record(person, now).await?.map(|record| record.urns);
                let (mut unit, mut ended) = (Unit::new(), 0);
                for (scheme, path) in numbers.unwrap_or_default() {
                    for (conversation, session) in self.open_at((&scheme, &path), None).await? {
                        if let Some(session) = session.filter(|_| conversation.person == person) {
                            self.interrupt(&mut unit, Below { conversation, session });
                            ended += 1;
                        }
                    }
                }
                if ended > 0 {
                    let facts = serde_json::json!({ "conversations": ended });
                    unit.audit(self.store(), &caller.entry("person-interrupted", "person", Some(person.uuid()), facts));
                    self.store().write(unit, Queue::Interactive).await?;
                }
                Ok(ended)
            })
            .await
    }

    /// When the conversation on top has ended: opens the one below it, gives it back its times, and repeats its question.
    /// `ended`: it, and those that this very unit has ended. `suspended_here`: it began in this very unit, which has suspended the one that was open.
    pub(super) async fn go_back(
        &self,
        unit: &mut Unit,
        ended: &[ConversationId],
        (person, number): (PersonId, (&str, &str)),
        (suspended_here, answers): (bool, Answers<'_>),
    ) -> Result<(), AppError> {
        let mut others = self.conversations_of(person, number, answers.known).await?;
        let answers = answers.to_text;
        others.retain(|below| !ended.contains(&below.conversation.id));
        match others.iter().position(|below| below.conversation.state == "open") {
            Some(open) if suspended_here => {
                self.resume_suspended(unit, others.swap_remove(open), (true, answers)).await
            }
            // Another is on top already.
            Some(_) => Ok(()),
            None if others.is_empty() => Ok(()),
            None => self.resume_suspended(unit, others.swap_remove(0), (false, answers)).await,
        }
    }

    async fn conversations_of(
        &self,
        person: PersonId,
        number: (&str, &str),
        known: Option<&Known>,
    ) -> Result<Vec<Below>, AppError> {
        let mut found = Vec::new();
        for (conversation, session) in self.open_at(number, known).await? {
            if conversation.person == person && conversation.state != BESIDE {
                found.extend(session.map(|session| Below { conversation, session }));
            }
        }
        Ok(found)
    }

    fn suspend(&self, unit: &mut Unit, mut below: Below) {
        let now = self.clock().now_micros();
        let left = |at: Option<i64>| at.map(|at| (at - now).max(0));
        below.session.timeout_left = left(below.session.timeout_at.take());
        below.session.expiry_left = left(below.session.expires_at.take());
        // One that stands in an outside call goes on with it, silently, and waits where it comes to.
        if below.session.status == "waiting" {
            "suspended".clone_into(&mut below.session.status);
        }
        clear_timers(unit, below.session.id);
        unit.conversation_state(&below.conversation, "suspended").set_session(&below.session);
    }

    /// Ends a session that can't go on, so that its person is not held in it for ever, and opens the conversation below.
    pub(super) async fn end_as_failed(
        &self,
        unit: &mut Unit,
        (session, conversation): (SessionRow, ConversationRow),
    ) -> Result<(), AppError> {
        tracing::error!(session = %session.id, "a session can't go on and has ended as failed");
        let number = (conversation.scheme.clone(), conversation.path.clone());
        let (id, person, was_open) = (conversation.id, conversation.person, conversation.state == "open");
        self.end(unit, Below { conversation, session }, "failed");
        if was_open {
            self.go_back(unit, &[id], (person, (&number.0, &number.1)), (false, Answers::default())).await?;
        }
        Ok(())
    }

    fn interrupt(&self, unit: &mut Unit, below: Below) {
        self.end(unit, below, "interrupted");
    }

    fn end(&self, unit: &mut Unit, mut below: Below, status: &str) {
        let now = self.clock().now_micros();
        status.clone_into(&mut below.session.status);
        below.session.effect = None;
        below.session.ended_at = Some(now);
        (below.session.timeout_at, below.session.expires_at) = (None, None);
        clear_timers(unit, below.session.id);
        unit.conversation_state(&below.conversation, "ended").set_session(&below.session);
        unit.end_runs(below.session.id, status, now);
    }

    /// `just_suspended`: the same unit has suspended it, so that versions are one further than read.
    async fn resume_suspended(
        &self,
        unit: &mut Unit,
        mut below: Below,
        (just_suspended, answers): (bool, bool),
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        if just_suspended {
            let left = |at: Option<i64>| at.map(|at| (at - now).max(0));
            below.session.timeout_left = left(below.session.timeout_at.take());
            below.session.expiry_left = left(below.session.expires_at.take());
            below.session.version += 1;
            below.conversation.version += 1;
            if below.session.status == "waiting" {
                "suspended".clone_into(&mut below.session.status);
            }
        }
        let again = |left: &mut Option<i64>| left.take().map(|left| now + left.max(LEFT_MIN));
        below.session.timeout_at = again(&mut below.session.timeout_left);
        below.session.expires_at = again(&mut below.session.expiry_left);
        if below.session.status == "suspended" {
            "waiting".clone_into(&mut below.session.status);
            self.repeat_question(unit, &below, answers).await?;
        }
        self.set_timers(unit, &below.session, [true, true]);
        unit.conversation_state(&below.conversation, "open").set_session(&below.session);
        unit.conversation_wrote(below.conversation.id, now);
        Ok(())
    }

    /// Sends again what the last sprint of a session sent, since other things were spoken of in between.
    async fn repeat_question(&self, unit: &mut Unit, below: &Below, answers: bool) -> Result<(), AppError> {
        let session = &below.session;
        let texts = self.store().texts_of_sprint(&super::sprint::sprint_key(session.id, session.sprints)).await?;
        for (at, (text, language)) in texts.iter().enumerate() {
            let key = format!("flow/{}/again/{}/{at}", session.id, session.version);
            let lane = if answers && session.lane != Lane::Alert { Lane::Reply } else { session.lane };
            let id = self.store().mint().id(MessageId::from_uuid);
            self.add_flow_message(unit, session, &below.conversation, (id, &key), (text, *language), lane, None);
        }
        Ok(())
    }

    /// Sets the timers that a waiting session needs, and clears those that it does not.
    /// `was_set`: whether a time-out and an expiry were set before.
    pub(super) fn set_timers(&self, unit: &mut Unit, session: &SessionRow, was_set: [bool; 2]) {
        let key = session.id.to_string();
        let times = [(kinds::TIMEOUT_TIMER, session.timeout_at), (kinds::EXPIRY_TIMER, session.expires_at)];
        for ((kind, at), was_set) in times.into_iter().zip(was_set) {
            if let Some(at) = at {
                unit.set_timer(self.store(), kind, &key, at, "{}");
            } else if was_set {
                unit.clear_timer(kind, &key);
            }
        }
    }
}

fn clear_timers(unit: &mut Unit, session: SessionId) {
    let key = session.to_string();
    unit.clear_timer(kinds::TIMEOUT_TIMER, &key).clear_timer(kinds::EXPIRY_TIMER, &key);
}
