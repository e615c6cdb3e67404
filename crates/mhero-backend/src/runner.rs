//! Works with each back end in turn: calls that are due, lists that are to be read. One node at a time does, by a lease.

use std::time::Duration;

use jiff::SignedDuration;
use mhero_app::{App, AppError, Caller, ports::Backend, sync::keep_reason};
use mhero_core::{Right, record::Reason};
use mhero_store::{BackendList as ListRow, Lease, Queue, Source, Unit};
use serde_json::{Map, Value};
use tokio::{sync::watch, task::JoinSet};

use crate::BackendsError;

/// How long one node works with a back end before it says so again, in microseconds.
const DUTY_MICROS: i64 = 60_000_000;
/// How long a pass that found nothing is slept over.
const NAP: SignedDuration = SignedDuration::from_secs(1);
/// The list of flows.
pub(crate) const FLOWS: &str = "flows";
/// The lists, in the order in which they are read: contacts first, so that who stopped is known before anything else.
pub(crate) const LISTS: [&str; 4] = [FLOWS, "contacts", "messages", "runs"];
/// How often flows are read.
const FLOWS_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// How often what happened is read.
const LISTS_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// The first wait after a failure; it doubles with each further one.
const AGAIN_FIRST: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait after a failure, unless the back end asks for more.
const AGAIN_MAX: SignedDuration = SignedDuration::from_hours(1);
/// Doublings until the longest wait is reached.
const DOUBLINGS_MAX: i64 = 7;
/// How often a command tries that finds the runner at work.
const BUSY_TRIES: u32 = 50;
/// How long it waits between two tries.
const BUSY_WAIT: Duration = Duration::from_millis(200);
/// Words that switch the setting `backend` on.
const ON: [&str; 3] = ["yes", "on", "oui"];

/// Back ends, over an application.
#[derive(Clone)]
pub struct Backends {
    pub(crate) app: App,
}

impl std::fmt::Debug for Backends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backends").finish_non_exhaustive()
    }
}

/// What one pass with one back end did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Calls that were made or looked up.
    pub calls: usize,
    /// Flows that it has.
    pub flows: usize,
    /// Contacts, messages and runs that were read.
    pub items: usize,
    /// Why a list was not read to its end.
    pub failed: Option<Reason>,
}

/// One back end that is worked with.
pub(crate) struct At<'a> {
    pub(crate) source: &'a Source,
    pub(crate) backend: &'a dyn Backend,
    pub(crate) lease: Lease,
}

impl At<'_> {
    /// Writes a unit as long as this node is the one that works with the back end.
    pub(crate) async fn write(&self, app: &App, mut unit: Unit, queue: Queue) -> Result<(), BackendsError> {
        unit.only_if_held(&self.lease);
        app.store().write(unit, queue).await?;
        Ok(())
    }
}

/// Whether flows run at a source for us.
pub(crate) fn is_backend(source: &Source) -> bool {
    let config: Map<String, Value> = serde_json::from_str(&source.config).unwrap_or_default();
    let said = config.get("backend").and_then(Value::as_str).unwrap_or_default();
    ON.contains(&said.trim().to_lowercase().as_str())
}

/// How long to wait after so many failures.
pub(crate) fn wait_after(failures: i64, asked: Option<SignedDuration>) -> SignedDuration {
    let doublings = u32::try_from(failures.clamp(0, DOUBLINGS_MAX)).unwrap_or(0);
    let wait = (AGAIN_FIRST * 2_i32.pow(doublings)).min(AGAIN_MAX);
    asked.map_or(wait, |asked| asked.max(AGAIN_FIRST.min(wait)).max(asked))
}

