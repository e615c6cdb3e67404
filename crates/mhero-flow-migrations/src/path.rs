//! A small language of paths into JSON, for the places where something stands: `$.cases[*].arguments[*]`.

use std::{fmt, str::FromStr};

use serde_json::Value as Json;

/// A path into JSON. A step is a property, an index, or `*` for all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(Vec<String>);

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The first sign is another.
    #[error("path must begin with $")]
    Start,
    /// There is only the sign for the whole.
    #[error("path must contain at least one step")]
    Empty,
    /// Brackets with nothing in them.
    #[error("subscript value can't be empty")]
    EmptyIndex,
    /// Brackets that are not closed.
    #[error("subscript isn't closed")]
    OpenIndex,
    /// A dot with no name after it.
    #[error("property name can't be empty")]
    EmptyName,
    /// A step starts with a dot or a bracket.
    #[error("unexpected character '{0}' in path")]
    Unexpected(char),
}

impl JsonPath {
    /// The steps, without their dots and brackets.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// Calls a function for each value at the path, in the order of the JSON.
    pub fn visit(&self, json: &Json, see: &mut dyn FnMut(&Json)) {
        visit(&self.0, json, see);
    }

    /// As [`JsonPath::visit`], to change the values.
    pub fn visit_mut(&self, json: &mut Json, see: &mut dyn FnMut(&mut Json)) {
        visit_mut(&self.0, json, see);
    }
}

impl FromStr for JsonPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut rest = text.strip_prefix('$').ok_or(PathError::Start)?;
        let mut steps = Vec::new();
        while let Some(first) = rest.chars().next() {
            rest = match first {
                '.' => {
                    let end = rest[1..].find(['.', '[']).map_or(rest.len(), |n| n + 1);
                    let name = Some(&rest[1..end]).filter(|name| !name.is_empty());
                    steps.push(name.ok_or(PathError::EmptyName)?.to_owned());
                    &rest[end..]
                }
                '[' => {
                    let end = rest.find(']').ok_or(PathError::OpenIndex)?;
                    let index = Some(&rest[1..end]).filter(|index| !index.is_empty());
                    steps.push(index.ok_or(PathError::EmptyIndex)?.to_owned());
                    &rest[end + 1..]
                }
                other => return Err(PathError::Unexpected(other)),
            };
        }
        if steps.is_empty() { Err(PathError::Empty) } else { Ok(Self(steps)) }
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|step| {
            let index = step == "*" || step.bytes().all(|b| b.is_ascii_digit());
            if index { write!(f, "[{step}]") } else { write!(f, ".{step}") }
        })
    }
}

fn visit(steps: &[String], json: &Json, see: &mut dyn FnMut(&Json)) {
    let Some((step, rest)) = steps.split_first() else { return see(json) };
    match (json, step.as_str()) {
        (Json::Array(values), "*") => values.iter().for_each(|value| visit(rest, value, see)),
        (Json::Object(values), "*") => values.values().for_each(|value| visit(rest, value, see)),
        (Json::Array(values), index) => {
            if let Some(value) = index.parse().ok().and_then(|n: usize| values.get(n)) {
                visit(rest, value, see);
            }
        }
        (Json::Object(values), name) => {
            if let Some(value) = values.get(name) {
                visit(rest, value, see);
            }
        }
        _ => {}
    }
}

fn visit_mut(steps: &[String], json: &mut Json, see: &mut dyn FnMut(&mut Json)) {
    let Some((step, rest)) = steps.split_first() else { return see(json) };
    match (json, step.as_str()) {
        (Json::Array(values), "*") => values.iter_mut().for_each(|value| visit_mut(rest, value, see)),
        (Json::Object(values), "*") => values.values_mut().for_each(|value| visit_mut(rest, value, see)),
        (Json::Array(values), index) => {
            if let Some(value) = index.parse().ok().and_then(|n: usize| values.get_mut(n)) {
                visit_mut(rest, value, see);
            }
        }
        (Json::Object(values), name) => {
            if let Some(value) = values.get_mut(name) {
                visit_mut(rest, value, see);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_prints_as_it_was_read() {
        for text in ["$.foo", "$[*]", "$.foo[*].bar[5]", "$.headers[*]"] {
            assert_eq!(text.parse::<JsonPath>().unwrap().to_string(), text);
        }
        for (text, error) in [("foo", PathError::Start), ("$.", PathError::EmptyName), ("$[1", PathError::OpenIndex)] {
            assert_eq!(text.parse::<JsonPath>(), Err(error));
        }
    }

    #[test]
    fn values_are_changed_where_the_path_leads() {
        let mut json = json!({"headers": {"a": "x", "b": "y"}, "list": [{"n": 1}, 5, {"n": 2}]});
        let path: JsonPath = "$.headers.*".parse().unwrap();
        path.visit_mut(&mut json, &mut |value| *value = json!("z"));
        let mut seen = Vec::new();
        "$.list[*].n".parse::<JsonPath>().unwrap().visit(&json, &mut |value| seen.push(value.clone()));
        assert_eq!((json["headers"].clone(), seen), (json!({"a": "z", "b": "z"}), vec![json!(1), json!(2)]));
    }
}
