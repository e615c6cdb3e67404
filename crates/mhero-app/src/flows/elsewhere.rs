//! Flows that run on a back end: the audience of a start is decided and frozen here as ever; then each slice becomes one call to it,
//! a row before anything leaves.

use mhero_core::{FlowId, PersonId, Scope, StartId, sandbox};
use mhero_store::{BackendFlow, Funnel, Job, Queue, StartRow, Unit};

use super::starts::Recipient;
use crate::{App, AppError};

/// Why somebody has no conversation: the sandbox reaches nobody outside.
const SANDBOX: &str = "failed";

impl App {
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
