//! Intake: received texts that wait for their processing. Accepted means that the row is on disk.

use mhero_core::{ChannelId, IntakeId};

use crate::{Queue, Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    /// A carrier's own id decides what is a duplicate: also when the first copy has been processed already.
    ADD = "INSERT INTO intake (id, channel, carrier_id, scheme, path, text, received_at, attempt, ready_at) SELECT $1, $2, $3, $4, $5, $6, $7, 0, $7 WHERE NOT EXISTS (SELECT 1 FROM message WHERE dedupe_key = $8) ON CONFLICT (channel, carrier_id) DO NOTHING";
    /// One that was not tried yet is ready, whatever the clock said when it came. Only the oldest of each phone, so that each phone's texts are handled one at a time and in order.
    READY = "SELECT i.entry, i.id, i.channel, i.carrier_id, i.scheme, i.path, i.text, i.received_at, i.attempt FROM intake i WHERE (i.ready_at <= $1 OR i.attempt = 0) AND NOT EXISTS (SELECT 1 FROM intake e WHERE e.path = i.path AND e.entry < i.entry) ORDER BY i.entry ASC NULLS LAST LIMIT $2";
    TAKE = "DELETE FROM intake WHERE id = $1";
    LATER = "UPDATE intake SET attempt = attempt + 1, ready_at = $2 WHERE id = $1";
    WAITS = "UPDATE intake SET attempt = CASE WHEN attempt = 0 THEN 1 ELSE attempt END, ready_at = $2 WHERE id = $1";
    HURRY = "UPDATE intake SET ready_at = $3 WHERE scheme = $1 AND path = $2 AND ready_at > $3";
    FORWARD = "UPDATE intake SET ready_at = $1 WHERE ready_at > $2";
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM intake";
    NEXT = "SELECT CAST(MIN(ready_at) AS BIGINT) FROM intake";
}

/// A received text.
#[derive(Clone, PartialEq, Eq)]
pub struct IntakeRow {
    /// Its id; the message it becomes has the same UUID.
    pub id: IntakeId,
    /// The channel it came by.
    pub channel: ChannelId,
    /// The carrier's own id.
    pub carrier_id: Option<String>,
    /// The scheme of the sender.
    pub scheme: String,
    /// The sender.
    pub path: String,
    /// What was written.
    pub text: String,
    /// When, in UTC microseconds.
    pub received_at: i64,
    /// How often its processing failed.
    pub attempt: i64,
}

impl std::fmt::Debug for IntakeRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IntakeRow").field("id", &self.id).finish_non_exhaustive()
    }
}

impl IntakeRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(1)?,
            channel: row.get(2)?,
            carrier_id: row.get(3)?,
            scheme: row.get(4)?,
            path: row.get(5)?,
            text: row.get(6)?,
            received_at: row.get(7)?,
            attempt: row.get(8)?,
        })
    }

    /// The key under which a message is known to have been received.
    pub fn dedupe_key(&self) -> String {
        match &self.carrier_id {
            Some(carrier_id) => format!("in/{}/{carrier_id}", self.channel),
            None => format!("in/{}", self.id),
        }
    }
}

impl Unit {
    /// Takes a received text out of the intake; the unit fails when somebody else has taken it.
    pub fn take_intake(&mut self, id: IntakeId) -> &mut Self {
        self.one(&TAKE, params![id])
    }

    /// What waits from a number is ready: its conversation goes on.
    pub fn hurry_intake(&mut self, (scheme, path): (&str, &str), now: i64) -> &mut Self {
        self.run(&HURRY, params![scheme, path, now])
    }

    pub(crate) fn bring_intake_forward(&mut self, now: i64, latest: i64) -> &mut Self {
        self.run(&FORWARD, params![now, latest])
    }
}

impl Store {
    /// Writes a received text. False when the carrier has given this one before. When this returns, it is on disk.
    ///
    /// # Errors
    /// Whatever the engine reports; then nothing is stored and the carrier must not be told that it was.
    pub async fn add_intake(&self, row: &IntakeRow) -> Result<bool, StoreError> {
        self.add_intake_said(row, None).await
    }

    /// The same, with when the text was written as the operator or the phone says, and what was put right about that.
    ///
    /// # Errors
    /// Those of [`Store::add_intake`].
    pub async fn add_intake_said(&self, row: &IntakeRow, said: Option<(i64, &str)>) -> Result<bool, StoreError> {
        let mut unit = Unit::new();
        unit.run(
            &ADD,
            params![
                row.id,
                row.channel,
                row.carrier_id.clone(),
                &row.scheme,
                &row.path,
                &row.text,
                row.received_at,
                row.dedupe_key()
            ],
        );
        if let Some((said_at, note)) = said {
            unit.say_time(row.id, said_at, note);
        }
        Ok(self.write(unit, Queue::Interactive).await?.rows[0] == 1)
    }

    /// Texts to process now: the oldest of each phone.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn ready_intake(&self, now: i64, limit: i64) -> Result<Vec<IntakeRow>, StoreError> {
        self.query(&READY, params![now, limit]).await?.iter().map(IntakeRow::read).collect()
    }

    /// Puts a text back for later after its processing failed; the texts behind it wait.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn intake_later(&self, id: IntakeId, ready_at: i64) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&LATER, params![id, ready_at]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }

    /// Puts a text back because its conversation waits for something else; that is no failure.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn intake_waits(&self, id: IntakeId, ready_at: i64) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&WAITS, params![id, ready_at]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }

    /// How many texts wait, and when the next is ready.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_intake(&self) -> Result<(i64, Option<i64>), StoreError> {
        let count = self.first(&COUNT, vec![]).await?.map_or(Ok(0), |row| row.get(0))?;
        let next = self.first(&NEXT, vec![]).await?.map_or(Ok(None), |row| row.get(0))?;
        Ok((count, next))
    }
}
