//! Messages, one and many.

use mhero_app::{AppError, Caller};
use mhero_core::{BroadcastId, Direction, MessageId, PersonId, Right};
use mhero_store::{ApiMessage, MessagesAsked};

use crate::{Part, Reader};

/// Which messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessagesWanted {
    /// From or to this person.
    pub person: Option<PersonId>,
    /// Those of a broadcast.
    pub broadcast: Option<BroadcastId>,
    /// Those that came in, or went out.
    pub direction: Option<Direction>,
}

impl Reader {
    /// Messages of people within the caller's scope, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Store`].
    pub async fn messages(
        &self,
        caller: &Caller,
        wanted: &MessagesWanted,
        part: &Part,
    ) -> Result<Vec<ApiMessage>, AppError> {
        caller.must(Right::ReadMessages)?;
        let asked = MessagesAsked {
            contact: wanted.person,
            broadcast: wanted.broadcast,
            direction: wanted.direction,
            tests: caller.scope.is_in_sandbox(),
            ..MessagesAsked::default()
        };
        Ok(self.app.store().message_page(&caller.scope, &asked, &part.keyset()).await?)
    }

    /// One message.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope; [`AppError::NotAllowed`].
    pub async fn message(&self, caller: &Caller, id: MessageId) -> Result<ApiMessage, AppError> {
        caller.must(Right::ReadMessages)?;
        let ids = [id];
        let tests = caller.scope.is_in_sandbox();
        let asked = MessagesAsked { ids: Some(&ids), tests, ..MessagesAsked::default() };
        let found = self.app.store().message_page(&caller.scope, &asked, &Part::ONE.keyset()).await?;
        found.into_iter().next().ok_or_else(|| AppError::not_found("message", id))
    }
}
