//! Change proposals: one value of a person or place that somebody says is another.

use mhero_core::{LangMap, MessageId, PersonId, PlaceId, Scope, SourceId, SourceRecordId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::names,
    params,
    statement::{person_in_scope, statements},
};

/// The kind of a proposal about a person.
const PERSON: &str = "person";
/// The kind of a proposal about a place.
const PLACE: &str = "place";

/// The columns of a proposal, in the order in which they are read.
macro_rules! columns {
    () => {
        "c.id, c.subject, c.field, c.old_value, c.new_value, c.new_place, c.said_by, c.evidence_kind, c.evidence_message, c.evidence_by, c.confidence, c.state, c.source, c.source_record, c.reason, c.conflict_value, c.attempts, c.next_at, c.first_by, c.decided_by, c.decided_at, c.pushed_at, c.written_at, c.objection_until, c.objected_at, c.dedupe_key, c.created_at, c.version, c.subject_kind"
    };
}
/// Where a proposal stands in the queue.
macro_rules! shelf {
    () => {
        "CASE WHEN c.state = 'conflict' THEN 'conflict' WHEN c.state IN ('open', 'seconded') AND c.confidence >= 80 THEN 'sure' WHEN c.state IN ('open', 'seconded') THEN 'eye' WHEN c.state IN ('accepted', 'writing') THEN 'way' ELSE 'done' END"
    };
}

/// What a row of the queue shows beside the proposal's columns.
macro_rules! shown {
    () => {
        ", p.name, n.name, s.name, s.kind, b.text, m.created_at, "
    };
}
/// What a row of the queue is read from.
macro_rules! rows {
    () => {
        ", l.name FROM proposal c LEFT JOIN person p ON c.subject_kind = 'person' AND p.id = c.subject LEFT JOIN place l ON c.subject_kind = 'place' AND l.id = c.subject LEFT JOIN place n ON n.id = c.new_place LEFT JOIN source s ON s.id = c.source LEFT JOIN message m ON m.id = c.evidence_message LEFT JOIN message_body b ON b.id = m.body WHERE "
    };
}
/// Whether the person or place of a proposal lies in the scope of `$2`, or `$1` says that everything does.
macro_rules! in_scope {
    () => {
        concat!(
            "((c.subject_kind = 'person' AND ",
            person_in_scope!("c.subject", "$1", "$2"),
            ") OR (c.subject_kind = 'place' AND ($1 OR EXISTS (SELECT 1 FROM place_closure k JOIN role_grant g ON g.place = k.ancestor WHERE k.descendant = c.subject AND g.principal = $2))))"
        )
    };
}

