//! The count of a day: what was handed to carriers and what came back, by channel and operator.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use mhero_core::{ChannelId, Direction, Right, SubmissionState};

use super::prices::midnight;
use crate::{App, AppError, Caller, numbers::Operators};

/// What was sent and heard by one channel and operator in a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayLine {
    /// The channel's name.
    pub channel: String,
    /// The operator, where it is known.
    pub operator: Option<String>,
    /// Messages handed over, each attempt counted.
    pub messages: i64,
    /// Segments handed over.
    pub segments: i64,
    /// Parts that the phone has, by report.
    pub delivered: i64,
    /// Parts that the operator took and of which no report came.
    pub unreported: i64,
    /// Parts that failed.
    pub failed: i64,
    /// Parts of which nobody knows whether they left.
    pub uncertain: i64,
    /// Parts that the operator did not take, which cost nothing and are not among the messages.
    pub not_sent: i64,
    /// What was sent costs, in micro-units.
    pub micros: i64,
    /// Parts without a price.
    pub unpriced: i64,
    /// Messages that came.
    pub heard: i64,
    /// What those cost us, in micro-units, by the prices of that day.
    pub heard_micros: i64,
}

/// A day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayCounts {
    /// By channel and operator.
    pub lines: Vec<DayLine>,
    /// All together.
    pub total: DayLine,
    /// The currency, where there is one.
    pub currency: Option<String>,
}

/// Refuses unless somebody may see counts, costs and bills: administrators and auditors.
pub(super) fn must_see(caller: &Caller) -> Result<(), AppError> {
    if caller.scope.may(Right::Settings) { Ok(()) } else { caller.must(Right::Audit) }
}

/// By how many letters of a number its operator is told.
fn letters(operators: &Operators) -> i64 {
    let prefixes = operators.0.iter().flat_map(|operator| operator.prefixes.iter());
    prefixes.map(|prefix| i64::try_from(prefix.len()).unwrap_or(1)).max().unwrap_or(1)
}

impl App {
    /// What was sent and heard in a day of the national zone.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for others than administrators and auditors.
    pub async fn day_counts(&self, caller: &Caller, day: Date) -> Result<DayCounts, AppError> {
        must_see(caller)?;
        let zone = self.facts_cached().await?.time_zone();
        let next = day.checked_add(1.day()).unwrap_or(day);
        let span = (midnight(day, &zone), midnight(next, &zone));
        let (operators, book) = (self.operators().await?, self.price_book().await?);
        let channels = self.store().channels().await?;
        let name = |id: ChannelId| {
            channels.iter().find(|row| row.id == id).map_or_else(|| id.to_string(), |row| row.name.clone())
        };
        let mut lines: BTreeMap<(String, Option<String>), DayLine> = BTreeMap::new();
        let key = |channel, prefix: &str| (name(channel), operators.of(prefix).map(ToOwned::to_owned));
        for count in self.store().sent_counts(span, letters(&operators)).await? {
            add(lines.entry(key(count.channel, &count.prefix)).or_default(), &count);
        }
        for count in self.store().heard_counts(span, letters(&operators)).await? {
            let line = lines.entry(key(count.channel, &count.prefix)).or_default();
            line.heard += count.messages;
            let price = book.price(count.channel, &count.prefix, Direction::In, span.1 - 1);
            line.heard_micros += price.map_or(0, |price| price.ours().saturating_mul(count.segments));
        }
        let mut counts = DayCounts { currency: book.currency.clone(), ..DayCounts::default() };
        for ((channel, operator), line) in lines {
            let line = DayLine { channel, operator, ..line };
            counts.total.take(&line);
            counts.lines.push(line);
        }
        Ok(counts)
    }
}

fn add(line: &mut DayLine, count: &mhero_store::SentCount) {
    let parts = count.submissions;
    match count.state {
        // What the operator never took costs nothing.
        SubmissionState::NotSent | SubmissionState::Rejected => {
            line.not_sent += parts;
            return;
        }
        SubmissionState::Delivered => line.delivered += parts,
        SubmissionState::Accepted => line.unreported += parts,
        SubmissionState::Failed => line.failed += parts,
        SubmissionState::Uncertain | SubmissionState::Submitting => line.uncertain += parts,
    }
    line.messages += count.messages;
    line.segments += count.segments;
    line.unpriced += count.unpriced;
    line.micros += count.micros;
}

impl DayLine {
    fn take(&mut self, other: &Self) {
        self.messages += other.messages;
        self.segments += other.segments;
        self.delivered += other.delivered;
        self.unreported += other.unreported;
        self.failed += other.failed;
        self.uncertain += other.uncertain;
        self.not_sent += other.not_sent;
        self.micros += other.micros;
        self.unpriced += other.unpriced;
        self.heard += other.heard;
        self.heard_micros += other.heard_micros;
    }
}
