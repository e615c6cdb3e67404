//! How notices leave.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt, stream};
use jiff::SignedDuration;
use mhero_app::{AppError, ports::EffectOutcome};
use mhero_flow::effects::{HttpCall, Request};
use mhero_store::{NoticeRow, NoticeTarget, Queue, Unit};

use super::{BODY, Notices, SIGNATURE_HEADER, signatures};

/// Targets that are told at a time, which are those of one pass: one that answers slowly keeps no other waiting for its turn.
const AT_ONCE: usize = 24;
/// The same for the store.
const DUE_MAX: i64 = 24;
/// Notices that one target is told in a row.
const ROW_MAX: usize = 200;
/// How long a row goes on. With one call more it is shorter than the duty.
const ROW_LIMIT: Duration = Duration::from_secs(5);
/// How long the duty of telling is held, in microseconds.
const DUTY_MICROS: i64 = 120_000_000;
/// The pauses after the attempts that failed, in seconds; after the last of them it is given up. Ten hours in all.
const PAUSES: [i64; 9] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 10_800, 10_800];
/// After so many attempts a receiver that refuses what it is told, and would refuse it again, is not asked again.
const REFUSED_MAX: i64 = 3;
/// After so many notices in a row that were refused a target has failed.
const REFUSED_IN_A_ROW: i64 = 5;
/// How long it is kept what was told when, without its body.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How an attempt went.
enum Went {
    /// It arrived.
    Well(Option<i64>),
    /// It will not be heard however often it is told.
    Never(Option<i64>, String),
    /// Perhaps later.
    Badly(Option<i64>, String),
    /// Nobody is there any more, or the address is not allowed.
    Gone(Option<i64>, String),
}

impl Notices {
    /// Tells every target what its turn has come for. Returns how much was done.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn pass(&self) -> Result<usize, AppError> {
        let store = self.app.store();
        if store.due_notices(self.app.clock().now_micros(), 1).await?.is_empty() {
            return Ok(0);
        }
        if store.take_lease("notices", self.app.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        let due = store.due_notices(self.app.clock().now_micros(), DUE_MAX).await?;
        let count = due.len();
        let told: Vec<Result<(), AppError>> =
            stream::iter(due).map(|notice| self.tell_in_a_row(notice)).buffer_unordered(AT_ONCE).collect().await;
        told.into_iter().collect::<Result<(), AppError>>()?;
        Ok(count)
    }

    /// Tells a target one thing after the other, until something does not arrive.
    async fn tell_in_a_row(&self, first: NoticeRow) -> Result<(), AppError> {
        let since = Instant::now();
        let (target, mut next) = (first.target, Some(first));
        for _ in 0..ROW_MAX {
            let Some(notice) = next else { return Ok(()) };
            if !self.tell_one(notice).await? || since.elapsed() > ROW_LIMIT {
                return Ok(());
            }
            next = self.app.store().next_notice(target, self.app.clock().now_micros()).await?;
        }
        Ok(())
    }

