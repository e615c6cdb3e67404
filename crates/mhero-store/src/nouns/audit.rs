//! The audit log: decisions of people, by ids and digests, sealed in blocks of which each holds the hash of the one before.

use jiff::Timestamp;
use mhero_core::{AuditId, Right, Scope, UserId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Guard, Lease, Queue, Row, Store, StoreError, Unit, params, statement::statements};

/// Most entries of one block.
const BLOCK_ENTRIES_MAX: i64 = 1_000;

statements! {
    ADD = "INSERT INTO audit (id, at, actor_kind, actor, action, about_kind, about, facts, digest, block) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
    LIST = "SELECT entry, id, at, actor_kind, actor, action, about_kind, about, facts, digest, block FROM audit WHERE ($1 IS NULL OR actor = $1) AND ($2 IS NULL OR action = $2) AND ($3 IS NULL OR about = $3) AND at >= $4 AND at < $5 AND entry < $6 ORDER BY entry DESC NULLS FIRST LIMIT $7";
    UNSEALED = "SELECT entry, id, at, actor_kind, actor, action, about_kind, about, facts, digest, block FROM audit WHERE block IS NULL ORDER BY entry ASC NULLS LAST LIMIT $1";
    FIRST_UNSEALED = "SELECT at FROM audit WHERE block IS NULL ORDER BY entry ASC NULLS LAST LIMIT 1";
    OF_BLOCK = "SELECT entry, id, at, actor_kind, actor, action, about_kind, about, facts, digest, block FROM audit WHERE block = $1 ORDER BY entry ASC NULLS LAST";
    LAST_BLOCK = "SELECT number, previous, hash, first_entry, last_entry, sealed_at FROM audit_block ORDER BY number DESC NULLS FIRST LIMIT 1";
    BLOCKS = "SELECT number, previous, hash, first_entry, last_entry, sealed_at FROM audit_block WHERE number > $1 ORDER BY number ASC NULLS LAST LIMIT $2";
    ADD_BLOCK = "INSERT INTO audit_block (number, previous, hash, first_entry, last_entry, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// An entry with a low number may be committed after one with a high number: the guard on the rows sees it.
    SEAL = "UPDATE audit SET block = $1 WHERE block IS NULL AND entry >= $2 AND entry <= $3";
    /// Entries that name a block which is not there.
    STRAY = "SELECT CAST(MIN(entry) AS BIGINT) FROM audit WHERE block > $1";
    AFTER = "SELECT entry, id, at, actor_kind, actor, action, about_kind, about, facts, digest, block FROM audit WHERE entry > $1 ORDER BY entry ASC NULLS LAST LIMIT $2";
    LAST_ENTRY = "SELECT CAST(COALESCE(MAX(entry), 0) AS BIGINT) FROM audit";
    SIGN_INS = "SELECT facts FROM audit WHERE about = $1 AND action = 'signed-in' AND at >= $2 ORDER BY entry DESC NULLS FIRST LIMIT $3";
    ACTIONS = "SELECT DISTINCT action FROM audit ORDER BY action ASC NULLS LAST";
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

/// One decision as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Its place in the log.
    pub entry: i64,
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// `user`, `token`, `command line`, `system`, `phone`.
    pub actor_kind: String,
    /// The user, token or person.
    pub actor: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub about_kind: String,
    /// Its id.
    pub about: Option<Uuid>,
    /// JSON.
    pub facts: String,
    /// The block that seals it.
    pub block: Option<i64>,
    digest: Vec<u8>,
}

/// Which decisions to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only those of this user, token or person.
    pub actor: Option<Uuid>,
    /// Only this action.
    pub action: Option<String>,
    /// Only about this thing.
    pub about: Option<Uuid>,
    /// Only since then.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
    /// Only before this entry: the last one of the page before.
    pub before_entry: Option<i64>,
}

