//! The writer thread: many units, each in a savepoint, in one commit; answers go out only after that commit.

use std::{
    path::Path,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{classify, open};
use crate::{Done, Engine, Queue, StoreError, Unit, disk::Disk, nouns::changes, unit::guard_failed};

/// Most units of the interactive queue in one commit.
const INTERACTIVE_UNITS_MAX: usize = 512;
/// How long bulk units may fill one commit while nobody else waits.
const BULK_SLICE: Duration = Duration::from_millis(12);
/// How long they may where somebody else does: before the commit that an interactive unit waits for, or within it.
const BULK_SLICE_BESIDE: Duration = Duration::from_millis(2);
/// Most units that wait in one queue; further writers are refused their place until there is room.
const WAITING_MAX: usize = 100_000;

type Answer = oneshot::Sender<Result<Done, StoreError>>;

struct Waiting {
    unit: Arc<Unit>,
    answer: Answer,
}

#[derive(Default)]
struct Queues {
    interactive: std::collections::VecDeque<Waiting>,
    bulk: std::collections::VecDeque<Waiting>,
    closed: bool,
}

struct Shared {
    queues: Mutex<Queues>,
    arrived: Condvar,
    flush_failed: AtomicBool,
    disk: Disk,
}

/// The handle of the writer thread. Dropping it lets the thread finish what waits and end.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    pub(crate) fn start(path: &Path, disk: Disk) -> Result<Self, StoreError> {
        let connection = open(path, true)?;
        let shared = Arc::new(Shared {
            queues: Mutex::new(Queues::default()),
            arrived: Condvar::new(),
            flush_failed: AtomicBool::new(false),
            disk,
        });
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn({
                let shared = Arc::clone(&shared);
                move || run(&connection, &shared)
            })
            .map_err(|e| StoreError::Unreachable { detail: e.to_string() })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Queues a unit and waits until it is on disk, or refused.
    pub(crate) async fn write(&self, unit: Arc<Unit>, queue: Queue) -> Result<Done, StoreError> {
        let (answer, answered) = oneshot::channel();
        {
            let mut queues = self.shared.queues.lock().unwrap_or_else(PoisonError::into_inner);
            if queues.closed {
                return Err(StoreError::Closed);
            }
            let line = match queue {
                Queue::Interactive => &mut queues.interactive,
                Queue::Bulk => &mut queues.bulk,
            };
            if line.len() >= WAITING_MAX {
                return Err(StoreError::Contention);
            }
            line.push_back(Waiting { unit, answer });
        }
        self.shared.arrived.notify_one();
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// False once a flush has failed, or the thread has ended.
    pub(crate) fn is_healthy(&self) -> bool {
        !self.shared.flush_failed.load(Ordering::SeqCst)
            && !self.shared.queues.lock().unwrap_or_else(PoisonError::into_inner).closed
    }
}

impl Shared {
    /// What a failed flush left behind can't be known, so that nothing more is accepted.
    fn note_failed_flush(&self, error: &StoreError) {
        if let StoreError::FlushFailed { detail } = error {
            tracing::error!(detail, "the disk failed to flush; further writes are refused");
            self.flush_failed.store(true, Ordering::SeqCst);
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.queues.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.arrived.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the writer has already failed every waiting unit, see `Ends`.
            let _ = thread.join();
        }
    }
}

/// However the thread ends, nobody waits for it for ever: what still waits is failed, and nothing more is let in.
struct Ends<'a>(&'a Shared);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        let mut queues = self.0.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.closed = true;
        queues.interactive.clear();
        queues.bulk.clear();
    }
}

fn run(connection: &Connection, shared: &Shared) {
    let _ends = Ends(shared);
    loop {
        let batch = {
            let mut queues = shared.queues.lock().unwrap_or_else(PoisonError::into_inner);
            while queues.interactive.is_empty() && queues.bulk.is_empty() {
                if queues.closed {
                    return;
                }
                queues = shared.arrived.wait(queues).unwrap_or_else(PoisonError::into_inner);
            }
            let take = queues.interactive.len().min(INTERACTIVE_UNITS_MAX);
            queues.interactive.drain(..take).collect::<Vec<_>>()
        };
        if shared.flush_failed.load(Ordering::SeqCst) {
            let refused = StoreError::FlushFailed { detail: "an earlier flush failed".into() };
            let bulk = std::mem::take(&mut shared.queues.lock().unwrap_or_else(PoisonError::into_inner).bulk);
            for waiting in batch.into_iter().chain(bulk) {
                let _ = waiting.answer.send(Err(refused.clone()));
            }
            continue;
        }
        commit(connection, shared, batch);
    }
}

