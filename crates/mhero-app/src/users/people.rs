//! Users added, changed, made inactive; their passwords.

use mhero_core::{Lang, PlaceId, ProgrammeId, Right, Role, UserId, limits};
use mhero_store::{Grant, Queue, StoreError, Unit, User};
use serde_json::json;

use super::{grants::facts, passwords};
use crate::{App, AppError, Caller};

/// Longest address, in bytes (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

/// A user to add.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The address to sign in with. Case does not matter.
    pub email: String,
    /// The name that threads and the audit log show.
    pub name: String,
    /// The language of the console.
    pub language: Lang,
    /// What they may do.
    pub role: Role,
    /// Where; everywhere when `None`.
    pub place: Option<PlaceId>,
    /// For which programme; for all when `None`.
    pub programme: Option<ProgrammeId>,
    /// The first password; without one the user can't sign in yet.
    pub password: Option<String>,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("role", &self.role).finish_non_exhaustive()
    }
}

/// A user and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserWithGrants {
    /// The user.
    pub user: User,
    /// Their grants, oldest first.
    pub grants: Vec<Grant>,
}

impl App {
    /// Adds a user with one role.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the address is none or has a user, the name is empty, the password too short or the role
    /// can't be narrowed so.
    pub async fn add_user(&self, caller: &Caller, new: NewUser) -> Result<UserId, AppError> {
        caller.must(Right::Settings)?;
        let email = fold_email(&new.email)?;
        let name = checked_name(&new.name)?;
        self.check_grant(new.role, new.place, new.programme).await?;
        let password = match &new.password {
            Some(password) => {
                passwords::check(password)?;
                Some(passwords::hash(password).await?)
            }
            None => None,
        };
        let user = User {
            id: self.store().mint().id(UserId::from_uuid),
            email,
            name,
            language: new.language,
            active: true,
            created_at: self.clock().now(),
            signed_in_at: None,
            version: 1,
        };
        let grant = self.new_grant(user.id.uuid(), new.role, new.place, new.programme);
        let mut unit = Unit::new();
        unit.add_user(&user, password.as_ref());
        unit.add_grant(&grant, self.clock().now_micros());
        unit.audit(self.store(), &caller.entry("user-added", "user", Some(user.id.uuid()), facts(&grant)));
        match self.store().write(unit, Queue::Interactive).await {
            Ok(_) => Ok(user.id),
            Err(StoreError::Exists { .. }) => Err(AppError::invalid("user-email-taken", [("email", user.email)])),
            Err(error) => Err(error.into()),
        }
    }

