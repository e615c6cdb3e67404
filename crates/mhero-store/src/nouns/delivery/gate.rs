//! What is asked of messages just before they leave.

use mhero_core::{BroadcastId, MessageId, PersonId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

macro_rules! at_gate {
    ($ids:expr) => {
        concat!(
            "SELECT o.message, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person), m.broadcast, ",
            "COALESCE(m.programme, (SELECT c.programme FROM broadcast c WHERE c.id = m.broadcast)), o.quiet_exempt, m.is_test, ",
            "EXISTS (SELECT 1 FROM operator_block k WHERE k.path = m.path AND m.scheme = 'tel'), (SELECT v.minutes FROM ",
            "broadcast_validity v WHERE v.broadcast = m.broadcast) FROM outbox o JOIN message m ON m.id = o.message WHERE ",
            "o.message IN (",
            $ids,
            ")"
        )
    };
}

macro_rules! left_lately {
    ($ids:expr) => {
        concat!(
            "SELECT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person), COALESCE(m.programme, ",
            "(SELECT c.programme FROM broadcast c WHERE c.id = m.broadcast)), COALESCE(m.sent_at, m.created_at) FROM message m ",
            "WHERE m.person IN (",
            $ids,
            " UNION ALL SELECT a.alias FROM person_alias a WHERE a.person IN (",
            $ids,
            ")) AND m.created_at >= $2 AND m.direction = 'out' AND m.lane IN (2, 3) AND NOT m.is_test AND m.state IN ",
            "('submitting', 'uncertain', 'sent', 'delivered') AND COALESCE(m.sent_at, $3) >= $3"
        )
    };
}

statements! {
    AT_GATE = (at_gate!(ids_there!("$1"))) | (at_gate!(ids_here!("$1")));
    /// $2: written since; $3: gone since. What is under way counts as gone.
    LEFT_LATELY = (left_lately!(ids_there!("$1"))) | (left_lately!(ids_here!("$1")));
    END = "UPDATE message SET state = $2, done_at = $3, failure = $4, version = version + 1 WHERE id = $1 AND state = 'waiting'";
    END_OUT = "DELETE FROM outbox WHERE message = $1 AND NOT submitting AND EXISTS (SELECT 1 FROM message m WHERE m.id = $1 AND m.state IN ('cancelled', 'expired'))";
    ASK = "UPDATE outbox SET held = TRUE WHERE message = $1 AND NOT submitting";
    PUT_VALIDITY = "INSERT INTO broadcast_validity (broadcast, minutes) VALUES ($1, $2) ON CONFLICT (broadcast) DO UPDATE SET minutes = $2";
    DROP_VALIDITY = "DELETE FROM broadcast_validity WHERE broadcast = $1";
    VALIDITY = "SELECT minutes FROM broadcast_validity WHERE broadcast = $1";
    SOME = "SELECT EXISTS (SELECT 1 FROM broadcast_validity), EXISTS (SELECT 1 FROM operator_block)";
}

/// A message that is about to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtGate {
    /// The message.
    pub message: MessageId,
    /// To whom: after a merge, whoever they are now.
    pub person: PersonId,
    /// Its broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Its programme, or that of its broadcast.
    pub programme: Option<Uuid>,
    /// Leaves in quiet hours too.
    pub quiet_exempt: bool,
    /// A test.
    pub is_test: bool,
    /// The operator blocks its number.
    pub is_blocked: bool,
    /// For how many minutes the messages of its broadcast are worth sending.
    pub valid_minutes: Option<i64>,
}

/// A message that left lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftLately {
    /// To whom.
    pub person: PersonId,
    /// Of which programme.
    pub programme: Option<Uuid>,
    /// When.
    pub at: i64,
}

impl AtGate {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            message: row.get(0)?,
            person: row.get(1)?,
            broadcast: row.get(2)?,
            programme: row.get(3)?,
            quiet_exempt: row.get(4)?,
            is_test: row.get(5)?,
            is_blocked: row.get(6)?,
            valid_minutes: row.get(7)?,
        })
    }
}

impl Unit {
    /// Ends a message that still waits, with its reason; does nothing to one that has moved on.
    pub fn end_waiting(&mut self, message: MessageId, state: &str, why: &str, now: i64) -> &mut Self {
        self.run(&END, params![message, state, now, why]);
        self.run(&END_OUT, params![message])
    }

    /// Leaves an uncertain message to an official.
    pub fn leave_to_official(&mut self, message: MessageId) -> &mut Self {
        self.run(&ASK, params![message])
    }

    /// Sets for how many minutes the messages of a broadcast are worth sending; `None`: what holds for its lane.
    pub fn put_validity(&mut self, broadcast: BroadcastId, minutes: Option<i64>) -> &mut Self {
        match minutes {
            Some(minutes) => self.run(&PUT_VALIDITY, params![broadcast, minutes]),
            None => self.run(&DROP_VALIDITY, params![broadcast]),
        }
    }
}

impl Store {
    /// What is asked of messages just before they leave.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn at_gate(&self, messages: impl Iterator<Item = MessageId>) -> Result<Vec<AtGate>, StoreError> {
        let list = hex_list(messages.map(MessageId::uuid));
        self.query(&AT_GATE, params![list]).await?.iter().map(AtGate::read).collect()
    }

    /// What of the lanes normal and bulk left for some people since an instant, written since an earlier one.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn left_lately(
        &self,
        people: &[PersonId],
        written: i64,
        since: i64,
    ) -> Result<Vec<LeftLately>, StoreError> {
        let list = hex_list(people.iter().map(|person| person.uuid()));
        let rows = self.query(&LEFT_LATELY, params![list, written, since]).await?;
        rows.iter().map(|row| Ok(LeftLately { person: row.get(0)?, programme: row.get(1)?, at: row.get(2)? })).collect()
    }

    /// For how many minutes the messages of a broadcast are worth sending, where it says so.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn validity_of(&self, broadcast: BroadcastId) -> Result<Option<i64>, StoreError> {
        self.first(&VALIDITY, params![broadcast]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whether any broadcast has a validity of its own, and whether any number is blocked.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn has_delivery_rules(&self) -> Result<(bool, bool), StoreError> {
        let row = self.first(&SOME, params![]).await?;
        row.map_or(Ok((false, false)), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
