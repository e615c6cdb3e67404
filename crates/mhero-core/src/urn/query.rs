//! The text form of an address's parts, and the pairs of its query (as HTML forms encode them).

/// Escapes the signs that part an address.
pub(super) fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('#', "%23").replace('?', "%3F")
}

/// The opposite of [`escaped`]; other percent signs stay.
pub(super) fn unescaped(part: &str) -> String {
    part.replace("%23", "#").replace("%3F", "?").replace("%25", "%")
}

/// `key=value` pairs, decoded; pieces without `=` have an empty value.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let piece = |piece: &str| {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        (decoded(key), decoded(value))
    };
    query.split('&').filter(|one| !one.is_empty()).map(piece).collect()
}

/// Pairs as text, sorted by key; several values of a key keep their order.
pub(super) fn encoded(pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = pairs.iter().collect();
    sorted.sort_by(|one, two| one.0.cmp(&two.0));
    let pieces: Vec<String> = sorted.iter().map(|(key, value)| format!("{}={}", coded(key), coded(value))).collect();
    pieces.join("&")
}

fn coded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
                continue;
            }
            (b'+', ..) => out.push(b' '),
            (other, ..) => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_back() {
        let own = vec![("b".to_owned(), "ü &=".to_owned()), ("a".to_owned(), String::new())];
        assert_eq!(encoded(&own), "a=&b=%C3%BC+%26%3D");
        let mut back = pairs(&encoded(&own));
        back.reverse();
        assert_eq!(back, own);
        assert_eq!(pairs("query&x=%zz"), [("query".to_owned(), String::new()), ("x".to_owned(), "%zz".to_owned())]);
    }
}
