//! Contacts as they are read.

use std::collections::HashMap;

use mhero_app::{Caller, CheckedAudience};
use mhero_core::{FlowId, GroupId, PersonId, Right};
use mhero_query::Predicate;
use mhero_store::{ContactExtras, ContactField, ContactRecord, ContactStamp, ContactsAsked, Keyset};
use mhero_wire::rapidpro::{ENTITY_TYPE, GLOBALID};
use serde_json::{Map, Value, json};

use crate::{
    Answered, ApiError, ApiServer, Ask,
    ask::{instant, maybe_instant},
    page::{cut, nothing, page},
    refs::{group_name, named, urn_of},
};

/// What the contacts of a page are written with.
pub(crate) struct Around {
    fields: Vec<ContactField>,
    /// Groups by hand that are not archived.
    by_hand: HashMap<GroupId, String>,
    /// Groups by query that mean something.
    by_query: Vec<(GroupId, String, Predicate)>,
    flows: HashMap<FlowId, String>,
}

impl ApiServer {
    /// `GET contacts`.
    pub(crate) async fn contacts(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        ask.at_most_one(&["uuid", "urn"])?;
        let Some(wanted) = ask.wanted(true)? else { return Ok(nothing(ask, &self.base)) };
        let named = match (ask.uuid("uuid")?, ask.param("urn")) {
            (Some(uuid), _) => Some(self.app.store().golden(PersonId::from_uuid(uuid)).await?),
            (None, Some(urn)) => match self.contact_called(&ask.caller, urn).await? {
                Some(person) => Some(person),
                None => return Ok(nothing(ask, &self.base)),
            },
            (None, None) => None,
        };
        let audience = match ask.param("group") {
            Some(text) => match self.group_called(text).await? {
                Some(group) => Some(self.of_group(&ask.caller, group.id).await?.predicate),
                None => return Ok(nothing(ask, &self.base)),
            },
            None => None,
        };
        let people = named.as_ref().map(std::slice::from_ref);
        let asked = ContactsAsked { people, audience: audience.as_ref(), deleted: ask.flag("deleted", false) };
        let now = self.app.clock().now_micros();
        let stamps = self.app.store().contact_page(&ask.caller.scope, &asked, &wanted.part, now).await?;
        let (stamps, more) = cut(stamps);
        let last = stamps.last().filter(|_| more).map(|stamp| (stamp.updated_at, stamp.id.uuid()));
        let expand = ask.flag("expand_urns", false);
        Ok(page(ask, &self.base, self.written(&ask.caller, &stamps, expand).await?, last))
    }

    /// Those whom a group means.
    pub(crate) async fn of_group(&self, caller: &Caller, group: GroupId) -> Result<CheckedAudience, ApiError> {
        Ok(self.app.check_audience(caller, &format!("group = {group}")).await?)
    }

    /// One contact as it is written out.
    pub(crate) async fn contact_json(&self, caller: &Caller, person: PersonId) -> Result<Value, ApiError> {
        let people = [person];
        let all = Keyset { newest_first: true, from: None, until: None, after: None, limit: 1 };
        let now = self.app.clock().now_micros();
        let asked = ContactsAsked { people: Some(&people), ..ContactsAsked::default() };
        let stamps = self.app.store().contact_page(&caller.scope, &asked, &all, now).await?;
        let mut written = self.written(caller, &stamps, false).await?;
        written.pop().ok_or(ApiError::NotFound)
    }

    async fn around(&self, caller: &Caller) -> Result<Around, ApiError> {
        let store = self.app.store();
        let (mut by_hand, mut by_query) = (HashMap::new(), Vec::new());
        for group in store.groups(false).await? {
            let name = group_name(&group, caller.language).to_owned();
            match &group.query {
                None => _ = by_hand.insert(group.id, name),
                // One whose query no longer means anything keeps nobody.
                Some(query) => {
                    if let Ok(audience) = self.app.check_audience(caller, query).await {
                        by_query.push((group.id, name, audience.predicate));
                    }
                }
            }
        }
        let flows = store.flow_names().await?.into_iter().collect();
        Ok(Around { fields: store.contact_fields().await?, by_hand, by_query, flows })
    }

