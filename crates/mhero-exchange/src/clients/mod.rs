//! Accounts of programs: what narrows each beside its role, signed tokens, networks, and who is told when one fails again and again.
//!
//! An account is a token (`mhero token create`). A rule narrows it to kinds of resources and to networks, and may say by which keys
//! tokens that somebody else signs (JWT) are known as this account, and which certificate it shows on an encrypted connection.

mod admit;
mod certificate;
mod desk;
mod error;
mod faults;
mod jwt;
mod keys;
mod kinds;
mod network;
mod rate;
mod reached;

pub(crate) use admit::may_ask;
pub use admit::{Admitted, Clients, KnownClient, Presented, token_of};
pub use certificate::Certificate;
pub use desk::{ClientPage, RuleChange};
pub use error::Turned;
pub use jwt::Signed;
pub use keys::{Key, Signing, read as read_keys};
pub use kinds::Narrowed;
pub use rate::Rate;
pub use reached::Reached;
