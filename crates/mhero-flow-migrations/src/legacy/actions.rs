//! What a node does.

use serde_json::{Value as Json, json};

use super::{
    expression::SCHEMES,
    media::{absolute, attachment},
    scope::{Scope, cut, malformed, template},
    texts::scalar,
};
use crate::{
    MigrationError,
    shape::{Map, objects, text, texts},
};

/// The variable that meant: a new contact.
const NEW_CONTACT: &str = "@new_contact";

/// An action in the current form. `at` names the set in which it stands.
pub(super) fn migrate(action: &Map, scope: &mut Scope<'_>, at: &str) -> Result<Json, MigrationError> {
    let id = scope.id(action, "uuid");
    let at = format!("{at}, action {}", cut(&id));
    let (kind, properties) = match text(action, "type") {
        "reply" | "end_ussd" => ("send_msg", reply(action, scope, &id)),
        "send" => ("send_broadcast", send(action, scope, &id, &at)?),
        "say" => ("say_msg", say(action, scope, &id)),
        "play" => ("play_audio", json!({"audio_url": absolute(text(action, "url"), scope.media_base)})),
        "email" => ("send_email", email(action, scope)),
        "lang" => ("set_contact_language", json!({"language": text(action, "lang")})),
        "channel" => ("set_contact_channel", json!({"channel": channel(action, &at)?})),
        "save" => save(action, scope),
        "add_group" => ("add_contact_groups", json!({"groups": references(action, "groups")})),
        "del_group" => (
            "remove_contact_groups",
            match references(action, "groups") {
                groups if groups.is_empty() => json!({"all_groups": true}),
                groups => json!({"groups": groups}),
            },
        ),
        "add_label" => ("add_input_labels", json!({"labels": references(action, "labels")})),
        "flow" => ("enter_flow", json!({"flow": flow(action, &at)?, "terminal": true})),
        "trigger-flow" => ("start_session", trigger_flow(action, &at)?),
        other => return Err(malformed(&at, "type", format!("there is no action {:?}", cut(other)))),
    };
    let mut migrated = Map::new();
    migrated.insert("type".to_owned(), kind.into());
    migrated.insert("uuid".to_owned(), id.into());
    if let Json::Object(properties) = properties {
        migrated.extend(properties);
    }
    Ok(migrated.into())
}

fn reply(action: &Map, scope: &mut Scope<'_>, id: &str) -> Json {
    let mut message = message(action, scope, id);
    let replies = action.get("quick_replies").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let replies: Vec<_> = replies.iter().map(|reply| scope.texts(Some(reply)).map(template)).collect();
    if !replies.is_empty() {
        let all: Vec<_> = replies.iter().map(|reply| reply.base.clone()).collect();
        message.insert("quick_replies".to_owned(), all.into());
        scope.localization.add(id, "quick_replies", &replies);
    }
    if action.get("send_all") == Some(&Json::Bool(true)) {
        message.insert("all_urns".to_owned(), true.into());
    }
    message.into()
}

fn send(action: &Map, scope: &mut Scope<'_>, id: &str, at: &str) -> Result<Json, MigrationError> {
    let mut message = message(action, scope, id);
    let variables: Vec<_> = variables(action).iter().map(|variable| template(variable)).collect();
    message.extend(recipients(action, &variables, at)?);
    Ok(message.into())
}

/// The text of a message and its picture.
fn message(action: &Map, scope: &mut Scope<'_>, id: &str) -> Map {
    let body = scope.template(action, "msg");
    let base = scope.media_base;
    let media = scope.texts(action.get("media")).map(|text| attachment(text, base));
    let mut message = Map::new();
    scope.localization.add(id, "text", [&body]);
    message.insert("text".to_owned(), body.base.into());
    scope.localization.add(id, "attachments", [&media]);
    if !media.base.is_empty() {
        message.insert("attachments".to_owned(), vec![media.base].into());
    }
    message
}

fn say(action: &Map, scope: &mut Scope<'_>, id: &str) -> Json {
    let body = scope.template(action, "msg");
    let base = scope.media_base;
    let recording = scope.texts(action.get("recording")).map(|address| absolute(address, base));
    scope.localization.add(id, "text", [&body]);
    scope.localization.add(id, "audio_url", [&recording]);
    match recording.base {
        address if address.is_empty() => json!({"text": body.base}),
        address => json!({"text": body.base, "audio_url": address}),
    }
}

