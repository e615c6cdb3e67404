//! Finding entities, as the standard functions do.

use mhero_app::Caller;
use mhero_core::{PersonId, Right};
use mhero_store::DirectoryAsked;
use mhero_wire::csd::{Document, Element, Kind, Sought, URN_SYSTEM};

use super::{
    CsdFault, CsdServer, ENTITIES_MAX,
    entities::{Country, Told, id_in, workers},
};

/// Workers read at a time.
const SLICE: i64 = 1_000;
/// Services of one answer at most.
const SERVICES_SLICE: i64 = 10_000;

/// Which of the entities that fit stand in an answer.
struct Paging {
    skip: u64,
    left: u64,
    taken: usize,
}

impl Paging {
    fn of(sought: &Sought) -> Self {
        Self { skip: sought.start.saturating_sub(1), left: sought.max.unwrap_or(u64::MAX), taken: 0 }
    }

    const fn is_full(&self) -> bool {
        self.left == 0
    }

    /// Whether the next one that fits stands in the answer.
    fn takes(&mut self) -> Result<bool, CsdFault> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(false);
        }
        if self.left == 0 {
            return Ok(false);
        }
        if self.taken >= ENTITIES_MAX {
            let said = format!("the answer has more than {ENTITIES_MAX} entities: ask page by page with start and max");
            return Err(CsdFault::NotDone(said));
        }
        (self.left, self.taken) = (self.left - 1, self.taken + 1);
        Ok(true)
    }
}

impl CsdServer {
    /// What a search for entities of a kind finds, as a document.
    pub(super) async fn search(&self, caller: &Caller, kind: Kind, sought: &Sought) -> Result<Document, CsdFault> {
        let mut document = Document::default();
        self.add_found(caller, kind, sought, &mut document).await?;
        Ok(document)
    }

    pub(super) async fn add_found(
        &self,
        caller: &Caller,
        kind: Kind,
        sought: &Sought,
        document: &mut Document,
    ) -> Result<(), CsdFault> {
        match kind {
            Kind::Provider => {
                for told in self.providers(caller, sought).await? {
                    document.add(Kind::Provider, &told.element);
                }
            }
            Kind::Service => {
                for service in self.services(sought).await? {
                    document.add(Kind::Service, &service);
                }
            }
            Kind::Facility | Kind::Organization => {
                let country = Country::read(self.app.store()).await?;
                let mut paging = Paging::of(sought);
                for row in country.places().iter().filter(|row| row.is_facility == (kind == Kind::Facility)) {
                    let (kind, element) = country.entity(row, &self.base);
                    // An old client may still know it by the id that we made.
                    let by_own = sought.id.as_deref().and_then(id_in) == Some(row.id.uuid());
                    let sought_of_it = if by_own { &Sought { id: None, ..sought.clone() } } else { sought };
                    if sought_of_it.fits(kind, &element) && paging.takes()? {
                        document.add(kind, &element);
                    }
                }
            }
        }
        Ok(())
    }

    /// The worker whom an entity id means, whether or not the caller may see them.
    pub(super) async fn person_of(&self, entity: &str) -> Result<Option<PersonId>, CsdFault> {
        let entity = entity.trim().to_lowercase();
        let own = id_in(&entity).map(PersonId::from_uuid);
        Ok(self.app.store().person_meant((URN_SYSTEM, &entity), own).await?)
    }

    /// Health workers of the caller's scope that fit.
    pub(super) async fn providers(&self, caller: &Caller, sought: &Sought) -> Result<Vec<Told>, CsdFault> {
        caller.must(Right::ReadPeople)?;
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let country = Country::read(store).await?;
        let mut asked = DirectoryAsked {
            limit: SLICE,
            since: sought.since.map(jiff::Timestamp::as_microsecond),
            ..DirectoryAsked::default()
        };
        if let Some(entity) = &sought.id {
            let Some(person) = self.person_of(entity).await? else { return Ok(Vec::new()) };
            asked.person = Some(person);
        }
        if let Some(entity) = &sought.facility {
            let Some(place) = country.meant(entity) else { return Ok(Vec::new()) };
            asked.place = Some(place);
        }
        asked.identifier = sought.other_id.as_ref().and_then(|(_, _, value)| value.clone());
        // What the store has looked up already is not asked of the entity again: it may tell it in other words.
        let rest = Sought { id: None, facility: None, ..sought.clone() };
        let is_plain = rest.is_plain();
        let mut paging = Paging::of(sought);
        let mut all = Vec::new();
        loop {
            let mut found = store.directory_workers(&caller.scope, &asked).await?;
            let is_last = i64::try_from(found.len()).is_ok_and(|n| n < SLICE);
            asked.after = found.last().map(|worker| worker.id);
            if is_plain {
                // Those before the page need not be made.
                let passed = usize::try_from(paging.skip).unwrap_or(usize::MAX).min(found.len());
                paging.skip -= passed as u64;
                found.drain(..passed);
            }
            for told in workers(store, &country, &found, (now, &self.base)).await? {
                if rest.fits(Kind::Provider, &told.element) && paging.takes()? {
                    all.push(told);
                }
            }
            if is_last || paging.is_full() {
                return Ok(all);
            }
        }
    }

    /// Services, which are kept as registries told them.
    async fn services(&self, sought: &Sought) -> Result<Vec<Element>, CsdFault> {
        let since = sought.since.map_or(i64::MIN, jiff::Timestamp::as_microsecond);
        let kept = self.app.store().kept_records(Kind::Service.as_str(), since, (None, SERVICES_SLICE)).await?;
        let mut paging = Paging::of(sought);
        let mut all = Vec::new();
        for (_, raw, _) in kept {
            let Ok(entity) = Element::of_entity(&raw) else { continue };
            if sought.fits(Kind::Service, &entity.element) && paging.takes()? {
                all.push(entity.element);
            }
        }
        Ok(all)
    }

    /// All that changed at or after an instant, as far as the caller may see it.
    pub(super) async fn changed(&self, caller: &Caller, since: jiff::Timestamp) -> Result<Document, CsdFault> {
        let mut document = Document::default();
        let sought = Sought { since: Some(since), start: 1, ..Sought::default() };
        for kind in Kind::ALL {
            self.add_found(caller, kind, &sought, &mut document).await?;
        }
        Ok(document)
    }
}
