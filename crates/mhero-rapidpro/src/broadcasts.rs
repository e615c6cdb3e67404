//! Broadcasts: read as they stand, sent through the same checks, rules and approvals as those of the console.

use std::collections::HashMap;

use mhero_app::broadcasts::{Draft, Release};
use mhero_core::{BroadcastId, GroupId, Lane, Lang, PersonId, Right, limits::QUERY_CONDITIONS_MAX};
use mhero_store::{BroadcastRow, Keyset, MadeKind, Queue, Unit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{instant, shown},
    contact_write::Draft as NewContact,
    page::{cut, nothing, page},
    refs::{audience, named},
    send_one::{no_attachments, principal},
};

/// Longest text of one language, in characters.
const TEXT_MAX: usize = 10_000;

/// For whom something was asked for, and how.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(crate) contacts: Vec<PersonId>,
    pub(crate) groups: Vec<GroupId>,
    pub(crate) urns: Vec<String>,
    pub(crate) restart_participants: bool,
    pub(crate) exclude_active: bool,
}

impl Asked {
    /// The query that means them.
    pub(crate) fn query(&self) -> String {
        audience(&self.contacts, &self.groups)
    }
}

impl ApiServer {
    /// `GET broadcasts`.
    pub(crate) async fn broadcasts(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let store = self.app.store();
        let named = match (ask.uuid("uuid")?, ask.number("id")?) {
            (Some(uuid), _) => Some(Some(BroadcastId::from_uuid(uuid))),
            (None, Some(number)) => Some(store.broadcast_by_number(number).await?),
            (None, None) => None,
        };
        let made = match named {
            Some(None) => Vec::new(),
            Some(Some(id)) => {
                let row = store.broadcast(&ask.caller.scope, id).await?;
                row.map(|row| (row.id.uuid(), row.created_at)).into_iter().collect()
            }
            None => store.made_page(&ask.caller.scope, MadeKind::Broadcast, None, &wanted.part).await?,
        };
        let (made, more) = cut(made);
        let last = made.last().filter(|_| more).map(|(id, at)| (*at, *id));
        let mut rows = Vec::with_capacity(made.len());
        for (id, _) in made {
            rows.extend(store.broadcast(&ask.caller.scope, BroadcastId::from_uuid(id)).await?);
        }
        Ok(page(ask, &self.base, self.broadcasts_json(ask, &rows).await?, last))
    }

