//! Who is told of each call that an edge makes to another system.
//!
//! A use case that will call others enters a *journey*; the client of an edge asks for the journey that it is on and tells it what it
//! called. So no client needs to know who keeps the log, and calls of one run share one correlation.

use std::{future::Future, sync::Arc, time::Duration};

use uuid::Uuid;

use crate::App;

tokio::task_local! {
    static JOURNEY: Journey;
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// It was answered with a status.
    Answered(u16),
    /// Nothing left this machine.
    NotSent,
    /// It may have been heard, and no whole answer came.
    Unknown,
}

impl CallEnd {
    /// The word of the log: `ok`, `refused`, `failed`, `unknown`.
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::Answered(200..=399) => "ok",
            Self::Answered(400..=499) => "refused",
            Self::Answered(_) | Self::NotSent => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The status, where there was an answer.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Answered(status) => Some(status),
            Self::NotSent | Self::Unknown => None,
        }
    }
}

/// One call that was made to another system.
#[derive(Clone)]
pub struct CallMade {
    /// The other system, by the name it has here.
    pub peer: String,
    /// `http`, `mail` ...
    pub protocol: &'static str,
    /// `GET`.
    pub method: String,
    /// The whole address. The witness takes out what is secret or a number.
    pub url: String,
    /// How it ended.
    pub end: CallEnd,
    /// What was sent; empty where nobody wants bodies.
    pub request: Vec<u8>,
    /// What was answered; empty where nobody wants bodies, or where it was read piece by piece.
    pub response: Vec<u8>,
    /// Octets that were sent.
    pub sent: u64,
    /// Octets that were answered, where that is known.
    pub received: Option<u64>,
    /// How long it took.
    pub took: Duration,
}

impl std::fmt::Debug for CallMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallMade").field("peer", &self.peer).field("end", &self.end).finish_non_exhaustive()
    }
}

/// Keeps a log of calls. Neither of these may wait.
pub trait Witness: Send + Sync {
    /// A call was made.
    fn called(&self, correlation: Uuid, call: CallMade);

    /// Whether it keeps what was sent and answered.
    fn wants_bodies(&self) -> bool;
}

/// Calls that belong together, and who is told of them.
#[derive(Clone)]
pub struct Journey {
    /// What belongs together shares it.
    pub correlation: Uuid,
    witness: Arc<dyn Witness>,
}

impl std::fmt::Debug for Journey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journey").field("correlation", &self.correlation).finish_non_exhaustive()
    }
}

impl Journey {
    /// A journey.
    pub fn new(correlation: Uuid, witness: Arc<dyn Witness>) -> Self {
        Self { correlation, witness }
    }

    /// The journey of this task, if it is on one.
    pub fn current() -> Option<Self> {
        JOURNEY.try_with(Clone::clone).ok()
    }

    /// Does something on this journey.
    pub async fn during<F: Future>(self, work: F) -> F::Output {
        JOURNEY.scope(self, work).await
    }

    /// Whether anybody keeps what was sent and answered.
    pub fn wants_bodies(&self) -> bool {
        self.witness.wants_bodies()
    }

    /// A call was made.
    pub fn tell(&self, call: CallMade) {
        self.witness.called(self.correlation, call);
    }
}

impl App {
    /// Says who is told of calls to other systems; the first one stays.
    pub fn set_witness(&self, witness: Arc<dyn Witness>) {
        self.witness_slot().get_or_init(|| witness);
    }

    /// Does something that may call other systems: on the journey that is under way, else on a new one.
    pub fn on_journey<'a, F: Future + 'a>(&'a self, work: F) -> impl Future<Output = F::Output> + use<'a, F> {
        // A run holds much, and would lie in every future around it.
        let work = Box::pin(work);
        async move {
            match (Journey::current(), self.witness_slot().get()) {
                (None, Some(witness)) => {
                    let correlation = self.new_correlation();
                    Journey::new(correlation, Arc::clone(witness)).during(work).await
                }
                _ => work.await,
            }
        }
    }
}
