//! Comparing a bill with what was sent. Pure: lines and submissions in, differences out.

use std::collections::{BTreeMap, HashMap};

use mhero_core::{MessageId, SubmissionState};
use mhero_store::{DifferenceRow, SentPart};

use super::bill_file::BillLine;

/// How far apart our time and the operator's may be, in microseconds: a day and a half, since bills name days in zones of their own.
const APART_MICROS: i64 = 36 * 3_600_000_000;
/// Most differences that are kept of one bill; the rest is counted.
const DIFFERENCES_MAX: usize = 20_000;

/// How a bill and what was sent differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Billed, but we never sent it.
    NotSent,
    /// Sent, but not billed.
    NotBilled,
    /// More segments are billed than we sent.
    MoreSegments,
    /// Another price than agreed.
    OtherPrice,
    /// The bill says delivered where we did not know.
    DeliveredUncertain,
}

impl DifferenceKind {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::NotSent, Self::NotBilled, Self::MoreSegments, Self::OtherPrice, Self::DeliveredUncertain];

    /// The word in the store and in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::NotBilled => "not-billed",
            Self::MoreSegments => "more-segments",
            Self::OtherPrice => "other-price",
            Self::DeliveredUncertain => "delivered-uncertain",
        }
    }

    /// The kind that a word names.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Where they differ, numbered, the first so many.
    pub(super) differences: Vec<DifferenceRow>,
    /// How many there are in all.
    pub(super) differing: i64,
    /// Messages about which both say the same.
    pub(super) agreed: i64,
    /// Segments billed.
    pub(super) segments: i64,
    /// Segments sent.
    pub(super) our_segments: i64,
    /// Billed in all, where lines have a price.
    pub(super) micros: Option<i64>,
    /// What was sent costs by our prices.
    pub(super) our_micros: i64,
}

/// One attempt of a message: its parts together.
#[derive(Debug)]
struct Sending {
    message: MessageId,
    at: i64,
    segments: i64,
    micros: Option<i64>,
    is_uncertain: bool,
    /// What the bill says of it.
    billed: Billed,
}

#[derive(Debug, Default)]
struct Billed {
    line: Option<i64>,
    segments: i64,
    /// Segments of lines that have a price, and those prices.
    priced: Option<(i64, i64)>,
    is_delivered: bool,
}

/// Compares. `parts` may reach beyond the span of the bill: only what was sent in the span is missed in it.
pub(super) fn compare(lines: &[BillLine], parts: &[SentPart], span: (i64, i64)) -> Compared {
    let mut sendings = sendings(parts);
    let by_id = by_id(parts, &sendings.places);
    let mut by_path: HashMap<&str, Vec<usize>> = HashMap::new();
    for part in parts {
        let place = sendings.places[&(part.message, part.attempt)];
        let known = by_path.entry(part.path.as_str()).or_default();
        if known.last() != Some(&place) {
            known.push(place);
        }
    }
    let mut found = Compared::default();
    for line in lines {
        let segments = line.segments.unwrap_or(1);
        found.segments += segments;
        if let Some(micros) = line.micros {
            found.micros = Some(found.micros.unwrap_or(0).saturating_add(micros));
        }
        let place = line.id.as_deref().and_then(|id| by_id.get(id).copied());
        let place = place.or_else(|| {
            let places = by_path.get(line.path.as_deref()?)?;
            nearest(&sendings.list, places, line, segments)
        });
        match place {
            Some(place) => sendings.list[place].billed.add(line, segments),
            None => found.differ(
                DifferenceKind::NotSent,
                DifferenceRow {
                    line: Some(line.line),
                    path: line.path.clone(),
                    at: Some(line.at),
                    segments: Some(segments),
                    micros: line.micros,
                    ..DifferenceRow::default()
                },
            ),
        }
    }
    for sending in &sendings.list {
        found.weigh(sending, span);
    }
    found
}

struct Sendings {
    list: Vec<Sending>,
    places: BTreeMap<(MessageId, i64), usize>,
}

