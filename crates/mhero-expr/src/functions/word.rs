//! Words of a text, and patterns.

use super::{Entry, compiled};
use crate::{error::ExprError, eval::Machine, limits::ARRAY_ITEMS_MAX, value::Value, words};

pub(super) const ALL: &[Entry] = &[
    Entry::new("word", 2, 3, word),
    Entry::new("word_count", 1, 2, word_count),
    Entry::new("word_slice", 2, 4, word_slice),
    Entry::new("remove_first_word", 1, 1, remove_first_word),
    Entry::new("split", 1, 2, split),
    Entry::new("field", 3, 3, field),
    Entry::new("regex_match", 2, 3, regex_match),
];

/// The words of the first argument, by the delimiters of another.
fn words_of(machine: &mut Machine<'_>, arguments: &[Value], delimiters: usize) -> Result<Vec<String>, ExprError> {
    let text = machine.text(&arguments[0])?;
    let delimiters = arguments.get(delimiters).map(|d| machine.text(d)).transpose()?.unwrap_or_default();
    machine.budget.spend(text.len().saturating_mul(1 + delimiters.len() / 8))?;
    Ok(words::split(&text, &delimiters).into_iter().map(str::to_owned).collect())
}

/// `word(text, index [, delimiters])`: negative indexes count from the end.
fn word(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let words = words_of(machine, arguments, 2)?;
    let index = arguments[1].to_integer()?;
    let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
    let at = if index < 0 { index.saturating_add(count) } else { index };
    let found = usize::try_from(at).ok().and_then(|at| words.get(at));
    found
        .map(|word| word.as_str().into())
        .ok_or_else(|| ExprError::refused(format!("index {index} is out of range for the number of words {count}")))
}

/// `word_count(text [, delimiters])`
fn word_count(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let count = words_of(machine, arguments, 1)?.len();
    Ok(i64::try_from(count).unwrap_or(i64::MAX).into())
}

/// `word_slice(text, start, end [, delimiters])`: the words from one up to but without another, with single spaces. The end
/// -1 stands for all that follow.
fn word_slice(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let words = words_of(machine, arguments, 3)?;
    let start = arguments[1].to_integer()?;
    let end = arguments.get(2).map_or(Ok(-1), Value::to_integer)?;
    let start = usize::try_from(start).map_err(|_| ExprError::refused("must start with a positive index"))?;
    if end >= 0 && usize::try_from(end).is_ok_and(|end| end <= start) {
        return Err(ExprError::refused("must have an end which is greater than the start"));
    }
    let end = usize::try_from(end).unwrap_or(words.len()).min(words.len());
    Ok(words.get(start.min(end)..end).unwrap_or_default().join(" ").into())
}

/// `remove_first_word(text)`: from where the second word starts.
fn remove_first_word(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let second = words::words(&text).nth(1).map_or(text.len(), |(at, _)| at);
    Ok(text[second..].into())
}

/// `split(text [, delimiters])`
fn split(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let words = words_of(machine, arguments, 1)?;
    if words.len() > ARRAY_ITEMS_MAX {
        return Err(ExprError::ArrayTooLong);
    }
    Ok(Value::array(words.into_iter().map(Value::from)))
}

/// `field(text, index, delimiter)`: spaces in a row are one delimiter, others are not. Beyond the last field there is no text.
fn field(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let index = arguments[1].to_integer()?;
    let delimiter = machine.text(&arguments[2])?;
    let index = usize::try_from(index).map_err(|_| ExprError::refused("cannot use a negative index"))?;
    let found = match &*delimiter {
        " " => text.split(' ').filter(|piece| !piece.is_empty()).nth(index),
        "" => text.char_indices().nth(index).map(|(at, c)| &text[at..at + c.len_utf8()]),
        other => text.split(other).nth(index),
    };
    Ok(found.unwrap_or_default().into())
}

/// `regex_match(text, pattern [, group])`: the first match in any letter case, or no text.
fn regex_match(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, pattern) = (machine.text(&arguments[0])?, machine.text(&arguments[1])?);
    let group = arguments.get(2).map_or(Ok(0), Value::to_integer)?;
    let regex = compiled(machine, &pattern)?.ok_or_else(|| ExprError::refused("invalid regular expression"))?;
    let group = usize::try_from(group).ok().filter(|group| *group < regex.captures_len());
    let group = group.ok_or_else(|| ExprError::refused("invalid regular expression group"))?;
    let found = regex.captures(&text).and_then(|found| found.get(group));
    Ok(found.map_or("", |found| found.as_str()).into())
}
