//! Sessions: the cookie names a row of ours. The application finds the row by a digest of the cookie, so that a stolen
//! backup opens nothing; idle and absolute expiry are its business too, by our clock.

use async_trait::async_trait;
use jiff::Timestamp;
use mhero_app::{App, AppError};
use mhero_core::{UserId, micros, timestamp};
use mhero_signin::Pending;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// The key under which a session names its user.
const USER: &str = "user";
/// The key under which a session says when a code was last typed in it, in UTC microseconds.
const PROVED: &str = "proved";
/// The key under which a session keeps who has shown a password and still owes a code.
const HALF: &str = "half";
/// The key under which a session keeps sign-ins that began at the provider.
const PENDING: &str = "pending";
/// The key under which a session keeps by what the provider knows its user.
const ID_TOKEN: &str = "id-token";
/// Sign-ins at the provider that one browser may have begun at once, in as many windows.
const PENDING_MAX: usize = 4;
/// How long somebody may take between password and code, in microseconds.
const HALF_MICROS: i64 = 600_000_000;
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
    // Who is half inside is signed out everywhere with the others.
    let user = record.data.get(USER).or_else(|| record.data.get(HALF).and_then(|half| half.get("user")));
    Ok((user.and_then(|user| user.as_str()).and_then(|user| user.parse().ok()), body))
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

/// Signs a user in under a new cookie, so that one planted before is worth nothing. `proved_at` says when they typed the code of a
/// second factor, or their provider asked for one.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_in(session: &Session, user: UserId, proved_at: Option<Timestamp>) -> Result<(), SessionsError> {
    session.cycle_id().await?;
    session.remove_value(HALF).await?;
    match proved_at {
        Some(at) => session.insert(PROVED, micros(at)).await?,
        None => drop(session.remove_value(PROVED).await?),
    }
    Ok(session.insert(USER, user).await?)
}

/// When a code was last typed in this session.
///
/// # Errors
/// When the store cannot be reached.
pub async fn proved_at(session: &Session) -> Result<Option<Timestamp>, SessionsError> {
    Ok(session.get::<i64>(PROVED).await?.map(timestamp))
}

/// Who has shown a password and still owes a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Half {
    /// Who.
    pub user: UserId,
    /// When they did, in UTC microseconds.
    pub at: i64,
    /// Wrong codes since.
    pub wrong: u32,
    /// Where to go on to.
    pub next: String,
}

/// Keeps that somebody is half inside, under a new cookie.
///
/// # Errors
/// When the store cannot be reached.
pub async fn sign_in_half(session: &Session, half: &Half) -> Result<(), SessionsError> {
    session.cycle_id().await?;
    session.remove_value(USER).await?;
    session.remove_value(PROVED).await?;
    Ok(session.insert(HALF, half).await?)
}

/// Who is half inside at an instant; nobody any more after ten minutes.
///
/// # Errors
/// When the store cannot be reached.
pub async fn half(session: &Session, now: Timestamp) -> Result<Option<Half>, SessionsError> {
    let half: Option<Half> = session.get(HALF).await?;
    Ok(half.filter(|half| (half.at..half.at + HALF_MICROS).contains(&micros(now))))
}

/// Counts a wrong code of who is half inside.
///
/// # Errors
/// When the store cannot be reached.
pub async fn keep_half(session: &Session, half: &Half) -> Result<(), SessionsError> {
    Ok(session.insert(HALF, half).await?)
}

/// Keeps a sign-in that began at the provider.
///
/// # Errors
/// When the store cannot be reached.
pub async fn leave_pending(session: &Session, pending: Pending, now: Timestamp) -> Result<(), SessionsError> {
    let mut all: Vec<Pending> = session.get(PENDING).await?.unwrap_or_default();
    all.retain(|known| !known.is_over(now.as_second()));
    if all.len() >= PENDING_MAX {
        all.remove(0);
    }
    all.push(pending);
    Ok(session.insert(PENDING, all).await?)
}

/// Takes the sign-in with this state; it serves once.
///
/// # Errors
/// When the store cannot be reached.
pub async fn take_pending(session: &Session, state: &str) -> Result<Option<Pending>, SessionsError> {
    let mut all: Vec<Pending> = session.get(PENDING).await?.unwrap_or_default();
    let Some(at) = all.iter().position(|known| known.state == state) else { return Ok(None) };
    let found = all.remove(at);
    session.insert(PENDING, all).await?;
    // Written before it is used. That the provider takes its code once is the second lock on the same door.
    session.save().await?;
    Ok(Some(found))
}

/// Keeps by what the provider knows the user, for signing out there.
///
/// # Errors
/// When the store cannot be reached.
pub async fn keep_id_token(session: &Session, token: &str) -> Result<(), SessionsError> {
    Ok(session.insert(ID_TOKEN, token).await?)
}

/// By what the provider knows the user.
///
/// # Errors
/// When the store cannot be reached.
pub async fn id_token(session: &Session) -> Result<Option<String>, SessionsError> {
    Ok(session.get(ID_TOKEN).await?)
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
