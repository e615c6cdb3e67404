//! Replaying a run: what was received in it is read again by today's readers, and imported.

use mhero_core::{
    ImportId, PersonId, Right,
    record::{Content, Record, Rejection},
};
use mhero_store::RecordChange;
use uuid::Uuid;

use super::undo::content;
use crate::{
    App, AppError, Caller,
    people::{
        ImportReport,
        import::{Began, Ended, Run, UNIT_RECORDS},
    },
    ports::Registry,
};

impl App {
    /// Imports again what was received in a run, through today's readers: records that it made or changed and that nobody has
    /// changed since, and those that it refused.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; whatever an import refuses.
    pub async fn replay_run(&self, caller: &Caller, run: ImportId) -> Result<ImportReport, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let row = self.store().sync_run(run).await?.ok_or_else(|| AppError::not_found("run", run))?;
        let registry = self.registry(row.source).await.ok();
        let facts = self.facts().await?;
        let replayed = self.as_the_only_import(async |lease| {
            let mut replay = Run::load(self, &row.source_name, facts, Some(lease)).await?;
            replay.reads_again = true;
            let began = Began { kind: "replay", why: "now".to_owned(), run_of: Some(run), since: None };
            replay.begin(caller, began).await?;
            self.read_again(&mut replay, run, registry.as_deref()).await?;
            self.read_refused_again(&mut replay, run, registry.as_deref()).await?;
            replay.finish().await?;
            replay.end(caller, &Ended { state: "done", ..Ended::default() }, mhero_store::Unit::new()).await?;
            Ok(replay.into_report())
        });
        let replayed = Box::pin(replayed).await;
        self.wake();
        replayed
    }

    async fn read_again(
        &self,
        replay: &mut Run<'_>,
        run: ImportId,
        registry: Option<&dyn Registry>,
    ) -> Result<(), AppError> {
        let mut after = Uuid::nil();
        loop {
            let limit = i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX);
            let page = self.store().record_changes(run, after, limit).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            let (mut part, mut people) = (Vec::new(), Vec::new());
            for change in page.into_iter().filter(|change| change.after_digest.is_some()) {
                // What was changed since is newer than what this run received.
                if change.now_digest != change.after_digest {
                    continue;
                }
                let (entity, kind) = (change.entity, change.entity_kind.clone());
                let kept = change.after_content.clone();
                let mut read = read(change, registry);
                if let Ok(record) = &mut read
                    && replay.as_kept(&mut record.content) == kept
                {
                    replay.report.read += 1;
                    replay.report.unchanged += 1;
                    let person = entity.filter(|_| kind.as_deref() == Some("person"));
                    people.extend(person.map(PersonId::from_uuid));
                    continue;
                }
                part.push(read);
            }
            if !part.is_empty() {
                replay.take(part).await?;
            }
            if !people.is_empty() {
                replay.derive_again(&people).await?;
            }
        }
    }

    async fn read_refused_again(
        &self,
        replay: &mut Run<'_>,
        run: ImportId,
        registry: Option<&dyn Registry>,
    ) -> Result<(), AppError> {
        let mut after = Uuid::nil();
        loop {
            let limit = i64::try_from(UNIT_RECORDS).unwrap_or(i64::MAX);
            let page = self.store().sync_problems(run, "rejected", after, limit).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            let read = page.into_iter().filter(|refused| !refused.raw.is_empty());
            let read: Vec<_> = read.filter_map(|refused| by_reader(&refused.raw, &refused.origin, registry)).collect();
            if !read.is_empty() {
                replay.take(read).await?;
            }
        }
    }
}

/// A record as today's readers read it; as it was understood then where they can't.
fn read(change: RecordChange, registry: Option<&dyn Registry>) -> Result<Record, Rejection> {
    by_reader(&change.after_raw, &change.origin, registry).unwrap_or_else(|| {
        Ok(Record {
            origin: change.origin,
            kind: change.kind,
            id: change.ext_id,
            raw: change.after_raw,
            warnings: Vec::new(),
            content: content(change.after_content.as_deref()),
        })
    })
}

/// What today's readers make of a record: those of its registry, or of FHIR files. Rows of tables are read with their header
/// only, so that they stand as they were understood.
fn by_reader(raw: &str, origin: &str, registry: Option<&dyn Registry>) -> Option<Result<Record, Rejection>> {
    match registry {
        Some(registry) => registry.read_again(raw, origin),
        None if raw.contains("\"resourceType\"") => {
            Some(mhero_wire::fhir::record(raw, origin, mhero_wire::json::Position { line: 1, column: 1 }))
        }
        None => None,
    }
}

impl Run<'_> {
    /// What a record says as it would be kept.
    fn as_kept(&self, said: &mut Content) -> Option<String> {
        if let Content::Person(person) = said {
            self.name_systems(&mut person.identifiers);
        }
        crate::people::import::entity_kind(said).and_then(|_| serde_json::to_string(said).ok())
    }
}
