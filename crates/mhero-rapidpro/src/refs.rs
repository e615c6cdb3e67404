//! What references name: contacts by UUID or address, groups, labels and flows by UUID or name.

use mhero_app::Caller;
use mhero_core::{CampaignId, FlowId, GroupId, Lang, PersonId};
use mhero_query::fold;
use mhero_store::{CampaignRow, ContactsAsked, FlowRow, Group, Keyset};
use mhero_wire::rapidpro::Urn;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{ApiError, ApiServer, ask::shown};

/// The scheme of phone numbers.
pub(crate) const TEL: &str = "tel";

/// A reference as it is written out.
pub(crate) fn named(uuid: impl std::fmt::Display, name: &str) -> Value {
    json!({ "uuid": uuid.to_string(), "name": name })
}

/// An address as the API writes it.
pub(crate) fn urn_of(scheme: &str, path: &str) -> String {
    format!("{scheme}:{path}")
}

impl ApiServer {
    /// An address as it is kept: numbers in E.164. `None` where the text is no address.
    pub(crate) async fn address(&self, text: &str) -> Result<Option<(String, String)>, ApiError> {
        let Some(urn) = Urn::read(text) else { return Ok(None) };
        if urn.scheme != TEL {
            return Ok(Some((urn.scheme, urn.path)));
        }
        let numbering = self.app.numbering_cached().await?;
        let reading = numbering.read(&urn.path);
        let short = || urn.path.chars().all(|c| c.is_ascii_digit()) && urn.path.len() <= 6;
        match reading.e164() {
            Some(path) => Ok(Some((urn.scheme, path.to_owned()))),
            None if short() => Ok(Some((urn.scheme, urn.path))),
            None => Ok(None),
        }
    }

    /// The one contact of an address: whoever had the last conversation there, else the primary, else whoever was there first.
    pub(crate) async fn holder(&self, (scheme, path): (&str, &str)) -> Result<Option<PersonId>, ApiError> {
        let store = self.app.store();
        let holders = store.holders(scheme, path).await?;
        let [first, ..] = holders.as_slice() else { return Ok(None) };
        if holders.len() == 1 {
            return Ok(Some(first.person));
        }
        let last = store.last_sent_to(scheme, path).await?.map(|last| last.person);
        let spoke = holders.iter().find(|holder| Some(holder.person) == last);
        let primary = || holders.iter().find(|holder| holder.is_primary);
        let works = || holders.iter().find(|holder| holder.active && holder.standing == "worker");
        Ok(spoke.or_else(primary).or_else(works).or(Some(first)).map(|holder| holder.person))
    }

    /// A contact within the caller's scope, by UUID or address.
    pub(crate) async fn contact_called(&self, caller: &Caller, text: &str) -> Result<Option<PersonId>, ApiError> {
        let person = match text.parse::<Uuid>() {
            Ok(uuid) => Some(self.app.store().golden(PersonId::from_uuid(uuid)).await?),
            Err(_) => match self.address(text).await? {
                Some((scheme, path)) => self.holder((&scheme, &path)).await?,
                None => None,
            },
        };
        match person {
            Some(person) if self.sees(caller, &[person]).await?.is_empty() => Ok(None),
            found => Ok(found),
        }
    }

    /// Those of some people who are contacts within the caller's scope.
    pub(crate) async fn sees(&self, caller: &Caller, people: &[PersonId]) -> Result<Vec<PersonId>, ApiError> {
        let asked = ContactsAsked { people: Some(people), ..ContactsAsked::default() };
        let all = Keyset { newest_first: true, from: None, until: None, after: None, limit: i64::MAX };
        let now = self.app.clock().now_micros();
        let found = self.app.store().contact_page(&caller.scope, &asked, &all, now).await?;
        Ok(found.into_iter().map(|stamp| stamp.id).collect())
    }

    /// Contacts of a body. Each that is not there is told.
    pub(crate) async fn contacts_called(
        &self,
        caller: &Caller,
        field: &str,
        texts: &[String],
    ) -> Result<Vec<PersonId>, ApiError> {
        let (mut found, mut missing) = (Vec::with_capacity(texts.len()), Vec::new());
        for text in texts {
            match self.contact_called(caller, text).await? {
                Some(person) if found.contains(&person) => {}
                Some(person) => found.push(person),
                None => missing.push((field.to_owned(), format!("No such object: {}", shown(text)))),
            }
        }
        if missing.is_empty() { Ok(found) } else { Err(ApiError::Fields(missing)) }
    }

    /// A group that is not archived, by UUID or name.
    pub(crate) async fn group_called(&self, text: &str) -> Result<Option<Group>, ApiError> {
        let store = self.app.store();
        let found = match text.parse() {
            Ok(uuid) => store.group(GroupId::from_uuid(uuid)).await?,
            Err(_) => store.group_named(&fold(text)).await?,
        };
        Ok(found.filter(|group| group.active))
    }

    /// Groups of a body. Each that is not there is told.
    pub(crate) async fn groups_called(&self, field: &str, texts: &[String]) -> Result<Vec<Group>, ApiError> {
        let (mut found, mut missing) = (Vec::<Group>::with_capacity(texts.len()), Vec::new());
        for text in texts {
            match self.group_called(text).await? {
                Some(group) if found.iter().any(|known| known.id == group.id) => {}
                Some(group) => found.push(group),
                None => missing.push((field.to_owned(), format!("No such object: {}", shown(text)))),
            }
        }
        if missing.is_empty() { Ok(found) } else { Err(ApiError::Fields(missing)) }
    }

    /// A flow, by UUID or name.
    pub(crate) async fn flow_called(&self, text: &str) -> Result<Option<FlowRow>, ApiError> {
        let store = self.app.store();
        Ok(match text.parse() {
            Ok(uuid) => store.flow(FlowId::from_uuid(uuid)).await?,
            Err(_) => store.flow_by_name(&fold(text)).await?,
        })
    }

    /// A campaign that is not archived, by UUID or name.
    pub(crate) async fn campaign_called(&self, text: &str) -> Result<Option<CampaignRow>, ApiError> {
        let id = text.parse().ok().map(CampaignId::from_uuid);
        let folded = fold(text);
        let campaigns = self.app.store().campaigns().await?;
        let is = |row: &CampaignRow| Some(row.id) == id || (id.is_none() && fold(&row.name) == folded);
        Ok(campaigns.into_iter().find(|row| row.active && is(row)))
    }
}

/// The name of a group as the API shows it.
pub(crate) fn group_name(group: &Group, language: Lang) -> &str {
    group.name.best(language)
}

/// The query that means some people, groups of people, or both.
pub(crate) fn audience(people: &[PersonId], groups: &[GroupId]) -> String {
    let people = people.iter().map(|person| format!("uuid = {person}"));
    let groups = groups.iter().map(|group| format!("group = {group}"));
    people.chain(groups).collect::<Vec<_>>().join(" OR ")
}