impl Backends {
    /// Back ends over an application.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Does what is due with every back end. Returns how much was done.
    ///
    /// # Errors
    /// Whatever the store reports; that a back end does not answer is none.
    pub async fn pass(&self) -> Result<usize, BackendsError> {
        let mut done = 0;
        let mut sources = self.app.store().sources().await?;
        sources.retain(is_backend);
        for gone in self.app.store().backend_sources().await? {
            if sources.iter().all(|source| source.id != gone) {
                self.forget(gone).await?;
            }
        }
        for source in &sources {
            if !self.has_work(source).await? {
                continue;
            }
            match Box::pin(self.pass_of(source, false)).await {
                Ok(passed) => done += passed.calls + passed.items,
                Err(BackendsError::Busy { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Reads everything of a back end now, and makes the calls that are due.
    ///
    /// # Errors
    /// [`BackendsError::NotOne`]; [`BackendsError::Busy`]; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn pull_now(&self, caller: &Caller, name: &str) -> Result<Passed, BackendsError> {
        caller.must(Right::Settings)?;
        let source = self.named(name).await?;
        for _ in 1..BUSY_TRIES {
            match Box::pin(self.pass_of(&source, true)).await {
                // The runner works with it just now: it is soon done.
                Err(BackendsError::Busy { .. }) => tokio::time::sleep(BUSY_WAIT).await,
                other => return other,
            }
        }
        Box::pin(self.pass_of(&source, true)).await
    }

    /// The back end of a name.
    pub(crate) async fn named(&self, name: &str) -> Result<Source, BackendsError> {
        let sources = self.app.store().sources().await?;
        let source = sources.into_iter().find(|source| source.name == name);
        let source = source.ok_or_else(|| AppError::not_found("source", name))?;
        if is_backend(&source) { Ok(source) } else { Err(BackendsError::NotOne { name: name.to_owned() }) }
    }

    /// Starts the runner; it ends when `stop` becomes true, after its pass.
    pub fn start(self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let mut stop = stop.clone();
        runners.spawn(async move {
            let mut failures = 0_u32;
            while !*stop.borrow() {
                match Box::pin(self.pass()).await {
                    Ok(0) => failures = 0,
                    Ok(_) => {
                        failures = 0;
                        continue;
                    }
                    Err(error) => {
                        failures = failures.saturating_add(1);
                        if failures.is_power_of_two() {
                            tracing::error!(failures, %error, "a pass of back ends failed; it will be tried again");
                        }
                    }
                }
                tokio::select! {
                    () = self.app.clock().sleep(NAP) => {}
                    // A manual clock may stand still while there is work.
                    () = tokio::time::sleep(Duration::from_secs(2)) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    /// Whether anything is due: most passes find nothing, and open no connection for it.
    async fn has_work(&self, source: &Source) -> Result<bool, BackendsError> {
        let now = self.app.clock().now_micros();
        let lists = self.app.store().backend_lists(source.id).await?;
        let is_due = |list: &str| lists.iter().find(|row| row.list == list).is_none_or(|row| row.next_at <= now);
        Ok(LISTS.iter().any(|list| is_due(list)) || !self.app.store().backend_due(source.id, now, 1).await?.is_empty())
    }

    async fn pass_of(&self, source: &Source, is_forced: bool) -> Result<Passed, BackendsError> {
        let store = self.app.store();
        let busy = || BackendsError::Busy { name: source.name.clone() };
        // A command is somebody else than the runner beside it.
        let holder = if is_forced { store.mint().uuid() } else { self.app.node() };
        let name = format!("backend/{}", source.id);
        let lease = store.take_lease(&name, holder, DUTY_MICROS).await?.ok_or_else(busy)?;
        let registry = match self.app.registry(source.id).await {
            Ok(registry) => registry,
            Err(AppError::Invalid(reason)) => {
                self.all_failed(source, &reason).await?;
                return Ok(Passed { failed: Some(reason), ..Passed::default() });
            }
            Err(error) => return Err(error.into()),
        };
        let Some(backend) = registry.backend() else {
            return Err(BackendsError::NotOne { name: source.name.clone() });
        };
        let at = At { source, backend, lease: lease.clone() };
        let work = Box::pin(self.work_with(&at, is_forced));
        let done = self.app.on_journey(self.app.while_held(std::slice::from_ref(&lease), work)).await;
        store.give_back_lease(&lease).await?;
        match done {
            // Somebody else took the lease over: what was written stays, the rest is theirs.
            Err(BackendsError::App(AppError::Store(mhero_store::StoreError::Guard { .. }))) => Ok(Passed::default()),
            other => other,
        }
    }

    async fn work_with(&self, at: &At<'_>, is_forced: bool) -> Result<Passed, BackendsError> {
        let mut passed = Passed::default();
        self.find_lost(at).await?;
        let rows = self.app.store().backend_lists(at.source.id).await?;
        for list in LISTS {
            let row = rows.iter().find(|row| row.list == list).cloned();
            let row = row.unwrap_or_else(|| ListRow { list: list.to_owned(), ..ListRow::default() });
            if row.next_at > self.app.clock().now_micros() && !is_forced {
                continue;
            }
            let failed = if list == FLOWS {
                self.read_flows(at, row, &mut passed).await?
            } else {
                self.read_list(at, row, is_forced, &mut passed).await?
            };
            passed.failed = passed.failed.or(failed);
        }
        passed.calls = self.call_due(at).await?;
        Ok(passed)
    }

    async fn read_flows(
        &self,
        at: &At<'_>,
        mut row: ListRow,
        passed: &mut Passed,
    ) -> Result<Option<Reason>, BackendsError> {
        let failed = match self.mirror(at).await? {
            Ok(flows) => {
                passed.flows = flows;
                row.items = i64::try_from(flows).unwrap_or(i64::MAX);
                self.list_read(&mut row, FLOWS_EVERY);
                None
            }
            Err(error) => {
                let after = match &error {
                    mhero_app::ports::BackendError::Down { after, .. } => *after,
                    mhero_app::ports::BackendError::Refused { .. } => None,
                };
                self.list_failed(&mut row, error.reason(), after);
                Some(error.reason().clone())
            }
        };
        let mut unit = Unit::new();
        unit.put_backend_list(at.source.id, &row);
        at.write(&self.app, unit, Queue::Interactive).await?;
        Ok(failed)
    }

    /// A list was read to its end.
    pub(crate) fn list_read(&self, row: &mut ListRow, every: SignedDuration) {
        let now = self.app.clock().now();
        row.pulled_at = Some(now.as_microsecond());
        row.next_at = (now + every).as_microsecond();
        (row.failures, row.reason) = (0, String::new());
    }

    /// A list was not.
    pub(crate) fn list_failed(&self, row: &mut ListRow, reason: &Reason, after: Option<SignedDuration>) {
        row.next_at = (self.app.clock().now() + wait_after(row.failures, after)).as_microsecond();
        row.failures += 1;
        row.reason = keep_reason(reason);
    }

    /// How often what happened is read.
    pub(crate) const fn every() -> SignedDuration {
        LISTS_EVERY
    }

    /// Nothing can be read: the settings are to be mended.
    async fn all_failed(&self, source: &Source, reason: &Reason) -> Result<(), BackendsError> {
        let rows = self.app.store().backend_lists(source.id).await?;
        let mut unit = Unit::new();
        for list in LISTS {
            let row = rows.iter().find(|row| row.list == list).cloned();
            let mut row = row.unwrap_or_else(|| ListRow { list: list.to_owned(), ..ListRow::default() });
            self.list_failed(&mut row, reason, None);
            unit.put_backend_list(source.id, &row);
        }
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
