//! What a fair comparison leaves out: ids that were made up, instants of the mock universe, sizes and durations, and the
//! layout of HTTP dumps. The rules are the README's.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

/// The first letters of every instant in the mock universe.
const HOURS: [&str; 2] = ["2025-05-04T12:", "2025-05-04T13:"];

/// Properties that say how long or how big something was.
const DROPPED: [&str; 2] = ["elapsed_ms", "sizes"];

/// Headers that the flow did not set.
const OWN_HEADERS: [&str; 6] = ["host", "user-agent", "accept-encoding", "content-length", "connection", "date"];

/// Renames made-up ids and masks instants, over one session test.
#[derive(Clone, Debug, Default)]
pub(crate) struct Normaliser {
    /// Ids that the test itself gives.
    given: HashSet<String>,
    /// What the made-up ids are called, by id, in order of appearance.
    named: HashMap<String, String>,
}

impl Normaliser {
    /// A normaliser that leaves the ids alone that stand in these inputs.
    pub(crate) fn knowing<'a>(inputs: impl IntoIterator<Item = &'a Json>) -> Self {
        let mut normaliser = Self::default();
        for input in inputs {
            collect(input, &mut normaliser.given);
        }
        normaliser
    }

    /// The same value in its neutral form.
    pub(crate) fn neutral(&mut self, json: &Json) -> Json {
        match json {
            Json::Object(map) => {
                // Sorted, so that ids get their names in the same order on both sides.
                let mut keys: Vec<_> = map.keys().filter(|key| !DROPPED.contains(&key.as_str())).collect();
                keys.sort();
                let mut neutral = Map::new();
                for key in keys {
                    let value = match (key.as_str(), &map[key]) {
                        ("request", Json::String(dump)) if dump.contains("\r\n") => request(dump),
                        ("response", Json::String(dump)) if dump.starts_with("HTTP/") => response(dump),
                        (_, value) => value.clone(),
                    };
                    neutral.insert(self.text(key), self.neutral(&value));
                }
                Json::Object(neutral)
            }
            Json::Array(items) => items.iter().map(|item| self.neutral(item)).collect(),
            Json::String(text) => Json::String(self.text(text)),
            other => other.clone(),
        }
    }

    /// A text with its ids renamed and its instants masked.
    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(uuid) = uuid_at(rest)
                && !out.ends_with(|c: char| c.is_ascii_hexdigit())
            {
                out.push_str(&self.name_of(uuid));
                rest = &rest[uuid.len()..];
            } else if let Some(length) = instant_at(rest) {
                out.push_str("(now)");
                rest = &rest[length..];
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    fn name_of(&mut self, uuid: &str) -> String {
        if self.given.contains(uuid) {
            return uuid.to_owned();
        }
        let next = self.named.len() + 1;
        self.named.entry(uuid.to_owned()).or_insert_with(|| format!("#{next}")).clone()
    }
}

/// Where two values first differ, as a path with both sides. `None` when they are equal.
pub(crate) fn difference(expected: &Json, actual: &Json) -> Option<String> {
    differ(expected, actual, "")
}

fn differ(expected: &Json, actual: &Json, path: &str) -> Option<String> {
    match (expected, actual) {
        (Json::Object(one), Json::Object(two)) => {
            let mut keys: Vec<_> = one.keys().chain(two.keys()).collect();
            // What kind of thing it is says most.
            keys.sort_by_key(|key| (*key != "type", *key));
            keys.dedup();
            keys.into_iter().find_map(|key| match (one.get(key), two.get(key)) {
                (Some(one), Some(two)) => differ(one, two, &format!("{path}/{key}")),
                (Some(one), None) => Some(format!("{path}/{key}: missing, expected {}", short(one))),
                (None, Some(two)) => Some(format!("{path}/{key}: not expected, got {}", short(two))),
                (None, None) => None,
            })
        }
        (Json::Array(one), Json::Array(two)) => {
            let items = one.iter().zip(two).enumerate();
            let first = items.into_iter().find_map(|(at, (one, two))| differ(one, two, &format!("{path}/{at}")));
            first.or_else(|| {
                let (one, two) = (one.len(), two.len());
                (one != two).then(|| format!("{path}: expected {one} items, got {two}"))
            })
        }
        (Json::Number(one), Json::Number(two)) if one.as_f64() == two.as_f64() => None,
        _ if expected == actual => None,
        _ => Some(format!("{path}: expected {}, got {}", short(expected), short(actual))),
    }
}

fn short(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn collect(json: &Json, given: &mut HashSet<String>) {
    match json {
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            find(key, given);
            collect(value, given);
        }),
        Json::Array(items) => items.iter().for_each(|item| collect(item, given)),
        Json::String(text) => find(text, given),
        _ => {}
    }
}

fn find(text: &str, given: &mut HashSet<String>) {
    for (at, _) in text.char_indices() {
        if let Some(uuid) = uuid_at(&text[at..]) {
            given.insert(uuid.to_owned());
        }
    }
}

/// The id that a text begins with.
fn uuid_at(text: &str) -> Option<&str> {
    let uuid = text.get(..36)?;
    let fits = uuid.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    });
    fits.then_some(uuid)
}

/// How long an instant of the mock universe is that a text begins with.
fn instant_at(text: &str) -> Option<usize> {
    let hour = HOURS.iter().find(|hour| text.starts_with(**hour))?;
    let rest = &text[hour.len()..];
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let zone = &rest[digits..];
    let zone = if zone.starts_with('Z') { 1 } else { 0 };
    Some(hour.len() + digits + zone)
}

/// The method, address, headers of the flow's own and body of a request's dump.
fn request(dump: &str) -> Json {
    let (head, body) = dump.split_once("\r\n\r\n").unwrap_or((dump, ""));
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    let host = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map_or("", |(_, host)| host);
    let own = headers.iter().filter(|(name, _)| !OWN_HEADERS.contains(&name.to_lowercase().as_str()));
    let own: Map<_, _> = own.map(|(name, value)| (name.to_lowercase(), Json::from(*value))).collect();
    serde_json::json!({"method": method, "url": format!("{host}{path}"), "headers": own, "body": body_of(body)})
}

/// The status, body and headers of an answer's dump.
fn response(dump: &str) -> Json {
    let (head, body) = dump.split_once("\r\n\r\n").unwrap_or((dump, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    serde_json::json!({"status": status, "body": body_of(body)})
}

/// A JSON body as what it says, since the order of its properties means nothing.
fn body_of(body: &str) -> Json {
    serde_json::from_str(body).unwrap_or_else(|_| Json::from(body))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn made_up_ids_and_instants_are_neutral_and_given_ids_stay() {
        let given = json!({"flow": "76f0a02f-3b75-4b86-9064-e9195e1b3a02"});
        let mut normaliser = Normaliser::knowing([&given]);
        let neutral = normaliser.neutral(&json!({
            "uuid": "01969b47-113b-76f8-95cf-9fca95f1c30a",
            "text": "run 01969b47-113b-76f8-95cf-9fca95f1c30a of 76f0a02f-3b75-4b86-9064-e9195e1b3a02 at 2025-05-04T12:30:50.123456Z!",
            "elapsed_ms": 12,
        }));
        assert_eq!(neutral, json!({"uuid": "#1", "text": "run #1 of 76f0a02f-3b75-4b86-9064-e9195e1b3a02 at (now)!"}));
    }
}