/// Runs a batch and a slice of bulk units in one transaction, commits, then answers.
fn commit(connection: &Connection, shared: &Shared, batch: Vec<Waiting>) {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        let error = classify("BEGIN", &error);
        shared.note_failed_flush(&error);
        let bulk = shared.queues.lock().unwrap_or_else(PoisonError::into_inner).bulk.pop_front();
        for waiting in batch.into_iter().chain(bulk) {
            let _ = waiting.answer.send(Err(error.clone()));
        }
        return;
    }
    let mut results: Vec<(Answer, Result<Done, StoreError>)> = Vec::with_capacity(batch.len());
    let mut lost: Option<StoreError> = None;
    let mut apply = |waiting: Waiting| {
        let result = match &lost {
            Some(error) => Err(error.clone()),
            None => in_savepoint(connection, &waiting.unit),
        };
        // An error that ends the whole transaction (a full disk) fails every unit of the batch.
        if lost.is_none() && connection.is_autocommit() {
            let error = result.as_ref().err().cloned().unwrap_or(StoreError::Closed);
            // Whoever failed a guard decides again; what the others lost is no decision of theirs.
            lost = Some(if error.is_decide_again() { StoreError::Contention } else { error });
        }
        results.push((waiting.answer, result));
    };
    let slice = if batch.is_empty() { BULK_SLICE } else { BULK_SLICE_BESIDE };
    batch.into_iter().for_each(&mut apply);
    let begun = Instant::now();
    loop {
        let next = {
            let mut queues = shared.queues.lock().unwrap_or_else(PoisonError::into_inner);
            if !queues.interactive.is_empty() && begun.elapsed() > BULK_SLICE_BESIDE {
                None
            } else {
                queues.bulk.pop_front()
            }
        };
        let Some(waiting) = next else { break };
        apply(waiting);
        if begun.elapsed() > slice {
            break;
        }
    }
    let ended = match lost {
        Some(error) => Err(error),
        None => end(connection, &shared.disk),
    };
    if let Err(error) = &ended {
        shared.note_failed_flush(error);
    }
    for (answer, result) in results {
        let result = match &ended {
            Ok(()) => result,
            Err(error) => Err(error.clone()),
        };
        let _ = answer.send(result);
    }
}

/// Numbers the change feed and commits: after this returns `Ok`, the log is flushed.
fn end(connection: &Connection, disk: &Disk) -> Result<(), StoreError> {
    let fault = disk.fault();
    if let Some(fault) = fault.filter(|fault| !fault.is_stored()) {
        let _ = connection.execute_batch("ROLLBACK");
        return Err(fault.error(Engine::Sqlite));
    }
    let finish = || -> rusqlite::Result<()> {
        connection.prepare_cached(changes::number_statement().text(Engine::Sqlite))?.execute([])?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    };
    finish().map_err(|error| {
        let error = classify("COMMIT", &error);
        if !connection.is_autocommit() {
            // The commit failed and left the transaction open: nothing of it may reach the disk later.
            let _ = connection.execute_batch("ROLLBACK");
        }
        error
    })?;
    fault.map_or(Ok(()), |fault| Err(fault.error(Engine::Sqlite)))
}

fn control(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql).map_err(|e| classify(sql, &e))?;
    statement.execute([]).map(|_| ()).map_err(|e| classify(sql, &e))
}

/// Runs a unit in a savepoint. When it fails, nothing of it is left in the transaction, or there is no transaction any more.
fn in_savepoint(connection: &Connection, unit: &Unit) -> Result<Done, StoreError> {
    control(connection, "SAVEPOINT unit")?;
    let done = steps(connection, unit).and_then(|done| control(connection, "RELEASE unit").map(|()| done));
    if done.is_err() && !connection.is_autocommit() {
        let undone = control(connection, "ROLLBACK TO unit").and_then(|()| control(connection, "RELEASE unit"));
        if undone.is_err() {
            // Half a unit must not be committed with the others.
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
    done
}

fn steps(connection: &Connection, unit: &Unit) -> Result<Done, StoreError> {
    let mut done = Done { rows: Vec::with_capacity(unit.steps.len()) };
    for (number, step) in unit.steps.iter().enumerate() {
        let mut statement = connection
            .prepare_cached(&step.sql.text(Engine::Sqlite))
            .map_err(|error| classify(step.sql.name(), &error))?;
        let rows = statement
            .execute(rusqlite::params_from_iter(&step.params))
            .map_err(|error| classify(step.sql.name(), &error))? as u64;
        if !step.guard.holds(rows) {
            return Err(guard_failed(number));
        }
        done.rows.push(rows);
    }
    Ok(done)
}
