//! A world with a clock that a script sets, and ids that repeat.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use mhero_expr::Chance;
use mhero_flow::world::World;
use uuid::Uuid;

/// The last digits of every id, so that references that a flow makes of them are the same whatever the engine does before.
const TAIL: u128 = 0x3f_9a1c;

/// The world of one conversation.
pub(crate) struct Stage {
    now: Timestamp,
    ids: u128,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self { now: "2026-06-15T16:00:00Z".parse().expect("an instant"), ids: 0 }
    }

    pub(crate) fn pass(&mut self, seconds: u32) {
        self.now += SignedDuration::from_secs(i64::from(seconds));
    }

    fn id(&mut self, version: u128) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(0x0190_0000_0000_0000_8000_0000_0000_0000 | version << 76 | self.ids << 24 | TAIL)
    }
}

impl World for Stage {
    fn now(&mut self) -> Timestamp {
        self.now
    }

    fn uuid_v4(&mut self) -> Uuid {
        self.id(4)
    }

    fn uuid_v7(&mut self) -> Uuid {
        self.id(7)
    }

    fn chance(&self) -> Arc<dyn Chance> {
        Arc::new(Even)
    }
}

struct Even;

impl Chance for Even {
    fn next(&self) -> u64 {
        1 << 63
    }
}
