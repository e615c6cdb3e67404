//! Users of the console, what users and tokens may do, and the programmes that grants can name.

use jiff::Timestamp;
use mhero_core::{GrantId, Lang, LangMap, PlaceId, ProgrammeId, Role, UserId};
use uuid::Uuid;

pub use super::second_factor::{SecondFactor, UserIdentity};
use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO app_user (id, email, name, language, password_hash, active, created_at, signed_in_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1)";
    BY_ID = "SELECT id, email, name, language, active, created_at, signed_in_at, version, password_hash FROM app_user WHERE id = $1";
    BY_EMAIL = "SELECT id, email, name, language, active, created_at, signed_in_at, version, password_hash FROM app_user WHERE email = $1";
    LIST = "SELECT id, email, name, language, active, created_at, signed_in_at, version, password_hash FROM app_user ORDER BY active DESC NULLS LAST, name ASC NULLS LAST, id ASC NULLS LAST";
    SET = "UPDATE app_user SET name = $3, language = $4, active = $5, version = version + 1 WHERE id = $1 AND version = $2";
    SET_PASSWORD = "UPDATE app_user SET password_hash = $3, version = version + 1 WHERE id = $1 AND version = $2";
    SIGNED_IN = "UPDATE app_user SET signed_in_at = $2 WHERE id = $1";
    /// A guard: the user is there and active when the unit runs. It takes the row, so that of two units that each count on
    /// what the other takes away one is decided again.
    STILL_ACTIVE = "UPDATE app_user SET version = version WHERE id = $1 AND active";
    ADD_GRANT = "INSERT INTO role_grant (id, principal, role, place, programme, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    REMOVE_GRANT = "DELETE FROM role_grant WHERE id = $1";
    STILL_GRANTED = "UPDATE role_grant SET role = role WHERE id = $1";
    GRANT = "SELECT id, principal, role, place, programme FROM role_grant WHERE id = $1";
    GRANTS_OF = "SELECT id, principal, role, place, programme FROM role_grant WHERE principal = $1 ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    ALL_GRANTS = "SELECT id, principal, role, place, programme FROM role_grant ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    PLACE_IS = "SELECT CAST(COUNT(*) AS BIGINT) FROM place WHERE id = $1";
    ADD_PROGRAMME = "INSERT INTO programme (id, code, name, created_at) VALUES ($1, $2, $3, $4)";
    NAME_PROGRAMME = "UPDATE programme SET name = $2 WHERE id = $1";
    PROGRAMMES = "SELECT id, code, name FROM programme ORDER BY code ASC NULLS LAST";
    PROGRAMME_BY_CODE = "SELECT id, code, name FROM programme WHERE code = $1";
    PROGRAMME_IS = "SELECT CAST(COUNT(*) AS BIGINT) FROM programme WHERE id = $1";
}

/// A user of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The folded address to sign in with.
    pub email: String,
    /// The name that threads and the audit log show.
    pub name: String,
    /// The language of the console.
    pub language: Lang,
    /// Whether they may sign in.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
}

/// The PHC string of a password. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// A role of a user or a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The user or token.
    pub principal: Uuid,
    /// What it may do.
    pub role: Role,
    /// Where: this place and all below; everywhere when `None`.
    pub place: Option<PlaceId>,
    /// For what: this programme; for all when `None`.
    pub programme: Option<ProgrammeId>,
}

/// A programme: EPI, malaria, HR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Its id.
    pub id: ProgrammeId,
    /// The short word that commands take.
    pub code: String,
    /// Its name by language.
    pub name: LangMap,
}

fn read_user(row: &Row) -> Result<(User, Option<PasswordHash>), StoreError> {
    let user = User {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        language: row.get(3)?,
        active: row.get(4)?,
        created_at: row.get(5)?,
        signed_in_at: row.get(6)?,
        version: row.get(7)?,
    };
    Ok((user, row.get::<Option<String>>(8)?.map(PasswordHash)))
}

fn read_grant(row: &Row) -> Result<Grant, StoreError> {
    Ok(Grant { id: row.get(0)?, principal: row.get(1)?, role: row.get(2)?, place: row.get(3)?, programme: row.get(4)? })
}

fn read_programme(row: &Row) -> Result<Programme, StoreError> {
    Ok(Programme { id: row.get(0)?, code: row.get(1)?, name: row.get(2)? })
}

