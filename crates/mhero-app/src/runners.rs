//! The runners: what happens by itself. Each pass does what is ready and returns how much it was; a runner repeats passes and
//! sleeps in between. One process may run them all, or several nodes share them by leases.

use std::{
    collections::HashSet, future::Future, panic::AssertUnwindSafe, pin::pin, sync::atomic::Ordering, time::Duration,
};

use futures::{
    FutureExt, StreamExt, TryStreamExt,
    future::{Either, select},
    stream,
};
use jiff::SignedDuration;
use mhero_core::ChannelId;
use mhero_store::{Engine, Job, Queue, StoreError, Timer, Unit};
use tokio::{sync::watch, task::JoinSet};

use crate::{
    App, AppError,
    broadcasts::kinds,
    campaigns::kinds as campaigns,
    flows::kinds as flows,
    messaging::{Lanes, WHO_TIMER},
    ports::Reach,
};

/// How long a claim on a job lasts without renewal, in microseconds.
const JOB_LEASE_MICROS: i64 = 30_000_000;
/// Longest sleep of a runner that nobody wakes: other nodes' work is seen within this time.
const NAP: SignedDuration = SignedDuration::from_millis(500);
/// A channel that another node adds is seen within this time.
const CHANNELS_SEEN: Duration = Duration::from_secs(5);
/// Timers fired in one pass.
const TIMERS_MAX: i64 = 500;
/// Timers fired at a time.
const TIMERS_AT_ONCE: usize = 16;
/// How much later one that failed is tried again, in microseconds.
const TIMER_AGAIN_MICROS: i64 = 30_000_000;
/// Jobs claimed in one pass.
const JOBS_MAX: i64 = 4;
/// Attempts of a job that follow one another at once when somebody else was faster.
const AT_ONCE_MAX: i64 = 10;
/// How often times are mended while the clock runs on, in microseconds.
const MEND_EVERY_MICROS: i64 = 3_600_000_000;
/// How long a report without its submission is kept.
const EARLY_KEPT: SignedDuration = SignedDuration::from_hours(72);
/// How long what stood in the records of registries before a change is kept, so that a run can be undone.
const CHANGES_KEPT: SignedDuration = SignedDuration::from_hours(24 * 400);
/// How long it is kept why a message waited that has gone on since.
const HOLDS_KEPT: SignedDuration = SignedDuration::from_hours(48);
/// Something to be done later than this, other than by a timer, was put off before the clock was set back.
const LATER_MAX: SignedDuration = SignedDuration::from_hours(2);
/// How long single duties of the cluster are held, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;
/// Passes of [`App::run_until_idle`] before it gives up: a loop would be a defect, and must not hang a command.
const PASSES_MAX: usize = 1_000_000;

impl App {
    /// Starts every runner; they end when `stop` becomes true, each after its pass.
    pub fn start_runners(&self, stop: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut runners = JoinSet::new();
        self.start_office_runners(&mut runners, stop);
        self.start_channel_runners(&mut runners, stop);
        runners
    }

    /// Starts the runners that decide: intake, jobs, timers, housekeeping.
    pub fn start_office_runners(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        self.spawn_woken(runners, stop, ("intake", true), |app| async move { app.intake_pass().await });
        self.spawn(runners, stop, "jobs", |app| async move { app.jobs_pass().await });
        self.spawn(runners, stop, "timers", |app| async move { app.timers_pass().await });
        self.spawn(runners, stop, "campaigns", |app| async move { app.campaigns_pass().await });
        self.spawn(runners, stop, "watch", |app| async move { app.watch_pass().await });
        let (app, told) = (self.clone(), stop.clone());
        runners.spawn(async move { app.run_effects(told).await });
        self.spawn(runners, stop, "registries", |app| async move { Box::pin(app.sync_pass()).await });
        self.spawn(runners, stop, "linking", |app| async move { Box::pin(app.linking_pass()).await });
        self.spawn(runners, stop, "way-back", |app| async move { Box::pin(app.way_back_pass()).await });
        self.spawn(runners, stop, "numbers", |app| async move { app.numbers_pass().await });
        self.spawn(runners, stop, "costs", |app| async move { app.costs_pass().await });
        self.spawn(runners, stop, "housekeeping", |app| async move { app.housekeeping_pass().await });
    }

