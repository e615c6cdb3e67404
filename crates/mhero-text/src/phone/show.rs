//! Numbers as people write them, and with their middle hidden.

use phonenumber::Mode;

use super::{Numbering, numbering::valid};

/// Digits at the start that a masked number still shows: enough to tell the operator.
const SHOWN_FIRST: usize = 4;
/// Digits at the end that a masked number still shows: enough to tell two colleagues apart.
const SHOWN_LAST: usize = 3;

/// Countries whose people group the digits in another way than libphonenumber's tables say: country, digits, groups.
const GROUPS: &[(&str, usize, &[usize])] = &[("LR", 10, &[4, 3, 3])];

fn regroup(country: &str, written: &str) -> Option<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let (.., groups) = GROUPS.iter().find(|(of, length, _)| *of == country && *length == digits.len())?;
    let mut at = 0;
    let parts: Vec<&str> = groups
        .iter()
        .map(|length| {
            at += length;
            &digits[at - length..at]
        })
        .collect();
    Some(parts.join(" "))
}

impl Numbering {
    /// A number as people of its country write it: `0770 123 456`. Numbers of other countries keep their calling code; short codes
    /// and what is no number come back as they are.
    ///
    /// ```
    /// use mhero_text::Numbering;
    /// let liberia = Numbering::new("LR", &[]).expect("a country");
    /// assert_eq!(liberia.national("+231770123456"), "0770 123 456");
    /// assert_eq!(liberia.national("+224621234567"), "+224 621 23 45 67");
    /// assert_eq!(liberia.national("4636"), "4636");
    /// ```
    pub fn national(&self, e164: &str) -> String {
        match valid(None, e164).filter(|_| e164.starts_with('+')) {
            Some((number, country)) if country == self.default_country() => {
                let written = number.format().mode(Mode::National).to_string();
                regroup(&country, &written).unwrap_or(written)
            }
            Some((number, _)) => number.format().mode(Mode::International).to_string(),
            None => e164.to_owned(),
        }
    }

    /// The same with its middle hidden: `0770 ••• 456`. Short codes belong to nobody and stay.
    ///
    /// ```
    /// use mhero_text::Numbering;
    /// let liberia = Numbering::new("LR", &[]).expect("a country");
    /// assert_eq!(liberia.masked("+231770123456"), "0770 ••• 456");
    /// assert_eq!(liberia.masked("4636"), "4636");
    /// ```
    pub fn masked(&self, e164: &str) -> String {
        let written = self.national(e164);
        let digits = written.chars().filter(char::is_ascii_digit).count();
        if !e164.starts_with('+') && digits <= 6 {
            return written;
        }
        // Of a short number less is shown, so that at least three digits are always hidden.
        let last = SHOWN_LAST.min(digits.saturating_sub(3));
        let first = SHOWN_FIRST.min(digits.saturating_sub(3 + last));
        let mut seen = 0;
        written
            .chars()
            .map(|c| {
                if !c.is_ascii_digit() {
                    return c;
                }
                seen += 1;
                if seen <= first || seen > digits - last { c } else { '•' }
            })
            .collect()
    }
}
