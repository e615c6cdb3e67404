//! The kinds of rule sets: what they do first, what they wait for and what they look at.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{
    actions::flow,
    expression::{SCHEMES, TemplateOptions, expression_of, is_reference, migrate_template},
    scope::{Scope, cut, malformed, template},
    texts::scalar,
};
use crate::{
    MigrationError, result_key,
    shape::{Map, objects, text},
};

/// What the old webhooks posted, as a template.
const WEBHOOK_BODY: &str = include_str!("webhook_body.txt");

/// A set of rules by its kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// What the node does before its router looks.
    pub(super) action: Option<Json>,
    /// What the router waits for.
    pub(super) wait: Option<Map>,
    /// What the router looks at.
    pub(super) operand: String,
    /// The result that the router saves; empty when the action saves it.
    pub(super) result_name: String,
    /// Whether the router picks by chance.
    pub(super) is_random: bool,
    /// The type of the node in the editor.
    pub(super) ui_type: &'static str,
    /// Further notes of the editor.
    pub(super) ui_config: Map,
}

/// The kind of a set of rules. The ids of its categories and cases have been taken by now, the one of its action follows.
pub(super) fn shape(set: &Map, scope: &mut Scope<'_>, at: &str) -> Result<Shape, MigrationError> {
    let nothing = Map::new();
    let config = set.get("config").and_then(Json::as_object).unwrap_or(&nothing);
    let label = set.get("label").map(scalar).unwrap_or_default();
    let kind = text(set, "ruleset_type");
    let (operand, was) = (operand_of(text(set, "operand")), text(set, "operand").trim());
    let plain = |ui_type| Shape { operand: operand.clone(), result_name: label.clone(), ui_type, ..Shape::default() };
    Ok(match kind {
        // The oldest flows do not say that they wait.
        "" => Shape { wait: Some(wait(kind, set)), ..plain("wait_for_response") },
        _ if kind.starts_with("wait_") => {
            let digits = kind.starts_with("wait_digit") && operand == "@input";
            let operand = if digits { "@input.text".to_owned() } else { operand.clone() };
            Shape { wait: Some(wait(kind, set)), operand, ..plain("wait_for_response") }
        }
        "expression" => {
            let options = TemplateOptions { default_to_self: true, ..TemplateOptions::default() };
            let operand = if was.is_empty() { operand.clone() } else { migrate_template(was, options) };
            Shape { operand, ..plain("split_by_expression") }
        }
        "contact_field" => match is_reference(was, "@contact.").and_then(contact_operand) {
            Some(config) => Shape { ui_config: config, ..plain("split_by_contact_field") },
            None => plain("split_by_expression"),
        },
        "flow_field" => match is_reference(was, "@flow.") {
            Some(key) => Shape { ui_config: operand_config(key), ..plain("split_by_run_result") },
            None => plain("split_by_expression"),
        },
        "form_field" => form_field(config, was, plain("split_by_expression")),
        "group" => Shape { operand: "@contact.groups".to_owned(), ..plain("split_by_groups") },
        "random" => Shape { is_random: true, ..plain("split_by_random") },
        "subflow" => {
            let action = json!({"type": "enter_flow", "uuid": scope.new_id(), "flow": flow(config, at)?});
            Shape { action: Some(action), operand: "@child.status".to_owned(), ..plain("split_by_subflow") }
        }
        "webhook" => calling(webhook(config, at)?, &label, ".category", "split_by_webhook", scope),
        "resthook" => {
            let action = json!({"type": "call_resthook", "resthook": text(config, "resthook")});
            calling(action, &label, ".category", "split_by_resthook", scope)
        }
        "airtime" => {
            let action = json!({"type": "transfer_airtime", "amounts": amounts(config)});
            calling(action, &label, "", "split_by_airtime", scope)
        }
        other => return Err(malformed(at, "ruleset_type", format!("there is no type {:?}", cut(other)))),
    })
}

fn operand_of(operand: &str) -> String {
    match operand.trim() {
        "" => "@input".to_owned(),
        operand => template(operand),
    }
}

fn wait(kind: &str, set: &Map) -> Map {
    let hint = match kind {
        "wait_photo" => json!({"type": "image"}),
        "wait_video" => json!({"type": "video"}),
        "wait_audio" | "wait_recording" => json!({"type": "audio"}),
        "wait_gps" => json!({"type": "location"}),
        "wait_digit" => json!({"type": "digits", "count": 1}),
        "wait_digits" => match text(set, "finished_key") {
            "" => json!({"type": "digits"}),
            key => json!({"type": "digits", "terminated_by": key}),
        },
        _ => Json::Null,
    };
    let mut wait = Map::new();
    wait.insert("type".to_owned(), "msg".into());
    if !hint.is_null() {
        wait.insert("hint".to_owned(), hint);
    }
    wait
}

