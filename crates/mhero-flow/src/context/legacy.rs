//! `@legacy_extra`: what flows of version 11 called `@extra`.

use mhero_expr::{Object, Value};
use serde_json::Value as Json;

use super::{Scene, run::json, text, trigger::params};

impl Scene<'_> {
    /// The parameters of the trigger, then for each result that has an extra, oldest first, the properties of the extra, and
    /// the extra as text under the key of the result. A list counts as properties named 0, 1, 2.
    pub(super) fn legacy_extra(&self) -> Value {
        let mut all: Vec<(String, Value)> = Vec::new();
        if let Value::Object(params) = params(&self.session.trigger) {
            all.extend(params.iter().map(|(key, value)| (key.to_owned(), value.clone())));
        }
        let mut results: Vec<_> = self.run.results.iter().filter(|(_, result)| result.extra.is_some()).collect();
        results.sort_by_key(|(_, result)| result.created_on);
        for (key, result) in results {
            let Some(extra) = &result.extra else { continue };
            match extra.value() {
                Json::Object(map) => all.extend(map.iter().map(|(key, value)| (key.clone(), json(value)))),
                Json::Array(items) => {
                    all.extend(items.iter().enumerate().map(|(at, item)| (at.to_string(), json(item))));
                }
                _ => {}
            }
            all.push((key.to_string(), text(extra.text())));
        }
        Object::new(all).into()
    }
}
