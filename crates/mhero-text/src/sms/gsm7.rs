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

#[cfg(test)]
mod tests {
    use super::*;

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
