//! Corrections: a further broadcast to exactly the people who got an error, or may have.

use mhero_core::{BroadcastId, Lang, Right};
use mhero_store::{Queue, Unit};

use super::{Draft, Release};
use crate::{App, AppError, Caller};

/// Corrections of one broadcast that a page lists.
const LISTED_MAX: i64 = 20;

/// What is to be put right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// Only for those who read it in this language; `None` for all.
    pub language: Option<Lang>,
    /// What has not left is taken back first: nobody else gets the error.
    pub stops_rest: bool,
}

/// A broadcast that is corrected, or that corrects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionLink {
    /// The broadcast, or the draft that is to become one.
    pub id: BroadcastId,
    /// Its number; 0 for a draft.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Nobody has sent it yet.
    pub is_draft: bool,
}

impl App {
    /// Begins a correction as a draft under an id that the form made up: in the same lane, by the same channel, with the same texts to
    /// be changed, for those to whom the broadcast was sent or perhaps was. Who of them has it is decided when the correction leaves.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where nothing of the broadcast has left; [`AppError::NotFound`]; [`AppError::NotAllowed`].
    pub async fn draft_correction(
        &self,
        caller: &Caller,
        id: BroadcastId,
        correction: Correction,
        draft: BroadcastId,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let row = self.store().broadcast(&caller.scope, id).await?;
        let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        if row.released_at.is_none() {
            return Err(AppError::invalid("correction-nothing-sent", [("number", row.number.to_string())]));
        }
        if correction.stops_rest && matches!(row.status.as_str(), "releasing" | "sending" | "paused") {
            match self.cancel_broadcast(caller, id).await {
                // It has ended meanwhile: nothing is left to take back.
                Ok(()) | Err(AppError::Invalid(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let mut texts = self.store().broadcast_texts(id).await?;
        let languages: Vec<Lang> = texts.iter().map(|(language, _)| *language).collect();
        let mut query = format!("got = B{}", row.number);
        if let Some(language) = correction.language {
            query.push_str(&readers_of(language, &languages));
            texts.retain(|(known, _)| *known == language);
        }
        let name = self.words().say(caller.language, "correction-name", &[("name", row.name.clone())]);
        let wanted = Draft {
            name,
            query,
            texts,
            lane: row.lane,
            channel: row.channel,
            release: Release::AfterUndo,
            zone: Some(row.zone.clone()),
            quiet_override: None,
            once_key: None,
            is_test: row.is_test,
            is_drill: row.is_drill,
            programme: row.programme,
            valid_minutes: self.store().validity_of(id).await?,
        };
        let mut unit = Unit::new();
        unit.add_correction(draft, id, caller.scope.principal(), self.clock().now_micros());
        let facts = serde_json::json!({ "number": row.number, "draft": draft, "language": correction.language });
        unit.audit(self.store(), &caller.entry("correction-begun", "broadcast", Some(id.uuid()), facts));
        // The draft first: a link to what is not there would only be noise.
        self.save_draft(caller, draft, &wanted).await?;
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Which broadcast this one, or this draft, corrects; and what corrects it, the last first. What the caller may not see is left out.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn correction_links(
        &self,
        caller: &Caller,
        id: BroadcastId,
    ) -> Result<(Option<CorrectionLink>, Vec<CorrectionLink>), AppError> {
        caller.must(Right::ReadMessages)?;
        let corrects = match self.store().corrected_by(id).await? {
            Some(corrected) => self.store().broadcast(&caller.scope, corrected).await?.map(|row| link(&row)),
            None => None,
        };
        let mut corrections = Vec::new();
        for draft in self.store().corrections_of(id, LISTED_MAX).await? {
            let sent = match self.store().broadcast_by_key(&draft.to_string()).await? {
                Some(sent) => self.store().broadcast(&caller.scope, sent).await?,
                None => None,
            };
            match sent {
                Some(row) => corrections.push(link(&row)),
                None => {
                    let kept = self.store().draft(caller.scope.principal(), draft).await?;
                    corrections.extend(kept.map(|row| CorrectionLink { number: 0, is_draft: true, ..link(&row) }));
                }
            }
        }
        Ok((corrects, corrections))
    }
}

fn link(row: &mhero_store::BroadcastRow) -> CorrectionLink {
    CorrectionLink { id: row.id, number: row.number, name: row.name.clone(), is_draft: false }
}

/// Those who read a text in a language: who speaks none of the others reads the first.
fn readers_of(language: Lang, all: &[Lang]) -> String {
    if all.first() == Some(&language) {
        let others = all.iter().filter(|other| **other != language);
        return others.map(|other| format!(" and language != {}", other.as_str())).collect();
    }
    format!(" and language = {}", language.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_is_read_by_all_who_speak_none_of_the_others() {
        let all = [Lang::ENGLISH, Lang::FRENCH];
        assert_eq!(readers_of(Lang::FRENCH, &all), " and language = fra");
        assert_eq!(readers_of(Lang::ENGLISH, &all), " and language != fra");
        assert_eq!(readers_of(Lang::ENGLISH, &all[..1]), "");
    }
}
