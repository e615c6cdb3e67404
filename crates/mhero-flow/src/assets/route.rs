//! Which channel reaches a contact.

use super::{Assets, Channel, ChannelRole};
use crate::contact::{Contact, Urn, channel_of};

impl Assets {
    /// The address to write to and the channel to write by: the first address that a channel reaches.
    pub fn route<'a>(&'a self, contact: &'a Contact) -> Option<(&'a Urn, &'a Channel)> {
        contact.urns.iter().find_map(|urn| Some((urn, self.channel_for(urn)?)))
    }

    /// The channel by which a contact is written to.
    pub fn preferred_channel(&self, contact: &Contact) -> Option<&Channel> {
        contact.urns.iter().find_map(|urn| self.channel_for(urn))
    }

    /// The channel for an address: the one it prefers, else one that sends to addresses of its scheme. Of several for phone
    /// numbers it is the one whose prefixes or whose own number are nearest.
    pub fn channel_for(&self, urn: &Urn) -> Option<&Channel> {
        let preferred = channel_of(urn).and_then(|channel| self.channel(channel));
        if let Some(preferred) = preferred.filter(|channel| channel.can(ChannelRole::Send)) {
            return Some(preferred);
        }
        let senders = self.channels().iter().filter(|channel| {
            channel.can(ChannelRole::Send) && channel.schemes.iter().any(|scheme| &**scheme == urn.scheme())
        });
        if urn.scheme() != mhero_core::Urn::TEL {
            return senders.into_iter().next();
        }
        let nearness = |channel: &Channel| {
            let prefixes = channel.match_prefixes.iter().filter(|prefix| urn.path().starts_with(&***prefix));
            let prefix = prefixes.map(|prefix| prefix.len()).max().unwrap_or(0);
            prefix.max(shared_prefix(&channel.address, urn.path()))
        };
        // Of equals the first.
        let mut best: Option<(usize, &Channel)> = None;
        for channel in senders {
            let near = nearness(channel);
            if best.is_none_or(|(nearest, _)| near > nearest) {
                best = Some((near, channel));
            }
        }
        best.map(|(_, channel)| channel)
    }
}

fn shared_prefix(one: &str, two: &str) -> usize {
    one.bytes().zip(two.bytes()).take_while(|(one, two)| one == two).count()
}
