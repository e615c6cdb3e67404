//! What names in a query may stand for: cadres, job titles, fields, courses, sources, flows. Small sets, read whole.

use mhero_core::{CadreId, FieldId, FlowId, Lang, LangMap, SourceId, TitleId};

use crate::{Row, Store, StoreError, statement::statements};

statements! {
    CADRES = "SELECT id, code, name FROM cadre ORDER BY code ASC NULLS LAST";
    TITLES = "SELECT id, code, name, cadre FROM title ORDER BY code ASC NULLS LAST, system ASC NULLS LAST";
    FIELDS = "SELECT id, key, name, type FROM field ORDER BY key ASC NULLS LAST";
    COURSES = "SELECT DISTINCT course, folded, name FROM training ORDER BY course ASC NULLS LAST, name ASC NULLS LAST";
    FLOWS = "SELECT id, name FROM flow ORDER BY name ASC NULLS LAST, id ASC NULLS LAST";
    SOURCES = "SELECT id, name FROM source ORDER BY rank ASC NULLS LAST, name ASC NULLS LAST";
}

/// Something with a code and names.
#[derive(Clone, Debug, PartialEq)]
pub struct Coined<Id> {
    /// Its id.
    pub id: Id,
    /// Its code in the source, or the key of a field.
    pub code: String,
    /// Its names.
    pub names: LangMap,
}

/// A job title.
#[derive(Clone, Debug, PartialEq)]
pub struct Title {
    /// Id, code and names.
    pub coined: Coined<TitleId>,
    /// Its cadre.
    pub cadre: Option<CadreId>,
}

/// A field of people.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Id, key and names.
    pub coined: Coined<FieldId>,
    /// `text`, `number`, `instant` or `place`.
    pub kind: String,
}

/// A course that somebody attended.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Its code, or its name where it has none.
    pub course: String,
    /// Its names.
    pub names: LangMap,
}

fn coined<Id: crate::FromValue>(row: &Row) -> Result<Coined<Id>, StoreError> {
    Ok(Coined { id: row.get(0)?, code: row.get(1)?, names: names(row, 2)? })
}

/// A language map, or a bare name that a source gave without telling its language.
pub(crate) fn names(row: &Row, column: usize) -> Result<LangMap, StoreError> {
    let text: String = row.get(column)?;
    Ok(serde_json::from_str(&text).unwrap_or_else(|_| LangMap::one(Lang::ENGLISH, text)))
}

impl Store {
    /// All cadres by code.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn cadres(&self) -> Result<Vec<Coined<CadreId>>, StoreError> {
        self.query(&CADRES, vec![]).await?.iter().map(coined).collect()
    }

    /// All job titles by code.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn titles(&self) -> Result<Vec<Title>, StoreError> {
        self.query(&TITLES, vec![]).await?.iter().map(|r| Ok(Title { coined: coined(r)?, cadre: r.get(3)? })).collect()
    }

    /// All fields by key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fields(&self) -> Result<Vec<Field>, StoreError> {
        self.query(&FIELDS, vec![]).await?.iter().map(|r| Ok(Field { coined: coined(r)?, kind: r.get(3)? })).collect()
    }

    /// All courses that somebody attended.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn courses(&self) -> Result<Vec<Course>, StoreError> {
        self.query(&COURSES, vec![])
            .await?
            .iter()
            .map(|r| Ok(Course { course: r.get(0)?, names: names(r, 2)? }))
            .collect()
    }

    /// Ids and names of all flows, also of those that no longer start, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_names(&self) -> Result<Vec<(FlowId, String)>, StoreError> {
        self.query(&FLOWS, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// Ids and names of all sources, by rank.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn source_names(&self) -> Result<Vec<(SourceId, String)>, StoreError> {
        self.query(&SOURCES, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }
}
