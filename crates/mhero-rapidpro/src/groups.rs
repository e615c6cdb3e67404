//! Audiences as groups.

use mhero_app::{AppError, groups::KeptBy};
use mhero_core::Right;
use mhero_query::fold;
use mhero_store::Group;
use serde_json::{Value, json};

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    page::{Item, items_page, nothing},
    refs::group_name,
};

/// Most groups that there may be.
const GROUPS_MAX: usize = 250;
/// Longest name of a group, in characters.
const NAME_MAX: usize = 64;

impl ApiServer {
    /// `GET groups`.
    pub(crate) async fn groups(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        ask.at_most_one(&["uuid", "name"])?;
        let (uuid, name) = (ask.uuid("uuid")?, ask.param("name").map(fold));
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let counts = self.app.store().group_counts(&ask.caller.scope).await?;
        let mut items = Vec::new();
        for group in self.app.store().groups(false).await? {
            let is_named = |name: &String| group.name.iter().any(|(_, own)| fold(own) == *name);
            if uuid.is_some_and(|uuid| group.id.uuid() != uuid) || name.as_ref().is_some_and(|name| !is_named(name)) {
                continue;
            }
            items.push(Item::new(group.created_at, group.id.uuid(), json!(null)));
        }
        let mut items = wanted.of_all(items);
        for item in &mut items {
            let id = mhero_core::GroupId::from_uuid(item.id);
            let Some(group) = self.app.store().group(id).await? else { continue };
            item.json = self.group_json(ask, &group, counts.get(&id).copied().unwrap_or(0)).await?;
        }
        Ok(items_page(ask, &self.base, items))
    }

    /// A group; of one by query those are counted whom it means now.
    async fn group_json(&self, ask: &Ask, group: &Group, members: i64) -> Result<Value, ApiError> {
        let (status, count) = match &group.query {
            None => ("ready", members),
            Some(query) => match self.app.count_audience(&ask.caller, query).await {
                Ok(count) => ("ready", count),
                Err(AppError::Query(_) | AppError::Invalid(_)) => ("invalid", 0),
                Err(other) => return Err(other.into()),
            },
        };
        Ok(json!({
            "uuid": group.id.to_string(),
            "name": group_name(group, ask.caller.language),
            "query": group.query,
            "status": status,
            "system": false,
            "count": count,
        }))
    }

    /// `POST groups`: makes one, or renames one by `?uuid=`.
    pub(crate) async fn write_group(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditAudiences)?;
        let name = ask.needed("name", NAME_MAX)?;
        let taken = self.app.store().group_named(&fold(&name)).await?.filter(|group| group.active);
        let known = match ask.uuid("uuid")? {
            Some(uuid) => Some(self.group_called(&uuid.to_string()).await?.ok_or(ApiError::NotFound)?),
            None => None,
        };
        if taken.is_some_and(|taken| known.as_ref().is_none_or(|known| known.id != taken.id)) {
            return Err(ApiError::field("name", "This field must be unique."));
        }
        let (id, is_new) = match known {
            Some(group) => {
                self.app.rename_group(&ask.caller, group.id, &name).await?;
                (group.id, false)
            }
            None => {
                if self.app.store().groups(false).await?.len() >= GROUPS_MAX {
                    let said = format!("Cannot create object because workspace has reached limit of {GROUPS_MAX}.");
                    return Err(ApiError::Full(said));
                }
                (self.app.create_group(&ask.caller, &name, KeptBy::Hand(None)).await?, true)
            }
        };
        let group = self.app.store().group(id).await?.ok_or(ApiError::NotFound)?;
        let members = self.app.store().group_counts(&ask.caller.scope).await?.get(&id).copied().unwrap_or(0);
        let json = self.group_json(ask, &group, members).await?;
        Ok(if is_new { Answer::made(json) } else { Answer::ok(json) })
    }

    /// `DELETE groups`: puts one away that no campaign and no trigger needs.
    pub(crate) async fn delete_group(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::EditAudiences)?;
        let needed = || ApiError::Detail("URL must contain one of the following parameters: uuid".to_owned());
        let uuid = ask.uuid("uuid")?.ok_or_else(needed)?;
        let group = self.group_called(&uuid.to_string()).await?.ok_or(ApiError::NotFound)?;
        let store = self.app.store();
        if store.campaigns().await?.iter().any(|row| row.active && row.group == group.id) {
            return Err(ApiError::Detail("Group is being used by campaigns which must be archived first.".to_owned()));
        }
        let id = group.id.to_string();
        if store
            .triggers()
            .await?
            .iter()
            .any(|row| row.active && (row.groups.contains(&id) || row.exclude.contains(&id)))
        {
            return Err(ApiError::Detail("Group is being used by triggers which must be archived first.".to_owned()));
        }
        self.app.archive_group(&ask.caller, group.id).await?;
        Ok(Answer::done())
    }
}