statements! {
    ADD = "INSERT INTO proposal (id, subject_kind, subject, field, old_value, new_value, new_place, said_by, evidence_kind, evidence_message, evidence_by, confidence, state, source, source_record, record_digest, reason, conflict_value, attempts, next_at, first_by, decided_by, decided_at, pushed_at, written_at, objection_until, objected_at, dedupe_key, created_at, version) VALUES ($1, $17, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, $18, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, $15, $16, 1) ON CONFLICT (dedupe_key) DO NOTHING";
    SET = "UPDATE proposal SET old_value = $3, new_value = $4, new_place = $5, state = $6, source = $7, source_record = $8, reason = $9, conflict_value = $10, attempts = $11, next_at = $12, first_by = $13, decided_by = $14, decided_at = $15, pushed_at = $16, written_at = $17, objection_until = $18, objected_at = $19, version = version + 1 WHERE id = $1 AND version = $2";
    GET = (concat!("SELECT ", columns!(), " FROM proposal c WHERE c.id = $1"));
    /// What is said of one field and not decided.
    OPEN_OF = (concat!("SELECT ", columns!(), " FROM proposal c WHERE c.subject = $1 AND c.field = $2 AND c.state IN ('open', 'seconded') ORDER BY c.created_at ASC NULLS LAST, c.id ASC NULLS LAST"));
    DUE = (concat!("SELECT ", columns!(), " FROM proposal c WHERE (c.state = 'accepted' OR c.state = 'writing') AND c.next_at <= $1 ORDER BY c.next_at ASC NULLS LAST, c.id ASC NULLS LAST LIMIT $2"));
    /// What was written of a person, or is about to be, and can still be objected to; the latest first.
    OBJECTABLE = (concat!("SELECT ", columns!(), " FROM proposal c WHERE c.subject = $1 AND c.state = 'written' AND c.objection_until > $2 ORDER BY c.written_at DESC NULLS LAST, c.id ASC NULLS LAST LIMIT 20"));
    /// What is accepted for a source that is a file.
    FOR_FILE = (concat!("SELECT ", columns!(), " FROM proposal c WHERE c.source = $1 AND c.state = 'accepted' ORDER BY c.created_at ASC NULLS LAST, c.id ASC NULLS LAST LIMIT $2"));
    LIST = (concat!("SELECT ", columns!(), shown!(), shelf!(), rows!(), "($3 = ", shelf!(), " OR ($3 = 'all' AND c.state IN ('open', 'seconded', 'conflict'))) AND (c.created_at < $4 OR (c.created_at = $4 AND c.id < $5)) AND ", in_scope!(), " ORDER BY c.created_at DESC NULLS LAST, c.id DESC NULLS LAST LIMIT $6"));
    ONE = (concat!("SELECT ", columns!(), shown!(), shelf!(), rows!(), "c.id = $3 AND ", in_scope!()));
    COUNTS = (concat!("SELECT k.shelf, CAST(COUNT(*) AS BIGINT) FROM (SELECT ", shelf!(), " AS shelf FROM proposal c WHERE ", in_scope!(), ") AS k GROUP BY k.shelf"));
    OPEN_OF_PLACE = "SELECT CAST(COUNT(*) AS BIGINT) FROM proposal c WHERE c.subject = $1 AND c.subject_kind = 'place' AND c.state IN ('open', 'seconded', 'conflict')";
    /// What further answers make of a proposal that nobody has decided yet.
    REWEIGH = "UPDATE proposal SET old_value = $3, new_value = $4, said_by = $5, evidence_message = $6, confidence = $7, reason = $8, source = $9, source_record = $10, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'open'";
}

/// A proposal as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id, the key of each attempt to write it.
    pub id: Uuid,
    /// Whose value; of a place's value the colleague whose answer it stands on.
    pub subject: PersonId,
    /// The place, where the value is a place's.
    pub place: Option<PlaceId>,
    /// Which: as the connectors name them (`phone`, `facility`, `job`, ...), or the key of a field; of a place's (`open`, `power`, ...).
    pub field: String,
    /// What the register holds.
    pub old_value: Option<String>,
    /// What it should hold.
    pub new_value: String,
    /// The place that the new value means.
    pub new_place: Option<PlaceId>,
    /// Who said so, where a health worker did.
    pub said_by: Option<PersonId>,
    /// `message`, `console`, `import`.
    pub evidence_kind: String,
    /// The message in which it was said.
    pub evidence_message: Option<MessageId>,
    /// The official who said it.
    pub evidence_by: Option<Uuid>,
    /// In percent.
    pub confidence: i64,
    /// `open`, `seconded`, `accepted`, `rejected`, `writing`, `written`, `conflict`, `failed`, `withdrawn`.
    pub state: String,
    /// The source that owns the field.
    pub source: Option<SourceId>,
    /// Its record of the person, or of their position.
    pub source_record: Option<SourceRecordId>,
    /// Why it is as it is: JSON of a locale key and its variables.
    pub reason: Option<String>,
    /// What the registry holds now, where somebody changed it meanwhile.
    pub conflict_value: Option<String>,
    /// Attempts to write it.
    pub attempts: i64,
    /// When it is tried, in UTC microseconds.
    pub next_at: Option<i64>,
    /// Who accepted first, where two must.
    pub first_by: Option<Uuid>,
    /// Who decided.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<i64>,
    /// When the attempt under way left.
    pub pushed_at: Option<i64>,
    /// When the registry took it.
    pub written_at: Option<i64>,
    /// Until when the health worker can object.
    pub objection_until: Option<i64>,
    /// When they did.
    pub objected_at: Option<i64>,
    /// What makes it the same proposal when it is made twice.
    pub dedupe_key: String,
    /// When it was made.
    pub created_at: i64,
    /// Counts its changes.
    pub version: i64,
}

