//! Phones that carry texts with the Android app: who they are, and what they were given.

use mhero_core::{ChannelId, MessageId, SubmissionId};

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The sequence of phones' numbers.
const PHONES: &str = "relayer";
/// The sequence of texts' numbers.
const TEXTS: &str = "relayed";

macro_rules! phone {
    ($rest:literal) => {
        concat!(
            "SELECT number, channel, secret, claim_code, status, registered_at, claimed_at, seen_at, open_until, released_at ",
            "FROM relayer ",
            $rest
        )
    };
}

statements! {
    ADD = "INSERT INTO relayer (number, channel, secret, claim_code, status, registered_at, claimed_at, seen_at, open_until, released_at) SELECT s.next - 1, NULL, $2, $3, $4, $5, NULL, $5, 0, NULL FROM sequence s WHERE s.name = $1";
    BY_NUMBER = (phone!("WHERE number = $1"));
    BY_CODE = (phone!("WHERE claim_code = $1 AND released_at IS NULL"));
    BY_CHANNEL = (phone!("WHERE channel = $1 AND released_at IS NULL ORDER BY number DESC NULLS LAST LIMIT 1"));
    CLAIM = "UPDATE relayer SET channel = $2, claim_code = NULL, claimed_at = $3 WHERE claim_code = $1 AND channel IS NULL AND released_at IS NULL AND NOT EXISTS (SELECT 1 FROM relayer r WHERE r.channel = $2 AND r.released_at IS NULL)";
    RELEASE = "UPDATE relayer SET released_at = $2, open_until = 0 WHERE channel = $1 AND released_at IS NULL";
    SEEN = "UPDATE relayer SET seen_at = $2, open_until = $3, status = COALESCE($4, status) WHERE number = $1";
    /// What has waited for its claim too long, and what was released long ago.
    FORGET = "DELETE FROM relayer WHERE channel IS NULL AND registered_at < $1";
    UNCLAIMED = "SELECT CAST(COUNT(*) AS BIGINT) FROM relayer WHERE channel IS NULL AND released_at IS NULL";
    /// Numbers have 32 bits in the app.
    QUEUE = "INSERT INTO relayed (number, channel, message, submission, state, errors, queued_at, handed_at) SELECT (s.next - 1) % 4294967296, $2, $3, $4, 'queued', 0, $5, NULL FROM sequence s WHERE s.name = $1";
    QUEUED = "SELECT number FROM relayed WHERE submission = $1 ORDER BY number DESC NULLS LAST LIMIT 1";
    /// The phone may have this one already: it keeps its number, so that the app knows it again.
    LAST_OF = "SELECT number, state FROM relayed WHERE message = $1 AND channel = $2 ORDER BY queued_at DESC NULLS LAST, number DESC NULLS LAST LIMIT 1";
    AGAIN = "UPDATE relayed SET submission = $2, queued_at = $3, state = CASE WHEN state = 'handed' THEN 'queued' ELSE state END WHERE number = $1 AND state IN ('queued', 'handed', 'taken', 'sent', 'delivered')";
    STATE = "SELECT state, submission, errors FROM relayed WHERE number = $1 AND channel = $2";
    WITHDRAW = "UPDATE relayed SET state = CASE WHEN handed_at IS NULL THEN 'withdrawn' ELSE 'handed' END WHERE number = $1 AND state = 'queued'";
    /// What the phone is to be given, what it was given before $2 without a word of it left out, nor what is ended meanwhile.
    OFFER = "SELECT r.number, r.submission, m.path, b.text FROM relayed r JOIN message m ON m.id = r.message JOIN message_body b ON b.id = m.body WHERE r.channel = $1 AND (r.state = 'queued' OR (r.state = 'handed' AND r.handed_at >= $2)) AND m.state IN ('submitting', 'uncertain', 'sent', 'waiting') AND b.text IS NOT NULL ORDER BY r.number ASC NULLS LAST LIMIT $3";
    HAND = "UPDATE relayed SET state = 'handed', handed_at = $2 WHERE number = $1 AND state IN ('queued', 'handed')";
    TOLD = "UPDATE relayed SET state = $3 WHERE number = $1 AND channel = $2 AND state <> $3 AND state IN ('queued', 'handed', 'taken', 'sent') AND NOT (state = 'sent' AND $3 = 'taken')";
    ERRED = "UPDATE relayed SET errors = errors + 1, state = 'handed', handed_at = $3 WHERE number = $1 AND channel = $2 AND state IN ('handed', 'taken')";
    FORGET_TEXTS = "DELETE FROM relayed WHERE queued_at < $1";
}

/// A phone.
#[derive(Clone)]
pub struct RelayerRow {
    /// What the app knows itself by.
    pub number: i64,
    /// Which channel it carries.
    pub channel: Option<ChannelId>,
    /// What it signs with, sealed.
    pub secret: Vec<u8>,
    /// What is to be typed to claim it.
    pub claim_code: Option<String>,
    /// How it said it was, JSON.
    pub status: String,
    /// When it came, in UTC microseconds.
    pub registered_at: i64,
    /// When it was claimed.
    pub claimed_at: Option<i64>,
    /// When it was last heard of.
    pub seen_at: i64,
    /// Until when it waits for an answer.
    pub open_until: i64,
    /// When it was let go.
    pub released_at: Option<i64>,
}

impl std::fmt::Debug for RelayerRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayerRow")
            .field("number", &self.number)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl RelayerRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get(0)?,
            channel: row.get(1)?,
            secret: row.get(2)?,
            claim_code: row.get(3)?,
            status: row.get(4)?,
            registered_at: row.get(5)?,
            claimed_at: row.get(6)?,
            seen_at: row.get(7)?,
            open_until: row.get(8)?,
            released_at: row.get(9)?,
        })
    }
}

