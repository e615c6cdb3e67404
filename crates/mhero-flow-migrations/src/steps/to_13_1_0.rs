//! 13.1.0: the template of a message gets an id, so that its variables can be translated.

use uuid::Uuid;

use crate::shape::{Map, actions, object_mut, text};

pub(super) fn step(flow: &mut Map, ids: &mut dyn FnMut() -> Uuid) {
    for action in actions(flow).filter(|action| text(action, "type") == "send_msg") {
        if let Some(templating) = object_mut(action, "templating").filter(|t| text(t, "uuid").is_empty()) {
            templating.insert("uuid".to_owned(), ids().to_string().into());
        }
    }
}
