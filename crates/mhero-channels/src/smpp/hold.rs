//! Holding the binds: each is made again when it ends, a little later each time.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use mhero_app::ports::Ear;
use tokio::{sync::watch, task::JoinSet, time::Instant};

use super::{
    bind::{Bound, Trouble, bind},
    line::{End, Line},
    settings::{Role, Settings},
};

/// Waits before the second, third ... try, in milliseconds. The last one stays.
const WAITS_MILLIS: [u64; 7] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/// The same where the account was refused: many tries in a row lock it.
const ACCOUNT_WAITS_MILLIS: [u64; 4] = [5_000, 30_000, 60_000, 300_000];
/// A line that held so long was a good one: the next try is a first one.
const GOOD: Duration = Duration::from_secs(30);

/// The binds of one channel, as they are just now.
pub(super) struct Binds {
    slots: Mutex<Vec<Slot>>,
    /// Changes with each bind that comes or goes.
    changed: watch::Sender<u64>,
}

#[derive(Clone, Default)]
struct Slot {
    line: Option<Arc<Line>>,
    trouble: Option<Trouble>,
}

impl Binds {
    pub(super) fn new(count: usize) -> Self {
        Self { slots: Mutex::new(vec![Slot::default(); count]), changed: watch::Sender::new(0) }
    }

    /// How many submissions may be under way.
    pub(super) fn room(&self) -> usize {
        self.lock().iter().filter_map(|slot| slot.line.as_ref()).map(|line| line.room()).sum()
    }

    /// The line with the most room.
    pub(super) fn best(&self) -> Option<Arc<Line>> {
        let slots = self.lock();
        let lines = slots.iter().filter_map(|slot| slot.line.as_ref()).filter(|line| line.room() > 0);
        lines.max_by_key(|line| line.free()).cloned()
    }

    /// Whether every bind is there.
    pub(super) fn are_all_up(&self) -> bool {
        self.lock().iter().all(|slot| slot.line.is_some())
    }

    /// Whether one is there by which messages leave, be it that it rests just now.
    pub(super) fn sends(&self) -> bool {
        self.lock().iter().filter_map(|slot| slot.line.as_ref()).any(|line| line.role.sends())
    }

    /// Why one is not there.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.lock().iter().filter(|slot| slot.line.is_none()).find_map(|slot| slot.trouble.clone())
    }

    fn set(&self, place: usize, line: Option<Arc<Line>>, trouble: Option<Trouble>) {
        self.lock()[place] = Slot { line, trouble };
        self.changed.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds all binds until `closing` turns true.
pub(super) async fn hold(
    settings: &Arc<Settings>,
    binds: &Arc<Binds>,
    ear: &Arc<dyn Ear>,
    closing: &watch::Receiver<bool>,
) {
    let mut held = JoinSet::new();
    for (place, role) in settings.roles.iter().copied().enumerate() {
        let (settings, binds) = (Arc::clone(settings), Arc::clone(binds));
        let (ear, closing) = (Arc::clone(ear), closing.clone());
        held.spawn(async move { hold_one(&settings, &binds, (place, role), ear, closing).await });
    }
    while held.join_next().await.is_some() {}
}

async fn hold_one(
    settings: &Arc<Settings>,
    binds: &Binds,
    (place, role): (usize, Role),
    ear: Arc<dyn Ear>,
    mut closing: watch::Receiver<bool>,
) {
    let mut failures = 0_usize;
    while !*closing.borrow() {
        let bound = tokio::select! {
            bound = bind(settings, role) => bound,
            _ = closing.wait_for(|is_closing| *is_closing) => return,
        };
        let trouble = match bound {
            Err(trouble) => trouble,
            Ok(Bound { wire, next }) => {
                let (line, ends) = Line::new(settings, role, wire, next);
                tracing::info!(channel = %settings.channel, bind = place, "bound to the SMS centre");
                binds.set(place, Some(line), None);
                ear.ready();
                let began = Instant::now();
                let end = ends.run(Arc::clone(&ear), closing.clone()).await;
                if began.elapsed() >= GOOD {
                    failures = 0;
                }
                Trouble::Lost(end)
            }
        };
        let is_closed = trouble == Trouble::Lost(End::Closed);
        failures += 1;
        if !is_closed && failures.is_power_of_two() {
            tracing::warn!(channel = %settings.channel, bind = place, failures, why = trouble.word(), "no bind");
        }
        let wait = wait(failures, trouble.is_of_account());
        binds.set(place, None, Some(trouble).filter(|_| !is_closed));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = closing.wait_for(|is_closing| *is_closing) => return,
        }
    }
}

/// How long to wait after so many failures, give or take a quarter: a hundred clients must not come back at once.
fn wait(failures: usize, is_of_account: bool) -> Duration {
    let waits: &[u64] = if is_of_account { &ACCOUNT_WAITS_MILLIS } else { &WAITS_MILLIS };
    let millis = waits[failures.saturating_sub(1).min(waits.len() - 1)];
    let chance = uuid::Uuid::new_v4().as_u64_pair().1 % (millis / 2).max(1);
    Duration::from_millis(millis - millis / 4 + chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_leave_as_long_as_one_line_is_left_that_sends() {
        let given = [("host", "h"), ("system_id", "s"), ("password", "p")];
        let config = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let channel = mhero_core::ChannelId::from_uuid(uuid::Uuid::nil());
        let settings = Arc::new(Settings::read(channel, &config).unwrap());
        let line = |role| Some(Line::new(&settings, role, Box::new(tokio::io::duplex(64).0), 2).0);
        let binds = Binds::new(3);
        binds.set(0, None, Some(Trouble::Refused));
        binds.set(1, line(Role::Receiver), None);
        assert!(binds.trouble().is_some() && !binds.sends(), "it only hears");
        for role in [Role::Transmitter, Role::Transceiver] {
            binds.set(2, line(role), None);
            assert!(binds.trouble().is_some() && binds.sends(), "{role:?}");
        }
    }

    #[test]
    fn waits_grow_and_differ_and_stay_bounded() {
        for failures in 1..20 {
            for (is_of_account, most) in [(false, 37_500), (true, 375_000)] {
                let millis = wait(failures, is_of_account).as_millis();
                assert!((375..=most).contains(&millis), "{millis}");
            }
        }
        assert!(wait(1, true) > wait(1, false));
    }
}
