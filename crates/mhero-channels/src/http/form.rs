//! Queries and forms, byte by byte: what a gateway passes on may be in any alphabet, and only its `charset` says which.

/// Adds a value to a query. Everything but letters and figures is escaped.
pub(crate) fn encode(query: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            query.push(char::from(byte));
        } else {
            query.push('%');
            query.push(char::from(HEX[usize::from(byte >> 4)]));
            query.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// A form or query of these pairs.
pub(crate) fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut form = String::new();
    for (key, value) in pairs {
        if !form.is_empty() {
            form.push('&');
        }
        encode(&mut form, key);
        form.push('=');
        encode(&mut form, value);
    }
    form
}

/// The pairs of a query and of a form.
pub(crate) struct Pairs(Vec<(Vec<u8>, Vec<u8>)>);

/// Pairs beyond this number are not looked at.
const PAIRS_MAX: usize = 100;

impl Pairs {
    /// Reads a query and a form; what is given in both counts as in the form.
    pub(crate) fn read(query: &[u8], form: &[u8]) -> Self {
        let pairs = [form, query].into_iter().flat_map(|text| text.split(|byte| *byte == b'&'));
        let pairs = pairs.filter(|pair| !pair.is_empty()).take(PAIRS_MAX).map(|pair| {
            let cut = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            (decode(&pair[..cut]), decode(pair.get(cut + 1..).unwrap_or_default()))
        });
        Self(pairs.collect())
    }

    /// The bytes of the first of these keys that is there.
    pub(crate) fn bytes(&self, keys: &[&str]) -> Option<&[u8]> {
        keys.iter().find_map(|key| {
            self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.as_bytes())).map(|(_, value)| value.as_slice())
        })
    }

    /// All pairs, as read.
    pub(crate) fn all(&self) -> &[(Vec<u8>, Vec<u8>)] {
        &self.0
    }

    /// The same as a text without spaces around it; nothing where it is empty or no UTF-8.
    pub(crate) fn text(&self, keys: &[&str]) -> Option<&str> {
        self.bytes(keys).and_then(|value| str::from_utf8(value).ok()).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Undoes the escapes of a query. A percent sign that begins none stands for itself.
fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let escaped = digit(text.get(at + 1)).zip(digit(text.get(at + 2)));
        match (byte, escaped) {
            (b'%', Some((high, low))) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*byte),
        }
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_read_again() {
        let text = "a b&c=d%é😀+";
        let mut query = String::from("text=");
        encode(&mut query, text);
        assert!(query.is_ascii());
        assert_eq!(Pairs::read(query.as_bytes(), b"").text(&["text"]), Some(text));
    }

    #[test]
    fn forms_come_before_queries_and_nonsense_is_harmless() {
        let pairs = Pairs::read(b"from=1&text=query&empty&%zz=%4&ID=7", b"text=form+x&bytes=%FF%00");
        assert_eq!((pairs.text(&["text"]), pairs.text(&["from"])), (Some("form x"), Some("1")));
        assert_eq!((pairs.text(&["empty"]), pairs.bytes(&["empty"])), (None, Some(&b""[..])));
        assert_eq!((pairs.text(&["%zz"]), pairs.text(&["id"])), (Some("%4"), Some("7")));
        assert_eq!((pairs.text(&["bytes"]), pairs.bytes(&["bytes"])), (None, Some(&b"\xff\x00"[..])));
        assert_eq!(pairs.text(&["sender", "from"]), Some("1"));
    }
}
