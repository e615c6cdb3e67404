//! Texts, codes, dates, phones, identifiers and places. Fields with several values take the best pair of them.

use rapidfuzz::distance::jaro_winkler;

use super::one_edit;
use crate::{
    level::Level,
    normalise::Day,
    record,
    symbols::{Symbol, Symbols},
};

/// Jaro-Winkler similarity from which two texts are a typo apart.
pub const NEAR: f64 = 0.92;
/// And from which they are similar.
pub const LOOSE: f64 = 0.82;
/// Years between two births that count as near.
const YEARS_NEAR: u32 = 2;

/// Jaro-Winkler similarity, 0 to 1; 0 also for what is surely below [`LOOSE`].
pub fn similarity(symbols: &Symbols, one: Symbol, other: Symbol) -> f64 {
    let (left, right) = (symbols.text(one), symbols.text(other));
    if at_most(symbols, one, other) < LOOSE {
        return 0.0;
    }
    jaro_winkler::normalized_similarity(left.bytes(), right.bytes())
}

/// A bound of the similarity that costs little: letters which the other does not have at all match nothing. Most pairs end here.
fn at_most(symbols: &Symbols, one: Symbol, other: Symbol) -> f64 {
    let (left, right) = (symbols.text(one), symbols.text(other));
    let (of_left, of_right) = (symbols.letters(one), symbols.letters(other));
    let has = |text: &str, others: u32| text.len() - ((others.count_ones() as usize).min(text.len()));
    let matching = has(left, of_left & !of_right).min(has(right, of_right & !of_left)) as f64;
    let jaro = (matching / left.len() as f64 + matching / right.len() as f64 + 1.0) / 3.0;
    let prefix = left.bytes().zip(right.bytes()).take(4).take_while(|(a, b)| a == b).count() as f64;
    jaro + prefix * 0.1 * (1.0 - jaro)
}

/// The best level of all pairs: that of the smallest rank.
fn best(left: &[u32], right: &[u32], level: impl Fn(u32, u32) -> Level) -> (Level, Symbol) {
    let mut best = (Level::Far, 0);
    for one in left {
        for other in right {
            let level = level(*one, *other);
            best = best.min((level, if level == Level::Exact { *one } else { 0 }));
        }
    }
    best
}

pub fn texts(symbols: &Symbols, left: &[u32], right: &[u32]) -> (Level, Symbol) {
    best(left, right, |one, other| {
        if one == other {
            return Level::Exact;
        }
        let alike = similarity(symbols, one, other);
        let (one, other) = (symbols.text(one), symbols.text(other));
        match alike {
            alike if alike >= NEAR => Level::Near,
            _ if one_edit(one.as_bytes(), other.as_bytes()) => Level::Near,
            alike if alike >= LOOSE => Level::Loose,
            _ => Level::Far,
        }
    })
}

pub fn codes(symbols: &Symbols, left: &[u32], right: &[u32]) -> (Level, Symbol) {
    best(left, right, |one, other| {
        if one == other {
            return Level::Exact;
        }
        let near = one_edit(symbols.text(one).as_bytes(), symbols.text(other).as_bytes());
        if near { Level::Near } else { Level::Far }
    })
}

pub fn phones(symbols: &Symbols, left: &[u32], right: &[u32]) -> (Level, Symbol) {
    best(left, right, |one, other| {
        if one == other {
            return Level::Exact;
        }
        let near = one_edit(symbols.text(one).as_bytes(), symbols.text(other).as_bytes());
        if near { Level::Digit } else { Level::Far }
    })
}

pub fn dates(left: &[u32], right: &[u32]) -> (Level, Symbol) {
    let (level, _) = best(left, right, |one, other| days(Day(one), Day(other)));
    (level, 0)
}

