//! How far a broadcast has got.

use mhero_core::{BroadcastId, Lang, MessageState, Right};
use mhero_store::{BroadcastPerson, BroadcastRow};
use uuid::Uuid;

use super::Exclusion;
use crate::{App, AppError, Caller};

/// A state and how many messages are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: MessageState,
    /// Messages.
    pub messages: i64,
}

/// Everything that the page of a broadcast shows.
#[derive(Clone, Debug)]
pub struct BroadcastPage {
    /// The broadcast.
    pub broadcast: BroadcastRow,
    /// The audience as a sentence in the reader's language; the query itself where it no longer means anything.
    pub sentence: String,
    /// Texts by language.
    pub texts: Vec<(Lang, String)>,
    /// Messages by state, every state named.
    pub states: Vec<StateCount>,
    /// People who answered.
    pub answered: i64,
    /// People left out, by reason.
    pub left_out: Vec<Exclusion>,
    /// Messages that wait for an official's word because they may have left.
    pub to_decide: i64,
}

impl App {
    /// The broadcast of an id, or of its number.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find_broadcast(&self, text: &str) -> Result<BroadcastId, AppError> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let number: Option<i64> = text.trim_start_matches(['B', 'b', '#']).parse().ok();
        let id = match number {
            Some(number) => self.store().broadcast_by_number(number).await?,
            None => None,
        };
        id.ok_or_else(|| AppError::not_found("broadcast", text))
    }

    /// Everything that the page of a broadcast shows.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_page(&self, caller: &Caller, id: BroadcastId) -> Result<BroadcastPage, AppError> {
        caller.must(Right::ReadMessages)?;
        let row =
            self.store().broadcast(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let counts = self.store().count_by_state(id).await?;
        let states = MessageState::ALL
            .iter()
            .map(|state| StateCount {
                state: *state,
                messages: counts.iter().find(|(word, _)| word == state.as_str()).map_or(0, |(_, n)| *n),
            })
            .collect();
        let sentence = match self.check_audience(caller, &row.query).await {
            Ok(audience) => audience.sentence(caller.language),
            Err(AppError::Query(_)) => row.query.clone(),
            Err(other) => return Err(other),
        };
        let left_out = self.store().left_out_counts(id).await?;
        Ok(BroadcastPage {
            sentence,
            texts: self.store().broadcast_texts(id).await?,
            states,
            answered: self.store().count_answered(id).await?,
            left_out: left_out.into_iter().map(|(reason, people)| Exclusion { reason, people }).collect(),
            to_decide: i64::try_from(self.store().held_of_broadcast(id, 100_000).await?.len()).unwrap_or(0),
            broadcast: row,
        })
    }

    /// Broadcasts made before an instant, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn list_broadcasts(
        &self,
        caller: &Caller,
        before: i64,
        limit: i64,
    ) -> Result<Vec<BroadcastRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().broadcasts(&caller.scope, before, limit).await?)
    }

    /// People of a broadcast: those in a state, or with `left_out` those left out for a reason. Empty narrows nothing.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn broadcast_people(
        &self,
        caller: &Caller,
        id: BroadcastId,
        (state, left_out): (&str, Option<&str>),
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<BroadcastPerson>, AppError> {
        caller.must(Right::ReadMessages)?;
        self.store().broadcast(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("broadcast", id))?;
        Ok(match left_out {
            Some(reason) => self.store().broadcast_left_out(&caller.scope, id, reason, after, limit).await?,
            None => self.store().broadcast_people(&caller.scope, id, state, after, limit).await?,
        })
    }
}
