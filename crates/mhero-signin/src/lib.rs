//! How people sign in beside the password: a code that their phone computes ([`Factors`]), and the ministry's own sign-in by OpenID
//! Connect ([`Provider`]).
//!
//! What the console shows of it is the console's; what is called over HTTP goes through [`Wire`], which the binary implements.

mod error;
mod factor;
mod oidc;

pub use error::Refused;
pub use factor::{AskedOf, Enrolment, FactorRule, Factors, RECOVERY_CODES, Standing};
pub use oidc::{
    Answered, Arrival, PENDING_SECONDS, Pending, Provider, ProviderSettings, RoleOf, Wire, WireAnswer, WireCall,
};

/// Who a user is at a provider, as the store keeps it.
pub use mhero_store::UserIdentity;
