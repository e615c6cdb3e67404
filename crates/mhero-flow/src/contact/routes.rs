//! Addresses and the channels that reach them.

use uuid::Uuid;

use super::Urn;

/// The parameter that names the channel of an address.
const CHANNEL: &str = "channel";

/// The channel by which the contact is best reached at an address.
pub fn channel_of(urn: &Urn) -> Option<Uuid> {
    if urn.raw_query().is_empty() {
        return None;
    }
    Uuid::parse_str(&urn.query_value(CHANNEL)?).ok()
}

/// The same address with another channel, or with none.
#[must_use]
pub fn with_channel(urn: &Urn, channel: Option<Uuid>) -> Urn {
    urn.clone().with_query_value(CHANNEL, channel.map(|id| id.to_string()).as_deref())
}

/// The address as flows see it: without its parameters.
pub fn shown_urn(urn: &Urn) -> Urn {
    Urn::from_parts(urn.scheme(), urn.path(), "", urn.display())
}
