//! Numbers in text.

use super::digits::digit;
use crate::{NumberFormat, value::Number};

/// The number that a text is, spaces around it aside, in the environment's signs and the digits of any script: `1,234.5`, `٤٢`.
/// Grouping signs may stand anywhere. `None` when it is something else or out of range.
pub fn parse_number(text: &str, format: &NumberFormat) -> Option<Number> {
    if format.decimal.is_empty() {
        return None;
    }
    let mut plain: String = text.trim().chars().map(|c| digit(c).unwrap_or(c)).collect();
    if !format.grouping.is_empty() {
        plain = plain.replace(&format.grouping, "");
    }
    Number::parse(&plain.replace(&format.decimal, ".")).ok()
}

/// The first number in a text, `24` in `24ans` and `-12.51` in `another is -12.51`. A minus or decimal sign belongs to it only
/// where it does not follow a letter or digit: `1` in `1-15`, `51` in `hi.51`.
pub fn number(text: &str, format: &NumberFormat) -> Option<Number> {
    let mut before: Option<char> = None;
    let mut skip_to = 0;
    for (at, c) in text.char_indices() {
        let free = !before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if at < skip_to {
            continue;
        }
        let length = written(&text[at..], format, free);
        if length > 0 {
            if let Some(number) = parse_number(&text[at..at + length], format) {
                return Some(number);
            }
            skip_to = at + length;
        }
    }
    None
}

/// The bytes of the number that starts a text, none when there is no number.
fn written(text: &str, format: &NumberFormat, free: bool) -> usize {
    let signed = free && text.starts_with('-');
    let start = usize::from(signed);
    let mut end = start + digits(&text[start..]);
    if end == start {
        let point = sign_and_digits(&text[start..], &format.decimal);
        return if free && point > 0 { start + point } else { 0 };
    }
    loop {
        match sign_and_digits(&text[end..], &format.grouping) {
            0 => break,
            more => end += more,
        }
    }
    end + sign_and_digits(&text[end..], &format.decimal)
}

fn digits(text: &str) -> usize {
    text.chars().take_while(|c| digit(*c).is_some()).map(char::len_utf8).sum()
}

fn sign_and_digits(text: &str, sign: &str) -> usize {
    match text.strip_prefix(sign).filter(|_| !sign.is_empty()).map(digits) {
        None | Some(0) => 0,
        Some(length) => sign.len() + length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_sentence_is_found() {
        let format = NumberFormat::default();
        let found = |text| number(text, &format).map_or_else(String::new, |n| n.to_string());
        for (text, expected) in [
            ("I have 1,234,567.5 apples, or 3", "1234567.5"),
            ("1-15", "1"),
            ("(-15)", "-15"),
            ("- 15", "15"),
            ("hi.51", "51"),
            ("it is .51.", "0.51"),
            ("-.5", "-0.5"),
            ("10.5.3", "10.5"),
            ("10, 20", "10"),
            ("۱۲۳۴", "1234"),
            ("none", ""),
            ("1234567890123456789012345678901234567 or 8", "8"),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        assert_eq!(number("5", &NumberFormat { decimal: String::new(), grouping: ",".to_owned() }), None);
    }
}
