//! The queue before the log, and the task that writes from it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, NewExchange,
    ports::{CallMade, Witness},
    rows::ExchangeDetails,
};
use mhero_core::Direction;
use mhero_store::{Clock, Queue, Unit};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use uuid::Uuid;

use super::{Entry, Envelope, KeepBodies, Line, Replay, clean_url, strangers::Strangers};

/// Rows that wait at most.
const WAITING_MAX: usize = 8_192;
/// Octets of bodies that wait at most; further rows come without theirs.
const WAITING_BYTES_MAX: usize = 16 << 20;
/// How long rows are gathered before they are written together.
const GATHERED: Duration = Duration::from_millis(200);
/// Rows of one unit.
const UNIT_ROWS: usize = 100;
/// Rows gathered from which on calls that are just like one another share a row.
const FOLDED_FROM: usize = 400;

/// What is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JournalSettings {
    /// Which bodies.
    pub bodies: KeepBodies,
    /// Days that bodies are kept.
    pub body_days: u32,
    /// Days that rows are kept.
    pub days: u32,
}

impl Default for JournalSettings {
    fn default() -> Self {
        Self { bodies: KeepBodies::Changes, body_days: 30, days: 365 }
    }
}

enum Told {
    Row(Box<Entry>),
    Flush(oneshot::Sender<()>),
}

/// What the witness of calls needs: it knows no application, so that the two don't hold one another.
struct Desk {
    queue: mpsc::Sender<Told>,
    bytes: AtomicUsize,
    lost: AtomicU64,
    lost_ever: AtomicU64,
    hurry: Notify,
    bodies: Mutex<KeepBodies>,
    strangers: Mutex<Strangers>,
    clock: Clock,
}

struct Inner {
    app: App,
    settings: JournalSettings,
    desk: Arc<Desk>,
    line: OnceLock<Arc<dyn Line>>,
    replay: OnceLock<Arc<dyn Replay>>,
    due: Notify,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// The exchange log of this process. Clones share it.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Journal {
    /// Begins to keep the log, of calls that the application makes too. Must be called within a runtime.
    pub fn start(app: &App, settings: JournalSettings) -> Self {
        let (queue, told) = mpsc::channel(WAITING_MAX);
        let desk = Arc::new(Desk {
            queue,
            bytes: 0.into(),
            lost: 0.into(),
            lost_ever: 0.into(),
            hurry: Notify::new(),
            bodies: Mutex::new(settings.bodies),
            strangers: Mutex::default(),
            clock: app.clock().clone(),
        });
        app.set_witness(Arc::clone(&desk) as Arc<dyn Witness>);
        let task = tokio::spawn(write_all(app.clone(), told, Arc::clone(&desk)));
        Self(Arc::new(Inner {
            app: app.clone(),
            settings,
            desk,
            line: OnceLock::new(),
            replay: OnceLock::new(),
            due: Notify::new(),
            task: Mutex::new(Some(task)),
        }))
    }

    /// The application underneath.
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// What is kept, and for how long.
    pub fn settings(&self) -> JournalSettings {
        JournalSettings { bodies: self.bodies(), ..self.0.settings }
    }

    /// Which bodies are kept just now.
    pub fn bodies(&self) -> KeepBodies {
        self.0.desk.bodies()
    }

    /// Keeps other bodies from now on.
    pub fn keep_bodies(&self, bodies: KeepBodies) {
        *self.0.desk.bodies.lock().unwrap_or_else(PoisonError::into_inner) = bodies;
    }

    /// Notes a call. It does not wait: where too much waits already, the row is lost and counted.
    pub fn note(&self, entry: Entry) {
        self.0.desk.note(entry);
    }

    /// How many rows were lost since this process began.
    pub fn lost(&self) -> u64 {
        self.0.desk.lost_ever.load(Ordering::Relaxed)
    }

    /// Writes the lines of calls without an account whose minute is over.
    pub(super) fn note_strangers(&self) {
        let desk = &self.0.desk;
        let due = desk.strangers.lock().unwrap_or_else(PoisonError::into_inner).due(desk.clock.now());
        due.into_iter().for_each(|entry| desk.queue_up(entry));
    }

    /// Waits until everything that was told before is in the store, but for calls without an account that wait for their minute.
    pub async fn flush(&self) {
        self.note_strangers();
        let (written, done) = oneshot::channel();
        if self.0.desk.queue.send(Told::Flush(written)).await.is_ok() {
            self.0.desk.hurry.notify_one();
            // When the task is gone, so is what it would have written.
            let _ = done.await;
        }
    }

