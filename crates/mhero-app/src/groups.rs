//! Groups: by hand, with members; or by a query that keeps them as the registry changes.

use mhero_core::{GroupId, LangMap, PersonId, Right, limits::NAME_CHARS_MAX};
use mhero_query::{Leaf, Predicate, fold};
use mhero_store::{Group, Queue, StoreError, Unit};
use serde_json::json;

use crate::{App, AppError, Caller};

/// People written at a time.
const SLICE: i64 = 1_000;

/// Who keeps a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptBy<'a> {
    /// People: it begins empty, or with those whom a query means now.
    Hand(Option<&'a str>),
    /// A query, from now on.
    Query(&'a str),
}

/// A group in a list, in the caller's language.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    /// The group.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// What its query means as a sentence; the query itself where it no longer means anything.
    pub said: Option<String>,
    /// Members within the caller's scope; `None` where the query no longer means anything.
    pub people: Option<i64>,
}

impl App {
    /// Makes a group.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a name that is empty, too long or taken, and for a query that can't keep a group;
    /// [`AppError::Query`].
    pub async fn create_group(&self, caller: &Caller, name: &str, kept_by: KeptBy<'_>) -> Result<GroupId, AppError> {
        caller.must(Right::EditAudiences)?;
        let (name, folded) = clean_name(name)?;
        let (query, first) = match kept_by {
            KeptBy::Hand(first) => (None, first),
            KeptBy::Query(query) => (Some(self.keeping(caller, query).await?), None),
        };
        // What can't be read is refused before there is a group.
        let first = match first {
            Some(first) => Some(self.check_audience(caller, first).await?.predicate),
            None => None,
        };
        let now = self.clock().now_micros();
        let id = self.store().mint().id(GroupId::from_uuid);
        let by_query = query.is_some();
        let group = Group {
            id,
            name: LangMap::one(caller.language, &name),
            query,
            active: true,
            created_by: caller.scope.principal(),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_group(&group, &folded);
        unit.changed("group", id.uuid(), "created", now);
        unit.audit(
            self.store(),
            &caller.entry("group-created", "group", Some(id.uuid()), json!({ "query": by_query })),
        );
        self.store().write(unit, Queue::Interactive).await.map_err(|error| taken(error, &name))?;
        if let Some(predicate) = first {
            self.put_into(caller, id, &predicate).await?;
        }
        Ok(id)
    }

    /// Gives a group another name, in the caller's language only.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a name that is empty, too long or taken.
    pub async fn rename_group(&self, caller: &Caller, id: GroupId, name: &str) -> Result<(), AppError> {
        let (name, folded) = clean_name(name)?;
        let changed = self.change_group(caller, id, "group-renamed", |group| {
            group.name = LangMap::one(caller.language, &name);
            folded.clone()
        });
        changed.await.map_err(|error| match error {
            AppError::Store(error) => taken(error, &name),
            other => other,
        })
    }

    /// Gives a group by query another query.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a group by hand and for a query that can't keep a group;
    /// [`AppError::Query`].
    pub async fn set_group_query(&self, caller: &Caller, id: GroupId, query: &str) -> Result<(), AppError> {
        let query = self.keeping(caller, query).await?;
        self.existing(id, true).await?;
        self.change_group(caller, id, "group-query-changed", |group| {
            group.query = Some(query.clone());
            folded_name(group)
        })
        .await
    }

    /// Puts a group away: it can no longer be chosen, its name is free again, its members stay on record.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn archive_group(&self, caller: &Caller, id: GroupId) -> Result<(), AppError> {
        self.change_group(caller, id, "group-archived", |group| {
            group.active = false;
            format!("{} {}", folded_name(group), group.id)
        })
        .await
    }

    /// Puts those whom a query means into a group by hand, once. Returns how many it means.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for a group by query; [`AppError::Query`].
    pub async fn add_to_group(&self, caller: &Caller, id: GroupId, query: &str) -> Result<i64, AppError> {
        caller.must(Right::EditAudiences)?;
        self.existing(id, false).await?;
        let predicate = self.check_audience(caller, query).await?.predicate;
        self.put_into(caller, id, &predicate).await
    }

    /// Puts one person of the caller's scope into a group by hand.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for group or person; [`AppError::Invalid`] for a group by query.
    pub async fn add_person_to_group(&self, caller: &Caller, id: GroupId, person: PersonId) -> Result<(), AppError> {
        caller.must(Right::EditAudiences)?;
        self.existing(id, false).await?;
        match self.put_into(caller, id, &Leaf::Person(person).into()).await? {
            0 => Err(AppError::not_found("person", person)),
            _ => Ok(()),
        }
    }

