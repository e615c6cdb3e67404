//! What administrators and officials see of a back end, and decide: how far it was read, calls that wait, texts through it.

use std::collections::HashMap;

use mhero_app::{
    AppError, Caller,
    flows::{NewStart, TriggerTerms},
    sync::read_reason,
};
use mhero_core::{CampaignId, FlowId, Lang, MessageId, PersonId, Right, SourceId, StartId, TriggerId, record::Reason};
use mhero_store::{BackendFlowListed, BackendList, BackendPersonShown, Queue, Source, StoreError, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{Backends, BackendsError, ids::flow_id, runner::is_backend, texts};

/// Calls that are listed.
const CALLS_MAX: i64 = 50;
/// Problems that are listed.
const PROBLEMS_MAX: i64 = 50;

/// A call that is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallShown {
    /// Its id.
    pub id: Uuid,
    /// The number of its start.
    pub start: i64,
    /// The flow, by its name here.
    pub flow: String,
    /// `waiting`, `calling`, `uncertain`, `refused`.
    pub state: String,
    /// Why it stands there.
    pub reason: Option<Reason>,
    /// How often it was made.
    pub attempts: i64,
    /// When something is due, in UTC microseconds.
    pub next_at: Option<i64>,
    /// Version, for [`Backends::decide`].
    pub version: i64,
}

/// What somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemShown {
    /// The object there, `contact UUID`; or what is set up here, `STOCK → Stock on hand`.
    pub subject: String,
    /// `contact-of-several`, `nobody`; `trigger-not-here`, `plan-no-text`, `plan-gone`, `flow-enters` for what is set up here and does nothing.
    pub kind: String,
    /// To whom it was given.
    pub person: Option<PersonId>,
    /// The trigger that does nothing.
    pub trigger: Option<TriggerId>,
    /// The campaign with an event that does nothing.
    pub campaign: Option<CampaignId>,
    /// The flow here that leads there in vain.
    pub flow: Option<FlowId>,
    /// When it was last seen, in UTC microseconds.
    pub at: i64,
}

/// A back end at a glance.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The source.
    pub source: Source,
    /// How far each list was read.
    pub lists: Vec<(BackendList, Option<Reason>)>,
    /// Flows that run there.
    pub flows: Vec<BackendFlowListed>,
    /// Calls by state.
    pub calls: Vec<(String, i64)>,
    /// Messages and runs that were read back.
    pub items: Vec<(String, i64)>,
    /// Calls that are not done, the newest first.
    pub open: Vec<CallShown>,
    /// What somebody has to look at.
    pub problems: Vec<ProblemShown>,
}

/// What somebody decides about a call that was refused, or of which nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is made again.
    Again,
    /// It is left.
    Leave,
}

fn reason(kept: &str) -> Option<Reason> {
    (!kept.is_empty()).then(|| read_reason(kept))
}

impl Backends {
    /// The sources that are back ends.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for those who may neither send nor set up.
    pub async fn all(&self, caller: &Caller) -> Result<Vec<Source>, BackendsError> {
        if !caller.scope.may(Right::Settings) {
            caller.must(Right::Send)?;
        }
        let sources = self.app.store().sources().await?;
        Ok(sources.into_iter().filter(is_backend).collect())
    }

