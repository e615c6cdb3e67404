//! The mark of a demo: what its country was drawn from, and who signs in with which password. A database with this mark is
//! opened again as it is; one that has other data is never turned into a demo.

use jiff::civil::Date;
use mhero_core::{Right, Role};
use mhero_store::{Queue, Unit};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The key under which the mark stands.
const KEY: &str = "demo";

/// What a demo was made from.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Demo {
    /// The seed of the country.
    pub seed: u64,
    /// Its workers.
    pub workers: usize,
    /// The day on which its positions are current.
    pub day: Date,
    /// False while it is being loaded: a load that was interrupted is taken up again.
    pub is_complete: bool,
    /// Who signs in.
    pub accounts: Vec<DemoAccount>,
}

/// An account of a demo. Its password stands in the open: it opens a country that does not exist.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct DemoAccount {
    /// The address to sign in with.
    pub email: String,
    /// The password.
    pub password: String,
    /// The role.
    pub role: Role,
    /// The name of the place it is limited to.
    pub place: Option<String>,
}

impl std::fmt::Debug for DemoAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoAccount").field("role", &self.role).finish_non_exhaustive()
    }
}

impl App {
    /// The mark of a demo; `None` in a database that is none.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn demo(&self) -> Result<Option<Demo>, AppError> {
        let json = self.store().setting(KEY).await?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Marks a database as a demo, or its mark as complete.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] where there are users, channels or a country already, and no mark.
    pub async fn set_demo(&self, caller: &Caller, demo: &Demo) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        if self.demo().await?.is_none() && !self.is_untouched().await? {
            return Err(AppError::invalid("demo-other-data", []));
        }
        let json = serde_json::to_string(demo);
        let json = json.map_err(|e| AppError::invalid("demo-unwritable", [("detail", e.to_string())]))?;
        let mut unit = Unit::new();
        unit.put_setting(KEY, &json, self.clock().now_micros());
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Whether nothing has been set up here: no country, no channel, no user.
    async fn is_untouched(&self) -> Result<bool, AppError> {
        let has_facts = !matches!(self.facts().await, Err(AppError::NotInitialised));
        Ok(!has_facts && self.store().channels().await?.is_empty() && self.store().users().await?.is_empty())
    }
}
