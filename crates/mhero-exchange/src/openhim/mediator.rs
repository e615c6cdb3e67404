//! A registered mediator: it says that it lives, and takes over what is set for it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use mhero_app::{AppError, Caller};
use mhero_core::Right;
use mhero_store::{Queue, Unit};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

use super::{LoginWay, MediatorSettings, OpenHimError, Pushed, registration};
use crate::{
    clients::KnownClient,
    journal::{Journal, KeepBodies},
};

/// How often it says that it lives: OpenHIM calls one dead after 60 seconds.
const BEAT: Duration = Duration::from_secs(10);
/// The longest wait for the next try after failures.
const BEAT_LATE: Duration = Duration::from_secs(60);
/// Under which key what an operator set is kept.
const KEPT: &str = "openhim-config";

/// How a mediator stands with OpenHIM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediatorState {
    /// When it was registered by this process.
    pub registered_at: Option<Timestamp>,
    /// When it was last heard.
    pub heard_at: Option<Timestamp>,
    /// When an operator's settings were taken over last.
    pub configured_at: Option<Timestamp>,
    /// What is wrong just now.
    pub trouble: Option<OpenHimError>,
    /// What an operator set.
    pub pushed: Pushed,
}

struct Inner {
    settings: MediatorSettings,
    journal: Journal,
    way: Mutex<LoginWay>,
    state: Mutex<MediatorState>,
    own_bodies: KeepBodies,
    began: Instant,
}

/// mHero as OpenHIM knows it. Clones share it.
#[derive(Clone)]
pub struct Mediator(Arc<Inner>);

impl std::fmt::Debug for Mediator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mediator").field("urn", &self.0.settings.urn).finish_non_exhaustive()
    }
}

impl Mediator {
    /// A mediator that has not spoken yet.
    pub fn new(journal: Journal, settings: MediatorSettings) -> Self {
        Self(Arc::new(Inner {
            way: Mutex::new(settings.login),
            own_bodies: journal.bodies(),
            settings,
            journal,
            state: Mutex::default(),
            began: Instant::now(),
        }))
    }

    /// How it is known.
    pub fn settings(&self) -> &MediatorSettings {
        &self.0.settings
    }

    /// How it stands with OpenHIM.
    pub fn state(&self) -> MediatorState {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an account is that of OpenHIM's routes.
    pub fn is_client(&self, client: Option<&KnownClient>) -> bool {
        client.is_some_and(|client| !self.0.settings.client.is_empty() && client.name == self.0.settings.client)
    }

    /// Whether answers say what was called meanwhile.
    pub fn wraps(&self) -> bool {
        self.0.settings.wraps
    }

    /// The log beside it.
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }

