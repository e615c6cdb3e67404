//! Users of the console: who they are, what they may do, and how they come in.

mod door;
mod grants;
mod passwords;
mod people;
mod programmes;
mod sign_in;

pub(crate) use door::Doors;
pub(crate) use grants::{facts, scope_of_grants};
pub use passwords::PASSWORD_CHARS_MIN;
pub use people::{NewUser, UserWithGrants};
pub use sign_in::SignInError;
