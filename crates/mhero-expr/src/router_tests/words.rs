//! Tests of text and of the words in it.

use super::{found, found_with, maybe, not_found};
use crate::{
    error::ExprError,
    eval::Machine,
    functions::{Entry, compiled},
    value::{Object, Value},
    words,
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_text", 1, 1, has_text),
    Entry::new("has_only_text", 2, 2, has_only_text),
    Entry::new("has_phrase", 2, 2, has_phrase),
    Entry::new("has_only_phrase", 2, 2, has_only_phrase),
    Entry::new("has_any_word", 2, 2, has_any_word),
    Entry::new("has_all_words", 2, 2, has_all_words),
    Entry::new("has_beginning", 2, 2, has_beginning),
    Entry::new("has_pattern", 2, 2, has_pattern),
];

/// `has_text(text)`: anything but white space.
fn has_text(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let trimmed = text.trim();
    Ok(if trimmed.is_empty() { not_found() } else { found(trimmed) })
}

/// `has_only_text(text1, text2)`: the same text, letter case and spaces too.
fn has_only_text(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, wanted) = (machine.text(&arguments[0])?, machine.text(&arguments[1])?);
    Ok(if text == wanted { found(Value::Text(text)) } else { not_found() })
}

/// The words of a text as they are written, and as words that are the same are compared.
struct Words {
    written: Vec<String>,
    keys: Vec<String>,
}

impl Words {
    fn of(machine: &mut Machine<'_>, value: &Value) -> Result<Self, ExprError> {
        let text = machine.text(value)?;
        let written: Vec<String> = words::words(&text).map(|(_, word)| word.to_owned()).collect();
        // Reading words takes longer than a step each.
        machine.budget.spend(text.len() + 2 * written.len())?;
        let keys = written.iter().map(|word| machine.env.collation.key(word)).collect();
        Ok(Self { written, keys })
    }
}

fn pair(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<(Words, Words), ExprError> {
    Ok((Words::of(machine, &arguments[0])?, Words::of(machine, &arguments[1])?))
}

/// `has_phrase(text, phrase)`: its words one after another. A phrase without words is in any text.
fn has_phrase(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, phrase) = pair(machine, arguments)?;
    let length = phrase.keys.len();
    if length == 0 {
        return Ok(found(""));
    }
    machine.budget.spend(text.keys.len().saturating_mul(length))?;
    let at = text.keys.windows(length).position(|run| run == phrase.keys);
    Ok(maybe(at.map(|at| text.written[at..at + length].join(" "))))
}

/// `has_only_phrase(text, phrase)`: these words and no others.
fn has_only_phrase(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, phrase) = pair(machine, arguments)?;
    Ok(if text.keys == phrase.keys { found(text.written.join(" ")) } else { not_found() })
}

/// `has_any_word(text, words)`: at least one of the words; the match is those that are there.
fn has_any_word(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, wanted) = pair(machine, arguments)?;
    let matched = matched(machine, &text, &wanted)?;
    Ok(if matched.is_empty() { not_found() } else { found(matched.join(" ")) })
}

/// `has_all_words(text, words)`: every one of the words, in any order.
fn has_all_words(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, wanted) = pair(machine, arguments)?;
    let matched = matched(machine, &text, &wanted)?;
    let all = wanted.keys.iter().all(|key| text.keys.contains(key));
    Ok(if all { found(matched.join(" ")) } else { not_found() })
}

fn matched<'t>(machine: &mut Machine<'_>, text: &'t Words, wanted: &Words) -> Result<Vec<&'t str>, ExprError> {
    machine.budget.spend(text.keys.len().saturating_mul(wanted.keys.len()))?;
    let all = text.written.iter().zip(&text.keys);
    Ok(all.filter(|(_, key)| wanted.keys.contains(key)).map(|(word, _)| word.as_str()).collect())
}

/// `has_beginning(text, beginning)`: starts with it, whatever the letter case; spaces before either do not count.
fn has_beginning(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, beginning) = (machine.text(&arguments[0])?, machine.text(&arguments[1])?);
    let (text, wanted) = (text.trim(), machine.env.collation.key(beginning.trim()));
    machine.budget.spend(text.len() + wanted.len())?;
    if wanted.is_empty() {
        return Ok(not_found());
    }
    let mut key = String::new();
    for (at, c) in text.char_indices() {
        key.push_str(&machine.env.collation.key(c.encode_utf8(&mut [0; 4])));
        if !wanted.starts_with(&key) {
            break;
        }
        if key.len() == wanted.len() {
            return Ok(found(&text[..at + c.len_utf8()]));
        }
    }
    Ok(not_found())
}

/// `has_pattern(text, pattern)`: a match of a regular expression in any letter case; the extra holds its groups by number.
fn has_pattern(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (text, pattern) = (machine.text(&arguments[0])?, machine.text(&arguments[1])?);
    let regex = compiled(machine, &pattern)?
        .ok_or_else(|| ExprError::refused("must be called with a valid regular expression"))?;
    let Some(groups) = regex.captures(&text) else { return Ok(not_found()) };
    let group = |n: usize| groups.get(n).map_or("", |group| group.as_str());
    let extra = Object::new((0..groups.len()).map(|n| (n.to_string(), group(n))));
    Ok(found_with(group(0), extra))
}
