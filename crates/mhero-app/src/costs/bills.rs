//! Operators' bills: brought as a file, compared with what was sent, kept with their differences.

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use mhero_core::{BillId, ChannelId, MessageId, Right, record::Reason, timestamp};
use mhero_store::{BillRow, DifferenceOf, DifferenceSeen, Queue, Unit};

use super::{
    DifferenceKind,
    bill_file::{self, BillColumns, BillLine},
    compare::compare,
    days::must_see,
    money::plain,
    prices::midnight,
};
use crate::{App, AppError, Caller};

/// Most submissions that one bill is compared with.
const PARTS_MAX: i64 = 500_000;
/// Most days that one bill may be about.
const DAYS_MAX: i64 = 92;
/// Differences that one unit writes.
const SLICE: usize = 500;
/// Rows of a file that is taken, a page at a time.
const FILE_PAGE: i64 = 1_000;
/// How far before and after a bill's days a message of it may have been sent.
const AROUND: SignedDuration = SignedDuration::from_hours(36);
/// How long numbers in bills are kept that we never sent to.
pub(crate) const NUMBERS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Longest name of a file that is kept, in characters.
const NAME_CHARS_MAX: usize = 120;

/// A bill as it comes.
pub struct NewBill {
    /// Of which channel.
    pub channel: ChannelId,
    /// The name of the file.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Columns that somebody chose.
    pub columns: BillColumns,
}

impl std::fmt::Debug for NewBill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewBill")
            .field("channel", &self.channel)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A bill in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The bill.
    pub row: BillRow,
    /// The channel's name.
    pub channel: String,
}

/// A bill with some of its differences.
#[derive(Clone)]
pub struct BillPage {
    /// The bill.
    pub bill: Bill,
    /// How many there are of each kind.
    pub counts: Vec<(DifferenceKind, i64)>,
    /// Some of them.
    pub rows: Vec<DifferenceSeen>,
    /// The currency, where there is one.
    pub currency: Option<String>,
}

impl App {
    /// Reads an operator's bill, compares it with what was sent by its channel in those days, and keeps the result.
    ///
    /// # Errors
    /// [`AppError::Invalid`] saying why the file cannot be read, or that it is about too many days or messages: then nothing is kept;
    /// [`AppError::NotFound`] for the channel; [`AppError::NotAllowed`] for others than administrators.
    pub async fn bring_bill(&self, caller: &Caller, new: NewBill) -> Result<BillId, AppError> {
        caller.must(Right::Settings)?;
        let channel = new.channel;
        if !self.store().channels().await?.iter().any(|row| row.id == channel) {
            return Err(AppError::not_found("channel", channel));
        }
        let (numbering, zone) = (self.numbering_cached().await?, self.facts_cached().await?.time_zone());
        let name: String = new.name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
        let local = zone.clone();
        let read = tokio::task::spawn_blocking(move || bill_file::read(&new.bytes, &new.columns, (&numbering, &local)));
        let file = read.await.map_err(|_| AppError::invalid("bill-no-table", []))?.map_err(AppError::Invalid)?;
        let span = span_of(&file.lines, &zone)?;
        let around = AROUND.as_micros();
        let around = i64::try_from(around).unwrap_or(0);
        let wide = (span.0 - around, span.1 + around);
        let parts = self.store().sent_parts(channel, wide, PARTS_MAX + 1).await?;
        if i64::try_from(parts.len()).unwrap_or(i64::MAX) > PARTS_MAX {
            return Err(AppError::invalid("bill-too-many-messages", [("max", PARTS_MAX.to_string())]));
        }
        let compare = tokio::task::spawn_blocking(move || {
            let compared = compare(&file.lines, &parts, span);
            (compared, file)
        });
        let (compared, file) = compare.await.map_err(|_| AppError::invalid("bill-no-table", []))?;
        let id = self.store().mint().id(BillId::from_uuid);
        let lines = i64::try_from(file.lines.len()).unwrap_or(i64::MAX) + file.unreadable;
        // The differences first: a bill that is listed has all of its own.
        for slice in compared.differences.chunks(SLICE) {
            let mut unit = Unit::new();
            for row in slice {
                unit.add_difference(id, row);
            }
            self.store().write(unit, Queue::Bulk).await?;
        }
        let mut unit = Unit::new();
        unit.add_bill(&BillRow {
            id,
            channel,
            name,
            from_at: span.0,
            until_at: span.1,
            lines,
            agreed: compared.agreed,
            differing: compared.differing,
            segments: compared.segments,
            our_segments: compared.our_segments,
            micros: compared.micros,
            our_micros: compared.our_micros,
            brought_by: caller.scope.principal(),
            created_at: self.clock().now_micros(),
        });
        let facts = serde_json::json!({
            "channel": channel.to_string(), "lines": lines, "unreadable": file.unreadable, "differing": compared.differing,
        });
        unit.audit(self.store(), &caller.entry("bill-brought", "bill", Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(id)
    }

    /// The latest bills, the last one first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for others than administrators and auditors.
    pub async fn bills(&self, caller: &Caller) -> Result<Vec<Bill>, AppError> {
        must_see(caller)?;
        let rows = self.store().bills().await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            found.push(self.named(row).await?);
        }
        Ok(found)
    }

    async fn named(&self, row: BillRow) -> Result<Bill, AppError> {
        let channels = self.store().channels().await?;
        let channel = channels.into_iter().find(|known| known.id == row.channel).map(|known| known.name);
        Ok(Bill { channel: channel.unwrap_or_default(), row })
    }

    /// A bill with its differences after a place in their list, of one kind or of all. Numbers and people only as far as the caller may
    /// see them.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`] for others than administrators and auditors.
    pub async fn bill_page(
        &self,
        caller: &Caller,
        id: BillId,
        (kind, after, limit): (Option<DifferenceKind>, i64, i64),
    ) -> Result<BillPage, AppError> {
        must_see(caller)?;
        let row = self.store().bill(id).await?.ok_or_else(|| AppError::not_found("bill", id))?;
        let kind = kind.map_or("", DifferenceKind::word);
        let counts = self.store().difference_counts(id).await?;
        Ok(BillPage {
            bill: self.named(row).await?,
            counts: counts.into_iter().filter_map(|(word, count)| Some((DifferenceKind::of(&word)?, count))).collect(),
            rows: self.store().bill_differences(&caller.scope, id, kind, after, limit).await?,
            currency: self.currency().await?,
        })
    }

    /// Where operators' bills differ from one message that was handed over within a span of time; nothing for who may not see bills.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn bills_about(
        &self,
        caller: &Caller,
        message: MessageId,
        (first, last): (i64, i64),
    ) -> Result<Vec<DifferenceOf>, AppError> {
        if must_see(caller).is_err() {
            return Ok(Vec::new());
        }
        let around = i64::try_from(AROUND.as_micros()).unwrap_or(0);
        let span = (first.saturating_sub(around), last.saturating_add(around));
        Ok(self.store().differences_of_message(&caller.scope, message, span).await?)
    }

