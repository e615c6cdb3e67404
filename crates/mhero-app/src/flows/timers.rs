//! Timers of flows: time-outs, expiries, sessions that begin later.

use mhero_core::SessionId;
use mhero_store::{Queue, Timer, Unit};

use super::{begin::Beginning, go_on::Push, kinds};
use crate::{App, AppError};

/// How soon a time-out is looked at again at the soonest while its question has not left, in microseconds.
const LOOK_AGAIN: i64 = 30_000_000;
/// How much later it is at the latest because the line has been down for long, in microseconds.
const LOOK_AGAIN_MAX: i64 = 600_000_000;
/// What share of the time that it is overdue passes until then: a line that is down for hours costs little.
const OVERDUE_SHARE: i64 = 8;

impl App {
    /// A wait's time is over, its own or the flow's.
    pub(crate) async fn wait_over(&self, timer: &Timer) -> Result<(), AppError> {
        let Some(id) = timer.key.parse::<SessionId>().ok() else { return self.only_fired(timer).await };
        let Some((row, conversation)) = self.live_session(id).await? else { return self.only_fired(timer).await };
        if row.status != "waiting" {
            return self.only_fired(timer).await;
        }
        let is_timeout = timer.kind == kinds::TIMEOUT_TIMER;
        let due_at = if is_timeout { row.timeout_at } else { row.expires_at };
        if let Some(later) = self.not_before_asked(&row, due_at.unwrap_or(timer.due_at)).await? {
            let mut unit = Unit::new();
            unit.fired(timer).set_timer(self.store(), &timer.kind, &timer.key, later, "{}");
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(());
        }
        let push = if is_timeout { Push::Timeout } else { Push::Expiry };
        let mut unit = Unit::new();
        unit.fired(timer);
        match self.play_on(row.clone(), conversation.clone(), &push).await {
            Ok(Some(played)) => self.write_played(&mut unit, played, None).await?,
            // Its own time-out may be gone from its flow; what can't even expire would wait for ever.
            Ok(None) if is_timeout => {}
            Ok(None) | Err(AppError::Invalid(_)) => self.end_as_failed(&mut unit, (row, conversation)).await?,
            Err(error) => return Err(error),
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    /// The time that somebody has to answer runs from when the question left, not from when it was put into the outbox: quiet
    /// hours, a line that is down and a long broadcast take nothing from it. `Some` gives when to look again.
    async fn not_before_asked(&self, row: &mhero_store::SessionRow, due_at: i64) -> Result<Option<i64>, AppError> {
        let asked = self.store().asked_at(&super::sprint::sprint_key(row.id, row.sprints)).await?;
        let Some(asked) = asked else { return Ok(None) };
        let Some(left_at) = asked.left_at else {
            // Left it now, its time would be over after a whole wait: to look sooner finds nothing.
            let now = self.clock().now_micros();
            let overdue = ((now - due_at) / OVERDUE_SHARE).clamp(0, LOOK_AGAIN_MAX);
            return Ok(Some(now + (due_at - asked.written_at).max(LOOK_AGAIN).max(overdue)));
        };
        let moved = due_at + (left_at - asked.written_at).max(0);
        Ok(Some(moved).filter(|moved| *moved > self.clock().now_micros()))
    }

    /// A session that was to begin later.
    pub(crate) async fn begin_due(&self, timer: &Timer) -> Result<(), AppError> {
        let Ok(beginning) = serde_json::from_str::<Beginning>(&timer.payload) else {
            return self.only_fired(timer).await;
        };
        let known = match &beginning.once_key {
            Some(key) => self.store().session_by_key(key).await?.is_some(),
            None => false,
        };
        let mut unit = Unit::new();
        unit.fired(timer);
        if !known {
            self.begin_session(&mut unit, &beginning, None).await?;
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    async fn only_fired(&self, timer: &Timer) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.fired(timer);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
