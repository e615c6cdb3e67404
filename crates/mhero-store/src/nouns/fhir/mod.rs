//! What the FHIR server holds: resources, their versions, and what they are found by.

mod golden_people;
mod golden_places;
mod keys;
mod names;
mod said;
mod search;

use mhero_core::{PersonId, ProgrammeId, Scope};
use mhero_fhir::search::Key;
use uuid::Uuid;

pub use golden_people::{GoldenGroup, GoldenNumber, GoldenPerson, GoldenPosition, GoldenRecord, GoldenValue};
pub use golden_places::{GoldenPlace, GoldenTitle};
pub use names::KnownAs;
pub use said::SaidVersion;
pub use search::{Found, Page};

use crate::{
    Row, Statement, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

/// Every statement below.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [ALL, golden_people::ALL, golden_places::ALL, names::ALL, said::ALL].into_iter().flat_map(|all| all.iter().copied())
}

/// The sequence at which writers wait for one another, so that versions are numbered in the order of their commits.
const SEQUENCE: &str = "fhir";

/// That somebody reads a resource: `$all` is whether they see people of every place, `$principal` the user or token, who reads what they
/// wrote. Whoever has grants for programmes alone reads of those that have one theirs.
macro_rules! seen {
    ($all:literal, $principal:literal) => {
        concat!(
            "(r.public OR r.author = ",
            $principal,
            " OR ((",
            $all,
            " OR (r.person IS NOT NULL AND ",
            person_in_scope!("r.person", $all, $principal),
            ")) AND (r.programme IS NULL OR ",
            $principal,
            " IS NULL OR EXISTS (SELECT 1 FROM role_grant programme_grant WHERE programme_grant.principal = ",
            $principal,
            " AND (programme_grant.programme IS NULL OR programme_grant.programme = r.programme)))))"
        )
    };
}

statements! {
    GET = (concat!("SELECT r.resource, r.kind, r.id, r.version, r.updated_at, r.deleted, r.person, r.public, r.body FROM fhir_resource r WHERE r.kind = $1 AND r.id = $2 AND ", seen!("$3", "$4"), ""));
    /// Whether it is there at all, for writers: an id outside their scope is not theirs to take.
    STANDING = "SELECT resource, version, deleted FROM fhir_resource WHERE kind = $1 AND id = $2";
    ADD = "INSERT INTO fhir_resource (resource, kind, id, version, updated_at, deleted, person, public, body, programme, author) VALUES ($1, $2, $3, 1, $4, FALSE, $5, $6, $7, $8, $9)";
    CHANGE = "UPDATE fhir_resource SET version = version + 1, updated_at = $3, deleted = FALSE, person = $4, public = $5, body = $6, programme = COALESCE($7, programme), author = COALESCE(author, $8) WHERE resource = $1 AND version = $2";
    DELETE = "UPDATE fhir_resource SET version = version + 1, updated_at = $3, deleted = TRUE, body = '' WHERE resource = $1 AND version = $2 AND NOT deleted";
    NOTE_VERSION = "INSERT INTO fhir_version (number, resource, kind, version, method, updated_at, body) SELECT s.next - 1, r.resource, r.kind, r.version, $2, r.updated_at, r.body FROM fhir_resource r, sequence s WHERE r.resource = $1 AND s.name = 'fhir'";
    CLEAR_KEYS = "DELETE FROM fhir_key WHERE resource = $1";
    ADD_KEY = "INSERT INTO fhir_key (param, value, system, from_at, until_at, resource) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    VERSION = (concat!("SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body FROM fhir_version v JOIN fhir_resource r ON r.resource = v.resource WHERE r.kind = $1 AND r.id = $2 AND v.version = $3 AND ", seen!("$4", "$5"), ""));
    HISTORY_OF = (concat!("SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body FROM fhir_resource r JOIN fhir_version v ON v.resource = r.resource WHERE r.kind = $1 AND r.id = $2 AND v.updated_at >= $3 AND v.number < $4 AND ", seen!("$5", "$6"), " ORDER BY v.version DESC NULLS LAST LIMIT $7"));
    HISTORY_OF_KIND = (concat!("SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body FROM fhir_version v JOIN fhir_resource r ON r.resource = v.resource WHERE v.kind = $1 AND v.updated_at >= $2 AND v.number < $3 AND ", seen!("$4", "$5"), " ORDER BY v.number DESC NULLS LAST LIMIT $6"));
    HISTORY = (concat!("SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body FROM fhir_version v JOIN fhir_resource r ON r.resource = v.resource WHERE v.updated_at >= $1 AND v.number < $2 AND ", seen!("$3", "$4"), " ORDER BY v.number DESC NULLS LAST LIMIT $5"));
    VERSIONS_SINCE = "SELECT v.number, v.kind, r.id, v.version, v.method, v.updated_at, v.body FROM fhir_version v JOIN fhir_resource r ON r.resource = v.resource WHERE v.number > $1 ORDER BY v.number ASC NULLS LAST LIMIT $2";
}

