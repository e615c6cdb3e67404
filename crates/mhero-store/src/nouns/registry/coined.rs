//! Cadres, job titles and fields as they are written.

use mhero_core::{CadreId, FieldId, LangMap, TitleId};

use crate::{Row, Store, StoreError, Unit, nouns::audience::names, params, statement::statements};

statements! {
    ADD_CADRE = "INSERT INTO cadre (id, code, name, coded) VALUES ($1, $2, $3, $4)";
    SET_CADRE = "UPDATE cadre SET code = $2, name = $3, coded = $4 WHERE id = $1";
    ALL_CADRES = "SELECT id, code, name, coded FROM cadre";
    ADD_TITLE = "INSERT INTO title (id, system, code, name, cadre) VALUES ($1, $2, $3, $4, $5)";
    SET_TITLE = "UPDATE title SET system = $2, code = $3, name = $4, cadre = $5 WHERE id = $1";
    ALL_TITLES = "SELECT id, system, code, name, cadre FROM title";
    ADD_FIELD = "INSERT INTO field (id, key, name, type, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING";
    /// A title that only stood as a word is the coded one: its positions move over.
    MOVE_POSITIONS_OF_TITLE = "UPDATE position SET title = $2 WHERE title = $1";
    DROP_TITLE = "DELETE FROM title WHERE id = $1";
    MOVE_POSITIONS_OF_CADRE = "UPDATE position SET cadre = $2 WHERE cadre = $1";
    MOVE_TITLES_OF_CADRE = "UPDATE title SET cadre = $2 WHERE cadre = $1";
    DROP_CADRE = "DELETE FROM cadre WHERE id = $1";
}

/// A cadre as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct CadreRow {
    /// Its id.
    pub id: CadreId,
    /// Its code.
    pub code: String,
    /// Its names.
    pub name: LangMap,
    /// False while it stands only as a word in tables.
    pub coded: bool,
}

/// A job title as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct TitleRow {
    /// Its id.
    pub id: TitleId,
    /// The code system; empty while it stands only as a word in tables.
    pub system: String,
    /// Its code.
    pub code: String,
    /// Its names.
    pub name: LangMap,
    /// Its cadre.
    pub cadre: Option<CadreId>,
}

fn cadre(row: &Row) -> Result<CadreRow, StoreError> {
    let coded = row.get::<Option<bool>>(3)?.unwrap_or(false);
    Ok(CadreRow { id: row.get(0)?, code: row.get(1)?, name: names(row, 2)?, coded })
}

fn title(row: &Row) -> Result<TitleRow, StoreError> {
    Ok(TitleRow { id: row.get(0)?, system: row.get(1)?, code: row.get(2)?, name: names(row, 3)?, cadre: row.get(4)? })
}

impl Unit {
    /// Adds a cadre.
    pub fn add_cadre(&mut self, cadre: &CadreRow) -> &mut Self {
        self.one(&ADD_CADRE, params![cadre.id, &cadre.code, &cadre.name, cadre.coded])
    }

    /// Stores a cadre that has changed.
    pub fn set_cadre(&mut self, cadre: &CadreRow) -> &mut Self {
        self.one(&SET_CADRE, params![cadre.id, &cadre.code, &cadre.name, cadre.coded])
    }

    /// Adds a job title.
    pub fn add_title(&mut self, title: &TitleRow) -> &mut Self {
        self.one(&ADD_TITLE, params![title.id, &title.system, &title.code, &title.name, title.cadre])
    }

    /// Stores a job title that has changed.
    pub fn set_title(&mut self, title: &TitleRow) -> &mut Self {
        self.one(&SET_TITLE, params![title.id, &title.system, &title.code, &title.name, title.cadre])
    }

    /// Lets one title take the place of another.
    pub fn replace_title(&mut self, gone: TitleId, by: TitleId) -> &mut Self {
        self.run(&MOVE_POSITIONS_OF_TITLE, params![gone, by]);
        self.run(&DROP_TITLE, params![gone])
    }

    /// Lets one cadre take the place of another.
    pub fn replace_cadre(&mut self, gone: CadreId, by: CadreId) -> &mut Self {
        self.run(&MOVE_POSITIONS_OF_CADRE, params![gone, by]);
        self.run(&MOVE_TITLES_OF_CADRE, params![gone, by]);
        self.run(&DROP_CADRE, params![gone])
    }

    /// Adds a field of people; `kind` is `text`, `number`, `instant` or `place`.
    pub fn add_field(&mut self, id: FieldId, key: &str, name: &LangMap, kind: &str, at: i64) -> &mut Self {
        self.one(&ADD_FIELD, params![id, key, name, kind, at])
    }
}

impl Store {
    /// All cadres, for the import.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn cadre_rows(&self) -> Result<Vec<CadreRow>, StoreError> {
        self.query(&ALL_CADRES, vec![]).await?.iter().map(cadre).collect()
    }

    /// All job titles, for the import.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn title_rows(&self) -> Result<Vec<TitleRow>, StoreError> {
        self.query(&ALL_TITLES, vec![]).await?.iter().map(title).collect()
    }
}
