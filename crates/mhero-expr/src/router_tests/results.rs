//! Tests of results and errors. The ones of categories, intents and values are for flows of old.

use super::{found, found_with, not_found};
use crate::{
    error::ExprError,
    eval::Machine,
    functions::{ANY, Entry},
    value::{Object, Value},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_error", 1, 1, has_error),
    Entry::new("has_value", 1, 1, has_value),
    Entry::new("has_category", 2, ANY, has_category),
    Entry::new("has_intent", 3, 3, |m, a| intent(m, a, usize::MAX)),
    Entry::new("has_top_intent", 3, 3, |m, a| intent(m, a, 1)),
];

/// `has_error(value)`: whether it failed; the match is why.
fn has_error(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(match &arguments[0] {
        Value::Error(error) => found(error.to_string()),
        _ => not_found(),
    })
}

/// `has_value(value)`: anything that gives a text.
fn has_value(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    Ok(if text.is_empty() { not_found() } else { found(Value::Text(text)) })
}

/// `has_category(result, categories...)`: the category of a result is one of these.
fn has_category(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let Value::Object(result) = arguments[0].sound()? else { return Err(not_a_result()) };
    let category = machine.property(result, "category")?.ok_or_else(not_a_result)?;
    let category = machine.text(&category)?;
    for wanted in &arguments[1..] {
        if machine.text(wanted)? == category {
            return Ok(found(Value::Text(category)));
        }
    }
    Ok(not_found())
}

fn not_a_result() -> ExprError {
    ExprError::refused("first argument must be a result")
}

/// `has_intent(result, name, confidence)`: an intent of at least this confidence among those of a result's extra; the first
/// only for `has_top_intent`. The extra is the entities found with it.
fn intent(machine: &mut Machine<'_>, arguments: &[Value], among: usize) -> Result<Value, ExprError> {
    let result = arguments[0].to_object()?;
    let (name, confidence) = (machine.text(&arguments[1])?, arguments[2].to_number()?);
    let Some(Value::Object(extra)) = machine.property(&result, "extra")? else { return Ok(not_found()) };
    let Some(Value::Array(intents)) = machine.property(&extra, "intents")? else { return Ok(not_found()) };
    for intent in intents.iter().take(among) {
        let Value::Object(intent) = intent else { continue };
        let is_it = match machine.property(intent, "name")? {
            Some(found) => machine.text(&found)? == name,
            None => false,
        };
        let sure = machine.property(intent, "confidence")?.and_then(|sure| sure.to_number().ok());
        if is_it && sure.is_some_and(|sure| sure >= confidence) {
            return Ok(match machine.property(&extra, "entities")? {
                Some(Value::Object(entities)) => found_with(Value::Text(name), Object::clone(&entities)),
                _ => found(Value::Text(name)),
            });
        }
    }
    Ok(not_found())
}
