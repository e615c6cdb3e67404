//! Addresses of people, and places by their path.

use super::Entry;
use crate::{
    error::ExprError,
    eval::Machine,
    value::{Object, Value},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("format_location", 1, 1, format_location),
    Entry::new("format_urn", 1, 1, format_urn),
    Entry::new("urn_parts", 1, 1, urn_parts),
];

/// The cost of reading a phone number, which takes far longer than one step.
const NUMBER_COST: usize = 1_000;

/// `format_location(location)`: `Kigali` for `Rwanda > Kigali`.
fn format_location(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    Ok(text.rsplit('>').next().unwrap_or_default().trim().into())
}

/// `urn_parts(urn)`: scheme, path and display of `twitterid:23454556#bobby`.
fn urn_parts(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let urn = Urn::read(&text)?;
    Ok(Object::new([("scheme", urn.scheme), ("path", urn.path), ("display", urn.display)]).into())
}

/// `format_urn(urn)`: a phone number as people of its country write it, else the display or the path.
fn format_urn(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    let text = machine.text(&arguments[0])?;
    let urn = Urn::read(&text)?;
    if urn.scheme == "tel" {
        machine.budget.spend(NUMBER_COST)?;
        return Ok(national(urn.path).unwrap_or_else(|| urn.path.to_owned()).into());
    }
    Ok(if urn.display.is_empty() { urn.path } else { urn.display }.into())
}

/// The national format of an E.164 number. A path with a letter in it is no number, though the library would read one.
fn national(path: &str) -> Option<String> {
    let digits = path.strip_prefix('+')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = phonenumber::parse(None, path).ok()?;
    Some(number.format().mode(phonenumber::Mode::National).to_string())
}

/// The parts of an address. Wider than the addresses that mHero keeps, as texts may hold any.
struct Urn<'a> {
    scheme: &'a str,
    path: &'a str,
    display: &'a str,
}

impl<'a> Urn<'a> {
    fn read(text: &'a str) -> Result<Self, ExprError> {
        let invalid = |why: &str| ExprError::refused(format!("{text} is not a valid URN: {why}"));
        let (address, display) = text.split_once('#').unwrap_or((text, ""));
        let (scheme, rest) = address.split_once(':').unwrap_or((address, ""));
        let path = rest.split('?').next().unwrap_or_default();
        if scheme.is_empty() {
            return Err(invalid("scheme cannot be empty"));
        }
        if path.is_empty() {
            return Err(invalid("path cannot be empty"));
        }
        Ok(Self { scheme, path, display })
    }
}
