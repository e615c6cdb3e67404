//! One run of a source: pull, import, take away, and note how it ended.

use std::sync::Arc;

use mhero_core::{ImportId, Right, record::Reason};
use mhero_store::{Source, Unit};

use super::{
    guard::Heads,
    reasons::{keep_reason, reason_of},
    settings::SyncSettings,
    sink::{ASKED_LISTED_MAX, Leaving, Sink},
};
use crate::{
    App, AppError, Caller,
    people::{
        ImportOptions, ImportReport, Progress,
        import::{Began, Ended, LEASE_MICROS, Run, UNIT_RECORDS, refuse_mixing},
    },
    ports::{Pull, PullError, Pulled, Registry},
};

/// How to synchronise.
#[derive(Clone, Default)]
pub struct SyncOptions {
    /// Removes as much as the source no longer has, however much it is.
    pub allow_removals: bool,
    /// Reads everything, whatever was read before.
    pub whole: bool,
    /// Told after each page how far it is.
    pub progress: Option<Progress>,
}

impl std::fmt::Debug for SyncOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncOptions")
            .field("allow_removals", &self.allow_removals)
            .field("whole", &self.whole)
            .finish_non_exhaustive()
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncEnd {
    /// Everything is as the source says.
    Done,
    /// It broke off. What came before is in, and the next run begins where this one began.
    Failed,
    /// It would take so many people or places away that an official must say so first. All else is in.
    Asks,
}

impl SyncEnd {
    /// The word in the store and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Asks => "asks",
        }
    }
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct SyncOutcome {
    /// The run.
    pub run: ImportId,
    /// How it ended.
    pub end: SyncEnd,
    /// What came in.
    pub report: ImportReport,
    /// Why it failed, or what it asks.
    pub reason: Option<Reason>,
    /// What the administrator should know beside.
    pub remarks: Vec<Reason>,
}

/// What a run is to do, for whom and why.
struct Order<'o> {
    caller: &'o Caller,
    why: &'o str,
    options: &'o SyncOptions,
    /// The wish that this run fulfils.
    queued_at: Option<i64>,
}

