//! Characters by their names in HTML, for `html_decode`.

use std::{collections::HashMap, sync::LazyLock};

/// A character, two of them for a few names.
struct Named {
    text: String,
    /// Whether pages of old write it without a semicolon.
    old: bool,
}

static ALL: LazyLock<HashMap<&'static str, Named>> = LazyLock::new(|| {
    let lines = include_str!("entities.tsv").lines().filter(|line| !line.starts_with('#'));
    let named = |line: &'static str| {
        let mut columns = line.split('\t');
        let (name, codes) = (columns.next()?, columns.next()?);
        let text = codes.split(' ').filter_map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?)).collect();
        Some((name, Named { text, old: columns.next().is_some() }))
    };
    lines.filter_map(named).collect()
});

/// What the numbers 128 to 159 mean to browsers: those of windows-1252.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The longest name that may stand without a semicolon.
const OLD_LENGTH_MAX: usize = 6;

/// A text with its named and numbered characters written out. A space that does not break becomes a plain one.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match entity(rest) {
            Some((letters, length)) => {
                out.extend(letters.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
                rest = &rest[length..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// The character that a text names after its `&`, and the bytes of the name.
fn entity(text: &str) -> Option<(String, usize)> {
    if let Some(number) = text.strip_prefix('#') {
        return numbered(number).map(|(c, length)| (c.to_string(), length + 1));
    }
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &text[..length];
    if text[length..].starts_with(';')
        && let Some(named) = ALL.get(name)
    {
        return Some((named.text.clone(), length + 1));
    }
    (2..=length.min(OLD_LENGTH_MAX)).rev().find_map(|length| {
        let named = ALL.get(&name[..length]).filter(|named| named.old)?;
        Some((named.text.clone(), length))
    })
}

fn numbered(text: &str) -> Option<(char, usize)> {
    let hex = text.starts_with(['x', 'X']);
    let (skip, radix) = if hex { (1, 16) } else { (0, 10) };
    let digits = text[skip..].chars().take_while(|c| c.is_digit(radix)).count();
    let end = skip + digits;
    if digits == 0 {
        return None;
    }
    let code = u32::from_str_radix(&text[skip..end], radix).unwrap_or(0);
    let c = match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => WINDOWS.chars().nth(usize::try_from(code - 0x80).ok()?)?,
        other => char::from_u32(other).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    Some((c, end + usize::from(text[end..].starts_with(';'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_become_letters() {
        for (text, letters) in [
            ("Red&nbsp;&amp;&nbsp;Blue", "Red & Blue"),
            ("&eacute;&#233;&#xE9;&hellip;", "ééé…"),
            ("&lt3 &ampamp; &unknown; & &#; &", "<3 &amp; &unknown; & &#; &"),
            ("&#150;&#0;&#x110000;", "–\u{fffd}\u{fffd}"),
            ("&NotEqualTilde;", "≂̸"),
        ] {
            assert_eq!(decoded(text), letters);
        }
    }
}
