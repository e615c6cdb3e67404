//! A place in a resource, read leniently, and the list of what could not be read.

use jiff::civil::Date;
use mhero_core::record::{Problem, Reason};
use serde_json::Value;

/// Most warnings that one record carries.
const WARNINGS_MAX: usize = 100;
/// Longest excerpt of a refused text in a warning, in characters.
const EXCERPT_CHARS: usize = 60;

/// The warnings of one record.
#[derive(Default)]
pub(crate) struct Warnings(Vec<Problem>);

impl Warnings {
    pub(crate) fn add(&mut self, element: impl Into<String>, reason: Reason) {
        if self.0.len() < WARNINGS_MAX {
            self.0.push(Problem { element: element.into(), reason });
        }
    }

    /// A warning about a text that could not be read, with the beginning of that text.
    pub(crate) fn unreadable(&mut self, element: &str, key: &'static str, text: &str) {
        self.add(element, Reason::new(key, [("text", text.chars().take(EXCERPT_CHARS).collect())]));
    }

    /// A text within a limit of characters; a longer one is cut, with a warning.
    pub(crate) fn cut(&mut self, element: &str, text: String, limit: usize) -> String {
        match text.char_indices().nth(limit) {
            None => text,
            Some((end, _)) => {
                self.add(element, Reason::new("import-text-cut", [("limit", limit.to_string())]));
                text[..end].to_owned()
            }
        }
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.0
    }
}

/// Whether a date that names only a year or month stands for its first or last day, or for none.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Partial {
    First,
    Last,
    Refused,
}

/// A value and the path that leads to it: `telecom[0].value`.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    pub(crate) const fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) const fn value(&self) -> &'a Value {
        self.value
    }

    /// The path of a member, whether it is there or not.
    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A member that is there and not null. Of a list, the first element that is not null.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        match value {
            Value::Null => None,
            Value::Array(_) => self.items(key).into_iter().next(),
            _ => Some(Self { value, path: self.path_of(key) }),
        }
    }

    /// The elements of a list; a single value where a list belongs is a list of one; nulls are left out.
    pub(crate) fn items(&self, key: &str) -> Vec<Self> {
        let path = self.path_of(key);
        match self.value.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => values
                .iter()
                .enumerate()
                .filter(|(_, value)| !value.is_null())
                .map(|(index, value)| Self { value, path: format!("{path}[{index}]") })
                .collect(),
            Some(value) => vec![Self { value, path }],
        }
    }

    /// The value as a text: a string without outer space, a number or a truth value as written. `None` when empty.
    pub(crate) fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
            Value::Number(number) => Some(match number.as_f64() {
                // A phone number that went through a spreadsheet: 231770000001.0.
                Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
                _ => number.to_string(),
            }),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    pub(crate) fn member_text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(|node| node.text())
    }

    /// A truth value, also as `"true"` or `"0"`.
    pub(crate) fn member_truth(&self, key: &str) -> Option<bool> {
        match self.member_text(key)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }
    }

    /// A number, also as a string; a warning when it is none.
    pub(crate) fn number(&self, warnings: &mut Warnings) -> Option<f64> {
        let text = self.text()?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            warnings.unreadable(&self.path, "import-number-unreadable", &text);
        }
        number
    }

    /// A day: of a date, or of an instant the day as written there. Years and months alone as `partial` says.
    pub(crate) fn day(&self, partial: Partial, warnings: &mut Warnings) -> Option<Date> {
        let text = self.text()?;
        let written = text.split(['T', ' ']).next().unwrap_or_default();
        let parts: Option<Vec<i16>> = written.split('-').map(|part| part.parse().ok()).collect();
        let days = match parts.as_deref() {
            Some([year, month, day]) => days(*year, *month, *day..=*day),
            Some([year, month]) => days(*year, *month, 1..=31),
            Some([year]) if written.len() == 4 => Date::new(*year, 1, 1).ok().zip(Date::new(*year, 12, 31).ok()),
            _ => None,
        };
        let Some((first, last)) = days else {
            warnings.unreadable(&self.path, "import-date-unreadable", &text);
            return None;
        };
        match partial {
            Partial::First => Some(first),
            Partial::Last => Some(last),
            Partial::Refused if first == last => Some(first),
            Partial::Refused => {
                warnings.unreadable(&self.path, "import-date-incomplete", &text);
                None
            }
        }
    }
}

/// The first and last day of a month that a range of days allows.
fn days(year: i16, month: i16, mut days: std::ops::RangeInclusive<i16>) -> Option<(Date, Date)> {
    let month = i8::try_from(month).ok()?;
    let date = |day: i16| i8::try_from(day).ok().and_then(|day| Date::new(year, month, day).ok());
    let last = days.clone().rev().take(4).find_map(date);
    days.next().and_then(date).zip(last)
}
