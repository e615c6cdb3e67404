//! From a text as written to a plus sign and digits, before any library sees it.

use super::BadPhone;

/// Longest text that can be one number, in characters. Nobody writes fifteen digits with more decoration than this.
const RAW_CHARS_MAX: usize = 64;
/// Most digits of an international number with a prefix in front (E.164 allows 15).
const DIGITS_MAX: usize = 20;

/// Digits as dialled, and whether they begin with the country's calling code because a plus sign or `00` says so.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Dialled {
    pub(super) digits: String,
    pub(super) international: bool,
}

/// Drops decoration and folds digits of other scripts. Anything that is no decoration refuses the text.
pub(super) fn clean(raw: &str) -> Result<Dialled, BadPhone> {
    if raw.chars().nth(RAW_CHARS_MAX).is_some() {
        let letters = raw.chars().take(RAW_CHARS_MAX).any(char::is_alphabetic);
        return Err(if letters { BadPhone::HasLetters } else { BadPhone::NotANumber });
    }
    if raw.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(BadPhone::Empty);
    }
    if raw.chars().any(char::is_alphabetic) {
        return Err(BadPhone::HasLetters);
    }
    let (mut digits, mut plus) = (String::new(), false);
    for c in raw.chars() {
        match c {
            '+' | '＋' if digits.is_empty() => plus = true,
            _ if is_separator(c) || is_invisible(c) => {}
            _ => digits.push(digit(c).ok_or(BadPhone::NotANumber)?),
        }
    }
    if digits.is_empty() || digits.len() > DIGITS_MAX {
        return Err(BadPhone::NotANumber);
    }
    Ok(international(digits, plus))
}

/// Takes the international prefix off. `+00231…` is both at once and means the same.
fn international(digits: String, plus: bool) -> Dialled {
    match digits.strip_prefix("00") {
        Some(rest) if !rest.starts_with('0') && !rest.is_empty() => {
            Dialled { digits: rest.to_owned(), international: true }
        }
        _ => Dialled { digits, international: plus },
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '‐'
                | '‑'
                | '‒'
                | '–'
                | '—'
                | '−'
                | '－'
                | '.'
                | '·'
                | '('
                | ')'
                | '['
                | ']'
                | '/'
                | '_'
                | '\''
                | '’'
        )
}

/// Marks of direction and width that come along when a number is copied from a phone's address book.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The digit's value in ASCII, for the scripts that phones of the field write.
pub(super) fn digit(c: char) -> Option<char> {
    /// The zero of each script; the nine others follow it.
    const ZEROS: [char; 10] =
        ['0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{1040}', '\u{e50}', '\u{1e950}', '\u{ff10}'];
    ZEROS.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialled(raw: &str) -> String {
        match clean(raw) {
            Ok(d) => format!("{}{}", if d.international { "+" } else { "" }, d.digits),
            Err(bad) => bad.as_str().to_owned(),
        }
    }

    #[test]
    fn decoration_goes_and_nothing_else() {
        for (raw, expected) in [
            ("++231776294570", "+231776294570"),
            ("+231 77 5189 536", "+231775189536"),
            ("(231) 887 818995", "231887818995"),
            ("(+231) 887-818.995", "+231887818995"),
            ("00231880546267", "+231880546267"),
            ("+00231880546267", "+231880546267"),
            ("077/012/3456", "0770123456"),
            ("\u{202a}+231 880 546 267\u{202c}", "+231880546267"),
            ("٠٧٧٠١٢٣٤٥٦", "0770123456"),
            ("０７７０１２３４５６", "0770123456"),
            ("077O12E456", "has_letters"),
            ("n/a", "has_letters"),
            ("Tel: 0770123456", "has_letters"),
            ("0770123456 ext 3", "has_letters"),
            ("رقم ٠٧٧", "has_letters"),
            ("-", "not_a_number"),
            ("0770+123456", "not_a_number"),
            ("*123#", "not_a_number"),
            ("0770,123456", "not_a_number"),
            (" \u{a0}\u{200e}", "empty"),
            ("", "empty"),
        ] {
            assert_eq!(dialled(raw), expected, "{raw:?}");
        }
        assert_eq!(dialled(&"7".repeat(65)), "not_a_number");
        assert_eq!(dialled(&"x".repeat(100_000)), "has_letters");
    }
}