    async fn broadcasts_json(&self, ask: &Ask, rows: &[BroadcastRow]) -> Result<Vec<Value>, ApiError> {
        let store = self.app.store();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.uuid()).collect();
        let asked = self.asked(&ids).await?;
        let names = self.names_in(ask, asked.values()).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let texts = store.broadcast_texts(row.id).await?;
            let own = asked.get(&row.id.uuid()).cloned().unwrap_or_default();
            let started = store.count_by_state(row.id).await?.iter().map(|(_, count)| count).sum::<i64>();
            let text: Map<String, Value> = texts.iter().map(|(lang, text)| (lang.to_string(), json!(text))).collect();
            let empty: Map<String, Value> = Map::new();
            all.push(json!({
                "uuid": row.id.to_string(),
                "id": row.number,
                "status": status(&row.status),
                "progress": { "total": row.recipients.max(started), "started": started },
                "urns": own.urns,
                "contacts": own.contacts.iter().map(|id| names.contact(*id)).collect::<Vec<_>>(),
                "groups": own.groups.iter().map(|id| names.group(*id)).collect::<Vec<_>>(),
                "text": text,
                "attachments": empty,
                "quick_replies": empty,
                "base_language": texts.first().map(|(lang, _)| lang.to_string()),
                "created_on": instant(row.created_at),
            }));
        }
        Ok(all)
    }

    /// `POST broadcasts`.
    pub(crate) async fn send_broadcast(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Send)?;
        no_attachments(ask)?;
        let texts = ask.texts("text", self.own_language().await?, TEXT_MAX)?;
        if texts.is_empty() {
            return Err(ApiError::body("Must provide either text or attachments."));
        }
        let asked = self.read_asked(ask).await?;
        let draft = Draft {
            name: String::new(),
            query: asked.query(),
            texts,
            lane: Lane::Normal,
            channel: None,
            release: Release::Now,
            zone: None,
            quiet_override: None,
            once_key: ask.once.as_ref().map(|once| format!("rapidpro/{}/{once}", principal(ask))),
            is_test: false,
            is_drill: false,
            programme: None,
            valid_minutes: None,
        };
        let id = self.app.send(&ask.caller, &draft).await?;
        self.keep_asked(id.uuid(), &asked).await?;
        let row = self.app.store().broadcast(&ask.caller.scope, id).await?.ok_or(ApiError::NotFound)?;
        let json = self.broadcasts_json(ask, std::slice::from_ref(&row)).await?.pop().ok_or(ApiError::NotFound)?;
        Ok(Answer::made(json))
    }

    /// The language of texts that say none.
    pub(crate) async fn own_language(&self) -> Result<Lang, ApiError> {
        Ok(self.app.facts_cached().await?.default_language())
    }

    /// For whom a body asks. An address that nobody has becomes a contact, as the API promises.
    pub(crate) async fn read_asked(&self, ask: &Ask) -> Result<Asked, ApiError> {
        let contacts = ask.references("contacts")?.unwrap_or_default();
        let groups = ask.references("groups")?.unwrap_or_default();
        let urns = ask.references("urns")?.unwrap_or_default();
        if contacts.is_empty() && groups.is_empty() && urns.is_empty() {
            return Err(ApiError::body("Must provide either urns, contacts or groups."));
        }
        if contacts.len() + groups.len() + urns.len() > QUERY_CONDITIONS_MAX - 10 {
            let most = QUERY_CONDITIONS_MAX - 10;
            return Err(ApiError::body(format!(
                "At most {most} contacts, groups and URNs together: put them in a group."
            )));
        }
        let mut asked = Asked {
            contacts: self.contacts_called(&ask.caller, "contacts", &contacts).await?,
            groups: self.groups_called("groups", &groups).await?.iter().map(|group| group.id).collect(),
            urns: Vec::new(),
            restart_participants: ask.truth("restart_participants", true)?,
            exclude_active: ask.truth("exclude_active", false)?,
        };
        for text in urns {
            let wrong = || {
                ApiError::field(
                    "urns",
                    format!("Invalid URN: {}. Ensure phone numbers contain country codes.", shown(&text)),
                )
            };
            let address = self.address(&text).await?.ok_or_else(wrong)?;
            let person = match self.contact_called(&ask.caller, &text).await? {
                Some(person) => person,
                None => self.put_contact(&ask.caller, None, &NewContact::of_address(address)).await?.0,
            };
            if !asked.contacts.contains(&person) {
                asked.contacts.push(person);
            }
            asked.urns.push(text);
        }
        Ok(asked)
    }

    /// Keeps for whom something was asked for, so that it can be read back as it was written.
    pub(crate) async fn keep_asked(&self, entity: Uuid, asked: &Asked) -> Result<(), ApiError> {
        let mut unit = Unit::new();
        unit.put_asked(entity, &serde_json::to_string(asked).unwrap_or_default());
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// For whom things were asked for.
    pub(crate) async fn asked(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Asked>, ApiError> {
        let kept = self.app.store().asked(ids).await?;
        Ok(kept.into_iter().map(|(id, body)| (id, serde_json::from_str(&body).unwrap_or_default())).collect())
    }

    /// The names of all whom some requests named; of contacts, those whom the caller may see.
    pub(crate) async fn names_in<'a>(
        &self,
        ask: &Ask,
        asked: impl Iterator<Item = &'a Asked>,
    ) -> Result<Names, ApiError> {
        let mut people: Vec<PersonId> = asked.flat_map(|asked| asked.contacts.iter().copied()).collect();
        people.sort_unstable();
        people.dedup();
        let mut names = Names::default();
        if !people.is_empty() {
            let store = self.app.store();
            let seen = store
                .contact_page(
                    &ask.caller.scope,
                    &mhero_store::ContactsAsked { people: Some(&people), ..Default::default() },
                    &Keyset { newest_first: true, from: None, until: None, after: None, limit: i64::MAX },
                    self.app.clock().now_micros(),
                )
                .await?;
            let seen: Vec<PersonId> = seen.into_iter().map(|stamp| stamp.id).collect();
            let records = store.snapshot().await?.contact_records(&seen, self.app.clock().now_micros()).await?;
            names.people = records.into_iter().map(|(id, record)| (id, record.name)).collect();
        }
        for group in self.app.store().groups(true).await? {
            names.groups.insert(group.id, group.name.best(ask.caller.language).to_owned());
        }
        Ok(names)
    }
}

/// Names behind ids.
#[derive(Default)]
pub(crate) struct Names {
    people: HashMap<PersonId, String>,
    groups: HashMap<GroupId, String>,
}

impl Names {
    pub(crate) fn contact(&self, id: PersonId) -> Value {
        named(id, self.people.get(&id).map(String::as_str).unwrap_or_default())
    }

    pub(crate) fn group(&self, id: GroupId) -> Value {
        named(id, self.groups.get(&id).map(String::as_str).unwrap_or_default())
    }
}

/// RapidPro's word for how far a broadcast got: what waits for its hour or for a second person is queued.
fn status(status: &str) -> &'static str {
    match status {
        "done" => "sent",
        "cancelled" | "refused" | "failed" => "failed",
        _ => "queued",
    }
}
