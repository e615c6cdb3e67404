//! 14.4.0: a message goes to one address of a person, no longer to all of them.

use crate::shape::{Map, actions, text};

pub(super) fn step(flow: &mut Map) {
    for action in actions(flow).filter(|action| text(action, "type") == "send_msg") {
        action.shift_remove("all_urns");
    }
}
