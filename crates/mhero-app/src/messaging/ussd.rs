//! Phones that dial a code. What somebody types is a text of theirs like any other, made durable and handled by the walk of all
//! texts; what the flow says to it waits in the outbox, from where it is taken for the screen. What comes too late for the screen, or
//! once the phone has hung up, goes by SMS: the flow's own session knows nothing of screens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use mhero_core::{ChannelId, ConversationId, Lang, MessageState, SubmissionId, SubmissionState, Urn};
use mhero_store::{ForScreen, Queue, StateTimes, StoreError, SubmissionRow, Unit, UssdDialog};
use mhero_text::sms::{is_gsm7, substitute_costly};
use uuid::Uuid;

use super::{
    Received,
    receive::no_sender,
    screens::pages,
    to_flow::Waiting,
    ussd_turn::{Turn, heard_by, shown, turn_of},
};
use crate::{
    App, AppError,
    flows::{pulled_by_text, sprint_key},
    ports::{Dialled, Said, Screen},
};

/// How long a dialogue is remembered after its last screen: networks end theirs within minutes.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How much longer than the network waits messages are kept for a screen: the time to write it.
const GRACE: SignedDuration = SignedDuration::from_secs(2);
/// How soon it is looked again whether a flow is ready, where nothing says so: another node may have it.
const LOOK: Duration = Duration::from_millis(100);
/// Longest name that a network may give a dialogue, in bytes.
const SESSION_BYTES_MAX: usize = 200;

/// What keeps a second call of a dialogue waiting for the first.
type Waits = tokio::sync::Mutex<()>;

/// Dialogues that are being answered in this process, each by one call at a time.
#[derive(Default)]
pub(crate) struct Dialogs(Mutex<HashMap<(ChannelId, String), Weak<Waits>>>);

impl Dialogs {
    fn of(&self, channel: ChannelId, session: &str) -> Arc<Waits> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (channel, session.to_owned());
        if let Some(lock) = known.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        known.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::default();
        known.insert(key, Arc::downgrade(&lock));
        lock
    }
}

/// One turn of a dialogue.
struct Call<'a> {
    channel: ChannelId,
    dialled: &'a Dialled,
    path: &'a str,
    language: Lang,
    /// When the network stops waiting.
    deadline: Timestamp,
}

impl App {
    /// Answers a phone that dialled a code. Whatever it typed is on disk before this returns.
    ///
    /// # Errors
    /// [`AppError::Invalid`] `receive-no-sender` for a number that is none; whatever the store reports, and then nobody knows of
    /// the call: the network may make it again.
    pub(super) async fn dialled(&self, channel: ChannelId, dialled: &Dialled) -> Result<Screen, AppError> {
        let deadline = self.clock().now() + dialled.rules.answer_within;
        let numbering = self.numbering_cached().await?;
        let path = numbering.inbound(&dialled.from).ok_or_else(|| no_sender(&dialled.from))?;
        if dialled.session.len() > SESSION_BYTES_MAX {
            return Err(AppError::invalid("ussd-session", [("max", SESSION_BYTES_MAX.to_string())]));
        }
        let turn = self.carriers().dialogs().of(channel, &dialled.session);
        let _turn = turn.lock().await;
        let language = self.language_at(&path).await?;
        let call = Call { channel, dialled, path: &path, language, deadline };
        match self.answer_call(&call).await {
            // Another node has answered it.
            Err(AppError::Store(StoreError::Guard { .. })) => {
                let there = self.store().ussd_dialog(channel, &dialled.session).await?;
                Ok(there.map_or_else(|| self.say_late(language), |dialog| shown(&dialog)))
            }
            other => other,
        }
    }

    async fn answer_call(&self, call: &Call<'_>) -> Result<Screen, AppError> {
        let known = self.store().ussd_dialog(call.channel, &call.dialled.session).await?;
        if known.as_ref().is_some_and(|dialog| dialog.path != call.path) {
            // Names of dialogues are the network's: one of another phone's is not heard.
            return Err(AppError::invalid("receive-no-sender", [("length", "0".to_owned())]));
        }
        let now = self.clock().now_micros();
        if call.dialled.said == Said::Gone {
            if let Some(dialog) = known.filter(|dialog| !dialog.is_over) {
                self.write_dialog(call, &UssdDialog { is_over: true, held_until: 0, ..dialog }).await?;
            }
            return Ok(Screen { text: String::new(), goes_on: false });
        }
        match (turn_of(known.as_ref(), call.dialled, now), known) {
            (Turn::Same, Some(dialog)) => Ok(shown(&dialog)),
            (Turn::More, Some(dialog)) => self.next_page(call, dialog).await,
            (Turn::Answer(text), Some(dialog)) => self.hear(call, dialog, vec![text]).await,
            (Turn::Fresh(short_cuts), known) => self.begin_dialog(call, known, short_cuts).await,
            // Only what is known is the same, or has more.
            (_, None) => Ok(self.say_late(call.language)),
        }
    }

