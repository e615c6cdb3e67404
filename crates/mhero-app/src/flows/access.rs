//! Who may change and start which flows, and for whom a conversation acts when its flow turns to others.

use std::collections::HashSet;

use mhero_core::{FlowId, ProgrammeId, Right, Scope, SessionId};
use mhero_flow::{session::Session, triggers::TriggerKind};
use mhero_query::fold;
use mhero_store::{FlowRow, SessionRow, TriggerRow};
use uuid::Uuid;

use super::triggers::{Trigger, TriggerTerms};
use crate::{App, AppError, Caller};

/// How many conversations that began one another are followed back to the first.
const FORERUNNERS_MAX: usize = 50;

/// The programmes in which somebody has a right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Programmes {
    /// All of them, and what belongs to the whole country.
    All,
    /// These only.
    Of(Vec<ProgrammeId>),
}

impl Programmes {
    /// Whether what belongs to a programme, or to the whole country for `None`, is among them.
    pub(crate) fn has(&self, programme: Option<ProgrammeId>) -> bool {
        match self {
            Self::All => true,
            Self::Of(own) => programme.is_some_and(|programme| own.contains(&programme)),
        }
    }
}

impl App {
    /// The programmes in which a caller has a right, read anew: a grant taken away counts at once.
    pub(crate) async fn programmes_of(&self, caller: &Caller, right: Right) -> Result<Programmes, AppError> {
        let Some(principal) = caller.scope.principal() else { return Ok(Programmes::All) };
        let mut grants = self.store().grants_of(principal).await?;
        // A token may have a right besides its role: then all its grants say where.
        if grants.iter().any(|grant| grant.role.rights().contains(&right)) {
            grants.retain(|grant| grant.role.rights().contains(&right));
        }
        let mut own = Vec::with_capacity(grants.len());
        for grant in grants {
            match grant.programme {
                Some(programme) => own.push(programme),
                None => return Ok(Programmes::All),
            }
        }
        Ok(Programmes::Of(own))
    }

    /// Refuses unless the caller may change flows of a programme; of the whole country for `None`.
    pub(crate) async fn must_change(&self, caller: &Caller, programme: Option<ProgrammeId>) -> Result<(), AppError> {
        self.must_in(caller, Right::Flows, programme).await
    }

    /// Refuses unless the caller may change a flow. One that is gone belonged to the whole country.
    pub(crate) async fn must_change_flow(&self, caller: &Caller, flow: FlowId) -> Result<(), AppError> {
        let row = self.store().flow(flow).await?;
        self.must_change(caller, row.and_then(|row| row.programme)).await
    }

    /// Refuses unless the caller may start people in a flow.
    pub(crate) async fn must_start(&self, caller: &Caller, flow: &FlowRow) -> Result<(), AppError> {
        self.must_in(caller, Right::Send, flow.programme).await
    }

    async fn must_in(&self, caller: &Caller, right: Right, programme: Option<ProgrammeId>) -> Result<(), AppError> {
        caller.must(right)?;
        if self.programmes_of(caller, right).await?.has(programme) {
            return Ok(());
        }
        Err(AppError::NotAllowed { right })
    }

    /// The programme of what a caller makes: their own; of several the one that they were given first; the whole country's for
    /// those whom no programme narrows.
    pub(crate) async fn programme_for_new(&self, caller: &Caller) -> Result<Option<ProgrammeId>, AppError> {
        caller.must(Right::Flows)?;
        match self.programmes_of(caller, Right::Flows).await? {
            Programmes::All => Ok(None),
            Programmes::Of(own) => own.first().copied().map(Some).ok_or(AppError::NotAllowed { right: Right::Flows }),
        }
    }

