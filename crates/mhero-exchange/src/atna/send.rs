//! What is new in both logs is handed on, in its order.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{App, AppError};
use mhero_core::ExchangeId;
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use super::{AtnaTarget, Event, audit_message, line};

/// The lease whose holder hands on, and for how long it is held, in microseconds.
const LEASE: (&str, i64) = ("atna", 60_000_000);
/// Under which key stands how far it has come.
const CURSOR: &str = "atna-cursor";
/// Entries of one pass, of each log.
const EVENTS_MAX: i64 = 500;
/// How long calls rest before they are handed on: one that was written a little later may have begun before.
const REST: SignedDuration = SignedDuration::from_secs(5);
/// How long a pass waits for the next when nothing was new, and after a failure.
const NAP: Duration = Duration::from_secs(2);
/// The same after a failure.
const NAP_AFTER_FAILURE: Duration = Duration::from_secs(30);
/// By what this installation is known to repositories.
pub(super) const SOURCE: &str = "urn:mhero";

/// Carries lines to a repository.
#[async_trait]
pub trait AuditWire: Send + Sync {
    /// Hands lines over. Where it fails, all of them are handed over again.
    async fn send(&self, lines: &[Vec<u8>]) -> std::io::Result<()>;
}

/// How far both logs were handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    entry: i64,
    exchange: Uuid,
}

/// Hands on to one repository.
#[derive(Clone)]
pub struct Atna {
    app: App,
    target: AtnaTarget,
    wire: Arc<dyn AuditWire>,
}

impl std::fmt::Debug for Atna {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Atna").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Atna {
    /// To a repository; what happened before the first pass is not handed on.
    pub fn new(app: App, target: AtnaTarget, wire: Arc<dyn AuditWire>) -> Self {
        Self { app, target, wire }
    }

    /// Where to.
    pub fn target(&self) -> &AtnaTarget {
        &self.target
    }

    /// Hands on until `stop` becomes true. A runner of its own.
    pub fn start_runner(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let (atna, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            while !*stop.borrow() {
                let nap = match atna.pass().await {
                    Ok(0) => NAP,
                    Ok(_) => continue,
                    Err(error) => {
                        tracing::warn!(%error, "audit messages could not be handed on; they will be tried again");
                        NAP_AFTER_FAILURE
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(nap) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    /// Hands on what is new; returns how many events there were. One node at a time does so.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Invalid`] when the repository takes nothing.
    pub async fn pass(&self) -> Result<usize, AppError> {
        let store = self.app.store();
        if store.take_lease(LEASE.0, self.app.node(), LEASE.1).await?.is_none() {
            return Ok(0);
        }
        let rested = self.app.clock().now() - REST;
        let before = ExchangeId::from_uuid(id_at(rested));
        let kept = store.setting(CURSOR).await?.and_then(|kept| serde_json::from_str::<Cursor>(&kept).ok());
        let Some(from) = kept else {
            let begin = Cursor { entry: store.last_audit_entry().await?, exchange: before.uuid() };
            self.keep(begin).await?;
            return Ok(0);
        };
        let decisions = store.audit_after(from.entry, EVENTS_MAX).await?;
        let calls = store.exchanges_after(ExchangeId::from_uuid(from.exchange), before, EVENTS_MAX).await?;
        let mut events: Vec<Event> = decisions.iter().map(Event::of_decision).collect();
        events.extend(calls.iter().map(Event::of_call));
        if events.is_empty() {
            return Ok(0);
        }
        events.sort_by_key(|event| event.at);
        let (host, process) = (self.app.node().to_string(), std::process::id());
        let lines: Vec<Vec<u8>> =
            events.iter().map(|event| line(&audit_message(event, SOURCE), event.at, (&host, process))).collect();
        self.wire
            .send(&lines)
            .await
            .map_err(|error| AppError::invalid("atna-not-taken", [("detail", error.kind().to_string())]))?;
        self.keep(Cursor {
            entry: decisions.last().map_or(from.entry, |last| last.entry),
            exchange: calls.last().map_or(from.exchange, |last| last.id.uuid()),
        })
        .await?;
        Ok(events.len())
    }

    async fn keep(&self, cursor: Cursor) -> Result<(), AppError> {
        let mut unit = Unit::new();
        let json = serde_json::to_string(&cursor).unwrap_or_default();
        unit.put_setting(CURSOR, &json, self.app.clock().now_micros());
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

/// The smallest id that is made at a moment: version 7 begins with milliseconds (RFC 9562, 5.7).
fn id_at(at: jiff::Timestamp) -> Uuid {
    let millis = u128::try_from(at.as_millisecond()).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}