    pub(super) fn way(&self) -> LoginWay {
        *self.0.way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What worked is tried first; a way that the settings name stays.
    pub(super) fn remember_way(&self, way: LoginWay) {
        if self.0.settings.login == LoginWay::Auto {
            *self.0.way.lock().unwrap_or_else(PoisonError::into_inner) = way;
        }
    }

    fn change(&self, change: impl FnOnce(&mut MediatorState)) {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Says to OpenHIM what this is. To say it again changes nothing there.
    ///
    /// # Errors
    /// [`OpenHimError`].
    pub async fn register(&self) -> Result<(), OpenHimError> {
        let document = registration::registration(&self.0.settings, &self.state().pushed);
        self.api("POST", "/mediators", Some(&document)).await?;
        let now = self.0.journal.app().clock().now();
        self.change(|state| (state.registered_at, state.heard_at) = (Some(now), Some(now)));
        Ok(())
    }

    /// Says that this lives; `asks` for the settings of an operator, which else come only when they were changed.
    ///
    /// # Errors
    /// [`OpenHimError`]; [`OpenHimError::Unknown`] when it must be registered first.
    pub async fn beat(&self, asks: bool) -> Result<(), OpenHimError> {
        let urn: String = form_urlencoded::byte_serialize(self.0.settings.urn.as_bytes()).collect();
        let mut said = json!({ "uptime": self.0.began.elapsed().as_secs_f64() });
        if asks {
            said["config"] = json!(true);
        }
        let answer = self.api("POST", &format!("/mediators/{urn}/heartbeat"), Some(&said)).await?;
        let now = self.0.journal.app().clock().now();
        self.change(|state| state.heard_at = Some(now));
        if let Ok(config) = serde_json::from_str::<Value>(&answer)
            && config.is_object()
        {
            self.take_over(&config, now).await;
        }
        Ok(())
    }

    /// Creates the channel in OpenHIM that calls by a schedule: "5 minutes", or as cron writes it.
    ///
    /// # Errors
    /// [`OpenHimError`] inside; [`AppError::NotAllowed`].
    pub async fn add_polling(
        &self,
        caller: &Caller,
        schedule: &str,
        token: &str,
    ) -> Result<Result<(), OpenHimError>, AppError> {
        caller.must(Right::Settings)?;
        let channel = registration::polling_channel(&self.0.settings, schedule, token);
        Ok(self.api("POST", "/channels", Some(&channel)).await.map(drop))
    }

    /// Registers and says that this lives until `stop` becomes true. A runner of its own.
    pub fn start_runner(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let (mediator, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            mediator.remember_pushed().await;
            let (mut is_registered, mut failures) = (false, 0u32);
            while !*stop.borrow() {
                let spoken = mediator.speak(&mut is_registered).await;
                failures = if spoken.is_ok() { 0 } else { failures.saturating_add(1) };
                if let Err(error) = &spoken
                    && failures.is_power_of_two()
                {
                    tracing::warn!(%error, failures, "OpenHIM was not reached; it will be tried again");
                }
                mediator.change(|state| state.trouble = spoken.err());
                let nap = (BEAT * failures.max(1)).min(BEAT_LATE);
                tokio::select! {
                    () = tokio::time::sleep(nap) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    /// Registers where that has not been done, else says that this lives.
    ///
    /// # Errors
    /// [`OpenHimError`].
    pub async fn speak(&self, is_registered: &mut bool) -> Result<(), OpenHimError> {
        if !*is_registered {
            self.register().await?;
            *is_registered = true;
            return self.beat(true).await;
        }
        match self.beat(false).await {
            Err(OpenHimError::Unknown) => {
                // Somebody removed it there.
                *is_registered = false;
                Err(OpenHimError::Unknown)
            }
            other => other,
        }
    }

    async fn take_over(&self, config: &Value, now: Timestamp) {
        let old = self.state().pushed;
        let pushed = old.taken(config);
        self.apply(&pushed);
        self.change(|state| (state.pushed, state.configured_at) = (pushed.clone(), Some(now)));
        if pushed == old {
            return;
        }
        let app = self.0.journal.app();
        let mut unit = Unit::new();
        let kept = serde_json::to_string(&pushed).unwrap_or_default();
        unit.put_setting(KEPT, &kept, now.as_microsecond());
        let facts = json!({ "sources": pushed.sources, "bodies": pushed.bodies, "wait_seconds": pushed.wait_seconds });
        unit.audit(app.store(), &Caller::system().entry("openhim-configured", "installation", None, facts));
        if let Err(error) = app.store().write(unit, Queue::Interactive).await {
            tracing::error!(%error, "what was set in OpenHIM could not be kept");
        }
    }

    /// What was set before this process began.
    async fn remember_pushed(&self) {
        let kept = self.0.journal.app().store().setting(KEPT).await.ok().flatten();
        let Some(pushed) = kept.and_then(|kept| serde_json::from_str::<Pushed>(&kept).ok()) else { return };
        self.apply(&pushed);
        self.change(|state| state.pushed = pushed);
    }

    fn apply(&self, pushed: &Pushed) {
        self.0.journal.keep_bodies(KeepBodies::of(&pushed.bodies).unwrap_or(self.0.own_bodies));
    }
}
