//! Calculation and chance.

use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive};

use super::{ANY, Entry};
use crate::{
    error::ExprError,
    eval::Machine,
    value::{Number, Value},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("abs", 1, 1, |_, a| Ok(a[0].to_number()?.absolute().into())),
    Entry::new("mod", 2, 2, |_, a| Ok(a[0].to_number()?.modulo(&a[1].to_number()?)?.into())),
    Entry::new("max", 1, ANY, max),
    Entry::new("min", 1, ANY, min),
    Entry::new("mean", 1, ANY, mean),
    Entry::new("sum", 1, 1, sum),
    Entry::new("round", 1, 2, |_, a| Ok(a[0].to_number()?.rounded(places(a)?).into())),
    Entry::new("round_up", 1, 2, |_, a| Ok(a[0].to_number()?.rounded_up(places(a)?).into())),
    Entry::new("round_down", 1, 2, |_, a| Ok(a[0].to_number()?.rounded_down(places(a)?).into())),
    Entry::new("percent", 1, 1, percent),
    Entry::new("format_number", 1, 3, format_number),
    Entry::new("rand", 0, 0, rand),
    Entry::new("rand_between", 2, 2, rand_between),
];

fn places(arguments: &[Value]) -> Result<i64, ExprError> {
    arguments.get(1).map_or(Ok(0), Value::to_integer)
}

fn numbers(values: &[Value]) -> Result<Vec<Number>, ExprError> {
    values.iter().map(Value::to_number).collect()
}

/// `max(numbers...)`
fn max(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    Ok(numbers(values)?.into_iter().max().into())
}

/// `min(numbers...)`
fn min(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    Ok(numbers(values)?.into_iter().min().into())
}

/// `mean(numbers...)`
fn mean(_: &mut Machine<'_>, values: &[Value]) -> Result<Value, ExprError> {
    let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    Ok(total(values)?.over(&count.into())?.into())
}

/// `sum(array)`
fn sum(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(total(&arguments[0].to_array()?)?.into())
}

fn total(values: &[Value]) -> Result<Number, ExprError> {
    values.iter().try_fold(Number::from(0), |total, value| total.plus(&value.to_number()?))
}

/// `percent(number)`: `54%` for 0.54.
fn percent(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let hundred = arguments[0].to_number()?.decimal() * BigDecimal::from(100);
    let out_of_range = || ExprError::refused("percentage value is out of range");
    let whole = Number::new(&hundred).map_err(|_| out_of_range())?.rounded(0);
    let whole = whole.to_integer().map_err(|_| out_of_range())?;
    Ok(format!("{whole}%").into())
}

/// `format_number(number, places [, humanize])`: places 0 to 9, digits grouped unless `humanize` is false.
fn format_number(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let number = arguments[0].to_number()?;
    let places = arguments.get(1).map(Value::to_integer).transpose()?;
    if let Some(places) = places
        && !(0..=9).contains(&places)
    {
        return Err(ExprError::refused(format!("must take 0-9 number of places, got {places}")));
    }
    let grouped = arguments.get(2).map_or(Ok(true), Value::to_bool)?;
    let format = &machine.env.number_format;
    let grouping = if grouped { format.grouping.as_str() } else { "" };
    Ok(number.formatted(places, grouping, &format.decimal).into())
}

fn chance(machine: &Machine<'_>) -> Result<u64, ExprError> {
    let source = machine.env.chance.as_ref().ok_or_else(|| ExprError::refused("no random numbers here"))?;
    Ok(source.next())
}

/// A random number from 0 up to but not including 1, as its shortest decimal.
fn part(machine: &Machine<'_>) -> Result<BigDecimal, ExprError> {
    const STEPS: u64 = 1 << 53;
    #[expect(clippy::cast_precision_loss, reason = "both are within the 53 bits that a float holds exactly")]
    let part = (chance(machine)? % STEPS) as f64 / STEPS as f64;
    part.to_string().parse().map_err(|_| ExprError::ResultRange)
}

/// `rand()`: from 0 up to but not including 1.
fn rand(machine: &mut Machine<'_>, _: &[Value]) -> Result<Value, ExprError> {
    Ok(Number::new(&part(machine)?)?.into())
}

/// `rand_between(least, most)`: a whole number, both ends included.
fn rand_between(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (least, most) = (arguments[0].to_integer()?, arguments[1].to_integer()?);
    if least > most {
        return Err(ExprError::refused("the first number must not be larger than the second"));
    }
    let choices = BigDecimal::from(i128::from(most) - i128::from(least) + 1);
    let step = (part(machine)? * choices).with_scale_round(0, RoundingMode::Down);
    let chosen = (BigDecimal::from(least) + step).to_i64().ok_or(ExprError::ResultRange)?;
    Ok(chosen.into())
}
