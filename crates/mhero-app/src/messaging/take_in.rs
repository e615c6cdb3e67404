//! The walk of an inbound text: phone to person, doubles, STOP words, keywords, thread. One at a time per phone, in order;
//! what a text causes is one unit with its leaving the intake, so that it happens once.

use std::panic::AssertUnwindSafe;

use futures::{FutureExt, StreamExt, stream};
use jiff::SignedDuration;
use mhero_core::{
    ConversationId, Direction, InboundState, Lane, Lang, MessageId, MessageKind, PersonId, RetentionClass, ThreadId,
};
use mhero_store::{Guard, IntakeRow, LastSent, NewMessage, Queue, StoreError, Unit};
use mhero_text::reply::{Meaning, Outcome, Question, Situation, understand};

use super::{auto_reply::AutoReply, deliver::back_off, sender::Sender, to_flow::is_for_the_system};
use crate::{App, AppError, vocabulary::Signs};

/// Phones whose texts are handled at a time.
const PHONES: usize = 32;
/// Texts that one pass takes.
const PASS_MAX: i64 = 512;
/// The same words from the same number within this time, with nothing sent in between, are a suspected double, where the
/// carrier gives no ids.
const DOUBLE_WITHIN: SignedDuration = SignedDuration::from_secs(4);
/// A text this long after a broadcast still counts as an answer to it.
const ANSWERS_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A text whose handling failed so often is no longer read for words: a person reads it, and those behind it are not held up.
const READ_MAX: i64 = 5;

/// How soon a text is looked at again whose conversation waits for the answer of an outside call, in microseconds.
const EFFECT_LOOK_MICROS: i64 = 1_000_000;

/// What a text causes beside being kept.
#[derive(Default)]
struct Effect {
    reply: Option<AutoReply>,
    /// A person must see it.
    opens_thread: bool,
}

impl App {
    /// Handles texts of the intake. Returns how many.
    pub(crate) async fn take_in(&self) -> Result<usize, AppError> {
        let rows = self.store().ready_intake(self.clock().now_micros(), PASS_MAX).await?;
        let count = rows.len();
        stream::iter(rows)
            .for_each_concurrent(PHONES, |row| async move {
                let handled = AssertUnwindSafe(self.store().decide(|| self.take_in_one(&row))).catch_unwind().await;
                let failure = match handled {
                    Ok(Ok(())) => None,
                    Ok(Err(error)) => Some(error.to_string()),
                    Err(_) => Some("a defect of this program".to_owned()),
                };
                if let Some(error) = failure {
                    // It stays in the intake, and the texts behind it from the same phone wait for it.
                    tracing::error!(intake = %row.id, attempt = row.attempt, error, "a text could not be handled");
                    let ready_at = (self.clock().now() + back_off(row.attempt)).as_microsecond();
                    if let Err(error) = self.store().intake_later(row.id, ready_at).await {
                        tracing::error!(intake = %row.id, %error, "a text could not be put back");
                    }
                }
            })
            .await;
        Ok(count)
    }

    async fn take_in_one(&self, row: &IntakeRow) -> Result<(), AppError> {
        let number = (row.scheme.as_str(), row.path.as_str());
        let last = self.store().last_sent_to(number.0, number.1).await?;
        let waiting = self.waiting_at(number, last.as_ref()).await?;
        let vocabulary = self.vocabulary().await?;
        let situation = Situation {
            words: &vocabulary,
            last_sent: last.as_ref().and_then(|last| last.text.as_deref()),
            question: None,
            stopped: self.store().stops(number.0, number.1).await?.contains(&String::new()),
        };
        let is_readable = row.attempt < READ_MAX;
        let outcome = if is_readable {
            understand(&row.text, &situation)
        } else {
            Outcome { meaning: Meaning::Inbox, lang: None, forward: true }
        };
        let is_busy = waiting.iter().any(|waiting| waiting.session.status == "effect");
        if is_busy && !is_for_the_system(&outcome, situation.stopped) {
            // What it asked outside is not answered yet: the text waits for it. STOP does not.
            self.store().intake_waits(row.id, self.clock().now_micros() + EFFECT_LOOK_MICROS).await?;
            return Ok(());
        }
        let asked = waiting.first().map(|waiting| waiting.conversation.person);
        let sender = self.sender(number, (asked, last.as_ref()), row.received_at).await?;
        if !sender.introduce.is_empty() {
            // A flow reads the person from the store. Doing this again finds them there.
            self.store().write(sender.introduce.clone(), Queue::Interactive).await?;
        }
        let is_double = row.carrier_id.is_none() && self.is_double(row).await?;
        let mut unit = Unit::new();
        unit.take_intake(row.id);
        let answers = last.as_ref().filter(|last| row.received_at - last.at < micros(ANSWERS_WITHIN));
        if is_double {
            self.add_inbound(&mut unit, row, &sender, (InboundState::SuspectedDouble, None), (None, None));
        } else {
            let flow = if is_readable {
                let mut attempt = Unit::new();
                let to = (&sender, waiting);
                let flow = self.give_to_flow(&mut attempt, row, to, &outcome, situation.stopped).await?;
                // The message before what it led to: replies refer to it.
                flow.map(|conversation| (conversation, attempt))
            } else {
                None
            };
            if let Some((conversation, led_to)) = flow {
                self.add_inbound(&mut unit, row, &sender, (InboundState::Handled, None), (None, Some(conversation)));
                unit.append(led_to);
            } else {
                self.handle_without_flow(&mut unit, row, &sender, (&outcome, answers)).await?;
            }
        }
        match self.store().write(unit, Queue::Interactive).await {
            // Another node has handled it.
            Err(StoreError::Guard { step: 0 }) => Ok(()),
            Err(StoreError::Guard { .. }) if self.store().message_by_key(&row.dedupe_key()).await?.is_some() => {
                self.drop_known(row).await
            }
            other => Ok(other.map(|_| self.wake())?),
        }
    }