impl App {
    /// Synchronises with a source now.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a source that can't be pulled, or when a run of it is under way. That a
    /// registry does not answer is no error here: [`SyncOutcome::end`] says so.
    pub async fn sync(&self, caller: &Caller, source: &str, options: &SyncOptions) -> Result<SyncOutcome, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let source = self.source_named(source).await?;
        self.sync_for(caller, &source, "now", options, None).await
    }

    /// The same for what is queued.
    pub(super) async fn sync_for(
        &self,
        caller: &Caller,
        source: &Source,
        why: &str,
        options: &SyncOptions,
        queued_at: Option<i64>,
    ) -> Result<SyncOutcome, AppError> {
        let facts = self.facts().await?;
        refuse_mixing(&facts, &ImportOptions::default())?;
        let registry = self.registry(source.id).await?;
        let holder = self.store().mint().uuid();
        let name = format!("sync/{}", source.id);
        let Some(own) = self.store().take_lease(&name, holder, LEASE_MICROS).await? else {
            return Err(AppError::invalid("sync-under-way", [("source", source.name.clone())]));
        };
        let order = Order { caller, why, options, queued_at };
        let done = match self.import_lease().await {
            Ok(import) => {
                let leases = [own.clone(), import.clone()];
                let run = async {
                    let run = Run::load(self, &source.name, facts, Some(import.clone())).await?;
                    self.run_pull(run, &registry, &order).await
                };
                // A slow registry must not cost them.
                let done = self.on_journey(self.while_held(&leases, run)).await;
                self.store().give_back_lease(&import).await?;
                done
            }
            Err(error) => Err(error),
        };
        self.store().give_back_lease(&own).await?;
        self.wake();
        done
    }

    async fn run_pull(
        &self,
        mut run: Run<'_>,
        registry: &Arc<dyn Registry>,
        order: &Order<'_>,
    ) -> Result<SyncOutcome, AppError> {
        let settings = SyncSettings::read(&run.source.config)?;
        let watermark = self.store().watermark(run.source.id).await?;
        let is_whole = order.options.whole
            || self.reads_all(&run.source, &settings).await?
            || self.answers_whole(&run.source, order.options).await?;
        let since = if is_whole { None } else { watermark };
        let began = Began { kind: "pull", why: order.why.to_owned(), run_of: None, since: since.clone() };
        let id = run.begin(order.caller, began).await?;
        run.writing.is_behind = true;
        let options = order.options;
        let mut sink = Sink::new(&mut run, settings.shrink_percent, options.allow_removals, options.progress.clone());
        let there = sink.there;
        let pulled = registry.pull(&Pull { since }, &mut sink).await;
        let (leaving, remarks) = sink.leaving(pulled.as_ref().is_ok_and(|pulled| pulled.whole));
        let pulled = match run.on_disk().await {
            Ok(()) => pulled,
            Err(error) => Err(PullError::App(error)),
        };
        let told: Vec<_> = remarks.iter().map(|remark| (String::new(), remark.clone())).collect();
        run.tell("remark", &told).await?;
        let applied = match pulled {
            Ok(pulled) => self.apply(&mut run, pulled, leaving, (there, &settings, options)).await,
            Err(error) => Err(error),
        };
        // Even after a failure: what has come may be all that others wait for.
        let finished = run.finish().await;
        let ended = match (applied, finished) {
            (Ok(ended), Ok(())) => ended,
            (Err(error), _) => failed(&error),
            (_, Err(error)) => failed(&PullError::App(error)),
        };
        self.end_pull(&mut run, &ended, order, &settings).await?;
        let end = match ended.state {
            "done" => SyncEnd::Done,
            "asks" => SyncEnd::Asks,
            _ => SyncEnd::Failed,
        };
        Ok(SyncOutcome { run: id, end, report: run.into_report(), reason: ended.reason, remarks })
    }

    /// Whether the settings want everything read again.
    async fn reads_all(&self, source: &Source, settings: &SyncSettings) -> Result<bool, AppError> {
        let Some(often) = settings.whole else { return Ok(false) };
        let last = self.store().last_whole(source.id).await?;
        let now = self.clock().now();
        Ok(last.is_none_or(|last| now.duration_since(mhero_core::timestamp(last)) >= often))
    }

    /// Whether this run answers one that had read everything: many registries tell what is gone in no other way.
    async fn answers_whole(&self, source: &Source, options: &SyncOptions) -> Result<bool, AppError> {
        let asking = if options.allow_removals { self.store().asking_runs().await? } else { Vec::new() };
        Ok(asking.iter().any(|run| run.source == source.id && run.whole && run.since.is_none()))
    }

    /// Takes away what the source no longer has, or asks whether it may.
    async fn apply(
        &self,
        run: &mut Run<'_>,
        pulled: Pulled,
        leaving: Leaving,
        (there, settings, options): (Heads, &SyncSettings, &SyncOptions),
    ) -> Result<Ended, PullError> {
        let Pulled { watermark, whole } = pulled;
        if !options.allow_removals && there.loses_too_much(leaving.lost, settings.shrink_percent) {
            let listed: Vec<_> = leaving
                .left
                .iter()
                .chain(&leaving.gone)
                .take(ASKED_LISTED_MAX)
                .map(|(kind, id)| (format!("{kind}/{id}"), Reason::plain("sync-would-go")))
                .collect();
            run.tell("removal", &listed).await?;
            let reason = Some(there.question(leaving.lost, settings.shrink_percent));
            return Ok(Ended { state: "asks", watermark, whole, reason });
        }
        let mut held = leaving.held.into_iter().map(Ok);
        loop {
            let part: Vec<_> = held.by_ref().take(UNIT_RECORDS).collect();
            if part.is_empty() {
                break;
            }
            run.take(part).await?;
        }
        for part in leaving.gone.chunks(UNIT_RECORDS) {
            run.take_gone(part, "").await?;
        }
        Ok(Ended { state: "done", watermark, whole, reason: None })
    }

    /// Notes how the run ended and when the next is due, in one unit.
    async fn end_pull(
        &self,
        run: &mut Run<'_>,
        ended: &Ended,
        order: &Order<'_>,
        settings: &SyncSettings,
    ) -> Result<(), AppError> {
        let source = run.source.id;
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.ensure_sync_state(source);
        let failures = match ended.state {
            "failed" => {
                let reason = ended.reason.as_ref().map(keep_reason).unwrap_or_default();
                unit.sync_failed(source, &reason, now);
                self.failures(source).await? + 1
            }
            state => {
                // What an earlier run asked is asked again by this one, or is no question any more.
                unit.drop_questions(source);
                if state == "done" {
                    unit.set_watermark(source, ended.watermark.as_deref()).sync_succeeded(source, now);
                    self.expect_word(&mut unit, source, settings).await?;
                }
                0
            }
        };
        if let Some(queued_at) = order.queued_at {
            unit.unqueue_sync(source, queued_at);
        }
        self.plan(&mut unit, source, settings, failures).await?;
        run.end(order.caller, ended, unit).await
    }
}

fn failed(error: &PullError) -> Ended {
    let reason = match error {
        PullError::Down(reason) | PullError::Refused(reason) | PullError::Untrusted(reason) => reason.clone(),
        PullError::App(error) => reason_of(error),
    };
    Ended { state: "failed", reason: Some(reason), ..Ended::default() }
}
