//! Contacts of the pack, as queries see them.

use std::collections::HashMap;

use jiff::Timestamp;
use mhero_core::ContactUrn;
use mhero_query::{Answer, Property, QueryFieldKind, Queryable, Resolver};
use serde_json::Value as Json;

use super::world::Names;
use crate::families::cases::text;

/// Values by the canonical word of their property.
#[derive(Default)]
pub(super) struct JsonContact {
    values: HashMap<String, Vec<Own>>,
}

enum Own {
    Text(String),
    Number(Json),
    Instant(Timestamp),
}

impl JsonContact {
    /// The object of `evaluate.json`: a list of values by the bare word of a property.
    pub(super) fn of_object(object: &Json) -> Self {
        let mut contact = Self::default();
        for (key, values) in object.as_object().into_iter().flatten() {
            for value in values.as_array().into_iter().flatten() {
                let own = match (value.as_str(), value["datetime"].as_str().map(str::parse)) {
                    (Some(plain), _) => Own::Text(plain.to_owned()),
                    (_, Some(Ok(instant))) => Own::Instant(instant),
                    _ => Own::Number(value["number"].clone()),
                };
                contact.add(key, own);
            }
        }
        contact
    }

    /// A contact of the specification, with the types of its fields.
    pub(super) fn of_contact(json: &Json, names: &Names) -> Self {
        let mut contact = Self::default();
        for key in ["uuid", "name", "status", "language"] {
            contact.add(key, Own::Text(text(json, key).to_owned()));
        }
        contact.add("id", Own::Text(json["id"].to_string()));
        for key in ["created_on", "last_seen_on"] {
            if let Ok(instant) = text(json, key).parse() {
                contact.add(key, Own::Instant(instant));
            }
        }
        let tickets = json["tickets"].as_array().map_or(0, Vec::len);
        contact.add("tickets", Own::Number(Json::from(tickets)));
        for group in json["groups"].as_array().into_iter().flatten() {
            contact.add("group", Own::Text(text(group, "name").to_owned()));
        }
        for urn in json["urns"].as_array().into_iter().flatten() {
            if let Ok(urn) = ContactUrn::parse(urn.as_str().unwrap_or_default()) {
                contact.add(urn.scheme(), Own::Text(urn.path().to_owned()));
                contact.add("urn", Own::Text(urn.path().to_owned()));
            }
        }
        for (key, value) in json["fields"].as_object().into_iter().flatten() {
            let own = match names.field(key).map(|field| field.kind) {
                Some(QueryFieldKind::Number) => Own::Number(value["number"].clone()),
                Some(QueryFieldKind::Instant) => match text(value, "datetime").parse() {
                    Ok(instant) => Own::Instant(instant),
                    Err(_) => continue,
                },
                _ => Own::Text(text(value, "text").to_owned()),
            };
            contact.add(&format!("fields.{key}"), own);
        }
        contact
    }

    fn add(&mut self, key: &str, own: Own) {
        self.values.entry(key.to_owned()).or_default().push(own);
    }
}

impl Queryable for JsonContact {
    fn values(&self, property: &Property, see: &mut dyn FnMut(Answer<'_>)) {
        let word = property.qualified();
        let bare = word.trim_start_matches("urns.");
        // The object of a table names its fields without their prefix.
        let own = self.values.get(bare).or_else(|| self.values.get(bare.trim_start_matches("fields.")));
        for own in own.into_iter().flatten() {
            match own {
                Own::Text(text) => see(Answer::Text(text)),
                Own::Instant(instant) => see(Answer::Instant(*instant)),
                Own::Number(number) => {
                    let text = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
                    if let Ok(number) = text.parse() {
                        see(Answer::Number(&number));
                    }
                }
            }
        }
    }
}
