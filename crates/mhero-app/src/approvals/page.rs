//! What the second person reads before they decide.

use mhero_core::{BroadcastId, Lang, Right};
use mhero_store::{ApprovalRow, BroadcastRow};
use uuid::Uuid;

use super::{starts::as_preview, states, subjects};
use crate::{
    App, AppError, Caller,
    broadcasts::{Draft, Preview, Release},
};

/// Approvals on one page.
const LISTED_MAX: i64 = 50;

/// One broadcast and its approval, in a list.
#[derive(Clone, Debug)]
pub struct ApprovalListed {
    /// The broadcast.
    pub broadcast: BroadcastRow,
    /// The approval.
    pub approval: ApprovalRow,
    /// Who asked; `None` for the command line.
    pub author: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Whether the reader may decide: not their own.
    pub may_decide: bool,
}

/// Everything that the second person reads.
#[derive(Clone, Debug)]
pub struct ApprovalPage {
    /// The broadcast and its approval.
    pub listed: ApprovalListed,
    /// What it would do now, with its audience as a sentence; `None` where the audience means nothing any more.
    pub preview: Option<Preview>,
    /// Its texts.
    pub texts: Vec<(Lang, String)>,
    /// The digest of what is shown, in hexadecimal: an answer counts for this only.
    pub shown: String,
    /// Whether it is as it was when somebody was asked.
    pub is_unchanged: bool,
    /// When it is planned for, in UTC microseconds; `None` for at once or again and again.
    pub planned_at: Option<i64>,
    /// Whether phones were asked, too.
    pub asks_phones: bool,
    /// The flow, where it is a start of one.
    pub flow: Option<mhero_core::FlowId>,
}

impl App {
    /// Everything that the second person reads about a broadcast; also after it was decided.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also where nobody was ever asked; [`AppError::NotAllowed`].
    pub async fn approval_page(&self, caller: &Caller, id: BroadcastId) -> Result<ApprovalPage, AppError> {
        caller.must(Right::ReadMessages)?;
        let approval = self.store().last_approval(id).await?;
        let approval = approval.ok_or_else(|| AppError::not_found("approval", id))?;
        let row = self.subject(&caller.scope, &approval).await?;
        let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        let is_start = approval.kind == subjects::START;
        let previewed = match is_start {
            true => self.preview_of_start(id, caller.language).await.map(as_preview),
            false => self.preview_in(&row, caller.language).await,
        };
        let preview = match previewed {
            Ok(preview) => Some(preview),
            Err(AppError::Query(_) | AppError::Invalid(_) | AppError::NotAllowed { .. }) => None,
            Err(error) => return Err(error),
        };
        let plan: Option<super::digest::Plan> = serde_json::from_str(&approval.plan).ok();
        let codes = self.store().approval_codes(approval.id).await?;
        Ok(ApprovalPage {
            preview,
            texts: if is_start { Vec::new() } else { self.texts_to_read(id).await? },
            flow: if is_start { self.flow_of_start(id).await? } else { None },
            shown: crate::hex::encode(&approval.digest),
            is_unchanged: self.is_unchanged(&row, &approval).await?,
            planned_at: plan.and_then(|plan| plan.at.filter(|_| plan.status == "scheduled")),
            asks_phones: codes.iter().any(|code| code.state == "open" && code.expires_at > self.clock().now_micros()),
            listed: self.listed(caller, row, approval).await?,
        })
    }

    /// Broadcasts that wait for a second person, the oldest first, then those that were decided last.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn approvals(&self, caller: &Caller) -> Result<Vec<ApprovalListed>, AppError> {
        caller.must(Right::ReadMessages)?;
        let mut rows = self.store().waiting_approvals(LISTED_MAX).await?;
        rows.extend(self.store().decided_approvals(LISTED_MAX).await?);
        let mut listed = Vec::new();
        for approval in rows {
            // Outside the scope there is no row.
            if let Some(row) = self.subject(&caller.scope, &approval).await? {
                listed.push(self.listed(caller, row, approval).await?);
            }
        }
        Ok(listed)
    }

    /// How many broadcasts wait for this caller's word.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn count_approvals(&self, caller: &Caller) -> Result<i64, AppError> {
        if !caller.scope.may(Right::Approve) {
            return Ok(0);
        }
        let mut count = 0;
        for approval in self.store().waiting_approvals(LISTED_MAX).await? {
            let row = self.subject(&caller.scope, &approval).await?;
            count += i64::from(row.is_some_and(|row| row.created_by != caller.scope.principal()));
        }
        Ok(count)
    }

    /// The approval of a broadcast, where one was ever asked for.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn approval_of(&self, caller: &Caller, id: BroadcastId) -> Result<Option<ApprovalListed>, AppError> {
        let row = self.store().broadcast(&caller.scope, id).await?;
        let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
        match self.store().last_approval(id).await? {
            Some(approval) => Ok(Some(self.listed(caller, row, approval).await?)),
            None => Ok(None),
        }
    }

    async fn listed(
        &self,
        caller: &Caller,
        broadcast: BroadcastRow,
        approval: ApprovalRow,
    ) -> Result<ApprovalListed, AppError> {
        let is_other = caller.scope.principal().is_some() && caller.scope.principal() != broadcast.created_by;
        Ok(ApprovalListed {
            author: self.name_of_user(broadcast.created_by).await?,
            decided_by: self.name_of_user(approval.decided_by).await?,
            may_decide: caller.scope.may(Right::Approve) && is_other && approval.state == states::WAITING,
            broadcast,
            approval,
        })
    }

    async fn name_of_user(&self, id: Option<Uuid>) -> Result<Option<String>, AppError> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.store().user(mhero_core::UserId::from_uuid(id)).await?.map(|(user, _)| user.name))
    }

    /// What a stored broadcast would do now.
    pub(super) async fn preview_of(&self, row: &BroadcastRow) -> Result<Preview, AppError> {
        self.preview_in(row, Lang::ENGLISH).await
    }

    async fn preview_in(&self, row: &BroadcastRow, language: Lang) -> Result<Preview, AppError> {
        let author = Caller { language, ..self.author_as_caller(row.created_by).await? };
        let draft = Draft {
            name: row.name.clone(),
            query: row.query.clone(),
            texts: self.store().broadcast_texts(row.id).await?,
            lane: row.lane,
            channel: row.channel,
            release: match (&row.recurrence, row.release_at) {
                (Some(recurrence), _) => Release::Recurring(recurrence.clone()),
                (None, Some(at)) => Release::At(mhero_core::timestamp(at)),
                (None, None) => Release::AfterUndo,
            },
            zone: Some(row.zone.clone()),
            quiet_override: row.quiet_override.clone(),
            once_key: None,
            is_test: row.is_test,
            is_drill: row.is_drill,
            programme: row.programme,
            valid_minutes: None,
        };
        self.preview(&author, &draft, 0).await
    }
}
