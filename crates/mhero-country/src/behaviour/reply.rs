//! The words of an answer.

use crate::{
    behaviour::{
        question::Choice,
        words::{ENGLISH, FRENCH, Words},
    },
    dice::Dice,
};

/// The texts of one language.
pub fn words(french: bool) -> &'static Words {
    if french { &FRENCH } else { &ENGLISH }
}

/// One of these texts, perhaps with a slip.
pub fn say(dice: &mut Dice, texts: &[&str], typos: f64) -> String {
    let text = dice.pick(texts);
    if dice.chance(typos) { slip(dice, text) } else { text.to_owned() }
}

/// The answer to numbered options: mostly the number alone, the first option most often.
pub fn choose(dice: &mut Dice, choices: &[Choice], french: bool, typos: f64) -> String {
    let first = dice.chance(0.62);
    let choice = &choices[if first { 0 } else { 1 + dice.below(choices.len() - 1) }];
    let (sign, label) = (choice.sign.as_str(), choice.label.as_str());
    let short = !label.contains(' ');
    match dice.weighted(&[780, 70, 40, 40, 30, 40]) {
        1 if short => spelled(dice, label),
        2 => format!("{sign}."),
        3 => format!("{sign} {}", dice.pick(words(french).after)),
        4 if short => format!("{sign} {label}"),
        5 => format!(" {sign} "),
        _ if dice.chance(typos) => slip_of_number(dice, sign),
        _ => sign.to_owned(),
    }
}

/// A small number, or none in words.
pub fn count(dice: &mut Dice, french: bool, typos: f64) -> String {
    let number = [0, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 50][dice.below(16)];
    let digits = number.to_string();
    match dice.weighted(&[80, 8, 12]) {
        1 if number == 0 => (if french { "zero" } else { "none" }).to_owned(),
        1 => format!("{digits} {}", dice.pick(words(french).after)),
        _ if dice.chance(typos) => digits.replace('0', "O").replace('1', "l"),
        _ => digits,
    }
}

/// `yes`, `Yes` or `YES`.
fn spelled(dice: &mut Dice, label: &str) -> String {
    match dice.below(3) {
        0 => label.to_lowercase(),
        1 => label.to_uppercase(),
        _ => {
            let mut letters = label.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

/// What a thumb makes of a number: letters that look like digits, a doubled digit, a neighbour key, a stray sign.
fn slip_of_number(dice: &mut Dice, sign: &str) -> String {
    match (sign, dice.below(4)) {
        ("1", 0) => "I".to_owned(),
        ("1", 1) => "l".to_owned(),
        ("0", 0 | 1) => "O".to_owned(),
        (_, 2) => format!("{sign}{sign}"),
        (_, 3) => format!("{sign},"),
        _ => format!("({sign})"),
    }
}

/// A text with one slip: two letters swapped, one lost, one doubled.
fn slip(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = dice.below(letters.len() - 1);
    match dice.below(3) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}
