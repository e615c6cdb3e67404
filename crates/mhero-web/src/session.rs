//! Sessions: the cookie names a row of ours. The row is found by a digest of the cookie, so that a stolen backup opens
//! nothing; idle and absolute expiry are the store's business, by our clock.

use std::sync::Arc;

use async_trait::async_trait;
use mhero_core::UserId;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// The key under which a session names its user.
const USER: &str = "user";
/// Name of the cookie over https; the prefix makes browsers refuse it from anybody but this very host.
const COOKIE_SECURE: &str = "__Host-mhero";
/// Name of the cookie on plain http, as on a developer's machine.
const COOKIE_PLAIN: &str = "mhero";

/// One session as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value.
    pub digest: [u8; 32],
    /// Who signed in; signing out everywhere removes the rows of a user.
    pub user: Option<UserId>,
    /// What the session holds, as JSON.
    pub body: String,
}

/// The store could not be reached; the reader is asked to try again.
#[derive(Debug, thiserror::Error)]
#[error("the sessions could not be read or written: {0}")]
pub struct SessionRowsError(pub String);

/// Where sessions are kept. An expired row is as good as none.
#[async_trait]
pub trait SessionRows: std::fmt::Debug + Send + Sync + 'static {
    /// Writes a new or changed row.
    ///
    /// # Errors
    /// When the store cannot be reached.
    async fn put(&self, row: SessionRow) -> Result<(), SessionRowsError>;

    /// Reads a row that has not expired, and notes that it was used.
    ///
    /// # Errors
    /// When the store cannot be reached.
    async fn get(&self, digest: [u8; 32]) -> Result<Option<SessionRow>, SessionRowsError>;

    /// Removes a row.
    ///
    /// # Errors
    /// When the store cannot be reached.
    async fn remove(&self, digest: [u8; 32]) -> Result<(), SessionRowsError>;
}

/// Adapts [`SessionRows`] to tower-sessions.
#[derive(Clone, Debug)]
pub struct Sessions(Arc<dyn SessionRows>);

fn digest(id: &Id) -> [u8; 32] {
    Sha256::digest(id.0.to_le_bytes()).into()
}

fn failed(error: &SessionRowsError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    // 128 random bits do not collide; a new session is written like a changed one.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let body = serde_json::to_string(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))?;
        let user = record.data.get(USER).and_then(|user| user.as_str()).and_then(|user| user.parse().ok());
        self.0.put(SessionRow { digest: digest(&record.id), user, body }).await.map_err(|error| failed(&error))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(row) = self.0.get(digest(id)).await.map_err(|error| failed(&error))? else { return Ok(None) };
        let data = serde_json::from_str(&row.body).map_err(|e| session_store::Error::Decode(e.to_string()))?;
        // The store has already checked the expiry by our clock; the crate's own date only has to be far away.
        let expiry_date = OffsetDateTime::UNIX_EPOCH + time::Duration::days(365 * 1_000);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.remove(digest(id)).await.map_err(|error| failed(&error))
    }
}

/// The session layer. `is_https` is whether browsers reach the console over https.
pub fn layer(rows: Arc<dyn SessionRows>, is_https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(rows))
        .with_name(if is_https { COOKIE_SECURE } else { COOKIE_PLAIN })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// Who has signed in.
pub async fn user(session: &Session) -> Option<UserId> {
    session.get(USER).await.ok().flatten()
}

/// Signs a user in under a new cookie, so that one planted before is worth nothing.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_in(session: &Session, user: UserId) -> Result<(), SessionRowsError> {
    let failed = |error: tower_sessions::session::Error| SessionRowsError(error.to_string());
    session.cycle_id().await.map_err(failed)?;
    session.insert(USER, user).await.map_err(failed)
}

/// Signs out in this browser.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_out(session: &Session) -> Result<(), SessionRowsError> {
    session.flush().await.map_err(|error| SessionRowsError(error.to_string()))
}
