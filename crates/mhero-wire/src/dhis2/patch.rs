//! Changes of users and of organisation units: what is compared first, and the JSON Patch that is sent.

use serde_json::{Value, json};

use super::{Moment, attribute_names, is_attribute};
use crate::fhir::node::Node;

/// Which of a user's members can be written, by mHero's name of the field.
pub const USER_FIELDS: [(&str, &str); 4] =
    [("phone", "phoneNumber"), ("given", "firstName"), ("family", "surname"), ("email", "email")];

/// A user as far as changes are concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserState {
    /// When it last changed, as the server writes it.
    pub last_updated: Option<Moment>,
    /// What it holds, by mHero's name of the field.
    pub values: Vec<(String, String)>,
}

impl UserState {
    /// Reads a user. `None` when the text is none.
    pub fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        root.member_text("id")?;
        Some(Self {
            last_updated: root.member_text("lastUpdated").and_then(|at| at.parse().ok()),
            values: USER_FIELDS
                .iter()
                .filter_map(|(field, member)| Some(((*field).to_owned(), root.member_text(member)?)))
                .collect(),
        })
    }

    /// What it holds in a field.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(own, _)| own == field).map(|(_, value)| value.as_str())
    }
}

/// The JSON Patch (RFC 6902) that gives fields their new values; an empty value takes the old one away. `add` sets a member
/// whether it was there or not. A field that can't be written comes back as the error.
///
/// # Errors
/// The name of the field.
///
/// ```
/// let patch = mhero_wire::dhis2::user_patch(&[("phone", "+231770000001"), ("email", "")]).expect("both are written");
/// assert_eq!(
///     patch.to_string(),
///     r#"[{"op":"add","path":"/phoneNumber","value":"+231770000001"},{"op":"remove","path":"/email"}]"#
/// );
/// ```
pub fn user_patch(values: &[(&str, &str)]) -> Result<Value, String> {
    let operation = |(field, new): &(&str, &str)| {
        let (_, member) = USER_FIELDS.iter().find(|(known, _)| known == field).ok_or_else(|| (*field).to_owned())?;
        let path = format!("/{member}");
        Ok(match new.is_empty() {
            true => json!({"op": "remove", "path": path}),
            false => json!({"op": "add", "path": path, "value": new}),
        })
    };
    values.iter().map(operation).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// An organisation unit as far as values of its attributes are concerned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UnitState {
    /// When it last changed, as the server writes it.
    pub last_updated: Option<Moment>,
    /// Its values of attributes, as received.
    attributes: Vec<Value>,
}

impl UnitState {
    /// Reads an organisation unit. `None` when the text is none.
    pub fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let root = Node::root(&value);
        root.member_text("id")?;
        let last_updated = root.member_text("lastUpdated").and_then(|at| at.parse().ok());
        let attributes = value.get("attributeValues").and_then(Value::as_array).cloned().unwrap_or_default();
        Some(Self { last_updated, attributes })
    }

    /// What it holds in an attribute, by the attribute's code or id.
    pub fn value(&self, attribute: &str) -> Option<String> {
        let item = self.attributes.iter().find(|item| is_attribute(&Node::root(item), attribute))?;
        Node::root(item).member_text("value")
    }

    /// The id of an attribute of which it holds a value.
    pub fn attribute_id(&self, attribute: &str) -> Option<String> {
        let item = self.attributes.iter().find(|item| is_attribute(&Node::root(item), attribute))?;
        item.pointer("/attribute/id").and_then(Value::as_str).map(str::to_owned)
    }

    /// The JSON Patch that gives an attribute, by its id, a new value; an empty one takes it away. All its values are sent, because
    /// the server knows no single one of them by a path.
    ///
    /// ```
    /// let unit = r#"{"id":"U1","attributeValues":[{"value":"Grid","attribute":{"id":"A1","code":"POWER"}}]}"#;
    /// let unit = mhero_wire::dhis2::UnitState::read(unit).expect("a unit");
    /// assert_eq!(
    ///     unit.patch("A1", "Solar").to_string(),
    ///     r#"[{"op":"add","path":"/attributeValues","value":[{"value":"Solar","attribute":{"id":"A1"}}]}]"#
    /// );
    /// ```
    pub fn patch(&self, id: &str, new: &str) -> Value {
        let of_others = self.attributes.iter().filter(|item| !is_attribute(&Node::root(item), id));
        let only_id = |item: &Value| {
            let node = Node::root(item);
            let own = item.pointer("/attribute/id").and_then(Value::as_str).map(str::to_owned);
            let own = own.or_else(|| attribute_names(&node).into_iter().next_back())?;
            Some(json!({"value": item.get("value")?, "attribute": {"id": own}}))
        };
        let mut values: Vec<Value> = of_others.filter_map(only_id).collect();
        if !new.is_empty() {
            values.push(json!({"value": new, "attribute": {"id": id}}));
        }
        json!([{"op": "add", "path": "/attributeValues", "value": values}])
    }
}
