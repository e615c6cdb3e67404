//! The simulator's network: what each simulated phone has got and written, and what is still due there.
//!
//! One row a part. A row that stands for a text on its way to a phone has the instant at which the phone shows it in `at`
//! ([`NEVER_SHOWN`] where it never will), and in `due` the steps that still follow, the first of them at `due_at`. How a phone is
//! answered for stands in a row of its own (direction `mode`), one a phone.

use mhero_core::{ChannelId, MessageId, MessageKind, Scope};

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

/// The instant at which a phone shows what it never gets.
pub const NEVER_SHOWN: i64 = i64::MAX;
/// How many of the latest parts on a phone are looked through for the other parts of one message.
const PARTS_LOOKED_AT: i64 = 500;

statements! {
    /// What has been written once is not written again: the id is the carrier's, and a repeat has the same.
    ADD = "INSERT INTO simulated_sms (path, direction, text, channel, carrier_id, reference, part, parts, at, due_at, due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (carrier_id) DO NOTHING";
    SET_MODE = "INSERT INTO simulated_sms (path, direction, text, channel, carrier_id, reference, part, parts, at, due_at, due) VALUES ($1, 'mode', $2, $3, $4, NULL, 0, 0, $5, NULL, NULL) ON CONFLICT (carrier_id) DO UPDATE SET text = $2, at = $5";
    MODE = "SELECT text, at FROM simulated_sms WHERE carrier_id = $1";
    OF_PHONE = (concat!("SELECT s.entry, s.direction, s.text, s.channel, s.reference, s.part, s.parts, s.at FROM simulated_sms s WHERE s.path = $1 AND s.direction <> 'mode' AND s.at <= $2 AND ($3 OR EXISTS (SELECT 1 FROM person_urn u WHERE u.path = $1 AND u.scheme = 'tel' AND ", person_in_scope!("u.person", "$3", "$4"), ")) ORDER BY s.entry DESC NULLS LAST LIMIT $5"));
    PHONES = (concat!("SELECT p.path, p.last_at FROM (SELECT path, CAST(MAX(CASE WHEN at <= $1 THEN at ELSE 0 END) AS BIGINT) AS last_at FROM simulated_sms GROUP BY path) AS p WHERE p.last_at > 0 AND (p.last_at < $2 OR (p.last_at = $2 AND p.path > $3)) AND ($4 OR EXISTS (SELECT 1 FROM person_urn u WHERE u.path = p.path AND u.scheme = 'tel' AND ", person_in_scope!("u.person", "$4", "$5"), ")) ORDER BY p.last_at DESC NULLS LAST, p.path ASC NULLS LAST LIMIT $6"));
    VISIBLE = (concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM person_urn u WHERE u.path = $1 AND u.scheme = 'tel' AND ", person_in_scope!("u.person", "$2", "$3")));
    LAST_CHANNEL = "SELECT channel FROM simulated_sms WHERE path = $1 AND direction = 'out' ORDER BY entry DESC NULLS LAST LIMIT 1";
    PARTS = "SELECT part, text FROM (SELECT entry, reference, part, text FROM simulated_sms WHERE path = $1 AND direction = 'out' ORDER BY entry DESC NULLS LAST LIMIT $3) AS latest WHERE reference = $2 ORDER BY entry ASC NULLS LAST";
    KIND = "SELECT kind FROM message WHERE id = $1";
    DUE = "SELECT entry, path, channel, carrier_id, reference, due_at, due FROM simulated_sms WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at ASC NULLS LAST, entry ASC NULLS LAST LIMIT $2";
    NEXT_DUE = "SELECT CAST(MIN(due_at) AS BIGINT) FROM simulated_sms WHERE due_at IS NOT NULL";
    /// Whoever has done the same step in the meantime has moved `due_at` on, or left what is written here.
    STEP_DONE = "UPDATE simulated_sms SET due_at = $3, due = $4 WHERE entry = $1 AND due_at = $2";
}

/// One part on a simulated phone, to be written.
#[derive(Clone)]
pub struct NewSimulatedSms {
    /// The phone, E.164.
    pub path: String,
    /// True for what the phone gets, false for what it writes.
    pub is_to_phone: bool,
    /// The words of this part.
    pub text: String,
    /// The channel it came by.
    pub channel: ChannelId,
    /// The id that the simulator gives it as a carrier.
    pub carrier_id: String,
    /// The message that it is a part of, for what the phone gets.
    pub reference: Option<String>,
    /// Which part, from 1.
    pub part: i64,
    /// Of how many.
    pub parts: i64,
    /// When the phone shows it, in UTC microseconds; [`NEVER_SHOWN`] where it never will.
    pub at: i64,
    /// What follows: the instant of the first step, and all steps as JSON.
    pub due: Option<(i64, String)>,
}

/// One part as a phone shows it.
#[derive(Clone)]
pub struct SimulatedSmsRow {
    /// Its place in the order in which the network took it.
    pub entry: i64,
    /// True for what the phone has got, false for what it wrote.
    pub is_to_phone: bool,
    /// The words of this part.
    pub text: String,
    /// The channel it came by.
    pub channel: ChannelId,
    /// The message that it is a part of.
    pub reference: Option<String>,
    /// Which part, from 1.
    pub part: i64,
    /// Of how many.
    pub parts: i64,
    /// When the phone showed it, in UTC microseconds.
    pub at: i64,
}

/// A row with a step that is due.
#[derive(Clone)]
pub struct SimulatedDue {
    /// The row.
    pub entry: i64,
    /// The phone.
    pub path: String,
    /// The channel.
    pub channel: ChannelId,
    /// The id to report on.
    pub carrier_id: String,
    /// The message.
    pub reference: Option<String>,
    /// When the first step was due.
    pub due_at: i64,
    /// The steps, JSON.
    pub due: String,
}

macro_rules! without_words {
    ($($name:ident . $shown:ident),+ $(,)?) => {$(
        /// Never the number or the text.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field(stringify!($shown), &self.$shown).finish_non_exhaustive()
            }
        }
    )+};
}
without_words!(NewSimulatedSms.carrier_id, SimulatedSmsRow.entry, SimulatedDue.entry);

