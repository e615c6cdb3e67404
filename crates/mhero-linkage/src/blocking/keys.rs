//! The parts of a blocking key.

use super::{
    Ground,
    plan::{Planned, Reads},
};
use crate::{
    hash::{hash_text, join},
    normalise::Day,
    record::{self, Stored},
    schema::{How, Kind},
    symbols::{Symbol, Symbols},
};

/// Most values of one part for one record; of a name with many words the first ones count.
const PART_VALUES_MAX: usize = 6;
/// Most keys of one record in one pass.
const KEYS_MAX: usize = 16;
/// Fewest letters of a word of a name that a key is made of.
const WORD_LETTERS_MIN: usize = 2;
/// Letters of a name by which neighbours are ordered, each of six bits.
const ORDER_LETTERS: usize = 21;
const ORDER_BITS: usize = 6;

/// Room that is used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The keys of the last record.
    pub keys: Vec<u64>,
    /// Its places in alphabetical order.
    pub order: Vec<u128>,
    values: Vec<u64>,
    shorter: Vec<u64>,
}

/// The keys of a record in a pass; none when it does not say one of the parts.
pub fn keys(ground: Ground<'_>, planned: &Planned, record: &Stored, scratch: &mut Scratch) {
    let Scratch { keys, values, shorter, .. } = scratch;
    keys.clear();
    keys.push(0);
    for on in &planned.on {
        part_values(ground.fields, ground.symbols, *on, record, values);
        std::mem::swap(keys, shorter);
        keys.clear();
        keys.extend(shorter.iter().flat_map(|key| values.iter().map(|value| join(*key, *value))).take(KEYS_MAX));
        if keys.is_empty() {
            return;
        }
    }
}

/// The keys of a record with one part more. A record that does not say that part stands under a key of its kind, so that two such are
/// still compared.
pub fn further(ground: Ground<'_>, planned: &Planned, key: u64, depth: usize, slot: u32) -> Vec<u64> {
    let Some(record) = &ground.records[slot as usize] else { return Vec::new() };
    let mut values = Vec::new();
    part_values(ground.fields, ground.symbols, planned.refine[depth], record, &mut values);
    if values.is_empty() {
        values.push(0);
    }
    values.into_iter().map(|value| join(join(key, depth as u64 + 1), value)).collect()
}

/// What a part of a key is for this record, as hashes; none when the record does not say.
fn part_values(fields: usize, symbols: &Symbols, on: Reads, record: &Stored, out: &mut Vec<u64>) {
    out.clear();
    let cells = record.cells(on.field, fields);
    match on.kind {
        Kind::Name => of_names(symbols, on.how, cells, out),
        Kind::Text | Kind::Code => out.extend(cells.iter().map(|symbol| match on.how {
            How::Letters(count) => hash_text(letters(symbols.text(*symbol), count)),
            How::Sound => u64::from(symbols.sound(*symbol)),
            _ => u64::from(*symbol),
        })),
        Kind::Date { .. } => out.extend(cells.iter().filter_map(|day| {
            let day = Day(*day);
            match on.how {
                How::Year => Some(u64::from(day.year())),
                How::MonthDay => (day.month_day() != 0).then_some(u64::from(day.month_day())),
                _ => (day.month_day() != 0).then_some(u64::from(day.0)),
            }
        })),
        Kind::Id => out.extend(record::identifiers(cells).map(|(system, value)| join(system.into(), value.into()))),
        Kind::Place => out.extend(record::paths(cells).filter_map(|path| {
            let place =
                if on.how == How::Parent { path.len().checked_sub(2).map(|at| path[at]) } else { path.last().copied() };
            place.map(u64::from)
        })),
        Kind::Phone | Kind::Sex => out.extend(cells.iter().map(|cell| u64::from(*cell))),
    }
    out.sort_unstable();
    out.dedup();
    out.truncate(PART_VALUES_MAX);
}

fn of_names(symbols: &Symbols, how: How, cells: &[u32], out: &mut Vec<u64>) {
    let long = |word: &&Symbol| symbols.text(**word).len() >= WORD_LETTERS_MIN;
    let sound = |word: &Symbol| u64::from(symbols.sound(*word));
    for name in record::names(cells) {
        let words = || name.given_words.iter().chain(name.family_words);
        match how {
            How::Given => out.extend([name.given].iter().filter(long).map(sound)),
            How::Family => out.extend([name.family].iter().filter(long).map(sound)),
            How::AnyName => out.extend(words().filter(long).map(sound)),
            How::Letters(count) => {
                out.extend(words().filter(long).map(|word| hash_text(letters(symbols.text(*word), count))));
            }
            // Sums, since the order of the words is not sure.
            How::Initials => {
                let ends = name.given_words.first().into_iter().chain(name.family_words.last());
                out.push(ends.map(|word| hash_text(letters(symbols.text(*word), 1))).fold(1, u64::wrapping_add));
            }
            _ => out.push(words().map(|word| join(1, u64::from(*word))).fold(2, u64::wrapping_add)),
        }
    }
}

/// Where the record stands in alphabetical order, as a number: both orders of a name.
pub fn order_keys(fields: usize, symbols: &Symbols, on: Reads, record: &Stored, out: &mut Vec<u128>) {
    out.clear();
    let cells = record.cells(on.field, fields);
    let reversed = matches!(on.how, How::NeighboursReversed(_));
    match on.kind {
        Kind::Name => out.extend(record::names(cells).flat_map(|name| {
            let (given, family) = (symbols.text(name.given), symbols.text(name.family));
            [order(reversed, family, given), order(reversed, given, family)]
        })),
        _ => out.extend(cells.iter().map(|symbol| order(reversed, symbols.text(*symbol), ""))),
    }
    out.retain(|key| *key != 0);
    out.sort_unstable();
    out.dedup();
}

/// The first letters of two texts in a row as a number that sorts as they do.
fn order(reversed: bool, first: &str, second: &str) -> u128 {
    let letters = first.bytes().chain(second.bytes());
    let code = |key: u128, byte: u8| {
        key << ORDER_BITS | u128::from(if byte >= b'a' { byte - b'a' + 11 } else { byte.saturating_sub(b'0') + 1 } & 63)
    };
    let padded = |letters: &mut dyn Iterator<Item = u8>| {
        letters.chain(std::iter::repeat(b'/')).take(ORDER_LETTERS).fold(0, code)
    };
    if reversed { padded(&mut letters.rev()) } else { padded(&mut { letters }) }
}

fn letters(text: &str, count: u8) -> &str {
    text.get(..usize::from(count)).unwrap_or(text)
}
