//! Undoing a run: what stood in each record before is put back, unless somebody has changed it since.

use mhero_core::{
    ImportId, Right,
    record::{Content, Reason, Record},
};
use mhero_query::fold;
use mhero_store::{RecordChange, Unit};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    people::{
        ImportReport,
        import::{Began, Ended, Run, UNIT_RECORDS},
    },
};

/// Runs in these states can be undone.
const UNDOABLE: [&str; 4] = ["done", "failed", "asks", "refused"];

/// What undoing a run did.
#[derive(Clone, Debug)]
pub struct UndoReport {
    /// The run that undid it; it can be undone, too.
    pub run: ImportId,
    /// Records that are as they were before.
    pub restored: u64,
    /// Records that were changed since, and stay as they are.
    pub kept: u64,
    /// What that meant for the records.
    pub report: ImportReport,
}

/// What is put back in one go: records that are changed, or such that go again.
#[derive(Default)]
struct Batch {
    put: Vec<Record>,
    gone: Vec<(String, String)>,
    records: Vec<mhero_core::SourceRecordId>,
}

impl App {
    /// Undoes a run: each record that it changed is as it was before, unless it was changed since, and everything is derived
    /// again. People whom only this run made known are in no list any more; what was sent to them and what they wrote stays, and
    /// with a record that comes again they are back.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] when it was undone already, or what stood before is kept no longer.
    pub async fn undo_run(&self, caller: &Caller, run: ImportId) -> Result<UndoReport, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let row = self.store().sync_run(run).await?.ok_or_else(|| AppError::not_found("run", run))?;
        if !UNDOABLE.contains(&row.state.as_str()) {
            return Err(AppError::invalid("sync-not-undoable", [("state", row.state)]));
        }
        let facts = self.facts().await?;
        let undone = self.as_the_only_import(async |lease| {
            let mut undo = Run::load(self, &row.source_name, facts, Some(lease)).await?;
            undo.reads_again = true;
            let began = Began { kind: "undo", why: "now".to_owned(), run_of: Some(run), since: None };
            let id = undo.begin(caller, began).await?;
            let (restored, kept) = self.put_back(&mut undo, run).await?;
            undo.finish().await?;
            self.take_out_people(&mut undo, run).await?;
            self.take_back_groups(&mut undo, run).await?;
            let mut unit = Unit::new();
            unit.set_sync_run_state(run, &row.state, "undone");
            undo.end(caller, &Ended { state: "done", ..Ended::default() }, unit).await?;
            Ok(UndoReport { run: id, restored, kept, report: undo.into_report() })
        });
        let undone = Box::pin(undone).await;
        self.wake();
        undone
    }

    /// Takes people out of every list whom only this run made known.
    async fn take_out_people(&self, undo: &mut Run<'_>, run: ImportId) -> Result<(), AppError> {
        let mut after = Uuid::nil();
        loop {
            let people =
                self.store().people_only_of(run, after, i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX)).await?;
            let Some((last, _)) = people.last() else { return Ok(()) };
            after = *last;
            let mut unit = Unit::new();
            for (_, person) in people {
                unit.take_out(person, undo.now).changed("person", person.uuid(), "updated", undo.now);
            }
            undo.write(unit).await?;
        }
    }

    /// Takes back the memberships that a run gave, and the groups that it made and that nothing else uses.
    async fn take_back_groups(&self, undo: &mut Run<'_>, run: ImportId) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.take_members_of_run(run);
        let made = self.store().groups_made_by(run).await?;
        if !made.is_empty() {
            let texts = self.store().texts_that_name_groups().await?;
            let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
            for (group, names) in made {
                let id = group.to_string();
                let is_named = names.iter().any(|(_, name)| folded.iter().any(|text| text.contains(&fold(name))));
                if !is_named && !texts.iter().any(|text| text.contains(&id)) {
                    unit.drop_unused_group(group).changed("group", group.uuid(), "updated", undo.now);
                }
            }
        }
        undo.write(unit).await
    }

    async fn put_back(&self, undo: &mut Run<'_>, run: ImportId) -> Result<(u64, u64), AppError> {
        let (mut before, mut restored) = (Uuid::max(), 0);
        let mut kept = Vec::new();
        loop {
            let limit = i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX);
            let page = self.store().record_changes_back(run, before, limit).await?;
            let Some(last) = page.last() else { break };
            before = last.id;
            let mut batch = Batch::default();
            for change in page {
                if change.before_digest == change.after_digest && change.verdict == "duplicate" {
                    continue;
                }
                if batch.must_go_first(&change) {
                    std::mem::take(&mut batch).carry_out(undo).await?;
                }
                let now = undo.record(&change.kind, &change.ext_id).filter(|mark| !mark.gone);
                if now.map(|mark| mark.digest) != change.after_digest.as_deref() {
                    let origin = format!("{}/{}", change.kind, change.ext_id);
                    kept.push((origin, Reason::plain("sync-changed-since")));
                    continue;
                }
                restored += 1;
                batch.add(change);
            }
            batch.carry_out(undo).await?;
        }
        undo.tell("warning", &kept).await?;
        Ok((restored, kept.len() as u64))
    }
}

impl Batch {
    /// Whether what is in it must be carried out before a change is looked at.
    fn must_go_first(&self, change: &RecordChange) -> bool {
        let goes = change.before_digest.is_none();
        self.records.contains(&change.record) || (goes && !self.put.is_empty()) || (!goes && !self.gone.is_empty())
    }

    fn add(&mut self, change: RecordChange) {
        self.records.push(change.record);
        match (change.before_digest, change.before_raw) {
            (Some(_), Some(raw)) => self.put.push(Record {
                origin: change.origin,
                kind: change.kind,
                id: change.ext_id,
                raw,
                warnings: Vec::new(),
                content: content(change.before_content.as_deref()),
            }),
            _ => self.gone.push((change.kind, change.ext_id)),
        }
    }

    async fn carry_out(self, undo: &mut Run<'_>) -> Result<(), AppError> {
        if !self.put.is_empty() {
            // Of two changes of one record the earlier is what counts: it is no double.
            for record in &self.put {
                if let Some(id) = undo.record(&record.kind, &record.id).map(|mark| mark.id) {
                    undo.seen.remove(&id);
                }
            }
            undo.take(self.put.into_iter().map(Ok).collect()).await?;
        }
        if !self.gone.is_empty() {
            undo.take_gone(&self.gone, "").await?;
        }
        Ok(())
    }
}

/// What a record says, from how it is kept.
pub(super) fn content(kept: Option<&str>) -> Content {
    kept.and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or(Content::Kept)
}