    /// Writes what waits and ends.
    pub async fn close(&self) {
        let rest = self.0.desk.strangers.lock().unwrap_or_else(PoisonError::into_inner).rest();
        rest.into_iter().for_each(|entry| self.0.desk.queue_up(entry));
        self.flush().await;
        let task = self.0.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.abort();
        }
    }

    /// Who is told of calls, for a journey.
    pub fn witness(&self) -> Arc<dyn Witness> {
        Arc::clone(&self.0.desk) as Arc<dyn Witness>
    }

    /// Who makes calls to other systems.
    pub fn set_line(&self, line: Arc<dyn Line>) {
        self.0.line.get_or_init(|| line);
    }

    /// Who makes requests of others again.
    pub fn set_replay(&self, replay: Arc<dyn Replay>) {
        self.0.replay.get_or_init(|| replay);
    }

    /// Who makes calls to other systems; `None` where nobody does.
    pub fn line(&self) -> Option<&Arc<dyn Line>> {
        self.0.line.get()
    }

    pub(super) fn replay(&self) -> Option<&Arc<dyn Replay>> {
        self.0.replay.get()
    }

    pub(super) fn due(&self) -> &Notify {
        &self.0.due
    }
}

impl Desk {
    fn bodies(&self) -> KeepBodies {
        *self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, entry: Entry) {
        let entry = match Strangers::is_one(&entry) {
            true => self.strangers.lock().unwrap_or_else(PoisonError::into_inner).take(entry),
            false => Some(entry),
        };
        if let Some(entry) = entry {
            self.queue_up(entry);
        }
    }

