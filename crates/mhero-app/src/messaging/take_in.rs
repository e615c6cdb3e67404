//! The walk of an inbound text: phone to person, doubles, STOP words, keywords, thread. One at a time per phone, in order;
//! what a text causes is one unit with its leaving the intake, so that it happens once.

use std::{collections::HashSet, panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt, StreamExt, stream};
use jiff::SignedDuration;
use mhero_core::{
    ConversationId, Direction, InboundState, Lane, Lang, MessageId, MessageKind, PersonId, RetentionClass, ThreadId,
};
use mhero_store::{Guard, IntakeRow, LastSent, NewMessage, Queue, StoreError, Unit};
use mhero_text::reply::{Meaning, Outcome, Question, Situation, understand};

use super::{auto_reply::AutoReply, deliver::back_off, pass::Text, sender::Sender, to_flow::is_for_the_system};
use crate::{App, AppError, numbers::said_not_me, vocabulary::Signs};

/// Texts whose units may wait for one commit together; each is of another phone.
const TOGETHER: usize = 512;
/// Texts of which is read together what is known of their numbers.
const READ_TOGETHER: usize = 256;
/// How many such reads may be under way.
const READ_AHEAD: usize = 2;
/// Texts of a pass that are written as soon as may be.
const FEW: usize = 16;
/// Texts that one pass takes.
const PASS_MAX: i64 = 1_024;
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
        // Many texts must not stand before those that carriers wait to be told of: they go where others may overtake.
        let queue = if rows.len() > FEW { Queue::Bulk } else { Queue::Interactive };
        let (mut taken, mut apart) = (HashSet::new(), Vec::new());
        // What the next ones need is read while these are decided one after another, and written in as few commits as may be.
        stream::iter((0..rows.len()).step_by(READ_TOGETHER))
            .map(|first| {
                let chunk = &rows[first..rows.len().min(first + READ_TOGETHER)];
                async move { (first, chunk.len(), Arc::new(self.pass_over(chunk).await)) }
            })
            .buffered(READ_AHEAD)
            .flat_map(|(first, count, pass)| {
                let shares = |at: &usize| pass.shares_somebody(&rows[*at], &mut taken);
                let (alone, together): (Vec<usize>, Vec<usize>) = (first..first + count).partition(shares);
                apart.extend(alone);
                stream::iter(together.into_iter().map(move |at| (at, Arc::clone(&pass))))
            })
            .for_each_concurrent(TOGETHER, |(at, pass)| {
                let row = &rows[at];
                async move { self.take_in_safely(Text { row, known: pass.of(row) }, queue).await }
            })
            .await;
        for at in apart {
            self.take_in_safely(Text { row: &rows[at], known: None }, queue).await;
        }
        if !rows.is_empty() {
            self.wake();
        }
        Ok(rows.len())
    }

    /// Handles a text; where that fails it stays in the intake, and the texts behind it from the same phone wait for it.
    async fn take_in_safely(&self, text: Text<'_>, queue: Queue) {
        let row = text.row;
        let mut known = text.known;
        // What was read for the whole pass serves once: who must decide again reads again.
        let decided = self.store().decide(|| self.take_in_one(Text { row, known: known.take() }, queue));
        let failure = match AssertUnwindSafe(decided).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "a defect of this program".to_owned(),
        };
        tracing::error!(intake = %row.id, attempt = row.attempt, error = failure, "a text could not be handled");
        let ready_at = (self.clock().now() + back_off(row.attempt)).as_microsecond();
        if let Err(error) = self.store().intake_later(row.id, ready_at).await {
            tracing::error!(intake = %row.id, %error, "a text could not be put back");
        }
    }

    async fn take_in_one(&self, text: Text<'_>, queue: Queue) -> Result<(), AppError> {
        let row = text.row;
        let number = (row.scheme.as_str(), row.path.as_str());
        let last = self.last_sent_of(text).await?;
        let waiting = self.waiting_at(number, last.as_ref(), text.known).await?;
        let vocabulary = self.vocabulary().await?;
        let situation = Situation {
            words: &vocabulary,
            last_sent: last.as_ref().and_then(|last| last.text.as_deref()),
            question: None,
            stopped: self.stops_of(text).await?.contains(&String::new()),
        };
        let is_readable = row.attempt < READ_MAX;
        let outcome = if is_readable {
            said_not_me(&row.text).unwrap_or_else(|| understand(&row.text, &situation))
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
        let holders = self.holders_of(number, text.known).await?;
        let sender = self.sender_among(&holders, number, (asked, last.as_ref()), row.received_at);
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
        } else if !(is_readable && self.handle_word(&mut unit, (row, last.as_ref()), &sender, &outcome).await?) {
            let flow = if is_readable {
                let mut attempt = Unit::new();
                let to = (&sender, waiting);
                let flow = self.give_to_flow(&mut attempt, text, to, &outcome, situation.stopped).await?;
                // The message before what it led to: replies refer to it.
                flow.map(|taken| (taken, attempt))
            } else {
                None
            };
            if let Some((taken, led_to)) = flow {
                let (handled, conversation) = ((InboundState::Handled, taken.thread), Some(taken.conversation));
                self.add_inbound(&mut unit, row, &sender, handled, (None, conversation));
                unit.append(led_to);
            } else {
                self.handle_without_flow(&mut unit, text, &sender, (&outcome, answers)).await?;
            }
        }
        match self.store().write(unit, queue).await {
            // Another node has handled it.
            Err(StoreError::Guard { step: 0 }) => Ok(()),
            Err(StoreError::Guard { .. }) if self.store().message_by_key(&row.dedupe_key()).await?.is_some() => {
                self.drop_known(row).await
            }
            other => Ok(other.map(|_| ())?),
        }
    }

    /// A text that objects to a change or confirms somebody who joins is for no flow. False for every other text.
    pub(super) async fn handle_way_back(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
    ) -> Result<bool, AppError> {
        let number = (row.scheme.as_str(), row.path.as_str());
        let (said, from) = ((row.text.as_str(), row.received_at), (sender.person, number));
        let mut led_to = Unit::new();
        let message = MessageId::from_uuid(row.id.uuid());
        let Some(answer) = self.way_back_answer(&mut led_to, said, from, message).await? else { return Ok(false) };
        self.add_inbound(unit, row, sender, (InboundState::Handled, answer.thread), (None, None));
        unit.append(led_to);
        let language = self.reply_language(None, sender).await?;
        let reply = AutoReply { key: answer.key, args: answer.args, language, lane: Lane::Reply };
        self.add_auto_reply(unit, row, sender.person, sender.salutation.as_deref(), &reply).await?;
        Ok(true)
    }

    /// What a text causes that no flow wants: an automatic reply, a thread in the inbox.
    async fn handle_without_flow(
        &self,
        unit: &mut Unit,
        text: Text<'_>,
        sender: &Sender,
        (outcome, answers): (&Outcome, Option<&LastSent>),
    ) -> Result<(), AppError> {
        let row = text.row;
        let effect = self.act(unit, text, sender, (outcome, answers)).await?;
        let thread = if effect.opens_thread { Some(self.thread_for(unit, row, sender).await?) } else { None };
        if thread.is_some() {
            let message = MessageId::from_uuid(row.id.uuid());
            self.keep_late_answer(unit, message, (sender.person, &row.path), row.received_at).await?;
        }
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
        text: Text<'_>,
        sender: &Sender,
        (outcome, answers): (&Outcome, Option<&LastSent>),
    ) -> Result<Effect, AppError> {
        let row = text.row;
        let number = (row.scheme.as_str(), row.path.as_str());
        // STOP is one word in many languages: the person's own counts more than the word's.
        let written =
            outcome.lang.filter(|_| !matches!(outcome.meaning, Meaning::Stop { .. }) || sender.language.is_none());
        let language = self.reply_language(written, sender).await?;
        let say = |key, args| Some(AutoReply { key, args, language, lane: Lane::Reply });
        let signs = self.signs(language).await?;
        let stops = self.stops_of(text).await?;
        let mut effect = Effect { reply: None, opens_thread: outcome.forward };
        match &outcome.meaning {
            Meaning::Stop { scope } => {
                let list = scope.clone().unwrap_or_default();
                self.stop_here(unit, row, &list).await?;
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
                self.deny(unit, row, sender.person).await?;
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

    /// Somebody asks to be sent nothing more: one list, or everything (the empty list). It counts from when it came, so that what
    /// they wrote after it opens the way again.
    async fn stop_here(&self, unit: &mut Unit, row: &IntakeRow, list: &str) -> Result<(), AppError> {
        let number = (row.scheme.as_str(), row.path.as_str());
        unit.stop(number, list, Some(MessageId::from_uuid(row.id.uuid())), row.received_at);
        let now = self.clock().now_micros();
        if list.is_empty() {
            unit.cancel_waiting(number.0, number.1, now);
            self.interrupt_all(unit, number).await?;
        } else {
            unit.cancel_waiting_of(number, list, now);
        }
        Ok(())
    }

    /// Somebody says that they are not whom we write to: every conversation at the number ends, and it leaves the record.
    async fn deny(&self, unit: &mut Unit, row: &IntakeRow, person: PersonId) -> Result<(), AppError> {
        let number = (row.scheme.as_str(), row.path.as_str());
        self.interrupt_all(unit, number).await?;
        self.mark_wrong_person(unit, number, person, MessageId::from_uuid(row.id.uuid())).await
    }

    /// The open thread with this person, or a new one.
    pub(super) async fn thread_for(
        &self,
        unit: &mut Unit,
        row: &IntakeRow,
        sender: &Sender,
    ) -> Result<ThreadId, AppError> {
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
            unit.thread_heard_at(thread, (scheme, path), heard_at);
            return Ok(thread);
        }
        let thread = self.store().mint().id(ThreadId::from_uuid);
        let place = self.store().workplace(person, heard_at).await?;
        unit.open_thread(thread, person, (scheme, path), place, heard_at);
        unit.changed("thread", thread.uuid(), "created", heard_at);
        Ok(thread)
    }

    pub(super) fn add_inbound(
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
    pub(super) async fn reply_language(&self, written: Option<Lang>, sender: &Sender) -> Result<Lang, AppError> {
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
