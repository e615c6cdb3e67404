//! The runner of outside calls: so many at a time, so many of them to one host, and a new one begins as soon as a place is free.

use std::{
    collections::{HashMap, HashSet},
    panic::AssertUnwindSafe,
    time::Duration,
};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use jiff::SignedDuration;
use mhero_store::EffectRow;
use tokio::sync::watch;

use crate::{App, AppError};

/// Calls made at a time.
const AT_ONCE: usize = 16;
/// Calls made at a time to one host: one that does not answer holds up its own calls and no others.
const AT_ONCE_A_HOST: usize = 4;
/// Longest sleep of the runner that nobody wakes.
const NAP: SignedDuration = SignedDuration::from_millis(500);
/// The same by the wall, for a clock that stands still.
const NAP_BY_THE_WALL: Duration = Duration::from_secs(2);
/// Naps after a failure grow to this many seconds.
const NAP_SECONDS_MAX: u32 = 30;

/// Calls under way.
#[derive(Default)]
struct UnderWay<'a> {
    calls: FuturesUnordered<BoxFuture<'a, (String, String)>>,
    keys: HashSet<String>,
    hosts: HashMap<String, usize>,
}

impl<'a> UnderWay<'a> {
    /// The hosts with which as many calls are under way as may be.
    fn full_hosts(&self) -> Vec<&str> {
        self.hosts.iter().filter(|(_, count)| **count >= AT_ONCE_A_HOST).map(|(host, _)| host.as_str()).collect()
    }

    fn take(&mut self, app: &'a App, row: EffectRow) {
        let (key, host) = (row.key.clone(), row.peer.clone());
        self.keys.insert(key.clone());
        *self.hosts.entry(host.clone()).or_default() += 1;
        self.calls.push(
            async move {
                match AssertUnwindSafe(app.make_call(&row)).catch_unwind().await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(effect = %row.id, %error, "an outside call could not be settled"),
                    Err(_) => tracing::error!(effect = %row.id, "an outside call ended in a defect of this program"),
                }
                (key, host)
            }
            .boxed(),
        );
    }

    /// Begins what is ready, as far as there are places. Returns how many.
    async fn fill(&mut self, app: &'a App) -> Result<usize, AppError> {
        let now = app.clock().now_micros();
        app.give_up_lost(now).await?;
        let mut begun = 0;
        while self.calls.len() < AT_ONCE {
            let most = i64::try_from(AT_ONCE + self.calls.len()).unwrap_or(i64::MAX);
            let rows = app.store().ready_effects(now, &self.full_hosts(), most).await?;
            let before = begun;
            for row in rows {
                let is_full = self.hosts.get(&row.peer).is_some_and(|count| *count >= AT_ONCE_A_HOST);
                if self.calls.len() >= AT_ONCE || is_full || self.keys.contains(&row.key) {
                    continue;
                }
                self.take(app, row);
                begun += 1;
            }
            if begun == before {
                break;
            }
        }
        Ok(begun)
    }

    /// One of them is through. False when there was none.
    async fn settle_one(&mut self) -> bool {
        let Some((key, host)) = self.calls.next().await else { return false };
        self.keys.remove(&key);
        if let Some(count) = self.hosts.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                self.hosts.remove(&host);
            }
        }
        true
    }
}

impl App {
    /// Makes the calls that are ready, and those that become ready meanwhile, until none is. Returns how many.
    pub(crate) async fn effects_pass(&self) -> Result<usize, AppError> {
        let mut under_way = UnderWay::default();
        let mut count = 0;
        loop {
            count += under_way.fill(self).await?;
            if !under_way.settle_one().await {
                return Ok(count);
            }
        }
    }

    /// Makes outside calls until `stop` becomes true, and waits for those under way: their answers must not be lost.
    pub(crate) async fn run_effects(&self, mut stop: watch::Receiver<bool>) {
        let mut under_way = UnderWay::default();
        let mut failures = 0u32;
        while !*stop.borrow() {
            // Made before the look: what becomes ready while it looks must not be slept over.
            let woken = self.woken();
            match under_way.fill(self).await {
                Ok(_) | Err(AppError::NotInitialised) => failures = 0,
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures.is_power_of_two() {
                        tracing::error!(runner = "effects", failures, %error, "a pass failed; it will be tried again");
                    }
                }
            }
            let seconds = i64::from(failures.min(NAP_SECONDS_MAX));
            let nap = if failures > 0 { SignedDuration::from_secs(seconds) } else { NAP };
            tokio::select! {
                true = under_way.settle_one() => {}
                () = woken, if failures == 0 => {}
                () = self.clock().sleep(nap) => {}
                () = tokio::time::sleep(NAP_BY_THE_WALL) => {}
                _ = stop.changed() => {}
            }
        }
        while under_way.settle_one().await {}
    }
}
