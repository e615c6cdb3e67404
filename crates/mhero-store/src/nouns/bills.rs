//! What was sent in a day, what operators billed, and where the two differ.

use mhero_core::{BillId, ChannelId, MessageId, PersonId, Scope, SubmissionState};
use uuid::Uuid;

use super::costs::ids_of;
use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

/// Bills in a list at most.
const BILLS_MAX: i64 = 200;

statements! {
    /// $5: how many letters of a number tell its operator.
    DAY = "SELECT s.channel, substr(m.path, 1, CAST($5 AS INTEGER)), s.state, CAST(COUNT(*) AS BIGINT), CAST(SUM(CASE WHEN s.part = 1 THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(COALESCE(s.segments, CASE WHEN s.parts = 1 THEN m.segments ELSE 1 END)) AS BIGINT), CAST(COALESCE(SUM(s.price_micros), 0) AS BIGINT), CAST(SUM(CASE WHEN s.price_micros IS NULL THEN 1 ELSE 0 END) AS BIGINT) FROM submission s JOIN message m ON m.id = s.message WHERE s.id >= $1 AND s.id < $2 AND s.submitted_at >= $3 AND s.submitted_at < $4 GROUP BY 1, 2, 3";
    HEARD = "SELECT m.channel, substr(m.path, 1, CAST($3 AS INTEGER)), CAST(COUNT(*) AS BIGINT), CAST(SUM(m.segments) AS BIGINT) FROM message m WHERE m.direction = 'in' AND m.created_at >= $1 AND m.created_at < $2 AND m.channel IS NOT NULL GROUP BY 1, 2";
    SENT = "SELECT s.message, s.attempt, m.path, s.carrier_id, s.state, s.submitted_at, COALESCE(s.segments, CASE WHEN s.parts = 1 THEN m.segments ELSE 1 END), s.price_micros FROM submission s JOIN message m ON m.id = s.message WHERE s.id >= $1 AND s.id < $2 AND s.submitted_at >= $3 AND s.submitted_at < $4 AND s.channel = $5 AND s.state NOT IN ('not_sent', 'rejected') ORDER BY s.id ASC NULLS LAST LIMIT $6";
    ADD = "INSERT INTO bill (id, channel, name, from_at, until_at, lines, agreed, differing, segments, our_segments, micros, our_micros, brought_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    LIST = "SELECT id, channel, name, from_at, until_at, lines, agreed, differing, segments, our_segments, micros, our_micros, brought_by, created_at FROM bill ORDER BY created_at DESC NULLS LAST, id DESC NULLS LAST LIMIT $1";
    GET = "SELECT id, channel, name, from_at, until_at, lines, agreed, differing, segments, our_segments, micros, our_micros, brought_by, created_at FROM bill WHERE id = $1";
    DROP = "DELETE FROM bill WHERE id = $1";
    DROP_DIFFERENCES = "DELETE FROM bill_difference WHERE bill = $1";
    ADD_DIFFERENCE = "INSERT INTO bill_difference (bill, number, kind, line, message, path, at, segments, our_segments, micros, our_micros) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// A number is told to whom its person is told; that of nobody to whom all are.
    DIFFERENCES = (concat!("SELECT d.number, d.kind, d.line, d.at, d.segments, d.our_segments, d.micros, d.our_micros, d.message, m.person, COALESCE(m.path, d.path), CASE WHEN m.person IS NULL THEN $4 ELSE ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$4", "$5"), " END FROM bill_difference d LEFT JOIN message m ON m.id = d.message WHERE d.bill = $1 AND d.number > $2 AND ($6 = '' OR d.kind = $6) ORDER BY d.number ASC NULLS LAST LIMIT $3"));
    /// Where bills that are about a span of time ($2, $3) differ from one message. A bill's differences are looked through: it has some
    /// thousands at most, and a message is opened by hand.
    DIFFERENCES_OF = (concat!("SELECT d.bill, d.number, d.kind, b.name FROM bill b JOIN bill_difference d ON d.bill = b.id JOIN message m ON m.id = d.message WHERE d.message = $1 AND b.from_at <= $3 AND b.until_at > $2 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$4", "$5"), " ORDER BY b.created_at DESC NULLS LAST, d.number ASC NULLS LAST LIMIT 20"));
    DIFFERENCE_COUNTS = "SELECT kind, CAST(COUNT(*) AS BIGINT) FROM bill_difference WHERE bill = $1 GROUP BY kind ORDER BY kind ASC NULLS LAST";
    FORGET_NUMBERS = "UPDATE bill_difference SET path = NULL WHERE path IS NOT NULL AND bill IN (SELECT id FROM bill WHERE created_at < $1)";
}