    /// Contacts as they are written out, in the order given.
    async fn written(&self, caller: &Caller, stamps: &[ContactStamp], expand: bool) -> Result<Vec<Value>, ApiError> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let people: Vec<PersonId> = stamps.iter().filter(|stamp| !stamp.deleted).map(|stamp| stamp.id).collect();
        let around = self.around(caller).await?;
        let records = match people.as_slice() {
            [] => HashMap::new(),
            people => store.snapshot().await?.contact_records(people, now).await?,
        };
        let extras = store.contact_extras(&people).await?;
        let mut holders = HashMap::new();
        for (scheme, path) in extras.shared.keys() {
            holders.insert((scheme.clone(), path.clone()), self.holder((scheme, path)).await?);
        }
        let mut smart: HashMap<PersonId, Vec<Value>> = HashMap::new();
        for (id, name, predicate) in around.by_query.iter().filter(|_| !people.is_empty()) {
            for person in store.among_audience(&caller.scope, predicate, &people, now).await? {
                smart.entry(person).or_default().push(named(id, name));
            }
        }
        let write = |stamp: &ContactStamp| match records.get(&stamp.id) {
            Some(record) => {
                let is_holder = |scheme: &str, path: &str| {
                    let holder = holders.get(&(scheme.to_owned(), path.to_owned()));
                    holder.is_none_or(|holder| *holder == Some(stamp.id))
                };
                let more = smart.get(&stamp.id).cloned().unwrap_or_default();
                contact(stamp, record, (&around, &extras, more), &is_holder, expand)
            }
            None => deleted(stamp),
        };
        Ok(stamps.iter().map(write).collect())
    }
}

/// A contact that was deleted.
fn deleted(stamp: &ContactStamp) -> Value {
    json!({
        "uuid": stamp.id.to_string(), "name": null, "status": null, "language": null, "urns": [], "groups": [], "notes": [],
        "fields": {}, "flow": null, "created_on": instant(stamp.created_at), "modified_on": instant(stamp.updated_at),
        "last_seen_on": null, "blocked": null, "stopped": null,
    })
}

fn contact(
    stamp: &ContactStamp,
    record: &ContactRecord,
    (around, extras, mut more): (&Around, &ContactExtras, Vec<Value>),
    is_holder: &dyn Fn(&str, &str) -> bool,
    expand: bool,
) -> Value {
    let (blocked, stopped) = (extras.blocked.contains(&record.id), extras.stopped.contains(&record.id));
    let status = match () {
        () if blocked => "blocked",
        () if stopped => "stopped",
        () if !record.active => "archived",
        () => "active",
    };
    let urns = record.urns.iter().filter(|(scheme, path)| is_holder(scheme, path));
    let urns: Vec<Value> = urns
        .map(|(scheme, path)| match expand {
            true => json!({ "channel": null, "scheme": scheme, "path": path, "display": null }),
            false => json!(urn_of(scheme, path)),
        })
        .collect();
    let own = record.groups.iter().filter_map(|id| Some(named(id, around.by_hand.get(id)?)));
    let mut groups: Vec<Value> = own.collect();
    groups.append(&mut more);
    let flow = extras.flows.get(&record.id);
    let flow = flow.and_then(|id| Some(named(id, around.flows.get(id)?)));
    let name = if record.name.is_empty() { Value::Null } else { json!(record.name) };
    json!({
        "uuid": record.id.to_string(),
        "name": name,
        "status": status,
        "language": record.language.map(|language| language.to_string()),
        "urns": urns,
        "groups": groups,
        "notes": [],
        "fields": fields(record, around, extras),
        "flow": flow,
        "created_on": instant(stamp.created_at),
        "modified_on": instant(stamp.updated_at),
        "last_seen_on": maybe_instant(record.heard_at),
        "blocked": blocked,
        "stopped": stopped,
    })
}

/// Every field, null where nothing is known; and those by which mHero's older programs find the record of a registry.
fn fields(record: &ContactRecord, around: &Around, extras: &ContactExtras) -> Map<String, Value> {
    let mut fields: Map<String, Value> = around.fields.iter().map(|field| (field.key.clone(), Value::Null)).collect();
    let registry = extras.named.get(&record.id);
    fields.insert(GLOBALID.to_owned(), json!(registry.map(|(_, id)| id)));
    fields.insert(ENTITY_TYPE.to_owned(), json!(registry.map(|(kind, _)| kind)));
    for value in &record.values {
        let text = match value.instant {
            Some(at) if value.kind == "instant" => instant(at),
            _ => value.text.clone(),
        };
        fields.insert(value.key.clone(), if text.is_empty() { Value::Null } else { json!(text) });
    }
    fields
}
