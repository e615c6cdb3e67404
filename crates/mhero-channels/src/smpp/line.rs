//! One bound connection: submissions go out within a window and wait for their answers; what comes is handed on in the order of
//! its sender and acknowledged once it is on disk.
//!
//! A submission whose frame was never written has not left. One that was written and has no answer, because the line broke or the
//! time was over, is unknown; an answer that comes late is told all the same.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use mhero_app::ports::{CarrierEvent, Ear, Outcome, Outgoing, Unheard};
use mhero_core::SubmissionId;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf},
    sync::{Notify, Semaphore, mpsc, oneshot, watch},
    task::JoinSet,
    time::Instant,
};
use tokio_util::codec::FramedRead;

use super::{
    frame::{self, Fields, Frame, command},
    incoming,
    settings::{Role, Settings},
    status, submit,
};

/// A connection, encrypted or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Frames that wait for being written.
const OUT_MAX: usize = 256;
/// Senders are shared out among so many queues, each of which is handed on one after the other.
const QUEUES: usize = 128;
/// What one queue holds before no more is read.
const QUEUE_MAX: usize = 16;
/// How long what is under way may still be answered when the line is closed.
const DRAIN: Duration = Duration::from_secs(5);
/// How long a closed line waits for the last word.
const FAREWELL: Duration = Duration::from_secs(2);
/// Most answers that are still hoped for after their time.
const LATE_MAX: usize = 10_000;
/// How long a line rests first when it is told to go slower, in milliseconds; it doubles each time.
const REST_MILLIS: u64 = 500;
/// Longest such rest, in milliseconds.
const REST_MILLIS_MAX: u64 = 16_000;

/// Why a line ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// We closed it.
    Closed,
    /// The SMS centre said farewell.
    Unbound,
    /// The connection broke, or what came could not be understood.
    Broken,
    /// Nothing came for too long.
    Silent,
}

/// The side of a line that submissions use.
pub(super) struct Line {
    pub(super) role: Role,
    settings: Arc<Settings>,
    out: mpsc::Sender<Out>,
    window: Semaphore,
    next: AtomicU32,
    pending: Mutex<Pending>,
    /// Told when the centre has forgotten that it may send.
    unfit: Notify,
    /// When it may go on after it was told to go slower, in milliseconds since it began.
    rests_until: AtomicU64,
    rest: AtomicU64,
    began: Instant,
}

struct Out {
    frame: Bytes,
    /// Set before the first octet is written.
    left: Option<Arc<AtomicBool>>,
}

#[derive(Default)]
struct Pending {
    is_over: bool,
    waiting: HashMap<u32, Waiting>,
}

struct Waiting {
    /// What was submitted; none for a question whether the line is there.
    submission: Option<SubmissionId>,
    answer: oneshot::Sender<Said>,
}

struct Said {
    status: u32,
    id: String,
}

/// The side of a line that runs it.
pub(super) struct Ends {
    wire: Box<dyn Wire>,
    line: Arc<Line>,
    outs: mpsc::Receiver<Out>,
}

impl Line {
    /// Makes a line of a connection that is bound. `next` is the first number that is free.
    pub(super) fn new(settings: &Arc<Settings>, role: Role, wire: Box<dyn Wire>, next: u32) -> (Arc<Self>, Ends) {
        let (out, outs) = mpsc::channel(OUT_MAX);
        let line = Arc::new(Self {
            role,
            settings: Arc::clone(settings),
            out,
            window: Semaphore::new(settings.window),
            next: AtomicU32::new(next),
            pending: Mutex::default(),
            unfit: Notify::new(),
            rests_until: AtomicU64::new(0),
            rest: AtomicU64::new(0),
            began: Instant::now(),
        });
        (Arc::clone(&line), Ends { wire, line, outs })
    }