/// A sealed block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditBlock {
    /// From 1, without holes.
    pub number: i64,
    /// The hash of the block before; 32 zeros for the first.
    pub previous: Vec<u8>,
    /// SHA-256 over number, previous hash, and number and digest of each entry.
    pub hash: Vec<u8>,
    /// Its first entry.
    pub first_entry: i64,
    /// Its last entry. Entries between the two that were committed later belong to a later block.
    pub last_entry: i64,
    /// When it was sealed.
    pub sealed_at: Timestamp,
}

/// Where the log does not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenSeal {
    /// The block; `None` where the entry belongs to none yet.
    pub block: Option<i64>,
    /// The entry, where it is one.
    pub entry: Option<i64>,
    /// `entry-changed`, `block-changed`, `chain-broken`, `block-missing`.
    pub what: &'static str,
}

fn digest_of(id: AuditId, at: i64, words: [&str; 4], actor: Option<Uuid>, about: Option<Uuid>) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(id.uuid().as_bytes());
    digest.update(at.to_be_bytes());
    for part in words {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    for id in [actor, about] {
        digest.update(id.unwrap_or_default().as_bytes());
    }
    digest.finalize().to_vec()
}

impl Audited {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            entry: row.get(0)?,
            id: row.get(1)?,
            at: row.get(2)?,
            actor_kind: row.get(3)?,
            actor: row.get(4)?,
            action: row.get(5)?,
            about_kind: row.get::<Option<String>>(6)?.unwrap_or_default(),
            about: row.get(7)?,
            facts: row.get(8)?,
            digest: row.get(9)?,
            block: row.get(10)?,
        })
    }

    fn is_as_written(&self) -> bool {
        let words = [self.actor_kind.as_str(), &self.action, &self.about_kind, &self.facts];
        self.digest == digest_of(self.id, mhero_core::micros(self.at), words, self.actor, self.about)
    }
}

impl AuditBlock {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.get(0)?,
            previous: row.get(1)?,
            hash: row.get(2)?,
            first_entry: row.get(3)?,
            last_entry: row.get(4)?,
            sealed_at: row.get(5)?,
        })
    }

    fn hash_of(number: i64, previous: &[u8], entries: &[Audited]) -> Vec<u8> {
        let mut hash = Sha256::new();
        hash.update(number.to_be_bytes());
        hash.update(previous);
        for entry in entries {
            hash.update(entry.entry.to_be_bytes());
            hash.update(&entry.digest);
        }
        hash.finalize().to_vec()
    }
}

