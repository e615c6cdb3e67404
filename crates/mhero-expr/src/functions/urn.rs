//! Addresses of people, and places by their path.

use super::Entry;
use crate::{
    error::ExprError,
    eval::Machine,
    value::{Object, Value},
};

pub(super) const ALL: &[Entry] =
    &[Entry::new("format_location", 1, 1, format_location), Entry::new("urn_parts", 1, 1, urn_parts)];

/// `format_location(location)`: `Kigali` for `Rwanda > Kigali`.
fn format_location(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    Ok(text.rsplit('>').next().unwrap_or_default().trim().into())
}

/// `urn_parts(urn)`: scheme, path and display of `twitterid:23454556#bobby`.
fn urn_parts(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let invalid = |why: &str| ExprError::refused(format!("{text} is not a valid URN: {why}"));
    let (address, display) = text.split_once('#').unwrap_or((&text, ""));
    let (scheme, rest) = address.split_once(':').unwrap_or((address, ""));
    let path = rest.split('?').next().unwrap_or_default();
    if scheme.is_empty() {
        return Err(invalid("scheme cannot be empty"));
    }
    if path.is_empty() {
        return Err(invalid("path cannot be empty"));
    }
    Ok(Object::new([("scheme", scheme), ("path", path), ("display", display)]).into())
}
