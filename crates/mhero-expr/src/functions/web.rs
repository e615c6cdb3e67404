//! JSON, addresses of the web, and what comes from it.

use super::{ANY, Entry, entities};
use crate::{
    error::ExprError,
    eval::Machine,
    value::{Object, Value, Writer},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("json", 1, 1, json),
    Entry::new("parse_json", 1, 1, |m, a| Value::from_json_text(&m.text(&a[0])?)),
    Entry::new("url_encode", 1, 1, url_encode),
    Entry::new("html_decode", 1, 1, html_decode),
    Entry::new("attachment_parts", 1, 1, attachment_parts),
    Entry::new("prompt", 1, ANY, prompt),
];

/// `json(value)`
fn json(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let mut out = Writer::new(&mut machine.budget);
    arguments[0].sound()?.write_json(&mut out)?;
    Ok(out.text.into())
}

/// `url_encode(text)`: for a part of an address, so a space is `%20`.
fn url_encode(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(encoded.into())
}

/// `html_decode(text)`: `&amp;`, `&eacute;` and `&#233;` as letters; names not known stay as they are.
fn html_decode(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    machine.budget.spend(text.len())?;
    Ok(entities::decoded(&text).into())
}

/// `attachment_parts(attachment)`: `image/jpeg:https://...` in its two parts.
fn attachment_parts(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let (kind, url) = text.split_once(':').unwrap_or(("", &text));
    Ok(Object::new([("content_type", kind), ("url", url)]).into())
}

/// `prompt(name, args...)`: a text that the installation keeps for language models, with `{{ .arg1 }}` for the first argument.
fn prompt(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let name = machine.text(&arguments[0])?;
    let prompts = std::sync::Arc::clone(&machine.env.prompts);
    let prompt = prompts.get(&*name).ok_or_else(|| ExprError::refused(format!("unknown LLM prompt {name}")))?;
    let mut out = String::new();
    let mut rest = prompt.as_str();
    while let Some((before, (inner, after))) = rest.split_once("{{").and_then(|(b, r)| Some((b, r.split_once("}}")?))) {
        let (trims_left, inner) = inner.strip_prefix("- ").map_or((false, inner), |inner| (true, inner));
        let (trims_right, inner) = inner.strip_suffix(" -").map_or((false, inner), |inner| (true, inner));
        out.push_str(if trims_left { before.trim_end() } else { before });
        let number = inner.trim().strip_prefix(".arg").and_then(|n| n.parse::<usize>().ok());
        match number.filter(|n| *n > 0).and_then(|n| arguments.get(n)) {
            Some(argument) => out.push_str(&machine.text(argument)?),
            None => out.push_str("<no value>"),
        }
        machine.budget.spend(out.len())?;
        rest = if trims_right { after.trim_start() } else { after };
    }
    out.push_str(rest);
    Ok(out.into())
}