    /// Forgets what was told long ago.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn sweep(&self) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.sweep_notices((self.app.clock().now() - KEPT).as_microsecond());
        self.app.store().write(unit, Queue::Bulk).await?;
        Ok(())
    }

    /// Tells one thing. True when it has arrived.
    async fn tell_one(&self, notice: NoticeRow) -> Result<bool, AppError> {
        let target = self.app.store().notice_target(notice.target).await?;
        let Some(target) = target.filter(|target| target.state == "on") else { return Ok(false) };
        let went = match self.call(&target, &notice) {
            Ok(request) => self.went(&notice, &request).await,
            // It was sealed by another key: no attempt will open it.
            Err(AppError::Invalid(reason)) => Went::Never(None, reason.key.to_owned()),
            Err(error) => return Err(error),
        };
        let is_well = matches!(went, Went::Well(_));
        match self.settle(&target, &notice, went).await {
            // The target was changed or dropped meanwhile: what counts for it now stands there.
            Err(AppError::Store(error)) if error.is_decide_again() => Ok(false),
            other => other.map(|()| is_well),
        }
    }

    /// The call that a notice is.
    fn call(&self, target: &NoticeTarget, notice: &NoticeRow) -> Result<Request, AppError> {
        let body = self.app.unseal(BODY, notice.id, &notice.body)?;
        let body = String::from_utf8(body).unwrap_or_default();
        let secret = self.opened(target)?;
        let mut headers: Vec<(Arc<str>, Arc<str>)> =
            secret.headers.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect();
        if !notice.content_type.is_empty() {
            headers.push(("Content-Type".into(), notice.content_type.as_str().into()));
        }
        if let Some(key) = &secret.key {
            let now = self.app.clock().now();
            let before = secret.before.as_ref().filter(|(_, until)| now.as_microsecond() < *until);
            let keys = [Some(key.as_str()), before.map(|(key, _)| key.as_str())];
            let signed = signatures(keys.into_iter().flatten(), now.as_second(), &body);
            headers.push((SIGNATURE_HEADER.into(), signed.into()));
        }
        let url = match notice.path.as_str() {
            "" => target.url.clone(),
            path => format!("{}/{path}", target.url),
        };
        let call = HttpCall { method: notice.method.as_str().into(), url: url.into(), headers, body: body.into() };
        Ok(Request::Http { calls: vec![call], resthook: None })
    }

    async fn went(&self, notice: &NoticeRow, request: &Request) -> Went {
        let Some(effector) = self.app.effector() else {
            return Went::Gone(None, "outside calls are not set up".to_owned());
        };
        match self.app.on_journey(effector.tell(&notice.id.to_string(), request)).await {
            EffectOutcome::Done { status: Some(status @ 200..=299), .. } => Went::Well(Some(status)),
            EffectOutcome::Done { status: Some(410), .. } => Went::Gone(Some(410), "the receiver is gone".to_owned()),
            EffectOutcome::Done { status, .. } => {
                let said = format!("the receiver answered {}", status.unwrap_or_default());
                let is_final =
                    matches!(status, Some(400..=499)) && !matches!(status, Some(401 | 403 | 408 | 425 | 429));
                if is_final && notice.attempt + 1 >= REFUSED_MAX {
                    Went::Never(status, said)
                } else {
                    Went::Badly(status, said)
                }
            }
            EffectOutcome::Refused { reason } => Went::Gone(None, reason),
            EffectOutcome::NotSent { reason } | EffectOutcome::Unknown { reason } => Went::Badly(None, reason),
        }
    }

    async fn settle(&self, target: &NoticeTarget, notice: &NoticeRow, went: Went) -> Result<(), AppError> {
        let now = self.app.clock().now();
        let micros = now.as_microsecond();
        let mut unit = Unit::new();
        let mut row = target.clone();
        match went {
            Went::Well(status) => {
                unit.notice_done(notice.id, status, micros);
                (row.failures, row.failure) = (0, None);
            }
            Went::Never(status, why) => {
                unit.notice_dead(notice.id, status, &why, micros);
                row.failures += 1;
                if row.failures >= REFUSED_IN_A_ROW {
                    "failed".clone_into(&mut row.state);
                }
                row.failure = Some(why);
            }
            Went::Badly(status, why) => {
                let pause = usize::try_from(notice.attempt).ok().and_then(|attempt| PAUSES.get(attempt));
                // What fails in the end still waits: once somebody has mended the receiver it goes on from here.
                let later = now + SignedDuration::from_secs(pause.copied().unwrap_or_default());
                unit.notice_again(notice.id, later.as_microsecond(), status, &why);
                if pause.is_none() {
                    "failed".clone_into(&mut row.state);
                }
                row.failure = Some(why);
            }
            Went::Gone(status, why) => {
                unit.notice_again(notice.id, micros, status, &why);
                "failed".clone_into(&mut row.state);
                row.failure = Some(why);
            }
        }
        if row != *target {
            unit.set_notice_target(&row, micros);
        }
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
