//! A record before and after, value by value, so that somebody can read what changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::view::DiffLine;
use crate::imports::shaded;

/// Most values of one record that are shown.
const LINES_MAX: usize = 12;
/// Longest value shown, in characters.
const VALUE_CHARS_MAX: usize = 120;
/// Deepest part of a record that is looked into.
const DEPTH_MAX: usize = 12;

/// What differs. Values that could be phone numbers are hidden but for their ends.
pub(super) fn lines(before: Option<&str>, after: Option<&str>) -> (Vec<DiffLine>, usize) {
    let (before, after) = (values(before), values(after));
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let differs: Vec<&String> = keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).collect();
    let more = differs.len().saturating_sub(LINES_MAX);
    let value = |of: &BTreeMap<String, String>, key: &str| {
        of.get(key).map(|value| shaded(value).chars().take(VALUE_CHARS_MAX).collect::<String>())
    };
    let line = |key: &String| DiffLine { field: key.clone(), before: value(&before, key), after: value(&after, key) };
    (differs.into_iter().take(LINES_MAX).map(line).collect(), more)
}

/// Values by their paths.
fn values(raw: Option<&str>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Some(raw) = raw else { return found };
    match serde_json::from_str::<Value>(raw) {
        Ok(value) => flatten("", &value, 0, &mut found),
        // XML: an element a line.
        Err(_) => {
            for (number, part) in raw.split('>').map(str::trim).filter(|part| !part.is_empty()).enumerate() {
                found.insert(format!("{:03}", number + 1), part.to_owned());
            }
        }
    }
    found
}

fn flatten(path: &str, value: &Value, depth: usize, found: &mut BTreeMap<String, String>) {
    let under = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) if depth < DEPTH_MAX => {
            map.iter().for_each(|(key, value)| flatten(&under(key), value, depth + 1, found));
        }
        Value::Array(list) if depth < DEPTH_MAX => {
            list.iter()
                .enumerate()
                .for_each(|(at, value)| flatten(&under(&(at + 1).to_string()), value, depth + 1, found));
        }
        Value::String(text) => {
            found.insert(path.to_owned(), text.clone());
        }
        Value::Null => {}
        other => {
            found.insert(path.to_owned(), other.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_and_numbers_are_hidden() {
        let before = r#"{"name":"Ann","telecom":[{"value":"0770123456"}],"same":1}"#;
        let after = r#"{"name":"Ann","telecom":[{"value":"0886000111"}],"same":1,"sex":"f"}"#;
        let (lines, more) = lines(Some(before), Some(after));
        let shown: Vec<_> = lines.iter().map(|l| (l.field.as_str(), l.before.as_deref(), l.after.as_deref())).collect();
        assert_eq!(shown, [("sex", None, Some("f")), ("telecom.1.value", Some("077•••••56"), Some("088•••••11"))]);
        assert_eq!(more, 0);
    }
}
