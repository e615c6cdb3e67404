//! Whether a resource keeps the rules of R4.
//!
//! A wrong type, a missing element, a code that a required value set lacks are errors. An element that R4 does not have is a
//! warning: it is kept as it came, since neighbours write such, and losing it would be worse. So is a reference to a kind that
//! the element does not name.

use serde_json::{Map, Value};

use crate::{
    issue::{Code, Issue},
    schema::{Element, Part, PartId, Schema, Type},
};

/// How much is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Elements within elements.
    pub depth: usize,
    /// Issues after which no more are looked for.
    pub issues: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 40, issues: 50 }
    }
}

/// Looks at a resource. Without errors among the issues it keeps the rules.
///
/// ```
/// # use mhero_fhir::{Limits, check};
/// # use serde_json::json;
/// let issues = check(&json!({ "resourceType": "Practitioner", "birthDate": "soon" }), Limits::default());
/// assert_eq!(issues[0].expression, "Practitioner.birthDate");
/// assert!(issues[0].is_error());
/// ```
pub fn check(resource: &Value, limits: Limits) -> Vec<Issue> {
    let mut checker = Checker { schema: Schema::r4(), limits, issues: Vec::new() };
    checker.resource(resource, "", 0);
    checker.issues
}

struct Checker {
    schema: &'static Schema,
    limits: Limits,
    issues: Vec<Issue>,
}

impl Checker {
    fn is_full(&self) -> bool {
        self.issues.len() >= self.limits.issues
    }

    fn error(&mut self, code: Code, path: &str, diagnostics: impl Into<String>) {
        if !self.is_full() {
            self.issues.push(Issue::error(code, path, diagnostics));
        }
    }

    fn resource(&mut self, value: &Value, at: &str, depth: usize) {
        let Some(object) = value.as_object() else {
            self.error(Code::Structure, at, "a resource is an object with a resourceType");
            return;
        };
        let Some(kind) = object.get("resourceType").and_then(Value::as_str) else {
            self.error(Code::Structure, at, "a resource has a resourceType, a text");
            return;
        };
        let path = if at.is_empty() { kind.to_owned() } else { at.to_owned() };
        match self.schema.resource(kind) {
            Some(part) => self.object(part, object, (&path, depth)),
            None if !kind.starts_with(|c: char| c.is_ascii_uppercase())
                || !kind.bytes().all(|b| b.is_ascii_alphanumeric()) =>
            {
                self.error(Code::Structure, &path, format!("“{kind}” is no type of resource"));
            }
            // A kind that mHero serves no rules of: it may stand inside others.
            None => {}
        }
    }

    fn object(&mut self, part: PartId, object: &Map<String, Value>, (path, depth): (&str, usize)) {
        if depth > self.limits.depth {
            self.error(
                Code::TooCostly,
                path,
                format!("elements stand within each other deeper than {}", self.limits.depth),
            );
            return;
        }
        let part = self.schema.part(part);
        if object.is_empty() {
            self.error(Code::Structure, path, "an element is left out rather than empty");
        }
        let mut choices: Vec<&str> = Vec::new();
        for (name, value) in object {
            if self.is_full() {
                return;
            }
            if name == "resourceType" || name == "fhir_comments" {
                continue;
            }
            let here = format!("{path}.{name}");
            if let Some(bare) = name.strip_prefix('_') {
                self.beside(part, (bare, value, object.get(bare)), &here, depth);
                continue;
            }
            let Some((element, type_)) = part.element(name) else {
                let said = if part.elements.iter().any(|element| element.is_choice && element.name == name) {
                    format!("“{name}” is written with its type, as in {}", first_name(part, name))
                } else {
                    format!("R4 has no “{name}” here; it is kept as it came")
                };
                if !self.is_full() {
                    self.issues.push(Issue::warning(Code::Structure, here, said));
                }
                continue;
            };
            if element.is_choice {
                if choices.contains(&element.name) {
                    self.error(
                        Code::Structure,
                        &here,
                        format!("“{}” stands here in two types: keep one", element.name),
                    );
                }
                choices.push(element.name);
            }
            self.element(element, type_, (value, object.get(&format!("_{name}"))), (&here, depth));
        }
        self.required(part, object, path);
        self.rules(part, object, path);
    }

