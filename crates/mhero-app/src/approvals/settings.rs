//! From which size on a broadcast needs a second person.

use mhero_core::Right;
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The setting.
const SETTING: &str = "approvals";
/// Minutes for which a code may count.
const MINUTES: std::ops::RangeInclusive<i64> = 5..=1_440;

/// Whether broadcasts need a second person. Off on a new installation, which has one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalSettings {
    /// Above so many people; `None` for never.
    pub above: Option<i64>,
    /// Minutes for which a code by SMS counts.
    pub minutes: i64,
}

impl Default for ApprovalSettings {
    fn default() -> Self {
        Self { above: None, minutes: 30 }
    }
}

impl App {
    /// From which size on a broadcast needs a second person.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn approval_settings(&self) -> Result<ApprovalSettings, AppError> {
        let stored = self.store().setting(SETTING).await?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Changes it. What waits already goes on waiting.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a size or a time that can't be; [`AppError::NotAllowed`].
    pub async fn set_approvals(&self, caller: &Caller, settings: &ApprovalSettings) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if settings.above.is_some_and(|above| above < 0) {
            return Err(AppError::invalid("approval-size", []));
        }
        if !MINUTES.contains(&settings.minutes) {
            let args = [("from", MINUTES.start().to_string()), ("to", MINUTES.end().to_string())];
            return Err(AppError::invalid("approval-minutes", args));
        }
        let json = serde_json::to_value(settings).unwrap_or_default();
        let mut unit = Unit::new();
        unit.put_setting(SETTING, &json.to_string(), self.clock().now_micros());
        unit.audit(self.store(), &caller.entry("approvals-set", "setting", None, json));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
