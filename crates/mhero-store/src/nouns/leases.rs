//! Leases: a role in the cluster that one node holds at a time, with a fencing number.

use uuid::Uuid;

use crate::{Engine, Queue, Store, StoreError, Unit, params, statement::statements};

/// Longest time for which anything is leased, in microseconds.
pub(crate) const LONGEST_MICROS: i64 = 60_000_000;

statements! {
    /// The only statement that asks the database for the time. SQLite goes by our clock.
    DATABASE_TIME = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + $1"
        | "SELECT CAST(strftime('%s', 'now') AS BIGINT) * 1000000 + $1";
    CREATE = "INSERT INTO lease (name, holder, fence, until) VALUES ($1, $2, 0, 0) ON CONFLICT (name) DO NOTHING";
    /// One that would last longer than any does was taken before the clock was set back. $5: later than any lease ends.
    TAKE = "UPDATE lease SET holder = $2, fence = fence + (CASE WHEN holder = $2 AND until > $3 THEN 0 ELSE 1 END), until = $4 WHERE name = $1 AND (until <= $3 OR until > $5 OR holder = $2)";
    GIVE_BACK = "UPDATE lease SET until = 0 WHERE name = $1 AND holder = $2";
    GIVE_BACK_ALL = "UPDATE lease SET until = 0 WHERE holder = $1";
    READ = "SELECT holder, fence, until FROM lease WHERE name = $1";
    /// A guard for units that only the holder may run; they may run beside one another.
    STILL_HELD = "SELECT 1 FROM lease WHERE name = $1 AND holder = $2 AND fence = $3 FOR SHARE"
        | "UPDATE lease SET until = until WHERE name = $1 AND holder = $2 AND fence = $3";
}

/// A lease that this node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its name.
    pub name: String,
    /// The holder: one id a process.
    pub holder: Uuid,
    /// Grows with each change of holder; put it into each write, see [`Unit::only_if_held`].
    pub fence: i64,
    /// Until when, in UTC microseconds of the lease clock.
    pub until: i64,
}

impl Unit {
    /// Makes the whole unit fail unless the lease is still held with this fence.
    pub fn only_if_held(&mut self, lease: &Lease) -> &mut Self {
        self.one(&STILL_HELD, params![&lease.name, lease.holder, lease.fence])
    }
}

impl Store {
    /// The time that leases and claims go by: the database's on PostgreSQL, so that nodes with wrong clocks agree; our
    /// clock's on SQLite.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn lease_now(&self) -> Result<i64, StoreError> {
        match self.engine() {
            Engine::Sqlite => Ok(self.clock().now_micros() + self.lease_offset()),
            Engine::Postgres => self
                .first(&DATABASE_TIME, params![self.lease_offset()])
                .await?
                .map_or(Err(StoreError::Closed), |r| r.get(0)),
        }
    }

    /// Takes or renews a lease for a time in microseconds. `None` when another holds it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn take_lease(&self, name: &str, holder: Uuid, micros: i64) -> Result<Option<Lease>, StoreError> {
        let now = self.lease_now().await?;
        // Who holds it for long enough writes nothing: an idle server must not wear out its disk.
        if let Some(lease) = self.lease(name).await?
            && lease.holder == holder
            && (now + micros * 2 / 3 + 1..=now + micros).contains(&lease.until)
        {
            return Ok(Some(lease));
        }
        let mut unit = Unit::new();
        unit.run(&CREATE, params![name, holder]);
        unit.run(&TAKE, params![name, holder, now, now + micros, now + 2 * micros.max(LONGEST_MICROS)]);
        if self.write(unit, Queue::Interactive).await?.rows[1] == 0 {
            return Ok(None);
        }
        Ok(self.lease(name).await?.filter(|lease| lease.holder == holder))
    }

    async fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        let Some(row) = self.first(&READ, params![name]).await? else { return Ok(None) };
        Ok(Some(Lease { name: name.to_owned(), holder: row.get(0)?, fence: row.get(1)?, until: row.get(2)? }))
    }

    /// Gives a lease back early.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn give_back_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&GIVE_BACK, params![&lease.name, lease.holder]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }

    /// Gives back every lease of a holder: its process ends, and the next need not wait until they run out.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn give_back_leases(&self, holder: Uuid) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&GIVE_BACK_ALL, params![holder]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }
}
