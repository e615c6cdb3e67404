//! Signing in: the same answer and the same time for a wrong address and a wrong password.

use std::net::IpAddr;

use jiff::SignedDuration;
use mhero_core::{Right, UserId, record::Reason};
use mhero_store::{Actor, AuditEntry, Queue, StoreError, Unit};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    door::{Visitor, network_of},
    passwords,
    people::fold_email,
};
use crate::{App, AppError, hex};

/// Bytes of a digest that the audit log keeps of an address: enough to see that it is the same again.
const DIGEST_BYTES: usize = 8;

/// How long a network is known as one of a user's after they signed in from it.
const KNOWN_IN: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Sign-ins of a user that are looked through for it.
const SIGN_INS_MAX: i64 = 200;

/// Why somebody can't come in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SignInError {
    /// Address or password is wrong, or the user is inactive; which one is not said.
    #[error("address or password is wrong")]
    Wrong,
    /// Too many wrong tries with this address or from this network.
    #[error("too many wrong tries: wait {} seconds", wait.as_secs() + 1)]
    TooManyTries {
        /// How long to wait.
        wait: SignedDuration,
    },
    /// The password is right, but no role of the user opens the console.
    #[error("no role of this user opens the console")]
    NotForConsole,
    /// Anything else.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl SignInError {
    /// What to tell the user; `None` for what is no fault of theirs.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Wrong => Some(Reason::plain("user-sign-in-wrong")),
            Self::TooManyTries { wait } => {
                Some(Reason::new("user-sign-in-wait", [("seconds", (wait.as_secs() + 1).to_string())]))
            }
            Self::NotForConsole => Some(Reason::plain("user-sign-in-no-console")),
            Self::App(_) => None,
        }
    }
}

impl App {
    /// Signs somebody in by address and password alone. The session is the caller's to make.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(&self, email: &str, password: &str, from: IpAddr) -> Result<UserId, SignInError> {
        let user = self.check_password(email, password, from).await?;
        self.note_sign_in(user, from, "password").await?;
        Ok(user)
    }

    /// Checks address and password. That somebody signed in is not noted: more may be asked of them, see [`App::note_sign_in`].
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn check_password(&self, email: &str, password: &str, from: IpAddr) -> Result<UserId, SignInError> {
        // What is no address goes the same way as an unknown one.
        let folded = fold_email(email).unwrap_or_default();
        let visitor = Visitor::new(&folded, from);
        let turn = passwords::turn().await?;
        // Asked after waiting for a turn: many tries at once must not all begin before the first has failed.
        if let Some(wait) = self.doors().wait(&visitor) {
            return Err(SignInError::TooManyTries { wait });
        }
        let found = self.store().user_by_email(&folded).await?;
        if let Some(wait) = self.doors().wait_as_stranger(&visitor) {
            let user = found.as_ref().map(|(user, _)| user.id);
            if !self.came_from(user, visitor.network).await? {
                return Err(SignInError::TooManyTries { wait });
            }
        }
        let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
        let fits = passwords::verify(turn, password, hash).await?;
        let Some((user, _)) = found.filter(|(user, _)| fits && user.active) else {
            return Err(self.refuse(&visitor, &folded).await?);
        };
        if !self.scope_of(user.id.uuid()).await?.may(Right::Console) {
            return Err(SignInError::NotForConsole);
        }
        Ok(user.id)
    }

    /// Whether a user has signed in from a network of late: somebody else who tries their address elsewhere keeps them out of it no
    /// longer.
    async fn came_from(&self, user: Option<UserId>, network: IpAddr) -> Result<bool, AppError> {
        let Some(user) = user else { return Ok(false) };
        let since = (self.clock().now() - KNOWN_IN).as_microsecond();
        let facts = self.store().sign_ins_of(user, since, SIGN_INS_MAX).await?;
        let known = short_digest(network.to_string().as_bytes());
        let is_there = |facts: &String| {
            serde_json::from_str::<serde_json::Value>(facts).is_ok_and(|facts| facts["network"] == known.as_str())
        };
        Ok(facts.iter().any(is_there))
    }

    /// Notes that a user signed in, and how: `password`, `code`, `provider`.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn note_sign_in(&self, user: UserId, from: IpAddr, way: &'static str) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.signed_in(user, self.clock().now_micros());
        let actor = Actor { kind: "user", id: Some(user.uuid()) };
        let network = short_digest(network_of(from).to_string().as_bytes());
        let facts = json!({ "network": network, "by": way });
        let about = Some(user.uuid());
        unit.audit(self.store(), &AuditEntry { actor, action: "signed-in", about_kind: "user", about, facts });
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// How long a user waits before the next code of their second factor, after wrong ones.
    pub fn factor_wait(&self, user: UserId) -> Option<SignedDuration> {
        self.doors().factor_wait(user.uuid())
    }

    /// Counts a wrong code of a second factor: after five the user waits, with each further one longer.
    pub fn factor_failed(&self, user: UserId) {
        self.doors().factor_failed(user.uuid());
    }

    /// Forgets the wrong ones: the user typed a right one.
    pub fn factor_passed(&self, user: UserId) {
        self.doors().factor_passed(user.uuid());
    }

    async fn refuse(&self, visitor: &Visitor, folded: &str) -> Result<SignInError, SignInError> {
        let shut = self.doors().failed(visitor);
        let facts = json!({
            "address": short_digest(folded.as_bytes()),
            "network": short_digest(visitor.network.to_string().as_bytes()),
            "shut": shut,
        });
        let actor = Actor { kind: "system", id: None };
        let mut unit = Unit::new();
        unit.audit(
            self.store(),
            &AuditEntry { actor, action: "sign-in-refused", about_kind: "user", about: None, facts },
        );
        self.store().write(unit, Queue::Interactive).await?;
        Ok(SignInError::Wrong)
    }
}

fn short_digest(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..DIGEST_BYTES])
}
