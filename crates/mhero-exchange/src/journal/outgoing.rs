//! Calls that must reach another system: kept in the store, made under one key until they were answered, and set aside when nobody
//! believes in them any more.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_app::{AppError, Caller, rows::ExchangeDetails};
use mhero_core::{Direction, ExchangeId, Right};
use mhero_store::{NoticeSeen, OutState, OutgoingCall, Queue, StoreError, Unit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Entry, Envelope, Journal, KeepBodies, clean_url};
use crate::notices::WEB_HOOK;

/// What the seal of a call is bound to.
const SEALED: &str = "exchange_out.call";
/// Attempts at one call.
const ATTEMPTS_MAX: i64 = 12;
/// The wait before the second attempt, in seconds; each next is twice as long.
const WAIT_SECONDS: i64 = 5;
/// The longest wait, in seconds.
const WAIT_SECONDS_MAX: i64 = 3_600;
/// How long an attempt may take before somebody else makes the next, in seconds.
const ATTEMPT_SECONDS: i64 = 120;
/// Calls of one pass.
const CALLS_MAX: i64 = 50;
/// Dead letters that are tried again together at most.
const LETTERS_MAX: usize = 1_000;

/// A call that must reach another system.
#[derive(Clone)]
pub struct Post {
    /// The same for each time that the same thing is to be said: it is said once.
    pub once: String,
    /// What it is for, a word: `transaction`, `alert` ...
    pub purpose: &'static str,
    /// The other system, by the name it has here.
    pub peer: String,
    /// What shares a correlation belongs together.
    pub correlation: Uuid,
    /// The call.
    pub call: Sendable,
}

/// One call, for a [`Line`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sendable {
    /// `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Headers; secrets may stand in them.
    pub headers: Vec<(String, String)>,
    /// The body, a text.
    pub body: String,
}

impl std::fmt::Debug for Sendable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sendable").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What was answered.
#[derive(Clone, PartialEq, Eq)]
pub struct LineAnswer {
    /// The status.
    pub status: u16,
    /// The body, as far as it is a text.
    pub body: String,
}

impl std::fmt::Debug for LineAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why no answer came: a word or a sentence without numbers and secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFailure {
    /// Nothing left this machine.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have been heard.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// Makes calls to other systems. Must not repeat by itself.
#[async_trait]
pub trait Line: Send + Sync {
    /// Makes one call to a system, by the name it has here, whose settings of encryption count.
    async fn call(&self, peer: &str, call: &Sendable) -> Result<LineAnswer, LineFailure>;
}

/// Which letters to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterFilter {
    /// Those that wait, or those that are dead.
    pub dead: bool,
    /// Only before this one: creation and id of the last row of the page before.
    pub before: Option<(Timestamp, ExchangeId)>,
}

impl Journal {
    /// Adds a call to a unit, so that it is made exactly when what it tells of is so.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it can't be sealed.
    pub fn post_into(&self, unit: &mut Unit, post: &Post) -> Result<ExchangeId, AppError> {
        let app = self.app();
        let id = app.store().mint().id(ExchangeId::from_uuid);
        let plain = serde_json::to_vec(&post.call).unwrap_or_default();
        let now = app.clock().now();
        unit.call_out(&OutgoingCall {
            id,
            once: post.once.clone(),
            purpose: post.purpose.to_owned(),
            peer: post.peer.clone(),
            what: format!("{} {}", post.call.method, clean_url(&post.call.url)),
            sealed: app.seal(SEALED, id.uuid(), &plain)?,
            correlation: post.correlation,
            state: OutState::Waiting.as_str().to_owned(),
            attempts: 0,
            next_at: now,
            status: None,
            reason: None,
            created_at: now,
        });
        Ok(id)
    }

