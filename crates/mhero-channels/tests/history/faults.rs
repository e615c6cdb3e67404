//! What can go wrong beside the operator: processes that die, disks, clocks, networks.

use jiff::{SignedDuration, Timestamp};
use mhero_store::{DiskFault, Engine};
use mhero_testkit::Weather;

use super::{process::Process, world::World};

/// Longer than any lease, in microseconds.
const PAST_LEASES_MICROS: i64 = 61_000_000;
/// A day, in seconds.
const DAY: i64 = 24 * 3_600;

impl World {
    /// What is connected is cut.
    pub(super) fn cut(&mut self) {
        self.tell("the line is cut");
        self.peer.cut();
    }

    /// The network is gone for a while, noticed by the ends or not. What was on its way arrives late, or never.
    pub(super) async fn lose_network(&mut self) {
        let weather = [Weather::Dead, Weather::Mute, Weather::Closed][self.below(3)];
        self.tell(format!("the network is {weather:?}"));
        self.peer.weather(weather);
        if self.below(2) == 0 {
            self.send().await;
        }
        // Some of these last longer than any answer is waited for, and some do not.
        for _ in 0..[3, 15, 40][self.below(3)] {
            self.look().await;
        }
        if self.below(3) == 0 {
            self.tell("what was on its way is lost");
            self.peer.cut();
        }
        self.tell("the network is back");
        self.peer.weather(Weather::Fine);
        self.look().await;
        self.look().await;
    }

    /// The process dies, and another one takes over.
    pub(super) async fn die(&mut self) {
        self.wait().await;
        self.restart().await;
    }

    async fn restart(&mut self) {
        self.tell("killed");
        if let Some(process) = self.process.take() {
            process.kill();
        }
        self.shift += PAST_LEASES_MICROS;
        self.process = Some(Process::start(&self.location, &self.clock, self.shift).await);
    }

    /// The disk is full for a while, or fails to flush, until which the embedded engine takes nothing more before it is opened again.
    pub(super) async fn spoil_disk(&mut self) {
        let fault = [DiskFault::Full, DiskFault::FlushFails, DiskFault::FlushUntold][self.below(3)];
        self.tell(format!("the disk: {fault:?}"));
        self.process().spoil_disk(Some(fault));
        self.is_spoilt = true;
        for _ in 0..=self.below(3) {
            match self.below(3) {
                0 => self.send().await,
                1 => self.write_once().await,
                _ => self.wait().await,
            }
        }
        self.is_spoilt = false;
        let must_open_again = fault != DiskFault::Full && self.engine == Engine::Sqlite;
        if must_open_again || self.below(3) == 0 {
            self.restart().await;
        } else {
            self.tell("the disk works again");
            self.process().spoil_disk(None);
        }
    }

    /// Somebody sets the clock.
    pub(super) async fn set_clock(&mut self) {
        self.watch().await;
        let minutes = [-50, -7, -1, 45, 300, 26 * 60][self.below(6)];
        self.tell(format!("the clock jumps by {minutes} minutes"));
        self.hand.advance(SignedDuration::from_mins(minutes));
    }

    /// It is the next morning, when texts may leave.
    pub(super) fn sleep_till_morning(&mut self) {
        let morning = self.clock.now().as_second() / DAY * DAY + DAY + 9 * 3_600;
        self.hand.set(Timestamp::from_second(morning).expect("an instant"));
    }
}
