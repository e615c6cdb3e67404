//! Bodies, read strictly: an unknown member is named, not ignored, so that a typing error never sends to everybody.

use axum::{
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{front::Front, problem::Fault};

/// Octets of a body at most.
pub(crate) const BODY_MAX: usize = 1 << 20;

/// A body of JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Front> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &Front) -> Result<Self, Fault> {
        let form = request.headers().get(header::CONTENT_TYPE).and_then(|line| line.to_str().ok()).unwrap_or_default();
        let form = form.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if form != "application/json" {
            return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type")
                .field("Content-Type")
                .value(&form));
        }
        let bytes = axum::body::to_bytes(request.into_body(), BODY_MAX)
            .await
            .map_err(|_| Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Fault::bad("json").arg("line", error.line().to_string()).arg("said", error.to_string()))?;
    if !value.is_object() {
        return Err(Fault::bad("json-object"));
    }
    if has_nul(&value) {
        return Err(Fault::bad("nul"));
    }
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let path = error.path().to_string();
        fault_of(&path, &error.inner().to_string(), &value)
    })
}

/// Whether a text or a name in it holds a NUL, which no database keeps and no phone shows.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// What serde says, sorted by what can be done about it.
fn fault_of(path: &str, said: &str, body: &Value) -> Fault {
    let mut named = said.split('`').skip(1).step_by(2).map(str::to_owned);
    let first = named.next().unwrap_or_default();
    let known = named.collect::<Vec<_>>().join(", ");
    let under = |name: &str| match path {
        "." => name.to_owned(),
        path if path.rsplit('.').next() == Some(name) => path.to_owned(),
        path => format!("{path}.{name}"),
    };
    let at = |path: &str| {
        let pointer: String = path.split(['.', '[']).map(|step| format!("/{}", step.trim_end_matches(']'))).collect();
        body.pointer(&pointer).map(ToString::to_string).unwrap_or_default()
    };
    if said.starts_with("unknown field") {
        return Fault::bad("unknown-field").field(under(&first)).arg("known", known);
    }
    if said.starts_with("missing field") {
        return Fault::bad("missing-field").field(under(&first));
    }
    if said.starts_with("unknown variant") {
        return Fault::bad("unknown-word").field(path).value(&first).arg("known", known);
    }
    Fault::bad("wrong-type").field(path).value(&at(path)).arg("said", said.to_owned())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        people: Vec<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        to: Inner,
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, code, field) in [
            (r#"{"to":{"people":["x"],"peple":[]}}"#, "unknown-field", "to.peple"),
            (r#"{"to":{"people":[1]}}"#, "wrong-type", "to.people[0]"),
            (r#"{"to":{}}"#, "missing-field", "to.people"),
            (r#"{}"#, "missing-field", "to"),
        ] {
            let fault = read::<Outer>(body.as_bytes()).expect_err(body);
            assert_eq!((fault.code, fault.field_name()), (code, Some(field)), "{body}");
        }
        for (body, code) in [
            ("{\"to\":\"\\u0000\"}", "nul"),
            ("[]", "json-object"),
            ("{", "json"),
            ("", "json"),
            (&*"[".repeat(5_000), "json"),
        ] {
            assert_eq!(read::<Outer>(body.as_bytes()).expect_err(body).code, code);
        }
    }
}