fn sendings(parts: &[SentPart]) -> Sendings {
    let (mut list, mut places): (Vec<Sending>, BTreeMap<_, _>) = (Vec::new(), BTreeMap::new());
    for part in parts {
        let place = *places.entry((part.message, part.attempt)).or_insert_with(|| {
            list.push(Sending {
                message: part.message,
                at: part.at,
                segments: 0,
                micros: None,
                is_uncertain: false,
                billed: Billed::default(),
            });
            list.len() - 1
        });
        let sending = &mut list[place];
        sending.segments += part.segments;
        if let Some(micros) = part.micros {
            sending.micros = Some(sending.micros.unwrap_or(0).saturating_add(micros));
        }
        sending.is_uncertain |= matches!(part.state, SubmissionState::Uncertain | SubmissionState::Submitting);
    }
    Sendings { list, places }
}

/// Where a part with an id belongs. An id that the operator gave twice tells nothing.
fn by_id<'a>(parts: &'a [SentPart], places: &BTreeMap<(MessageId, i64), usize>) -> HashMap<&'a str, usize> {
    let (mut found, mut twice) = (HashMap::new(), Vec::new());
    for part in parts {
        let Some(id) = part.carrier_id.as_deref() else { continue };
        let place = places[&(part.message, part.attempt)];
        if found.insert(id, place).is_some_and(|known| known != place) {
            twice.push(id);
        }
    }
    for id in twice {
        found.remove(id);
    }
    found
}

/// What was sent to the number of a line at about its time, is not billed in full yet, and is nearest.
fn nearest(list: &[Sending], places: &[usize], line: &BillLine, segments: i64) -> Option<usize> {
    let noon = if line.is_day { line.at + 12 * 3_600_000_000 } else { line.at };
    let apart = |place: &usize| (list[*place].at - noon).abs();
    let is_open = |place: &&usize| {
        let sending = &list[**place];
        sending.billed.segments == 0 || sending.billed.segments + segments <= sending.segments
    };
    let may = places.iter().filter(|place| apart(place) <= APART_MICROS).filter(is_open);
    may.min_by_key(|place| apart(place)).copied()
}

impl Billed {
    fn add(&mut self, line: &BillLine, segments: i64) {
        self.line.get_or_insert(line.line);
        self.segments += segments;
        if let Some(micros) = line.micros {
            let (known, sum) = self.priced.unwrap_or_default();
            self.priced = Some((known + segments, sum.saturating_add(micros)));
        }
        self.is_delivered |= line.is_delivered;
    }
}

impl Compared {
    fn weigh(&mut self, sending: &Sending, span: (i64, i64)) {
        let billed = &sending.billed;
        let is_in_span = (span.0..span.1).contains(&sending.at);
        if billed.line.is_none() && !is_in_span {
            return;
        }
        self.our_segments += sending.segments;
        self.our_micros = self.our_micros.saturating_add(sending.micros.unwrap_or(0));
        let row = || DifferenceRow {
            line: billed.line,
            message: Some(sending.message),
            at: Some(sending.at),
            segments: billed.line.map(|_| billed.segments),
            our_segments: Some(sending.segments),
            micros: billed.priced.map(|(_, sum)| sum),
            our_micros: sending.micros,
            ..DifferenceRow::default()
        };
        let before = self.differing;
        if billed.line.is_none() {
            // Of what may not have left nobody is billed: that is no difference.
            if !sending.is_uncertain {
                self.differ(DifferenceKind::NotBilled, row());
            }
            return;
        }
        if billed.segments > sending.segments {
            self.differ(DifferenceKind::MoreSegments, row());
        }
        if is_other_price(sending) {
            self.differ(DifferenceKind::OtherPrice, row());
        }
        if billed.is_delivered && sending.is_uncertain {
            self.differ(DifferenceKind::DeliveredUncertain, row());
        }
        self.agreed += i64::from(self.differing == before);
    }

    fn differ(&mut self, kind: DifferenceKind, row: DifferenceRow) {
        self.differing += 1;
        if self.differences.len() < DIFFERENCES_MAX {
            self.differences.push(DifferenceRow { number: self.differing, kind: kind.word().to_owned(), ..row });
        }
    }
}

