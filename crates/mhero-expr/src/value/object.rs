//! Objects: values by name.

use std::{borrow::Cow, fmt, sync::Arc};

use super::Value;

/// The name of a property. Those that the program itself writes are constants and cost no memory.
pub type Name = Cow<'static, str>;

/// Values by name, in the order of their names. Letter case does not count when a property is looked up. An object may stand
/// for a plain value, its default, where a text, number or truth value is needed: `@contact` gives the name.
#[derive(Clone, Default)]
pub struct Object {
    properties: Vec<(Name, Value)>,
    default: Option<Box<Value>>,
    notes: Vec<(Name, Arc<str>)>,
}

impl Object {
    /// An object with these properties; of two with one name the later stays.
    pub fn new<K: Into<Name>, V: Into<Value>>(properties: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut all: Vec<(Name, Value)> = properties.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        if !all.is_sorted_by(|(a, _), (b, _)| a < b) {
            // Sorted from the back to the front, so that of equal names the last one written is kept.
            all.reverse();
            all.sort_by(|(a, _), (b, _)| a.cmp(b));
            all.dedup_by(|(a, _), (b, _)| a == b);
        }
        Self { properties: all, default: None, notes: Vec::new() }
    }

    /// The same object with a default.
    #[must_use]
    pub fn with_default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(Box::new(value.into()));
        self
    }

    /// The same object with a warning to give whenever an expression reads this property, in words such as `@contact.id is
    /// deprecated, use @contact.ref instead`.
    #[must_use]
    pub fn with_note(mut self, name: impl Into<Name>, note: impl Into<Arc<str>>) -> Self {
        self.notes.push((name.into(), note.into()));
        self
    }

    /// The value of a property, in any letter case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The name of a property as it is kept, and its value.
    fn entry(&self, name: &str) -> Option<(&str, &Value)> {
        if let Ok(at) = self.properties.binary_search_by(|(key, _)| key.as_ref().cmp(name)) {
            return self.properties.get(at).map(|(key, value)| (key.as_ref(), value));
        }
        let name = name.to_lowercase();
        self.properties.iter().find(|(key, _)| key.to_lowercase() == name).map(|(key, value)| (key.as_ref(), value))
    }

    /// The warning that goes with a property, in any letter case of its name.
    pub fn note(&self, name: &str) -> Option<&Arc<str>> {
        if self.notes.is_empty() {
            return None;
        }
        let name = name.to_lowercase();
        self.notes.iter().find(|(key, _)| key.to_lowercase() == name).map(|(_, note)| note)
    }

    /// All properties in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.properties.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// How many properties there are.
    pub fn len(&self) -> usize {
        self.properties.len()
    }

    /// Whether there is no property.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    /// What the object stands for.
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_deref()
    }
}

/// How many properties; their values may be what a person wrote.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({} properties)", self.properties.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_and_the_later_value_stays() {
        let object = Object::new([("b", 1), ("A", 2), ("b", 3)].map(|(k, n)| (k, Value::from(i64::from(n)))));
        let shown: Vec<_> = object.iter().map(|(k, v)| format!("{k}{}", v.to_text().unwrap_or_default())).collect();
        assert_eq!(shown, ["A2", "b3"]);
        assert!(object.get("a").is_some() && object.get("B").is_some() && object.get("c").is_none());
    }

    #[test]
    fn a_note_is_found_in_any_letter_case() {
        let object = Object::new([("id", "1")]).with_note("id", "use ref");
        assert_eq!(object.note("ID").map(|note| &**note), Some("use ref"));
        assert!(object.note("ref").is_none());
    }
}
