//! Web hooks: programs of others that are told by HTTP what happens here, signed, in order, and again until they have heard it.
//!
//! Each web hook has its own place in two sequences that never lose anything: the change feed, and the versions of what neighbours are
//! shown (messages and runs). A runner turns what lies behind that place into numbered notices and moves the place in the same unit, so
//! that a process that is killed at any instant goes on where it was. What cannot be told waits there, not in a queue that grows: once a
//! receiver is mended it hears everything that happened meanwhile.

mod body;
mod desk;
mod event;
mod teller;

pub use desk::{DELIVERIES_MAX, Delivery, NewWebHook, WebHook, WebHooks};
pub use event::{EVENTS, Event};

pub(crate) use teller::pass;