    /// How many submissions it takes at a time just now.
    pub(super) fn room(&self) -> usize {
        let is_resting = self.millis() < self.rests_until.load(Ordering::Relaxed);
        if self.role.sends() && !is_resting && !self.window.is_closed() { self.settings.window } else { 0 }
    }

    /// How many more it would take at once.
    pub(super) fn free(&self) -> usize {
        if self.room() == 0 { 0 } else { self.window.available_permits() }
    }

    /// Submits a part, which is worth sending for so many minutes, and waits for the answer. The state in it comes beside what it
    /// means for the part.
    pub(super) async fn submit(&self, outgoing: &Outgoing, minutes: Option<u32>) -> (Outcome, Option<u32>) {
        let not_sent = || (Outcome::NotSent { reason: "line closed".to_owned(), retry_after: None }, None);
        let Ok(_permit) = self.window.acquire().await else { return not_sent() };
        let sequence = self.sequence();
        let frame = match submit::frame(&self.settings, (outgoing, minutes), sequence) {
            Ok(frame) => frame,
            Err(reason) => return (Outcome::Refused { reason }, None),
        };
        let left = Arc::new(AtomicBool::new(false));
        let Some(told) = self.expect(sequence, Some(outgoing.submission)) else { return not_sent() };
        if self.out.send(Out { frame, left: Some(Arc::clone(&left)) }).await.is_err() {
            self.lock().waiting.remove(&sequence);
            return not_sent();
        }
        let unknown = |reason: &str| {
            let is_left = left.load(Ordering::SeqCst);
            if is_left { (Outcome::Unknown { reason: reason.to_owned() }, None) } else { not_sent() }
        };
        match tokio::time::timeout(self.settings.timeout, told).await {
            Ok(Ok(said)) => {
                self.pace(said.status);
                if said.status == status::NOT_BOUND {
                    // The centre takes it for a line that may not send. It is left in good order and bound anew.
                    self.unfit.notify_one();
                }
                (status::outcome(said.status, &said.id), Some(said.status))
            }
            Ok(Err(_)) => unknown("line broke before the answer"),
            Err(_) => unknown("no answer in time"),
        }
    }

