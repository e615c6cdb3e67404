//! Phones that answer, as people in the field do: late, short, misspelt, or not at all.
//!
//! A [`Persona`] is what one phone is like; [`Persona::react`] says what it makes of one message. Both are functions
//! of a seed, the number and the message's id, so that a rehearsal can be run again. Texts of the system itself
//! ([`MessageKind::Auto`](mhero_core::MessageKind::Auto)) are read and never answered, and each message gets at most
//! one answer: two machines never talk to each other.

mod persona;
mod question;
mod reply;
mod words;

pub use persona::{Answer, Incoming, Pace, Persona, Reaction, Report};
