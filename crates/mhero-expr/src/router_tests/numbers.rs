//! Tests of numbers.

use super::{found, maybe, not_found};
use crate::{
    error::ExprError,
    eval::Machine,
    extract,
    functions::Entry,
    value::{Number, Value},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_number", 1, 1, |m, a| Ok(maybe(number_in(m, &a[0])?))),
    Entry::new("has_number_between", 3, 3, has_number_between),
    Entry::new("has_number_lt", 2, 2, |m, a| compared(m, a, |n, limit| n < limit)),
    Entry::new("has_number_lte", 2, 2, |m, a| compared(m, a, |n, limit| n <= limit)),
    Entry::new("has_number_eq", 2, 2, |m, a| compared(m, a, |n, limit| n == limit)),
    Entry::new("has_number_gte", 2, 2, |m, a| compared(m, a, |n, limit| n >= limit)),
    Entry::new("has_number_gt", 2, 2, |m, a| compared(m, a, |n, limit| n > limit)),
];

/// The number that a value is, or the first in its text.
fn number_in(machine: &mut Machine<'_>, value: &Value) -> Result<Option<Number>, ExprError> {
    if let Value::Number(number) = value.plain() {
        return Ok(Some(number.clone()));
    }
    let text = machine.text(value)?;
    machine.budget.spend(text.len())?;
    Ok(extract::number(&text, &machine.env.number_format))
}

/// A limit is a number as expressions have them, not as people write them.
fn compared(
    machine: &mut Machine<'_>,
    arguments: &[Value],
    passes: fn(&Number, &Number) -> bool,
) -> Result<Value, ExprError> {
    arguments[0].sound()?;
    let limit = arguments[1].to_number()?;
    Ok(maybe(number_in(machine, &arguments[0])?.filter(|number| passes(number, &limit))))
}

/// `has_number_between(text, least, most)`: both ends included.
fn has_number_between(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    arguments[0].sound()?;
    let (least, most) = (arguments[1].to_number()?, arguments[2].to_number()?);
    Ok(match number_in(machine, &arguments[0])? {
        Some(number) if least <= number && number <= most => found(number),
        _ => not_found(),
    })
}
