//! What a request asks for, decoded: the servers that play registries look at paths and parameters.

use crate::site::{Asked, Reply};

/// A request as such a server looks at it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    /// The path, decoded.
    pub(crate) path: String,
    /// The query, decoded, in order.
    pub(crate) query: Vec<(String, String)>,
}

impl Target {
    pub(crate) fn of(asked: &Asked) -> Self {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        Self { path: decoded(path, false), query: pairs(query) }
    }

    /// The first value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A page for people.
pub(crate) fn page(status: u16) -> Reply {
    let body = "<!DOCTYPE html><html><body><form id=\"login\">Sign in</form></body></html>";
    Reply::new(status, "text/html;charset=UTF-8", body)
}

/// The pairs of a query or a form, decoded, in order.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key, true), decoded(value, true))
    });
    pairs.collect()
}

fn decoded(text: &str, is_query: bool) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = (*byte == b'%').then_some(hex).flatten().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, escaped) {
            (_, Some(real)) => {
                out.push(real);
                at += 2;
            }
            (b'+', None) if is_query => out.push(b' '),
            (byte, None) => out.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
