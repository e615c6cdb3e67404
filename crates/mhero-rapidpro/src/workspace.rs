//! The installation as a workspace: its facts, its channels, its users.

use mhero_core::{Right, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiServer, Ask,
    ask::instant,
    page::{Item, items_page, nothing},
};

impl ApiServer {
    /// `GET workspace`, and `GET org` in the older dialect.
    pub(crate) async fn workspace(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let facts = self.app.facts_cached().await?;
        let country = self.app.numbering_cached().await?.default_country().to_owned();
        let languages: Vec<String> = facts.languages.iter().map(ToString::to_string).collect();
        let name = facts.ministry.best(ask.caller.language).to_owned();
        Ok(Answer::ok(json!({
            "uuid": Uuid::new_v5(&Uuid::NAMESPACE_OID, b"mhero-workspace").to_string(),
            "name": name,
            "country": country,
            "languages": languages,
            "primary_language": facts.default_language().to_string(),
            "timezone": facts.zone,
            "date_style": "day_first",
            "anon": false,
            "credits": { "used": -1, "remaining": -1 },
        })))
    }

    /// `GET channels`.
    pub(crate) async fn channels(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let (uuid, address) = (ask.uuid("uuid")?, ask.param("address"));
        let country = self.app.numbering_cached().await?.default_country().to_owned();
        let traffic = self.app.store().channel_traffic().await?;
        let mut items = Vec::new();
        for channel in self.app.store().channels().await?.into_iter().filter(|channel| channel.active) {
            let sender = channel.sender.as_deref().unwrap_or_default();
            if uuid.is_some_and(|uuid| channel.id.uuid() != uuid) || address.is_some_and(|address| sender != address) {
                continue;
            }
            let done = traffic.get(&Some(channel.id));
            let seen = done.and_then(|done| done.sent_at.max(done.heard_at));
            // Ids of channels hold the instant at which they were made.
            let made = made_at(channel.id.uuid());
            let json = json!({
                "uuid": channel.id.to_string(),
                "name": channel.name,
                "address": sender,
                "type": channel.kind,
                "country": country,
                "device": Value::Null,
                "last_seen": seen.map(instant),
                "created_on": instant(made),
            });
            items.push(Item::new(made, channel.id.uuid(), json));
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }

    /// `GET users`.
    pub(crate) async fn users(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let (email, roles) = (ask.param("email"), ask.params("role"));
        let grants = self.app.store().grants().await?;
        let mut items = Vec::new();
        for user in self.app.store().users().await?.into_iter().filter(|user| user.active) {
            let own = grants.iter().filter(|grant| grant.principal == user.id.uuid());
            let Some(role) = own.filter_map(|grant| role_of(grant.role)).min() else { continue };
            if email.is_some_and(|email| !user.email.eq_ignore_ascii_case(email))
                || (!roles.is_empty() && !roles.contains(&role.1))
            {
                continue;
            }
            let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
            let at = user.created_at.as_microsecond();
            let json = json!({
                "uuid": user.id.to_string(), "email": user.email, "first_name": first, "last_name": last, "role": role.1,
                "team": null, "avatar": null, "created_on": instant(at),
            });
            items.push(Item::new(at, user.id.uuid(), json));
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }
}

/// RapidPro's word for a role, those with more rights first; `None` for roles that no person has there.
const fn role_of(role: Role) -> Option<(u8, &'static str)> {
    match role {
        Role::Admin => Some((0, "administrator")),
        Role::Hr | Role::Programme => Some((1, "editor")),
        Role::District => Some((2, "agent")),
        Role::Approver | Role::Auditor => Some((3, "viewer")),
        Role::Integrator => None,
    }
}

/// The instant that an id of version 7 holds, in UTC microseconds; 0 for others.
fn made_at(id: Uuid) -> i64 {
    let Some((seconds, nanos)) = id.get_timestamp().map(|at| at.to_unix()) else { return 0 };
    i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1_000)
}
