//! What comes by lines that are held open: texts in pieces, and receipts whose ids are spelt otherwise.

use mhero_core::{ChannelId, SubmissionState};

use crate::{Guard, IntakeRow, Row, Store, StoreError, SubmissionRow, Unit, params, statement::statements};

statements! {
    ADD_PIECE = "INSERT INTO intake_piece (channel, path, reference, parts, number, units, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (channel, path, reference, parts, number) DO NOTHING";
    PIECES = "SELECT number, units, received_at, done_at FROM intake_piece WHERE channel = $1 AND path = $2 AND reference = $3 AND parts = $4 ORDER BY number ASC NULLS LAST";
    PIECES_DONE = "UPDATE intake_piece SET done_at = $5 WHERE channel = $1 AND path = $2 AND reference = $3 AND parts = $4 AND done_at IS NULL";
    PIECES_GONE = "DELETE FROM intake_piece WHERE channel = $1 AND path = $2 AND reference = $3 AND parts = $4";
    /// The same order of columns as `intake::ADD`; here without a carrier's own id.
    ADD_WHOLE = "INSERT INTO intake (id, channel, scheme, path, text, received_at, attempt, ready_at) VALUES ($1, $2, $3, $4, $5, $6, 0, $6)";
    INCOMPLETE = "SELECT DISTINCT channel, path, reference, parts FROM intake_piece WHERE received_at < $1 AND done_at IS NULL LIMIT 100";
    FORGET_PIECES = "DELETE FROM intake_piece WHERE received_at < $1 AND done_at IS NOT NULL";
    BY_CARRIER_ID_TO = "SELECT s.id, s.message, s.attempt, s.part, s.parts, s.state FROM submission s JOIN message m ON m.id = s.message WHERE s.channel = $1 AND s.carrier_id = $2 AND m.path = $3 ORDER BY s.submitted_at DESC NULLS LAST LIMIT 1";
    KEEP_RECEIPT = "INSERT INTO early_receipt (channel, carrier_id, path, state, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel, carrier_id, path, state) DO UPDATE SET at = $5";
    /// The unit fails when the answer has come meanwhile.
    NOT_YET = "UPDATE early_receipt SET at = $5 WHERE channel = $1 AND carrier_id = $2 AND path = $3 AND state = $4 AND NOT EXISTS (SELECT 1 FROM submission s JOIN message m ON m.id = s.message WHERE s.channel = $1 AND s.carrier_id = $2 AND m.path = $3)";
    RECEIPTS = "SELECT e.channel, e.carrier_id, e.path, e.state, e.at FROM early_receipt e JOIN submission s ON s.channel = e.channel AND s.carrier_id = e.carrier_id JOIN message m ON m.id = s.message AND m.path = e.path ORDER BY e.at ASC NULLS LAST LIMIT $1";
    RECEIPT_DONE = "DELETE FROM early_receipt WHERE channel = $1 AND path = $2 AND state = $3 AND at = $4";
    FORGET_RECEIPTS = "DELETE FROM early_receipt WHERE at < $1";
}

/// Which text of a phone: its pieces share this.
#[derive(Clone, PartialEq, Eq)]
pub struct PieceSet {
    /// The channel it comes by.
    pub channel: ChannelId,
    /// The sender.
    pub path: String,
    /// Which of the sender's texts.
    pub reference: i64,
    /// Of how many pieces.
    pub parts: i64,
}

impl std::fmt::Debug for PieceSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The sender stays out of logs.
        f.debug_struct("PieceSet").field("channel", &self.channel).field("parts", &self.parts).finish_non_exhaustive()
    }
}

/// A piece as it was received.
#[derive(Clone, PartialEq, Eq)]
pub struct PieceRow {
    /// Which one, from 1.
    pub number: i64,
    /// UTF-16, the high octet first.
    pub units: Vec<u8>,
    /// When, in UTC microseconds.
    pub received_at: i64,
    /// When the text was handed on.
    pub done_at: Option<i64>,
}

/// A receipt that came before its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct EarlyReceipt {
    /// The channel.
    pub channel: ChannelId,
    /// The id, in one notation.
    pub carrier_id: String,
    /// The phone.
    pub path: String,
    /// What it says.
    pub state: SubmissionState,
    /// When it came, in UTC microseconds.
    pub at: i64,
}

