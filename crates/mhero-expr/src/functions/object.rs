//! Objects.

use super::{
    ANY, Entry,
    array::{apply, function},
};
use crate::{
    error::ExprError,
    eval::Machine,
    value::{Object, Value},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("extract", 2, 2, extract),
    Entry::new("extract_object", 2, ANY, extract_object),
    Entry::new("foreach_value", 2, ANY, foreach_value),
    Entry::new("keys", 1, 1, keys),
];

/// `extract(object, property)`: nothing where there is no such property.
fn extract(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (object, name) = (arguments[0].to_object()?, machine.text(&arguments[1])?);
    Ok(machine.property(&object, &name)?.unwrap_or_default())
}

/// `extract_object(object, properties...)`: an object of these properties only.
fn extract_object(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let object = arguments[0].to_object()?;
    let mut kept = Vec::with_capacity(arguments.len() - 1);
    for name in &arguments[1..] {
        let name = machine.text(name)?;
        kept.push((name.to_string(), machine.property(&object, &name)?.unwrap_or_default()));
    }
    Ok(Object::new(kept).into())
}

/// `foreach_value(object, func, [args...])`: the object with what the function gives for each value.
fn foreach_value(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (object, change) = (arguments[0].to_object()?, function(&arguments[1])?);
    let mut changed = Vec::with_capacity(object.len());
    for (name, value) in object.iter() {
        changed.push((name.to_owned(), apply(machine, &change, value, &arguments[2..])?));
    }
    Ok(Object::new(changed).into())
}

/// `keys(object)`: the names of its properties, in order.
fn keys(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(Value::array(arguments[0].to_object()?.iter().map(|(name, _)| name.into())))
}
