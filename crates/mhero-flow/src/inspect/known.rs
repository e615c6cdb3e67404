//! What the engine's assets know.

use super::{DependencyKind, DependencyTarget, Known};
use crate::assets::{Assets, FlowError};

impl Known for Assets {
    fn knows(&self, kind: DependencyKind, target: &DependencyTarget) -> bool {
        use DependencyKind as Kind;
        match (kind, target) {
            (Kind::Channel, DependencyTarget::Uuid(uuid)) => self.channel(*uuid).is_some(),
            (Kind::Flow, DependencyTarget::Uuid(uuid)) => {
                // A flow that can't be read is there all the same.
                !matches!(self.flow(*uuid), Err(FlowError::Missing(_)))
            }
            (Kind::Group, DependencyTarget::Uuid(uuid)) => self.group(*uuid).is_some(),
            (Kind::Label, DependencyTarget::Uuid(uuid)) => self.label(*uuid).is_some(),
            (Kind::Llm, DependencyTarget::Uuid(uuid)) => self.llm(*uuid).is_some(),
            (Kind::Template, DependencyTarget::Uuid(uuid)) => self.template(*uuid).is_some(),
            (Kind::Topic, DependencyTarget::Uuid(uuid)) => self.topic(*uuid).is_some(),
            (Kind::User, DependencyTarget::Uuid(uuid)) => self.user(*uuid).is_some(),
            (Kind::Field, DependencyTarget::Key(key)) => self.field(key).is_some(),
            (Kind::Global, DependencyTarget::Key(key)) => self.global(key).is_some(),
            // Contacts are no assets: who is gone is left out when the flow runs.
            (Kind::Contact, _) => true,
            _ => false,
        }
    }
}
