//! Sessions: the cookie names a row of ours. The application finds the row by a digest of the cookie, so that a stolen
//! backup opens nothing; idle and absolute expiry are its business too, by our clock.

use async_trait::async_trait;
use mhero_app::{App, AppError};
use mhero_core::UserId;
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// The key under which a session names its user.
const USER: &str = "user";
/// The key under which a session keeps a sentence for the next page.
const TOAST: &str = "toast";
/// Name of the cookie over https; the prefix makes browsers refuse it from anybody but this very host.
const COOKIE_SECURE: &str = "__Host-mhero";
/// Name of the cookie on plain http, as on a developer's machine.
const COOKIE_PLAIN: &str = "mhero";

/// The sessions could not be read or written; the reader is asked to try again.
#[derive(Debug, thiserror::Error)]
#[error("the sessions could not be read or written: {0}")]
pub struct SessionsError(String);

impl From<tower_sessions::session::Error> for SessionsError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self(error.to_string())
    }
}

/// Adapts the application to tower-sessions.
#[derive(Clone, Debug)]
pub struct Sessions(App);

fn failed(error: &AppError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

fn content(record: &Record) -> session_store::Result<(Option<UserId>, String)> {
    let body = serde_json::to_string(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))?;
    let user = record.data.get(USER).and_then(|user| user.as_str()).and_then(|user| user.parse().ok());
    Ok((user, body))
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let (user, body) = content(record)?;
        while !self.0.create_session(&record.id.to_string(), user, &body).await.map_err(|error| failed(&error))? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let (user, body) = content(record)?;
        // False is a session that was ended elsewhere in the meantime: it stays ended.
        self.0.save_session(&record.id.to_string(), user, &body).await.map_err(|error| failed(&error))?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(row) = self.0.load_session(&id.to_string()).await.map_err(|error| failed(&error))? else {
            return Ok(None);
        };
        let data = serde_json::from_str(&row.content).map_err(|e| session_store::Error::Decode(e.to_string()))?;
        // The application has already checked the expiry by our clock; the crate's own date only has to be far away.
        let expiry_date = OffsetDateTime::UNIX_EPOCH + time::Duration::days(365 * 1_000);
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.delete_session(&id.to_string()).await.map_err(|error| failed(&error))
    }
}

/// The session layer. `is_https` is whether browsers reach the console over https.
pub fn layer(app: App, is_https: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(app))
        .with_name(if is_https { COOKIE_SECURE } else { COOKIE_PLAIN })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// Who has signed in.
///
/// # Errors
/// When the store cannot be reached.
pub async fn user(session: &Session) -> Result<Option<UserId>, SessionsError> {
    Ok(session.get(USER).await?)
}

/// Signs a user in under a new cookie, so that one planted before is worth nothing.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_in(session: &Session, user: UserId) -> Result<(), SessionsError> {
    session.cycle_id().await?;
    Ok(session.insert(USER, user).await?)
}

/// Signs out in this browser.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_out(session: &Session) -> Result<(), SessionsError> {
    Ok(session.flush().await?)
}

/// Leaves a sentence for the next page, perhaps with an address that undoes what was done.
///
/// # Errors
/// When the store cannot be reached.
pub async fn leave_toast(session: &Session, words: &str, undo: Option<&str>) -> Result<(), SessionsError> {
    Ok(session.insert(TOAST, (words, undo)).await?)
}

/// Takes the sentence that was left for this page.
///
/// # Errors
/// When the store cannot be reached.
pub async fn take_toast(session: &Session) -> Result<Option<(String, Option<String>)>, SessionsError> {
    Ok(session.remove(TOAST).await?)
}
