//! Flows that run on a back end: the audience of a start is decided and frozen here as ever; then each slice becomes one call to it,
//! a row before anything leaves. The clock and campaigns start them; what only comes there, a word or a call, is that system's own.

use std::collections::{BTreeSet, HashSet};

use mhero_core::{FlowId, Lane, PersonId, ProgrammeId, Right, RunId, Scope, StartId, sandbox};
use mhero_flow::definition::{Exclusions, Flow};
use mhero_store::{BackendFlow, FlowRow, Funnel, Job, Queue, StartRow, StoreError, Unit};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    shelf::{entered, starts},
    starts::{NUMBERS, Recipient, SLICE},
    triggers::TriggerTerms,
};
use crate::{App, AppError, Caller, trust, way_back::ANSWERED_RUN};

/// Why somebody has no conversation: the sandbox reaches nobody outside.
const SANDBOX: &str = "failed";

/// A start for people who are decided already.
pub(crate) struct Decided<'a> {
    /// Whom it is for, in the query language, as people read it.
    pub(crate) query: String,
    /// Why.
    pub(crate) cause: &'static str,
    /// The programme, where the flow has none.
    pub(crate) programme: Option<ProgrammeId>,
    /// Who made what it comes from.
    pub(crate) created_by: Option<Uuid>,
    /// Each once, with a number that can be written to.
    pub(crate) people: &'a [PersonId],
    /// What is handed over, JSON or empty.
    pub(crate) params: String,
    /// What makes it the same start when it is made twice.
    pub(crate) once_key: Option<String>,
    /// A test.
    pub(crate) is_test: bool,
}

/// Those whom an action of a flow names one by one.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// Each once.
    pub(super) people: &'a [PersonId],
    /// Whom the action leaves out.
    pub(super) exclusions: &'a Exclusions,
    /// What is handed over.
    pub(super) params: &'a Json,
    /// A test.
    pub(super) is_test: bool,
}

/// A flow here that leads to one that runs elsewhere in a way by which nobody gets there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadsNowhere {
    /// The flow here.
    pub flow: FlowId,
    /// Its name.
    pub name: String,
    /// The flow that runs elsewhere.
    pub to: FlowId,
    /// Whether it goes into that one; else it starts it for somebody.
    pub is_entered: bool,
}

