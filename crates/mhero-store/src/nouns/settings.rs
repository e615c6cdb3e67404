//! Facts of the installation, and the numbering countries.

use crate::{Guard, Store, StoreError, Unit, params, statement::statements};

statements! {
    GET = "SELECT value FROM setting WHERE key = $1";
    ALL_SETTINGS = "SELECT key, value FROM setting ORDER BY key ASC NULLS LAST";
    PUT = "INSERT INTO setting (key, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET value = $2, updated_at = $3";
    COUNTRIES = "SELECT country FROM numbering_country ORDER BY is_default DESC NULLS LAST, rank ASC NULLS LAST";
    CLEAR_COUNTRIES = "DELETE FROM numbering_country";
    ADD_COUNTRY = "INSERT INTO numbering_country (country, is_default, rank) VALUES ($1, $2, $3)";
}

impl Unit {
    /// Sets a fact of the installation; the value is JSON.
    pub fn put_setting(&mut self, key: &str, value: &str, now: i64) -> &mut Self {
        self.step(&PUT, Guard::Rows(1), params![key, value, now])
    }

    /// Replaces the numbering countries: ISO 3166 alpha-2, the default first.
    pub fn put_numbering_countries(&mut self, countries: &[String]) -> &mut Self {
        self.run(&CLEAR_COUNTRIES, vec![]);
        for (rank, country) in (0i64..).zip(countries) {
            self.one(&ADD_COUNTRY, params![country, rank == 0, rank]);
        }
        self
    }
}

impl Store {
    /// A fact of the installation, as JSON.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.first(&GET, params![key]).await?.map(|row| row.get(0)).transpose()
    }

    /// All facts, by key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn settings(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.query(&ALL_SETTINGS, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }

    /// The numbering countries, the default first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn numbering_countries(&self) -> Result<Vec<String>, StoreError> {
        self.query(&COUNTRIES, vec![]).await?.iter().map(|r| r.get(0)).collect()
    }
}
