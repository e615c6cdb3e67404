//! JSON in what other systems answer.

use serde_json::Value as Json;

/// The JSON of an answer, as written but for what no text may hold: bytes that are not UTF-8 and zero characters, escaped or not.
/// `None` when what is left is no JSON.
pub fn usable_json(body: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.extend(chunk.valid().chars().filter(|c| *c != '\0'));
    }
    let text = without_escaped_zeros(&text);
    let is_json = serde_json::from_str::<Json>(&text).is_ok();
    is_json.then_some(text)
}

/// Without `\u0000`, unless its backslash is an escaped one.
fn without_escaped_zeros(text: &str) -> String {
    const ZERO: &str = "\\u0000";
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix(ZERO) {
            rest = after;
            continue;
        }
        let pair: usize = rest.chars().take(2).map(char::len_utf8).sum();
        kept.push_str(&rest[..pair]);
        rest = &rest[pair..];
    }
    kept.push_str(rest);
    kept
}
