//! Merging people and taking that back, each in one unit with the derivation of whom it concerns.

use std::collections::HashMap;

use mhero_core::{
    FieldId, PersonId, SourceId,
    record::{Content, PersonRecord, Ref},
};
use mhero_store::{Carried, LinkRow, LiveOf, NewLink, PairState, StoreError, Unit, WorkHome};
use serde_json::json;
use uuid::Uuid;

use super::shown::Why;
use crate::{App, AppError, Caller, people::import::Run};

/// What somebody is who was joined to another.
const JOINED: &str = "joined";
/// Longest chain of merges that is followed.
const CHAIN_MAX: usize = 64;

/// As whom the members of merges count: the person and by which merge they are joined.
struct Roots(HashMap<PersonId, (PersonId, Uuid)>);

impl Roots {
    fn of(links: &[LinkRow]) -> Self {
        let up: HashMap<PersonId, (PersonId, Uuid)> =
            links.iter().map(|link| (link.joined, (link.person, link.id))).collect();
        let root = |from: PersonId| {
            let mut at = from;
            for _ in 0..CHAIN_MAX {
                let Some((above, _)) = up.get(&at) else { break };
                at = *above;
            }
            at
        };
        Self(up.iter().map(|(joined, (person, link))| (*joined, (root(*person), *link))).collect())
    }

    fn root(&self, person: PersonId) -> PersonId {
        self.0.get(&person).map_or(person, |(root, _)| *root)
    }
}

/// A merge to be made: who stays, who is joined to them, and why. Both must count as themselves.
pub(super) struct Joining {
    pub(super) person: PersonId,
    pub(super) joined: PersonId,
    pub(super) why: Why,
}

/// What is read of all whom some merges concern, before any of them is made.
struct Before {
    links: Vec<LinkRow>,
    standings: HashMap<PersonId, String>,
    live: HashMap<PersonId, LiveOf>,
    /// Positions, trainings and absences, and of whom their records speak.
    work: Vec<(WorkHome, Option<PersonId>)>,
}

impl Before {
    /// The merges that were made among some people.
    fn links_of(&self, members: &[PersonId]) -> Vec<LinkRow> {
        let concerns = |link: &&LinkRow| members.contains(&link.person) || members.contains(&link.joined);
        self.links.iter().filter(concerns).cloned().collect()
    }
}

impl App {
    /// Joins a person to another, in a run that holds the lease of imports. Both must count as themselves.
    pub(super) async fn merge_in(
        &self,
        run: &mut Run<'_>,
        caller: &Caller,
        (person, joined): (PersonId, PersonId),
        why: &Why,
    ) -> Result<Uuid, AppError> {
        let joining = Joining { person, joined, why: why.clone() };
        let links = self.merge_all(run, caller, std::slice::from_ref(&joining)).await?;
        links.first().copied().ok_or(AppError::Store(StoreError::Closed))
    }

    /// The same for several pairs in one unit: nobody may stand in two of them, nor count as somebody who does. All are made, or
    /// none.
    pub(super) async fn merge_all(
        &self,
        run: &mut Run<'_>,
        caller: &Caller,
        joinings: &[Joining],
    ) -> Result<Vec<Uuid>, AppError> {
        let store = self.store();
        let members: Vec<Vec<PersonId>> = joinings.iter().map(|one| members(run, &[one.person, one.joined])).collect();
        let everybody = members.concat();
        let joined: Vec<PersonId> = joinings.iter().map(|one| one.joined).collect();
        let pairs: Vec<(PersonId, PersonId)> = joinings.iter().map(|one| (one.joined, one.person)).collect();
        let before = Before {
            links: store.live_links(&everybody).await?,
            standings: store.standings(&joined).await?,
            live: store.live_of(&pairs).await?,
            work: self.work_of(&everybody).await?,
        };
        let mut unit = Unit::new();
        let mut links = Vec::with_capacity(joinings.len());
        for (joining, members) in joinings.iter().zip(&members) {
            links.push(self.join(run, caller, joining, (members, &before), &mut unit));
        }
        let people: Vec<PersonId> = joinings.iter().map(|one| one.person).collect();
        run.derive_with(&people, unit).await?;
        Ok(links)
    }

