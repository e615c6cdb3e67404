//! OpenHIM: mHero as a mediator of an exchange that a country runs.
//!
//! A [`Mediator`] registers this installation, says every ten seconds that it lives, takes over what an operator sets there, starts
//! synchronisations when a polling channel asks, and tells OpenHIM how long ones ended. Requests that come through OpenHIM are told
//! from others by the account that its routes use; answers to them say what was called meanwhile (`application/json+openhim`).

mod answer;
mod api;
mod calls;
mod login;
mod mediator;
mod poll;
mod registration;
mod settings;

pub use answer::{FORM, answered, wrapped};
pub use api::OpenHimError;
pub use calls::Calls;
pub use login::token_login;
pub use mediator::{Mediator, MediatorState};
pub use poll::{Polled, Ran};
pub use settings::{LoginWay, MediatorSettings, Pushed};
