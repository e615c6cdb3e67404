//! Whether a message is true: `CHECK K7PM`, and `SPAM` for one that looks false.

use mhero_core::Lang;

use super::fold::Text;

/// Letters of codes: none that looks like a digit or like another letter.
const LETTERS: &[u8; 18] = b"ACDEFHJKLMNPRTUVWX";
/// Digits of codes: none that looks like a letter.
const DIGITS: &[u8; 7] = b"2346789";
/// Letter, digit, letter, letter.
const CODE_CHARS: usize = 4;
/// How many codes there are.
pub const TRUST_CODES: u64 = 18 * 7 * 18 * 18;
/// Letters and digits that something must have to be taken for a code.
const TYPED_CHARS: std::ops::RangeInclusive<usize> = 3..=6;
/// Words that ask whether a message is true, with the language where it is surely one.
const CHECK: [(&str, Option<Lang>); 9] = [
    ("check", Some(Lang::ENGLISH)),
    ("chek", Some(Lang::ENGLISH)),
    ("verify", Some(Lang::ENGLISH)),
    ("verif", Some(Lang::FRENCH)),
    ("verifier", Some(Lang::FRENCH)),
    ("verifiez", Some(Lang::FRENCH)),
    ("verificar", Some(Lang::PORTUGUESE)),
    ("تحقق", Some(Lang::ARABIC)),
    ("تاكد", Some(Lang::ARABIC)),
];
/// Words that say that a message is false.
const SPAM: [(&str, Option<Lang>); 3] = [("spam", None), ("arnaque", Some(Lang::FRENCH)), ("fraude", None)];
/// Words that may stand beside.
const BESIDE: [&str; 8] = ["code", "the", "le", "please", "pls", "svp", "stp", "merci"];

/// What a worker wants to know or tell about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustWord {
    /// Is the message with this code true? In capitals, as typed.
    Check(String),
    /// This message looks false; the rest of the text says which.
    Spam,
}

/// Reads a text that asks about a message, with the language of its word; `None` for every other text.
///
/// ```
/// use mhero_core::Lang;
/// use mhero_text::reply::{TrustWord, trust_word};
/// assert_eq!(trust_word("Check k7pm"), Some((TrustWord::Check("K7PM".into()), Some(Lang::ENGLISH))));
/// assert_eq!(trust_word("VÉRIF K7P svp"), Some((TrustWord::Check("K7P".into()), Some(Lang::FRENCH))));
/// assert_eq!(trust_word("check stock"), None);
/// assert_eq!(trust_word("check 12"), None);
/// ```
pub fn trust_word(received: &str) -> Option<(TrustWord, Option<Lang>)> {
    let text = Text::read(received);
    let (first, rest) = text.tokens.split_first()?;
    let of = |words: &[(&str, Option<Lang>)], word: &str| words.iter().find(|(known, _)| *known == word).map(|w| w.1);
    if let Some(lang) = of(&SPAM, &first.text) {
        return Some((TrustWord::Spam, lang));
    }
    let is_beside = |word: &str| BESIDE.contains(&word);
    let rest: Vec<&str> = rest.iter().map(|token| token.text.as_str()).filter(|word| !is_beside(word)).collect();
    let (lang, typed) = match of(&CHECK, &first.text) {
        Some(lang) if rest.len() <= 2 => (lang, rest.concat()),
        Some(_) => return None,
        // Glued: `VERIFK7PM`. The longest word counts, so that `VERIFIER` is not `VERIF` with a rest.
        None if rest.is_empty() => {
            let heads =
                CHECK.iter().filter_map(|(word, lang)| Some((word.len(), *lang, first.text.strip_prefix(word)?)));
            let (_, lang, typed) = heads.max_by_key(|(length, ..)| *length)?;
            (lang, typed.to_owned())
        }
        None => return None,
    };
    let is_code = TYPED_CHARS.contains(&typed.len())
        && typed.bytes().all(|b| b.is_ascii_alphanumeric())
        && typed.bytes().any(|b| b.is_ascii_digit())
        && typed.bytes().any(|b| b.is_ascii_alphabetic());
    is_code.then(|| (TrustWord::Check(typed.to_ascii_uppercase()), lang))
}

/// The code of a number below [`TRUST_CODES`].
///
/// ```
/// use mhero_text::reply::{TRUST_CODES, trust_code};
/// assert_eq!(trust_code(0), "A2AA");
/// assert_eq!(trust_code(TRUST_CODES - 1), "X9XX");
/// ```
pub fn trust_code(number: u64) -> String {
    let mut left = number % TRUST_CODES;
    let mut code = [0u8; CODE_CHARS];
    for (at, place) in code.iter_mut().enumerate().rev() {
        let from: &[u8] = if at == 1 { DIGITS } else { LETTERS };
        let base = from.len() as u64;
        *place = from[usize::try_from(left % base).unwrap_or(0)];
        left /= base;
    }
    code.iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_a_code_of_its_own_that_is_read_back() {
        let codes: BTreeSet<String> = (0..TRUST_CODES).map(trust_code).collect();
        assert_eq!(codes.len() as u64, TRUST_CODES);
        for code in codes.iter().step_by(997) {
            for text in [format!("CHECK {code}"), format!("verif {}", code.to_lowercase()), format!("Check{code}")] {
                assert_eq!(trust_word(&text).map(|(word, _)| word), Some(TrustWord::Check(code.clone())), "{text}");
            }
        }
    }

    #[test]
    fn other_texts_with_the_word_are_left_alone() {
        for text in
            ["check", "please check K7PM", "check the fridge at 9", "checkup 2", "verif stock 3 boxes k7", "K7PM"]
        {
            assert_eq!(trust_word(text), None, "{text}");
        }
        assert_eq!(trust_word("SPAM you won 500 dollars"), Some((TrustWord::Spam, None)));
    }
}