/// A text as the phone is to have it.
#[derive(Clone)]
pub struct OfferRow {
    /// Under which number.
    pub number: i64,
    /// Of which submission.
    pub submission: SubmissionId,
    /// To whom.
    pub path: String,
    /// What.
    pub text: String,
}

impl std::fmt::Debug for OfferRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfferRow").field("number", &self.number).finish_non_exhaustive()
    }
}

/// How far a text is.
#[derive(Clone, Debug)]
pub struct RelayedRow {
    /// queued, handed, taken, sent, delivered, failed, withdrawn.
    pub state: String,
    /// Of which submission.
    pub submission: SubmissionId,
    /// How often the phone could not send it.
    pub errors: i64,
}

impl Unit {
    /// Writes a phone that registers.
    pub fn add_relayer(&mut self, secret: &[u8], claim_code: &str, status: &str, now: i64) -> &mut Self {
        self.advance(PHONES);
        self.one(&ADD, params![PHONES, secret, claim_code, status, now])
    }

    /// Gives a phone to a channel; the unit fails when it has been given meanwhile, or the channel has one.
    pub fn claim_relayer(&mut self, code: &str, channel: ChannelId, now: i64) -> &mut Self {
        self.one(&CLAIM, params![code, channel, now])
    }

    /// Lets the phone of a channel go.
    pub fn release_relayer(&mut self, channel: ChannelId, now: i64) -> &mut Self {
        self.run(&RELEASE, params![channel, now])
    }

    /// Notes that a phone was heard of, until when it waits, and how it says it is.
    pub fn relayer_seen(&mut self, number: i64, (now, open_until): (i64, i64), status: Option<&str>) -> &mut Self {
        self.run(&SEEN, params![number, now, open_until, status.map(ToOwned::to_owned)])
    }

    /// Forgets phones that nobody claimed.
    pub fn forget_unclaimed_relayers(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }

    /// Puts a text before the phone.
    pub fn queue_relayed(
        &mut self,
        channel: ChannelId,
        message: MessageId,
        submission: SubmissionId,
        now: i64,
    ) -> &mut Self {
        self.advance(TEXTS);
        self.one(&QUEUE, params![TEXTS, channel, message, submission, now])
    }

    /// Puts a text before the phone that it may have already.
    pub fn relay_again(&mut self, number: i64, submission: SubmissionId, now: i64) -> &mut Self {
        self.one(&AGAIN, params![number, submission, now])
    }

    /// Takes a text back that the phone was not given; the unit fails when it was.
    pub fn withdraw_relayed(&mut self, number: i64) -> &mut Self {
        self.one(&WITHDRAW, params![number])
    }

    /// Notes that a text is in an answer to the phone. The rows of this step say whether it still may be.
    pub fn hand_relayed(&mut self, number: i64, now: i64) -> &mut Self {
        self.run(&HAND, params![number, now])
    }

    /// Notes what the phone says of a text; never back.
    pub fn relayed_told(&mut self, number: i64, channel: ChannelId, state: &str) -> &mut Self {
        self.run(&TOLD, params![number, channel, state])
    }

    /// Notes that the phone could not send a text.
    pub fn relayed_erred(&mut self, number: i64, channel: ChannelId, now: i64) -> &mut Self {
        self.run(&ERRED, params![number, channel, now])
    }

    /// Forgets texts that were put before phones long ago.
    pub fn forget_relayed(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_TEXTS, params![before])
    }
}

impl Store {
    /// A phone by what the app knows itself by.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayer(&self, number: i64) -> Result<Option<RelayerRow>, StoreError> {
        self.first(&BY_NUMBER, params![number]).await?.as_ref().map(RelayerRow::read).transpose()
    }

    /// A phone by the code that claims it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayer_by_code(&self, code: &str) -> Result<Option<RelayerRow>, StoreError> {
        self.first(&BY_CODE, params![code]).await?.as_ref().map(RelayerRow::read).transpose()
    }

    /// The phone of a channel.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayer_of(&self, channel: ChannelId) -> Result<Option<RelayerRow>, StoreError> {
        self.first(&BY_CHANNEL, params![channel]).await?.as_ref().map(RelayerRow::read).transpose()
    }

    /// How many phones wait to be claimed.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn unclaimed_relayers(&self) -> Result<i64, StoreError> {
        self.first(&UNCLAIMED, vec![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// The number under which a submission stands before the phone.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayed_number(&self, submission: SubmissionId) -> Result<Option<i64>, StoreError> {
        self.first(&QUEUED, params![submission]).await?.map(|row| row.get(0)).transpose()
    }

    /// Number and state of a message that was put before the phone of this channel already.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayed_before(
        &self,
        message: MessageId,
        channel: ChannelId,
    ) -> Result<Option<(i64, String)>, StoreError> {
        let row = self.first(&LAST_OF, params![message, channel]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// How far a text is.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relayed(&self, number: i64, channel: ChannelId) -> Result<Option<RelayedRow>, StoreError> {
        let row = self.first(&STATE, params![number, channel]).await?;
        row.map(|row| Ok(RelayedRow { state: row.get(0)?, submission: row.get(1)?, errors: row.get(2)? })).transpose()
    }

    /// Texts for the phone of a channel: those that wait, and those that were given to it since `since` without a word of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn relay_offers(&self, channel: ChannelId, since: i64, limit: i64) -> Result<Vec<OfferRow>, StoreError> {
        let rows = self.query(&OFFER, params![channel, since, limit]).await?;
        let read = |row: &Row| {
            Ok(OfferRow { number: row.get(0)?, submission: row.get(1)?, path: row.get(2)?, text: row.get(3)? })
        };
        rows.iter().map(read).collect()
    }
}
