//! What the names in a query stand for here.

use std::collections::BTreeSet;

use mhero_core::{Lang, LangMap, PlaceId};
use mhero_query::{Directory, Entry, EntryKind, Query, ReferenceKind, fold};
use mhero_store::{Field, Place};

use crate::{App, AppError};

/// Broadcasts that a query can name: the latest ones.
const BROADCASTS_MAX: i64 = 1_000;
/// Letters by which places are gathered that may have been meant by an unknown name.
const NEAR_LETTERS: usize = 3;
/// Most places gathered so.
const NEAR_PLACES_MAX: i64 = 300;

impl App {
    /// Everything that a query may name: small sets whole, places and broadcasts as far as it asks for them.
    pub(super) async fn directory_for(&self, query: &Query, lang: Lang) -> Result<Directory, AppError> {
        let references = query.references();
        let asked: BTreeSet<ReferenceKind> = references.iter().map(|reference| reference.kind).collect();
        let mut directory = Directory::default();
        let mut looked_up = BTreeSet::new();
        for reference in &references {
            let is_place = matches!(reference.kind, ReferenceKind::Place | ReferenceKind::Facility);
            if is_place && looked_up.insert(fold(&reference.text)) {
                self.add_places(&mut directory, &reference.text, lang).await?;
            }
        }
        for kind in asked {
            self.add_all(&mut directory, kind).await?;
        }
        Ok(directory)
    }

    async fn add_all(&self, directory: &mut Directory, kind: ReferenceKind) -> Result<(), AppError> {
        let store = self.store();
        match kind {
            ReferenceKind::Place | ReferenceKind::Facility => {}
            ReferenceKind::Cadre => {
                for cadre in store.cadres().await? {
                    directory.cadres.add(Entry::new(cadre.id, cadre.names, [cadre.code]));
                }
            }
            ReferenceKind::Job => {
                for title in store.titles().await? {
                    directory.jobs.add(Entry::new(title.coined.id, title.coined.names, [title.coined.code]));
                }
            }
            ReferenceKind::Group => {
                for group in store.groups(false).await? {
                    directory.groups.add(Entry::new(group.id, group.name, [] as [String; 0]));
                }
            }
            ReferenceKind::Field => {
                for field in store.fields().await? {
                    let kind = kind_of(&field);
                    directory
                        .fields
                        .add(Entry::new(field.coined.id, field.coined.names, [field.coined.code]).kind(kind));
                }
            }
            ReferenceKind::Course => {
                for course in store.courses().await? {
                    directory.courses.add(Entry::new(fold(&course.course), course.names, [course.course]));
                }
            }
            ReferenceKind::Broadcast => {
                for (id, number, name) in store.broadcast_names(BROADCASTS_MAX).await? {
                    let names = LangMap::one(Lang::ENGLISH, name);
                    directory.broadcasts.add(Entry::new(id, names, [format!("B{number}")]));
                }
            }
            ReferenceKind::Flow => {
                for (id, name) in store.flow_names().await? {
                    directory.flows.add(Entry::new(id, LangMap::one(Lang::ENGLISH, &name), [] as [String; 0]));
                }
            }
            ReferenceKind::Source => {
                for (id, name) in store.source_names().await? {
                    directory.sources.add(Entry::new(id, LangMap::one(Lang::ENGLISH, &name), [name]));
                }
            }
        }
        Ok(())
    }

    /// Places that answer to a text; where there is none, those that begin alike, so that the error can propose them.
    async fn add_places(&self, directory: &mut Directory, text: &str, lang: Lang) -> Result<(), AppError> {
        let folded = fold(text);
        let mut places = self.store().places_called(&folded, text).await?;
        if places.is_empty() {
            let begins: String = folded.chars().take(NEAR_LETTERS).collect();
            places = self.store().places_beginning(&begins, NEAR_PLACES_MAX).await?;
        }
        let ids: Vec<PlaceId> = places.iter().map(|place| place.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (codes, above) = (self.store().place_codes(&ids).await?, self.store().places_above(&ids).await?);
        for place in places {
            let Place { id, name, is_facility, .. } = place;
            let above = above.get(&id).map(Vec::as_slice).unwrap_or_default();
            let kind = if is_facility { EntryKind::Facility } else { EntryKind::Plain };
            let entry = Entry::new(id, name, codes.get(&id).cloned().unwrap_or_default());
            directory.places.add(entry.path(joined(above, lang)).kind(kind));
        }
        Ok(())
    }
}

/// The names of places above one another, nearest first: `Lofa, Liberia`.
pub(crate) fn joined(above: &[(PlaceId, LangMap)], lang: Lang) -> String {
    above.iter().map(|(_, names)| names.best(lang)).collect::<Vec<_>>().join(", ")
}

fn kind_of(field: &Field) -> EntryKind {
    match field.kind.as_str() {
        "number" => EntryKind::Number,
        "instant" | "day" | "date" => EntryKind::Instant,
        "place" => EntryKind::Place,
        _ => EntryKind::Text,
    }
}