    /// Whether a caller may change a flow, for pages that show only what can be pressed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn may_change_flow(&self, caller: &Caller, flow: &FlowRow) -> Result<bool, AppError> {
        Ok(caller.scope.may(Right::Flows) && self.programmes_of(caller, Right::Flows).await?.has(flow.programme))
    }

    /// Whether a caller may start people in a flow, for pages that show only what can be pressed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn may_start_flow(&self, caller: &Caller, flow: &FlowRow) -> Result<bool, AppError> {
        Ok(caller.scope.may(Right::Send) && self.programmes_of(caller, Right::Send).await?.has(flow.programme))
    }

    /// For whom a conversation acts: whoever started it, or made the trigger or the campaign that did, with what they may see
    /// and do now; the system where nobody did. Beside it the conversation with which it all began.
    pub(super) async fn acts_for(&self, session: SessionId) -> Result<(Caller, SessionId), AppError> {
        let (caller, first) = self.began(session).await?;
        // From the sandbox nobody is reached outside it, whoever made the trigger that began there.
        if !caller.scope.is_in_sandbox() && self.is_tried_out(session).await? {
            return Ok((Caller { scope: caller.scope.without_rights(), ..caller }, first));
        }
        Ok((caller, first))
    }

    async fn is_tried_out(&self, session: SessionId) -> Result<bool, AppError> {
        let Some(row) = self.store().session_row(session).await? else { return Ok(false) };
        let at = self.store().conversation(row.conversation).await?;
        Ok(at.is_some_and(|at| mhero_core::sandbox::is_number(&at.path)))
    }

    async fn began(&self, session: SessionId) -> Result<(Caller, SessionId), AppError> {
        let (mut id, mut row) = (session, self.store().session_row(session).await?);
        for _ in 0..FORERUNNERS_MAX {
            let Some(at) = &row else { break };
            if at.start.is_some() || at.cause != "flow" {
                return Ok((self.starter_of(at).await?, id));
            }
            let Some(parent) = at.parent else { break };
            (id, row) = (parent, self.store().session_row(parent).await?);
        }
        // Nobody can say who began it: it reaches nobody.
        Ok((Caller { scope: Scope::of(Uuid::nil(), false, false, mhero_core::Rights::NONE), ..Caller::system() }, id))
    }

    async fn starter_of(&self, row: &SessionRow) -> Result<Caller, AppError> {
        let makers: Vec<Option<Uuid>> = match (row.start, row.cause.as_str()) {
            (Some(start), _) => {
                let start = self.store().start(&Scope::system(), start).await?;
                start.iter().map(|start| start.created_by).collect()
            }
            (None, "campaign") => self.makers_of_campaign(row).await?,
            (None, kind) => {
                let mut triggers = self.store().triggers_of(row.flow, kind).await?;
                let word = word_of(row);
                let all = triggers.clone();
                // Made before the conversation began, and with its word; one that was put away only where no other is left.
                triggers.retain(|known| known.created_at <= row.created_at && has_word(known, word.as_deref()));
                if triggers.iter().any(|known| known.active) {
                    triggers.retain(|known| known.active);
                }
                let triggers = if triggers.is_empty() { all } else { triggers };
                triggers.iter().map(|known| known.created_by).collect()
            }
        };
        // Where what began it is gone, whoever wrote the definition answers for it.
        let makers = match makers.is_empty() {
            false => makers,
            true => {
                let revision = self.store().flow_revision(row.flow, row.revision).await?;
                vec![revision.and_then(|revision| revision.created_by)]
            }
        };
        self.narrowest(makers).await
    }

    async fn makers_of_campaign(&self, row: &SessionRow) -> Result<Vec<Option<Uuid>>, AppError> {
        let mut key = row.once_key.as_deref().unwrap_or_default().split('/').skip(1);
        let event = key.next().unwrap_or_default();
        let events = self.store().campaign_events().await?;
        let Some(event) = events.into_iter().find(|known| known.id.to_string() == event) else { return Ok(Vec::new()) };
        let campaigns = self.store().campaigns().await?;
        Ok(campaigns.iter().filter(|known| known.id == event.campaign).map(|known| known.created_by).collect())
    }

    /// Of several who may have begun it, the one who may see the least.
    async fn narrowest(&self, makers: Vec<Option<Uuid>>) -> Result<Caller, AppError> {
        let mut least: Option<Caller> = None;
        for maker in makers.into_iter().collect::<HashSet<_>>() {
            let caller = self.caller_of(maker).await?;
            let width = |caller: &Caller| (caller.scope.all_places(), caller.scope.all_programmes());
            if least.as_ref().is_none_or(|least| width(&caller) < width(least)) {
                least = Some(caller);
            }
        }
        Ok(least.unwrap_or_else(Caller::system))
    }
}

/// The keyword that began a session, as the engine remembers it.
fn word_of(row: &SessionRow) -> Option<String> {
    let session = Session::from_blob(&row.state).ok()?;
    match &session.trigger.kind {
        TriggerKind::Msg { keyword_match, .. } => keyword_match.as_ref().map(|found| fold(&found.keyword)),
        _ => None,
    }
}

fn has_word(row: &TriggerRow, word: Option<&str>) -> bool {
    let Some(word) = word else { return true };
    match Trigger::read(row).map(|trigger| trigger.terms) {
        Some(TriggerTerms::Keyword { words, .. }) => words.iter().any(|own| own == word),
        _ => false,
    }
}
