//! Tests of dates and times.

use jiff::{Zoned, civil::Date};

use super::maybe;
use crate::{error::ExprError, eval::Machine, extract, functions::Entry, value::Value};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_date", 1, 1, |m, a| Ok(maybe(date_in(m, &a[0])?.map(Value::DateTime)))),
    Entry::new("has_date_lt", 2, 2, |m, a| compared(m, a, |date, limit| date < limit)),
    Entry::new("has_date_eq", 2, 2, |m, a| compared(m, a, |date, limit| date == limit)),
    Entry::new("has_date_gt", 2, 2, |m, a| compared(m, a, |date, limit| date > limit)),
    Entry::new("has_time", 1, 1, has_time),
];

/// The cost of looking for a date beside the letters of the text.
const SEARCH_COST: usize = 100;

/// The instant in a text; a date without a time gets that of now.
fn date_in(machine: &mut Machine<'_>, value: &Value) -> Result<Option<Zoned>, ExprError> {
    let text = machine.text(value)?;
    machine.budget.spend(text.len() + SEARCH_COST)?;
    Ok(extract::datetime(&text, machine.env, true))
}

/// Compares days in the environment's zone; the time of day does not count.
fn compared(
    machine: &mut Machine<'_>,
    arguments: &[Value],
    passes: fn(Date, Date) -> bool,
) -> Result<Value, ExprError> {
    arguments[0].sound()?;
    let day = |instant: &Zoned, machine: &Machine<'_>| instant.with_time_zone(machine.env.zone.clone()).date();
    let limit = day(&arguments[1].to_datetime(machine.env)?, machine);
    let found = date_in(machine, &arguments[0])?.filter(|instant| passes(day(instant, machine), limit));
    Ok(maybe(found.map(Value::DateTime)))
}

/// `has_time(text)`: the first time of day in it.
fn has_time(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    machine.budget.spend(text.len() + SEARCH_COST)?;
    Ok(maybe(extract::time(&text).map(Value::Time)))
}
