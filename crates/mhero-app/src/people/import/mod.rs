//! The import: records of registries and tables become places, people and positions.
//!
//! What an entity is follows from all records that speak of it: they are kept with what they say, and the entity is derived
//! from them in the order of their sources' ranks. So an import can be repeated, cut short at any instant and taken up
//! again, and files can come in any order: what refers to something that is not there yet is kept as pending and read
//! again at the end of each run. Only one import runs at a time: a lease keeps others waiting, and each unit checks it.

mod aliases;
mod chunk;
mod coins;
mod finish;
mod globalid;
mod journal;
mod marks;
mod owners;
mod person;
mod place;
mod readings;
mod report;
mod run;
mod stops;
mod tree;
mod work;
mod writing;
mod written;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use mhero_core::{
    Right,
    record::{Record, Rejection},
};
use mhero_store::{Lease, Unit};

pub(crate) use aliases::Aliases;
pub(crate) use chunk::{Piece, entity_kind, is_inactive};
pub(crate) use journal::{Began, Ended};
pub(crate) use marks::Marked;
pub(crate) use owners::Owners;
pub use report::{ImportProblem, ImportReport, RowVerdict, Verdict};
pub(crate) use run::Run;
pub(crate) use stops::said_of_stops;

use crate::{App, AppError, Caller, Facts, sync::reason_of};

/// Records that become one unit.
pub(crate) const UNIT_RECORDS: usize = 200;
/// How long another import must be silent before its lease is taken over, in microseconds.
pub(crate) const LEASE_MICROS: i64 = 20_000_000;
/// When the lease is renewed.
pub(crate) const LEASE_RENEWED_AFTER: Duration = Duration::from_secs(5);
/// How long an import waits for another to end.
const WAIT_MAX: Duration = Duration::from_secs(120);
/// How often it looks whether the other has ended.
const WAIT_STEP: Duration = Duration::from_millis(50);
/// Name of the lease.
const LEASE: &str = "import";

/// Told after each part of an import how far it is.
pub type Progress = Arc<dyn Fn(&ImportReport) + Send + Sync>;

/// How to import.
#[derive(Clone, Default)]
pub struct ImportOptions {
    /// Reads and decides everything, and writes nothing.
    pub dry_run: bool,
    /// The records are those of the synthetic country. They come into a demo only, and nothing else does.
    pub demo: bool,
    /// Told after each part how far it is.
    pub progress: Option<Progress>,
}

impl std::fmt::Debug for ImportOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportOptions")
            .field("dry_run", &self.dry_run)
            .field("demo", &self.demo)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Imports records into a source, which is made when nobody has added it before; `files` is the usual one.
    ///
    /// A record that can't come in is counted and told, and the import goes on. When this returns an error (a full disk, say),
    /// what was read before is in; importing again completes it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when another import does not end, or when a demo and real data would mix;
    /// [`AppError::NotAllowed`] without the right to edit people of the whole country.
    pub async fn import(
        &self,
        caller: &Caller,
        source: &str,
        records: impl Iterator<Item = Result<Record, Rejection>> + Send,
        options: &ImportOptions,
    ) -> Result<ImportReport, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let facts = self.facts().await?;
        refuse_mixing(&facts, options)?;
        if options.dry_run {
            let mut run = Box::pin(Run::load(self, source, facts, None)).await?;
            return Box::pin(drive(&mut run, records, options)).await.map(|()| run.into_report());
        }
        let lease = self.import_lease().await?;
        let held = Box::pin(self.import_held(caller, source, records, options, facts, lease.clone()));
        let done = self.while_held(std::slice::from_ref(&lease), held).await;
        let given_back = self.store().give_back_lease(&lease).await;
        let report = done?;
        given_back?;
        Ok(report)
    }

    async fn import_held(
        &self,
        caller: &Caller,
        source: &str,
        records: impl Iterator<Item = Result<Record, Rejection>> + Send,
        options: &ImportOptions,
        facts: Facts,
        lease: Lease,
    ) -> Result<ImportReport, AppError> {
        let mut run = Run::load(self, source, facts, Some(lease)).await?;
        let began = Began { kind: "import", why: "files".to_owned(), run_of: None, since: None };
        run.begin(caller, began).await?;
        run.writing.is_behind = true;
        let driven = drive(&mut run, records, options).await;
        let ended = match &driven {
            Ok(()) => Ended { state: "done", ..Ended::default() },
            Err(error) => Ended { state: "failed", reason: Some(reason_of(error)), ..Ended::default() },
        };
        let noted = run.end(caller, &ended, Unit::new()).await;
        driven?;
        noted?;
        self.wake();
        Ok(run.into_report())
    }

    /// Takes the lease that only one import has, unless another has it just now.
    pub(crate) async fn free_import_lease(&self) -> Result<Option<Lease>, AppError> {
        Ok(self.store().take_lease(LEASE, self.store().mint().uuid(), LEASE_MICROS).await?)
    }

    /// Takes the lease that only one import has, once no other has it.
    pub(crate) async fn import_lease(&self) -> Result<Lease, AppError> {
        let holder = self.store().mint().uuid();
        let began = Instant::now();
        loop {
            if let Some(lease) = self.store().take_lease(LEASE, holder, LEASE_MICROS).await? {
                return Ok(lease);
            }
            if began.elapsed() > WAIT_MAX {
                return Err(AppError::invalid("import-busy", []));
            }
            tokio::time::sleep(WAIT_STEP).await;
        }
    }
}

/// Real people never come into a demo, and invented ones never into a real installation.
pub(crate) fn refuse_mixing(facts: &Facts, options: &ImportOptions) -> Result<(), AppError> {
    match (facts.demo, options.demo) {
        (true, false) => Err(AppError::invalid("import-into-demo", [])),
        (false, true) => Err(AppError::invalid("import-demo-into-real", [])),
        _ => Ok(()),
    }
}

/// Reads all records part by part, then what is pending.
async fn drive(
    run: &mut Run<'_>,
    mut records: impl Iterator<Item = Result<Record, Rejection>> + Send,
    options: &ImportOptions,
) -> Result<(), AppError> {
    loop {
        let part: Vec<_> = records.by_ref().take(UNIT_RECORDS).collect();
        if part.is_empty() {
            break;
        }
        run.take(part).await?;
        if let Some(progress) = &options.progress {
            progress(&run.report);
        }
    }
    run.finish().await?;
    if let Some(progress) = &options.progress {
        progress(&run.report);
    }
    Ok(())
}