    /// What a text causes that no flow wants: an automatic reply, a thread in the inbox.
    async fn handle_without_flow(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
        (outcome, answers): (&Outcome, Option<&LastSent>),
    ) -> Result<(), AppError> {
        let effect = self.act(unit, row, sender, (outcome, answers)).await?;
        let thread = if effect.opens_thread { Some(self.thread_for(unit, row, sender).await?) } else { None };
        let answers =
            answers.filter(|_| matches!(outcome.meaning, Meaning::Inbox | Meaning::Answer { .. } | Meaning::Ask(_)));
        self.add_inbound(unit, row, sender, (InboundState::Handled, thread), (answers, None));
        if let Some(reply) = effect.reply {
            self.add_auto_reply(unit, row, sender.person, sender.salutation.as_deref(), &reply).await?;
        }
        Ok(())
    }

    /// The carrier gave it a second time just while the first copy was being handled: what it says has been heard.
    async fn drop_known(&self, row: &IntakeRow) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.take_intake(row.id);
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    async fn is_double(&self, row: &IntakeRow) -> Result<bool, AppError> {
        let since = row.received_at - micros(DOUBLE_WITHIN);
        let copy = self.store().copy_of((&row.scheme, &row.path), &row.text, since, row.received_at).await?;
        Ok(copy.is_some())
    }

    /// Decides what a text causes. STOP and its sisters come before everything else.
    async fn act(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
        (outcome, answers): (&Outcome, Option<&LastSent>),
    ) -> Result<Effect, AppError> {
        let number = (row.scheme.as_str(), row.path.as_str());
        let now = self.clock().now_micros();
        // STOP is one word in many languages: the person's own counts more than the word's.
        let written =
            outcome.lang.filter(|_| !matches!(outcome.meaning, Meaning::Stop { .. }) || sender.language.is_none());
        let language = self.reply_language(written, sender).await?;
        let say = |key, args| Some(AutoReply { key, args, language, lane: Lane::Reply });
        let signs = self.signs(language).await?;
        let stops = self.store().stops(number.0, number.1).await?;
        let mut effect = Effect { reply: None, opens_thread: outcome.forward };
        match &outcome.meaning {
            Meaning::Stop { scope } => {
                let list = scope.clone().unwrap_or_default();
                // It counts from when it came, so that what the person wrote after it opens the way again.
                unit.stop(number, &list, Some(MessageId::from_uuid(row.id.uuid())), row.received_at);
                if list.is_empty() {
                    unit.cancel_waiting(number.0, number.1, now);
                    self.interrupt_all(unit, number).await?;
                }
                // One confirmation, then silence.
                if !stops.contains(&list) && !stops.contains(&String::new()) {
                    effect.reply = match scope {
                        None => say("reply-stopped", vec![("start", signs.start.clone())]),
                        Some(topic) => {
                            say("reply-stopped-topic", vec![("topic", topic.clone()), ("start", signs.start.clone())])
                        }
                    };
                }
            }
            Meaning::Start { scope } => {
                unit.start(number, scope.as_deref().unwrap_or_default());
                effect.reply = match scope {
                    None => say("reply-started", vec![("stop", signs.stop.clone())]),
                    Some(topic) => {
                        say("reply-started-topic", vec![("topic", topic.clone()), ("stop", signs.stop.clone())])
                    }
                };
            }
            Meaning::Help => effect.reply = say("reply-help", vec![("words", signs.words.clone())]),
            Meaning::Keyword { keyword, .. } => {
                effect.opens_thread = true;
                let lane = if self.is_urgent(keyword).await? { Lane::Alert } else { Lane::Reply };
                let args = vec![("keyword", self.shown_keyword(keyword, language).await?)];
                let key = if lane == Lane::Alert { "reply-keyword-urgent" } else { "reply-keyword-taken" };
                effect.reply = Some(AutoReply { key, args, language, lane });
            }
            Meaning::NotMe => {
                effect.opens_thread = true;
                effect.reply = say("reply-not-me", vec![("stop", signs.stop.clone())]);
            }
            // Who asked for silence gets no questions back to what they write: a person reads it.
            Meaning::Ask(Question::Keyword { .. } | Question::Answer { .. }) if stops.contains(&String::new()) => {
                effect.opens_thread = true;
            }
            Meaning::Ask(question) => ask(&mut effect, question, answers.is_some(), &signs, &say),
            Meaning::Inbox | Meaning::Answer { .. } => effect.opens_thread = true,
            Meaning::Ignore(_) => {}
        }
        Ok(effect)
    }