    /// Has a call made until it is answered; one whose key is known already is made no second time.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn post(&self, post: &Post) -> Result<(), AppError> {
        let mut unit = Unit::new();
        self.post_into(&mut unit, post)?;
        self.app().store().write(unit, Queue::Interactive).await?;
        self.due().notify_waiters();
        Ok(())
    }

    /// Makes the calls whose time has come; returns how many there were. A runner calls it.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn deliver_due(&self) -> Result<usize, AppError> {
        let app = self.app();
        if self.line().is_none() {
            return Ok(0);
        }
        let due = app.store().due_calls_out(app.clock().now_micros(), CALLS_MAX).await?;
        let count = due.len();
        for call in due {
            self.attempt(&call).await?;
        }
        Ok(count)
    }

    /// Calls that wait or are dead, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn letters(
        &self,
        caller: &Caller,
        filter: LetterFilter,
        limit: i64,
    ) -> Result<Vec<OutgoingCall>, AppError> {
        caller.must(Right::Audit)?;
        let state = if filter.dead { OutState::Dead } else { OutState::Waiting };
        let mut found = self.app().store().calls_out(state, filter.before, limit).await?;
        let (at, id) = filter.before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.as_microsecond(), id.uuid()));
        let notices = self.app().store().notices_in_state(notice_state(filter.dead), (at, id), limit).await?;
        found.extend(notices.into_iter().map(letter_of_notice));
        found.sort_by_key(|letter| std::cmp::Reverse((letter.created_at, letter.id.uuid())));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// How many calls wait, and how many are dead.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn letter_counts(&self, caller: &Caller) -> Result<(i64, i64), AppError> {
        caller.must(Right::Audit)?;
        let store = self.app().store();
        let (waiting, dead) =
            (store.count_calls_out(OutState::Waiting).await?, store.count_calls_out(OutState::Dead).await?);
        let notices = |is_dead| store.count_notices_in_state(notice_state(is_dead));
        Ok((waiting + notices(false).await?, dead + notices(true).await?))
    }

    /// Tries dead letters again, under their old keys; without ids all of them. Returns how many.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn revive(&self, caller: &Caller, ids: &[ExchangeId]) -> Result<usize, AppError> {
        caller.must(Right::Settings)?;
        let app = self.app();
        let dead = match ids {
            [] => app.store().calls_out(OutState::Dead, None, i64::try_from(LETTERS_MAX).unwrap_or(i64::MAX)).await?,
            ids => {
                let mut found = Vec::new();
                for id in ids.iter().take(LETTERS_MAX) {
                    found.extend(app.store().call_out(*id).await?.filter(|call| call.state == "dead"));
                }
                found
            }
        };
        let mut revived = 0;
        for call in &dead {
            let mut unit = Unit::new();
            unit.revive_call_out(call.id, app.clock().now_micros());
            let entry = caller.entry("exchange-revived", "exchange", Some(call.id.uuid()), json!({}));
            unit.audit(app.store(), &entry);
            match app.store().write(unit, Queue::Interactive).await {
                Ok(_) => revived += 1,
                // Somebody else was faster.
                Err(StoreError::Guard { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        revived += self.revive_notices(caller, ids).await?;
        self.due().notify_waiters();
        app.wake();
        Ok(revived)
    }

    /// The same for notices to subscribers and web hooks.
    async fn revive_notices(&self, caller: &Caller, ids: &[ExchangeId]) -> Result<usize, AppError> {
        let store = self.app().store();
        let dead: Vec<Uuid> = match ids {
            [] => {
                let limit = i64::try_from(LETTERS_MAX).unwrap_or(i64::MAX);
                let found = store.notices_in_state(notice_state(true), (i64::MAX, Uuid::max()), limit).await?;
                found.into_iter().map(|notice| notice.id).collect()
            }
            ids => ids.iter().take(LETTERS_MAX).map(|id| id.uuid()).collect(),
        };
        let mut revived = 0;
        for id in dead {
            let mut unit = Unit::new();
            unit.revive_notice(id, self.app().clock().now_micros());
            unit.audit(store, &caller.entry("exchange-revived", "exchange", Some(id), json!({})));
            match store.write(unit, Queue::Interactive).await {
                Ok(_) => revived += 1,
                // It is a call of the other kind, or somebody else was faster.
                Err(StoreError::Guard { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(revived)
    }

    /// Makes one attempt and notes what came of it.
    async fn attempt(&self, call: &OutgoingCall) -> Result<(), AppError> {
        let app = self.app();
        let mut unit = Unit::new();
        unit.begin_call_out(call, (app.clock().now() + SignedDuration::from_secs(ATTEMPT_SECONDS)).as_microsecond());
        match app.store().write(unit, Queue::Interactive).await {
            // Another node makes it.
            Err(StoreError::Guard { .. }) => return Ok(()),
            other => other.map(drop)?,
        }
        let Some(line) = self.line() else { return Ok(()) };
        let plain = app.unseal(SEALED, call.id.uuid(), &call.sealed)?;
        let Ok(mut sendable) = serde_json::from_slice::<Sendable>(&plain) else {
            let mut unit = Unit::new();
            unit.call_out_dead(call.id, (None, "exchange-unreadable"), app.clock().now_micros());
            app.store().write(unit, Queue::Interactive).await?;
            return Ok(());
        };
        sendable.headers.push(("idempotency-key".to_owned(), call.once.clone()));
        let began = app.clock().now();
        let got = line.call(&call.peer, &sendable).await;
        self.note_attempt(call, &sendable, began, &got);
        let now = app.clock().now();
        let mut unit = Unit::new();
        match judged(&got) {
            Judged::Done(status) => unit.call_out_done(call.id, Some(status), now.as_microsecond()),
            Judged::Refused(status, why) => unit.call_out_dead(call.id, (status, &why), now.as_microsecond()),
            Judged::Later(status, why) if call.attempts + 1 >= ATTEMPTS_MAX => {
                unit.call_out_dead(call.id, (status, &why), now.as_microsecond())
            }
            Judged::Later(status, why) => {
                unit.call_out_again(call.id, (now + wait(call.attempts, call.id)).as_microsecond(), (status, &why))
            }
        };
        app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    fn note_attempt(
        &self,
        call: &OutgoingCall,
        sendable: &Sendable,
        began: Timestamp,
        got: &Result<LineAnswer, LineFailure>,
    ) {
        let (outcome, status, reason) = match got {
            Ok(answer) if answer.status < 400 => ("ok", Some(i64::from(answer.status)), None),
            Ok(answer) if answer.status < 500 => ("refused", Some(i64::from(answer.status)), None),
            Ok(answer) => ("failed", Some(i64::from(answer.status)), None),
            Err(LineFailure::NotSent(why)) => ("failed", None, Some(why.clone())),
            Err(LineFailure::Unknown(why)) => ("unknown", None, Some(why.clone())),
        };
        let keeps = self.bodies() != KeepBodies::Off;
        let response = got.as_ref().ok().map(|answer| answer.body.clone().into_bytes());
        let octets = |body: &[u8]| i64::try_from(body.len()).unwrap_or(i64::MAX);
        let head = Envelope {
            method: sendable.method.clone(),
            path: clean_url(&sendable.url),
            form: String::new(),
            headers: Vec::new(),
            is_whole: true,
        };
        let took = self.app().clock().now().duration_since(began);
        self.note(Entry {
            correlation: call.correlation,
            direction: Direction::Out,
            peer: call.peer.clone(),
            protocol: call.purpose.clone(),
            what: call.what.clone(),
            outcome,
            status,
            started_at: began,
            took_micros: i64::try_from(took.as_micros()).unwrap_or(i64::MAX).max(0),
            details: ExchangeDetails {
                sent: Some(octets(sendable.body.as_bytes())),
                received: response.as_deref().map(octets),
                once: Some(call.once.clone()),
                reason,
                ..ExchangeDetails::default()
            },
            request: keeps.then(|| head.around(sendable.body.as_bytes())),
            response: response.filter(|body| keeps && !body.is_empty()),
            folds: false,
        });
    }
}

/// The word for what waits, or was given up, among notices.
const fn notice_state(is_dead: bool) -> &'static str {
    if is_dead { "dead" } else { "ready" }
}

/// A notice as one of the calls that must arrive.
fn letter_of_notice(seen: NoticeSeen) -> OutgoingCall {
    let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let host = seen.url.split_once("://").map_or(seen.url.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    OutgoingCall {
        id: ExchangeId::from_uuid(seen.id),
        peer: if seen.purpose == WEB_HOOK { seen.subject } else { host.to_owned() },
        what: format!("{} {}", seen.method, clean_url(&seen.url)),
        once: seen.once_key,
        purpose: seen.purpose,
        sealed: Vec::new(),
        correlation: seen.target,
        state: notice_state(seen.state == "dead").to_owned(),
        attempts: seen.attempt,
        next_at: instant(seen.ready_at),
        status: seen.status,
        reason: seen.failure,
        created_at: instant(seen.created_at),
    }
}

enum Judged {
    Done(i64),
    Refused(Option<i64>, String),
    Later(Option<i64>, String),
}

/// What an answer means for the call: a refusal is final, unless the other side asks for patience.
fn judged(got: &Result<LineAnswer, LineFailure>) -> Judged {
    match got {
        Ok(answer) => {
            let status = i64::from(answer.status);
            match answer.status {
                200..=399 => Judged::Done(status),
                408 | 409 | 425 | 429 | 500.. => Judged::Later(Some(status), format!("http-{status}")),
                _ => Judged::Refused(Some(status), format!("http-{status}")),
            }
        }
        Err(failure) => Judged::Later(None, failure.to_string()),
    }
}

/// How long to wait after so many attempts, spread by the id so that calls that failed together don't return together.
fn wait(attempts: i64, id: ExchangeId) -> SignedDuration {
    let seconds = (WAIT_SECONDS << attempts.clamp(0, 20)).min(WAIT_SECONDS_MAX);
    let spread = i64::from(id.uuid().as_bytes()[15]) * seconds * 1_000 / 4 / 255;
    SignedDuration::from_millis(seconds * 1_000 + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_and_are_spread() {
        let id = ExchangeId::from_uuid(Uuid::nil());
        let waits: Vec<i64> = (0..13).map(|attempts| wait(attempts, id).as_secs()).collect();
        assert_eq!(&waits[..4], [5, 10, 20, 40]);
        assert_eq!(waits[12], WAIT_SECONDS_MAX);
        let other = ExchangeId::from_uuid(Uuid::max());
        assert!(wait(3, other) > wait(3, id) && wait(3, other) <= wait(3, id) * 5 / 4);
    }

    #[test]
    fn a_refusal_is_final_and_what_passes_is_tried_again() {
        let answer = |status| Ok(LineAnswer { status, body: String::new() });
        assert!(matches!(judged(&answer(201)), Judged::Done(201)));
        assert!(matches!(judged(&answer(410)), Judged::Refused(Some(410), _)));
        for status in [408, 429, 500, 503] {
            assert!(matches!(judged(&answer(status)), Judged::Later(Some(_), _)), "{status}");
        }
        assert!(matches!(judged(&Err(LineFailure::Unknown("cut".into()))), Judged::Later(None, _)));
    }
}
