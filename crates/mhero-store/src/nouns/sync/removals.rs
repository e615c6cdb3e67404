//! Who or what a record is of that a source would take away.

use mhero_core::{PersonId, PlaceId, Scope, SourceId};

use crate::{
    Store, StoreError,
    nouns::audience::names,
    params,
    statement::{person_in_scope, statements},
};

statements! {
    /// Whoever was joined to somebody is called as that one.
    OF_RECORD = (concat!("SELECT p.id, p.name, l.id, l.name FROM source_record r LEFT JOIN person p ON r.entity_kind = 'person' AND p.id = COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.entity), r.entity) AND ", person_in_scope!("p.id", "$4", "$5"), " LEFT JOIN place l ON r.entity_kind = 'place' AND l.id = r.entity WHERE r.source = $1 AND r.kind = $2 AND r.ext_id = $3"));
}

/// Who or what a record is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordOf {
    /// Somebody, with their name.
    Person(PersonId, String),
    /// A place, with its names.
    Place(PlaceId, mhero_core::LangMap),
}

impl Store {
    /// Who or what a source's record is of; `None` for somebody outside the scope, and for records of other things.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_is_of(
        &self,
        scope: &Scope,
        source: SourceId,
        (kind, ext_id): (&str, &str),
    ) -> Result<Option<RecordOf>, StoreError> {
        let values = params![source, kind, ext_id, scope.all_places(), scope.principal()];
        let Some(row) = self.first(&OF_RECORD, values).await? else { return Ok(None) };
        if let Some(person) = row.get::<Option<PersonId>>(0)? {
            return Ok(Some(RecordOf::Person(person, row.get(1)?)));
        }
        match row.get::<Option<PlaceId>>(2)? {
            Some(place) => Ok(Some(RecordOf::Place(place, names(&row, 3)?))),
            None => Ok(None),
        }
    }
}
