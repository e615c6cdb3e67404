//! The mock universe of the pack: a clock that moves on at every reading, ids and chance from a seed.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use mhero_expr::Chance;
use uuid::Uuid;

pub(crate) use crate::prng::{Pcg, SEED};
use crate::prng::Stream;

#[cfg(feature = "flow")]
use mhero_flow::{contact::Urn, world::World};

/// The clock's first reading.
pub(crate) const START: &str = "2025-05-04T12:30:45.123456789Z";

/// The domain that web hooks may not call.
#[cfg(feature = "flow")]
const BLOCKED_DOMAIN: &str = "graph.facebook.com";

/// The mock universe.
pub(crate) struct Universe {
    now: Timestamp,
    tick: i64,
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
        Self { now, tick, ids: Pcg::new(SEED), chance: Arc::new(Stream::new(SEED)) }
    }

    /// Reads the clock.
    pub(crate) fn tick(&mut self) -> Timestamp {
        let now = self.now;
        self.now += self.tick.seconds();
        now
    }
}

#[cfg(feature = "flow")]
impl World for Universe {
    fn now(&mut self) -> Timestamp {
        self.tick()
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