/// A resource as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct FhirResource {
    /// Our key for it.
    pub resource: Uuid,
    /// Its kind.
    pub kind: String,
    /// Its id among those of its kind.
    pub id: String,
    /// Which version stands, from 1.
    pub version: i64,
    /// When it was written, in UTC microseconds.
    pub updated_at: i64,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// Whose it is.
    pub person: Option<PersonId>,
    /// Whether it is everybody's.
    pub is_public: bool,
    /// JSON; empty when it is gone.
    pub body: String,
}

/// No body: names and numbers stand there.
impl std::fmt::Debug for FhirResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("FhirResource");
        shown.field("kind", &self.kind).field("version", &self.version).finish_non_exhaustive()
    }
}

/// One version of a resource.
#[derive(Clone, PartialEq, Eq)]
pub struct FhirVersion {
    /// Its number among all, in the order of commits.
    pub entry: i64,
    /// The kind.
    pub kind: String,
    /// The id.
    pub id: String,
    /// Which version.
    pub version: i64,
    /// `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// When, in UTC microseconds.
    pub updated_at: i64,
    /// JSON; empty for a deletion.
    pub body: String,
}

impl std::fmt::Debug for FhirVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("FhirVersion");
        shown.field("entry", &self.entry).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A resource that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewFhir<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub person: Option<PersonId>,
    /// Whether it is everybody's.
    pub is_public: bool,
    /// JSON.
    pub body: &'a str,
    /// What it is found by.
    pub keys: &'a [Key],
    /// The programme whose it is; `None` leaves what is known.
    pub programme: Option<ProgrammeId>,
    /// The client that writes it: it reads it again. The first one counts.
    pub author: Option<Uuid>,
}

/// Which versions a history is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct HistoryOf<'a> {
    /// Of one kind; `None` for all.
    pub kind: Option<&'a str>,
    /// Of one resource of the kind.
    pub id: Option<&'a str>,
    /// Written since, in UTC microseconds.
    pub since: i64,
    /// Before this entry: where the page before ended.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

fn read(row: &Row) -> Result<FhirResource, StoreError> {
    Ok(FhirResource {
        resource: row.get(0)?,
        kind: row.get(1)?,
        id: row.get(2)?,
        version: row.get(3)?,
        updated_at: row.get(4)?,
        is_deleted: row.get(5)?,
        person: row.get(6)?,
        is_public: row.get(7)?,
        body: row.get(8)?,
    })
}

fn read_version(row: &Row) -> Result<FhirVersion, StoreError> {
    Ok(FhirVersion {
        entry: row.get(0)?,
        kind: row.get(1)?,
        id: row.get(2)?,
        version: row.get(3)?,
        method: row.get(4)?,
        updated_at: row.get(5)?,
        body: row.get(6)?,
    })
}

