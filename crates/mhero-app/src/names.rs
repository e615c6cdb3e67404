//! Names that pages show beside ids, and other small questions of the console.

use std::collections::HashMap;

use mhero_core::{Lang, PlaceId, Right, UserId};
use uuid::Uuid;

use crate::{App, AppError, Caller};

impl App {
    /// The name of a place. Names of places are no secret: everybody who knows an id may read its name.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn place_name(&self, id: PlaceId, lang: Lang) -> Result<Option<String>, AppError> {
        Ok(self.store().place(id).await?.map(|place| place.name.best(lang).to_owned()))
    }

    /// The names of all users, for those who read conversations or the audit log, where colleagues are named.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn user_names(&self, caller: &Caller) -> Result<HashMap<Uuid, String>, AppError> {
        if !caller.scope.may(Right::Audit) {
            caller.must(Right::ReadMessages)?;
        }
        Ok(self.store().users().await?.into_iter().map(|user| (user.id.uuid(), user.name)).collect())
    }

    /// In how many browsers a user is signed in: oneself, or anybody for who may change settings.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn open_sessions(&self, caller: &Caller, user: UserId) -> Result<i64, AppError> {
        if caller.scope.principal() != Some(user.uuid()) {
            caller.must(Right::Settings)?;
        }
        Ok(self.store().count_sessions(user, self.clock().now_micros()).await?)
    }

    /// How the last import of a source ended, as JSON of counts.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn last_import(&self, caller: &Caller, source: mhero_core::SourceId) -> Result<Option<String>, AppError> {
        caller.must(Right::ReadPeople)?;
        Ok(self.store().last_import(source).await?)
    }
}