fn email(action: &Map, scope: &Scope<'_>) -> Json {
    let addresses: Vec<_> = texts(action, "emails").map(template).collect();
    let [subject, body] = ["subject", "msg"].map(|key| scope.template(action, key).base);
    json!({"addresses": addresses, "subject": subject, "body": body})
}

fn channel(action: &Map, at: &str) -> Result<Json, MigrationError> {
    match text(action, "channel") {
        "" => Err(malformed(at, "channel", "there is none")),
        id => Ok(json!({"uuid": id, "name": text(action, "name")})),
    }
}

/// Saving to a field, a name or an address were one action.
fn save(action: &Map, scope: &Scope<'_>) -> (&'static str, Json) {
    let value = scope.template(action, "value").base;
    match text(action, "field") {
        "name" => ("set_contact_name", json!({"name": value})),
        "first_name" => ("set_contact_name", json!({"name": format!("{value} @(word_slice(contact.name, 1, -1))")})),
        "tel_e164" => ("add_contact_urn", json!({"scheme": "tel", "path": value})),
        scheme if SCHEMES.contains(&scheme) => ("add_contact_urn", json!({"scheme": scheme, "path": value})),
        key => {
            let name = Some(text(action, "label")).filter(|label| !label.is_empty()).unwrap_or(key);
            ("set_contact_field", json!({"field": {"key": key, "name": name}, "value": value}))
        }
    }
}

fn trigger_flow(action: &Map, at: &str) -> Result<Json, MigrationError> {
    let mut session = Map::new();
    session.insert("flow".to_owned(), flow(action, at)?);
    let (new, others): (Vec<_>, Vec<_>) =
        variables(action).into_iter().partition(|variable| variable.trim().eq_ignore_ascii_case(NEW_CONTACT));
    let others: Vec<_> = others.iter().map(|variable| template(variable)).collect();
    session.extend(recipients(action, &others, at)?);
    if !new.is_empty() {
        session.insert("create_contact".to_owned(), true.into());
    }
    Ok(session.into())
}

/// Who gets a message or a flow.
fn recipients(action: &Map, variables: &[String], at: &str) -> Result<Map, MigrationError> {
    let contact = |contact: &Map| match text(contact, "uuid") {
        "" => Err(malformed(at, "contacts", "one has no uuid")),
        id => Ok(json!({"uuid": id, "name": text(contact, "name")})),
    };
    let contacts = objects(action, "contacts").map(contact).collect::<Result<Vec<_>, _>>()?;
    let groups = references(action, "groups");
    let mut found = Map::new();
    if !contacts.is_empty() {
        found.insert("contacts".to_owned(), contacts.into());
    }
    if !groups.is_empty() {
        found.insert("groups".to_owned(), groups.into());
    }
    if !variables.is_empty() {
        found.insert("legacy_vars".to_owned(), variables.into());
    }
    Ok(found)
}

/// Recipients that are expressions or addresses, as they were written.
fn variables(action: &Map) -> Vec<String> {
    let all = action.get("variables").and_then(Json::as_array).into_iter().flatten();
    let of = |variable: &Json| match variable {
        Json::Object(variable) => variable.get("id").map(scalar).unwrap_or_default(),
        other => scalar(other),
    };
    all.map(of).filter(|variable| !variable.is_empty()).collect()
}

/// Groups or labels: by id, or else by a name, which may be an expression.
fn references(action: &Map, key: &str) -> Vec<Json> {
    let all = action.get(key).and_then(Json::as_array).into_iter().flatten();
    let reference = |item: &Json| match item {
        Json::Object(item) if !text(item, "uuid").is_empty() => {
            Some(json!({"uuid": text(item, "uuid"), "name": text(item, "name")}))
        }
        Json::Object(item) => Some(json!({"name_match": template(text(item, "name"))})),
        Json::String(name) => Some(json!({"name_match": template(name)})),
        _ => None,
    };
    all.filter_map(reference).collect()
}

/// The flow to which something refers.
pub(super) fn flow(of: &Map, at: &str) -> Result<Json, MigrationError> {
    let flow = of.get("flow").and_then(Json::as_object);
    match flow.map(|flow| (text(flow, "uuid"), text(flow, "name"))) {
        Some((id, name)) if !id.is_empty() => Ok(json!({"uuid": id, "name": name})),
        _ => Err(malformed(at, "flow", "it has no uuid")),
    }
}
