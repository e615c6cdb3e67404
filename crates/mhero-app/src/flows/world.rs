//! Time, ids and chance of the server, for the engine.

use std::sync::Arc;

use jiff::Timestamp;
use mhero_expr::Chance;
use mhero_flow::world::World;
use mhero_store::Store;
use uuid::Uuid;

/// The world of one sprint.
pub(super) struct ServerWorld<'a>(pub(super) &'a Store);

/// The chance of the operating system.
struct Dice;

impl Chance for Dice {
    fn next(&self) -> u64 {
        rand::random()
    }
}

impl World for ServerWorld<'_> {
    fn now(&mut self) -> Timestamp {
        self.0.now()
    }

    fn uuid_v4(&mut self) -> Uuid {
        Uuid::new_v4()
    }

    fn uuid_v7(&mut self) -> Uuid {
        self.0.mint().uuid()
    }

    fn chance(&self) -> Arc<dyn Chance> {
        Arc::new(Dice)
    }
}
