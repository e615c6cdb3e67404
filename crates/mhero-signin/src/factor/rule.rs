//! Of whom a second factor is asked.

use jiff::{SignedDuration, Timestamp};
use mhero_app::{AppError, Caller};
use mhero_core::{Right, Scope};
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use super::Factors;

/// The setting.
const SETTING: &str = "second-factor";
/// Minutes after which a fresh code may be asked.
const MINUTES: std::ops::RangeInclusive<i64> = 1..=1_440;

/// Of whom a second factor is asked. Who has one is asked for a code in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedOf {
    /// Of nobody.
    #[default]
    Nobody,
    /// Of those who send or approve.
    Senders,
    /// Of everybody who opens the console.
    Everybody,
}

impl AskedOf {
    /// All, from the least to the most.
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Senders, Self::Everybody];

    /// Its word: `nobody`, `senders`, `everybody`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Senders => "senders",
            Self::Everybody => "everybody",
        }
    }

    /// The one with a word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// The rule of an installation. A new one asks nobody: its first administrator could otherwise do nothing before a phone is at hand,
/// and `mhero demo` nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FactorRule {
    /// Of whom one is asked.
    pub asked_of: AskedOf,
    /// Who approves types a fresh code when the last is older than so many minutes; `None` for never.
    pub fresh_minutes: Option<i64>,
}

impl Factors {
    /// The rule.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn rule(&self) -> Result<FactorRule, AppError> {
        let stored = self.app.store().setting(SETTING).await?;
        Ok(stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    /// Changes it. Sessions that are open go on, and who must have a second factor is led to set it up with the next page.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for minutes that can't be; [`AppError::NotAllowed`].
    pub async fn set_rule(&self, caller: &Caller, rule: FactorRule) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if rule.fresh_minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
            let args = [("from", MINUTES.start().to_string()), ("to", MINUTES.end().to_string())];
            return Err(AppError::invalid("factor-minutes", args));
        }
        let json = serde_json::to_value(rule).unwrap_or_default();
        let mut unit = Unit::new();
        unit.put_setting(SETTING, &json.to_string(), self.app.clock().now_micros());
        unit.audit(self.app.store(), &caller.entry("second-factor-rule", "setting", None, json));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Whether somebody with these rights must have a second factor.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn is_asked_of(&self, scope: &Scope) -> Result<bool, AppError> {
        Ok(match self.rule().await?.asked_of {
            AskedOf::Nobody => false,
            AskedOf::Senders => scope.may(Right::Send) || scope.may(Right::Approve),
            AskedOf::Everybody => true,
        })
    }

    /// Whether a code that was last typed then is too old for approving. False for who has none to type.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn is_stale(&self, caller: &Caller, proved_at: Option<Timestamp>) -> Result<bool, AppError> {
        let Some(minutes) = self.rule().await?.fresh_minutes else { return Ok(false) };
        let oldest = self.app.clock().now() - SignedDuration::from_mins(minutes);
        if proved_at.is_some_and(|at| at >= oldest) {
            return Ok(false);
        }
        self.is_on(super::own(caller)?).await
    }
}