/// Whether a segment was billed at another price than ours; whole numbers, multiplied across.
fn is_other_price(sending: &Sending) -> bool {
    let (Some((segments, billed)), Some(ours)) = (sending.billed.priced, sending.micros) else { return false };
    let (per, our_per) =
        (i128::from(billed) * i128::from(sending.segments), i128::from(ours) * i128::from(segments.max(1)));
    per != our_per
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const HOUR: i64 = 3_600_000_000;

    fn part(message: u128, path: &str, id: Option<&str>, state: SubmissionState) -> SentPart {
        SentPart {
            message: MessageId::from_uuid(Uuid::from_u128(message)),
            attempt: 1,
            path: path.into(),
            carrier_id: id.map(Into::into),
            state,
            at: 1_000 * HOUR,
            segments: 1,
            micros: Some(20_000),
        }
    }

    fn line(number: i64, id: Option<&str>, path: Option<&str>) -> BillLine {
        BillLine {
            line: number,
            at: 1_000 * HOUR,
            path: path.map(Into::into),
            id: id.map(Into::into),
            micros: Some(20_000),
            ..BillLine::default()
        }
    }

    fn kinds(compared: &Compared) -> Vec<&str> {
        compared.differences.iter().map(|row| row.kind.as_str()).collect()
    }

    const SPAN: (i64, i64) = (0, 2_000 * HOUR);

    #[test]
    fn what_agrees_is_no_difference() {
        let parts = [
            part(1, "+23177", Some("a"), SubmissionState::Delivered),
            part(2, "+23188", None, SubmissionState::Accepted),
            part(3, "+23199", None, SubmissionState::Uncertain),
        ];
        let lines = [line(2, Some("a"), None), line(3, Some("x"), Some("+23188"))];
        let compared = compare(&lines, &parts, SPAN);
        assert_eq!((kinds(&compared), compared.agreed), (vec![], 2));
        assert_eq!((compared.segments, compared.our_segments, compared.micros), (2, 3, Some(40_000)));
    }

    #[test]
    fn each_difference_is_found() {
        let mut long = part(3, "+23155", Some("c"), SubmissionState::Delivered);
        (long.segments, long.micros) = (2, Some(40_000));
        let parts = [
            part(1, "+23177", Some("a"), SubmissionState::Uncertain),
            part(2, "+23188", Some("b"), SubmissionState::Delivered),
            long,
            part(4, "+23166", Some("d"), SubmissionState::Delivered),
        ];
        let delivered = BillLine { is_delivered: true, ..line(2, Some("a"), None) };
        let more = BillLine { segments: Some(3), micros: Some(60_000), ..line(3, Some("c"), None) };
        let dear = BillLine { micros: Some(30_000), ..line(4, Some("d"), None) };
        let lines = [delivered, more, dear, line(5, Some("z"), Some("+23199"))];
        let compared = compare(&lines, &parts, SPAN);
        assert_eq!(kinds(&compared), ["not-sent", "delivered-uncertain", "not-billed", "more-segments", "other-price"]);
        assert_eq!(compared.differences[0].line, Some(5));
        let numbers: Vec<_> = compared.differences.iter().map(|row| row.number).collect();
        assert_eq!((numbers, compared.agreed), (vec![1, 2, 3, 4, 5], 0));
    }

    #[test]
    fn two_lines_for_one_message_are_more_than_was_sent() {
        let parts = [part(1, "+23177", None, SubmissionState::Delivered)];
        let lines = [line(2, None, Some("+23177")), line(3, None, Some("+23177"))];
        assert_eq!(kinds(&compare(&lines, &parts, SPAN)), ["not-sent"]);
        // A line for each part of one message agrees with it.
        let parts = [
            part(1, "+23177", Some("p1"), SubmissionState::Delivered),
            part(1, "+23177", Some("p2"), SubmissionState::Delivered),
        ];
        let compared = compare(&lines, &parts, SPAN);
        assert_eq!((kinds(&compared), compared.agreed), (vec![], 1));
    }

    #[test]
    fn what_was_sent_on_other_days_is_not_missed() {
        let parts = [part(1, "+23177", None, SubmissionState::Delivered)];
        let lines = [line(2, None, Some("+23188"))];
        assert_eq!(kinds(&compare(&lines, &parts, (0, HOUR))), ["not-sent"]);
    }
}