    /// All users with their roles, active ones first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn users(&self, caller: &Caller) -> Result<Vec<UserWithGrants>, AppError> {
        caller.must(Right::Settings)?;
        let grants = self.store().grants().await?;
        let of = |user: &User| grants.iter().filter(|grant| grant.principal == user.id.uuid()).copied().collect();
        Ok(self.store().users().await?.into_iter().map(|user| UserWithGrants { grants: of(&user), user }).collect())
    }

    /// One user with their roles: oneself, or anybody for who may change settings.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn user(&self, caller: &Caller, id: UserId) -> Result<UserWithGrants, AppError> {
        must_or_self(caller, id)?;
        let (user, _) = self.store().user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        Ok(UserWithGrants { user, grants: self.store().grants_of(id.uuid()).await? })
    }

    /// The user with an address.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn user_by_email(&self, caller: &Caller, email: &str) -> Result<UserId, AppError> {
        caller.must(Right::Settings)?;
        let found = self.store().user_by_email(&fold_email(email)?).await?;
        found.map(|(user, _)| user.id).ok_or_else(|| AppError::not_found("user", email))
    }

    /// Changes name and language: one's own, or anybody's for who may change settings.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the name is empty; [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn set_user(&self, caller: &Caller, id: UserId, name: &str, language: Lang) -> Result<(), AppError> {
        must_or_self(caller, id)?;
        let name = checked_name(name)?;
        self.change_user(id, |user, unit| {
            let changed = User { name: name.clone(), language, ..user };
            unit.set_user(&changed);
            let facts = json!({ "language": language });
            unit.audit(self.store(), &caller.entry("user-changed", "user", Some(id.uuid()), facts));
        })
        .await
    }

    /// Lets a user in again, or shuts them out and ends their sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nobody would be left who may change settings; [`AppError::NotAllowed`],
    /// [`AppError::NotFound`].
    pub async fn set_user_active(&self, caller: &Caller, id: UserId, active: bool) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.store()
            .decide(|| async {
                let (user, _) = self.store().user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
                if user.active == active {
                    return Ok(());
                }
                let mut unit = Unit::new();
                let grants = self.store().grants_of(id.uuid()).await?;
                if !active && grants.iter().any(|grant| grant.role == Role::Admin) {
                    self.leave_an_admin(&mut unit, |other| other.principal != id.uuid()).await?;
                }
                unit.set_user(&User { active, ..user });
                if !active {
                    unit.end_sessions_of(id);
                }
                let action = if active { "user-let-in" } else { "user-shut-out" };
                unit.audit(self.store(), &caller.entry(action, "user", Some(id.uuid()), json!({})));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }

    /// Sets the password of any user and ends their sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is too short; [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn set_password(&self, caller: &Caller, id: UserId, password: &str) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.store_password(caller, id, password).await
    }

    /// Sets one's own password, knowing the present one, and ends all of one's sessions.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the present one is wrong or the new one too short.
    pub async fn change_password(&self, caller: &Caller, present: &str, new: &str) -> Result<(), AppError> {
        let id = caller.actor.id.filter(|_| caller.actor.kind == "user").map(UserId::from_uuid);
        let id = id.ok_or_else(|| AppError::not_found("user", "of this caller"))?;
        passwords::check(new)?;
        let (_, hash) = self.store().user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        if !passwords::verify(passwords::turn().await?, present, hash).await? {
            return Err(AppError::invalid("user-password-wrong", []));
        }
        self.store_password(caller, id, new).await
    }

    async fn store_password(&self, caller: &Caller, id: UserId, password: &str) -> Result<(), AppError> {
        passwords::check(password)?;
        let hash = passwords::hash(password).await?;
        self.change_user(id, |user, unit| {
            unit.set_password(&user, &hash);
            unit.end_sessions_of(id);
            unit.audit(self.store(), &caller.entry("password-set", "user", Some(id.uuid()), json!({})));
        })
        .await
    }

    async fn change_user(&self, id: UserId, change: impl Fn(User, &mut Unit)) -> Result<(), AppError> {
        self.store()
            .decide(|| async {
                let (user, _) = self.store().user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
                let mut unit = Unit::new();
                change(user, &mut unit);
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }
}

fn must_or_self(caller: &Caller, id: UserId) -> Result<(), AppError> {
    let is_self = caller.actor.kind == "user" && caller.actor.id == Some(id.uuid());
    if is_self { Ok(()) } else { caller.must(Right::Settings) }
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name: String = name.trim().chars().filter(|letter| !letter.is_control()).collect();
    match name.chars().count() {
        0 => Err(AppError::invalid("user-no-name", [])),
        count if count > limits::NAME_CHARS_MAX => {
            Err(AppError::invalid("user-name-long", [("max", limits::NAME_CHARS_MAX.to_string())]))
        }
        _ => Ok(name),
    }
}

/// The form of an address under which it is stored and looked up.
pub(super) fn fold_email(email: &str) -> Result<String, AppError> {
    let folded = email.trim().to_lowercase();
    let refused = || AppError::invalid("user-no-email", [("email", email.chars().take(80).collect())]);
    let (name, host) = folded.rsplit_once('@').ok_or_else(refused)?;
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '@';
    if name.is_empty() || host.is_empty() || folded.len() > EMAIL_BYTES_MAX || name.contains(odd) || host.contains(odd)
    {
        return Err(refused());
    }
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_whatever_its_case() {
        assert_eq!(fold_email(" Marie.Kollie@MOH.example ").ok().as_deref(), Some("marie.kollie@moh.example"));
        for wrong in ["", "@", "marie", "marie@", "@moh", "ma rie@moh", "a@b@c", &format!("{}@x", "a".repeat(300))] {
            assert!(fold_email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_there_and_not_endless() {
        assert_eq!(checked_name("  Marie\u{7} Kollie ").ok().as_deref(), Some("Marie Kollie"));
        assert!(checked_name(" \n").is_err() && checked_name(&"é".repeat(201)).is_err());
    }
}