impl Proposal {
    /// One that nobody has decided on: that a value of somebody should be another. What it stands on is filled in beside.
    pub fn new(id: Uuid, subject: PersonId, (field, new_value): (String, String), dedupe_key: String, at: i64) -> Self {
        Self {
            id,
            subject,
            place: None,
            field,
            old_value: None,
            new_value,
            new_place: None,
            said_by: None,
            evidence_kind: "message".to_owned(),
            evidence_message: None,
            evidence_by: None,
            confidence: 0,
            state: "open".to_owned(),
            source: None,
            source_record: None,
            reason: None,
            conflict_value: None,
            attempts: 0,
            next_at: None,
            first_by: None,
            decided_by: None,
            decided_at: None,
            pushed_at: None,
            written_at: None,
            objection_until: None,
            objected_at: None,
            dedupe_key,
            created_at: at,
            version: 1,
        }
    }
}

/// Never the values: numbers and names stand there.
impl std::fmt::Debug for Proposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proposal")
            .field("id", &self.id)
            .field("field", &self.field)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// A proposal as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalRow {
    /// The proposal.
    pub proposal: Proposal,
    /// Whose it is; empty for a place.
    pub person_name: String,
    /// The names of the place whose value it is.
    pub subject_place: Option<LangMap>,
    /// The names of the new place.
    pub place_name: Option<LangMap>,
    /// The name and kind of the source that owns the field.
    pub source: Option<(String, String)>,
    /// The text of the evidence; `None` once erased.
    pub evidence: Option<String>,
    /// When it came.
    pub evidence_at: Option<i64>,
    /// Where it stands in the queue: `sure`, `eye`, `conflict`, `way`, `done`.
    pub shelf: String,
}

impl Proposal {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let is_place = row.get::<String>(28)? == PLACE;
        Ok(Self {
            id: row.get(0)?,
            // A place's value comes from answers of its staff alone.
            subject: if is_place { row.get(6)? } else { row.get(1)? },
            place: if is_place { Some(row.get(1)?) } else { None },
            field: row.get(2)?,
            old_value: row.get(3)?,
            new_value: row.get(4)?,
            new_place: row.get(5)?,
            said_by: row.get(6)?,
            evidence_kind: row.get(7)?,
            evidence_message: row.get(8)?,
            evidence_by: row.get(9)?,
            confidence: row.get(10)?,
            state: row.get(11)?,
            source: row.get(12)?,
            source_record: row.get(13)?,
            reason: row.get(14)?,
            conflict_value: row.get(15)?,
            attempts: row.get(16)?,
            next_at: row.get(17)?,
            first_by: row.get(18)?,
            decided_by: row.get(19)?,
            decided_at: row.get(20)?,
            pushed_at: row.get(21)?,
            written_at: row.get(22)?,
            objection_until: row.get(23)?,
            objected_at: row.get(24)?,
            dedupe_key: row.get(25)?,
            created_at: row.get(26)?,
            version: row.get(27)?,
        })
    }
}

impl ProposalRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let source: Option<String> = row.get(31)?;
        let kind: Option<String> = row.get(32)?;
        let is_place = row.get::<Option<PlaceId>>(5)?.is_some();
        let of_place = row.get::<Option<String>>(36)?.is_some();
        Ok(Self {
            proposal: Proposal::read(row)?,
            person_name: row.get::<Option<String>>(29)?.unwrap_or_default(),
            subject_place: if of_place { Some(names(row, 36)?) } else { None },
            place_name: if is_place { Some(names(row, 30)?) } else { None },
            source: source.zip(kind),
            evidence: row.get(33)?,
            evidence_at: row.get(34)?,
            shelf: row.get(35)?,
        })
    }
}

impl Unit {
    /// Adds a proposal, unless it was made before.
    pub fn add_proposal(&mut self, p: &Proposal) -> &mut Self {
        let (kind, subject) = match p.place {
            Some(place) => (PLACE, place.uuid()),
            None => (PERSON, p.subject.uuid()),
        };
        self.run(
            &ADD,
            params![
                p.id,
                subject,
                p.field.as_str(),
                p.old_value.as_deref(),
                p.new_value.as_str(),
                p.new_place,
                p.said_by,
                p.evidence_kind.as_str(),
                p.evidence_message,
                p.evidence_by,
                p.confidence,
                p.state.as_str(),
                p.source,
                p.source_record,
                p.dedupe_key.as_str(),
                p.created_at,
                kind,
                p.reason.as_deref()
            ],
        )
    }

