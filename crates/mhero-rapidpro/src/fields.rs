//! The fields of people.

use std::collections::HashSet;

use mhero_core::{FieldId, LangMap, Right};
use mhero_query::Attribute;
use mhero_store::{ContactField, Queue, Unit};
use mhero_wire::rapidpro::{ENTITY_TYPE, GLOBALID};
use serde_json::{Value, json};

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::shown,
    page::{Item, items_page, nothing},
};

/// Most fields that there may be.
const FIELDS_MAX: usize = 250;
/// Longest name of a field, in characters.
const NAME_MAX: usize = 36;
/// Fields that mHero fills by itself: by them its older programs find the record of a registry.
const OWN: [(&str, &str); 2] = [(GLOBALID, "globalid"), (ENTITY_TYPE, "mheroEntityType")];

/// How often a field is used: campaign events that go by it.
type Usage = i64;

impl ApiServer {
    /// `GET fields`.
    pub(crate) async fn fields(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let Some(mut wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        (wanted.part.from, wanted.part.until) = (None, None);
        let events = self.app.store().campaign_events().await?;
        let used = |key: &str| events.iter().filter(|event| event.active && event.field == key).count();
        let known = self.app.store().contact_fields().await?;
        let keys: HashSet<&str> = known.iter().map(|field| field.key.as_str()).collect();
        let own = OWN.iter().filter(|(key, _)| !keys.contains(key)).map(|(key, name)| {
            let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, key.as_bytes());
            (id, *key, json_of(key, name, "text", 0))
        });
        let fields = known.iter().map(|field| {
            let usage = Usage::try_from(used(&field.key)).unwrap_or(0);
            (field.id.uuid(), field.key.as_str(), json_of(&field.key, name_of(ask, field), &field.kind, usage))
        });
        let asked = ask.param("key").map(str::to_lowercase);
        let is_asked = |key: &str| asked.as_ref().is_none_or(|asked| asked == key);
        let items = fields.chain(own).filter(|(_, key, _)| is_asked(key)).map(|(id, _, json)| Item::new(0, id, json));
        Ok(items_page(ask, &self.base, wanted.of_all(items.collect())))
    }

    /// `POST fields`: makes one, or renames one by `?key=`.
    pub(crate) async fn write_field(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditPeople)?;
        let by_old_name = ask.member("name").is_none() && ask.member("label").is_some();
        let name = ask.needed(if by_old_name { "label" } else { "name" }, NAME_MAX)?;
        let old = if ask.member("type").is_none() { "value_type" } else { "type" };
        let kind = ask.text(old, 20)?;
        let kind = match kind.as_deref() {
            None if old == "value_type" && ask.member(old).is_none() => {
                return Err(ApiError::field("type", "This field is required."));
            }
            None | Some("text") => "text",
            Some("number" | "numeric" | "decimal") => "number",
            Some("datetime") => "instant",
            Some("state" | "district" | "ward") => "place",
            Some(other) => return Err(ApiError::field(old, format!("\"{}\" is not a valid choice.", shown(other)))),
        };
        let key = mhero_query::key(&name);
        let fields = self.app.store().contact_fields().await?;
        if let Some(asked) = ask.param("key") {
            let field = fields.iter().find(|field| field.key == asked).ok_or(ApiError::NotFound)?;
            if field.kind != kind {
                let said = format!("The type of {asked} can't be changed: there are values of it.");
                return Err(ApiError::field(old, said));
            }
            return self.rename_field(ask, field, &name).await;
        }
        let is_letter = key.chars().next().is_some_and(|c| c.is_ascii_lowercase());
        if !is_letter || Attribute::of(&key).is_some() || OWN.iter().any(|(own, _)| *own == key) {
            return Err(ApiError::field(
                "name",
                format!("Generated key for \"{}\" is invalid or a reserved name.", shown(&name)),
            ));
        }
        let is_taken = |field: &ContactField| {
            field.key == key || field.name.iter().any(|(_, own)| own.eq_ignore_ascii_case(&name))
        };
        if fields.iter().any(is_taken) {
            return Err(ApiError::field("name", "This field must be unique."));
        }
        if fields.len() >= FIELDS_MAX {
            let said = format!("Cannot create object because workspace has reached limit of {FIELDS_MAX}.");
            return Err(ApiError::Full(said));
        }
        let (id, now) = (self.app.store().mint().id(FieldId::from_uuid), self.app.clock().now_micros());
        let mut unit = Unit::new();
        unit.add_field(id, &key, &LangMap::one(ask.caller.language, &name), kind, now);
        let entry = ask.caller.entry("field-created", "field", Some(id.uuid()), json!({ "key": key }));
        unit.audit(self.app.store(), &entry);
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(Answer::made(json_of(&key, &name, kind, 0)))
    }

    async fn rename_field(&self, ask: &Ask, field: &ContactField, name: &str) -> Answered {
        let mut names = field.name.clone();
        names.insert(ask.caller.language, name);
        let mut unit = Unit::new();
        unit.rename_field(field.id, &names);
        let entry = ask.caller.entry("field-renamed", "field", Some(field.id.uuid()), json!({ "key": field.key }));
        unit.audit(self.app.store(), &entry);
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(Answer::ok(json_of(&field.key, name, &field.kind, 0)))
    }
}

/// The name of a field; its key where it has none.
pub(crate) fn name_of<'a>(ask: &Ask, field: &'a ContactField) -> &'a str {
    match field.name.best(ask.caller.language) {
        "" => &field.key,
        name => name,
    }
}

fn json_of(key: &str, name: &str, kind: &str, events: Usage) -> Value {
    let (new, old) = match kind {
        "number" => ("number", "numeric"),
        "instant" | "date" | "datetime" => ("datetime", "datetime"),
        "place" => ("district", "district"),
        _ => ("text", "text"),
    };
    json!({
        "key": key, "name": name, "type": new, "featured": false, "priority": 0,
        "usages": { "flows": 0, "groups": 0, "campaign_events": events },
        "agent_access": "view", "label": name, "value_type": old,
    })
}
