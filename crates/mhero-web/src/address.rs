//! Addresses: texts inside a query string.

use std::fmt::Write;

/// A text as one value of a query string.
pub fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            // Writing into a text cannot fail.
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_query_survives_an_address() {
        assert_eq!(super::part("cadre = sage-femme & é"), "cadre+%3D+sage-femme+%26+%C3%A9");
    }
}