    /// The open thread with this person, or a new one.
    async fn thread_for(&self, unit: &mut Unit, row: &IntakeRow, sender: &Sender) -> Result<ThreadId, AppError> {
        self.thread_of(unit, sender.person, (&row.scheme, &row.path), row.received_at).await
    }

    /// The open thread with a person at a number, or a new one.
    pub(crate) async fn thread_of(
        &self,
        unit: &mut Unit,
        person: PersonId,
        (scheme, path): (&str, &str),
        heard_at: i64,
    ) -> Result<ThreadId, AppError> {
        if let Some(thread) = self.store().open_thread_of(person, scheme, path).await? {
            unit.thread_heard(thread, heard_at);
            return Ok(thread);
        }
        let thread = self.store().mint().id(ThreadId::from_uuid);
        let place = self.store().workplace(person, heard_at).await?;
        unit.open_thread(thread, person, (scheme, path), place, heard_at);
        unit.changed("thread", thread.uuid(), "created", heard_at);
        Ok(thread)
    }

    fn add_inbound(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
        (state, thread): (InboundState, Option<ThreadId>),
        (answers, conversation): (Option<&LastSent>, Option<ConversationId>),
    ) {
        let body = self.store().mint().uuid();
        unit.add_body(body, &row.text, RetentionClass::Message, row.received_at);
        let message = NewMessage {
            id: MessageId::from_uuid(row.id.uuid()),
            direction: Direction::In,
            kind: MessageKind::Inbound,
            state: state.as_str(),
            lane: Lane::Reply,
            person: sender.person,
            scheme: row.scheme.clone(),
            path: row.path.clone(),
            channel: Some(row.channel),
            conversation,
            broadcast: None,
            thread,
            body,
            language: None,
            segments: 1,
            dedupe_key: row.dedupe_key(),
            reply_to: answers.map(|last| last.message),
            answers: answers.and_then(|last| last.broadcast),
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: row.received_at,
        };
        unit.add_message(&message, Guard::Rows(1));
        unit.touch_heard(sender.person, row.received_at);
    }

    /// The language of an automatic reply: that of the word written, else the person's, else the first of the country.
    async fn reply_language(&self, written: Option<Lang>, sender: &Sender) -> Result<Lang, AppError> {
        let facts = self.facts_cached().await?;
        let known = |lang: &Lang| [Lang::ENGLISH, Lang::FRENCH, Lang::PORTUGUESE, Lang::ARABIC].contains(lang);
        Ok(written.or(sender.language).filter(known).unwrap_or_else(|| facts.default_language()))
    }
}

/// What is asked back.
fn ask(
    effect: &mut Effect,
    question: &Question,
    after_broadcast: bool,
    signs: &Signs,
    say: &dyn Fn(&'static str, Vec<(&'static str, String)>) -> Option<AutoReply>,
) {
    match question {
        Question::Stop => effect.reply = say("reply-confirm-stop", vec![("stop", signs.stop.clone())]),
        Question::Start => effect.reply = say("reply-confirm-start", vec![("start", signs.start.clone())]),
        Question::Topic { candidates } => {
            let args = vec![("stop", signs.stop.clone()), ("topics", candidates.join(", "))];
            effect.reply = say("reply-which-topic", args);
        }
        Question::Keyword { candidates } if !candidates.is_empty() => {
            effect.reply = say("reply-which-keyword", vec![("words", candidates.join(", "))]);
            effect.opens_thread = true;
        }
        // A short answer to what we have just asked: a person reads it.
        Question::Keyword { .. } | Question::Answer { .. } => {
            effect.opens_thread = true;
            if !after_broadcast {
                effect.reply = say("reply-unknown-keyword", vec![("words", signs.words.clone())]);
            }
        }
    }
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
