//! Under which ids people, positions and places stand. An entity keeps the first id that it was shown under.

use std::collections::{BTreeSet, HashMap, HashSet};

use mhero_fhir::primitive::is_id;
use mhero_store::{KnownAs, Snapshot, Unit};
use uuid::Uuid;

use crate::fhir::FhirError;

/// Ids of some entities.
#[derive(Debug, Default)]
pub(super) struct Names {
    by_entity: HashMap<(&'static str, Uuid), String>,
}

impl Names {
    /// Learns the ids of some entities as a kind; those that have none get one, with `wished` before our own.
    pub(super) async fn learn(
        &mut self,
        (unit, snapshot): (&mut Unit, &mut Snapshot),
        kind: &'static str,
        entities: impl IntoIterator<Item = Uuid>,
        wished: impl Fn(Uuid) -> Option<String>,
    ) -> Result<(), FhirError> {
        let wanted: BTreeSet<Uuid> =
            entities.into_iter().filter(|one| !self.by_entity.contains_key(&(kind, *one))).collect();
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let known = snapshot.golden_names(kind, &wanted).await?;
        let missing: Vec<Uuid> = wanted.iter().copied().filter(|one| !known.contains_key(one)).collect();
        self.by_entity.extend(known.into_iter().map(|(entity, id)| ((kind, entity), id)));
        if missing.is_empty() {
            return Ok(());
        }
        let as_known = snapshot.golden_known_as(kind, &missing).await?;
        let mut offered: HashMap<Uuid, Vec<String>> = HashMap::new();
        for KnownAs { entity, id, .. } in as_known {
            offered.entry(entity).or_default().push(id);
        }
        for entity in &missing {
            offered.entry(*entity).or_default().extend(wished(*entity));
        }
        let ids: Vec<String> = offered.values().flatten().filter(|id| is_id(id)).cloned().collect();
        let mut taken: HashSet<String> = snapshot.golden_taken(kind, &ids).await?.into_iter().collect();
        for entity in missing {
            let free =
                offered.remove(&entity).unwrap_or_default().into_iter().find(|id| is_id(id) && !taken.contains(id));
            let id = free.unwrap_or_else(|| entity.to_string());
            taken.insert(id.clone());
            unit.name_golden(kind, entity, &id);
            self.by_entity.insert((kind, entity), id);
        }
        Ok(())
    }

    /// The id of an entity as a kind, once learned.
    pub(super) fn id(&self, kind: &'static str, entity: Uuid) -> Option<&str> {
        self.by_entity.get(&(kind, entity)).map(String::as_str)
    }

    /// A reference to an entity as a kind, once learned.
    pub(super) fn reference(&self, kind: &'static str, entity: Uuid) -> Option<String> {
        self.id(kind, entity).map(|id| format!("{kind}/{id}"))
    }
}
