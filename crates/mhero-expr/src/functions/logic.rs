//! Choices and truth.

use super::{ANY, Entry};
use crate::{error::ExprError, eval::Machine, value::Value};

pub(super) const ALL: &[Entry] = &[
    Entry::new("and", 1, ANY, and),
    Entry::new("or", 1, ANY, or),
    Entry::new("if", 3, 3, choose),
    Entry::new("default", 2, 2, default),
    Entry::new("is_error", 1, 1, is_error),
];

/// `and(values...)`: whether all are true; stops at the first that is not.
fn and(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    for value in values {
        if !value.to_bool()? {
            return Ok(false.into());
        }
    }
    Ok(true.into())
}

/// `or(values...)`: whether one is true; stops at the first that is.
fn or(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    for value in values {
        if value.to_bool()? {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// `if(test, value1, value2)`: an error in the value not chosen does not matter.
fn choose(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let chosen = if arguments[0].to_bool()? { &arguments[1] } else { &arguments[2] };
    chosen.sound().cloned()
}

/// `default(value, default)`: the second when the first is nothing, an error, or gives no text.
fn default(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let is_empty = match &arguments[0] {
        Value::Error(_) => true,
        value => machine.text(value)?.is_empty(),
    };
    Ok(if is_empty { arguments[1].clone() } else { arguments[0].clone() })
}

/// `is_error(value)`
fn is_error(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(matches!(arguments[0], Value::Error(_)).into())
}