    /// Goes slower or faster by what was answered.
    fn pace(&self, said: u32) {
        if status::is_throttling(said) {
            let rest = self.rest.load(Ordering::Relaxed).saturating_mul(2).clamp(REST_MILLIS, REST_MILLIS_MAX);
            // Of answers to submissions that were under way together, the first sets the pace.
            if self.millis() >= self.rests_until.load(Ordering::Relaxed) {
                self.rest.store(rest, Ordering::Relaxed);
                self.rests_until.store(self.millis() + rest, Ordering::Relaxed);
                tracing::info!(channel = %self.settings.channel, rest, "the SMS centre asks to go slower");
            }
        } else if said == status::OK && self.millis() >= self.rests_until.load(Ordering::Relaxed) {
            self.rest.store(0, Ordering::Relaxed);
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn sequence(&self) -> u32 {
        /// The highest number that a request may have (SMPP 3.4, 3.2).
        const LAST: u32 = 0x7FFF_FFFF;
        loop {
            let sequence = self.next.fetch_add(1, Ordering::Relaxed) & LAST;
            if sequence != 0 {
                return sequence;
            }
        }
    }

    /// Notes that an answer is to come; none once the line has ended.
    fn expect(&self, sequence: u32, submission: Option<SubmissionId>) -> Option<oneshot::Receiver<Said>> {
        let mut pending = self.lock();
        if pending.is_over {
            return None;
        }
        if pending.waiting.len() >= LATE_MAX {
            pending.waiting.retain(|_, waiting| !waiting.answer.is_closed());
        }
        let (answer, told) = oneshot::channel();
        pending.waiting.insert(sequence, Waiting { submission, answer });
        Some(told)
    }

    /// Hands an answer to whoever waits for it. Returns what nobody waits for any more: it came late.
    fn answered(&self, frame: &Frame) -> Option<CarrierEvent> {
        let waiting = self.lock().waiting.remove(&frame.sequence)?;
        let said = Said { status: frame.status, id: Fields::new(&frame.body).text().trim().to_owned() };
        let said = waiting.answer.send(said).err()?;
        let submission = waiting.submission.filter(|_| said.status == status::OK)?;
        let carrier_id = Some(said.id).filter(|id| !id.is_empty());
        Some(CarrierEvent::TakenLate { submission, carrier_id })
    }

    fn is_idle(&self) -> bool {
        self.lock().waiting.values().all(|waiting| waiting.answer.is_closed())
    }

    /// Ends it: nobody may wait for an answer that will not come.
    fn over(&self) {
        self.window.close();
        let mut pending = self.lock();
        pending.is_over = true;
        pending.waiting.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ends {
    /// Runs the line until it ends; when `closing` turns true it is closed in good order.
    pub(super) async fn run(self, ear: Arc<dyn Ear>, closing: watch::Receiver<bool>) -> End {
        let Self { wire, line, outs } = self;
        let (reading, writing) = tokio::io::split(wire);
        let heard = Mutex::new(Instant::now());
        let end = tokio::select! {
            end = read(&line, reading, &ear, &heard) => end,
            () = write(&line, writing, outs) => End::Broken,
            () = watch_over(&line, &heard) => End::Silent,
            () = close(&line, closing) => End::Closed,
            () = leave_unfit(&line) => End::Unbound,
        };
        line.over();
        end
    }
}

/// Writes frames, those that wait together at once.
async fn write(line: &Line, mut writing: WriteHalf<Box<dyn Wire>>, mut outs: mpsc::Receiver<Out>) {
    let (mut batch, mut octets) = (Vec::with_capacity(OUT_MAX), BytesMut::new());
    while outs.recv_many(&mut batch, OUT_MAX).await > 0 {
        for out in batch.drain(..) {
            if let Some(left) = out.left {
                left.store(true, Ordering::SeqCst);
            }
            octets.extend_from_slice(&out.frame);
        }
        let written = async {
            writing.write_all(&octets).await?;
            writing.flush().await
        };
        match tokio::time::timeout(line.settings.timeout, written).await {
            Ok(Ok(())) => octets.clear(),
            Ok(Err(_)) | Err(_) => return,
        }
    }
}

/// Asks now and then whether the line is there; ends when nothing comes.
async fn watch_over(line: &Line, heard: &Mutex<Instant>) {
    let Settings { enquire, timeout, .. } = *line.settings;
    loop {
        let quiet = heard.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        if let Some(left) = enquire.checked_sub(quiet).filter(|left| !left.is_zero()) {
            tokio::time::sleep(left).await;
            continue;
        }
        let sequence = line.sequence();
        let Some(told) = line.expect(sequence, None) else { return };
        let question = Out { frame: frame::plain(command::ENQUIRE, status::OK, sequence, &[]), left: None };
        if line.out.send(question).await.is_err() || tokio::time::timeout(timeout, told).await.is_err() {
            return;
        }
    }
}

/// Closes the line once it is told to: what is under way is answered first, then both say farewell.
async fn close(line: &Line, mut closing: watch::Receiver<bool>) {
    if closing.wait_for(|is_closing| *is_closing).await.is_err() {
        // Whoever holds the line is gone.
    }
    take_leave(line).await;
}

/// The same for a line that the centre no longer lets send; whoever holds it binds anew.
async fn leave_unfit(line: &Line) {
    line.unfit.notified().await;
    take_leave(line).await;
}

async fn take_leave(line: &Line) {
    line.window.close();
    let drained = async {
        while !line.is_idle() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let _ = tokio::time::timeout(DRAIN, drained).await;
    let sequence = line.sequence();
    let Some(told) = line.expect(sequence, None) else { return };
    let farewell = Out { frame: frame::plain(command::UNBIND, status::OK, sequence, &[]), left: None };
    if line.out.send(farewell).await.is_ok() {
        let _ = tokio::time::timeout(FAREWELL, told).await;
    }
}

/// Reads frames until the line ends.
async fn read(line: &Arc<Line>, reading: ReadHalf<Box<dyn Wire>>, ear: &Arc<dyn Ear>, heard: &Mutex<Instant>) -> End {
    let mut frames = FramedRead::new(reading, frame::codec());
    let mut queues = Queues::new(line, ear);
    while let Some(Ok(octets)) = frames.next().await {
        let Some(frame) = Frame::read(octets) else { return End::Broken };
        *heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let sequence = frame.sequence;
        let answer = |command: u32, status: u32| Out {
            frame: frame::plain(command | command::ANSWER, status, sequence, &[]),
            left: None,
        };
        let said = match frame.command {
            command if command & command::ANSWER != 0 => {
                if let Some(late) = line.answered(&frame) {
                    queues.push(None, late).await;
                }
                continue;
            }
            command::DELIVER | command::DATA => {
                let delivery = match frame.command {
                    command::DELIVER => incoming::deliver(&line.settings, &frame.body),
                    _ => incoming::data(&line.settings, &frame.body),
                };
                queues.push(Some((frame.command, sequence, delivery.from)), delivery.event).await;
                continue;
            }
            command::ALERT => continue,
            command::ENQUIRE => answer(command::ENQUIRE, status::OK),
            command::UNBIND => {
                let _ = line.out.send(answer(command::UNBIND, status::OK)).await;
                // The writer gets a moment for it.
                tokio::time::sleep(Duration::from_millis(50)).await;
                return End::Unbound;
            }
            _ => answer(command::GENERIC_NACK, status::UNKNOWN_COMMAND),
        };
        if line.out.send(said).await.is_err() {
            break;
        }
    }
    End::Broken
}

/// What waits for being handed on: texts of one sender one after the other, of several at a time.
struct Queues {
    queues: Vec<mpsc::Sender<Heard>>,
    hasher: BuildHasherDefault<DefaultHasher>,
    /// Ends with the line.
    _tasks: JoinSet<()>,
}

struct Heard {
    /// Command and number to answer.
    to: Option<(u32, u32)>,
    event: CarrierEvent,
}

impl Queues {
    fn new(line: &Arc<Line>, ear: &Arc<dyn Ear>) -> Self {
        let mut tasks = JoinSet::new();
        let queues = (0..QUEUES).map(|_| {
            let (queue, mut heard) = mpsc::channel::<Heard>(QUEUE_MAX);
            let (line, ear) = (Arc::clone(line), Arc::clone(ear));
            tasks.spawn(async move {
                while let Some(Heard { to, event }) = heard.recv().await {
                    let said = match ear.hear(&event).await {
                        Ok(()) => status::OK,
                        Err(Unheard::Later) => status::TRY_AGAIN,
                        Err(Unheard::Never) => status::NEVER,
                    };
                    let Some((command, sequence)) = to else { continue };
                    // `deliver_sm_resp` has an empty id.
                    let frame = frame::plain(command | command::ANSWER, said, sequence, b"\0");
                    let _ = line.out.send(Out { frame, left: None }).await;
                }
            });
            queue
        });
        Self { queues: queues.collect(), hasher: BuildHasherDefault::default(), _tasks: tasks }
    }

    async fn push(&mut self, from: Option<(u32, u32, String)>, event: CarrierEvent) {
        let (to, place) = match from {
            Some((command, sequence, from)) => (Some((command, sequence)), self.hasher.hash_one(from)),
            None => (None, 0),
        };
        let place = usize::try_from(place % QUEUES as u64).unwrap_or_default();
        // The receiver lives as long as this.
        let _ = self.queues[place].send(Heard { to, event }).await;
    }
}