    /// A back end at a glance; `None` for a source that is none.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn overview(&self, caller: &Caller, source: SourceId) -> Result<Option<Overview>, BackendsError> {
        caller.must(Right::Settings)?;
        let store = self.app.store();
        let sources = store.sources().await?;
        let found = sources.into_iter().find(|own| own.id == source);
        let found = found.ok_or_else(|| AppError::not_found("source", source))?;
        if !is_backend(&found) {
            return Ok(None);
        }
        let flows = store.backend_flows(source).await?;
        let mut open = Vec::new();
        for call in store.backend_open_calls(source, CALLS_MAX).await? {
            let start = store.start(&mhero_core::Scope::system(), call.start).await?;
            let flow = flows.iter().find(|listed| listed.flow.remote == call.flow);
            open.push(CallShown {
                id: call.id,
                start: start.map_or(0, |start| start.number),
                flow: flow.map(|listed| listed.name.clone()).unwrap_or_default(),
                reason: reason(&call.reason),
                state: call.state,
                attempts: call.attempts,
                next_at: call.next_at,
                version: call.version,
            });
        }
        let mut problems = self.idle(&flows).await?;
        let known = store.backend_problems(source, PROBLEMS_MAX).await?.into_iter();
        problems.extend(known.map(|own| ProblemShown {
            subject: own.subject,
            kind: own.kind,
            person: own.person,
            trigger: None,
            campaign: None,
            flow: None,
            at: own.at,
        }));
        let lists = store.backend_lists(source).await?.into_iter();
        Ok(Some(Overview {
            source: found,
            lists: lists.map(|list| (list.clone(), reason(&list.reason))).collect(),
            flows,
            calls: store.backend_call_counts(source).await?,
            items: store.backend_items(source).await?,
            open,
            problems,
        }))
    }

    /// What is set up here, names one of some flows that run elsewhere, and does nothing: no new one can be saved, but there may be
    /// those from before, and flows that are no more there.
    async fn idle(&self, flows: &[BackendFlowListed]) -> Result<Vec<ProblemShown>, BackendsError> {
        let system = Caller::system();
        let at = self.app.clock().now_micros();
        let problem = |kind: &str, subject: String| ProblemShown {
            subject,
            kind: kind.to_owned(),
            person: None,
            trigger: None,
            campaign: None,
            flow: None,
            at,
        };
        let named = |flow: FlowId| flows.iter().find(|listed| listed.flow.flow == flow);
        let planned = |listed: &BackendFlowListed| match (listed.flow.gone, listed.flow.remote.is_empty()) {
            (true, _) => Some("plan-gone"),
            (false, true) => Some("plan-no-text"),
            (false, false) => None,
        };
        let mut idle = Vec::new();
        for trigger in self.app.triggers(&system).await? {
            let Some(listed) = named(trigger.flow) else { continue };
            let kind = if trigger.terms.is_pulled_here() { Some("trigger-not-here") } else { planned(listed) };
            let Some(kind) = kind else { continue };
            let subject = match &trigger.terms {
                TriggerTerms::Keyword { words, .. } => {
                    format!("{} → {}", words.join(", ").to_uppercase(), listed.name)
                }
                _ => listed.name.clone(),
            };
            idle.push(ProblemShown { trigger: Some(trigger.id), ..problem(kind, subject) });
        }
        for campaign in self.app.campaigns(&system).await? {
            for listed in campaign.events.iter().filter_map(|event| named(event.row.flow?)) {
                let Some(kind) = planned(listed) else { continue };
                let subject = format!("{} → {}", campaign.row.name, listed.name);
                idle.push(ProblemShown { campaign: Some(campaign.row.id), ..problem(kind, subject) });
            }
        }
        for leads in self.app.flows_leading_nowhere(&system).await? {
            let Some(listed) = named(leads.to) else { continue };
            let kind = if leads.is_entered { Some("flow-enters") } else { planned(listed) };
            let Some(kind) = kind else { continue };
            let subject = format!("{} → {}", leads.name, listed.name);
            idle.push(ProblemShown { flow: Some(leads.flow), ..problem(kind, subject) });
        }
        Ok(idle)
    }

    /// Decides about a call that was refused, or of which nobody knows.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`BackendsError::Stale`] where it is not so any more.
    pub async fn decide(
        &self,
        caller: &Caller,
        call: Uuid,
        version: i64,
        decision: Decision,
    ) -> Result<(), BackendsError> {
        caller.must(Right::Settings)?;
        let store = self.app.store();
        let mut row = store.backend_call(call).await?.ok_or_else(|| AppError::not_found("call", call))?;
        if row.version != version || !matches!(row.state.as_str(), "refused" | "uncertain" | "waiting") {
            return Err(BackendsError::Stale);
        }
        let mut unit = Unit::new();
        let now = self.app.clock().now_micros();
        let action = match decision {
            Decision::Again => {
                // Of one whose answer was lost it is looked first whether it is there.
                if row.state == "refused" {
                    "waiting".clone_into(&mut row.state);
                    unit.move_backend_people(call, "refused", "waiting");
                }
                row.next_at = Some(now);
                "backend-call-again"
            }
            Decision::Leave => {
                "cancelled".clone_into(&mut row.state);
                row.next_at = None;
                unit.move_backend_people(call, "waiting", "cancelled");
                "backend-call-left"
            }
        };
        unit.set_backend_call(&row);
        unit.audit(store, &caller.entry(action, "backend_call", Some(call), json!({ "start": row.start })));
        match store.write(unit, Queue::Interactive).await {
            Ok(_) => {
                self.app.wake();
                Ok(())
            }
            Err(StoreError::Guard { .. }) => Err(BackendsError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    /// Through which back end messages came that did: its name, by message.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn names_of(&self, messages: &[MessageId]) -> Result<HashMap<MessageId, String>, AppError> {
        Ok(self.app.store().elsewhere_of(messages).await?)
    }

    /// The people of a start, each with how they stand at the back end, within the caller's scope.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`], also outside the caller's scope.
    pub async fn people_of(
        &self,
        caller: &Caller,
        start: StartId,
        after: PersonId,
        limit: i64,
    ) -> Result<Vec<BackendPersonShown>, BackendsError> {
        caller.must(Right::ReadMessages)?;
        let store = self.app.store();
        if store.start(&caller.scope, start).await?.is_none() {
            return Err(AppError::not_found("flow_start", start).into());
        }
        Ok(store.backend_people_of_start(&caller.scope, start, after, limit).await?)
    }

    /// Whether a start of a flow sends a text through a back end.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn sends_texts(&self, flow: FlowId) -> Result<bool, AppError> {
        let found = self.app.store().backend_flow(flow).await?;
        Ok(found.is_some_and(|found| found.remote.is_empty()))
    }

    /// A start that sends a text through a back end, for [`mhero_app::App::preview_start`] and [`mhero_app::App::start_flow`].
    ///
    /// # Errors
    /// [`BackendsError::NotOne`]; [`AppError::NotFound`]; [`AppError::Invalid`] for no text or one that is too long.
    pub async fn text_start(
        &self,
        name: &str,
        query: &str,
        texts: &[(Lang, String)],
    ) -> Result<NewStart, BackendsError> {
        let source = self.named(name).await?;
        let texts: Vec<(Lang, String)> = texts.iter().filter(|(_, text)| !text.trim().is_empty()).cloned().collect();
        if texts.is_empty() {
            return Err(AppError::invalid("backend-no-text", []).into());
        }
        if texts.iter().any(|(_, text)| text.chars().count() > texts::CHARS_MAX) {
            return Err(AppError::invalid("backend-text-long", [("max", texts::CHARS_MAX.to_string())]).into());
        }
        let flow = FlowId::from_uuid(flow_id(source.id, ""));
        Ok(NewStart { params: Some(texts::params(&texts)), ..NewStart::new(flow, query) })
    }
}