    /// Writes what further answers make of a proposal. Whoever changed it since it was read makes this unit fail.
    pub fn reweigh_proposal(&mut self, p: &Proposal) -> &mut Self {
        let (old, new, reason) = (p.old_value.as_deref(), p.new_value.as_str(), p.reason.as_deref());
        let own = params![p.id, p.version, old, new, p.said_by, p.evidence_message, p.confidence, reason];
        self.one(&REWEIGH, own.into_iter().chain(params![p.source, p.source_record]).collect())
    }

    /// Writes what changed of a proposal. Whoever changed it since it was read makes this unit fail.
    pub fn set_proposal(&mut self, p: &Proposal) -> &mut Self {
        self.one(
            &SET,
            params![
                p.id,
                p.version,
                p.old_value.as_deref(),
                p.new_value.as_str(),
                p.new_place,
                p.state.as_str(),
                p.source,
                p.source_record,
                p.reason.as_deref(),
                p.conflict_value.as_deref(),
                p.attempts,
                p.next_at,
                p.first_by,
                p.decided_by,
                p.decided_at,
                p.pushed_at,
                p.written_at,
                p.objection_until,
                p.objected_at
            ],
        )
    }
}

impl Store {
    /// A proposal. For the system; officials read through the scoped lists.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn proposal(&self, id: Uuid) -> Result<Option<Proposal>, StoreError> {
        self.first(&GET, params![id]).await?.map(|row| Proposal::read(&row)).transpose()
    }

    /// What is said of one field of a person and not decided.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_proposals(&self, subject: PersonId, field: &str) -> Result<Vec<Proposal>, StoreError> {
        self.query(&OPEN_OF, params![subject, field]).await?.iter().map(Proposal::read).collect()
    }

    /// What is said of one field of a place and not decided.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_proposals_of_place(&self, place: PlaceId, field: &str) -> Result<Vec<Proposal>, StoreError> {
        self.query(&OPEN_OF, params![place, field]).await?.iter().map(Proposal::read).collect()
    }

    /// How many values of a place wait for a reviewer. Whoever reads must be allowed to see the place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_open_of_place(&self, place: PlaceId) -> Result<i64, StoreError> {
        self.first(&OPEN_OF_PLACE, params![place]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Accepted proposals that are to be written now, the longest waiting first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_proposals(&self, now: i64, limit: i64) -> Result<Vec<Proposal>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(Proposal::read).collect()
    }

    /// What was written of a person and can still be objected to, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn objectable_proposals(&self, subject: PersonId, now: i64) -> Result<Vec<Proposal>, StoreError> {
        self.query(&OBJECTABLE, params![subject, now]).await?.iter().map(Proposal::read).collect()
    }

    /// What is accepted for a source and not written, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn proposals_for_file(&self, source: SourceId, limit: i64) -> Result<Vec<Proposal>, StoreError> {
        self.query(&FOR_FILE, params![source, limit]).await?.iter().map(Proposal::read).collect()
    }

    /// Proposals of a shelf of the queue within a scope, newest first, after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn proposals(
        &self,
        scope: &Scope,
        shelf: &str,
        (before, id): (i64, Uuid),
        limit: i64,
    ) -> Result<Vec<ProposalRow>, StoreError> {
        let given = params![scope.all_places(), scope.principal(), shelf, before, id, limit];
        self.query(&LIST, given).await?.iter().map(ProposalRow::read).collect()
    }

    /// One proposal within a scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn proposal_row(&self, scope: &Scope, id: Uuid) -> Result<Option<ProposalRow>, StoreError> {
        let given = params![scope.all_places(), scope.principal(), id];
        self.first(&ONE, given).await?.map(|row| ProposalRow::read(&row)).transpose()
    }

    /// How many proposals of a scope stand on which shelf.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn proposal_counts(&self, scope: &Scope) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&COUNTS, params![scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