    /// Adds one merge to a unit, and to what the run knows.
    fn join(
        &self,
        run: &mut Run<'_>,
        caller: &Caller,
        joining: &Joining,
        (members, before): (&[PersonId], &Before),
        unit: &mut Unit,
    ) -> Uuid {
        let store = self.store();
        let now = self.clock().now_micros();
        let Joining { person, joined, why } = joining;
        let (person, joined) = (*person, *joined);
        let mut links = before.links_of(members);
        let (id, reason, by) = (store.mint().uuid(), why.keep(), caller.actor.id.filter(|_| why.by_hand));
        unit.add_link(&NewLink { id, person, joined, reason: &reason, by }, now);
        links.push(LinkRow {
            id,
            person,
            joined,
            reason: reason.clone(),
            decided_by: by,
            decided_at: now,
            undone_at: None,
        });
        let roots = Roots::of(&links);
        for (alias, (root, link)) in &roots.0 {
            unit.put_alias(*alias, *root, *link);
        }
        if let Some(standing) = before.standings.get(&joined).cloned() {
            unit.carry(id, &Carried { kind: "standing".to_owned(), entity: joined.uuid(), detail: standing });
        }
        unit.set_standing(joined, JOINED, now);
        for mut carried in before.live.get(&joined).cloned().unwrap_or_default() {
            if carried.kind == "primary" {
                carried.entity = store.mint().uuid();
            }
            if carried.kind == "value" {
                run.said.insert((person, FieldId::from_uuid(carried.entity)), true);
            }
            unit.carry(id, &carried);
            unit.bring(&carried, joined, person, now);
        }
        let own = before.work.iter().filter(|(work, _)| members.contains(&work.person));
        bring_home(unit, own, &roots);
        unit.settle_pair((person, joined), PairState::Same, (why.score(), &reason), by, now);
        for who in [person, joined] {
            unit.changed("person", who.uuid(), "updated", now);
        }
        let facts = json!({ "person": person, "joined": joined, "link": id, "by_hand": why.by_hand });
        unit.audit(store, &caller.entry("people-joined", "person", Some(person.uuid()), facts));
        for (alias, (root, _)) in &roots.0 {
            run.aliases.put(*alias, *root);
        }
        id
    }

    /// Takes a merge back, in a run that holds the lease of imports. The two are never asked about again.
    pub(super) async fn undo_in(&self, run: &mut Run<'_>, caller: &Caller, link: &LinkRow) -> Result<(), AppError> {
        let store = self.store();
        let now = self.clock().now_micros();
        let golden = run.aliases.golden(link.joined);
        let members = members(run, &[golden]);
        let mut links = store.live_links(&members).await?;
        links.retain(|other| other.id != link.id);
        let roots = Roots::of(&links);
        let mut unit = Unit::new();
        unit.undo_link(link.id, now);
        for member in members.iter().filter(|member| **member != golden) {
            match roots.0.get(member) {
                Some((root, by)) => {
                    unit.put_alias(*member, *root, *by);
                    run.aliases.put(*member, *root);
                }
                None => {
                    unit.drop_alias(*member);
                    run.aliases.remove(*member);
                }
            }
        }
        let mut is_worker = true;
        for carried in store.carried(link.id).await? {
            match carried.kind.as_str() {
                "standing" => {
                    is_worker = carried.detail == "worker";
                    unit.set_standing(link.joined, &carried.detail, now);
                }
                "value" => {
                    let field = FieldId::from_uuid(carried.entity);
                    if store.has_copy(link.joined, golden, field).await? {
                        run.said.insert((golden, field), false);
                    }
                    unit.give_back(&carried, golden, link.joined);
                }
                _ => {
                    unit.give_back(&carried, golden, link.joined);
                }
            }
        }
        unit.drop_carried(link.id);
        bring_home(&mut unit, &self.work_of(&members).await?, &roots);
        let by = caller.actor.id;
        let pair = (link.person, link.joined);
        unit.settle_pair(pair, PairState::Different, (Why::read(&link.reason).score(), &link.reason), by, now);
        for who in [golden, link.joined] {
            unit.changed("person", who.uuid(), "updated", now);
        }
        let facts = json!({ "person": link.person, "joined": link.joined, "link": link.id });
        unit.audit(store, &caller.entry("people-parted", "person", Some(link.person.uuid()), facts));
        // Who has no record is not derived from any: a stranger stays as they were.
        let derived = [golden, link.joined];
        run.derive_with(if is_worker { &derived } else { &derived[..1] }, unit).await
    }

