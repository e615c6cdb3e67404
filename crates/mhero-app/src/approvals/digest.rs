//! What an approval is bound to.

use mhero_core::{BroadcastId, Lang};
use mhero_store::{ApprovalRow, BroadcastRow};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{states, subjects};
use crate::{App, AppError, Caller};

/// What happens to a broadcast once somebody has agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The status that it would have had without waiting.
    pub(crate) status: String,
    /// When that leads on, in UTC microseconds, where it was chosen.
    pub(crate) at: Option<i64>,
}

/// Everything that the second person is asked about: another text, audience rule, lane, channel or time gives another digest.
fn digest(row: &BroadcastRow, plan: &Plan, texts: &[(Lang, String)], rules: &[String]) -> Vec<u8> {
    let bound = json!({
        "broadcast": row.id, "query": row.query, "rules": rules, "texts": texts, "lane": row.lane, "channel": row.channel,
        "programme": row.programme, "plan": plan, "zone": row.zone, "recurrence": row.recurrence,
        "quiet_override": row.quiet_override, "test": row.is_test, "drill": row.is_drill,
    });
    Sha256::digest(bound.to_string().as_bytes()).to_vec()
}

impl App {
    /// Who drafted a broadcast, as a caller: the audience is what they may see.
    pub(crate) async fn author_as_caller(&self, author: Option<Uuid>) -> Result<Caller, AppError> {
        let system = Caller::system();
        match author {
            Some(principal) => Ok(Caller { scope: self.scope_of(principal).await?, ..system }),
            None => Ok(system),
        }
    }

    /// All texts of a broadcast, the short ones for SMS last.
    pub(super) async fn texts_to_read(&self, id: BroadcastId) -> Result<Vec<(Lang, String)>, AppError> {
        let mut texts = self.store().broadcast_texts(id).await?;
        texts.extend(self.store().short_texts(id).await?);
        Ok(texts)
    }

    /// The digest of a broadcast as it is now.
    pub(super) async fn digest_now(
        &self,
        row: &BroadcastRow,
        plan: &Plan,
        texts: &[(Lang, String)],
    ) -> Result<Vec<u8>, AppError> {
        let author = self.author_as_caller(row.created_by).await?;
        let rules = self.rules_behind(&author, &row.query).await?;
        Ok(digest(row, plan, texts, &rules))
    }

    /// Whether a broadcast still is what the approval was asked for.
    pub(super) async fn is_unchanged(&self, row: &BroadcastRow, approval: &ApprovalRow) -> Result<bool, AppError> {
        let Ok(plan) = serde_json::from_str::<Plan>(&approval.plan) else { return Ok(false) };
        let texts = match approval.kind.as_str() {
            subjects::START => self.bound_to_start(row.id).await?,
            _ => self.texts_to_read(row.id).await?,
        };
        match self.digest_now(row, &plan, &texts).await {
            Ok(digest) => Ok(digest == approval.digest),
            // The audience means nothing any more: that is a change, too.
            Err(AppError::Query(_) | AppError::Invalid(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether a broadcast may be released: nobody had to agree, or somebody has, to just this.
    pub(crate) async fn approval_holds(&self, row: &BroadcastRow) -> Result<bool, AppError> {
        let asked_of = row.parent.unwrap_or(row.id);
        let Some(approval) = self.store().last_approval(asked_of).await? else { return Ok(true) };
        if approval.state != states::APPROVED {
            return Ok(false);
        }
        let whole = match row.parent {
            None => Some(row.clone()),
            Some(parent) => self.store().broadcast(&mhero_core::Scope::system(), parent).await?,
        };
        match whole {
            Some(whole) => self.is_unchanged(&whole, &approval).await,
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::Lane;

    use super::*;

    fn row() -> BroadcastRow {
        BroadcastRow {
            id: BroadcastId::from_uuid(Uuid::nil()),
            number: 7,
            name: "Measles week".into(),
            query: "*".into(),
            status: super::super::STATUS.into(),
            lane: Lane::Bulk,
            channel: None,
            programme: None,
            parent: None,
            release_at: None,
            zone: "Africa/Monrovia".into(),
            recurrence: None,
            quiet_override: None,
            is_test: false,
            is_drill: false,
            created_by: None,
            created_at: 0,
            released_at: None,
            ended_at: None,
            matched: 0,
            recipients: 0,
            version: 1,
        }
    }

    #[test]
    fn whatever_is_agreed_to_changes_the_digest() {
        let plan = Plan { status: "undo".into(), at: None };
        let texts = vec![(Lang::ENGLISH, "Vaccinate".to_owned()), (Lang::FRENCH, "Vaccinez".to_owned())];
        let rules = vec!["one phone = 1".to_owned()];
        let whole = digest(&row(), &plan, &texts, &rules);
        assert_eq!(whole, digest(&BroadcastRow { version: 9, ..row() }, &plan, &texts, &rules));
        let other = |row: BroadcastRow| assert_ne!(whole, digest(&row, &plan, &texts, &rules), "{row:?}");
        other(BroadcastRow { query: "cadre = nurse".into(), ..row() });
        other(BroadcastRow { lane: Lane::Alert, ..row() });
        other(BroadcastRow { is_drill: true, ..row() });
        other(BroadcastRow { quiet_override: Some("outbreak".into()), ..row() });
        let mut one_letter = texts.clone();
        one_letter[1].1.push('.');
        assert_ne!(whole, digest(&row(), &plan, &one_letter, &rules));
        assert_ne!(whole, digest(&row(), &plan, &texts, &[]));
        assert_ne!(whole, digest(&row(), &Plan { at: Some(5), ..plan }, &texts, &rules));
    }
}
