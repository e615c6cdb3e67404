//! The mock universe of the pack: a clock that moves on at every reading, ids and chance from a seed.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{Timestamp, ToSpan};
use mhero_expr::{Chance, Clock};
use uuid::Uuid;

use crate::prng::Stream;
pub(crate) use crate::prng::{Pcg, SEED};

use mhero_flow::{contact::Urn, world::World};

/// The clock's first reading.
pub(crate) const START: &str = "2025-05-04T12:30:45.123456789Z";

/// The domain that web hooks may not call.
const BLOCKED_DOMAIN: &str = "graph.facebook.com";

/// The mock universe.
pub(crate) struct Universe {
    clock: Arc<Ticking>,
    ids: Pcg,
    chance: Arc<Stream>,
}

impl Universe {
    /// The universe in which sessions are tested: each reading of the clock is a second after the one before.
    pub(crate) fn new() -> Self {
        Self::at(START, 1)
    }

    /// A universe with another clock, which moves by so many seconds at each reading.
    pub(crate) fn at(now: &str, tick: i64) -> Self {
        let now = now.parse().expect("an instant of the pack");
        Self {
            clock: Arc::new(Ticking { now: Mutex::new(now), tick }),
            ids: Pcg::new(SEED),
            chance: Arc::new(Stream::new(SEED)),
        }
    }

    /// Reads the clock.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.clock.now()
    }
}

/// A clock that moves on when it is read.
struct Ticking {
    now: Mutex<Timestamp>,
    /// Seconds from one reading to the next.
    tick: i64,
}

impl Ticking {
    /// What it shows before it moves on.
    fn shows(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let read = *now;
        *now += self.tick.seconds();
        read
    }
}

impl World for Universe {
    fn now(&mut self) -> Timestamp {
        self.tick()
    }

    /// The reference reads its clock for a query with a date only.
    fn today(&mut self) -> Timestamp {
        self.clock.shows()
    }

    fn clock(&self) -> Option<Arc<dyn Clock>> {
        Some(self.clock.clone())
    }

    fn uuid_v4(&mut self) -> Uuid {
        self.ids.uuid_v4()
    }

    fn uuid_v7(&mut self) -> Uuid {
        let now = self.tick();
        self.ids.uuid_v7(now)
    }

    fn chance(&self) -> Arc<dyn Chance> {
        self.chance.clone()
    }

    /// Paths that contain "taken" belong to somebody else.
    fn claim_urn(&mut self, _contact: Uuid, urn: &Urn) -> bool {
        !urn.path().contains("taken")
    }

    fn blocks_host(&self, host: &str) -> bool {
        mhero_flow::actions::is_blocked_host(host, &[BLOCKED_DOMAIN])
    }

    fn user_agent(&self) -> &str {
        "goflow-testing"
    }

    fn forbids(&self, msg: &mhero_flow::events::MsgOut) -> bool {
        msg.text.contains("FORBIDDEN")
    }
}