    /// Positions, trainings and absences of some people, and of whom their records speak.
    async fn work_of(&self, members: &[PersonId]) -> Result<Vec<(WorkHome, Option<PersonId>)>, AppError> {
        let work = self.store().work_homes(members).await?;
        let by_reference = |work: &WorkHome| work.entity_kind.as_deref() != Some("person");
        let known = if work.iter().any(by_reference) { self.said_of(members).await? } else { Said::default() };
        let mut owned = Vec::with_capacity(work.len());
        for work in work {
            let owner = self.owner(&work, &known).await?;
            owned.push((work, owner));
        }
        Ok(owned)
    }

    /// What the records of some people say.
    async fn said_of(&self, members: &[PersonId]) -> Result<Said, AppError> {
        let states = self.store().person_states(members).await?;
        let mut said = Said::default();
        for kept in states.into_values().flat_map(|state| state.contents) {
            let Some(person) = kept.entity.map(PersonId::from_uuid) else { continue };
            if let Ok(Content::Person(content)) = serde_json::from_str(&kept.content) {
                said.contents.push((kept.ext_id.clone(), person, content));
            }
            said.records.insert((kept.source, kept.kind, kept.ext_id), person);
        }
        Ok(said)
    }

    /// Of whom a record of work speaks.
    async fn owner(&self, work: &WorkHome, said: &Said) -> Result<Option<PersonId>, AppError> {
        if work.entity_kind.as_deref() == Some("person") {
            return Ok(work.entity.map(PersonId::from_uuid));
        }
        let content = work.content.as_deref().and_then(|content| serde_json::from_str(content).ok());
        let reference = match content {
            Some(Content::Position(said)) => said.person,
            Some(Content::Training(said)) => said.person,
            Some(Content::Absence(said)) => said.person,
            _ => None,
        };
        let Some(Ref::Id { kind, id }) = reference else { return Ok(None) };
        let named = (work.source, kind, id);
        if let Some(person) = said.records.get(&named) {
            return Ok(Some(*person));
        }
        let (_, kind, id) = named;
        if let Some(person) = self.store().record_person(work.source, &kind, &id).await? {
            return Ok(Some(person));
        }
        // A table of absences calls people by an id or a phone of any source.
        let numbering = self.numbering_cached().await?;
        let number = numbering.read(&id).e164().map(str::to_owned);
        let is_called = |ext_id: &str, said: &PersonRecord| {
            let by_id = ext_id == id || said.identifiers.iter().any(|own| own.value == id);
            let by_phone = number.is_some()
                && said.phones.iter().any(|phone| numbering.read(&phone.raw).e164() == number.as_deref());
            by_id || by_phone
        };
        let called = said.contents.iter().find(|(ext_id, _, content)| is_called(ext_id, content));
        Ok(called.map(|(_, person, _)| *person))
    }
}

/// What the records of some people say: whose each record is, and what stands in it.
#[derive(Default)]
struct Said {
    records: HashMap<(SourceId, String, String), PersonId>,
    contents: Vec<(String, PersonId, Box<PersonRecord>)>,
}

/// Gives positions, trainings and absences to the person as whom the one counts of whom their record speaks.
fn bring_home<'w>(unit: &mut Unit, work: impl IntoIterator<Item = &'w (WorkHome, Option<PersonId>)>, roots: &Roots) {
    for (work, owner) in work {
        let home = roots.root(owner.unwrap_or(work.person));
        if home != work.person {
            unit.move_work(work, home);
        }
    }
}

/// These people and everybody who counts as one of them.
fn members(run: &Run<'_>, people: &[PersonId]) -> Vec<PersonId> {
    let joined = people.iter().flat_map(|person| run.aliases.joined_to(*person));
    people.iter().chain(joined).copied().collect()
}