impl Unit {
    /// Adds a user; [`StoreError::Exists`] when the address has one.
    pub fn add_user(&mut self, user: &User, password: Option<&PasswordHash>) -> &mut Self {
        self.one(
            &ADD,
            params![
                user.id,
                &user.email,
                &user.name,
                user.language,
                password.map(|hash| hash.0.as_str()),
                user.active,
                user.created_at
            ],
        )
    }

    /// Stores name, language and activity of a user that was read; the unit fails when it has changed since.
    pub fn set_user(&mut self, user: &User) -> &mut Self {
        self.one(&SET, params![user.id, user.version, &user.name, user.language, user.active])
    }

    /// Sets the password of a user that was read; the unit fails when it has changed since.
    pub fn set_password(&mut self, user: &User, password: &PasswordHash) -> &mut Self {
        self.one(&SET_PASSWORD, params![user.id, user.version, &password.0])
    }

    /// Notes that a user signed in.
    pub fn signed_in(&mut self, user: UserId, at: i64) -> &mut Self {
        self.one(&SIGNED_IN, params![user, at])
    }

    /// Makes the unit fail unless this user still is active and still has this grant.
    pub fn only_if_granted(&mut self, user: UserId, grant: GrantId) -> &mut Self {
        self.one(&STILL_ACTIVE, params![user]);
        self.one(&STILL_GRANTED, params![grant])
    }

    /// Gives a role.
    pub fn add_grant(&mut self, grant: &Grant, at: i64) -> &mut Self {
        self.one(&ADD_GRANT, params![grant.id, grant.principal, grant.role, grant.place, grant.programme, at])
    }

    /// Takes a role away; the unit fails when it is gone.
    pub fn remove_grant(&mut self, grant: GrantId) -> &mut Self {
        self.one(&REMOVE_GRANT, params![grant])
    }

    /// Adds a programme; [`StoreError::Exists`] when the code has one.
    pub fn add_programme(&mut self, programme: &Programme, at: i64) -> &mut Self {
        self.one(&ADD_PROGRAMME, params![programme.id, &programme.code, &programme.name, at])
    }

    /// Gives a programme another name; the unit fails when it is gone.
    pub fn name_programme(&mut self, id: ProgrammeId, name: &LangMap) -> &mut Self {
        self.one(&NAME_PROGRAMME, params![id, name])
    }
}

impl Store {
    /// A user by id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn user(&self, id: UserId) -> Result<Option<(User, Option<PasswordHash>)>, StoreError> {
        self.first(&BY_ID, params![id]).await?.as_ref().map(read_user).transpose()
    }

    /// A user by the folded address.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, StoreError> {
        self.first(&BY_EMAIL, params![email]).await?.as_ref().map(read_user).transpose()
    }

    /// All users, active ones first, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(|row| Ok(read_user(row)?.0)).collect()
    }

    /// One grant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn grant(&self, id: GrantId) -> Result<Option<Grant>, StoreError> {
        self.first(&GRANT, params![id]).await?.as_ref().map(read_grant).transpose()
    }

    /// The grants of a user or token, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn grants_of(&self, principal: Uuid) -> Result<Vec<Grant>, StoreError> {
        self.query(&GRANTS_OF, params![principal]).await?.iter().map(read_grant).collect()
    }

    /// All grants of users and tokens, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn grants(&self) -> Result<Vec<Grant>, StoreError> {
        self.query(&ALL_GRANTS, vec![]).await?.iter().map(read_grant).collect()
    }

    /// Whether a grant can name this place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_place(&self, id: PlaceId) -> Result<bool, StoreError> {
        self.first(&PLACE_IS, params![id]).await?.map_or(Ok(false), |row| Ok(row.get::<i64>(0)? > 0))
    }

    /// Whether a grant can name this programme.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_programme(&self, id: ProgrammeId) -> Result<bool, StoreError> {
        self.first(&PROGRAMME_IS, params![id]).await?.map_or(Ok(false), |row| Ok(row.get::<i64>(0)? > 0))
    }

    /// All programmes, by code.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn programmes(&self) -> Result<Vec<Programme>, StoreError> {
        self.query(&PROGRAMMES, vec![]).await?.iter().map(read_programme).collect()
    }

    /// A programme by its code.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn programme_by_code(&self, code: &str) -> Result<Option<Programme>, StoreError> {
        self.first(&PROGRAMME_BY_CODE, params![code]).await?.as_ref().map(read_programme).transpose()
    }
}
