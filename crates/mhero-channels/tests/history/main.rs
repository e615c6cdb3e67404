//! Histories by chance: the whole application with a real driver, an operator that does everything wrong, phones that write and stop,
//! officials that send, processes that die at any instant, disks that fill up or fail, clocks that jump, networks that go silent.
//! Whatever happens, the promises of delivery hold at the end.
//!
//! `cargo xtask histories --seeds 1000` runs more of them; `MHERO_HISTORY=17` runs one seed again, whose story is told where it breaks
//! a promise.

#[cfg(test)]
mod check;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod process;
#[cfg(test)]
mod world;

#[cfg(test)]
mod histories {
    use std::time::Instant;

    use futures::StreamExt as _;
    use mhero_store::Engine;
    use mhero_testkit::Postgres;

    use crate::{peer::Way, world::World};

    /// Worlds beside one another: each mostly waits.
    const AT_ONCE: usize = 10;
    /// Things that happen in one history.
    const STEPS: u64 = 14;
    /// Seeds that once broke a promise; they are run each time.
    const KEPT: &[(Way, u64)] = &[(Way::Http, 116)];

    /// A number of the environment.
    fn told(name: &str) -> Option<u64> {
        std::env::var(name).ok().and_then(|value| value.parse().ok())
    }

    /// Lives one history to its end. Returns how many texts were taken twice.
    async fn live(way: Way, engine: Engine, seed: u64) -> usize {
        let mut world = World::new(way, engine, seed).await;
        for _ in 0..STEPS {
            Box::pin(world.step()).await;
            world.watch().await;
        }
        Box::pin(world.settle()).await;
        let doubled = world.check().await;
        world.end().await;
        doubled
    }

    /// Runs the seed in the environment, or as many as it says, or those of `make test` and those that once broke a promise.
    async fn histories(way: Way, engine: Engine, seeds: u64) {
        let first = told("MHERO_HISTORIES_FROM").unwrap_or(0);
        let all = told("MHERO_HISTORIES").unwrap_or(seeds);
        let mut seeds: Vec<u64> = match told("MHERO_HISTORY") {
            Some(seed) => vec![seed],
            None => (first..first + all).collect(),
        };
        if seeds.len() > 1 {
            let kept = KEPT.iter().filter(|(of, _)| *of == way).map(|(_, seed)| *seed);
            let new: Vec<u64> = kept.filter(|seed| !seeds.contains(seed)).collect();
            seeds.extend(new);
        }
        let worlds = seeds.into_iter().map(|seed| async move {
            let began = Instant::now();
            // A seed that breaks a promise tells so and does not keep the others from being run.
            let lived = tokio::spawn(live(way, engine, seed)).await;
            println!("{way:?} {engine:?} {seed}: {:.1} s", began.elapsed().as_secs_f64());
            lived.map_err(|_| seed)
        });
        let lived: Vec<Result<usize, u64>> = futures::stream::iter(worlds).buffer_unordered(AT_ONCE).collect().await;
        let broken: Vec<u64> = lived.iter().filter_map(|lived| lived.as_ref().err().copied()).collect();
        assert!(broken.is_empty(), "broken: {way:?} {engine:?} {broken:?}");
        let happened = lived.iter().filter(|lived| lived.as_ref().is_ok_and(|doubled| *doubled > 0)).count();
        assert!(lived.len() < 30 || happened > 0, "nothing went wrong in {} histories", lived.len());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn smpp_keeps_its_promises_on_sqlite() {
        histories(Way::Smpp, Engine::Sqlite, 30).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn smpp_keeps_its_promises_on_postgres() {
        if Postgres::get().is_some() {
            histories(Way::Smpp, Engine::Postgres, 10).await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn http_keeps_its_promises_on_sqlite() {
        histories(Way::Http, Engine::Sqlite, 30).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn http_keeps_its_promises_on_postgres() {
        if Postgres::get().is_some() {
            histories(Way::Http, Engine::Postgres, 10).await;
        }
    }
}
