//! 14.2.0: the body of a new ticket is called a note, and translations into what is no language go.

use mhero_core::Lang;

use crate::shape::{Map, actions, object_mut, text};

pub(super) fn step(flow: &mut Map) {
    for action in actions(flow).filter(|action| text(action, "type") == "open_ticket") {
        if let Some(body) = action.shift_remove("body") {
            action.insert("note".to_owned(), body);
        }
    }
    if let Some(localization) = object_mut(flow, "localization") {
        localization.retain(|code, _| is_language(code));
    }
}

/// Whether a code is three small letters that a language has.
fn is_language(code: &str) -> bool {
    code.parse::<Lang>().is_ok_and(|language| language.as_str() == code && language.is_registered())
}
