//! What a registry tells after a write, taken in as a synchronisation of these records alone.

use mhero_core::{
    SourceId,
    record::{Record, Rejection},
};
use mhero_store::{Queue, Source, Unit};

use crate::{
    App, AppError, Caller,
    people::import::{Began, Ended, Run},
    ports::Registry,
};

impl App {
    /// Takes in records as a registry told them after a write. Where they can't be read by themselves, or another import takes too
    /// long, the source is pulled soon.
    pub(super) async fn take_back(
        &self,
        source: &Source,
        registry: &dyn Registry,
        raws: &[String],
    ) -> Result<(), AppError> {
        let read: Vec<_> = raws.iter().map(|raw| read_again(registry, raw)).collect();
        let is_readable = !read.is_empty() && read.iter().all(Option::is_some);
        let taken =
            if is_readable { self.take_records(source, read.into_iter().flatten().collect()).await } else { Ok(()) };
        match taken {
            Err(AppError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(source = source.name, %error, "what a registry told after a write waits for a pull");
            }
            Ok(()) if is_readable => return Ok(()),
            Ok(()) => {}
        }
        self.pull_soon(source.id).await
    }

    /// Wants a pull of a source as soon as possible.
    pub(super) async fn pull_soon(&self, source: SourceId) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.ensure_sync_state(source).queue_sync(source, "now", false, self.clock().now_micros());
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    async fn take_records(&self, source: &Source, read: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        let facts = self.facts().await?;
        let taken = self.as_the_only_import(async |lease| {
            let mut run = Run::load(self, &source.name, facts, Some(lease)).await?;
            let began = Began { kind: "pull", why: "now".to_owned(), run_of: None, since: None };
            run.begin(&Caller::system(), began).await?;
            run.take(read).await?;
            run.finish().await?;
            run.end(&Caller::system(), &Ended { state: "done", ..Ended::default() }, Unit::new()).await
        });
        Box::pin(taken).await
    }
}

/// What today's readers make of a record.
fn read_again(registry: &dyn Registry, raw: &str) -> Option<Result<Record, Rejection>> {
    let origin = "write-back";
    registry.read_again(raw, origin).or_else(|| {
        let is_fhir = raw.contains("\"resourceType\"");
        is_fhir.then(|| mhero_wire::fhir::record(raw, origin, mhero_wire::json::Position { line: 1, column: 1 }))
    })
}
