//! Who may see and do what. Every read of the store that touches people, messages or results takes a [`Scope`].

use std::fmt;

use uuid::Uuid;

use crate::message::{UnknownWord, words};
use std::str::FromStr;

words! {
    /// A role, given for the whole country, one place, or one programme.
    Role "role" {
        /// Everything.
        Admin = "admin",
        /// People, audiences, send.
        Hr = "hr",
        /// Its own programme's sending, flows, results.
        Programme = "programme",
        /// Its own places: read, answer, send.
        District = "district",
        /// Releases what others drafted.
        Approver = "approver",
        /// Reads all, writes nothing.
        Auditor = "auditor",
        /// The API only.
        Integrator = "integrator",
    }
}

words! {
    /// One thing that a role may do.
    Right "right" {
        /// See people and places.
        ReadPeople = "read_people",
        /// Change people, import files, run synchronisations.
        EditPeople = "edit_people",
        /// Save groups and audiences.
        EditAudiences = "edit_audiences",
        /// See messages and conversations.
        ReadMessages = "read_messages",
        /// Answer in a thread.
        Answer = "answer",
        /// Send broadcasts.
        Send = "send",
        /// Release what another drafted.
        Approve = "approve",
        /// Change flows, see results.
        Flows = "flows",
        /// Channels, registries, words, users.
        Settings = "settings",
        /// The audit log and the exchange log.
        Audit = "audit",
        /// The programming interfaces.
        Api = "api",
        /// Sign in to the console.
        Console = "console",
    }
}

impl Role {
    /// What a role may do, as `design/architecture.md` decides it.
    pub const fn rights(self) -> &'static [Right] {
        use Right::{
            Answer, Api, Approve, Audit, Console, EditAudiences, EditPeople, Flows, ReadMessages, ReadPeople, Send,
        };
        match self {
            Self::Admin => Right::ALL,
            Self::Hr => &[ReadPeople, EditPeople, EditAudiences, ReadMessages, Answer, Send, Console],
            Self::Programme => &[ReadPeople, EditAudiences, ReadMessages, Answer, Send, Flows, Console],
            Self::District => &[ReadPeople, ReadMessages, Answer, Send, Console],
            Self::Approver => &[ReadPeople, ReadMessages, Approve, Console],
            Self::Auditor => &[ReadPeople, ReadMessages, Audit, Console],
            Self::Integrator => &[ReadPeople, EditPeople, EditAudiences, ReadMessages, Send, Api],
        }
    }
}

/// A set of rights.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u32);

impl Rights {
    /// No right at all.
    pub const NONE: Self = Self(0);

    /// All rights of some roles together.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        roles.into_iter().flat_map(Role::rights).fold(Self::NONE, |set, right| set.with(*right))
    }

    /// This set and one right more.
    #[must_use]
    pub const fn with(self, right: Right) -> Self {
        Self(self.0 | 1 << right as u32)
    }

    /// Whether a right is in the set.
    pub const fn has(self, right: Right) -> bool {
        self.0 & (1 << right as u32) != 0
    }
}

impl fmt::Debug for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Right::ALL.iter().filter(|right| self.has(**right))).finish()
    }
}

/// What one user, token or job may see and do. The store narrows each read by it; limits by place and programme are looked
/// up there by `principal`, so that a grant taken away counts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    principal: Option<Uuid>,
    all_places: bool,
    all_programmes: bool,
    rights: Rights,
    in_sandbox: bool,
}

impl Scope {
    /// A user or token. `all_places` and `all_programmes` are true when at least one grant has no such limit.
    pub const fn of(principal: Uuid, all_places: bool, all_programmes: bool, rights: Rights) -> Self {
        Self { principal: Some(principal), all_places, all_programmes, rights, in_sandbox: false }
    }

    /// The system itself: jobs, delivery, the command line of the administrator on the machine. Sees everything.
    pub fn system() -> Self {
        Self {
            principal: None,
            all_places: true,
            all_programmes: true,
            rights: Rights::of([Role::Admin]),
            in_sandbox: false,
        }
    }

    /// The same in the sandbox: audiences are of its people alone, never of a real health worker.
    #[must_use]
    pub const fn in_sandbox(self) -> Self {
        Self { all_places: false, in_sandbox: true, ..self }
    }

    /// The same without any right, for who may come in by another door only.
    #[must_use]
    pub const fn without_rights(self) -> Self {
        Self { rights: Rights::NONE, ..self }
    }

    /// Whether this is in the sandbox.
    pub const fn is_in_sandbox(&self) -> bool {
        self.in_sandbox
    }

    /// The user or token; `None` for the system.
    pub const fn principal(&self) -> Option<Uuid> {
        self.principal
    }

    /// Whether people of every place are visible.
    pub const fn all_places(&self) -> bool {
        self.all_places
    }

    /// Whether broadcasts and results of every programme are visible.
    pub const fn all_programmes(&self) -> bool {
        self.all_programmes
    }

    /// Whether this may be done at all.
    pub const fn may(&self, right: Right) -> bool {
        self.rights.has(right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_all_and_writes_nothing() {
        let rights = Rights::of([Role::Auditor]);
        for right in
            [Right::EditPeople, Right::EditAudiences, Right::Answer, Right::Send, Right::Approve, Right::Settings]
        {
            assert!(!rights.has(right), "{right}");
        }
        assert!(rights.has(Right::ReadMessages) && rights.has(Right::Audit));
    }

    #[test]
    fn an_integrator_never_signs_in_to_the_console() {
        assert!(!Rights::of([Role::Integrator]).has(Right::Console));
        assert!(Rights::of([Role::Integrator, Role::Hr]).has(Right::Console));
    }
}