impl Unit {
    /// Keeps a piece; one that is there stays as it is.
    pub fn add_piece(&mut self, set: &PieceSet, number: i64, units: &[u8], now: i64) -> &mut Self {
        let PieceSet { channel, path, reference, parts } = set;
        self.run(&ADD_PIECE, params![*channel, path, *reference, *parts, number, units, now])
    }

    /// Hands a text on whose pieces are these; the unit fails when somebody else has, or when another piece has come.
    pub fn pieces_done(&mut self, set: &PieceSet, pieces: usize, now: i64) -> &mut Self {
        let PieceSet { channel, path, reference, parts } = set;
        let rows = u64::try_from(pieces).unwrap_or(u64::MAX);
        self.step(&PIECES_DONE, Guard::Rows(rows), params![*channel, path, *reference, *parts, now])
    }

    /// Forgets the pieces of a text: another one of the same reference begins.
    pub fn pieces_gone(&mut self, set: &PieceSet) -> &mut Self {
        let PieceSet { channel, path, reference, parts } = set;
        self.run(&PIECES_GONE, params![*channel, path, *reference, *parts])
    }

    /// Writes a received text that has no id of its carrier's.
    pub fn add_whole_intake(&mut self, row: &IntakeRow) -> &mut Self {
        let IntakeRow { id, channel, scheme, path, text, received_at, .. } = row;
        self.one(&ADD_WHOLE, params![*id, *channel, scheme, path, text, *received_at])
    }

    /// Forgets pieces of texts that were handed on, received before an instant.
    pub fn forget_pieces(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_PIECES, params![before])
    }

    /// Keeps a receipt for when the answer comes; the unit fails when it has come.
    pub fn keep_early_receipt(&mut self, receipt: &EarlyReceipt) -> &mut Self {
        let EarlyReceipt { channel, carrier_id, path, state, at } = receipt;
        self.run(&KEEP_RECEIPT, params![*channel, carrier_id, path, *state, *at]);
        self.one(&NOT_YET, params![*channel, carrier_id, path, *state, *at])
    }

    /// Forgets a receipt, in every notation, once it has been applied.
    pub fn early_receipt_done(&mut self, receipt: &EarlyReceipt) -> &mut Self {
        let EarlyReceipt { channel, path, state, at, .. } = receipt;
        self.run(&RECEIPT_DONE, params![*channel, path, *state, *at])
    }

    /// Forgets receipts that came before an instant: what they are of is not ours.
    pub fn forget_early_receipts(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_RECEIPTS, params![before])
    }
}

impl Store {
    /// The pieces of a text so far, by number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn pieces(&self, set: &PieceSet) -> Result<Vec<PieceRow>, StoreError> {
        let PieceSet { channel, path, reference, parts } = set;
        let rows = self.query(&PIECES, params![*channel, path, *reference, *parts]).await?;
        rows.iter().map(read_piece).collect()
    }

    /// Texts with a piece that came before an instant and that were not handed on. At most 100.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn incomplete_texts(&self, before: i64) -> Result<Vec<PieceSet>, StoreError> {
        let rows = self.query(&INCOMPLETE, params![before]).await?;
        let read = |row: &Row| {
            Ok(PieceSet { channel: row.get(0)?, path: row.get(1)?, reference: row.get(2)?, parts: row.get(3)? })
        };
        rows.iter().map(read).collect()
    }

    /// The newest submission with a carrier's id whose message is for a phone.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn submission_by_carrier_id_to(
        &self,
        channel: ChannelId,
        carrier_id: &str,
        path: &str,
    ) -> Result<Option<SubmissionRow>, StoreError> {
        let row = self.first(&BY_CARRIER_ID_TO, params![channel, carrier_id, path]).await?;
        row.as_ref().map(super::outbox::read_submission).transpose()
    }

    /// Early receipts whose submission is known by now, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn matched_early_receipts(&self, limit: i64) -> Result<Vec<EarlyReceipt>, StoreError> {
        let rows = self.query(&RECEIPTS, params![limit]).await?;
        let read = |row: &Row| {
            Ok(EarlyReceipt {
                channel: row.get(0)?,
                carrier_id: row.get(1)?,
                path: row.get(2)?,
                state: row.get(3)?,
                at: row.get(4)?,
            })
        };
        rows.iter().map(read).collect()
    }
}

fn read_piece(row: &Row) -> Result<PieceRow, StoreError> {
    Ok(PieceRow { number: row.get(0)?, units: row.get(1)?, received_at: row.get(2)?, done_at: row.get(3)? })
}
