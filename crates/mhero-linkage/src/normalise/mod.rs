//! Makes values comparable: small Latin letters without accents, digits only, one order of days.
//!
//! Everything is bounded: a value of a thousand letters is cut, never refused.

mod dates;
mod names;
mod sound;
mod variants;

pub use dates::Day;
pub use names::{Name, person_name, whole_name};
pub use sound::sound;
pub use variants::{VARIANT_GROUPS_MAX, variant_groups};

/// Most letters of a text that are looked at; what follows decides nothing.
pub const TEXT_CHARS_MAX: usize = 120;
/// Digits of a phone that are compared, from the end.
pub const PHONE_DIGITS: usize = 8;
/// Fewest digits that can be a phone.
pub const PHONE_DIGITS_MIN: usize = 6;

/// Small Latin letters, digits and single spaces; apostrophes go, other signs part words. Arabic, Cyrillic, Amharic and other scripts
/// are written in Latin letters.
///
/// ```
/// use mhero_linkage::normalise::latin;
///
/// assert_eq!(latin("  N’Diaye-KEÏTA "), "ndiaye keita");
/// assert_eq!(latin("Иванов"), "ivanov");
/// assert_eq!(latin("አበበ"), "abebe");
/// ```
pub fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.chars().take(TEXT_CHARS_MAX) {
        if matches!(letter, '\'' | '’' | '‘' | '`' | 'ʼ' | 'ʻ' | '´') {
            continue;
        }
        let mut one = [0; 4];
        let latin = if letter.is_ascii() { &*letter.encode_utf8(&mut one) } else { any_ascii::any_ascii_char(letter) };
        for byte in latin.bytes() {
            if byte.is_ascii_alphanumeric() {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(char::from(byte.to_ascii_lowercase()));
            } else if !(byte == b'\'' || byte == b'`') || letter.is_ascii() {
                gap = true;
            }
        }
    }
    out
}

/// A text or code without spaces, so that `St. Anne 4` and `STANNE4` are the same. `None` when nothing is left.
pub fn code(text: &str) -> Option<String> {
    let mut text = latin(text);
    text.retain(|letter| letter != ' ');
    (!text.is_empty()).then_some(text)
}

/// The last eight digits of a phone, whichever way it is written. `None` where there are too few digits, or letters.
///
/// ```
/// use mhero_linkage::normalise::phone;
///
/// assert_eq!(phone("+231 77 000 0214"), phone("077 000-0214"));
/// assert_eq!(phone("none"), None);
/// ```
pub fn phone(text: &str) -> Option<String> {
    if text.chars().take(TEXT_CHARS_MAX).any(char::is_alphabetic) {
        return None;
    }
    let digits: Vec<u8> = latin(text).bytes().filter(u8::is_ascii_digit).collect();
    let last = &digits[digits.len().saturating_sub(PHONE_DIGITS)..];
    let empty = last.iter().all(|digit| Some(digit) == last.first());
    (last.len() >= PHONE_DIGITS_MIN && !empty).then(|| last.iter().map(|digit| char::from(*digit)).collect())
}

/// The value of an identifier: letters and digits only, small. `None` when it says nothing (`0`, `N/A`).
pub fn identifier(text: &str) -> Option<String> {
    const NONE: [&str; 8] = ["na", "none", "nil", "null", "unknown", "inconnu", "neant", "test"];
    let value = code(text)?;
    let nothing = value.bytes().all(|byte| byte == b'0') || NONE.contains(&value.as_str());
    (!nothing).then_some(value)
}

/// A system of identifiers: without regard to case, outer spaces and a closing slash.
pub fn system(text: &str) -> String {
    text.trim().trim_end_matches('/').chars().take(TEXT_CHARS_MAX).collect::<String>().to_lowercase()
}

/// 1 for female, 2 for male; `None` for anything else.
pub fn sex(text: &str) -> Option<u32> {
    match latin(text).as_str() {
        "f" | "female" | "femme" | "feminin" | "w" | "woman" => Some(1),
        "m" | "male" | "homme" | "masculin" | "h" | "man" => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_become_latin() {
        assert_eq!(latin("محمد"), "mhmd");
        assert_eq!(latin("Éloïse D'Souza"), "eloise dsouza");
        assert_eq!(latin("\u{0}\u{202e}…"), "");
    }

    #[test]
    fn long_texts_are_cut() {
        assert!(latin(&"ab ".repeat(10_000)).len() <= TEXT_CHARS_MAX);
        assert_eq!(latin(&"x".repeat(300)).len(), TEXT_CHARS_MAX);
    }

    #[test]
    fn phones_and_identifiers_that_say_nothing_are_none() {
        for text in ["", "12345", "00000000", "no phone 231", "n/a"] {
            assert_eq!(phone(text), None, "{text}");
        }
        for text in ["", "000", "N/A", " - "] {
            assert_eq!(identifier(text), None, "{text}");
        }
        assert_eq!(identifier("lr-100 442"), identifier("LR100442"));
    }

    #[test]
    fn sexes_of_both_languages() {
        assert_eq!((sex("Femme"), sex("M"), sex("?")), (Some(1), Some(2), None));
    }
}
