//! Sessions of the console, in the shape that a session layer of the web needs: create, save, load, delete.
//!
//! The session layer reads the wall clock; therefore its expiry is not used, and both ends are computed here by our clock.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{Right, UserId, micros};
use mhero_store::{Queue, Unit, WebSession};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// A session that is not used ends after this time.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(8);
/// One that nobody has signed in to yet ends so soon: it keeps no more than a sign-in that has begun, and strangers make them.
pub const SESSION_IDLE_NOBODY: SignedDuration = SignedDuration::from_mins(20);
/// Every session ends after this time.
pub const SESSION_ABSOLUTE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Using a session is noted at most this often.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Largest content of a session, in bytes.
const CONTENT_BYTES_MAX: usize = 64 * 1024;

/// A session as the web layer needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose it is; `None` before signing in.
    pub user: Option<UserId>,
    /// What the web layer keeps in it, JSON.
    pub content: String,
    /// When it ends unless used.
    pub ends_at: Timestamp,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("user", &self.user).finish_non_exhaustive()
    }
}

impl App {
    /// Stores a new session under the value of its cookie. False when that value is taken.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the content is too large.
    pub async fn create_session(&self, id: &str, user: Option<UserId>, content: &str) -> Result<bool, AppError> {
        let now = self.clock().now();
        let session = self.session_row(id, user, content, now)?;
        Ok(self.store().add_session(&session, micros(now)).await?)
    }

    /// Stores user and content of a session. False when it has ended, here or elsewhere: it does not come back.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the content is too large.
    pub async fn save_session(&self, id: &str, user: Option<UserId>, content: &str) -> Result<bool, AppError> {
        let now = self.clock().now();
        let session = self.session_row(id, user, content, now)?;
        Ok(self.store().save_session(&session, micros(now)).await?)
    }

    /// The session of a cookie, unless it has ended. That it was used is noted.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn load_session(&self, id: &str) -> Result<Option<Session>, AppError> {
        let now = self.clock().now();
        let Some(found) = self.store().session(&digest(id), micros(now)).await? else { return Ok(None) };
        let mut idle_until = found.idle_until;
        let wanted = micros(now + idle(found.user));
        if i128::from(wanted - idle_until) * 1_000 >= NOTED_EVERY.as_nanos() {
            self.store().touch_session(&found.digest, wanted, micros(now)).await?;
            idle_until = wanted;
        }
        let ends_at = mhero_core::timestamp(idle_until.min(found.absolute_until));
        Ok(Some(Session { user: found.user, content: found.content, ends_at }))
    }

    /// Ends the session of a cookie.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn delete_session(&self, id: &str) -> Result<(), AppError> {
        Ok(self.store().end_session(&digest(id)).await?)
    }

    /// Ends every session of a user: one's own, or anybody's for who may change settings. Returns how many there were.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn sign_out_everywhere(&self, caller: &Caller, user: UserId) -> Result<i64, AppError> {
        if caller.actor.kind != "user" || caller.actor.id != Some(user.uuid()) {
            caller.must(Right::Settings)?;
        }
        let count = self.store().count_sessions(user, self.clock().now_micros()).await?;
        let mut unit = Unit::new();
        unit.end_sessions_of(user);
        let facts = json!({ "sessions": count });
        unit.audit(self.store(), &caller.entry("signed-out-everywhere", "user", Some(user.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(count)
    }

    /// Removes sessions that have ended; returns how many.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sweep_sessions(&self) -> Result<u64, AppError> {
        Ok(self.store().sweep_sessions(self.clock().now_micros()).await?)
    }

    fn session_row(
        &self,
        id: &str,
        user: Option<UserId>,
        content: &str,
        now: Timestamp,
    ) -> Result<WebSession, AppError> {
        if content.len() > CONTENT_BYTES_MAX {
            return Err(AppError::invalid("user-session-large", [("max", CONTENT_BYTES_MAX.to_string())]));
        }
        Ok(WebSession {
            digest: digest(id),
            user,
            content: content.to_owned(),
            idle_until: micros(now + idle(user)),
            absolute_until: micros(now + SESSION_ABSOLUTE),
        })
    }
}

/// How long a session lives that is not used.
const fn idle(user: Option<UserId>) -> SignedDuration {
    if user.is_some() { SESSION_IDLE } else { SESSION_IDLE_NOBODY }
}

/// Only this is stored, so that who reads the database can't take over a session.
fn digest(id: &str) -> Vec<u8> {
    Sha256::digest(id).to_vec()
}