/// What the editor notes of a split by a property of the contact. Groups can't be split so any more.
fn contact_operand(key: &str) -> Option<Map> {
    let key = key.to_lowercase();
    let (id, kind) = match key.as_str() {
        "groups" => return None,
        "name" | "first_name" | "language" | "created_on" | "uuid" | "id" => (key.as_str(), "property"),
        "tel_e164" => ("tel", "scheme"),
        scheme if SCHEMES.contains(&scheme) => (scheme, "scheme"),
        field => (field, "field"),
    };
    let mut config = operand_config(id);
    config["operand"]["type"] = kind.into();
    Some(config)
}

fn operand_config(id: &str) -> Map {
    let mut config = Map::new();
    config.insert("operand".to_owned(), json!({"id": id.to_lowercase()}));
    config
}

/// A part of a text with delimiters.
fn form_field(config: &Map, operand: &str, plain: Shape) -> Shape {
    let index = config.get("field_index").map(scalar).and_then(|index| index.trim().parse::<u16>().ok()).unwrap_or(0);
    let delimiter = config.get("field_delimiter").map(scalar).filter(|text| !text.is_empty());
    let delimiter = delimiter.unwrap_or_else(|| " ".to_owned());
    let of = if operand.is_empty() { "input".to_owned() } else { expression_of(operand) };
    let literal = expression_of(&delimiter.replace('@', "@@"));
    let shape = Shape { operand: format!("@(field({of}, {index}, {literal}))"), ..plain };
    let Some(key) = is_reference(operand, "@flow.") else { return shape };
    let mut ui_config = operand_config(key);
    ui_config.insert("index".to_owned(), index.into());
    ui_config.insert("delimiter".to_owned(), delimiter.into());
    Shape { ui_type: "split_by_run_result_delimited", ui_config, ..shape }
}

/// A node that calls something, which saves the result that the router then looks at.
fn calling(action: Json, label: &str, property: &str, ui_type: &'static str, scope: &mut Scope<'_>) -> Shape {
    // Without a name there is no result to look at.
    let name = if label.trim().is_empty() { "Result" } else { label };
    let mut action = action;
    action["uuid"] = scope.new_id().into();
    action["result_name"] = name.into();
    let key = result_key(name);
    let operand = if key.starts_with(|c: char| c.is_ascii_digit()) {
        format!("@(results[\"{key}\"]{property})")
    } else {
        format!("@results.{key}{property}")
    };
    Shape { action: Some(action), operand, ui_type, ..Shape::default() }
}

fn webhook(config: &Map, at: &str) -> Result<Json, MigrationError> {
    let options = TemplateOptions { url_encode: true, ..TemplateOptions::default() };
    let url = match text(config, "webhook").trim() {
        "" => return Err(malformed(at, "config.webhook", "there is no address")),
        url => migrate_template(url, options),
    };
    let method = match text(config, "webhook_action") {
        "" => "POST".to_owned(),
        method => method.to_uppercase(),
    };
    let posts = method != "GET";
    let mut headers = Map::new();
    if posts {
        headers.insert("Content-Type".to_owned(), "application/json".into());
    }
    for header in objects(config, "webhook_headers").filter(|header| !text(header, "name").is_empty()) {
        headers.insert(text(header, "name").to_owned(), template(text(header, "value")).into());
    }
    let mut action = json!({"type": "call_webhook", "method": method, "url": url});
    if !headers.is_empty() {
        action["headers"] = headers.into();
    }
    if posts {
        action["body"] = WEBHOOK_BODY.trim_end().into();
    }
    Ok(action)
}

/// The amounts of airtime by currency; they were by country.
fn amounts(config: &Map) -> Json {
    let countries = config.values().filter_map(Json::as_object);
    let amounts = countries.filter_map(|country| {
        let amount = country.get("amount")?;
        let amount = match amount {
            Json::Number(_) => amount.clone(),
            other => serde_json::from_str(scalar(other).trim()).ok().filter(Json::is_number)?,
        };
        let currency = text(country, "currency_code");
        (!currency.is_empty()).then(|| (currency.to_owned(), amount))
    });
    json!(amounts.collect::<BTreeMap<_, _>>())
}
