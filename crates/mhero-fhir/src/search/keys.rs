//! What a resource says under each search parameter.

use mhero_query::fold;
use serde_json::Value;

use super::{Kind, Parameters, Span};
use crate::path::Node;

/// Most characters of a text that are kept to be found by.
const TEXT_MAX: usize = 200;
/// Most keys of one resource: a value set of a hundred thousand codes is not found by each.
const KEYS_MAX: usize = 5_000;

/// One thing that a resource is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The parameter.
    pub code: String,
    /// What it compares with.
    pub value: KeyValue,
}

/// What a parameter compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// A text, and the same without case and accents.
    Text {
        /// As it stands.
        exact: String,
        /// Folded.
        folded: String,
    },
    /// A code within a system; the system is empty where there is none.
    Token {
        /// Its system.
        system: String,
        /// The code, or the value of an identifier.
        code: String,
    },
    /// The words beside a code, which `:text` looks at.
    TokenText {
        /// Folded.
        folded: String,
    },
    /// A reference.
    Reference {
        /// The kind; empty where it is not said.
        kind: String,
        /// The id, or the whole address where it is not ours.
        id: String,
    },
    /// An identifier of what is referred to.
    ReferenceIdentifier {
        /// Its system.
        system: String,
        /// Its value.
        value: String,
    },
    /// A point on the earth, in millionths of a degree.
    Point {
        /// North of the equator.
        latitude: i64,
        /// East of Greenwich.
        longitude: i64,
    },
    /// A moment.
    Date(Span),
    /// An address.
    Uri(String),
}

/// All keys of a resource, in the order of its parameters. `base` is the address of this server: absolute references to it are
/// ours.
///
/// ```
/// # use mhero_fhir::search::{KeyValue, Parameters, keys};
/// # use serde_json::json;
/// let role = json!({ "resourceType": "PractitionerRole", "practitioner": { "reference": "Practitioner/P1" } });
/// let found = keys(Parameters::r4(), &role, "https://mhero.moh.gov.lr/fhir");
/// assert_eq!(found[0].value, KeyValue::Reference { kind: "Practitioner".into(), id: "P1".into() });
/// ```
pub fn keys(parameters: &Parameters, resource: &Value, base: &str) -> Vec<Key> {
    let mut found = Vec::new();
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    for parameter in parameters.of(kind) {
        // The store keeps these in columns of their own.
        if matches!(parameter.code.as_str(), "_id" | "_lastUpdated") {
            continue;
        }
        let mut values = Vec::new();
        for node in parameter.path.walk(resource) {
            match parameter.kind {
                Kind::String => texts(node, &mut values),
                Kind::Token => tokens(node, &mut values),
                Kind::Reference => references(node.value, base, &mut values),
                Kind::Date => values.extend(span(node.value).map(KeyValue::Date)),
                Kind::Special => values.extend(point(node.value)),
                Kind::Uri => values.extend(node.value.as_str().map(|uri| KeyValue::Uri(uri.to_owned()))),
            }
        }
        for value in values {
            let key = Key { code: parameter.code.clone(), value };
            if found.len() < KEYS_MAX && !found.contains(&key) {
                found.push(key);
            }
        }
    }
    found
}

fn text(exact: &str) -> KeyValue {
    let exact: String = exact.chars().take(TEXT_MAX).collect();
    KeyValue::Text { folded: fold(&exact), exact }
}

/// The texts of a name or an address: each of its parts, and the parts together.
fn texts(node: Node<'_>, values: &mut Vec<KeyValue>) {
    match node.value {
        Value::String(one) => values.push(text(one)),
        Value::Object(object) => {
            let parts = [
                "text",
                "given",
                "family",
                "prefix",
                "suffix",
                "line",
                "city",
                "district",
                "state",
                "postalCode",
                "country",
            ];
            let of = |name: &str| -> Vec<&str> {
                match object.get(name) {
                    Some(Value::String(one)) => vec![one],
                    Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
                    _ => Vec::new(),
                }
            };
            values.extend(parts.iter().flat_map(|part| of(part)).map(text));
            let whole: Vec<&str> = of("given").into_iter().chain(of("family")).collect();
            if whole.len() > 1 {
                values.push(text(&whole.join(" ")));
            }
        }
        _ => {}
    }
}

fn tokens(node: Node<'_>, values: &mut Vec<KeyValue>) {
    let token = |system: Option<&str>, code: &str| KeyValue::Token {
        system: system.unwrap_or_default().to_owned(),
        code: code.chars().take(TEXT_MAX).collect(),
    };
    let words = |text: &Value| {
        text.as_str().map(|text| KeyValue::TokenText { folded: fold(&text.chars().take(TEXT_MAX).collect::<String>()) })
    };
    match node.value {
        Value::String(code) => values.push(token(None, code)),
        Value::Bool(yes) => values.push(token(None, if *yes { "true" } else { "false" })),
        Value::Number(number) => values.push(token(None, &number.to_string())),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            if let Some(Value::Array(codings)) = object.get("coding") {
                for coding in codings {
                    if let Some(code) = coding["code"].as_str() {
                        values.push(token(coding["system"].as_str(), code));
                    }
                    values.extend(words(&coding["display"]));
                }
            }
            if let Some(code) = text("code") {
                values.push(token(text("system"), code));
            }
            match (node.type_name(), text("value")) {
                // What stands under `system` there is a kind of contact, not a code system: both ways are found.
                (Some("ContactPoint"), Some(value)) => {
                    values.push(token(text("system"), value));
                    let plain: String = value.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
                    if plain != value {
                        values.push(token(text("system"), &plain));
                    }
                }
                (_, Some(value)) => values.push(token(text("system"), value)),
                (_, None) => {}
            }
            for name in ["text", "display"] {
                values.extend(object.get(name).and_then(words));
            }
            values.extend(object.get("type").and_then(|kind| words(&kind["text"])));
        }
        Value::Null | Value::Array(_) => {}
    }
}

fn references(value: &Value, base: &str, values: &mut Vec<KeyValue>) {
    let said = value.as_str().or(value["reference"].as_str());
    if let Some(said) = said {
        let (kind, id) = referred(said, value["type"].as_str(), base);
        values.push(KeyValue::Reference { kind, id });
    }
    if let Some(identifier) = value["identifier"]["value"].as_str() {
        let system = value["identifier"]["system"].as_str().unwrap_or_default().to_owned();
        values.push(KeyValue::ReferenceIdentifier { system, value: identifier.to_owned() });
    }
}

/// Kind and id of a reference; no kind and the whole where it leads elsewhere.
pub(super) fn referred(said: &str, kind: Option<&str>, base: &str) -> (String, String) {
    let own = said.strip_prefix(base).map_or(said, |rest| rest.trim_start_matches('/'));
    let own = own.split_once("/_history/").map_or(own, |(own, _)| own);
    match own.split_once('/') {
        Some((kind, id)) if crate::primitive::is_id(id) && kind.starts_with(|c: char| c.is_ascii_uppercase()) => {
            (kind.to_owned(), id.to_owned())
        }
        _ => (kind.unwrap_or_default().to_owned(), said.to_owned()),
    }
}

fn point(value: &Value) -> Option<KeyValue> {
    let of = |name: &str| value[name].as_f64().and_then(super::near::micro_degrees);
    Some(KeyValue::Point { latitude: of("latitude")?, longitude: of("longitude")? })
}

fn span(value: &Value) -> Option<Span> {
    match value {
        Value::String(text) => Span::read(text),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            Span::period(text("start"), text("end"))
        }
        _ => None,
    }
}
