//! Pages, fields, groups, and the words of a refusal.

use serde_json::Value;

use crate::fhir::node::Node;

/// Longest words of a refusal that are shown, in characters.
const DETAIL_CHARS: usize = 200;

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The query of the address of the next page, which goes onto the address that was asked first: the host in it may be one
    /// that only the server itself knows.
    pub next: Option<String>,
    /// The objects.
    pub items: Vec<Value>,
}

impl Page {
    /// Reads a page. `None` when the text is something else.
    ///
    /// ```
    /// use mhero_wire::rapidpro::Page;
    /// let text = r#"{"next":"http://inside/api/v2/contacts.json?cursor=abc","previous":null,"results":[{}]}"#;
    /// assert_eq!(Page::read(text).and_then(|page| page.next).as_deref(), Some("cursor=abc"));
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let mut answer: Value = serde_json::from_str(text).ok()?;
        let next = match answer.get("next") {
            Some(Value::String(url)) => url.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or(query)),
            _ => None,
        };
        let next = next.filter(|query| !query.is_empty()).map(str::to_owned);
        match answer.get_mut("results")?.take() {
            Value::Array(items) => Some(Self { next, items }),
            _ => None,
        }
    }
}

/// What values of a field are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldType {
    /// Texts.
    #[default]
    Text,
    /// Numbers.
    Number,
    /// Instants.
    Datetime,
    /// A place of the boundaries: state, district, ward.
    Place,
}

impl FieldType {
    /// Reads `number`, or `numeric` as the older dialect has it.
    pub fn read(text: &str) -> Self {
        match text {
            "number" | "numeric" | "decimal" => Self::Number,
            "datetime" => Self::Datetime,
            "state" | "district" | "ward" => Self::Place,
            _ => Self::Text,
        }
    }
}

/// A field of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: FieldType,
}

/// Reads a field of either dialect.
pub fn field_of(item: &Value) -> Option<Field> {
    let root = Node::root(item);
    let key = root.member_text("key")?;
    let name = root.member_text("name").or_else(|| root.member_text("label")).unwrap_or_else(|| key.clone());
    let kind = root.member_text("type").or_else(|| root.member_text("value_type")).unwrap_or_default();
    Some(Field { key, name, kind: FieldType::read(&kind) })
}

/// A group of contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its UUID.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Whether its members follow from a query.
    pub is_smart: bool,
    /// Whether the server made it itself.
    pub is_system: bool,
}

/// Reads a group.
pub fn group_of(item: &Value) -> Option<Group> {
    let root = Node::root(item);
    Some(Group {
        uuid: root.member_text("uuid")?,
        name: root.member_text("name")?,
        is_smart: root.member_text("query").is_some(),
        is_system: root.member_truth("system") == Some(true),
    })
}

/// The words of a refusal, cut to what can be shown: `{"detail":"..."}`, `{"field":["..."]}`, nested ones, or bare text. Empty for
/// pages of HTML.
///
/// ```
/// use mhero_wire::rapidpro::detail;
/// assert_eq!(detail(r#"{"urns":{"0":["URN is in use by another contact."]}}"#), "urns: 0: URN is in use by another contact.");
/// assert_eq!(detail("<html>"), "");
/// ```
pub fn detail(text: &str) -> String {
    let words = match serde_json::from_str::<Value>(text) {
        Ok(value) => words_of(&value, 0),
        Err(_) if text.trim_start().starts_with('<') => String::new(),
        Err(_) => text.trim().to_owned(),
    };
    words.chars().take(DETAIL_CHARS).collect()
}

fn words_of(value: &Value, depth: usize) -> String {
    if depth > 4 {
        return String::new();
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .map(|item| words_of(item, depth + 1))
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        Value::Object(members) => {
            let named = members.iter().map(|(key, value)| match key.as_str() {
                "detail" | "non_field_errors" => words_of(value, depth + 1),
                key => format!("{key}: {}", words_of(value, depth + 1)),
            });
            named.collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    }
}
