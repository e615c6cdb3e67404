//! Phone numbers of the numbering plan, and what clerks make of them.

use std::collections::HashSet;

use crate::dice::Dice;

/// The calling code of the plan.
pub const CALLING_CODE: u32 = 231;

/// First three digits of mobile numbers and how often they occur; six more digits follow.
const BLOCKS: &[(u32, u32)] = &[
    (770, 14),
    (775, 8),
    (776, 10),
    (777, 12),
    (778, 12),
    (555, 8),
    (880, 8),
    (881, 8),
    (886, 10),
    (887, 6),
    (888, 4),
];

/// What stands where a number should: letters in it, cut off, too long, a filler.
const NO_NUMBERS: &[&str] = &["12345", "0770", "999999999", "0000000000", "+2317700000000000", "unknown", "n/a"];

/// Gives out numbers, each once.
pub struct Numbers {
    given: HashSet<u32>,
    weights: Vec<u32>,
}

impl Numbers {
    /// A plan in which these are taken.
    pub fn with_taken(taken: impl IntoIterator<Item = u32>) -> Self {
        Self { given: taken.into_iter().collect(), weights: BLOCKS.iter().map(|(_, weight)| *weight).collect() }
    }

    /// A free national number of nine digits, e.g. 770000214.
    pub fn next(&mut self, dice: &mut Dice) -> u32 {
        loop {
            let (block, _) = BLOCKS[dice.weighted(&self.weights)];
            let number = block * 1_000_000 + dice.below(1_000_000) as u32;
            if self.given.insert(number) {
                return number;
            }
        }
    }
}

/// The number in E.164.
pub fn e164(national: u32) -> String {
    format!("+{CALLING_CODE}{national}")
}

/// The number as one of many clerks writes it; all are read as the same number.
pub fn spell(dice: &mut Dice, national: u32) -> String {
    let digits = national.to_string();
    let (block, middle, last) = (&digits[..3], &digits[3..6], &digits[6..]);
    match dice.weighted(&[22, 10, 20, 12, 8, 6, 6, 6, 5, 5]) {
        0 => format!("+{CALLING_CODE}{digits}"),
        1 => format!("{CALLING_CODE}{digits}"),
        2 => format!("0{block} {middle} {last}"),
        3 => format!("0{block}-{middle}-{last}"),
        4 => format!("0{digits}"),
        5 => digits,
        6 => format!("00{CALLING_CODE}{digits}"),
        7 => format!("({CALLING_CODE}) {block} {middle}{last}"),
        8 => format!("+{CALLING_CODE} {} {} {last}", &digits[..2], &digits[2..6]),
        _ => format!("++{CALLING_CODE}{digits}"),
    }
}

/// A text that is no number: a filler, or a number with a letter for a digit.
pub fn spoil(dice: &mut Dice, national: u32) -> String {
    if dice.chance(0.5) {
        return dice.pick(NO_NUMBERS).to_owned();
    }
    // One digit becomes a letter, as when somebody types on a phone's keypad or reads 0 as O. Dialling libraries
    // spell such letters as digits; a registry must not.
    let mut signs: Vec<char> = format!("0{national}").chars().collect();
    let at = 4 + dice.below(signs.len() - 4);
    signs[at] = dice.pick(&['O', 'o', 'l', 'E', 'X', 'B']);
    signs.into_iter().collect()
}
