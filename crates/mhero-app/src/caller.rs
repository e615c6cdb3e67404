//! Who asks: what they may see, and under which name it stands in the audit log.

use mhero_core::{Lang, Right, Scope};
use mhero_store::{Actor, AuditEntry};
use uuid::Uuid;

use crate::AppError;

/// Who asks for something.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they may see and do.
    pub scope: Scope,
    /// Who stands in the audit log.
    pub actor: Actor,
    /// The language to answer in.
    pub language: Lang,
}

impl Caller {
    /// The system itself: jobs and delivery.
    pub fn system() -> Self {
        Self { scope: Scope::system(), actor: Actor { kind: "system", id: None }, language: Lang::ENGLISH }
    }

    /// The administrator at the command line of the machine.
    pub fn command_line(language: Lang) -> Self {
        Self { scope: Scope::system(), actor: Actor { kind: "command line", id: None }, language }
    }

    /// Refuses unless the right is there.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub const fn must(&self, right: Right) -> Result<(), AppError> {
        if self.scope.may(right) { Ok(()) } else { Err(AppError::NotAllowed { right }) }
    }

    /// An entry for the audit log under this caller's name.
    pub fn entry(
        &self,
        action: &'static str,
        about_kind: &'static str,
        about: Option<Uuid>,
        facts: serde_json::Value,
    ) -> AuditEntry {
        AuditEntry { actor: self.actor.clone(), action, about_kind, about, facts }
    }
}
