//! Tests of places.

use std::sync::Arc;

use super::maybe;
use crate::{
    error::ExprError,
    eval::Machine,
    functions::Entry,
    places::{Locations, PlaceLevel, places_in},
    value::Value,
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("has_state", 1, 1, has_state),
    Entry::new("has_district", 1, 2, has_district),
    Entry::new("has_ward", 1, 3, has_ward),
];

/// The cost of a byte of text, as each run of words is looked up.
const SEARCH_COST: usize = 20;

/// The places that a value names.
fn places(
    machine: &mut Machine<'_>,
    value: &Value,
    level: PlaceLevel,
    parents: Option<&[Arc<str>]>,
) -> Result<Vec<Arc<str>>, ExprError> {
    let text = machine.text(value)?;
    let locations = known(machine)?;
    machine.budget.spend(text.len().saturating_mul(SEARCH_COST))?;
    Ok(match parents {
        None => places_in(&*locations, &text, level, None),
        Some(parents) => parents.iter().flat_map(|parent| places_in(&*locations, &text, level, Some(parent))).collect(),
    })
}

fn known(machine: &Machine<'_>) -> Result<Arc<dyn Locations>, ExprError> {
    let locations = machine.env.locations.as_ref().map(Arc::clone);
    locations.ok_or_else(|| ExprError::refused("no places are known here"))
}

fn first(places: Vec<Arc<str>>) -> Value {
    maybe(places.into_iter().next().map(Value::Text))
}

/// `has_state(text)`: the path of a place of the first level that the text names.
fn has_state(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    Ok(first(places(machine, &arguments[0], PlaceLevel::State, None)?))
}

/// `has_district(text [, state])`: a place of the second level, of this state only.
fn has_district(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    arguments[0].sound()?;
    let states = match arguments.get(1) {
        Some(state) => Some(places(machine, state, PlaceLevel::State, None)?),
        None => None,
    };
    Ok(first(places(machine, &arguments[0], PlaceLevel::District, states.as_deref())?))
}

/// `has_ward(text [, state [, district]])`: a place of the third level, of this district only.
fn has_ward(machine: &mut Machine<'_>, arguments: &[Value]) -> Result<Value, ExprError> {
    arguments[0].sound()?;
    let mut parents = None;
    for (value, level) in arguments[1..].iter().zip([PlaceLevel::State, PlaceLevel::District]) {
        parents = Some(places(machine, value, level, parents.as_deref())?);
    }
    Ok(first(places(machine, &arguments[0], PlaceLevel::Ward, parents.as_deref())?))
}
