//! How people are linked: thresholds, trusted identifiers, and whether clear pairs are joined without asking.

use mhero_core::Right;
use mhero_linkage::Rules;
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The setting.
const SETTING: &str = "linking";

/// How people are linked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkingSettings {
    /// Whether people are compared at all.
    pub on: bool,
    /// Whether clear pairs are joined without asking; else somebody looks at them, too.
    pub automatic: bool,
    /// From this probability on a pair is clear, 0 to 1.
    pub high: f64,
    /// Below this one nobody is asked.
    pub low: f64,
    /// Systems whose identifiers join at once; `None` for all that count across sources.
    pub trusted: Option<Vec<String>>,
    /// Systems that give one identifier to a person.
    pub one_each: Vec<String>,
}

impl Default for LinkingSettings {
    fn default() -> Self {
        let rules = Rules::default();
        Self { on: true, automatic: true, high: rules.high, low: rules.low, trusted: None, one_each: Vec::new() }
    }
}

impl App {
    /// How people are linked.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn linking_settings(&self) -> Result<LinkingSettings, AppError> {
        let stored = self.store().setting(SETTING).await?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Changes how people are linked. Merges that were made stay.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for thresholds that make no sense; [`AppError::NotAllowed`].
    pub async fn set_linking(&self, caller: &Caller, settings: &LinkingSettings) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let shares = 0.0..=1.0;
        if !shares.contains(&settings.low) || !shares.contains(&settings.high) || settings.low > settings.high {
            let args = [("low", settings.low.to_string()), ("high", settings.high.to_string())];
            return Err(AppError::invalid("linking-thresholds", args));
        }
        let json = serde_json::to_value(settings).unwrap_or_default();
        let mut unit = Unit::new();
        unit.put_setting(SETTING, &json.to_string(), self.clock().now_micros());
        unit.audit(self.store(), &caller.entry("linking-set", "setting", None, json));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
