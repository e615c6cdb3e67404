//! Text literals: `"say \"hi\""`.

/// What a literal between double quotes means. Knows the escapes `\a \b \f \n \r \t \v \\ \" \x \u \U` and octal ones; a
/// literal with any other backslash keeps all its backslashes, so that patterns such as `"(\w+)"` need no doubling.
pub(super) fn unquote(literal: &str) -> String {
    let inner = literal.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(literal);
    unescape(inner).unwrap_or_else(|| inner.replace("\\\"", "\""))
}

fn unescape(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (c, length) = escape(&rest[at + 1..])?;
        text.push(c);
        rest = &rest[at + 1 + length..];
    }
    text.push_str(rest);
    Some(text)
}

/// The letter that an escape stands for, and the length of what follows the backslash.
fn escape(text: &str) -> Option<(char, usize)> {
    let plain = |c| Some((c, 1));
    match text.as_bytes().first()? {
        b'a' => plain('\u{7}'),
        b'b' => plain('\u{8}'),
        b'f' => plain('\u{c}'),
        b'n' => plain('\n'),
        b'r' => plain('\r'),
        b't' => plain('\t'),
        b'v' => plain('\u{b}'),
        b'\\' => plain('\\'),
        b'"' => plain('"'),
        b'x' => coded(text, 1, 2, 16),
        b'u' => coded(text, 1, 4, 16),
        b'U' => coded(text, 1, 8, 16),
        b'0'..=b'7' => coded(text, 0, 3, 8),
        _ => None,
    }
}

fn coded(text: &str, skip: usize, digits: usize, radix: u32) -> Option<(char, usize)> {
    let code = text.get(skip..skip + digits)?;
    let all_digits = code.chars().all(|c| c.is_digit(radix));
    let c = char::from_u32(u32::from_str_radix(code, radix).ok()?)?;
    all_digits.then_some((c, skip + digits))
}

/// Writes a text as a literal that [`unquote`] reads back.
pub(super) fn quote(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() => literal.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_patterns_kept() {
        for (literal, text) in [
            (r#""a\nb""#, "a\nb"),
            (r#""\U0001F601 \u00e9""#, "😁 é"),
            (r#""(\w+) \"x\"""#, r#"(\w+) "x""#),
            (r#""[\.""#, r"[\."),
            (r#""\u12""#, r"\u12"),
        ] {
            assert_eq!(unquote(literal), text, "{literal}");
            assert_eq!(unquote(&quote(text)), text, "{literal}");
        }
    }
}
