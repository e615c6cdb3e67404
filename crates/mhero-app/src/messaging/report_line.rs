//! Reports that arrive together are written together: while one unit of them is on its way to the disk, the next ones gather. A
//! gateway brings several for each text, and each hears that it was taken only when its unit is on disk.

use std::{
    collections::{HashMap, VecDeque},
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use mhero_core::{ChannelId, SubmissionId};
use mhero_store::{Engine, Queue, StoreError, Unit};
use tokio::sync::{Mutex as Turn, Notify, oneshot};

use crate::{App, AppError};

/// Most reports in one unit.
const TOGETHER_MAX: usize = 256;
/// Units of reports follow one another no faster than this.
const GATHER: Duration = Duration::from_millis(4);
/// How many submissions of this process are remembered, for reports that the network has them.
const LATELY_MAX: usize = 65_536;
/// How long a report waits for the answer to what it reports on; then the gateway is to report again.
const LEFT_WAIT: Duration = Duration::from_secs(5);

/// Whether a report found its submission as it should be.
type Answer = Result<bool, StoreError>;

/// Reports of delivery that wait to be written.
#[derive(Default)]
pub(super) struct ReportLine {
    waiting: Mutex<VecDeque<Waiting>>,
    /// Held by whoever writes; when the last unit was written.
    turn: Turn<Option<Instant>>,
}

struct Waiting {
    channel: ChannelId,
    submission: SubmissionId,
    answer: oneshot::Sender<Answer>,
}

/// Submissions that this process handed over lately. A report that the network has one need not be written where the answer
/// says the same and is on disk.
#[derive(Default)]
pub(super) struct Lately {
    remembered: Mutex<Remembered>,
    ended: Notify,
}

#[derive(Default)]
struct Remembered {
    stages: HashMap<SubmissionId, Stage>,
    /// Those whose end is written, oldest first.
    written: VecDeque<SubmissionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    UnderWay { has_left: bool },
    Taken,
}

impl ReportLine {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lately {
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a submission is being handed over.
    pub(super) fn begin(&self, id: SubmissionId) {
        self.lock().stages.insert(id, Stage::UnderWay { has_left: false });
    }

    /// Whether the network has said that it has one that is under way.
    pub(super) fn has_left(&self, id: SubmissionId) -> bool {
        self.lock().stages.get(&id) == Some(&Stage::UnderWay { has_left: true })
    }

    /// Notes that attempts have ended, and whether it is on disk that the carrier took each.
    pub(super) fn end(&self, ended: impl Iterator<Item = (SubmissionId, bool)>) {
        {
            let mut remembered = self.lock();
            for (id, is_taken) in ended {
                if is_taken {
                    remembered.stages.insert(id, Stage::Taken);
                    remembered.written.push_back(id);
                } else {
                    remembered.stages.remove(&id);
                }
            }
            while remembered.written.len() > LATELY_MAX
                && let Some(oldest) = remembered.written.pop_front()
            {
                remembered.stages.remove(&oldest);
            }
        }
        self.ended.notify_waiters();
    }

    /// Waits until the end of some attempts is written, at most so long.
    pub(super) async fn until_some_end(&self, limit: Duration) {
        let _ = tokio::time::timeout(limit, self.ended.notified()).await;
    }

    /// Notes that the network has one, and waits for the end of its attempt. Returns whether that says so too.
    pub(super) async fn left(&self, id: SubmissionId) -> bool {
        let ended = async {
            loop {
                let mut ended = pin!(self.ended.notified());
                ended.as_mut().enable();
                match self.lock().stages.get_mut(&id) {
                    None => return false,
                    Some(Stage::Taken) => return true,
                    Some(Stage::UnderWay { has_left }) => *has_left = true,
                }
                ended.await;
            }
        };
        tokio::time::timeout(LEFT_WAIT, ended).await.unwrap_or(false)
    }
}

impl App {
    /// Writes that the phone has a message which left in one part. Returns whether there was such a submission, which may still
    /// be reported on.
    pub(super) async fn write_delivered(&self, channel: ChannelId, id: SubmissionId) -> Result<bool, AppError> {
        if self.store().engine() == Engine::Postgres {
            // Several connections write at once there, and units that touch many messages would wait for each other.
            let mut unit = Unit::new();
            unit.whole_delivered(id, channel, self.clock().now_micros());
            return Ok(self.store().write(unit, Queue::Interactive).await?.rows[0] > 0);
        }
        let line = self.carriers().reports();
        let (answer, mut answered) = oneshot::channel();
        line.lock().push_back(Waiting { channel, submission: id, answer });
        let mut turn = line.turn.lock().await;
        if let Ok(answer) = answered.try_recv() {
            return Ok(answer?);
        }
        // A commit costs the same for one and for many: where they come fast, a few gather first.
        if let Some(rest) = turn.and_then(|last| GATHER.checked_sub(last.elapsed())) {
            tokio::time::sleep(rest).await;
        }
        // Those before may be more than one unit takes.
        loop {
            let together: Vec<Waiting> = {
                let mut waiting = line.lock();
                let count = waiting.len().min(TOGETHER_MAX);
                waiting.drain(..count).collect()
            };
            if together.is_empty() {
                drop(turn);
                // Whoever took it was interrupted: the gateway is to report again.
                return Ok(answered.await.map_err(|_| StoreError::Closed)??);
            }
            self.write_together(together).await;
            *turn = Some(Instant::now());
            if let Ok(answer) = answered.try_recv() {
                return Ok(answer?);
            }
        }
    }

    async fn write_together(&self, together: Vec<Waiting>) {
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        let mut places = Vec::with_capacity(together.len());
        for waiting in &together {
            places.push(unit.len());
            unit.whole_delivered(waiting.submission, waiting.channel, now);
        }
        let written = self.store().write(unit, Queue::Interactive).await;
        for (waiting, place) in together.into_iter().zip(places) {
            let answer = match &written {
                Ok(done) => Ok(done.rows.get(place).is_some_and(|rows| *rows > 0)),
                Err(error) => Err(error.clone()),
            };
            // Whoever asked may be gone; it is written all the same.
            let _ = waiting.answer.send(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> SubmissionId {
        SubmissionId::from_uuid(uuid::Uuid::from_u128(n as u128))
    }

    #[tokio::test]
    async fn what_the_network_has_is_known_once_the_answer_is_on_disk() {
        let lately = Lately::default();
        assert!(!lately.left(id(1)).await, "of another process");
        lately.begin(id(1));
        lately.begin(id(2));
        let heard = async { (lately.left(id(1)).await, lately.left(id(2)).await) };
        let ended = async {
            // The first look of the report comes before.
            tokio::task::yield_now().await;
            assert!(lately.has_left(id(1)) && !lately.has_left(id(2)));
            lately.end([(id(1), true), (id(2), false)].into_iter());
        };
        assert_eq!(futures::join!(heard, ended).0, (true, false));
        lately.end((0..=LATELY_MAX).map(|n| (id(n), true)));
        assert!(!lately.left(id(0)).await && lately.left(id(LATELY_MAX)).await, "the oldest is forgotten");
    }
}
