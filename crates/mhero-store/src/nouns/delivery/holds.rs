//! Messages that wait for an hour or a day, and why.

use mhero_core::{BroadcastId, LangMap, MessageId, PersonId, PlaceId, Scope};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::{hex_list, names},
    params,
    statement::{person_in_scope, statements},
};

/// Messages that are let go in one unit when rules have changed.
const RELEASED_AT_ONCE: i64 = 2_000;

macro_rules! holds_of {
    ($ids:expr) => {
        concat!(
            "SELECT h.message, h.broadcast, h.reason, h.place, h.until FROM message_hold h JOIN outbox o ON o.message = h.message ",
            "WHERE h.until > $2 AND o.ready_at > $2 AND NOT o.submitting AND h.message IN (",
            $ids,
            ")"
        )
    };
}

statements! {
    HOLD = "UPDATE outbox SET ready_at = $2 WHERE message = $1 AND NOT submitting AND NOT held";
    NOTE = "INSERT INTO message_hold (message, broadcast, reason, place, until, at) SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM outbox WHERE message = $1 AND ready_at = $5) ON CONFLICT (message) DO UPDATE SET reason = $3, place = $4, until = $5, at = $6";
    SUMS = "SELECT h.reason, CAST(COUNT(*) AS BIGINT), CAST(MIN(h.until) AS BIGINT), CAST(MAX(h.until) AS BIGINT) FROM message_hold h JOIN outbox o ON o.message = h.message WHERE h.broadcast = $1 AND h.until > $2 AND o.ready_at > $2 GROUP BY h.reason ORDER BY h.reason ASC NULLS LAST";
    PEOPLE = (concat!("SELECT m.person, p.name, m.path, h.reason, h.until, l.name, m.id FROM message_hold h JOIN outbox o ON o.message = h.message JOIN message m ON m.id = h.message JOIN person p ON p.id = m.person LEFT JOIN place l ON l.id = h.place WHERE h.broadcast = $1 AND h.until > $2 AND o.ready_at > $2 AND h.message > $3 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$4", "$5"), " ORDER BY h.message ASC NULLS LAST LIMIT $6"));
    HOLDS_OF = (holds_of!(ids_there!("$1"))) | (holds_of!(ids_here!("$1")));
    RELEASE = "UPDATE outbox SET ready_at = $1 WHERE NOT submitting AND ready_at > $1 AND message IN (SELECT h.message FROM message_hold h WHERE h.until > $1 ORDER BY h.until ASC NULLS LAST, h.message ASC NULLS LAST LIMIT $2)";
    RELEASED = "DELETE FROM message_hold WHERE message IN (SELECT h.message FROM message_hold h WHERE h.until > $1 ORDER BY h.until ASC NULLS LAST, h.message ASC NULLS LAST LIMIT $2)";
    FORGET = "DELETE FROM message_hold WHERE until < $1";
}

/// Why a message waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The message.
    pub message: MessageId,
    /// Its broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Why, as a word.
    pub reason: String,
    /// The place whose rule it is; `None` for the national one.
    pub place: Option<PlaceId>,
    /// Until when, in UTC microseconds.
    pub until: i64,
}

/// How many of a broadcast wait for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSum {
    /// Why, as a word.
    pub reason: String,
    /// How many people.
    pub people: i64,
    /// When the first of them goes on.
    pub first: i64,
    /// When the last of them does.
    pub last: i64,
}

/// Somebody whose message waits.
#[derive(Clone, PartialEq)]
pub struct HeldPerson {
    /// The person.
    pub person: PersonId,
    /// Name as shown.
    pub name: String,
    /// The number.
    pub path: String,
    /// Why, as a word.
    pub reason: String,
    /// Until when.
    pub until: i64,
    /// The names of the place whose rule it is.
    pub place: Option<LangMap>,
    /// The message, after which a next page begins.
    pub cursor: Uuid,
}

impl std::fmt::Debug for HeldPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldPerson").field("person", &self.person).finish_non_exhaustive()
    }
}

fn read_hold(row: &Row) -> Result<Hold, StoreError> {
    Ok(Hold {
        message: row.get(0)?,
        broadcast: row.get(1)?,
        reason: row.get(2)?,
        place: row.get(3)?,
        until: row.get(4)?,
    })
}

impl Unit {
    /// Lets a message wait; does nothing to one that is leaving or gone.
    pub fn hold_back(&mut self, hold: &Hold, now: i64) -> &mut Self {
        self.run(&HOLD, params![hold.message, hold.until]);
        self.run(&NOTE, params![hold.message, hold.broadcast, &hold.reason, hold.place, hold.until, now])
    }

    /// Lets go up to two thousand messages that wait, so that they are asked about anew; the second count of rows says whether
    /// there were any.
    pub fn release_holds(&mut self, now: i64) -> &mut Self {
        self.run(&RELEASE, params![now, RELEASED_AT_ONCE]);
        self.run(&RELEASED, params![now, RELEASED_AT_ONCE])
    }

    /// Forgets what held messages back that have gone on since.
    pub fn forget_holds(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }
}

impl Store {
    /// How many of a broadcast wait for an hour or a day, by reason. Counts only; whoever may see the broadcast may see them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_sums(&self, broadcast: BroadcastId, now: i64) -> Result<Vec<HeldSum>, StoreError> {
        let rows = self.query(&SUMS, params![broadcast, now]).await?;
        rows.iter()
            .map(|r| Ok(HeldSum { reason: r.get(0)?, people: r.get(1)?, first: r.get(2)?, last: r.get(3)? }))
            .collect()
    }

    /// Who of a broadcast waits, within the scope, after a cursor.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_people(
        &self,
        scope: &Scope,
        broadcast: BroadcastId,
        (now, after): (i64, Uuid),
        limit: i64,
    ) -> Result<Vec<HeldPerson>, StoreError> {
        let params = params![broadcast, now, after, scope.all_places(), scope.principal(), limit];
        let rows = self.query(&PEOPLE, params).await?;
        rows.iter()
            .map(|r| {
                let place: Option<String> = r.get(5)?;
                let place = if place.is_some() { Some(names(r, 5)?) } else { None };
                Ok(HeldPerson {
                    person: r.get(0)?,
                    name: r.get(1)?,
                    path: r.get(2)?,
                    reason: r.get(3)?,
                    until: r.get(4)?,
                    place,
                    cursor: r.get(6)?,
                })
            })
            .collect()
    }

    /// Why some messages wait, of those that do. For the pages that show messages, which are read under a scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn holds_of(&self, messages: impl Iterator<Item = MessageId>, now: i64) -> Result<Vec<Hold>, StoreError> {
        let list = hex_list(messages.map(MessageId::uuid));
        if list.is_empty() {
            return Ok(Vec::new());
        }
        self.query(&HOLDS_OF, params![list, now]).await?.iter().map(read_hold).collect()
    }
}
