//! The second factor: a code that an app on the person's phone computes from a secret and the time (TOTP, RFC 6238), and codes on
//! paper for when the phone is lost.

mod code;
mod enrol;
mod prove;
mod recovery;
mod reset;
mod rule;
mod terminal;

pub use recovery::RECOVERY_CODES;
pub use rule::{AskedOf, FactorRule};

use jiff::Timestamp;
use mhero_app::{App, AppError, Caller};
use mhero_core::UserId;

/// What a sealed secret is bound to, beside its owner.
const SEALED: &str = "second_factor.secret";

/// The second factors of an installation.
#[derive(Clone, Debug)]
pub struct Factors {
    app: App,
}

/// How a user stands with their second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when they have one.
    pub since: Option<Timestamp>,
    /// Recovery codes that were not used.
    pub codes_left: i64,
    /// Whether a new one waits to be confirmed.
    pub is_waiting: bool,
}

/// What somebody needs to set up their phone.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret in base32, in groups of four letters.
    pub secret: String,
    /// A picture of it for the phone's camera: one `<svg>` element.
    pub picture: String,
    /// The same as an address, for who sets up the very phone that shows the page.
    pub address: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

impl Factors {
    /// Those of an application.
    pub const fn new(app: App) -> Self {
        Self { app }
    }

    /// How the caller stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the caller is no user.
    pub async fn standing(&self, caller: &Caller) -> Result<Standing, AppError> {
        let owner = own(caller)?;
        let found = self.app.store().second_factor(owner).await?;
        Ok(Standing {
            since: found.as_ref().and_then(|factor| factor.confirmed_at.filter(|_| factor.secret.is_some())),
            codes_left: self.app.store().recovery_codes_left(owner).await?,
            is_waiting: found.is_some_and(|factor| factor.waiting.is_some()),
        })
    }

    /// Whether a user has one, so that a code is asked of them.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn is_on(&self, user: UserId) -> Result<bool, AppError> {
        Ok(self.app.store().second_factor(user).await?.is_some_and(|factor| factor.secret.is_some()))
    }
}

/// The user that a caller is.
fn own(caller: &Caller) -> Result<UserId, AppError> {
    let id = caller.actor.id.filter(|_| caller.actor.kind == "user").map(UserId::from_uuid);
    id.ok_or_else(|| AppError::not_found("user", "of this caller"))
}
