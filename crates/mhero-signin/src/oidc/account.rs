//! Whom a token means here: by issuer and subject; the first time by the address that the provider vouches for.

use mhero_app::{AppError, Caller, NewUser};
use mhero_core::{Right, Role, UserId};
use mhero_store::{Queue, StoreError, Unit};
use serde_json::{Value, json};

use super::Provider;
use crate::Refused;

/// Values of a claim that are looked at, at most.
const ROLES_MAX: usize = 1_000;

impl Provider {
    /// The account of who the claims are about.
    pub(super) async fn account(&self, claims: &Value) -> Result<UserId, Refused> {
        let app = &self.0.app;
        let issuer = self.issuer();
        let subject = claims["sub"].as_str().unwrap_or_default();
        self.check_domain(claims)?;
        let user = match app.store().user_known_as(issuer, subject).await? {
            Some(user) => user,
            None => self.match_by_address(claims, subject).await?,
        };
        match app.caller_of_user(user).await? {
            Some(caller) if caller.scope.may(Right::Console) => Ok(user),
            _ => Err(Refused::ShutOut),
        }
    }

    /// Whether the claims hold roles that mean something here and are asked for.
    pub(super) fn wants_roles(&self) -> bool {
        self.0.settings.creates && !self.0.settings.roles.is_empty()
    }

    /// The roles that the claim means here.
    pub(super) fn roles_of(&self, claims: &Value) -> Vec<Role> {
        let settings = &self.0.settings;
        let claim = settings.roles_claim.split('.').fold(claims, |value, part| &value[part]);
        let values: Vec<&str> = match claim {
            Value::String(one) => one.split_whitespace().take(ROLES_MAX).collect(),
            Value::Array(all) => all.iter().take(ROLES_MAX).filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        settings.roles.iter().filter(|of| values.contains(&of.value.as_str())).map(|of| of.role).collect()
    }

    fn check_domain(&self, claims: &Value) -> Result<(), Refused> {
        let domains = &self.0.settings.domains;
        if domains.is_empty() {
            return Ok(());
        }
        let email = verified(claims)?;
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
        let is_in = domains.iter().any(|known| known.eq_ignore_ascii_case(&domain));
        if is_in { Ok(()) } else { Err(Refused::OtherDomain { domains: domains.join(", ") }) }
    }

    async fn match_by_address(&self, claims: &Value, subject: &str) -> Result<UserId, Refused> {
        let email = verified(claims)?;
        let app = &self.0.app;
        let found = match app.user_by_email(&Caller::system(), email).await {
            Ok(user) => Some(user),
            Err(AppError::NotFound { .. } | AppError::Invalid(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let user = match found {
            Some(user) => {
                // Somebody else there may have got the address of who left.
                if app.store().identities_of(user).await?.iter().any(|known| known.issuer == self.issuer()) {
                    return Err(Refused::OtherIdentity);
                }
                user
            }
            None => self.create(claims, email).await?,
        };
        let mut unit = Unit::new();
        unit.link_identity((self.issuer(), subject), user, app.clock().now_micros());
        let facts = json!({ "issuer": self.issuer(), "created": found.is_none() });
        unit.audit(app.store(), &Caller::system().entry("identity-linked", "user", Some(user.uuid()), facts));
        match app.store().write(unit, Queue::Interactive).await {
            // The same sign-in in two windows: the other was faster, and says who it is.
            Err(StoreError::Exists { .. }) => {
                let known = app.store().user_known_as(self.issuer(), subject).await?;
                known.filter(|known| *known == user).ok_or(Refused::OtherIdentity)
            }
            other => Ok(other.map(|_| user)?),
        }
    }

    /// A new account, where the settings say so and a role is known.
    async fn create(&self, claims: &Value, email: &str) -> Result<UserId, Refused> {
        let unknown = || Refused::NoAccount { email: email.to_owned() };
        if !self.0.settings.creates {
            return Err(unknown());
        }
        let roles = self.roles_of(claims);
        let (first, more) = roles.split_first().ok_or_else(unknown)?;
        let app = &self.0.app;
        let before_at = email.split('@').next().unwrap_or_default();
        let name = claims["name"].as_str().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(before_at);
        let new = NewUser {
            email: email.to_owned(),
            name: name.chars().take(mhero_core::limits::NAME_CHARS_MAX).collect(),
            language: app.facts_cached().await?.default_language(),
            role: *first,
            place: None,
            programme: None,
            password: None,
        };
        let user = app.add_user(&Caller::system(), new).await?;
        for role in more {
            app.add_grant(&Caller::system(), user, *role, None, None).await?;
        }
        Ok(user)
    }
}

/// The address that the provider vouches for.
fn verified(claims: &Value) -> Result<&str, Refused> {
    // Some write the word as a text.
    let is_verified = claims["email_verified"] == true || claims["email_verified"] == "true";
    claims["email"].as_str().filter(|email| is_verified && !email.is_empty()).ok_or(Refused::Unverified)
}
