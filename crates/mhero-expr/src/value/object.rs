//! Objects: values by name.

use super::Value;

/// Values by name, in the order of their names. Letter case does not count when a property is looked up. An object may stand
/// for a plain value, its default, where a text, number or truth value is needed: `@contact` gives the name.
#[derive(Clone, Default)]
pub struct Object {
    properties: Vec<(String, Value)>,
    default: Option<Box<Value>>,
}

impl Object {
    /// An object with these properties; of two with one name the later stays.
    pub fn new<K: Into<String>, V: Into<Value>>(properties: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut all: Vec<(String, Value)> = properties.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        // Sorted from the back to the front, so that of equal names the last one written is kept.
        all.reverse();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all.dedup_by(|(a, _), (b, _)| a == b);
        Self { properties: all, default: None }
    }

    /// The same object with a default.
    #[must_use]
    pub fn with_default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(Box::new(value.into()));
        self
    }

    /// The value of a property, in any letter case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        if let Ok(at) = self.properties.binary_search_by(|(key, _)| key.as_str().cmp(name)) {
            return self.properties.get(at).map(|(_, value)| value);
        }
        let name = name.to_lowercase();
        self.properties.iter().find(|(key, _)| key.to_lowercase() == name).map(|(_, value)| value)
    }

    /// All properties in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.properties.iter().map(|(key, value)| (key.as_str(), value))
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
}
