//! The sandbox, in which programs are tried out: people of its own, at a place of its own, whose numbers no network has.
//!
//! Two walls keep it apart, and each would be enough. Who is in the sandbox sees and means its people only ([`crate::Scope`]). And
//! what is written to one of its numbers is given to the sandbox's own channel, which is a simulator, whoever wrote it: the number
//! alone decides.

use uuid::Uuid;

use crate::{ChannelId, PlaceId};

/// What its numbers begin with: a country code that ITU-T (E.164.1) holds in reserve and has given to nobody, so that not even a
/// carrier that was handed one could reach anybody.
pub const NUMBERS: &str = "+999";
/// The standing of its people: outside every audience of everybody else.
pub const STANDING: &str = "sandbox";

/// The place where its people work, and to which whoever is in it is narrowed.
pub const fn place() -> PlaceId {
    PlaceId::from_uuid(Uuid::from_u128(0x6d48_6572_6f00_8000_8000_7361_6e64_0001))
}

/// Its channel.
pub const fn channel() -> ChannelId {
    ChannelId::from_uuid(Uuid::from_u128(0x6d48_6572_6f00_8000_8000_7361_6e64_0002))
}

/// Whether a number is one of its own.
pub fn is_number(path: &str) -> bool {
    path.starts_with(NUMBERS)
}
