//! Broadcasts that go by a chat first: their short texts for SMS, and what became of them there.

use mhero_core::{BroadcastId, Lang, PersonId, Right, Scope};
use mhero_store::{BroadcastRow, ChatCounts, PersonFacts, Queue, Unit};

use super::{
    Draft,
    template::{Texts, check_texts},
};
use crate::{App, AppError, Caller, trust};

/// Longest short text, in characters: it is there to be one or two SMS.
pub const SHORT_CHARS_MAX: usize = 320;

impl App {
    /// Keeps the texts of a draft as they go by SMS, where those for chats are longer. Empty ones are left out.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a text that can't be sent; [`AppError::NotFound`] without such a draft; [`AppError::NotAllowed`].
    pub async fn set_short_texts(
        &self,
        caller: &Caller,
        draft: BroadcastId,
        texts: &[(Lang, String)],
    ) -> Result<(), AppError> {
        self.draft(caller, draft).await?;
        let texts: Vec<_> = texts.iter().filter(|(_, text)| !text.trim().is_empty()).cloned().collect();
        if !texts.is_empty() {
            check_texts(&texts)?;
        }
        if texts.iter().any(|(_, text)| text.chars().count() > SHORT_CHARS_MAX) {
            return Err(AppError::invalid("send-long-text", [("max", SHORT_CHARS_MAX.to_string())]));
        }
        let mut unit = Unit::new();
        unit.put_short_texts(draft, &texts);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// The texts of a broadcast or a draft as they go by SMS, where they are other ones.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn short_texts(&self, caller: &Caller, id: BroadcastId) -> Result<Vec<(Lang, String)>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().short_texts(id).await?)
    }

    /// The short texts of what is being sent: those of the draft that it was made of.
    pub(super) async fn short_texts_of_draft(&self, draft: &Draft) -> Result<Vec<(Lang, String)>, AppError> {
        match draft.once_key.as_deref().and_then(|key| key.parse::<BroadcastId>().ok()) {
            Some(id) => Ok(self.store().short_texts(id).await?),
            None => Ok(Vec::new()),
        }
    }

    /// What one person gets by SMS of a broadcast that has a short text in their language; `None` where it has none.
    pub(crate) async fn short_text_for(
        &self,
        row: &BroadcastRow,
        person: PersonId,
        language: Option<Lang>,
    ) -> Result<Option<String>, AppError> {
        let mut texts = self.store().short_texts(row.id).await?;
        texts.retain(|(known, _)| Some(*known) == language);
        let Some((language, _)) = texts.first() else { return Ok(None) };
        let code = self.store().trust_code_of(row.id.uuid()).await?.map(|code| code.code).unwrap_or_default();
        let parsed = Texts::parse(&trust::with_code(&texts, &code))?;
        let now = self.clock().now();
        let found = self.store().person_facts(&Scope::system(), &[person], now.as_microsecond()).await?;
        let reader = found.into_iter().next().unwrap_or_else(PersonFacts::default);
        let facts = self.facts_cached().await?;
        let text = parsed.render(*language, &reader, &facts, now);
        let mark = self.unreal_mark(*language, row.is_test, row.is_drill);
        Ok((!text.trim().is_empty()).then(|| format!("{mark}{text}")))
    }

    /// What became of the messages of a broadcast that went by a chat.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn chats_of_broadcast(&self, caller: &Caller, id: BroadcastId) -> Result<ChatCounts, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        Ok(self.store().chat_counts(id).await?)
    }
}
