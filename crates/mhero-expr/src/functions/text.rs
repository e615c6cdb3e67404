//! Letters.

use super::Entry;
use crate::{error::ExprError, eval::Machine, limits::REPEAT_LENGTH_MAX, value::Value};

pub(super) const ALL: &[Entry] = &[
    Entry::new("char", 1, 1, char_of),
    Entry::new("code", 1, 1, code),
    Entry::new("clean", 1, 1, clean),
    Entry::new("lower", 1, 1, |m, a| Ok(m.text(&a[0])?.chars().map(small).collect::<String>().into())),
    Entry::new("upper", 1, 1, |m, a| Ok(m.text(&a[0])?.chars().map(capital).collect::<String>().into())),
    Entry::new("title", 1, 1, title),
    Entry::new("repeat", 2, 2, repeat),
    Entry::new("replace", 3, 4, replace),
    Entry::new("text_compare", 2, 2, text_compare),
    Entry::new("text_length", 1, 1, |m, a| Ok(length(&m.text(&a[0])?).into())),
    Entry::new("text_slice", 2, 4, text_slice),
    Entry::new("trim", 1, 2, |m, a| trim(m, a, true, true)),
    Entry::new("trim_left", 1, 2, |m, a| trim(m, a, true, false)),
    Entry::new("trim_right", 1, 2, |m, a| trim(m, a, false, true)),
    Entry::new("read_chars", 1, 1, read_chars),
];

/// How many letters (Unicode scalar values) a text has.
fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// The letter in the other case where that is one letter too; `ß` stays `ß`.
fn capital(c: char) -> char {
    single(c, c.to_uppercase())
}

fn small(c: char) -> char {
    single(c, c.to_lowercase())
}

fn single(c: char, mut other: impl Iterator<Item = char>) -> char {
    match (other.next(), other.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// `char(code)`: the letter of a Unicode number.
fn char_of(_: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let code = arguments[0].to_integer()?;
    let letter = u32::try_from(code).ok().and_then(char::from_u32);
    letter.map(|c| c.to_string().into()).ok_or_else(|| ExprError::refused(format!("no character has the code {code}")))
}

/// `code(text)`: the Unicode number of the first letter.
fn code(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let first = text.chars().next().ok_or_else(|| ExprError::refused("requires a text that is not empty"))?;
    Ok(i64::from(u32::from(first)).into())
}

/// `clean(text)`: without control characters.
fn clean(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(machine.text(&arguments[0])?.chars().filter(|c| !c.is_control()).collect::<String>().into())
}

/// `title(text)`: each word with one capital.
fn title(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let mut inside = false;
    let change = |c: char| {
        let changed = if inside { small(c) } else { capital(c) };
        inside = c.is_alphanumeric() || matches!(c, '_' | '\'' | '’');
        changed
    };
    Ok(text.chars().map(change).collect::<String>().into())
}

/// `repeat(text, count)`: at most 10,000 letters.
fn repeat(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, count) = (machine.text(&arguments[0])?, arguments[1].to_integer()?);
    let count = usize::try_from(count)
        .map_err(|_| ExprError::refused(format!("must be called with a positive integer, got {count}")))?;
    if text.chars().count().saturating_mul(count) > REPEAT_LENGTH_MAX {
        return Err(ExprError::TextTooLong);
    }
    Ok(text.repeat(if text.is_empty() { 0 } else { count }).into())
}

/// `replace(text, needle, replacement [, count])`: all of them, or the first so many.
fn replace(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, needle, new) =
        (machine.text(&arguments[0])?, machine.text(&arguments[1])?, machine.text(&arguments[2])?);
    let most = arguments.get(3).map_or(Ok(-1), Value::to_integer)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if text.is_empty() {
        return Ok(Value::Text(text));
    }
    let found = text.matches(&*needle).take(most).count();
    // Paid for before it is built, since the result may be far longer than what it is made of.
    machine.budget.spend(text.len() + found.saturating_mul(new.len()))?;
    Ok(text.replacen(&*needle, &new, found).into())
}

/// `text_compare(text1, text2)`: -1, 0 or 1 by the order of code points.
fn text_compare(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (a, b) = (machine.text(&arguments[0])?, machine.text(&arguments[1])?);
    Ok(Value::from(a.cmp(&b) as i64))
}

/// `text_slice(text, start [, end])`: negative positions count from the end; the letter at `end` is not in it. A fourth argument
/// is taken, since flows may have one, and does nothing.
fn text_slice(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let length = length(&text);
    let position = |n: i64| if n < 0 { n.saturating_add(length).max(0) } else { n.min(length) };
    let start = position(arguments[1].to_integer()?);
    let end = position(arguments.get(2).map_or(Ok(length), Value::to_integer)?);
    let count = usize::try_from(end - start).unwrap_or(0);
    Ok(text.chars().skip(usize::try_from(start).unwrap_or(0)).take(count).collect::<String>().into())
}

/// `trim(text [, chars])`: without white space, or any of these letters, at the ends.
fn trim(machine: &mut Machine<'_>, arguments: &[Value], left: bool, right: bool) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let letters = arguments.get(1).map(|a| machine.text(a)).transpose()?.unwrap_or_default();
    machine.budget.spend(text.len().saturating_mul(letters.len() / 8))?;
    let goes = |c: char| if letters.is_empty() { c.is_whitespace() } else { letters.contains(c) };
    let mut kept = &*text;
    if left {
        kept = kept.trim_start_matches(goes);
    }
    if right {
        kept = kept.trim_end_matches(goes);
    }
    Ok(kept.into())
}

/// `read_chars(text)`: spelled out for a voice, in groups that people say numbers in.
fn read_chars(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let letters: Vec<String> = text.trim_start_matches('+').chars().map(String::from).collect();
    let groups: Vec<&[String]> = match letters.len() {
        9 => vec![&letters[..3], &letters[3..5], &letters[5..]],
        n if n.is_multiple_of(3) => letters.chunks(3).collect(),
        n if n.is_multiple_of(4) => letters.chunks(4).collect(),
        _ => return Ok(letters.join(",").into()),
    };
    let said: Vec<String> = groups.iter().map(|group| group.join(" ")).collect();
    Ok(said.join(" , ").into())
}