impl Unit {
    /// Writes a decision into the audit log.
    pub fn audit(&mut self, store: &Store, entry: &AuditEntry) -> &mut Self {
        let id = store.mint().id(AuditId::from_uuid);
        let at = store.clock().now_micros();
        let facts = entry.facts.to_string();
        let words = [entry.actor.kind, entry.action, entry.about_kind, &facts];
        let digest = digest_of(id, at, words, entry.actor.id, entry.about);
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

impl Store {
    /// Decisions, newest first, at most `limit`; none for who may not read the log.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn audit_log(&self, scope: &Scope, filter: &AuditFilter, limit: i64) -> Result<Vec<Audited>, StoreError> {
        if !scope.may(Right::Audit) {
            return Ok(Vec::new());
        }
        let values = params![
            filter.actor,
            filter.action.as_deref(),
            filter.about,
            filter.since.unwrap_or(Timestamp::MIN),
            filter.until.unwrap_or(Timestamp::MAX),
            filter.before_entry.unwrap_or(i64::MAX),
            limit
        ];
        self.query(&LIST, values).await?.iter().map(Audited::read).collect()
    }

    /// The actions that stand in the log, for a filter to offer.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn audit_actions(&self) -> Result<Vec<String>, StoreError> {
        self.query(&ACTIONS, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The facts of sign-ins of a user since an instant, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sign_ins_of(&self, user: UserId, since: i64, limit: i64) -> Result<Vec<String>, StoreError> {
        self.query(&SIGN_INS, params![user.uuid(), since, limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The last sealed block. Its hash, kept elsewhere, shows later whether the log was cut.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_audit_block(&self) -> Result<Option<AuditBlock>, StoreError> {
        self.first(&LAST_BLOCK, vec![]).await?.as_ref().map(AuditBlock::read).transpose()
    }

    /// When the first decision was taken that no block seals yet.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn first_unsealed_audit(&self) -> Result<Option<Timestamp>, StoreError> {
        self.first(&FIRST_UNSEALED, vec![]).await?.map(|row| row.get(0)).transpose()
    }

    /// Seals the next block, at most a thousand entries; returns how many. Only the holder of the lease may.
    ///
    /// # Errors
    /// [`StoreError::Guard`] when the lease was lost or an entry came in between: decide again.
    pub async fn seal_audit_block(&self, lease: &Lease) -> Result<usize, StoreError> {
        let last = self.last_audit_block().await?;
        let entries: Vec<Audited> = self
            .query(&UNSEALED, params![BLOCK_ENTRIES_MAX])
            .await?
            .iter()
            .map(Audited::read)
            .collect::<Result<_, _>>()?;
        let (Some(first), Some(end)) = (entries.first(), entries.last()) else { return Ok(0) };
        let (number, previous) = last.map_or_else(|| (1, vec![0; 32]), |block| (block.number + 1, block.hash));
        let hash = AuditBlock::hash_of(number, &previous, &entries);
        let mut unit = Unit::new();
        unit.only_if_held(lease);
        unit.step(&SEAL, Guard::Rows(entries.len() as u64), params![number, first.entry, end.entry]);
        unit.one(&ADD_BLOCK, params![number, previous, hash, first.entry, end.entry, self.clock().now_micros()]);
        match self.write(unit, Queue::Bulk).await {
            // Another holder has sealed this number in the meantime.
            Err(StoreError::Exists { .. }) => Err(StoreError::Contention),
            other => other.map(|_| entries.len()),
        }
    }

    /// Decisions after an entry, the oldest first, at most `limit`: for handing them on. The system alone asks so.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn audit_after(&self, entry: i64, limit: i64) -> Result<Vec<Audited>, StoreError> {
        self.query(&AFTER, params![entry, limit]).await?.iter().map(Audited::read).collect()
    }

    /// The last entry; 0 when there is none.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_audit_entry(&self) -> Result<i64, StoreError> {
        self.first(&LAST_ENTRY, vec![]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Reads the whole log and says where it first does not hold together.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn check_audit(&self) -> Result<Option<BrokenSeal>, StoreError> {
        let mut snapshot = self.snapshot().await?;
        let (mut number, mut previous) = (0, vec![0; 32]);
        loop {
            let rows = snapshot.query(&BLOCKS, params![number, 100i64]).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let block = AuditBlock::read(row)?;
                let broken = |what| Ok(Some(BrokenSeal { block: Some(number + 1), entry: None, what }));
                if block.number != number + 1 {
                    return broken("block-missing");
                }
                if block.previous != previous {
                    return broken("chain-broken");
                }
                let rows = snapshot.query(&OF_BLOCK, params![block.number]).await?;
                let entries: Vec<Audited> = rows.iter().map(Audited::read).collect::<Result<_, _>>()?;
                if let Some(changed) = first_changed(&entries) {
                    return Ok(Some(changed));
                }
                if AuditBlock::hash_of(block.number, &previous, &entries) != block.hash {
                    return broken("block-changed");
                }
                (number, previous) = (block.number, block.hash);
            }
        }
        let stray = snapshot.query(&STRAY, params![number]).await?;
        if let Some(entry) = stray.first().map_or(Ok(None), |row| row.get::<Option<i64>>(0))? {
            return Ok(Some(BrokenSeal { block: Some(number + 1), entry: Some(entry), what: "block-missing" }));
        }
        let rows = snapshot.query(&UNSEALED, params![BLOCK_ENTRIES_MAX]).await?;
        let open: Vec<Audited> = rows.iter().map(Audited::read).collect::<Result<_, _>>()?;
        Ok(first_changed(&open))
    }
}

fn first_changed(entries: &[Audited]) -> Option<BrokenSeal> {
    let changed = entries.iter().find(|entry| !entry.is_as_written())?;
    Some(BrokenSeal { block: changed.block, entry: Some(changed.entry), what: "entry-changed" })
}
