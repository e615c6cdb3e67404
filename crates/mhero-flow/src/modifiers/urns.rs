//! Changes of addresses and of the channels that reach them.

use mhero_core::ContactUrn as Urn;
use uuid::Uuid;

use super::{Change, Route, UrnsModification};
use crate::{
    assets::{Channel, ChannelRole},
    contact::{channel_of, with_channel},
    events::{EventKind, Problem},
    refs::ChannelRef,
};

/// Makes an address the preferred one, by a channel.
pub(super) fn affinity(change: &mut Change<'_>, urn: &Urn, channel: Option<&ChannelRef>) -> bool {
    let identity = mhero_text::urn::normalized(urn.clone()).identity();
    let Some(at) = change.contact.urns.iter().position(|own| own.identity() == identity) else { return false };
    let channel = channel.and_then(|channel| change.assets.channel(channel.uuid)).map(|channel| channel.uuid);
    let mut urns = change.contact.urns.clone();
    let urn = urns.remove(at);
    urns.insert(0, with_channel(&urn, channel));
    replace(change, urns)
}

/// Sets the channel that the contact is written to by, or none.
pub(super) fn channel(change: &mut Change<'_>, channel: Option<&ChannelRef>) -> bool {
    let Some(reference) = channel else {
        let urns = change.contact.urns.iter().map(|urn| with_channel(urn, None)).collect();
        return replace(change, urns);
    };
    let Some(channel) = change.assets.channel(reference.uuid).cloned() else { return false };
    if !channel.can(ChannelRole::Send) {
        change.error(Problem::new("Can't set channel that can't send as the preferred channel"));
        return false;
    }
    let (mut preferred, mut others) = (Vec::new(), Vec::new());
    for urn in &change.contact.urns {
        let urn = if takes(urn, &channel) { with_channel(urn, Some(channel.uuid)) } else { urn.clone() };
        let list = if channel_of(&urn) == Some(channel.uuid) { &mut preferred } else { &mut others };
        list.push(urn);
    }
    preferred.append(&mut others);
    replace(change, preferred)
}

/// A phone number can go over any channel of phone numbers. Other addresses belong to the channel that they came by.
fn takes(urn: &Urn, channel: &Channel) -> bool {
    let reached = channel.schemes.iter().any(|scheme| &**scheme == urn.scheme());
    reached && (urn.scheme() == "tel" || channel_of(urn).is_none())
}

/// Changes addresses. A route without channel leaves the channel of an address that is there.
pub(super) fn routes(change: &mut Change<'_>, routes: &[Route], modification: UrnsModification) -> bool {
    let mut valid = Vec::with_capacity(routes.len());
    for route in routes {
        if let Some(urn) = normalized(change, &route.urn) {
            let channel = route.channel.as_ref().and_then(|channel| change.assets.channel(channel.uuid));
            valid.push((urn, channel.map(|channel| channel.uuid)));
        }
    }
    let urns = match modification {
        UrnsModification::Append => {
            let urns = change.contact.urns.clone();
            appended(change, urns, valid)
        }
        UrnsModification::Set => appended(change, Vec::new(), valid),
        UrnsModification::Remove => {
            let gone: Vec<String> = valid.iter().map(|(urn, _)| urn.identity()).collect();
            change.contact.urns.iter().filter(|urn| !gone.contains(&urn.identity())).cloned().collect()
        }
    };
    replace(change, urns)
}

/// The address as it is kept, or an event why it is none.
fn normalized(change: &mut Change<'_>, text: &str) -> Option<Urn> {
    let urn = Urn::parse(text).ok().map(mhero_text::urn::normalized);
    let valid = urn.as_ref().is_some_and(|urn| urn.validate().is_ok());
    if !valid {
        let text = urn.map_or_else(|| text.to_owned(), |urn| urn.to_string());
        change.error(Problem::coded(format!("'{text}' is not valid URN"), "urn:invalid").with("urn", text.as_str()));
        return None;
    }
    urn
}

/// Puts addresses behind those there are, as far as they are free and there is room.
fn appended(change: &mut Change<'_>, mut urns: Vec<Urn>, added: Vec<(Urn, Option<Uuid>)>) -> Vec<Urn> {
    let limit = change.limits.urns_per_contact;
    for (urn, channel) in added {
        let identity = urn.identity();
        if let Some(own) = urns.iter_mut().find(|own| own.identity() == identity) {
            if channel.is_some() {
                *own = with_channel(own, channel);
            }
            continue;
        }
        if urns.len() >= limit {
            change.error(Problem::new(format!("Contact has too many URNs, limit is {limit}")));
            break;
        }
        let own = change.contact.urns.iter().find(|own| own.identity() == identity).cloned();
        if own.is_none() && !change.world.claim_urn(change.contact.uuid, &urn) {
            let problem = Problem::coded("URN is taken by another contact", "urn:taken");
            change.error(problem.with("urn", identity));
            continue;
        }
        let urn = own.unwrap_or(urn);
        urns.push(if channel.is_some() { with_channel(&urn, channel) } else { urn });
    }
    urns
}

fn replace(change: &mut Change<'_>, urns: Vec<Urn>) -> bool {
    if change.contact.urns == urns {
        return false;
    }
    change.contact.urns.clone_from(&urns);
    change.log(EventKind::ContactUrnsChanged { urns });
    change.reevaluate_groups();
    true
}
