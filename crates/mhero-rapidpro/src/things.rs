//! What flows refer to and has no noun of its own: globals, topics, opt-ins, templates, classifiers, language models.

use mhero_core::Right;
use mhero_store::{FlowAsset, Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    page::{Item, items_page, nothing},
};

/// Most things of one kind that there may be.
const THINGS_MAX: usize = 250;
/// Longest name, in characters.
const NAME_MAX: usize = 64;
/// Longest value of a global, in characters.
const VALUE_MAX: usize = 10_000;

/// The kind of asset behind an endpoint.
fn kind_of(endpoint: &str) -> &'static str {
    match endpoint {
        "globals" => "global",
        "topics" => "topic",
        "optins" => "optin",
        "templates" => "template",
        "llms" => "llm",
        _ => "classifier",
    }
}

impl ApiServer {
    /// `GET` of a list of such things.
    pub(crate) async fn things(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let takes_reverse = matches!(ask.endpoint.as_str(), "globals" | "templates");
        let Some(wanted) = ask.wanted(takes_reverse)? else { return Ok(nothing(ask, &self.base)) };
        let (uuid, key) = (ask.uuid("uuid")?, ask.param("key"));
        let kind = kind_of(&ask.endpoint);
        let mut items = Vec::new();
        for (asset, at) in self.app.store().assets_of(kind).await? {
            let id = id_of(&asset);
            if uuid.is_some_and(|uuid| id != uuid) || key.is_some_and(|key| asset.id != key) {
                continue;
            }
            items.push(Item::new(at, id, json_of(kind, &asset, at)));
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }

    /// `POST globals`: makes one, or changes the value of one by `?key=`.
    pub(crate) async fn write_global(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let value = ask.needed("value", VALUE_MAX)?;
        let known = self.app.store().assets_of("global").await?;
        if let Some(key) = ask.param("key") {
            let (asset, _) = known.iter().find(|(asset, _)| asset.id == key).ok_or(ApiError::NotFound)?;
            let json = self.put_thing(ask, "global", (&asset.id, &asset.name), json!({ "value": value })).await?;
            return Ok(Answer::ok(json));
        }
        let name = ask.needed("name", NAME_MAX)?;
        let key = mhero_query::key(&name);
        if key.is_empty() || !key.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(ApiError::field("name", "Name contains illegal characters."));
        }
        if known.iter().any(|(asset, _)| asset.id == key) {
            return Err(ApiError::field("name", "This field must be unique."));
        }
        full(known.len())?;
        Ok(Answer::made(self.put_thing(ask, "global", (&key, &name), json!({ "value": value })).await?))
    }

    /// `POST topics` and `POST optins`.
    pub(crate) async fn write_thing(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let kind = kind_of(&ask.endpoint);
        let name = ask.needed("name", NAME_MAX)?;
        let known = self.app.store().assets_of(kind).await?;
        let is_taken = |uuid: Option<Uuid>| {
            known.iter().any(|(asset, _)| asset.name.eq_ignore_ascii_case(&name) && Some(id_of(asset)) != uuid)
        };
        let uuid = ask.uuid("uuid")?;
        if is_taken(uuid) {
            return Err(ApiError::field("name", "This field must be unique."));
        }
        if let Some(uuid) = uuid {
            let (asset, _) = known.iter().find(|(asset, _)| id_of(asset) == uuid).ok_or(ApiError::NotFound)?;
            return Ok(Answer::ok(self.put_thing(ask, kind, (&asset.id, &name), json!({})).await?));
        }
        full(known.len())?;
        let id = self.app.store().mint().uuid().to_string();
        Ok(Answer::made(self.put_thing(ask, kind, (&id, &name), json!({})).await?))
    }

    async fn put_thing(&self, ask: &Ask, kind: &'static str, of: (&str, &str), more: Value) -> Result<Value, ApiError> {
        let (id, name) = of;
        let mut content = match kind {
            "global" => json!({ "key": id, "name": name }),
            _ => json!({ "uuid": id, "name": name }),
        };
        if let (Value::Object(all), Value::Object(more)) = (&mut content, more) {
            all.extend(more);
        }
        let asset =
            FlowAsset { kind: kind.to_owned(), id: id.to_owned(), name: name.to_owned(), content: content.to_string() };
        let now = self.app.clock().now_micros();
        let mut unit = Unit::new();
        unit.put_flow_asset(&asset, now);
        let facts = json!({ "kind": kind, "name": name });
        unit.audit(self.app.store(), &ask.caller.entry("flow-thing-written", "flow_asset", None, facts));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(json_of(kind, &asset, now))
    }
}

fn full(known: usize) -> Result<(), ApiError> {
    if known < THINGS_MAX {
        return Ok(());
    }
    Err(ApiError::Full(format!("Cannot create object because workspace has reached limit of {THINGS_MAX}.")))
}

/// The id of an asset; one that goes by a key gets one made of it.
fn id_of(asset: &FlowAsset) -> Uuid {
    asset.id.parse().unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, asset.id.as_bytes()))
}

fn json_of(kind: &str, asset: &FlowAsset, at: i64) -> Value {
    let content: Value = serde_json::from_str(&asset.content).unwrap_or_default();
    let at = crate::ask::instant(at);
    let (id, name) = (&asset.id, &asset.name);
    match kind {
        "global" => json!({ "key": id, "name": name, "value": content["value"], "modified_on": at }),
        "topic" => {
            json!({ "uuid": id, "name": name, "counts": { "open": 0, "closed": 0 }, "system": false, "created_on": at })
        }
        "template" => {
            let translations = content["translations"].as_array().cloned().unwrap_or_default();
            json!({ "uuid": id, "name": name, "translations": translations, "created_on": at, "modified_on": at })
        }
        "classifier" => {
            let intents = content["intents"].as_array().cloned().unwrap_or_default();
            json!({ "uuid": id, "name": name, "type": content["type"], "intents": intents, "created_on": at })
        }
        "llm" => json!({ "uuid": id, "name": name, "type": content["type"] }),
        _ => json!({ "uuid": id, "name": name, "created_on": at }),
    }
}