    /// Somebody dialled: they go on where they stopped, or the word of the code is heard.
    async fn begin_dialog(
        &self,
        call: &Call<'_>,
        known: Option<UssdDialog>,
        short_cuts: Vec<String>,
    ) -> Result<Screen, AppError> {
        let now = self.clock().now_micros();
        let dialog = match known {
            Some(dialog) => dialog,
            None => {
                let dialog = UssdDialog {
                    session: call.dialled.session.clone(),
                    path: call.path.to_owned(),
                    turn: 0,
                    heard: String::new(),
                    screen: String::new(),
                    is_over: false,
                    rest: "[]".to_owned(),
                    held_until: (call.deadline + GRACE).as_microsecond(),
                    version: 0,
                    at: now,
                };
                let mut unit = Unit::new();
                unit.add_ussd_dialog(call.channel, &dialog);
                unit.forget_ussd_dialogs((self.clock().now() - KEPT).as_microsecond());
                self.store().write(unit, Queue::Interactive).await?;
                dialog
            }
        };
        if short_cuts.is_empty()
            && let Some(question) = self.question_left(call, now).await?
        {
            return self.show(call, dialog, (&question, true), &[], &[]).await;
        }
        let word = call.dialled.rules.word.clone();
        self.hear(call, dialog, std::iter::once(word).chain(short_cuts).collect()).await
    }

    /// The question at which somebody stopped who dialled not long ago.
    async fn question_left(&self, call: &Call<'_>, now: i64) -> Result<Option<String>, AppError> {
        let within = i64::try_from(call.dialled.rules.resume_within.as_micros()).unwrap_or(i64::MAX);
        let waiting = self.waiting_at((Urn::TEL, call.path), None, None).await?;
        let left = waiting.iter().find(|one| {
            let is_fresh = one.conversation.wrote_at.is_some_and(|at| now - at < within);
            is_fresh && is_asking(one) && one.session.channel == Some(call.channel)
        });
        match left {
            Some(left) => self.question_of(left).await,
            None => Ok(None),
        }
    }

    /// What a conversation asked last.
    async fn question_of(&self, waiting: &Waiting) -> Result<Option<String>, AppError> {
        let key = sprint_key(waiting.session.id, waiting.session.sprints);
        let texts = self.store().texts_of_sprint(&key).await?;
        let texts: Vec<String> = texts.into_iter().map(|(text, _)| text).collect();
        Ok(Some(texts.join("\n")).filter(|text| !text.trim().is_empty()))
    }

