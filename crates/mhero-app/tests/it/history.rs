//! Histories by chance: sends, texts, reports, STOP and START, pauses, clocks that jump, carriers that fail, processes that
//! die at any instant. Whatever happens, the promises of delivery hold at the end.

mod check;
mod world;

use futures::StreamExt;
use mhero_store::Engine;

use crate::common::engines;
use world::World;

/// Seeds run on SQLite.
const ON_SQLITE: u64 = 60;
/// Seeds run on PostgreSQL.
const ON_POSTGRES: u64 = 10;
/// Histories that follow one another on the same data.
const IN_ONE_WORLD: u64 = 10;
/// Worlds beside one another.
const AT_ONCE: usize = 5;
/// Things that happen in one history.
const STEPS: u64 = 22;

/// Runs the seed in the environment, or a share of all of them.
async fn histories(engine: Engine, seeds: std::ops::Range<u64>) {
    if !engines().contains(&engine) {
        return;
    }
    let only = std::env::var("MHERO_HISTORY").ok().and_then(|seed| seed.parse::<u64>().ok());
    let first = only.map(|seed| seed - seed % IN_ONE_WORLD);
    let begins = seeds.step_by(usize::try_from(IN_ONE_WORLD).expect("a small number"));
    let worlds = begins.filter(|begin| first.is_none_or(|first| first == *begin)).map(|begin| async move {
        let mut world = World::new(engine).await;
        for seed in begin..begin + IN_ONE_WORLD {
            world.begin(seed).await;
            for _ in 0..STEPS {
                Box::pin(world.step()).await;
                world.watch().await;
            }
            world.settle().await;
            world.check().await;
        }
    });
    // Beside one another, because each mostly waits for its disk.
    futures::stream::iter(worlds).buffer_unordered(AT_ONCE).collect::<()>().await;
}

#[tokio::test]
async fn no_history_breaks_a_promise_on_sqlite() {
    histories(Engine::Sqlite, 0..ON_SQLITE / 2).await;
}

#[tokio::test]
async fn no_further_history_breaks_a_promise_on_sqlite() {
    histories(Engine::Sqlite, ON_SQLITE / 2..ON_SQLITE).await;
}

#[tokio::test]
async fn no_history_breaks_a_promise_on_postgres() {
    histories(Engine::Postgres, 0..ON_POSTGRES).await;
}
