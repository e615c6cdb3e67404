//! Whoever asks.

use mhero_app::{AppError, Caller};
use mhero_core::{LangMap, PlaceId, TokenId};

use crate::Reader;

impl Reader {
    /// The name of the account that asks; empty for who is none.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn account_name(&self, caller: &Caller) -> Result<String, AppError> {
        let token = match caller.actor.id {
            Some(id) if caller.actor.kind == "token" => self.app.store().token(TokenId::from_uuid(id)).await?,
            _ => None,
        };
        Ok(token.map(|token| token.name).unwrap_or_default())
    }

    /// The places that it is narrowed to; `None` where it sees the whole country.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn places_of(&self, caller: &Caller) -> Result<Option<Vec<(PlaceId, LangMap)>>, AppError> {
        if caller.scope.all_places() {
            return Ok(None);
        }
        let own = self.app.store().places_below(&caller.scope, None).await?;
        Ok(Some(own.into_iter().map(|place| (place.id, place.name)).collect()))
    }
}
