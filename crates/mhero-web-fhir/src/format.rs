//! JSON or XML: what came, and what is wanted.

use axum::http::{HeaderMap, header};
use mhero_exchange::fhir::FhirError;
use mhero_fhir::{Code, xml};
use serde_json::Value;

/// How a resource is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/fhir+json; charset=utf-8",
            Self::Xml => "application/fhir+xml; charset=utf-8",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name.split(';').next().unwrap_or_default().trim() {
            "json" | "application/json" | "application/fhir+json" | "text/json" => Some(Self::Json),
            "xml" | "application/xml" | "application/fhir+xml" | "text/xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// What a client wants: `_format` decides, then `Accept`. An error tells the format that nobody writes here.
    pub(crate) fn wanted(query: &[(String, String)], headers: &HeaderMap) -> Result<Self, Unwritten> {
        if let Some((_, name)) = query.iter().find(|(name, _)| name == "_format") {
            // An unescaped plus sign came as a space.
            return Self::named(&name.replace(' ', "+")).ok_or_else(|| Unwritten::Asked(name.clone()));
        }
        let Some(accept) = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()) else {
            return Ok(Self::Json);
        };
        let is_any =
            |name: &str| matches!(name.split(';').next().unwrap_or_default().trim(), "*/*" | "application/*" | "");
        // Files of an export are asked for as what they are; the requests about them are told in JSON.
        let is_ndjson = |name: &str| {
            let name = name.split(';').next().unwrap_or_default().trim();
            matches!(name, "application/fhir+ndjson" | "application/ndjson" | "application/x-ndjson")
        };
        // Browsers ask for HTML before everything else; who reads with one gets JSON.
        let read = |name: &str| {
            let is_read = is_any(name) || is_ndjson(name) || name.trim().starts_with("text/html");
            if is_read { Some(Self::Json) } else { Self::named(name) }
        };
        accept.split(',').find_map(read).ok_or_else(|| Unwritten::Accepted(accept.to_owned()))
    }

    /// A resource as text in this format.
    pub(crate) fn write(self, resource: &Value, is_pretty: bool) -> String {
        match (self, is_pretty) {
            (Self::Json, false) => resource.to_string(),
            (Self::Json, true) => serde_json::to_string_pretty(resource).unwrap_or_else(|_| resource.to_string()),
            // What has no rules here has no XML; it is told in JSON rather than not at all.
            (Self::Xml, _) => xml::to_xml(resource).unwrap_or_else(|_| resource.to_string()),
        }
    }
}

/// A format that is not written here.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// By `_format`.
    Asked(String),
    /// By `Accept`.
    Accepted(String),
}

/// How a body came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// A resource in JSON.
    Json,
    /// A resource in XML.
    Xml,
    /// JSON Patch.
    Patch,
    /// A merge document.
    Merge,
}

impl Sent {
    /// What `Content-Type` says; none for what is not read here.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let said = headers.get(header::CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or("application/json");
        match said.split(';').next().unwrap_or_default().trim() {
            "application/json-patch+json" => Some(Self::Patch),
            "application/merge-patch+json" => Some(Self::Merge),
            other => Format::named(other).map(|format| match format {
                Format::Json => Self::Json,
                Format::Xml => Self::Xml,
            }),
        }
    }

    /// The tree of a body.
    pub(crate) fn read(self, body: &[u8]) -> Result<Value, FhirError> {
        let broken = |said: String| FhirError::refused(Code::Structure, "", said);
        if self == Self::Xml {
            let text = std::str::from_utf8(body).map_err(|error| broken(format!("the body is no UTF-8: {error}")))?;
            return xml::from_xml(text).map_err(|error| broken(error.to_string()));
        }
        json(body)
    }
}

/// A body as JSON. The library tells line and column, and stops at a depth of 128.
pub(crate) fn json(body: &[u8]) -> Result<Value, FhirError> {
    let broken = |said: String| FhirError::refused(Code::Structure, "", said);
    let value = serde_json::from_slice(body).map_err(|error| broken(format!("the body is no JSON: {error}")))?;
    match nul_in(&value, &mut String::new()) {
        Some(place) => {
            let said = "a text holds the character U+0000, which can't be kept: leave it out";
            Err(FhirError::refused(Code::Value, place, said))
        }
        None => Ok(value),
    }
}

/// Where a tree has a text with U+0000 in it: no engine keeps it, and R4 has no such text.
fn nul_in(value: &Value, path: &mut String) -> Option<String> {
    let before = path.len();
    match value {
        Value::String(text) => return text.contains('\0').then(|| path.clone()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push_str(&format!("[{at}]"));
                if let Some(place) = nul_in(item, path) {
                    return Some(place);
                }
                path.truncate(before);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if name.contains('\0') {
                    return Some(path.clone());
                }
                path.push_str(if before == 0 { "" } else { "." });
                path.push_str(name);
                if let Some(place) = nul_in(member, path) {
                    return Some(place);
                }
                path.truncate(before);
            }
        }
        _ => {}
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accept: &str, format: Option<&str>) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header"));
        let query: Vec<(String, String)> =
            format.map(|format| ("_format".to_owned(), format.to_owned())).into_iter().collect();
        Format::wanted(&query, &headers).ok()
    }

    #[test]
    fn no_text_holds_a_nul() {
        let place = |body: &str| match json(body.as_bytes()) {
            Err(FhirError::Refused(issues)) => issues[0].expression.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(place(r#"{"name":[{"family":"K"},{"family":"a\u0000b"}]}"#), "name[1].family");
        assert_eq!(place(r#"{"x":{"a\u0000":1}}"#), "x");
        assert!(json(br#"{"name":"a\\u0000b"}"#).is_ok(), "a backslash is none");
    }

    #[test]
    fn the_address_decides_then_the_header() {
        assert_eq!(wanted("application/fhir+xml", None), Some(Format::Xml));
        assert_eq!(wanted("application/fhir+xml", Some("json")), Some(Format::Json));
        assert_eq!(wanted("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None), Some(Format::Json));
        assert_eq!(wanted("*/*", None), Some(Format::Json));
        assert_eq!(wanted("text/html", None), Some(Format::Json));
        assert_eq!(wanted("image/png", None), None);
        assert_eq!(wanted("application/fhir+ndjson", None), Some(Format::Json));
        assert_eq!(wanted("*/*", Some("application/fhir xml")), Some(Format::Xml));
        assert_eq!(wanted("*/*", Some("turtle")), None);
    }
}