impl App {
    /// The flows that run elsewhere, those that are no more there among them.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn flows_elsewhere(&self) -> Result<HashSet<FlowId>, AppError> {
        Ok(self.store().backend_flows_everywhere().await?.into_iter().map(|own| own.flow).collect())
    }

    /// Refuses a trigger that would never begin its flow, because the flow runs elsewhere.
    pub(super) async fn refuse_elsewhere(&self, flow: &FlowRow, terms: &TriggerTerms) -> Result<(), AppError> {
        let Some(own) = self.store().backend_flow(flow.id).await? else { return Ok(()) };
        let name = [("flow", flow.name.clone())];
        match terms.is_pulled_here() {
            true => Err(AppError::invalid("backend-trigger-not-here", name)),
            false if own.remote.is_empty() => Err(AppError::invalid("backend-plan-no-text", name)),
            false => Ok(()),
        }
    }

    /// Refuses a flow that would have nothing to say in a campaign: the one through which texts are sent.
    pub(crate) async fn refuse_without_text(&self, flow: &FlowRow) -> Result<(), AppError> {
        match self.store().backend_flow(flow.id).await? {
            Some(own) if own.remote.is_empty() => {
                Err(AppError::invalid("backend-plan-no-text", [("flow", flow.name.clone())]))
            }
            _ => Ok(()),
        }
    }

    /// A start there for people who are decided already, as part of the unit that says why: it stands or falls with that unit.
    pub(crate) async fn start_elsewhere(
        &self,
        unit: &mut Unit,
        (flow, there): (&FlowRow, &BackendFlow),
        decided: Decided<'_>,
    ) -> Result<StartId, AppError> {
        let now = self.clock().now_micros();
        let id = self.store().mint().id(StartId::from_uuid);
        let number = self.store().next_number(NUMBERS).await?;
        let people = i64::try_from(decided.people.len()).unwrap_or(i64::MAX);
        let row = StartRow {
            id,
            number,
            flow: flow.id,
            revision: flow.revision,
            query: decided.query,
            params: decided.params,
            lane: Lane::Normal,
            channel: None,
            programme: flow.programme.or(decided.programme),
            status: "starting".to_owned(),
            cause: decided.cause.to_owned(),
            is_test: decided.is_test,
            is_drill: false,
            created_by: decided.created_by,
            created_at: now,
            ended_at: None,
            matched: people,
            recipients: people,
            version: 1,
        };
        unit.take_numbers(NUMBERS, number, 1).add_start(&row, decided.once_key.as_deref()).start_status(
            &row,
            "started",
            Some(now),
        );
        self.add_trust_code(unit, trust::kinds::START, id.uuid()).await?;
        for (number, slice) in decided.people.chunks(SLICE).enumerate() {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            let call = (self.store().mint().uuid(), there.source);
            unit.add_backend_call(call, (id, number), &there.remote, slice, now);
        }
        unit.changed("flow_start", id.uuid(), "created", now);
        let facts = json!({ "flow": flow.id, "revision": flow.revision, "cause": decided.cause });
        unit.audit(self.store(), &Caller::system().entry("flow-started", "flow_start", Some(id.uuid()), facts));
        Ok(id)
    }

    /// Starts a flow there for those whom an action of a flow here names one by one: together, once, and not for whom the action leaves
    /// out, who has no number or has stopped. False where the flow runs here.
    pub(super) async fn start_named_elsewhere(
        &self,
        caller: &Caller,
        flow: &FlowRow,
        named: Named<'_>,
        key: &str,
    ) -> Result<bool, AppError> {
        let Some(there) = self.store().backend_flow(flow.id).await? else { return Ok(false) };
        if there.gone || !flow.active {
            return Err(AppError::not_found("flow", flow.id));
        }
        self.refuse_without_text(flow).await?;
        let mut people = Vec::new();
        for person in named.people {
            if self.is_excluded(*person, flow.id, named.exclusions).await? {
                continue;
            }
            let Some((scheme, path)) = self.number_of_person(*person).await? else { continue };
            let is_stopped = self.store().stops(&scheme, &path).await?.contains(&String::new());
            if !is_stopped && !sandbox::is_number(&path) {
                people.push(*person);
            }
        }
        if people.is_empty() {
            return Ok(true);
        }
        let query: Vec<String> = people.iter().map(|person| format!("uuid = \"{person}\"")).collect();
        let once_key = format!("flow/{key}/named");
        let start = || async {
            if self.store().start_by_key(&once_key).await?.is_some() {
                return Ok(());
            }
            let decided = Decided {
                query: query.join(" OR "),
                cause: "flow",
                programme: None,
                created_by: caller.scope.principal(),
                people: &people,
                params: named.params.to_string(),
                once_key: Some(once_key.clone()),
                is_test: named.is_test,
            };
            let mut unit = Unit::new();
            self.start_elsewhere(&mut unit, (flow, &there), decided).await?;
            match self.store().write(unit, Queue::Interactive).await {
                Err(StoreError::Exists { .. }) => Ok(()),
                other => other.map(|_| ()).map_err(AppError::from),
            }
        };
        self.store().decide(start).await?;
        self.wake();
        Ok(true)
    }

    /// Refuses a flow that goes into one that runs elsewhere, or starts the one through which texts are sent: there is nothing of
    /// either here.
    pub(super) async fn refuse_leading_nowhere(&self, flow: &Flow) -> Result<(), AppError> {
        for (to, is_entered) in leads_to(flow) {
            let Some(there) = self.store().backend_flow(to).await? else { continue };
            let name = self.store().flow(to).await?.map(|row| row.name).unwrap_or_default();
            if is_entered {
                return Err(AppError::invalid("backend-flow-entered", [("flow", name)]));
            }
            if there.remote.is_empty() {
                return Err(AppError::invalid("backend-plan-no-text", [("flow", name)]));
            }
        }
        Ok(())
    }

    /// The flows here that lead to flows that run elsewhere in a way by which nobody gets there: they go into one, or start one that is
    /// no more there or has no words of its own.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn flows_leading_nowhere(&self, caller: &Caller) -> Result<Vec<LeadsNowhere>, AppError> {
        caller.must(Right::Settings)?;
        let there = self.store().backend_flows_everywhere().await?;
        let mut found = Vec::new();
        for row in self.store().flows(false).await? {
            if there.iter().any(|own| own.flow == row.id) {
                continue;
            }
            let Some(flow) = self.flow_at(row.id, row.revision).await? else { continue };
            for (to, is_entered) in leads_to(&flow) {
                let Some(own) = there.iter().find(|own| own.flow == to) else { continue };
                if is_entered || own.gone || own.remote.is_empty() {
                    found.push(LeadsNowhere { flow: row.id, name: row.name.clone(), to, is_entered });
                }
            }
        }
        Ok(found)
    }

    /// Says in the change feed that a run which was read back brought answers, where its flow asks about places or people: what comes of
    /// them is decided as of any run here.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn tell_of_run(&self, unit: &mut Unit, flow: FlowId, run: RunId) -> Result<(), AppError> {
        if self.around_flows().await?.about_places.contains(&flow) {
            unit.changed(ANSWERED_RUN, run.uuid(), "answered", self.clock().now_micros());
        }
        Ok(())
    }

    /// Hands a slice over to the back end of its flow: with its rows the slice is done, so that a kill neither loses nor doubles it.
    pub(super) async fn hand_slice_over(
        &self,
        (job, progress): (&Job, &str),
        row: &StartRow,
        (number, recipients): (i64, &[Recipient]),
        flow: &BackendFlow,
    ) -> Result<(), AppError> {
        let (pretended, real): (Vec<_>, Vec<_>) =
            recipients.iter().partition(|recipient| sandbox::is_number(recipient.path()));
        let people: Vec<PersonId> = real.iter().map(|recipient| recipient.person).collect();
        let mut unit = Unit::new();
        for recipient in pretended {
            unit.leave_out_of_start(row.id, recipient.person, SANDBOX);
        }
        if !people.is_empty() {
            let call = (self.store().mint().uuid(), flow.source);
            let now = self.clock().now_micros();
            unit.add_backend_call(call, (row.id, number), &flow.remote, &people, now);
        }
        unit.start_slice_done(row.id, number).job_progress(job, progress);
        self.store().write(unit, Queue::Bulk).await?;
        self.wake();
        Ok(())
    }

    /// How far the people of a start got, wherever its flow runs.
    pub(super) async fn funnel_of_start(
        &self,
        scope: &Scope,
        flow: FlowId,
        start: StartId,
    ) -> Result<Funnel, AppError> {
        Ok(match self.store().backend_flow(flow).await? {
            Some(_) => self.store().backend_funnel(scope, start).await?,
            None => self.store().funnel(scope, start).await?,
        })
    }

    /// How far everybody got who was in a flow, wherever it runs.
    pub(super) async fn funnel_of_all(&self, scope: &Scope, flow: FlowId) -> Result<Funnel, AppError> {
        Ok(match self.store().backend_flow(flow).await? {
            Some(_) => self.store().backend_funnel_of_flow(scope, flow).await?,
            None => self.store().funnel_of_flow(scope, flow).await?,
        })
    }
}

/// The flows to which a flow leads, each once: those that it goes into, and those that it starts.
fn leads_to(flow: &Flow) -> BTreeSet<(FlowId, bool)> {
    let entered = entered(flow).into_iter().map(|flow| (FlowId::from_uuid(flow.uuid), true));
    entered.chain(starts(flow).map(|flow| (flow, false))).collect()
}
