//! Routes: which channel reaches which numbers. A message gets its channel as it enters the outbox (`outbox::ADD`).

use mhero_core::ChannelId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    LIST = "SELECT prefix, operator, channel, next_channel, after_seconds, moved, moved_at FROM route ORDER BY operator ASC NULLS LAST, prefix ASC NULLS LAST";
    CLEAR = "DELETE FROM route";
    ADD = "INSERT INTO route (prefix, operator, channel, next_channel, after_seconds, moved, moved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Only what has not left, and nothing of which a part has: the rest of it would come from somebody else. Nothing that may
    /// have left either: never both.
    MOVE = "UPDATE outbox SET channel = $3 WHERE channel = $1 AND NOT submitting AND message IN (SELECT o.message FROM outbox o JOIN message m ON m.id = o.message WHERE o.channel = $1 AND NOT o.submitting AND NOT o.held AND m.state = 'waiting' AND m.scheme = 'tel' AND substr(m.path, 1, length($2)) = $2 AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.message = o.message AND s.state IN ('accepted', 'delivered', 'uncertain')) ORDER BY o.message ASC NULLS LAST LIMIT 500)";
    /// Only where it is still the one that was compared.
    REROUTE = "UPDATE route SET channel = $3 WHERE prefix = $1 AND channel = $2";
    NOTE_MOVED = "UPDATE route SET moved = moved + $2, moved_at = $3 WHERE prefix = $1";
}

/// Which channel reaches numbers that begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRow {
    /// What they begin with, in E.164; `+` for all that nothing longer fits.
    pub prefix: String,
    /// The operator as it was called; empty for everybody else.
    pub operator: String,
    /// By which channel they are reached.
    pub channel: ChannelId,
    /// Which one takes over.
    pub next: Option<ChannelId>,
    /// After how many seconds without the first.
    pub after_seconds: i64,
    /// How many messages the next one was given so far.
    pub moved: i64,
    /// When last, in UTC microseconds.
    pub moved_at: Option<i64>,
}

impl RouteRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            prefix: row.get(0)?,
            operator: row.get(1)?,
            channel: row.get(2)?,
            next: row.get(3)?,
            after_seconds: row.get(4)?,
            moved: row.get(5)?,
            moved_at: row.get(6)?,
        })
    }
}

impl Unit {
    /// Puts these routes in the place of all that there are.
    pub fn put_routes(&mut self, routes: &[RouteRow]) -> &mut Self {
        self.run(&CLEAR, params![]);
        for route in routes {
            let RouteRow { prefix, operator, channel, next, after_seconds, moved, moved_at } = route;
            self.one(&ADD, params![prefix, operator, *channel, *next, *after_seconds, *moved, *moved_at]);
        }
        self
    }

    /// Lets numbers be reached by another channel from now on.
    pub fn reroute(&mut self, route: &RouteRow, channel: ChannelId) -> &mut Self {
        self.run(&REROUTE, params![&route.prefix, route.channel, channel])
    }

    /// Gives up to 500 messages that wait for a route's channel to its next one; the first count of rows says how many.
    pub fn move_on(&mut self, route: &RouteRow, next: ChannelId) -> &mut Self {
        self.run(&MOVE, params![route.channel, &route.prefix, next])
    }

    /// Notes how many were.
    pub fn note_moved(&mut self, prefix: &str, count: i64, now: i64) -> &mut Self {
        self.run(&NOTE_MOVED, params![prefix, count, now])
    }
}

impl Store {
    /// All routes, by operator.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn routes(&self) -> Result<Vec<RouteRow>, StoreError> {
        self.query(&LIST, params![]).await?.iter().map(RouteRow::read).collect()
    }
}
