//! The audit log: decisions of people, by ids and digests.

use mhero_core::AuditId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Store, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO audit (id, at, actor_kind, actor, action, about_kind, about, facts, digest, block) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `user`, `token`, `command line`, `system`, `phone`.
    pub kind: &'static str,
    /// The user, token or person; `None` for the command line and the system.
    pub id: Option<Uuid>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Who decided.
    pub actor: Actor,
    /// What was done, a stable word: `broadcast-sent`, `number-shown`. The console has a sentence for each.
    pub action: &'static str,
    /// What kind of thing it was done to.
    pub about_kind: &'static str,
    /// Its id.
    pub about: Option<Uuid>,
    /// Ids, counts, digests and reasons; never a name, number or message text.
    pub facts: serde_json::Value,
}

impl Unit {
    /// Writes a decision into the audit log.
    pub fn audit(&mut self, store: &Store, entry: &AuditEntry) -> &mut Self {
        let id = store.mint().id(AuditId::from_uuid);
        let at = store.clock().now_micros();
        let facts = entry.facts.to_string();
        let mut digest = Sha256::new();
        digest.update(id.uuid().as_bytes());
        digest.update(at.to_be_bytes());
        for part in [entry.actor.kind, entry.action, entry.about_kind, &facts] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        for id in [entry.actor.id, entry.about] {
            digest.update(id.unwrap_or_default().as_bytes());
        }
        let digest: Vec<u8> = digest.finalize().to_vec();
        self.one(
            &ADD,
            params![
                id,
                at,
                entry.actor.kind,
                entry.actor.id,
                entry.action,
                entry.about_kind,
                entry.about,
                facts,
                digest
            ],
        )
    }
}