/// How many submissions of a day stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCount {
    /// By which channel.
    pub channel: ChannelId,
    /// How their numbers begin.
    pub prefix: String,
    /// How far they got.
    pub state: SubmissionState,
    /// Submissions.
    pub submissions: i64,
    /// Messages, each attempt counted.
    pub messages: i64,
    /// Segments.
    pub segments: i64,
    /// What they cost, in micro-units.
    pub micros: i64,
    /// Submissions without a price.
    pub unpriced: i64,
}

/// How many messages came in a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardCount {
    /// By which channel.
    pub channel: ChannelId,
    /// How their numbers begin.
    pub prefix: String,
    /// Messages.
    pub messages: i64,
    /// Segments.
    pub segments: i64,
}

/// One submission, to be compared with a bill.
#[derive(Clone, PartialEq, Eq)]
pub struct SentPart {
    /// The message.
    pub message: MessageId,
    /// Which attempt.
    pub attempt: i64,
    /// To which number.
    pub path: String,
    /// The carrier's id.
    pub carrier_id: Option<String>,
    /// How far it got.
    pub state: SubmissionState,
    /// When.
    pub at: i64,
    /// Segments.
    pub segments: i64,
    /// What it costs, in micro-units.
    pub micros: Option<i64>,
}

impl std::fmt::Debug for SentPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentPart").field("message", &self.message).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A bill as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// Its id.
    pub id: BillId,
    /// Of which channel.
    pub channel: ChannelId,
    /// The name of the file.
    pub name: String,
    /// The first instant that it is about, in UTC microseconds.
    pub from_at: i64,
    /// The first after it.
    pub until_at: i64,
    /// Its lines.
    pub lines: i64,
    /// Messages about which both say the same.
    pub agreed: i64,
    /// Differences.
    pub differing: i64,
    /// Segments billed.
    pub segments: i64,
    /// Segments sent.
    pub our_segments: i64,
    /// Billed in all, in micro-units, where the bill says so.
    pub micros: Option<i64>,
    /// What it costs by our prices.
    pub our_micros: i64,
    /// Who brought it.
    pub brought_by: Option<Uuid>,
    /// When.
    pub created_at: i64,
}

/// Where bill and messages differ.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DifferenceRow {
    /// Its place in the list, from 1.
    pub number: i64,
    /// `not-sent`, `not-billed`, `more-segments`, `other-price`, `delivered-uncertain`.
    pub kind: String,
    /// The line of the file.
    pub line: Option<i64>,
    /// Our message.
    pub message: Option<MessageId>,
    /// The number as the bill has it, in E.164; only where there is no message.
    pub path: Option<String>,
    /// When, in UTC microseconds.
    pub at: Option<i64>,
    /// Segments billed.
    pub segments: Option<i64>,
    /// Segments sent.
    pub our_segments: Option<i64>,
    /// Billed, in micro-units.
    pub micros: Option<i64>,
    /// By our prices.
    pub our_micros: Option<i64>,
}

impl std::fmt::Debug for DifferenceRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DifferenceRow").field("number", &self.number).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A difference as somebody may see it.
#[derive(Clone, PartialEq, Eq)]
pub struct DifferenceSeen {
    /// The difference; its number of a phone only where `is_visible`.
    pub row: DifferenceRow,
    /// Whose message, where the reader may know.
    pub person: Option<PersonId>,
    /// Whether the reader may know whose it is.
    pub is_visible: bool,
}

/// Where a bill differs from a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceOf {
    /// The bill.
    pub bill: BillId,
    /// The place in the list of its differences.
    pub number: i64,
    /// The word of its kind, as in [`DifferenceRow`].
    pub kind: String,
    /// The name of the bill's file.
    pub name: String,
}

impl Unit {
    /// Writes a bill.
    pub fn add_bill(&mut self, row: &BillRow) -> &mut Self {
        self.one(
            &ADD,
            params![
                row.id,
                row.channel,
                &row.name,
                row.from_at,
                row.until_at,
                row.lines,
                row.agreed,
                row.differing,
                row.segments,
                row.our_segments,
                row.micros,
                row.our_micros,
                row.brought_by,
                row.created_at
            ],
        )
    }

    /// Writes a difference of a bill.
    pub fn add_difference(&mut self, bill: BillId, row: &DifferenceRow) -> &mut Self {
        self.one(
            &ADD_DIFFERENCE,
            params![
                bill,
                row.number,
                &row.kind,
                row.line,
                row.message,
                row.path.clone(),
                row.at,
                row.segments,
                row.our_segments,
                row.micros,
                row.our_micros
            ],
        )
    }

    /// Takes a bill away, with its differences; the unit fails without it.
    pub fn drop_bill(&mut self, id: BillId) -> &mut Self {
        self.one(&DROP, params![id]);
        self.run(&DROP_DIFFERENCES, params![id])
    }

