//! A personal code after a word: `LAB 4471`. What is not exactly one code of the right length is asked back; two are never both tried.

use super::{
    approval::{ApprovalProblem, code_of},
    figures::pieces,
    fold::{Text, fold},
};

/// What somebody sent to a word that wants a code.
#[derive(Clone, PartialEq, Eq)]
pub struct PinAnswer {
    /// The code, or why it is asked back.
    pub pin: Result<String, ApprovalProblem>,
    /// There are other words, which a person should read.
    pub forward: bool,
}

impl std::fmt::Debug for PinAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PinAnswer({})", if self.pin.is_ok() { "a code" } else { "asked back" })
    }
}

/// Words beside the code that say nothing further.
const FILLING: [&str; 12] = ["pin", "code", "svp", "stp", "please", "pls", "merci", "thanks", "mon", "my", "or", "ou"];

/// Reads a text that begins with one of some words as a code of so many digits; `None` for every other text.
///
/// ```
/// use mhero_text::reply::read_pin;
/// let words = ["LAB".to_owned(), "LABO".to_owned()];
/// assert_eq!(read_pin("lab4471", &words, 4).unwrap().pin, Ok("4471".to_owned()));
/// assert!(read_pin("labo 4471 ou 4417", &words, 4).unwrap().pin.is_err());
/// assert_eq!(read_pin("the lab is closed", &words, 4), None);
/// ```
pub fn read_pin(received: &str, triggers: &[String], digits: usize) -> Option<PinAnswer> {
    let is_trigger = |word: &str| triggers.iter().any(|trigger| fold(trigger) == word);
    let pieces = pieces(&Text::read(received), is_trigger);
    let (first, rest) = pieces.split_first()?;
    if !is_trigger(&first.text) {
        return None;
    }
    let numbers: Vec<String> = rest.iter().filter(|piece| piece.is_number).map(|piece| piece.text.clone()).collect();
    let says_more = |piece: &&super::figures::Piece| !piece.is_number && !FILLING.contains(&piece.text.as_str());
    let forward = rest.iter().any(|piece| says_more(&piece));
    Some(PinAnswer { pin: code_of(&numbers, digits), forward })
}
