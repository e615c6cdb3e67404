//! Arrays.

use std::{cmp::Ordering, sync::Arc};

use super::Entry;
use crate::{
    error::ExprError,
    eval::Machine,
    limits::ARRAY_ITEMS_MAX,
    value::{Function, Value, Writer},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("concat", 2, 2, concat),
    Entry::new("contains", 2, 2, contains),
    Entry::new("count", 1, 1, count),
    Entry::new("filter", 2, 2, filter),
    Entry::new("foreach", 2, super::ANY, foreach),
    Entry::new("join", 2, 2, join),
    Entry::new("reverse", 1, 1, |_, a| Ok(Value::array(a[0].to_array()?.iter().rev().cloned()))),
    Entry::new("slice", 2, 3, slice),
    Entry::new("sort", 1, 1, sort),
    Entry::new("unique", 1, 1, unique),
];

/// The function that an argument is.
pub(super) fn function(value: &Value) -> Result<Function, ExprError> {
    match value {
        Value::Function(function) => Ok(function.clone()),
        other => Err(ExprError::NotAFunction { value: other.described() }),
    }
}

/// Calls a function with an item and further arguments.
pub(super) fn apply(
    machine: &mut Machine<'_>,
    function: &Function,
    item: &Value,
    further: &[Value],
) -> Result<Value, ExprError> {
    let mut arguments = Vec::with_capacity(1 + further.len());
    arguments.push(item.clone());
    arguments.extend_from_slice(further);
    machine.call(function, &arguments)?.sound().cloned()
}

/// `concat(array1, array2)`
fn concat(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (a, b) = (arguments[0].to_array()?, arguments[1].to_array()?);
    if a.len() + b.len() > ARRAY_ITEMS_MAX {
        return Err(ExprError::ArrayTooLong);
    }
    Ok(Value::array(a.iter().chain(b.iter()).cloned()))
}

/// `contains(array, value)`: strictly, the text "2" is not the number 2.
fn contains(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (items, value) = (arguments[0].to_array()?, arguments[1].sound()?);
    for item in items.iter() {
        if item.same(value, &mut machine.budget)? {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// `count(value)`: items of an array, properties of an object.
fn count(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let count = match arguments[0].sound()? {
        Value::Null => 0,
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        _ => return Err(ExprError::refused("value isn't countable")),
    };
    Ok(i64::try_from(count).unwrap_or(i64::MAX).into())
}

/// `filter(array, func)`: the items for which the function gives something true.
fn filter(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (items, test) = (arguments[0].to_array()?, function(&arguments[1])?);
    let mut kept = Vec::new();
    for item in items.iter() {
        if apply(machine, &test, item, &[])?.to_bool()? {
            kept.push(item.clone());
        }
    }
    Ok(Value::array(kept))
}

/// `foreach(values, func, [args...])`: what the function gives for each item.
fn foreach(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (items, change) = (arguments[0].to_array()?, function(&arguments[1])?);
    let changed = items.iter().map(|item| apply(machine, &change, item, &arguments[2..]));
    Ok(Value::Array(changed.collect::<Result<Arc<[_]>, _>>()?))
}

/// `join(array, separator)`
fn join(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (items, separator) = (arguments[0].to_array()?, machine.text(&arguments[1])?);
    let mut out = Writer::new(&mut machine.budget);
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.put(&separator)?;
        }
        item.write_text(&mut out)?;
    }
    Ok(out.text.into())
}

/// `slice(array, start [, end])`: a negative end counts from the end; the item at `end` is not in it.
fn slice(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let items = arguments[0].to_array()?;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let start = arguments[1].to_integer()?;
    if start < 0 {
        return Err(ExprError::refused("must start with a positive index"));
    }
    let end = arguments.get(2).map_or(Ok(count), Value::to_integer)?;
    let end = if end < 0 { end.saturating_add(count) } else { end }.clamp(0, count);
    let range = usize::try_from(start.min(end)).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::array(items.get(range).unwrap_or_default().iter().cloned()))
}

/// `sort(array)`: items of one type that has an order.
fn sort(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let items = arguments[0].to_array()?;
    let mut sorted = items.to_vec();
    for item in &sorted {
        if item.is_null() || item.compare(item).is_none() {
            return Err(ExprError::refused(format!("{} isn't a comparable type", item.described())));
        }
        if std::mem::discriminant(item) != std::mem::discriminant(&items[0]) {
            return Err(ExprError::refused("can't sort array of different types"));
        }
    }
    machine.budget.spend(sorted.len().saturating_mul(14))?;
    sorted.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
    Ok(Value::array(sorted))
}

/// `unique(array)`: each value once, where it comes first.
fn unique(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let mut kept: Vec<Value> = Vec::new();
    'items: for item in arguments[0].to_array()?.iter() {
        for other in &kept {
            if other.same(item, &mut machine.budget)? {
                continue 'items;
            }
        }
        kept.push(item.clone());
    }
    Ok(Value::array(kept))
}
