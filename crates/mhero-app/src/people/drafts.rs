//! Files that somebody brought and has not decided about: sealed in the store, so that every node sees them and a restart keeps
//! them, for a day at most. What would become of their rows is not kept: whoever asks looks again.

use jiff::SignedDuration;
use mhero_core::{ImportId, Right, limits::UPLOAD_BYTES_MAX};
use mhero_store::{DraftRow, Queue, StoreError, Unit};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// How long a file waits for a decision.
pub(crate) const DRAFTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Most files that wait at a time; the oldest goes.
const DRAFTS_MAX: usize = 20;
/// Most bytes of all files that wait; the oldest go.
const BYTES_MAX: usize = 4 * UPLOAD_BYTES_MAX;
/// Bytes of one part, before it is sealed.
const PART_BYTES: usize = 1024 * 1024;
/// An import that says nothing for so long has broken off.
const BEAT_MAX: SignedDuration = SignedDuration::from_secs(60);
/// What is sealed, bound to its place.
const ABOUT: &str = "import_draft.about";
const PART: &str = "import_draft_part.content";

/// How far the decision about a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Nobody has decided, or the import broke off.
    Open,
    /// It is being imported: records read, and how many there are.
    Importing(u64, Option<u64>),
    /// It has been imported, as this run.
    Done(Option<ImportId>),
}

/// A file that somebody brought.
#[derive(Clone)]
pub struct ImportDraft {
    /// The name of the file.
    pub file: String,
    /// The source that it is from.
    pub source: String,
    /// What was said of its columns, as settings of a source.
    pub said: Vec<(String, String)>,
    /// How far the decision is.
    pub state: DraftState,
    row: DraftRow,
}

impl ImportDraft {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.row.id
    }
}

/// Without what it says: a name of a file may be that of a person.
impl std::fmt::Debug for ImportDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportDraft").field("id", &self.row.id).field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Serialize, Deserialize)]
struct About {
    file: String,
    source: String,
    said: Vec<(String, String)>,
}

/// People of the whole country are changed by an import.
fn may(caller: &Caller) -> Result<Uuid, AppError> {
    caller.must(Right::EditPeople)?;
    let user = caller.actor.id.filter(|_| caller.scope.all_places());
    user.ok_or(AppError::NotAllowed { right: Right::EditPeople })
}

fn changed() -> AppError {
    AppError::invalid("imports-changed", [])
}

impl App {
    /// Keeps a file until the caller has decided about it, in place of the one that they brought before.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to edit people of the whole country; [`AppError::Invalid`] for one that is too large.
    pub async fn keep_brought(
        &self,
        caller: &Caller,
        file: &str,
        source: &str,
        bytes: &[u8],
    ) -> Result<Uuid, AppError> {
        let owner = may(caller)?;
        if bytes.len() > UPLOAD_BYTES_MAX {
            return Err(AppError::invalid(
                "imports-too-large",
                [("max", (UPLOAD_BYTES_MAX / 1024 / 1024).to_string())],
            ));
        }
        let (id, now) = (self.store().mint().uuid(), self.clock().now_micros());
        self.make_room(owner, bytes.len()).await?;
        let (mut parts, mut size) = (0, 0);
        for part in bytes.chunks(PART_BYTES) {
            let sealed = self.seal(&format!("{PART}.{parts}"), id, part)?;
            size += sealed.len();
            let mut unit = Unit::new();
            unit.add_brought_part(id, parts, sealed, now);
            self.store().write(unit, Queue::Bulk).await?;
            parts += 1;
        }
        let about = About { file: file.to_owned(), source: source.to_owned(), said: Vec::new() };
        let row = DraftRow {
            id,
            owner,
            about: self.seal_about(id, &about)?,
            parts,
            bytes: i64::try_from(size).unwrap_or(i64::MAX),
            state: "open".to_owned(),
            run: None,
            read: 0,
            total: None,
            beat_at: now,
            version: 1,
            created_at: now,
        };
        let mut unit = Unit::new();
        unit.add_brought(&row);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(id)
    }

