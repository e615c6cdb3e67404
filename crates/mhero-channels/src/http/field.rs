//! The settings that all channels over HTTP have, as a page asks for them: those that [`super::Common`] reads.

use mhero_app::ports::{Field, Shape};

/// Where the gateway reaches us.
pub(crate) const CALLBACK: Field = Field::may("callback").shaped(Shape::Address).first();
/// The secret in the addresses that it calls.
pub(crate) const SECRET: Field = Field::may("secret").secret();
/// Addresses that may call without it.
pub(crate) const ALLOW: Field = Field::may("allow");
/// Requests at a time.
pub(crate) const CONNECTIONS: Field = Field::may("connections").number(2, 200, "20");
/// How long an answer may take, in seconds.
pub(crate) const TIMEOUT: Field = Field::may("timeout").number(1, 120, "30");
