//! From one type to another, and values as the environment writes them.

use super::{ANY, Entry};
use crate::{
    error::ExprError,
    eval::Machine,
    limits::ARRAY_ITEMS_MAX,
    value::{Object, Value, Writer},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("text", 1, 1, |m, a| Ok(Value::Text(m.text(&a[0])?))),
    Entry::new("boolean", 1, 1, |_, a| Ok(a[0].to_bool()?.into())),
    Entry::new("number", 1, 1, |_, a| Ok(a[0].to_number()?.into())),
    Entry::new("date", 1, 1, |m, a| Ok(Value::Date(a[0].to_date(m.env)?))),
    Entry::new("time", 1, 1, |_, a| Ok(Value::Time(a[0].to_time()?))),
    Entry::new("datetime", 1, 1, |m, a| Ok(Value::DateTime(a[0].to_datetime(m.env)?))),
    Entry::new("array", 0, ANY, array),
    Entry::new("object", 0, ANY, object),
    Entry::new("format", 1, 1, format),
];

/// `array(values...)`
fn array(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    if values.len() > ARRAY_ITEMS_MAX {
        return Err(ExprError::ArrayTooLong);
    }
    Ok(Value::Array(values.iter().map(|v| v.sound().cloned()).collect::<Result<_, _>>()?))
}

/// `object(pairs...)`: names and values in turn.
fn object(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (pairs, []) = arguments.as_chunks::<2>() else {
        return Err(ExprError::refused("requires an even number of arguments"));
    };
    let mut properties = Vec::with_capacity(pairs.len());
    for [name, value] in pairs {
        properties.push((machine.text(name)?.to_string(), value.sound()?.clone()));
    }
    Ok(Object::new(properties).into())
}

/// `format(value)`: as the environment writes it.
fn format(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let mut out = Writer::new(&mut machine.budget);
    arguments[0].sound()?.write_formatted(machine.env, 0, &mut out)?;
    Ok(out.text.into())
}
