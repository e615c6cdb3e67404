//! Texts read as values of fields.

use std::sync::Arc;

use jiff::Timestamp;
use mhero_expr::{PlaceLevel, Value, extract, places_in};

use super::{Contact, FieldValue};
use crate::{
    assets::{Assets, Field, FieldType},
    modifiers::Change,
};

impl FieldValue {
    /// Reads a text as the value of a field: whatever its type, the value also holds the number and the instant that the text
    /// is. Places are looked up for fields of places, and where the text is a path. `None` for an empty text.
    pub fn parse(field: &Field, text: &str, change: &mut Change<'_>) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let clock = change.world.clock();
        let now = if clock.is_some() { Timestamp::UNIX_EPOCH } else { change.world.now() };
        let mut env = change.environment.to_expr(now, None);
        env.clock = clock;
        let mut value = Self::of_text(truncated(text, change.limits.field_chars));
        value.number = Value::text(text).to_number().ok();
        value.datetime = extract::datetime(text, &env, true);
        value.set_place(place(field, text, change.contact, change.assets));
        Some(value)
    }

    fn set_place(&mut self, path: Option<Arc<str>>) {
        let Some(path) = path else { return };
        let names: Vec<&str> = path.split(mhero_expr::PATH_SEPARATOR).collect();
        let above = |count: usize| {
            (names.len() >= count).then(|| Arc::<str>::from(names[..count].join(mhero_expr::PATH_SEPARATOR)))
        };
        (self.state, self.district, self.ward) = (above(2), above(3), above(4));
    }
}

/// The path of the place that a text means. Districts are looked for in the contact's state, wards in its district.
fn place(field: &Field, text: &str, contact: &Contact, assets: &Assets) -> Option<Arc<str>> {
    let locations = assets.locations()?;
    if text.contains('>')
        && let Some(path) = locations.at_path(text)
    {
        return Some(path);
    }
    let (level, parent) = match field.kind {
        FieldType::State => (PlaceLevel::State, None),
        FieldType::District => (PlaceLevel::District, own_place(FieldType::State, contact, assets)),
        FieldType::Ward => (PlaceLevel::Ward, own_place(FieldType::District, contact, assets)),
        _ => return None,
    };
    places_in(&**locations, text, level, parent.as_deref()).into_iter().next()
}

/// The place of the contact's first field of a type.
fn own_place(kind: FieldType, contact: &Contact, assets: &Assets) -> Option<Arc<str>> {
    let field = assets.fields().iter().find(|field| field.kind == kind)?;
    let value = contact.field(&field.key)?;
    if kind == FieldType::State { value.state.clone() } else { value.district.clone() }
}

/// The first characters of a text.
pub fn truncated(text: &str, chars: usize) -> Arc<str> {
    match text.char_indices().nth(chars) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}

/// The first characters of a text, the last three of them dots where something was cut off.
pub fn truncated_with_dots(text: &str, chars: usize) -> Arc<str> {
    if text.chars().nth(chars).is_none() {
        return text.into();
    }
    let kept: String = text.chars().take(chars.saturating_sub(3)).collect();
    format!("{kept}...").into()
}
