//! Which registry owns a value, and its record.

use std::sync::Arc;

use mhero_core::{PersonId, PlaceId, record::Content};
use mhero_store::{Source, TargetRecord};

use super::fields::is_of_position;
use crate::{App, AppError, ports::Registry};

/// The kind of sources that are sets of files.
pub(super) const FILES: &str = "files";

/// Where a correction goes.
pub(super) struct Target {
    pub(super) source: Source,
    pub(super) record: TargetRecord,
    pub(super) content: Content,
}

impl App {
    /// The record that a correction of a field is written to: that of the field's owner; else that of the first source by rank that
    /// can write it; else that of the first source that is a set of files, which gets a correction file.
    pub(super) async fn target_of(&self, person: PersonId, field: &str) -> Result<Option<Target>, AppError> {
        let fits = |content: &Content| match content {
            Content::Person(person) => !is_of_position(field) || !person.positions.is_empty(),
            Content::Position(_) => is_of_position(field),
            _ => false,
        };
        let records = read(self.store().target_records(person).await?, fits);
        self.target_among(records, (field, false)).await
    }

    /// The same of a value of a place; `None` where no registry can hold it.
    pub(super) async fn target_of_place(&self, place: PlaceId, field: &str) -> Result<Option<Target>, AppError> {
        let records = self.store().target_records_of_place(place).await?;
        let records = read(records, |content| matches!(content, Content::Place(_)));
        self.target_among(records, (field, true)).await
    }

    async fn target_among(
        &self,
        records: Vec<(TargetRecord, Content)>,
        (field, is_of_place): (&str, bool),
    ) -> Result<Option<Target>, AppError> {
        let mut sources = self.store().sources().await?;
        sources.sort_by_key(|source| (source.rank, source.id));
        let owners: Vec<_> = self.store().owners().await?.into_iter().filter(|row| row.field == field).collect();
        let rank = |source: &Source| owners.iter().find(|row| row.source == source.id).map(|row| row.rank);
        let mut owned: Vec<&Source> = sources.iter().filter(|source| rank(source).is_some()).collect();
        owned.sort_by_key(|source| rank(source));
        let has = |source: &Source| records.iter().find(|(record, _)| record.source == source.id).cloned();
        let found = |source: &Source, (record, content)| Some(Target { source: source.clone(), record, content });
        for source in owned {
            if let Some(kept) = has(source) {
                return Ok(found(source, kept));
            }
        }
        let mut file = None;
        for source in &sources {
            let Some(kept) = has(source) else { continue };
            if self.can_write(source, (field, is_of_place)).await {
                return Ok(found(source, kept));
            }
            if file.is_none() && source.kind == FILES {
                file = found(source, kept);
            }
        }
        Ok(file)
    }

    /// Whether a source can be told of a field, of a person or of a place.
    pub(super) async fn can_write(&self, source: &Source, field: (&str, bool)) -> bool {
        self.registry_to_write(source).await.is_some_and(|registry| writes(registry.as_ref(), field))
    }

    /// The registry behind a source; `None` for files and for settings that its connector refuses.
    pub(super) async fn registry_to_write(&self, source: &Source) -> Option<Arc<dyn Registry>> {
        if source.kind == FILES { None } else { self.registry(source.id).await.ok() }
    }
}

/// Whether a registry can be told of a field, of a person or of a place.
pub(super) fn writes(registry: &dyn Registry, (field, is_of_place): (&str, bool)) -> bool {
    if is_of_place { registry.writes_of_place(field) } else { registry.writes().contains(&field) }
}

/// Those of some records that hold the field.
fn read(records: Vec<TargetRecord>, fits: impl Fn(&Content) -> bool) -> Vec<(TargetRecord, Content)> {
    let read = |record: TargetRecord| {
        let content = serde_json::from_str::<Content>(&record.content).ok()?;
        fits(&content).then_some((record, content))
    };
    records.into_iter().filter_map(read).collect()
}
