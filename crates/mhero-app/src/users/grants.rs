//! Roles given and taken away, and the scope that follows from them.

use mhero_core::{GrantId, PlaceId, ProgrammeId, Right, Rights, Role, Scope, TokenId, UserId, sandbox};
use mhero_store::{Actor, Grant, Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError, Caller};

impl App {
    /// What a user or token may see and do: the union of its grants.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn scope_of(&self, principal: Uuid) -> Result<Scope, AppError> {
        Ok(scope_of_grants(principal, &self.store().grants_of(principal).await?, &[]))
    }

    /// The caller that a signed-in user is; `None` when there is no such user any more, or an inactive one.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn caller_of_user(&self, user: UserId) -> Result<Option<Caller>, AppError> {
        let Some((found, _)) = self.store().user(user).await?.filter(|(found, _)| found.active) else {
            return Ok(None);
        };
        let scope = self.scope_of(user.uuid()).await?;
        Ok(Some(Caller { scope, actor: Actor { kind: "user", id: Some(user.uuid()) }, language: found.language }))
    }

    /// Whether whoever asked for something is gone: the token taken back, or the account of the user closed. Their grants outlive both, so
    /// that what acts in the name of a program asks this first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn is_gone(&self, principal: Option<Uuid>) -> Result<bool, AppError> {
        let Some(principal) = principal else { return Ok(false) };
        if let Some(token) = self.store().token(TokenId::from_uuid(principal)).await? {
            return Ok(token.revoked_at.is_some());
        }
        Ok(self.caller_of_user(UserId::from_uuid(principal)).await?.is_none())
    }

    /// Gives a user a role, for the whole country or narrowed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the role can't be narrowed so, or must be; [`AppError::NotFound`].
    pub async fn add_grant(
        &self,
        caller: &Caller,
        user: UserId,
        role: Role,
        place: Option<PlaceId>,
        programme: Option<ProgrammeId>,
    ) -> Result<GrantId, AppError> {
        caller.must(Right::Settings)?;
        self.check_grant(role, place, programme).await?;
        self.store()
            .decide(|| async {
                let (found, _) = self.store().user(user).await?.ok_or_else(|| AppError::not_found("user", user))?;
                let same = |grant: &&Grant| (grant.role, grant.place, grant.programme) == (role, place, programme);
                if let Some(grant) = self.store().grants_of(user.uuid()).await?.iter().find(same) {
                    return Ok(grant.id);
                }
                let grant = self.new_grant(user.uuid(), role, place, programme);
                let mut unit = Unit::new();
                // The version of the user makes two equal grants at once impossible.
                unit.set_user(&found);
                unit.add_grant(&grant, self.clock().now_micros());
                unit.audit(self.store(), &caller.entry("role-given", "user", Some(user.uuid()), facts(&grant)));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(grant.id)
            })
            .await
    }

    /// Takes a role away from a user.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nobody would be left who may change settings; [`AppError::NotFound`].
    pub async fn remove_grant(&self, caller: &Caller, grant: GrantId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.store()
            .decide(|| async {
                let found = self.store().grant(grant).await?.ok_or_else(|| AppError::not_found("grant", grant))?;
                let mut unit = Unit::new();
                if found.role == Role::Admin {
                    self.leave_an_admin(&mut unit, |other| other.id != grant).await?;
                }
                unit.remove_grant(grant);
                unit.audit(self.store(), &caller.entry("role-taken", "user", Some(found.principal), facts(&found)));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }

    /// Makes a unit depend on another administrator who stays, or refuses.
    pub(super) async fn leave_an_admin(&self, unit: &mut Unit, stays: impl Fn(&Grant) -> bool) -> Result<(), AppError> {
        let users = self.store().users().await?;
        let active = |grant: &Grant| users.iter().find(|user| user.active && user.id.uuid() == grant.principal);
        let grants = self.store().grants().await?;
        let other = grants
            .iter()
            .filter(|grant| grant.role == Role::Admin && stays(grant))
            .find_map(|grant| active(grant).map(|user| (user.id, grant.id)));
        let (user, grant) = other.ok_or_else(|| AppError::invalid("user-last-admin", []))?;
        unit.only_if_granted(user, grant);
        Ok(())
    }

    pub(crate) fn new_grant(
        &self,
        principal: Uuid,
        role: Role,
        place: Option<PlaceId>,
        programme: Option<ProgrammeId>,
    ) -> Grant {
        Grant { id: self.store().mint().id(GrantId::from_uuid), principal, role, place, programme }
    }

    /// Refuses a role that can't be narrowed so, must be narrowed, or names what is not there.
    pub(crate) async fn check_grant(
        &self,
        role: Role,
        place: Option<PlaceId>,
        programme: Option<ProgrammeId>,
    ) -> Result<(), AppError> {
        check_limits(role, place.is_some(), programme.is_some())?;
        if let Some(place) = place
            && !self.store().is_place(place).await?
        {
            return Err(AppError::not_found("place", place));
        }
        if let Some(programme) = programme
            && !self.store().is_programme(programme).await?
        {
            return Err(AppError::not_found("programme", programme));
        }
        Ok(())
    }
}

/// The rights of all grants together. Places and programmes are open only when every grant that reads leaves them open: one
/// narrowed grant narrows all, because rights and places are one set each, and a district officer who is an auditor as well
/// must not answer everywhere. Who needs both has two accounts.
pub(crate) fn scope_of_grants(principal: Uuid, grants: &[Grant], besides: &[Right]) -> Scope {
    let rights = Rights::of(grants.iter().map(|grant| grant.role));
    let rights = if grants.is_empty() { rights } else { besides.iter().fold(rights, |all, right| all.with(*right)) };
    let reads = |grant: &&Grant| grant.role.rights().contains(&Right::ReadPeople);
    let is_reader = grants.iter().any(|grant| reads(&grant));
    let all_places = is_reader && grants.iter().filter(reads).all(|grant| grant.place.is_none());
    let all_programmes = is_reader && grants.iter().filter(reads).all(|grant| grant.programme.is_none());
    let scope = Scope::of(principal, all_places, all_programmes, rights);
    // One grant there is enough: nobody writes from the sandbox to the country.
    let is_there = grants.iter().any(|grant| grant.place == Some(sandbox::place()));
    if is_there { scope.in_sandbox() } else { scope }
}

pub(crate) fn facts(grant: &Grant) -> serde_json::Value {
    json!({ "role": grant.role.as_str(), "place": grant.place, "programme": grant.programme })
}

fn check_limits(role: Role, place: bool, programme: bool) -> Result<(), AppError> {
    let refused = |key| Err(AppError::invalid(key, [("role", role.to_string())]));
    match role {
        // What these may change or read is not divided by place or programme.
        Role::Admin if place || programme => refused("user-role-not-narrowed"),
        Role::District if !place => refused("user-role-needs-place"),
        Role::Programme if !programme => refused("user-role-needs-programme"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, place: Option<u128>, programme: Option<u128>) -> Grant {
        Grant {
            id: GrantId::from_uuid(Uuid::nil()),
            principal: Uuid::nil(),
            role,
            place: place.map(|id| PlaceId::from_uuid(Uuid::from_u128(id))),
            programme: programme.map(|id| ProgrammeId::from_uuid(Uuid::from_u128(id))),
        }
    }

    #[test]
    fn rights_add_up_and_one_narrowed_grant_narrows_all() {
        let scope = |grants: &[Grant]| scope_of_grants(Uuid::nil(), grants, &[Right::Api]);
        let nothing = scope(&[]);
        assert!(!nothing.all_places() && !nothing.may(Right::ReadPeople) && !nothing.may(Right::Api));
        let district = scope(&[grant(Role::District, Some(1), None)]);
        assert!(!district.all_places() && district.may(Right::Answer) && !district.may(Right::EditPeople));
        let both = scope(&[grant(Role::District, Some(1), None), grant(Role::Auditor, None, None)]);
        assert!(!both.all_places() && both.may(Right::Answer) && both.may(Right::Audit));
        let tried_out = scope(&[
            Grant { place: Some(sandbox::place()), ..grant(Role::Integrator, None, None) },
            grant(Role::Hr, None, None),
        ]);
        assert!(tried_out.is_in_sandbox() && !tried_out.all_places() && !district.is_in_sandbox());
        let programme = scope(&[grant(Role::Programme, None, Some(1))]);
        assert!(programme.all_places() && !programme.all_programmes());
    }

    #[test]
    fn roles_are_narrowed_where_it_means_something() {
        assert!(check_limits(Role::Admin, false, false).is_ok() && check_limits(Role::Admin, true, false).is_err());
        assert!(
            check_limits(Role::District, true, false).is_ok() && check_limits(Role::District, false, false).is_err()
        );
        assert!(check_limits(Role::Programme, false, true).is_ok());
        assert!(check_limits(Role::Programme, true, false).is_err());
        assert!(check_limits(Role::Hr, true, true).is_ok() && check_limits(Role::Integrator, false, false).is_ok());
    }
}