    /// Takes one person of the caller's scope out of a group by hand.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for group or person; [`AppError::Invalid`] for a group by query.
    pub async fn remove_from_group(&self, caller: &Caller, id: GroupId, person: PersonId) -> Result<(), AppError> {
        caller.must(Right::EditAudiences)?;
        self.existing(id, false).await?;
        let now = self.clock().now_micros();
        let visible = self.store().person_facts(&caller.scope, &[person], now).await?;
        if visible.is_empty() {
            return Err(AppError::not_found("person", person));
        }
        let mut unit = Unit::new();
        unit.remove_member(id, person).touch_person(person, now);
        unit.changed("group", id.uuid(), "updated", now);
        let facts = json!({ "person": person });
        unit.audit(self.store(), &caller.entry("group-member-removed", "group", Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// All groups that are not archived, by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn list_groups(&self, caller: &Caller) -> Result<Vec<GroupRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        let counts = self.store().group_counts(&caller.scope).await?;
        let mut rows = Vec::new();
        for group in self.store().groups(false).await? {
            rows.push(match group.query {
                Some(_) => self.row_by_query(caller, group).await?,
                None => {
                    let people = Some(counts.get(&group.id).copied().unwrap_or(0));
                    GroupRow { name: group.name.best(caller.language).to_owned(), said: None, people, group }
                }
            });
        }
        Ok(rows)
    }

    /// One group, archived or not. Its members are the people of the query `group = ID`.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn group(&self, caller: &Caller, id: GroupId) -> Result<GroupRow, AppError> {
        caller.must(Right::ReadPeople)?;
        let group = self.store().group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
        if group.query.is_some() {
            return self.row_by_query(caller, group).await;
        }
        let members = Predicate::from(Leaf::Group(vec![id]));
        let people = self.store().count_audience(&caller.scope, &members, self.clock().now_micros()).await?;
        Ok(GroupRow { name: group.name.best(caller.language).to_owned(), said: None, people: Some(people), group })
    }

    async fn row_by_query(&self, caller: &Caller, group: Group) -> Result<GroupRow, AppError> {
        let query = group.query.clone().unwrap_or_default();
        let (said, people) = match self.check_audience(caller, &query).await {
            Ok(audience) => {
                let now = self.clock().now_micros();
                let people = self.store().count_audience(&caller.scope, &audience.predicate, now).await?;
                (audience.sentence(caller.language), Some(people))
            }
            Err(AppError::Query(_) | AppError::Invalid(_)) => (query, None),
            Err(other) => return Err(other),
        };
        Ok(GroupRow { name: group.name.best(caller.language).to_owned(), said: Some(said), people, group })
    }

    /// A query that may keep a group, as written.
    pub(crate) async fn keeping(&self, caller: &Caller, query: &str) -> Result<String, AppError> {
        let checked = self.check_audience(caller, query).await?;
        if !checked.audience.may_define_group() {
            return Err(AppError::invalid("groups-query-not-allowed", []));
        }
        Ok(checked.query.to_string())
    }

    /// An open group that is by query, or by hand, as asked.
    async fn existing(&self, id: GroupId, by_query: bool) -> Result<Group, AppError> {
        let group = self.store().group(id).await?.filter(|group| group.active);
        let group = group.ok_or_else(|| AppError::not_found("group", id))?;
        match (group.query.is_some(), by_query) {
            (true, false) => Err(AppError::invalid("groups-kept-by-query", [])),
            (false, true) => Err(AppError::invalid("groups-kept-by-hand", [])),
            _ => Ok(group),
        }
    }

    /// Changes an open group; `change` returns its folded name.
    async fn change_group(
        &self,
        caller: &Caller,
        id: GroupId,
        action: &'static str,
        change: impl Fn(&mut Group) -> String,
    ) -> Result<(), AppError> {
        caller.must(Right::EditAudiences)?;
        self.store()
            .decide(|| async {
                let group = self.store().group(id).await?.filter(|group| group.active);
                let mut group = group.ok_or_else(|| AppError::not_found("group", id))?;
                group.updated_at = self.clock().now_micros();
                let folded = change(&mut group);
                let mut unit = Unit::new();
                unit.set_group(&group, &folded);
                unit.changed("group", id.uuid(), "updated", group.updated_at);
                unit.audit(self.store(), &caller.entry(action, "group", Some(id.uuid()), json!({})));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }

    /// Writes those whom a predicate means within the caller's scope into a group, in slices.
    async fn put_into(&self, caller: &Caller, id: GroupId, predicate: &Predicate) -> Result<i64, AppError> {
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await?;
        let (mut after, mut added) = (None, 0);
        loop {
            let people = snapshot.candidates(&caller.scope, predicate, now, after, SLICE).await?;
            let Some(last) = people.last() else { break };
            after = Some(last.person);
            let count = i64::try_from(people.len()).unwrap_or(0);
            let mut unit = Unit::new();
            for candidate in people {
                unit.add_member(id, candidate.person, now).touch_person(candidate.person, now);
            }
            added += count;
            self.store().write(unit, Queue::Bulk).await?;
            if count < SLICE {
                break;
            }
        }
        let mut unit = Unit::new();
        unit.changed("group", id.uuid(), "updated", now);
        let facts = json!({ "people": added });
        unit.audit(self.store(), &caller.entry("group-members-added", "group", Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(added)
    }
}

/// A name as it is kept, and folded.
fn clean_name(name: &str) -> Result<(String, String), AppError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = fold(&name);
    if folded.is_empty() {
        return Err(AppError::invalid("groups-name-empty", []));
    }
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(AppError::invalid("groups-name-long", [("max", NAME_CHARS_MAX.to_string())]));
    }
    Ok((name, folded))
}

fn folded_name(group: &Group) -> String {
    group.name.iter().next().map(|(_, name)| fold(name)).unwrap_or_default()
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Exists { .. } => AppError::invalid("groups-name-taken", [("name", name.to_owned())]),
        other => other.into(),
    }
}