    /// Forgets the numbers in bills that were brought before an instant.
    pub fn forget_billed_numbers(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_NUMBERS, params![before])
    }
}

fn read_bill(row: &Row) -> Result<BillRow, StoreError> {
    Ok(BillRow {
        id: row.get(0)?,
        channel: row.get(1)?,
        name: row.get(2)?,
        from_at: row.get(3)?,
        until_at: row.get(4)?,
        lines: row.get(5)?,
        agreed: row.get(6)?,
        differing: row.get(7)?,
        segments: row.get(8)?,
        our_segments: row.get(9)?,
        micros: row.get(10)?,
        our_micros: row.get(11)?,
        brought_by: row.get(12)?,
        created_at: row.get(13)?,
    })
}

fn read_difference(row: &Row) -> Result<DifferenceSeen, StoreError> {
    let is_visible: bool = row.get(11)?;
    let person: Option<PersonId> = row.get(9)?;
    Ok(DifferenceSeen {
        row: DifferenceRow {
            number: row.get(0)?,
            kind: row.get(1)?,
            line: row.get(2)?,
            at: row.get(3)?,
            segments: row.get(4)?,
            our_segments: row.get(5)?,
            micros: row.get(6)?,
            our_micros: row.get(7)?,
            message: row.get(8)?,
            path: row.get::<Option<String>>(10)?.filter(|_| is_visible),
        },
        person: person.filter(|_| is_visible),
        is_visible,
    })
}

impl Store {
    /// What was handed to carriers in a span of time, counted by channel, beginning of the number and state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sent_counts(&self, span: (i64, i64), letters: i64) -> Result<Vec<SentCount>, StoreError> {
        let (first, last) = ids_of(span);
        let rows = self.query(&DAY, params![first, last, span.0, span.1, letters]).await?;
        let read = |row: &Row| {
            Ok(SentCount {
                channel: row.get(0)?,
                prefix: row.get(1)?,
                state: row.get(2)?,
                submissions: row.get(3)?,
                messages: row.get(4)?,
                segments: row.get(5)?,
                micros: row.get(6)?,
                unpriced: row.get(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// What came in a span of time, counted by channel and beginning of the number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn heard_counts(&self, span: (i64, i64), letters: i64) -> Result<Vec<HeardCount>, StoreError> {
        let rows = self.query(&HEARD, params![span.0, span.1, letters]).await?;
        let read = |row: &Row| {
            let (channel, prefix) = (row.get(0)?, row.get(1)?);
            Ok(HeardCount { channel, prefix, messages: row.get(2)?, segments: row.get(3)? })
        };
        rows.iter().map(read).collect()
    }

    /// What was handed to the carrier of a channel in a span of time, in that order.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sent_parts(
        &self,
        channel: ChannelId,
        span: (i64, i64),
        limit: i64,
    ) -> Result<Vec<SentPart>, StoreError> {
        let (first, last) = ids_of(span);
        let rows = self.query(&SENT, params![first, last, span.0, span.1, channel, limit]).await?;
        let read = |row: &Row| {
            Ok(SentPart {
                message: row.get(0)?,
                attempt: row.get(1)?,
                path: row.get(2)?,
                carrier_id: row.get(3)?,
                state: row.get(4)?,
                at: row.get(5)?,
                segments: row.get(6)?,
                micros: row.get(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The latest bills, the last one first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn bills(&self) -> Result<Vec<BillRow>, StoreError> {
        self.query(&LIST, params![BILLS_MAX]).await?.iter().map(read_bill).collect()
    }

    /// One bill.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn bill(&self, id: BillId) -> Result<Option<BillRow>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(read_bill).transpose()
    }

    /// The differences of a bill as somebody may see them, after a place in the list, narrowed to a kind unless it is empty.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn bill_differences(
        &self,
        scope: &Scope,
        bill: BillId,
        kind: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<DifferenceSeen>, StoreError> {
        let params = params![bill, after, limit, scope.all_places(), scope.principal(), kind];
        self.query(&DIFFERENCES, params).await?.iter().map(read_difference).collect()
    }

    /// Where bills about a span of time differ from one message, of somebody within a scope; the latest bill first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn differences_of_message(
        &self,
        scope: &Scope,
        message: MessageId,
        (from, until): (i64, i64),
    ) -> Result<Vec<DifferenceOf>, StoreError> {
        let params = params![message, from, until, scope.all_places(), scope.principal()];
        let rows = self.query(&DIFFERENCES_OF, params).await?;
        let read = |r: &Row| Ok(DifferenceOf { bill: r.get(0)?, number: r.get(1)?, kind: r.get(2)?, name: r.get(3)? });
        rows.iter().map(read).collect()
    }

    /// How many differences of each kind a bill has.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn difference_counts(&self, bill: BillId) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&DIFFERENCE_COUNTS, params![bill]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }
}