    /// The differences of a bill as a table: CSV, UTF-8, the titles and kinds in the words of `say`. Numbers are in full only for whom
    /// their people are visible.
    ///
    /// # Errors
    /// As [`App::bill_page`].
    pub async fn bill_csv(
        &self,
        caller: &Caller,
        id: BillId,
        say: impl Fn(&str) -> String,
    ) -> Result<Vec<u8>, AppError> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let titles = ["line", "kind", "time", "number", "message", "segments", "our-segments", "price", "our-price"];
        // Writing into memory does not fail, and all rows have one length.
        let _ = writer.write_record(titles.map(|title| say(&format!("bill-csv-{title}"))));
        let mut after = 0;
        loop {
            let page = self.bill_page(caller, id, (None, after, FILE_PAGE)).await?;
            let Some(last) = page.rows.last() else { break };
            after = last.row.number;
            for seen in &page.rows {
                let row = &seen.row;
                let count = |count: Option<i64>| count.map(|count| count.to_string()).unwrap_or_default();
                let money = |micros: Option<i64>| micros.map(|micros| plain(micros, 2)).unwrap_or_default();
                let at = row.at.map(|at| timestamp(at).to_string()).unwrap_or_default();
                let _ = writer.write_record([
                    count(row.line),
                    say(&format!("bill-kind-{}", row.kind)),
                    at,
                    row.path.clone().unwrap_or_default(),
                    row.message.map(|id| id.to_string()).unwrap_or_default(),
                    count(row.segments),
                    count(row.our_segments),
                    money(row.micros),
                    money(row.our_micros),
                ]);
            }
        }
        let mut unit = Unit::new();
        unit.audit(self.store(), &caller.entry("bill-taken", "bill", Some(id.uuid()), serde_json::json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(writer.into_inner().unwrap_or_default())
    }

    /// Takes a bill away, with its differences: the wrong file was chosen.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for others than administrators.
    pub async fn drop_bill(&self, caller: &Caller, id: BillId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let mut unit = Unit::new();
        unit.drop_bill(id);
        unit.audit(self.store(), &caller.entry("bill-dropped", "bill", Some(id.uuid()), serde_json::json!({})));
        match self.store().write(unit, Queue::Interactive).await {
            // Gone already.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

/// The whole days that the lines of a bill are about.
fn span_of(lines: &[BillLine], zone: &TimeZone) -> Result<(i64, i64), AppError> {
    let day = |at: i64| timestamp(at).to_zoned(zone.clone()).date();
    let first = lines.iter().map(|line| line.at).min().map_or(Timestamp::UNIX_EPOCH.to_zoned(zone.clone()).date(), day);
    let last = lines.iter().map(|line| line.at).max().map_or(first, day);
    let days = first.until(last).map_or(i64::MAX, |span| i64::from(span.get_days()) + 1);
    if days > DAYS_MAX {
        let args = [("from", first.to_string()), ("until", last.to_string()), ("max", DAYS_MAX.to_string())];
        return Err(AppError::Invalid(Reason::new("bill-too-many-days", args)));
    }
    let next = last.checked_add(1.day()).unwrap_or(last);
    Ok((midnight(first, zone), midnight(next, zone)))
}
