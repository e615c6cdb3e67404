//! Tests of addresses and groups.

use super::{found, maybe, not_found};
use crate::{error::ExprError, eval::Machine, extract, functions::Entry, value::Value};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_email", 1, 1, has_email),
    Entry::new("has_phone", 1, 2, has_phone),
    Entry::new("has_group", 2, 3, has_group),
];

/// The cost of reading phone numbers, which takes far longer than one step.
const NUMBER_COST: usize = 1_000;

/// `has_email(text)`: the first e-mail address in it.
fn has_email(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    machine.budget.spend(text.len())?;
    Ok(maybe(extract::email(&text)))
}

/// `has_phone(text [, country])`: the first phone number in it, in E.164. Without a country it is read as in the environment's.
fn has_phone(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let country = match arguments.get(1) {
        Some(country) => Some(machine.text(country)?.to_string()),
        None => machine.env.country.clone(),
    };
    machine.budget.spend(NUMBER_COST.saturating_add(text.len().saturating_mul(50)))?;
    Ok(maybe(extract::phone(&text, country.as_deref())))
}

/// `has_group(groups, uuid [, name])`: the group with this UUID in a list of groups; the name is for people who read the flow.
fn has_group(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let (groups, uuid) = (arguments[0].to_array()?, machine.text(&arguments[1])?);
    for group in groups.iter() {
        let object = group.to_object()?;
        let is_it = match machine.property(&object, "uuid")? {
            Some(found) => machine.text(&found)? == uuid,
            None => false,
        };
        if is_it {
            return Ok(found(group.clone()));
        }
    }
    Ok(not_found())
}
