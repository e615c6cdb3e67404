//! Home: what is on its way, what is in doubt, and whether everything works.

use mhero_core::{Lane, Right};
use mhero_store::BroadcastRow;

use crate::{App, AppError, Caller};

/// Most broadcasts that are looked through for those on their way.
const RECENT: i64 = 50;

impl App {
    /// Broadcasts of the caller's scope that are being released or sent, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn live_broadcasts(&self, caller: &Caller) -> Result<Vec<BroadcastRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        let mut rows = Vec::new();
        for (id, ..) in self.store().sending_broadcasts().await? {
            // Outside the scope there is no row.
            rows.extend(self.store().broadcast(&caller.scope, id).await?);
        }
        Ok(rows)
    }

    /// Recent broadcasts of the caller's scope that stand still until somebody decides: paused, or in their undo minute.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn halted_broadcasts(&self, caller: &Caller) -> Result<Vec<BroadcastRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        let recent = self.store().broadcasts(&caller.scope, i64::MAX, RECENT).await?;
        Ok(recent.into_iter().filter(|row| matches!(row.status.as_str(), "paused" | "undo")).collect())
    }

    /// Messages of the caller's broadcasts that may have left and wait for somebody's word, by broadcast.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn broadcasts_in_doubt(&self, caller: &Caller) -> Result<Vec<(BroadcastRow, i64)>, AppError> {
        caller.must(Right::ReadMessages)?;
        let mut rows = Vec::new();
        for row in self.store().broadcasts(&caller.scope, i64::MAX, RECENT).await? {
            let held = self.store().held_of_broadcast(row.id, 100_000).await?.len();
            if held > 0 {
                rows.push((row, i64::try_from(held).unwrap_or(i64::MAX)));
            }
        }
        Ok(rows)
    }

    /// How many messages wait in each lane, and since when (UTC microseconds) the oldest may go. A queue is nobody's own, so
    /// there is no scope to it.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn queue(&self, caller: &Caller) -> Result<Vec<(Lane, i64, i64)>, AppError> {
        caller.must(Right::Console)?;
        Ok(self.store().waiting_by_lane().await?)
    }
}
