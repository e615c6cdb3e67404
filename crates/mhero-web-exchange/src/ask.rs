//! What requests of neighbours say beside their address: who asks, parameters in all the places where they stand.

use axum::http::{HeaderMap, header};
use mhero_app::App;
use mhero_exchange::clients::Reached;
use serde_json::Value;

/// Parameters that are read of one request.
const PAIRS_MAX: usize = 500;

/// The address under which this client reaches the server.
pub(crate) fn base(reached: Reached, headers: &HeaderMap) -> String {
    reached.origin(|name| headers.get(name)?.to_str().ok())
}

/// The token that a request carries.
pub(crate) fn token(headers: &HeaderMap) -> Option<String> {
    mhero_exchange::clients::token_of(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// Name and value of each parameter of a query or a form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes()).into_owned().take(PAIRS_MAX).collect()
}

/// Name and value of what a body says: a form, or the members of a JSON object.
pub(crate) fn said(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if let Ok(Value::Object(members)) = serde_json::from_str::<Value>(text) {
        let plain = |value: Value| match value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        };
        return members.into_iter().take(PAIRS_MAX).map(|(name, value)| (name, plain(value))).collect();
    }
    if text.starts_with(['{', '[', '<']) { Vec::new() } else { pairs(text) }
}

/// A fresh id of a message, as WS-Addressing wants it.
pub(crate) fn message_id(app: &App) -> String {
    format!("urn:uuid:{}", app.new_correlation())
}
