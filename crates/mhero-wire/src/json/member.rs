//! The exact text of one member of an object.

/// The text of a member's value, exactly as it stands in `object`, which must be a well-formed JSON object. `None` when the
/// object has no such member. Keys written with escapes are not recognised.
///
/// ```
/// assert_eq!(mhero_wire::json::member(r#"{"a": 1, "b": {"c" : []} }"#, "b"), Some(r#"{"c" : []}"#));
/// ```
pub fn member<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let bytes = object.as_bytes();
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = skip_space(bytes, at + 1);
    while bytes.get(at) == Some(&b'"') {
        let key_end = skip_string(bytes, at);
        let found = object.get(at + 1..key_end.checked_sub(1)?)? == key;
        at = skip_space(bytes, key_end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = skip_space(bytes, at + 1);
        let end = skip_value(bytes, at);
        if found {
            return object.get(at..end);
        }
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at = skip_space(bytes, at + 1);
    }
    None
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The place after the closing quotation mark of the string that begins at `at`.
fn skip_string(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The place after the value that begins at `at`.
fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = skip_string(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' if depth == 0 => return at,
            byte if depth == 0 && byte.is_ascii_whitespace() => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_cut_out_exactly() {
        let text = "{\n \"a\":\"x, \\\" }\", \"n\" : -1.5e3 ,\"resource\": {\"id\":\"1\",\"a\":[1,{}]}\n}";
        assert_eq!(member(text, "a"), Some("\"x, \\\" }\""));
        assert_eq!(member(text, "n"), Some("-1.5e3"));
        assert_eq!(member(text, "resource"), Some("{\"id\":\"1\",\"a\":[1,{}]}"));
        assert_eq!(member(text, "id"), None);
        assert_eq!(member("[]", "id"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", object in "\\{[\\[\\]{}\",:\\\\a1 ]*") {
            let _ = (member(&text, "a"), member(&object, "a"));
        }
    }
}
