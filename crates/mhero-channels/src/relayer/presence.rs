//! Whether the phone of a channel asks just now, as the sender and the question that is held back tell each other.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use super::status::Status;

/// The phone of one channel.
#[derive(Debug)]
pub(super) struct Presence {
    open_until: Mutex<Option<Instant>>,
    /// Which question is the last one: an older one is answered at once, with nothing.
    question: AtomicU64,
    /// Something waits for the phone.
    waiting: Notify,
    /// The phone has spoken, or was given something.
    spoke: watch::Sender<u64>,
    /// How it said it was, and when that was, in UTC microseconds; none where no phone is known.
    status: Mutex<Option<(Status, i64)>>,
    is_known: AtomicBool,
    /// How often the line was closed: questions that are held back then are answered, later ones are held as ever.
    closings: AtomicU64,
}

impl Default for Presence {
    fn default() -> Self {
        Self {
            open_until: Mutex::default(),
            question: AtomicU64::new(0),
            waiting: Notify::new(),
            spoke: watch::Sender::new(0),
            status: Mutex::default(),
            is_known: AtomicBool::new(false),
            closings: AtomicU64::new(0),
        }
    }
}

impl Presence {
    /// Whether it asks just now.
    pub(super) fn is_open(&self) -> bool {
        let until = *self.open_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| until > Instant::now())
    }

    /// It asks, and waits so long.
    pub(super) fn open(&self, time: Duration) {
        *self.open_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + time);
    }

    /// It has its answer.
    pub(super) fn shut(&self) {
        *self.open_until.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A new question; returns its number.
    pub(super) fn ask(&self) -> u64 {
        let number = self.question.fetch_add(1, Ordering::SeqCst) + 1;
        self.waiting.notify_waiters();
        number
    }

    /// Whether a question is still the last one.
    pub(super) fn is_last(&self, number: u64) -> bool {
        self.question.load(Ordering::SeqCst) == number
    }

    /// Something waits for it.
    pub(super) fn has_work(&self) {
        self.waiting.notify_waiters();
    }

    /// Waits until something does.
    pub(super) fn work(&self) -> impl Future<Output = ()> + '_ {
        self.waiting.notified()
    }

    /// It has spoken, or was given something.
    pub(super) fn has_spoken(&self) {
        self.spoke.send_modify(|count| *count += 1);
    }

    /// Hears when it speaks.
    pub(super) fn listen(&self) -> watch::Receiver<u64> {
        self.spoke.subscribe()
    }

    /// Notes how it is, and when it said so; `None` where the channel has no phone.
    pub(super) fn note(&self, status: Option<(Status, i64)>) {
        self.is_known.store(true, Ordering::SeqCst);
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// How it is, once it was looked: the inner is `None` where the channel has no phone.
    pub(super) fn status(&self) -> Option<Option<(Status, i64)>> {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.is_known.load(Ordering::SeqCst).then_some(status)
    }

    /// The program ends, or the channel is paused: questions that are held back are answered.
    pub(super) fn close(&self) {
        self.closings.fetch_add(1, Ordering::SeqCst);
        self.waiting.notify_waiters();
        self.has_spoken();
    }

    /// How often that was so.
    pub(super) fn closings(&self) -> u64 {
        self.closings.load(Ordering::SeqCst)
    }
}
