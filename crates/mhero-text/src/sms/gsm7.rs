//! The GSM-7 default alphabet and its extension table (3GPP TS 23.038, 6.2.1).

/// The 127 letters of the default alphabet, in code order, without the escape code itself.
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                       ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Letters that follow an escape code, so they take two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Septets that a letter takes in GSM-7: 1, 2 for one of the extension table, `None` when it has no place there.
///
/// ```
/// use mhero_text::sms::septets;
/// assert_eq!((septets('é'), septets('€'), septets('ê')), (Some(1), Some(2), None));
/// ```
pub fn septets(letter: char) -> Option<usize> {
    match letter {
        // Most letters of most texts: no search needed.
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => Some(1),
        _ if EXTENSION.contains(letter) => Some(2),
        _ if DEFAULT.contains(letter) => Some(1),
        _ => None,
    }
}

/// The code of the escape that opens the extension table.
const ESCAPE: u8 = 0x1b;
/// The codes of [`EXTENSION`], letter by letter.
const EXTENSION_CODES: [u8; 10] = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];
/// What stands for a letter or a code that the alphabet lacks.
const UNKNOWN: char = '?';

/// Whether every letter of a text stands in GSM-7.
pub fn is_gsm7(text: &str) -> bool {
    text.chars().all(|letter| septets(letter).is_some())
}

/// A text as septets, one to a byte: not packed. A letter that GSM-7 lacks becomes a question mark.
///
/// ```
/// use mhero_text::sms::{from_septets, to_septets};
/// assert_eq!(to_septets("@[ê"), [0x00, 0x1b, 0x3c, 0x3f]);
/// assert_eq!(from_septets(&[0x00, 0x1b, 0x3c, 0x80]), "@[?");
/// ```
pub fn to_septets(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        if let Some(at) = EXTENSION.chars().position(|own| own == letter) {
            out.extend([ESCAPE, EXTENSION_CODES[at]]);
        } else {
            let code = code_of(letter).or_else(|| code_of(UNKNOWN)).unwrap_or_default();
            out.push(code);
        }
    }
    out
}

/// The opposite of [`to_septets`]. What is no code, or no code behind an escape, becomes a question mark.
pub fn from_septets(septets: &[u8]) -> String {
    let mut out = String::with_capacity(septets.len());
    let mut codes = septets.iter();
    while let Some(code) = codes.next() {
        out.push(match code {
            &ESCAPE => {
                let at = codes.next().and_then(|code| EXTENSION_CODES.iter().position(|own| own == code));
                at.and_then(|at| EXTENSION.chars().nth(at)).unwrap_or(UNKNOWN)
            }
            code => letter_of(*code).unwrap_or(UNKNOWN),
        });
    }
    out
}

/// The code of a letter of the default alphabet. The escape has a code of its own between letters.
fn code_of(letter: char) -> Option<u8> {
    let at = u8::try_from(DEFAULT.chars().position(|own| own == letter)?).ok()?;
    Some(if at < ESCAPE { at } else { at + 1 })
}

fn letter_of(code: u8) -> Option<char> {
    let at = if code < ESCAPE { code } else { code - 1 };
    DEFAULT.chars().nth(usize::from(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        for (letter, code) in
            [('@', 0x00), ('Δ', 0x10), ('Ξ', 0x1a), ('Æ', 0x1c), (' ', 0x20), ('A', 0x41), ('à', 0x7f)]
        {
            assert_eq!(to_septets(&letter.to_string()), [code]);
        }
        let all: String = DEFAULT.chars().chain(EXTENSION.chars()).collect();
        assert_eq!(from_septets(&to_septets(&all)), all);
        assert_eq!(from_septets(&[ESCAPE]), "?");
        assert_eq!(from_septets(&[ESCAPE, 0x41, 0xff]), "??");
    }

    #[test]
    fn the_alphabet_has_its_127_letters_and_nine_extensions() {
        assert_eq!(DEFAULT.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
        assert!(EXTENSION.chars().all(|letter| !DEFAULT.contains(letter)));
    }

    #[test]
    fn french_has_some_accents_and_lacks_others() {
        for letter in "éèàùÇÉ".chars() {
            assert_eq!(septets(letter), Some(1), "{letter}");
        }
        for letter in "êâîôûëïçœÈÀÊ’«»`\t".chars() {
            assert_eq!(septets(letter), None, "{letter}");
        }
    }
}