    /// Starts the runners that speak with carriers.
    pub fn start_channel_runners(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        self.spawn_channels(runners, stop, "urgent", Lanes::Urgent);
        self.spawn_channels(runners, stop, "delivery", Lanes::Rest);
        self.spawn_lines(runners, stop);
        self.spawn(runners, stop, "routes", |app| async move { app.routes_pass().await });
        self.spawn(runners, stop, "simulator", |app| async move { app.run_simulator_due().await });
    }

    fn spawn<F: Future<Output = Result<usize, AppError>> + Send>(
        &self,
        runners: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
        name: &'static str,
        pass: impl Fn(Self) -> F + Send + 'static,
    ) {
        self.spawn_woken(runners, stop, (name, false), pass);
    }

    /// `hears`: whether texts that come wake it, which wake no other: a thousand a second would keep all of them busy.
    fn spawn_woken<F: Future<Output = Result<usize, AppError>> + Send>(
        &self,
        runners: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
        (name, hears): (&'static str, bool),
        pass: impl Fn(Self) -> F + Send + 'static,
    ) {
        let (app, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            let mut failures = 0u32;
            while !*stop.borrow() {
                // Made before the pass: what becomes ready while it runs must not be slept over.
                let (woken, heard) = (app.woken(), app.intake_woken());
                let ended = AssertUnwindSafe(pass(app.clone())).catch_unwind().await;
                let done = match ended.unwrap_or_else(|_| Err(StoreError::Closed.into())) {
                    Ok(done) => {
                        failures = 0;
                        done
                    }
                    Err(AppError::NotInitialised) => 0,
                    Err(error) => {
                        failures = failures.saturating_add(1);
                        if failures.is_power_of_two() {
                            tracing::error!(runner = name, failures, %error, "a pass failed; it will be tried again");
                        }
                        0
                    }
                };
                if done > 0 {
                    continue;
                }
                let nap = if failures > 0 { SignedDuration::from_secs(i64::from(failures.min(30))) } else { NAP };
                tokio::select! {
                    () = woken, if failures == 0 => {}
                    () = heard, if hears && failures == 0 => {}
                    () = app.clock().sleep(nap) => {}
                    // A manual clock may stand still while another node has work for us.
                    () = tokio::time::sleep(Duration::from_secs(2)) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    /// Does everything that is ready, until nothing is: for commands without a server, and for tests.
    ///
    /// # Errors
    /// The first error of a pass.
    pub async fn run_until_idle(&self) -> Result<(), AppError> {
        for _ in 0..PASSES_MAX {
            let mut done = self.timers_pass().await?;
            done += self.jobs_pass().await?;
            done += self.intake_pass().await?;
            done += self.effects_pass().await?;
            done += self.watch_pass().await?;
            done += Box::pin(self.way_back_pass()).await?;
            done += self.numbers_pass().await?;
            done += Box::pin(self.linking_pass()).await?;
            done += self.campaigns_pass().await?;
            done += self.routes_pass().await?;
            done += self.costs_pass().await?;
            done += self.deliver_pass(Lanes::Urgent).await?;
            done += self.deliver_pass(Lanes::Rest).await?;
            done += self.run_simulator_due().await?;
            if done == 0 {
                self.housekeeping_pass().await?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// One node takes in texts, so that each phone's are handled one at a time.
    async fn intake_pass(&self) -> Result<usize, AppError> {
        match self.store().take_lease("intake", self.node(), DUTY_MICROS).await? {
            Some(_) => self.take_in().await,
            None => Ok(0),
        }
    }

    /// Keeps a runner for each channel, so that a slow carrier holds up no other channel.
    fn spawn_channels(
        &self,
        runners: &mut JoinSet<()>,
        stop: &watch::Receiver<bool>,
        name: &'static str,
        lanes: Lanes,
    ) {
        let (app, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            let (mut known, mut channels) = (HashSet::new(), JoinSet::new());
            while !*stop.borrow() {
                let woken = app.woken();
                match app.store().channels().await {
                    Ok(rows) => {
                        for id in rows.into_iter().map(|row| row.id).filter(|id| known.insert(*id)) {
                            app.spawn(
                                &mut channels,
                                &stop,
                                name,
                                move |app| async move { app.deliver_by(id, lanes).await },
                            );
                        }
                    }
                    Err(error) => tracing::error!(runner = name, %error, "the channels could not be read"),
                }
                tokio::select! {
                    () = woken => {}
                    () = tokio::time::sleep(CHANNELS_SEEN) => {}
                    _ = stop.changed() => {}
                }
            }
            while channels.join_next().await.is_some() {}
        });
    }

    /// One pass by every channel.
    async fn deliver_pass(&self, lanes: Lanes) -> Result<usize, AppError> {
        let mut passes = JoinSet::new();
        for channel in self.store().channels().await? {
            let app = self.clone();
            passes.spawn(async move { app.deliver_by(channel.id, lanes).await });
        }
        let mut done = 0;
        while let Some(pass) = passes.join_next().await {
            match pass {
                Ok(result) => done += result?,
                Err(error) => tracing::error!(%error, "a delivery pass ended early"),
            }
        }
        Ok(done)
    }

    /// One pass by one channel. Nothing leaves by one that is switched off, but what was under way when it was must not stay
    /// so for ever.
    async fn deliver_by(&self, id: ChannelId, lanes: Lanes) -> Result<usize, AppError> {
        let channels = self.store().channels().await?;
        let default = self.default_channel(&channels);
        let Some(channel) = channels.iter().find(|channel| channel.id == id) else { return Ok(0) };
        if !channel.active {
            let is_left = !self.store().under_way(id, 1).await?.is_empty();
            let may_tidy = is_left && self.channel_lease(channel).await?.is_some();
            return if may_tidy { self.mark_interrupted(id).await } else { Ok(0) };
        }
        match self.reached_by(channel) {
            Reach::Phones => {}
            Reach::Dialling => return self.screens_to_sms(channel).await,
            Reach::Addresses(scheme) => drop(self.readdress(channel, scheme, lanes).await?),
        }
        let Some(budget) = self.budget(channel, lanes) else { return Ok(0) };
        self.deliver(channel, Some(id) == default, lanes, budget).await
    }

    async fn timers_pass(&self) -> Result<usize, AppError> {
        let due = self.store().due_timers(self.clock().now_micros(), TIMERS_MAX).await?;
        let count = due.len();
        stream::iter(due)
            .map(Ok)
            .try_for_each_concurrent(TIMERS_AT_ONCE, |timer| async move { self.fire(&timer).await })
            .await?;
        Ok(count)
    }

    /// Fires a timer. One that fails is put off, so that it keeps no other from firing at its time.
    async fn fire(&self, timer: &Timer) -> Result<(), AppError> {
        let fired = self.store().decide(|| async {
            match timer.kind.as_str() {
                kinds::RELEASE_TIMER => self.release_due(timer).await,
                kinds::RECUR_TIMER => self.recur_due(timer).await,
                flows::TIMEOUT_TIMER | flows::EXPIRY_TIMER => self.wait_over(timer).await,
                flows::BEGIN_TIMER => self.begin_due(timer).await,
                WHO_TIMER => self.nobody_said_who(timer).await,
                flows::SCHEDULE_TIMER => self.schedule_due(timer).await,
                flows::FOLLOW_TIMER => self.follow_due(timer).await,
                crate::sync::DUE_TIMER => self.sync_due(timer).await,
                crate::sync::SILENCE_TIMER => self.silence_over(timer).await,
                crate::sync::SUBSCRIBE_TIMER => self.subscriptions_due(timer).await,
                _ => self.drop_timer(timer).await,
            }
        });
        let Err(error) = fired.await else { return Ok(()) };
        tracing::error!(kind = timer.kind, %error, "a timer could not fire; it will be tried again");
        let mut unit = Unit::new();
        let later = self.clock().now_micros() + TIMER_AGAIN_MICROS;
        unit.fired(timer).set_timer(self.store(), &timer.kind, &timer.key, later, &timer.payload);
        match self.store().write(unit, Queue::Interactive).await {
            // It was fired or set anew meanwhile.
            Err(StoreError::Guard { .. }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    async fn drop_timer(&self, timer: &Timer) -> Result<(), AppError> {
        tracing::error!(kind = timer.kind, "nobody knows what to do at this timer");
        let mut unit = Unit::new();
        unit.fired(timer);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn jobs_pass(&self) -> Result<usize, AppError> {
        let jobs = self.store().claim_jobs(self.node(), JOB_LEASE_MICROS, JOBS_MAX).await?;
        let count = jobs.len();
        let mut running = JoinSet::new();
        for job in jobs {
            let app = self.clone();
            running.spawn(async move { app.run_job(job).await });
        }
        while let Some(ended) = running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job ended early; it will be claimed again");
            }
        }
        Ok(count)
    }

    /// Runs one turn of a job, keeping the claim as long as it takes. When there is more to do, the job goes to the end of the
    /// line: a small one, an alert say, must not wait until a large one is through.
    async fn run_job(&self, job: Job) {
        let turn = async {
            match job.kind.as_str() {
                kinds::RELEASE_JOB => self.release_turn(&job).await,
                kinds::CANCEL_JOB => self.cancel_turn(&job).await,
                campaigns::PLAN_JOB => self.plan_turn(&job).await,
                flows::START_JOB => self.start_turn(&job).await,
                flows::MOVE_JOB => self.move_turn(&job).await,
                crate::way_back::CONTRADICTIONS_JOB => self.contradictions_turn(&job).await,
                _ => Ok(false),
            }
        };
        let turn = match select(pin!(turn), pin!(self.keep_job(&job))).await {
            Either::Left((turn, _)) => turn,
            Either::Right((never, _)) => match never {},
        };
        match turn {
            Ok(true) => {
                let mut unit = Unit::new();
                unit.job_next_turn(&job, self.clock().now_micros());
                // When this fails, the lease runs out and the job is claimed again.
                let _ = self.store().write(unit, Queue::Interactive).await;
            }
            Ok(false) => {}
            // The claim was lost, or somebody changed the broadcast: what is true now is read at the next claim.
            Err(AppError::Store(error)) if error.is_decide_again() => self.job_later(&job, None).await,
            Err(error) => {
                tracing::error!(job = job.kind, attempt = job.attempt, %error, "a job failed; it will be tried again");
                self.job_later(&job, Some(&error.to_string())).await;
            }
        }
    }

    async fn keep_job(&self, job: &Job) -> std::convert::Infallible {
        loop {
            self.clock().sleep(SignedDuration::from_micros(JOB_LEASE_MICROS / 3)).await;
            // When the claim is lost, the turn's own guard fails.
            if let Err(error) = self.store().renew_job(job, JOB_LEASE_MICROS).await {
                tracing::error!(job = job.kind, %error, "a claim could not be renewed");
            }
        }
    }

    async fn job_later(&self, job: &Job, error: Option<&str>) {
        let seconds = match error {
            Some(_) => (job.attempt * 5).min(300),
            // What fails its guards again and again is no race.
            None => (job.attempt - AT_ONCE_MAX).clamp(0, 60),
        };
        let wait = SignedDuration::from_secs(seconds);
        let mut unit = Unit::new();
        unit.job_again(job, (self.clock().now() + wait).as_microsecond(), error, &job.payload);
        // When even this fails, the lease runs out and the job is claimed again.
        let _ = self.store().write(unit, Queue::Interactive).await;
    }

    /// Numbers changes, ends broadcasts, and says which submissions of ended processes are uncertain. One node at a time.
    async fn housekeeping_pass(&self) -> Result<usize, AppError> {
        if self.store().take_lease("housekeeping", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        if self.store().engine() == Engine::Postgres {
            self.store().number_changes().await?;
        }
        self.mend_times().await?;
        self.apply_early_reports().await?;
        self.give_up_pieces().await?;
        self.end_broadcasts().await?;
        self.seal_audit().await?;
        Ok(0)
    }

    /// When the clock was set back, nothing waits until it has caught up; and what nobody claimed for days is forgotten.
    async fn mend_times(&self) -> Result<(), AppError> {
        let now = self.clock().now();
        let last = self.last_mended().swap(now.as_microsecond(), Ordering::SeqCst);
        if last <= now.as_microsecond() && now.as_microsecond() < last.saturating_add(MEND_EVERY_MICROS) {
            self.last_mended().store(last, Ordering::SeqCst);
            return Ok(());
        }
        let mut unit = Unit::new();
        unit.bring_forward(now.as_microsecond(), (now + LATER_MAX).as_microsecond());
        unit.forget_early_reports((now - EARLY_KEPT).as_microsecond());
        unit.forget_early_receipts((now - EARLY_KEPT).as_microsecond());
        unit.forget_holds((now - HOLDS_KEPT).as_microsecond());
        unit.forget_choices((now - crate::messaging::CHOICES_KEPT).as_microsecond());
        unit.forget_relayed((now - crate::messaging::RELAYED_KEPT).as_microsecond());
        unit.forget_record_changes((now - CHANGES_KEPT).as_microsecond());
        unit.forget_given((now - CHANGES_KEPT).as_microsecond());
        unit.forget_brought((now - crate::people::DRAFTS_KEPT).as_microsecond());
        unit.forget_billed_numbers((now - crate::costs::NUMBERS_KEPT).as_microsecond());
        self.forget_spent(&mut unit, now);
        self.store().write(unit, Queue::Interactive).await?;
        self.sweep_sessions().await?;
        Ok(())
    }
}
