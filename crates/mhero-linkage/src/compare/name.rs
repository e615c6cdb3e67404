//! Names of people: given name with given name, family name with family name, or crossed where a clerk swapped them.

use super::{
    one_edit,
    values::{LOOSE, NEAR, similarity},
};
use crate::{
    level::Level,
    record::{self, NameCells},
    symbols::{Symbol, Symbols},
};

/// Fewest letters of a name for typos to be looked for: below, every name is close to many.
const TYPO_LETTERS_MIN: usize = 4;

type Found = (Level, Symbol);

/// Levels of the given and of the family name, of the best pair of names.
pub fn compare(symbols: &Symbols, left: &[u32], right: &[u32]) -> (Found, Found) {
    let mut best = ((Level::Missing, 0), (Level::Missing, 0));
    let mut rank = (u32::MAX, best);
    for one in record::names(left) {
        for other in record::names(right) {
            let found = pair(symbols, &one, &other);
            let of = (cost(found.0.0) + cost(found.1.0), found);
            if of < rank {
                (best, rank) = (found, of);
            }
        }
    }
    best
}

/// How unlike a level is, to choose between readings of two names.
const fn cost(level: Level) -> u32 {
    match level {
        Level::Exact | Level::Crossed => 0,
        Level::Variant => 1,
        Level::Near | Level::CrossedNear => 2,
        Level::Initial => 4,
        Level::Loose => 5,
        Level::Missing => 6,
        _ => 9,
    }
}

fn pair(symbols: &Symbols, one: &NameCells<'_>, other: &NameCells<'_>) -> (Found, Found) {
    let given = part(symbols, (one.given, one.given_words), (other.given, other.given_words));
    let family = part(symbols, (one.family, one.family_words), (other.family, other.family_words));
    let straight = cost(given.0) + cost(family.0);
    if straight <= cost(Level::Near) {
        return (given, family);
    }
    // Read the other way round: the given name of one is the family name of the other.
    let first = part(symbols, (one.given, one.given_words), (other.family, other.family_words));
    let second = part(symbols, (one.family, one.family_words), (other.given, other.given_words));
    let crossed = cost(first.0) + cost(second.0);
    if crossed + u32::from(!one.guessed && !other.guessed) >= straight {
        return (given, family);
    }
    if one.guessed || other.guessed {
        // Nobody knows which is which, so no clerk erred. The side that knows says which part is which.
        let as_one_says = if one.guessed && other.guessed { first <= second } else { other.guessed };
        return if as_one_says { (first, second) } else { (second, first) };
    }
    (cross(first), cross(second))
}

/// The level of a part in the other's place.
fn cross(found: Found) -> Found {
    let level = match found.0 {
        Level::Exact | Level::Variant => Level::Crossed,
        Level::Near | Level::Initial | Level::Loose => Level::CrossedNear,
        other => other,
    };
    (level, 0)
}

fn part(symbols: &Symbols, one: (Symbol, &[Symbol]), other: (Symbol, &[Symbol])) -> Found {
    if one.0 == 0 || other.0 == 0 {
        return (Level::Missing, 0);
    }
    if one.0 == other.0 {
        return (Level::Exact, one.0);
    }
    let variants = |one: &[Symbol], other: &[Symbol]| {
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a == b || symbols.are_variants(*a, *b))
    };
    if symbols.are_variants(one.0, other.0) || variants(one.1, other.1) {
        return (Level::Variant, 0);
    }
    (unlike(symbols, one, other), 0)
}

/// The level of two parts that are neither the same nor forms of one name.
fn unlike(symbols: &Symbols, one: (Symbol, &[Symbol]), other: (Symbol, &[Symbol])) -> Level {
    let (one_text, other_text) = (symbols.text(one.0), symbols.text(other.0));
    let shorter = one_text.len().min(other_text.len());
    if shorter == 1 {
        let initial = one_text.as_bytes()[0] == other_text.as_bytes()[0];
        return if initial { Level::Initial } else { Level::Far };
    }
    let alike = similarity(symbols, one.0, other.0);
    let slip = shorter >= TYPO_LETTERS_MIN && one_edit(one_text.as_bytes(), other_text.as_bytes());
    if slip || alike >= NEAR {
        return Level::Near;
    }
    let shared =
        |words: &[Symbol], of: &[Symbol]| words.iter().any(|word| of.contains(word) && symbols.text(*word).len() > 1);
    if (one.1.len() > 1 || other.1.len() > 1) && shared(one.1, other.1) {
        return Level::Initial;
    }
    let sound = symbols.sound(one.0);
    if alike >= LOOSE || (sound != 0 && sound == symbols.sound(other.0)) {
        return Level::Loose;
    }
    Level::Far
}