    fn required(&mut self, part: &Part, object: &Map<String, Value>, path: &str) {
        for element in part.elements.iter().filter(|element| element.is_required) {
            let is_there = part
                .names(element)
                .any(|(name, _)| object.contains_key(&name) || object.contains_key(&format!("_{name}")));
            if !is_there {
                let name = if element.is_choice { format!("{}[x]", element.name) } else { element.name.to_owned() };
                self.error(Code::Required, &format!("{path}.{name}"), format!("“{name}” must be there"));
            }
        }
    }

    fn element(
        &mut self,
        element: &Element,
        type_: &Type,
        (value, beside): (&Value, Option<&Value>),
        (path, depth): (&str, usize),
    ) {
        if !element.is_list {
            if value.is_array() {
                self.error(
                    Code::Structure,
                    path,
                    format!("there is one “{}” at most: write it without brackets", element.name),
                );
                return;
            }
            self.value(type_, value, (path, depth));
            return;
        }
        let Value::Array(list) = value else {
            self.error(Code::Structure, path, format!("“{}” is a list: write it in brackets", element.name));
            return;
        };
        if list.is_empty() {
            self.error(Code::Structure, path, "a list is left out rather than empty");
        }
        for (at, one) in list.iter().enumerate() {
            if self.is_full() {
                return;
            }
            let has_beside = || beside.and_then(|beside| beside.get(at)).is_some_and(Value::is_object);
            if one.is_null() && matches!(type_, Type::Primitive(_) | Type::Code(_)) && has_beside() {
                continue;
            }
            self.value(type_, one, (&format!("{path}[{at}]"), depth));
        }
    }

    fn value(&mut self, type_: &Type, value: &Value, (path, depth): (&str, usize)) {
        match type_ {
            Type::Primitive(primitive) => {
                if let Some(said) = primitive.fault(value) {
                    self.error(Code::Value, path, format!("{}: {said}", shown(value)));
                }
            }
            Type::Code(codes) => match value.as_str() {
                Some(code) if codes.contains(&code) => {}
                Some(_) => {
                    self.error(Code::CodeInvalid, path, format!("{} is not among {}", shown(value), codes.join(", ")));
                }
                None => {
                    self.error(Code::Value, path, format!("{}: a code is written as a text, in quotes", shown(value)));
                }
            },
            Type::Part(_, part) => match value.as_object() {
                Some(object) => self.object(*part, object, (path, depth + 1)),
                None => {
                    self.error(
                        Code::Structure,
                        path,
                        format!("{}: an object with elements belongs here", shown(value)),
                    );
                }
            },
            Type::Reference(part, kinds) => match value.as_object() {
                Some(object) => {
                    self.object(*part, object, (path, depth + 1));
                    self.reference(object, kinds, path);
                }
                None => self.error(
                    Code::Structure,
                    path,
                    format!("{}: a reference is written {{\"reference\": \"Type/id\"}}", shown(value)),
                ),
            },
            Type::Resource => {
                if depth + 1 > self.limits.depth {
                    self.error(
                        Code::TooCostly,
                        path,
                        format!("resources stand within each other deeper than {}", self.limits.depth),
                    );
                } else {
                    self.resource(value, path, depth + 1);
                }
            }
        }
    }

