//! Giving codes.

use mhero_core::Right;
use mhero_store::{TrustCode, Unit};
use mhero_text::reply::{TRUST_CODES, trust_code};
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// Codes that are tried for one that nothing has. There are 40,824 of them.
const TRIED_MAX: usize = 50;

/// What has a code.
pub(crate) mod kinds {
    /// A broadcast.
    pub(crate) const BROADCAST: &str = "broadcast";
    /// A start of a flow.
    pub(crate) const START: &str = "start";
    /// A campaign.
    pub(crate) const CAMPAIGN: &str = "campaign";
}

impl App {
    /// Gives something new a code, as part of its unit. Nothing, where all that were tried are taken.
    pub(crate) async fn add_trust_code(&self, unit: &mut Unit, kind: &str, about: Uuid) -> Result<(), AppError> {
        for _ in 0..TRIED_MAX {
            let code = trust_code(rand::random::<u64>() % TRUST_CODES);
            if self.store().trust_code(&code).await?.is_none() {
                let made_at = self.clock().now_micros();
                unit.add_trust_code(&TrustCode { code, kind: kind.to_owned(), about, made_at });
                return Ok(());
            }
        }
        Ok(())
    }

    /// The code of a broadcast or start, and how often workers asked about it.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn trust_code_of(&self, caller: &Caller, about: Uuid) -> Result<Option<(String, i64)>, AppError> {
        caller.must(Right::ReadMessages)?;
        match self.store().trust_code_of(about).await? {
            Some(code) => Ok(Some((code.code, self.store().asked_about(about).await?))),
            None => Ok(None),
        }
    }
}