    /// Lets what the same person brought before go, and the oldest where there are too many.
    async fn make_room(&self, owner: Uuid, wanted: usize) -> Result<(), AppError> {
        let all = self.store().all_brought().await?;
        let mut unit = Unit::new();
        unit.forget_brought((self.clock().now() - DRAFTS_KEPT).as_microsecond());
        let (theirs, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, of, _)| *of == owner);
        for (id, ..) in &theirs {
            unit.remove_brought(*id, false);
        }
        let size = |bytes: i64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut held = others.iter().fold(wanted, |sum, (.., bytes)| sum.saturating_add(size(*bytes)));
        for (place, (id, _, bytes)) in others.iter().enumerate() {
            if held <= BYTES_MAX && others.len() - place < DRAFTS_MAX {
                break;
            }
            unit.remove_brought(*id, false);
            held = held.saturating_sub(size(*bytes));
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// A file that the caller brought.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`], also for what somebody else brought.
    pub async fn brought(&self, caller: &Caller, id: Uuid) -> Result<ImportDraft, AppError> {
        let owner = may(caller)?;
        let gone = || AppError::not_found("file", id);
        let row = self.store().brought(id).await?.filter(|row| row.owner == owner).ok_or_else(gone)?;
        let oldest = (self.clock().now() - DRAFTS_KEPT).as_microsecond();
        if row.created_at < oldest {
            return Err(gone());
        }
        let about = self.unseal(ABOUT, id, &row.about)?;
        let About { file, source, said } = serde_json::from_slice(&about).map_err(|_| gone())?;
        let is_alive = row.beat_at > (self.clock().now() - BEAT_MAX).as_microsecond();
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let state = match row.state.as_str() {
            "importing" if is_alive => DraftState::Importing(count(row.read), row.total.map(count)),
            "done" => DraftState::Done(row.run),
            _ => DraftState::Open,
        };
        Ok(ImportDraft { file, source, said, state, row })
    }

    /// What is in a file.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it has been decided about meanwhile.
    pub async fn brought_bytes(&self, draft: &ImportDraft) -> Result<Vec<u8>, AppError> {
        let id = draft.id();
        let mut bytes = Vec::with_capacity(usize::try_from(draft.row.bytes).unwrap_or(0).min(UPLOAD_BYTES_MAX));
        for number in 0..draft.row.parts {
            let part = self.store().brought_part(id, number).await?;
            let part = part.ok_or_else(|| AppError::not_found("file", id))?;
            bytes.extend(self.unseal(&format!("{PART}.{number}"), id, &part)?);
        }
        Ok(bytes)
    }

    /// Keeps what was said of the columns.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it was changed meanwhile, in another window or by another node.
    pub async fn say_of_brought(&self, draft: &ImportDraft, said: Vec<(String, String)>) -> Result<(), AppError> {
        let about = About { file: draft.file.clone(), source: draft.source.clone(), said };
        let row =
            DraftRow { about: self.seal_about(draft.id(), &about)?, state: "open".to_owned(), ..draft.row.clone() };
        self.put_draft(&row).await
    }

    /// Begins the import of a file: from now on nobody else does. Gives the draft under which the import reports.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when somebody was faster.
    pub async fn begin_brought(&self, draft: &ImportDraft) -> Result<ImportDraft, AppError> {
        if draft.state != DraftState::Open {
            return Err(changed());
        }
        let mut row = draft.row.clone();
        (row.state, row.beat_at, row.run) = ("importing".to_owned(), self.clock().now_micros(), None);
        self.put_draft(&row).await?;
        row.version += 1;
        Ok(ImportDraft { row, state: DraftState::Importing(0, None), ..draft.clone() })
    }

    /// Says that the import goes on, and how far it is.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn brought_goes_on(&self, draft: &ImportDraft, read: u64, total: Option<u64>) -> Result<(), AppError> {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let mut row = draft.row.clone();
        (row.beat_at, row.read, row.total) = (self.clock().now_micros(), count(read), total.map(count));
        let mut unit = Unit::new();
        unit.brought_beat(&row);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Ends the import: what was in the file goes. Without a run it broke off, and the file waits again.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn end_brought(&self, draft: &ImportDraft, run: Option<ImportId>) -> Result<(), AppError> {
        let mut row = draft.row.clone();
        (row.state, row.run) = (if run.is_some() { "done" } else { "open" }.to_owned(), run);
        let mut unit = Unit::new();
        unit.set_brought(&row);
        if run.is_some() {
            unit.remove_brought(row.id, true);
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Throws a file away.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn discard_brought(&self, draft: &ImportDraft) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.remove_brought(draft.id(), false);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn put_draft(&self, row: &DraftRow) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.set_brought(row);
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => Err(changed()),
            other => Ok(other.map(drop)?),
        }
    }

    fn seal_about(&self, id: Uuid, about: &About) -> Result<Vec<u8>, AppError> {
        let text = serde_json::to_vec(about).expect("texts become JSON");
        self.seal(ABOUT, id, &text)
    }
}
