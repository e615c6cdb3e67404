//! What a request says: its endpoint, its token, its body.

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

/// How deep a body may be nested.
const DEPTH_MAX: usize = 32;

/// The name of an endpoint, and whether objects rather than a page about it are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) endpoint: String,
    pub(crate) wants_json: bool,
}

/// Reads `contacts.json`, `contacts.json/`, `contacts` and `contacts/`. Without `.json` the header `Accept` decides.
pub(crate) fn named(path: &str, query: &[(String, String)], headers: &HeaderMap) -> Named {
    let path = path.trim_matches('/');
    let (endpoint, by_name) = match path.strip_suffix(".json") {
        Some(name) => (name, true),
        None => (path, false),
    };
    let by_query = query.iter().any(|(name, value)| name == "format" && value == "json");
    let accepts = headers.get(header::ACCEPT).and_then(|line| line.to_str().ok()).unwrap_or_default();
    let by_header = accepts.contains("application/json") && !accepts.contains("text/html");
    Named { endpoint: endpoint.to_owned(), wants_json: by_name || by_query || by_header }
}

/// The token that a request carries, and whether it came as the password of Basic.
pub(crate) fn token(headers: &HeaderMap) -> Option<(String, bool)> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = said.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "token" | "bearer" => Some((rest.trim().to_owned(), false)),
        "basic" => {
            let plain = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            Some((plain.split_once(':')?.1.to_owned(), true))
        }
        _ => None,
    }
}

/// Names and values of a query.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The object that a body holds: JSON under whatever type clients name it, or a form. Says what is wrong with it otherwise.
pub(crate) fn body(bytes: &[u8], headers: &HeaderMap) -> Result<Value, String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|line| line.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let text = std::str::from_utf8(bytes).map_err(|_| "The form is no UTF-8.".to_owned())?;
        return Ok(pairs(text).into_iter().map(|(name, value)| (name, Value::String(value))).collect());
    }
    if kind.starts_with("multipart/") {
        return Err("Files are not taken here: send application/json.".to_owned());
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value @ Value::Object(_)) if depth(&value) <= DEPTH_MAX => Ok(value),
        Ok(Value::Object(_)) => Err(format!("JSON is nested deeper than {DEPTH_MAX}.")),
        Ok(_) => Err("Invalid data. Expected a dictionary.".to_owned()),
        Err(error) => Err(format!("JSON parse error - {error}")),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_is_read() {
        let none = HeaderMap::new();
        for (path, wants_json) in
            [("contacts.json", true), ("contacts.json/", true), ("contacts", false), ("contacts/", false)]
        {
            let wanted = Named { endpoint: "contacts".to_owned(), wants_json };
            assert_eq!(named(path, &[], &none), wanted, "{path}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, "application/json".parse().expect("a header"));
        assert!(named("contacts", &[], &headers).wants_json);
    }

    #[test]
    fn a_body_is_an_object_or_is_refused() {
        let none = HeaderMap::new();
        assert_eq!(body(b" ", &none), Ok(serde_json::json!({})));
        assert_eq!(body(br#"{"a":1}"#, &none), Ok(serde_json::json!({"a": 1})));
        for wrong in ["[]", "{", "1"] {
            assert!(body(wrong.as_bytes(), &none).is_err(), "{wrong}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(60), "]".repeat(60));
        assert!(body(deep.as_bytes(), &none).is_err());
    }
}
