//! How long a message is worth sending.

use mhero_core::{BroadcastId, Lane, Right};
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The key under which the validity by lane stands.
pub(super) const KEY: &str = "delivery-validity";
/// Longest validity, in minutes: four weeks.
const MINUTES_MAX: i64 = 28 * 24 * 60;

/// For how many minutes after it was written a message of a lane is worth sending; `None`: as long as it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validity {
    /// Alerts.
    pub alert: Option<i64>,
    /// Answers.
    pub reply: Option<i64>,
    /// Messages to one person or a few.
    pub normal: Option<i64>,
    /// Broadcasts.
    pub bulk: Option<i64>,
}

impl Validity {
    /// Minutes for a lane.
    pub const fn of(&self, lane: Lane) -> Option<i64> {
        match lane {
            Lane::Alert => self.alert,
            Lane::Reply => self.reply,
            Lane::Normal => self.normal,
            Lane::Bulk => self.bulk,
        }
    }

    /// Whether every message is worth sending whenever it can be.
    pub fn is_off(&self) -> bool {
        Lane::ALL.iter().all(|lane| self.of(*lane).is_none())
    }
}

/// Refuses less than a minute and more than four weeks.
pub(crate) fn check_validity(minutes: Option<i64>) -> Result<(), AppError> {
    if minutes.is_some_and(|minutes| !(1..=MINUTES_MAX).contains(&minutes)) {
        return Err(AppError::invalid("validity-range", [("hours", (MINUTES_MAX / 60).to_string())]));
    }
    Ok(())
}

impl App {
    /// How long messages of each lane are worth sending.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn validity(&self, caller: &Caller) -> Result<Validity, AppError> {
        caller.must(Right::Settings)?;
        self.delivery_setting(KEY).await
    }

    /// Sets how long messages of each lane are worth sending; it holds for what waits, too.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for less than a minute or more than four weeks.
    pub async fn set_validity(&self, caller: &Caller, validity: Validity) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        Lane::ALL.iter().try_for_each(|lane| check_validity(validity.of(*lane)))?;
        self.put_delivery_setting(caller, KEY, "validity-set", &validity).await
    }

    /// How long the messages of a broadcast are worth sending, where it has a word of its own.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_validity(&self, caller: &Caller, broadcast: BroadcastId) -> Result<Option<i64>, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, broadcast).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", broadcast))?;
        Ok(self.store().validity_of(broadcast).await?)
    }

    /// Sets how long the messages of a broadcast are worth sending; `None`: as long as its lane says.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for less than a minute or more than four weeks.
    pub async fn set_broadcast_validity(
        &self,
        caller: &Caller,
        broadcast: BroadcastId,
        minutes: Option<i64>,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        check_validity(minutes)?;
        let row = self.store().broadcast(&caller.scope, broadcast).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", broadcast))?;
        let mut unit = Unit::new();
        unit.put_validity(broadcast, minutes);
        let facts = serde_json::json!({ "minutes": minutes });
        unit.audit(self.store(), &caller.entry("broadcast-validity", "broadcast", Some(broadcast.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.rules_changed().await
    }
}