    /// What stands beside a primitive: its id and extensions.
    fn beside(
        &mut self,
        part: &Part,
        (bare, value, sibling): (&str, &Value, Option<&Value>),
        path: &str,
        depth: usize,
    ) {
        let Some((element, type_)) = part.element(bare) else {
            self.issues.push(Issue::warning(
                Code::Structure,
                path,
                format!("R4 has no “{bare}” here; it is kept as it came"),
            ));
            return;
        };
        if !matches!(type_, Type::Primitive(_) | Type::Code(_)) {
            self.error(Code::Structure, path, format!("“{bare}” has elements of its own: write extensions within it"));
            return;
        }
        let base = self.schema.named("Element").expect("our table has it");
        let list = match value {
            Value::Array(list) if element.is_list => {
                if sibling.and_then(Value::as_array).is_some_and(|sibling| sibling.len() < list.len()) {
                    self.error(Code::Structure, path, format!("this list is longer than “{bare}”"));
                }
                list.iter().enumerate().map(|(at, one)| (format!("{path}[{at}]"), one)).collect()
            }
            one => vec![(path.to_owned(), one)],
        };
        for (path, one) in list {
            match one {
                Value::Object(object) => self.object(base, object, (&path, depth + 1)),
                Value::Null if element.is_list => {}
                other => self.error(
                    Code::Structure,
                    &path,
                    format!("{}: an object with extensions belongs here", shown(other)),
                ),
            }
        }
    }

    fn reference(&mut self, object: &Map<String, Value>, kinds: &[&str], path: &str) {
        let Some(text) = object.get("reference").and_then(Value::as_str) else { return };
        if kinds.is_empty() || text.starts_with('#') || text.starts_with("urn:") || self.is_full() {
            return;
        }
        let path_of = text.split_once("/_history/").map_or(text, |(path, _)| path);
        let kind = path_of.split('?').next().unwrap_or_default();
        let kind = if text.contains('?') { kind } else { kind.rsplit('/').nth(1).unwrap_or_default() };
        if self.schema.resource(kind).is_some() && !kinds.contains(&kind) {
            let said = format!("“{text}”: R4 expects {} here", kinds.join(" or "));
            self.issues.push(Issue::warning(Code::Value, format!("{path}.reference"), said));
        }
    }

    /// The invariants of R4 that matter to what mHero serves.
    fn rules(&mut self, part: &Part, object: &Map<String, Value>, path: &str) {
        let has = |name: &str| object.contains_key(name);
        match part.path.as_str() {
            "Extension" if has("extension") && object.keys().any(|key| key.starts_with("value")) => {
                self.error(Code::Invariant, path, "an extension has a value or extensions, not both (ext-1)");
            }
            "Extension"
                if !has("extension")
                    && !object.keys().any(|key| key.starts_with("value") || key.starts_with("_value")) =>
            {
                self.error(Code::Invariant, path, "an extension has a value or extensions (ext-1)");
            }
            "ContactPoint" if has("value") && !has("system") => {
                self.error(
                    Code::Invariant,
                    path,
                    "a contact point with a value says its system: phone, email … (cpt-2)",
                );
            }
            "Organization" if !has("identifier") && !has("name") => {
                self.error(Code::Invariant, path, "an organisation has a name or an identifier (org-1)");
            }
            "Period" => self.period(object, path),
            "Bundle.entry" if !has("resource") && !has("request") && !has("response") => {
                self.error(Code::Invariant, path, "an entry has a resource, a request or a response (bdl-5)");
            }
            _ => {}
        }
    }

    fn period(&mut self, object: &Map<String, Value>, path: &str) {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let (Some(start), Some(end)) = (text("start"), text("end")) else { return };
        // What is written to different precisions is compared by the shorter; with zones, by the instant.
        let is_after = match (start.parse::<jiff::Timestamp>(), end.parse::<jiff::Timestamp>()) {
            (Ok(start), Ok(end)) => start > end,
            _ => {
                let length = start.len().min(end.len()).min(10);
                start.get(..length) > end.get(..length)
            }
        };
        if is_after {
            self.error(Code::Invariant, path, format!("it ends ({end}) before it begins ({start}) (per-1)"));
        }
    }
}

fn first_name(part: &Part, name: &str) -> String {
    let element = part.elements.iter().find(|element| element.name == name);
    element.and_then(|element| part.names(element).next()).map(|(name, _)| name).unwrap_or_default()
}

/// A value as an error shows it, short.
fn shown(value: &Value) -> String {
    const SHOWN_MAX: usize = 60;
    let text = match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    };
    if text.chars().count() <= SHOWN_MAX {
        return text;
    }
    let short: String = text.chars().take(SHOWN_MAX).collect();
    format!("{short}…”")
}

#[cfg(test)]
mod tests;
