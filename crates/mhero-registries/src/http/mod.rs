//! One HTTP client for all connectors: ways to be let in, a private certificate authority, limits of time and size, patience
//! with a registry that is busy, and words for an administrator when it does not answer.
//!
//! A connector takes its settings with [`Client::new`], asks with [`Client::ask`] (or [`Client::open`] for a body that it reads
//! piece by piece) and turns an [`HttpError`] into what the port wants: `?` makes a `PullError` of it, [`HttpError::reason`]
//! words for `check`, [`HttpError::into_outcome`] the outcome of a push.
//!
//! Registries stand on private networks, so every address of http and https may be asked. Credentials go to the host of the
//! source only, redirects of other hosts get none, and a write never follows one.

mod answer;
mod auth;
mod client;
mod error;
mod settings;
mod told;

pub use answer::{Answer, Incoming};
pub use auth::AuthMode;
pub use client::{Ask, Client, Patience};
pub use error::{HttpError, first_words};
pub use settings::{Defaults, KEYS, with_keys};

/// Largest page of an answer that is read whole, in bytes.
pub const PAGE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Largest document that is read whole where a registry knows no pages, in bytes.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024 * 1024;

#[cfg(test)]
mod tests;