    fn queue_up(&self, mut entry: Entry) {
        let weight = entry.weight();
        if weight > 0 && self.bytes.load(Ordering::Relaxed) + weight > WAITING_BYTES_MAX {
            (entry.request, entry.response) = (None, None);
        }
        let weight = entry.weight();
        self.bytes.fetch_add(weight, Ordering::Relaxed);
        if self.queue.try_send(Told::Row(Box::new(entry))).is_err() {
            self.bytes.fetch_sub(weight, Ordering::Relaxed);
            self.lost.fetch_add(1, Ordering::Relaxed);
            self.lost_ever.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Witness for Desk {
    fn called(&self, correlation: Uuid, call: CallMade) {
        let path = clean_url(&call.url);
        let outcome = call.end.outcome();
        let changes = !matches!(call.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let keeps = match self.bodies() {
            KeepBodies::Off => false,
            KeepBodies::Changes => changes || outcome != "ok",
            KeepBodies::All => true,
        };
        let head = Envelope {
            method: call.method.clone(),
            path: path.clone(),
            form: String::new(),
            headers: Vec::new(),
            is_whole: true,
        };
        let took_micros = i64::try_from(call.took.as_micros()).unwrap_or(i64::MAX);
        let counted = |octets: u64| i64::try_from(octets).unwrap_or(i64::MAX);
        self.note(Entry {
            correlation,
            direction: Direction::Out,
            peer: call.peer,
            protocol: call.protocol.to_owned(),
            what: format!("{} {path}", call.method),
            outcome,
            status: call.end.status().map(i64::from),
            started_at: self.clock.now() - SignedDuration::from_micros(took_micros),
            took_micros,
            details: ExchangeDetails {
                sent: Some(counted(call.sent)),
                received: call.received.map(counted),
                ..ExchangeDetails::default()
            },
            request: keeps.then(|| head.around(&call.request)),
            response: (keeps && !call.response.is_empty()).then_some(call.response),
            folds: !changes && outcome == "ok",
        });
    }

    fn wants_bodies(&self) -> bool {
        self.bodies() != KeepBodies::Off
    }
}

/// Writes what is told until nobody can tell any more.
async fn write_all(app: App, mut told: mpsc::Receiver<Told>, desk: Arc<Desk>) {
    let (mut rows, mut waiting) = (Vec::new(), Vec::new());
    while let Some(first) = told.recv().await {
        let is_row = matches!(first, Told::Row(_));
        sort(first, &mut rows, &mut waiting);
        if is_row {
            tokio::select! {
                () = tokio::time::sleep(GATHERED) => {}
                () = desk.hurry.notified() => {}
            }
        }
        while let Ok(next) = told.try_recv() {
            sort(next, &mut rows, &mut waiting);
        }
        let weight: usize = rows.iter().map(Entry::weight).sum();
        let mut gathered = fold(std::mem::take(&mut rows));
        let lost = desk.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::error!(lost, "calls are missing in the exchange log: more came than could be written");
            gathered.push(missing(&app, lost));
        }
        write(&app, &gathered).await;
        desk.bytes.fetch_sub(weight, Ordering::Relaxed);
        for waits in waiting.drain(..) {
            // Whoever waited may be gone.
            let _: Result<(), ()> = waits.send(());
        }
    }
}

fn sort(told: Told, rows: &mut Vec<Entry>, waiting: &mut Vec<oneshot::Sender<()>>) {
    match told {
        Told::Row(entry) => rows.push(*entry),
        Told::Flush(written) => waiting.push(written),
    }
}

/// When there are many, calls just like one another share a row, which says how many it stands for.
fn fold(rows: Vec<Entry>) -> Vec<Entry> {
    if rows.len() < FOLDED_FROM {
        return rows;
    }
    let mut known: HashMap<(String, String, Option<i64>), usize> = HashMap::new();
    let mut kept: Vec<Entry> = Vec::new();
    for row in rows {
        if !row.folds {
            kept.push(row);
            continue;
        }
        let same = (row.peer.clone(), row.what.clone(), row.status);
        match known.get(&same) {
            Some(at) => kept[*at].details.folded += 1 + row.details.folded,
            None => {
                known.insert(same, kept.len());
                kept.push(row);
            }
        }
    }
    kept
}

/// The row that says that rows are missing.
fn missing(app: &App, lost: u64) -> Entry {
    let lost = i64::try_from(lost).unwrap_or(i64::MAX);
    Entry {
        correlation: app.new_correlation(),
        direction: Direction::In,
        peer: "mHero".to_owned(),
        protocol: "log".to_owned(),
        what: "exchange-log-full".to_owned(),
        outcome: "failed",
        status: None,
        started_at: app.clock().now(),
        took_micros: 0,
        details: ExchangeDetails {
            folded: lost - 1,
            reason: Some("exchange-log-full".to_owned()),
            ..ExchangeDetails::default()
        },
        request: None,
        response: None,
        folds: false,
    }
}

async fn write(app: &App, rows: &[Entry]) {
    for part in rows.chunks(UNIT_ROWS) {
        let mut unit = Unit::new();
        for row in part {
            let new = NewExchange {
                correlation: row.correlation,
                direction: row.direction,
                peer: &row.peer,
                protocol: &row.protocol,
                what: &row.what,
                outcome: row.outcome,
                status: row.status,
                request: row.request.as_deref(),
                response: row.response.as_deref(),
                started_at: row.started_at.max(Timestamp::UNIX_EPOCH),
                took: Some(SignedDuration::from_micros(row.took_micros)),
                details: row.details.clone(),
            };
            if let Err(error) = app.exchange_into(&mut unit, &new) {
                tracing::error!(%error, "a call could not be sealed for the exchange log");
            }
        }
        if let Err(error) = app.store().write(unit, Queue::Bulk).await {
            tracing::error!(rows = part.len(), %error, "calls are missing in the exchange log");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(what: &str, folds: bool) -> Entry {
        Entry {
            correlation: Uuid::nil(),
            direction: Direction::In,
            peer: "iHRIS".into(),
            protocol: "fhir".into(),
            what: what.into(),
            outcome: "ok",
            status: Some(200),
            started_at: Timestamp::UNIX_EPOCH,
            took_micros: 1,
            details: ExchangeDetails::default(),
            request: None,
            response: None,
            folds,
        }
    }

    #[test]
    fn many_alike_share_a_row_that_says_how_many() {
        let few: Vec<Entry> = (0..10).map(|_| row("GET /fhir/Practitioner", true)).collect();
        assert_eq!(fold(few).len(), 10, "few stay apart");
        let many =
            (0..1_000).map(|n| row(if n % 2 == 0 { "GET /fhir/Practitioner" } else { "POST /fhir" }, n % 2 == 0));
        let folded = fold(many.collect());
        assert_eq!(folded.len(), 501, "one row for all reads, each write its own");
        let total: i64 = folded.iter().map(|row| 1 + row.details.folded).sum();
        assert_eq!(total, 1_000);
    }
}
