//! What clients wrote of people and places, until the register has heard it.

use mhero_core::TokenId;
use uuid::Uuid;

use super::FhirVersion;
use crate::{Row, Store, StoreError, Unit, nouns::audience::Composer, params, statement::statements};

statements! {
    /// In the unit of the write, whose number the sequence has just given.
    SAID = "INSERT INTO fhir_said (number, resource, token, waits) SELECT s.next - 1, $1, $2, TRUE FROM sequence s WHERE s.name = 'fhir'";
    HEARD = "UPDATE fhir_said SET waits = FALSE WHERE token = $1 AND waits AND number <= $2";
    WAITING_TOKENS = "SELECT DISTINCT token FROM fhir_said WHERE waits";
    /// Of each resource the last word, in the order in which they were written.
    WAITING = "SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body, r.resource FROM fhir_said s JOIN fhir_version v ON v.number = s.number JOIN fhir_resource r ON r.resource = s.resource WHERE s.token = $1 AND s.waits AND s.number > $2 AND NOT EXISTS (SELECT 1 FROM fhir_said later WHERE later.resource = s.resource AND later.token = s.token AND later.waits AND later.number > s.number) ORDER BY s.number ASC NULLS LAST LIMIT $3";
    AUTHOR = "SELECT token FROM fhir_said WHERE number = $1";
}

/// What a client said last of a resource, and the register has not heard.
#[derive(Clone, Debug)]
pub struct SaidVersion {
    /// The version.
    pub version: FhirVersion,
    /// Our key of the resource.
    pub resource: Uuid,
}

impl SaidVersion {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { version: super::read_version(row)?, resource: row.get(7)? })
    }
}

impl Unit {
    /// Notes that the version which this unit has just written is a client's word. The register hears it later.
    pub fn fhir_said(&mut self, resource: Uuid, token: TokenId) -> &mut Self {
        self.one(&SAID, params![resource, token])
    }

    /// Notes that the register has heard what a client wrote, up to a number.
    pub fn fhir_heard(&mut self, token: TokenId, until: i64) -> &mut Self {
        self.run(&HEARD, params![token, until])
    }
}

impl Store {
    /// The clients of whom the register has something to hear.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_waiting_tokens(&self) -> Result<Vec<TokenId>, StoreError> {
        self.query(&WAITING_TOKENS, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// What the register has to hear of a client, after a number: of each resource the last word, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_waiting(&self, token: TokenId, after: i64, limit: i64) -> Result<Vec<SaidVersion>, StoreError> {
        self.query(&WAITING, params![token, after, limit]).await?.iter().map(SaidVersion::read).collect()
    }

    /// Which client wrote a version; `None` for mHero itself.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_author(&self, number: i64) -> Result<Option<TokenId>, StoreError> {
        self.first(&AUTHOR, params![number]).await?.map(|row| row.get(0)).transpose()
    }

    /// Those of some resources of which a client said something that the register has not heard.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_unheard(&self, resources: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        if resources.is_empty() {
            return Ok(Vec::new());
        }
        let mut composer = Composer::new(0);
        let named = composer.one_of("s.resource", resources.iter().copied());
        let sql = format!("SELECT DISTINCT s.resource FROM fhir_said s WHERE {named} AND s.waits");
        self.query_composed(sql, composer.params()).await?.iter().map(|row| row.get(0)).collect()
    }
}