impl SimulatedSmsRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            entry: row.get(0)?,
            is_to_phone: row.get::<String>(1)? == OUT,
            text: row.get(2)?,
            channel: row.get(3)?,
            reference: row.get(4)?,
            part: row.get(5)?,
            parts: row.get(6)?,
            at: row.get(7)?,
        })
    }
}

impl SimulatedDue {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            entry: row.get(0)?,
            path: row.get(1)?,
            channel: row.get(2)?,
            carrier_id: row.get(3)?,
            reference: row.get(4)?,
            due_at: row.get(5)?,
            due: row.get(6)?,
        })
    }
}

const OUT: &str = "out";

fn mode_id(path: &str) -> String {
    format!("mode/{path}")
}

impl Unit {
    /// Notes what a simulated phone gets or has written. A repeat with the same `carrier_id` changes nothing.
    pub fn add_simulated_sms(&mut self, sms: &NewSimulatedSms) -> &mut Self {
        let (due_at, due) = sms.due.clone().unzip();
        let params = params![
            &sms.path,
            if sms.is_to_phone { OUT } else { "in" },
            &sms.text,
            sms.channel,
            &sms.carrier_id,
            sms.reference.clone(),
            sms.part,
            sms.parts,
            sms.at,
            due_at,
            due
        ];
        self.run(&ADD, params)
    }

    /// Says who answers for a simulated phone, as a word of the application's, from now on.
    pub fn set_simulated_mode(&mut self, path: &str, mode: &str, channel: ChannelId, now: i64) -> &mut Self {
        self.run(&SET_MODE, params![path, mode, channel, mode_id(path), now])
    }

    /// Takes the first step of what was due at a row; `rest` is what follows it.
    pub fn simulated_step_done(&mut self, due: &SimulatedDue, rest: Option<(i64, String)>) -> &mut Self {
        let (next_at, rest) = rest.unzip();
        self.run(&STEP_DONE, params![due.entry, due.due_at, next_at, rest])
    }
}

impl Store {
    /// The latest parts that a simulated phone shows or has written, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn simulated_sms(
        &self,
        scope: &Scope,
        path: &str,
        now: i64,
        limit: i64,
    ) -> Result<Vec<SimulatedSmsRow>, StoreError> {
        let params = params![path, now, scope.all_places(), scope.principal(), limit];
        self.query(&OF_PHONE, params).await?.iter().map(SimulatedSmsRow::read).collect()
    }

    /// Simulated phones with their last activity, the latest first; `after` is the last one of the page before.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn simulated_phones(
        &self,
        scope: &Scope,
        now: i64,
        after: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (last_at, path) = after.unwrap_or((NEVER_SHOWN, ""));
        let params = params![now, last_at, path, scope.all_places(), scope.principal(), limit];
        self.query(&PHONES, params).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Whether the phone belongs to somebody within the scope. A phone of nobody is seen by those who see every place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sees_simulated_phone(&self, scope: &Scope, path: &str) -> Result<bool, StoreError> {
        if scope.all_places() {
            return Ok(true);
        }
        let row = self.first(&VISIBLE, params![path, scope.all_places(), scope.principal()]).await?;
        Ok(row.map_or(Ok(0), |row| row.get::<i64>(0))? > 0)
    }

    /// Who answers for a simulated phone, and since when.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn simulated_mode(&self, path: &str) -> Result<Option<(String, i64)>, StoreError> {
        let row = self.first(&MODE, params![mode_id(path)]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// The channel by which a simulated phone last got something.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn simulated_channel(&self, path: &str) -> Result<Option<ChannelId>, StoreError> {
        self.first(&LAST_CHANNEL, params![path]).await?.map(|row| row.get(0)).transpose()
    }

    /// The parts of a message that a simulated phone's network has taken so far, in order: number and words.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn simulated_parts(&self, path: &str, reference: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let rows = self.query(&PARTS, params![path, reference, PARTS_LOOKED_AT]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Where a message comes from; `None` when there is no such message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn kind_of_message(&self, id: MessageId) -> Result<Option<MessageKind>, StoreError> {
        self.first(&KIND, params![id]).await?.map(|row| row.get(0)).transpose()
    }

    /// Rows of the simulator with a step that is due, earliest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_simulated(&self, now: i64, limit: i64) -> Result<Vec<SimulatedDue>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(SimulatedDue::read).collect()
    }

    /// When the simulator's next step is due, in UTC microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_simulated_due(&self) -> Result<Option<i64>, StoreError> {
        self.first(&NEXT_DUE, vec![]).await?.map_or(Ok(None), |row| row.get(0))
    }
}