    /// Hears what was typed, one text after another, and shows what the last one led to.
    async fn hear(&self, call: &Call<'_>, dialog: UssdDialog, texts: Vec<String>) -> Result<Screen, AppError> {
        let mut dialog = dialog;
        let held_until = (call.deadline + GRACE).as_microsecond();
        if dialog.held_until < held_until {
            dialog.held_until = held_until;
            self.write_dialog(call, &dialog).await?;
            dialog.version += 1;
        }
        let mut skipped = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            skipped = self.store().for_screen(call.channel, call.path).await?;
            let named = format!("{}\n{}\n{at}", dialog.session, dialog.turn);
            let carrier_id = format!("ussd/{}", Uuid::new_v5(&call.channel.uuid(), named.as_bytes()));
            let received = Received {
                channel: call.channel,
                carrier_id: Some(carrier_id),
                from: call.path.to_owned(),
                text: text.clone(),
            };
            self.receive(&received).await?;
            if !self.is_settled(call).await? {
                let late = self.say_late(call.language);
                let over = UssdDialog { is_over: true, rest: "[]".to_owned(), ..dialog };
                return self.show(call, over, (&late.text, false), &[], &[]).await;
            }
        }
        let ready = self.store().for_screen(call.channel, call.path).await?;
        let (before, ready): (Vec<_>, Vec<_>) =
            ready.into_iter().partition(|one| texts.len() > 1 && skipped.iter().any(|old| old.message == one.message));
        let waiting = self.waiting_at((Urn::TEL, call.path), None, None).await?;
        let (text, goes_on) = self.what_to_show(call, &ready, &waiting).await?;
        self.show(call, dialog, (&text, goes_on), &ready, &before).await
    }

    /// What stands on the screen, and whether an answer to it is waited for.
    async fn what_to_show(
        &self,
        call: &Call<'_>,
        ready: &[ForScreen],
        waiting: &[Waiting],
    ) -> Result<(String, bool), AppError> {
        let texts: Vec<&str> = ready.iter().filter_map(|one| one.text.as_deref()).collect();
        if !texts.is_empty() {
            let asks = |id: ConversationId| ready.iter().any(|one| one.conversation == Some(id));
            let is_asked_who = self.store().held_text(Urn::TEL, call.path).await?.is_some();
            let goes_on = is_asked_who || waiting.iter().any(|one| is_asking(one) && asks(one.conversation.id));
            return Ok((texts.join("\n"), goes_on));
        }
        // A flow that waits without a word: its question stands.
        for one in waiting.iter().filter(|one| is_asking(one) && one.session.channel == Some(call.channel)) {
            if let Some(question) = self.question_of(one).await? {
                return Ok((question, true));
            }
        }
        Ok((self.words().say(call.language, "ussd-thanks", &[]), false))
    }

    /// Waits until what was typed has been handled and its flow calls nobody outside. False when the network's time is over.
    async fn is_settled(&self, call: &Call<'_>) -> Result<bool, AppError> {
        loop {
            let woken = self.woken();
            if !self.store().has_unread(call.path).await? {
                let waiting = self.waiting_at((Urn::TEL, call.path), None, None).await?;
                if !waiting.iter().any(|one| one.session.status == "effect") {
                    return Ok(true);
                }
            }
            if self.clock().now() >= call.deadline {
                return Ok(false);
            }
            let _ = tokio::time::timeout(LOOK, woken).await;
        }
    }

    /// Writes what is shown: the messages on it have left, those that were dialled past have not, and the dialogue stands there.
    async fn show(
        &self,
        call: &Call<'_>,
        dialog: UssdDialog,
        (text, goes_on): (&str, bool),
        shown_now: &[ForScreen],
        passed_by: &[ForScreen],
    ) -> Result<Screen, AppError> {
        let rules = &call.dialled.rules;
        let more = self.words().say(call.language, "ussd-more", &[("key", rules.more.clone())]);
        // Networks show other letters badly or not at all, and the screen is half as large with them.
        let plain = substitute_costly(text);
        let text = if is_gsm7(&plain) { plain.as_ref() } else { text };
        let mut pages = pages(text, rules.letters, &more);
        let first = pages.remove(0);
        let next = UssdDialog {
            turn: dialog.turn + 1,
            heard: heard_by(call.dialled),
            screen: first,
            is_over: !goes_on,
            rest: serde_json::json!(pages).to_string(),
            held_until: 0,
            at: self.clock().now_micros(),
            ..dialog
        };
        let mut unit = Unit::new();
        unit.set_ussd_dialog(call.channel, &next);
        self.take_for_screen(&mut unit, call.channel, shown_now);
        for one in passed_by {
            let times = StateTimes { sent_at: None, done_at: Some(next.at) };
            let (waits, ended) = (MessageState::Waiting.as_str(), MessageState::Cancelled.as_str());
            unit.move_message(one.message, waits, ended, times, Some("ussd-passed-by")).leave_outbox(one.message);
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(shown(&next))
    }

    /// Notes that messages leave for a screen.
    fn take_for_screen(&self, unit: &mut Unit, channel: ChannelId, messages: &[ForScreen]) {
        let now = self.clock().now_micros();
        for one in messages {
            let id = self.store().mint().id(SubmissionId::from_uuid);
            let (attempt, state) = (one.attempt + 1, SubmissionState::Submitting);
            let row = SubmissionRow { id, message: one.message, attempt, part: 1, parts: 1, state };
            unit.begin_submit(channel, one.message, one.attempt).add_submission(&row, channel, now);
            unit.took(id, one.message, one.person, None, now);
        }
    }

    async fn next_page(&self, call: &Call<'_>, dialog: UssdDialog) -> Result<Screen, AppError> {
        let mut rest: Vec<String> = serde_json::from_str(&dialog.rest).unwrap_or_default();
        let screen = if rest.is_empty() { dialog.screen.clone() } else { rest.remove(0) };
        let next = UssdDialog {
            turn: dialog.turn + 1,
            heard: heard_by(call.dialled),
            screen,
            rest: serde_json::json!(rest).to_string(),
            at: self.clock().now_micros(),
            ..dialog
        };
        self.write_dialog(call, &next).await?;
        Ok(shown(&next))
    }

    async fn write_dialog(&self, call: &Call<'_>, dialog: &UssdDialog) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.set_ussd_dialog(call.channel, dialog);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// What somebody reads whose flow is not ready in time.
    fn say_late(&self, language: Lang) -> Screen {
        Screen { text: self.words().say(language, "ussd-late", &[]), goes_on: false }
    }

    async fn language_at(&self, path: &str) -> Result<Lang, AppError> {
        let facts = self.facts_cached().await?;
        let holders = self.store().holders(Urn::TEL, path).await?;
        let first = holders.iter().find(|holder| holder.is_primary).or_else(|| holders.first());
        Ok(first.and_then(|holder| holder.language).unwrap_or_else(|| facts.default_language()))
    }

    /// Whether a text that comes by a channel and begins with a word starts a flow.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn starts_a_flow(&self, channel: ChannelId, word: &str) -> Result<bool, AppError> {
        let around = self.around_flows().await?;
        Ok(pulled_by_text(&around.triggers, word, channel, &[], false).is_some())
    }
}

fn is_asking(waiting: &Waiting) -> bool {
    waiting.session.status == "waiting"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_one_dialogue_wait_for_each_other() {
        let (dialogs, channel) = (Dialogs::default(), ChannelId::from_uuid(Uuid::nil()));
        let held = dialogs.of(channel, "s");
        assert!(Arc::ptr_eq(&held, &dialogs.of(channel, "s")));
        assert!(!Arc::ptr_eq(&held, &dialogs.of(channel, "t")));
        drop(held);
        let _other = dialogs.of(channel, "u");
        assert_eq!(dialogs.0.lock().unwrap().len(), 1, "what nobody holds is forgotten");
    }
}
