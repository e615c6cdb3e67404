//! The exact text of one member of an object, and the object with another one.

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

/// The object with another value for a member, all else exactly as it stands. A member that is not there is added at the end;
/// `None` takes it away. `None` comes back when `object` is no object.
///
/// ```
/// use mhero_wire::json::with_member;
/// let object = r#"{"a": 1.50, "b" : [2], "c":3}"#;
/// assert_eq!(with_member(object, "b", Some("[4]")).as_deref(), Some(r#"{"a": 1.50, "b" : [4], "c":3}"#));
/// assert_eq!(with_member(object, "b", None).as_deref(), Some(r#"{"a": 1.50, "c":3}"#));
/// assert_eq!(with_member(object, "d", Some("5")).as_deref(), Some(r#"{"a": 1.50, "b" : [2], "c":3,"d":5}"#));
/// ```
pub fn with_member(object: &str, key: &str, value: Option<&str>) -> Option<String> {
    let bytes = object.as_bytes();
    let open = skip_space(bytes, 0);
    let close = object.rfind('}').filter(|close| bytes.get(open) == Some(&b'{') && *close > open)?;
    let place = |text: &str| text.as_ptr() as usize - object.as_ptr() as usize;
    let Some(found) = member(object, key) else {
        let Some(value) = value else { return Some(object.to_owned()) };
        let is_empty = skip_space(bytes, open + 1) == close;
        let comma = if is_empty { "" } else { "," };
        let before = object.get(..close)?.trim_end();
        return Some(format!("{before}{comma}{}:{value}{}", serde_json::Value::from(key), object.get(close..)?));
    };
    let (start, end) = (place(found), place(found) + found.len());
    if let Some(value) = value {
        return Some(format!("{}{value}{}", object.get(..start)?, object.get(end..)?));
    }
    // From the quotation mark of the key, with the comma after it or else the one before.
    let key_start = object.get(..start)?.rfind(&format!("\"{key}\""))?;
    let after = skip_space(bytes, end);
    if bytes.get(after) == Some(&b',') {
        return Some(format!("{}{}", object.get(..key_start)?, object.get(skip_space(bytes, after + 1)..)?));
    }
    let before = object.get(..key_start)?.trim_end();
    let before = before.strip_suffix(',').unwrap_or(before);
    Some(format!("{before}{}", object.get(end..)?))
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

    #[test]
    fn members_are_taken_away_and_added_wherever_they_stand() {
        for (object, gone) in [
            (r#"{"a":1}"#, "{}"),
            (r#"{ "a" : 1 , "b":"\"a\":" }"#, r#"{ "b":"\"a\":" }"#),
            (r#"{"b":2,"a":[1,2]}"#, r#"{"b":2}"#),
        ] {
            assert_eq!(with_member(object, "a", None).as_deref(), Some(gone));
        }
        assert_eq!(with_member("{ }", "a", Some("1")).as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(with_member("[]", "a", Some("1")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", object in "\\{[\\[\\]{}\",:\\\\a1 ]*") {
            let _ = (member(&text, "a"), member(&object, "a"));
            let _ = (with_member(&text, "a", None), with_member(&object, "a", Some("1")), with_member(&object, "a", None));
        }
    }
}
