//! 13.2.0: the language `base` of old flows, which is none, becomes the code for an undetermined one.

use crate::shape::{Map, object_mut, text};

const UNDETERMINED: &str = "und";

pub(super) fn step(flow: &mut Map) {
    if text(flow, "language") != "base" {
        return;
    }
    flow.insert("language".to_owned(), UNDETERMINED.into());
    // A translation into the flow's own language would never be used.
    if let Some(localization) = object_mut(flow, "localization") {
        localization.shift_remove(UNDETERMINED);
    }
}
