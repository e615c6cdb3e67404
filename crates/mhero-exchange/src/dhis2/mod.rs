//! DHIS2: what flows collect goes there as values of data sets or as events, and DHIS2 sends its own SMS through mHero.
//!
//! A *mapping* says which results of a flow are which data elements. Each run that ends is looked at once and becomes a *report*: the
//! values for a unit and a period. Reports are sent one after the other, again and again until the server answers, and judged by what
//! it counts; the same values again change nothing. What it objects to stands beside the SMS that it came by, and the worker is told.
//! Whoever sends again gives a newer report of the same unit and period, which takes the place of what was not accepted.

mod desk;
mod error;
mod gateway;
mod make;
mod mapping;
mod notify;
mod send;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use mhero_app::App;
use mhero_wire::dhis2::{DataValue, Verdict};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

pub use desk::{Decision, MappingShown, ReportShown};
pub use error::Dhis2Error;
pub use gateway::{Handed, TextIn};
pub use mapping::{ELEMENTS_MAX, Format, Kind, Mapped, Mapping, Scheme, When, Which};
pub use mhero_wire::dhis2::Conflict;
pub use notify::{Notification, values_of};

/// What the port's sources of this kind are.
pub const KIND: &str = "dhis2";
/// How long one node holds the duty of reporting, in microseconds.
const DUTY_MICROS: i64 = 30_000_000;
/// How long a pass that found nothing is slept over.
const NAP: SignedDuration = SignedDuration::from_secs(1);

/// What a report says.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The values that are sent.
    pub values: Vec<DataValue>,
    /// Answers that are none for their data element: the key of the result, what was said, what would be right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<(String, String, String)>,
    /// When it happened, for events: a day.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub occurred: String,
}

/// Never what is reported.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// Why a report stands where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What DHIS2 said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Why it was not sent, or could not be: a key of the console's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What belongs to that.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

impl Answer {
    fn why(key: &str, detail: impl Into<String>) -> Self {
        Self { why: Some(key.to_owned()), detail: detail.into(), verdict: None }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Reports to DHIS2, over an application.
#[derive(Clone)]
pub struct Reports {
    app: App,
    /// How far the runs of each map were looked at.
    seen: Arc<Mutex<HashMap<Uuid, i64>>>,
}

impl std::fmt::Debug for Reports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reports").finish_non_exhaustive()
    }
}

impl Reports {
    /// Reports over an application.
    pub fn new(app: App) -> Self {
        Self { app, seen: Arc::default() }
    }

    /// Makes reports of runs that have ended, and sends those that are due. Returns how many.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn pass(&self) -> Result<usize, Dhis2Error> {
        let maps = self.app.store().hmis_maps().await?;
        if maps.is_empty() {
            return Ok(0);
        }
        if self.app.store().take_lease("hmis", self.app.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        Ok(self.make_due(&maps).await? + self.send_due(&maps).await?)
    }

    /// Starts the runner; it ends when `stop` becomes true, after its pass.
    pub fn start(self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let mut stop = stop.clone();
        runners.spawn(async move {
            let mut failures = 0_u32;
            while !*stop.borrow() {
                match Box::pin(self.pass()).await {
                    Ok(0) => failures = 0,
                    Ok(_) => {
                        failures = 0;
                        continue;
                    }
                    Err(error) => {
                        failures = failures.saturating_add(1);
                        if failures.is_power_of_two() {
                            tracing::error!(failures, %error, "a pass of reports failed; it will be tried again");
                        }
                    }
                }
                tokio::select! {
                    () = self.app.clock().sleep(NAP) => {}
                    // A manual clock may stand still while there is work.
                    () = tokio::time::sleep(Duration::from_secs(2)) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    fn seen(&self, map: Uuid) -> Option<i64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(&map).copied()
    }

    fn saw(&self, map: Uuid, until: i64) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(map, until);
    }
}