impl Unit {
    /// Writes a resource that was not there. The unit fails when somebody was faster.
    pub fn add_fhir(&mut self, resource: Uuid, new: &NewFhir<'_>, now: i64) -> &mut Self {
        self.advance(SEQUENCE);
        self.one(
            &ADD,
            params![resource, new.kind, new.id, now, new.person, new.is_public, new.body, new.programme, new.author],
        );
        self.one(&NOTE_VERSION, params![resource, "POST"]);
        self.fhir_keys(resource, new)
    }

    /// Writes the next version of a resource. The unit fails when it has another version by now.
    pub fn change_fhir(&mut self, resource: Uuid, version: i64, new: &NewFhir<'_>, now: i64) -> &mut Self {
        self.advance(SEQUENCE);
        self.one(
            &CHANGE,
            params![resource, version, now, new.person, new.is_public, new.body, new.programme, new.author],
        );
        self.one(&NOTE_VERSION, params![resource, "PUT"]);
        self.run(&CLEAR_KEYS, params![resource]);
        self.fhir_keys(resource, new)
    }

    /// Takes a resource away; its versions stay. The unit fails when it has another version by now.
    pub fn delete_fhir(&mut self, resource: Uuid, version: i64, now: i64) -> &mut Self {
        self.advance(SEQUENCE);
        self.one(&DELETE, params![resource, version, now]);
        self.one(&NOTE_VERSION, params![resource, "DELETE"]);
        self.run(&CLEAR_KEYS, params![resource])
    }

    fn fhir_keys(&mut self, resource: Uuid, new: &NewFhir<'_>) -> &mut Self {
        for key in new.keys {
            let row = keys::KeyRow::of(new.kind, key);
            self.run(&ADD_KEY, params![row.param, row.value, row.system, row.from_at, row.until_at, resource]);
        }
        self
    }
}

impl Store {
    /// A resource within the scope, also one that is gone.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_resource(
        &self,
        scope: &Scope,
        (kind, id): (&str, &str),
    ) -> Result<Option<FhirResource>, StoreError> {
        let params = params![kind, id, scope.all_places(), scope.principal()];
        self.first(&GET, params).await?.as_ref().map(read).transpose()
    }

    /// Our key, the version, and whether it is gone, of whatever has a name: an id outside the scope is taken all the same.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_standing(&self, (kind, id): (&str, &str)) -> Result<Option<(Uuid, i64, bool)>, StoreError> {
        let row = self.first(&STANDING, params![kind, id]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
    }

    /// One version of a resource within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_version(
        &self,
        scope: &Scope,
        (kind, id): (&str, &str),
        version: i64,
    ) -> Result<Option<FhirVersion>, StoreError> {
        let params = params![kind, id, version, scope.all_places(), scope.principal()];
        self.first(&VERSION, params).await?.as_ref().map(read_version).transpose()
    }

    /// Versions within the scope, the newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_history(&self, scope: &Scope, of: &HistoryOf<'_>) -> Result<Vec<FhirVersion>, StoreError> {
        let (all, principal) = (scope.all_places(), scope.principal());
        let before = of.before.unwrap_or(i64::MAX);
        let rows = match (of.kind, of.id) {
            (Some(kind), Some(id)) => {
                self.query(&HISTORY_OF, params![kind, id, of.since, before, all, principal, of.limit]).await?
            }
            (Some(kind), None) => {
                self.query(&HISTORY_OF_KIND, params![kind, of.since, before, all, principal, of.limit]).await?
            }
            (None, _) => self.query(&HISTORY, params![of.since, before, all, principal, of.limit]).await?,
        };
        rows.iter().map(read_version).collect()
    }

    /// Versions after an entry, in the order of their commits: what the registry and the subscriptions have yet to hear.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_versions_since(&self, entry: i64, limit: i64) -> Result<Vec<FhirVersion>, StoreError> {
        self.query(&VERSIONS_SINCE, params![entry, limit]).await?.iter().map(read_version).collect()
    }
}