fn days(one: Day, other: Day) -> Level {
    let (one_md, other_md) = (one.month_day(), other.month_day());
    let years = one.year().abs_diff(other.year());
    if one_md == 0 || other_md == 0 {
        // One of them is a year only.
        return match years {
            0 => Level::Year,
            1..=YEARS_NEAR => Level::YearNear,
            _ => Level::Far,
        };
    }
    if one == other {
        return Level::Exact;
    }
    if one.swapped() == other {
        return Level::DayMonth;
    }
    let digits = |day: Day| -> [u8; 8] {
        let mut rest = day.0;
        std::array::from_fn(|_| {
            let digit = (rest % 10) as u8;
            rest /= 10;
            digit
        })
    };
    match years {
        _ if one_edit(&digits(one), &digits(other)) => Level::Digit,
        0 => Level::Year,
        _ if years <= YEARS_NEAR || one_md == other_md => Level::YearNear,
        _ => Level::Far,
    }
}

/// Only identifiers of one system are compared.
pub fn identifiers(symbols: &Symbols, left: &[u32], right: &[u32]) -> (Level, Symbol) {
    let mut best: (Level, Symbol) = (Level::Missing, 0);
    for (system, one) in record::identifiers(left) {
        for (_, other) in record::identifiers(right).filter(|(of, _)| *of == system) {
            let near = || one_edit(symbols.text(one).as_bytes(), symbols.text(other).as_bytes());
            let found = match one == other {
                true => (Level::Exact, one),
                false if near() => (Level::Near, 0),
                false => (Level::Far, 0),
            };
            best = if best.0 == Level::Missing { found } else { best.min(found) };
        }
    }
    best
}

pub fn places(left: &[u32], right: &[u32]) -> (Level, Symbol) {
    let mut best = (Level::Far, 0);
    for one in record::paths(left) {
        for other in record::paths(right) {
            let common = one.iter().zip(other).take_while(|(a, b)| a == b).count();
            let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
            let level = match common {
                _ if common == long => Level::Exact,
                // The country alone says nothing.
                0 => Level::Far,
                _ if common + 1 >= long && common >= 1 && (common > 1 || common == short) => Level::Parent,
                _ if common > 1 => Level::Ancestor,
                _ => Level::Far,
            };
            best = best.min((level, if level == Level::Exact { one[common - 1] } else { 0 }));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_differ_in_steps() {
        let level = |one, other| days(Day(one), Day(other));
        assert_eq!(level(19_840_307, 19_840_307), Level::Exact);
        assert_eq!(level(19_840_307, 19_840_703), Level::DayMonth);
        assert_eq!(level(19_840_307, 19_840_308), Level::Digit);
        assert_eq!(level(19_840_307, 19_480_307), Level::Digit, "two neighbours swapped");
        assert_eq!(level(19_840_307, 19_841_125), Level::Year);
        assert_eq!(level(19_840_000, 19_841_125), Level::Year);
        assert_eq!(level(19_840_307, 19_861_125), Level::YearNear);
        assert_eq!(level(19_840_307, 19_611_125), Level::Far);
    }

    #[test]
    fn places_are_near_when_they_share_more_than_the_country() {
        let level = |one: &[u32], other: &[u32]| {
            let cells = |path: &[u32]| -> Vec<u32> {
                std::iter::once(u32::try_from(path.len()).unwrap()).chain(path.iter().copied()).collect()
            };
            places(&cells(one), &cells(other)).0
        };
        assert_eq!(level(&[1, 2, 3, 4], &[1, 2, 3, 4]), Level::Exact);
        assert_eq!(level(&[1, 2, 3, 4], &[1, 2, 3, 5]), Level::Parent);
        assert_eq!(level(&[1, 2, 3, 4], &[1, 2, 3]), Level::Parent);
        assert_eq!(level(&[1, 2, 3, 4], &[1, 2, 6, 5]), Level::Ancestor);
        assert_eq!(level(&[1, 2, 3, 4], &[1, 7, 6, 5]), Level::Far);
    }
}
