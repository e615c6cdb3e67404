//! Starts of flows above the size: they wait for a second person as broadcasts do, and are shown to them as one.

use mhero_core::{BroadcastId, FlowId, Lang, Scope, StartId};
use mhero_store::{ApprovalRow, BroadcastRow, FlowRow, StartRow, Unit};

use super::{Plan, states, subjects};
use crate::{
    App, AppError, Caller,
    broadcasts::{Exclusion, Preview},
    costs::Estimate,
    flows::{NewStart, StartPreview, kinds},
};

/// Causes for which somebody presses a button. Schedules and what follows from answers start by themselves.
const BY_HAND: [&str; 3] = ["start", "reminder", "thanks"];

/// The id of a start behind that of what waits.
fn start_id(id: BroadcastId) -> StartId {
    StartId::from_uuid(id.uuid())
}

impl App {
    /// How many a start would reach, where they are so many that it needs a second person.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there is nobody else who might agree.
    pub(crate) async fn start_needs_approval(&self, caller: &Caller, new: &NewStart) -> Result<Option<i64>, AppError> {
        let Some(above) = self.approval_settings().await?.above else { return Ok(None) };
        if !BY_HAND.contains(&new.cause) || caller.scope.is_in_sandbox() {
            return Ok(None);
        }
        let people = self.preview_start(caller, new).await?.recipients;
        if people <= above {
            return Ok(None);
        }
        if self.approvers(caller.scope.principal()).await?.is_empty() {
            return Err(AppError::invalid("send-no-approver", [("above", above.to_string())]));
        }
        Ok(Some(people))
    }

    /// Adds to the unit of a new start that it waits.
    pub(crate) async fn add_start_approval(
        &self,
        unit: &mut Unit,
        (start, flow): (&StartRow, &FlowRow),
        people: i64,
    ) -> Result<(), AppError> {
        // One sequence for both: the number in a text names one thing only.
        let number = self.store().next_number("broadcast").await?;
        unit.take_numbers("broadcast", number, 1);
        let row = as_broadcast(start, number, &flow.name);
        let plan = Plan { status: "starting".to_owned(), at: None };
        let approval = ApprovalRow {
            id: self.store().mint().uuid(),
            broadcast: row.id,
            digest: self.digest_now(&row, &plan, &bound(start)).await?,
            plan: serde_json::to_string(&plan).unwrap_or_default(),
            people,
            sms: people,
            state: states::WAITING.to_owned(),
            reason: String::new(),
            asked_at: self.clock().now_micros(),
            decided_by: None,
            by_sms: false,
            decided_at: None,
            version: 1,
            kind: subjects::START.to_owned(),
            number,
            name: flow.name.clone(),
        };
        unit.ask_approval(&approval);
        let settings = self.approval_settings().await?;
        self.add_requests(unit, (&row, &[]), (&approval, &plan), settings).await
    }

    /// What an approval is about, within a scope; a start looks like a broadcast.
    pub(super) async fn subject(
        &self,
        scope: &Scope,
        approval: &ApprovalRow,
    ) -> Result<Option<BroadcastRow>, AppError> {
        if approval.kind != subjects::START {
            return Ok(self.store().broadcast(scope, approval.broadcast).await?);
        }
        let start = self.store().start(scope, start_id(approval.broadcast)).await?;
        Ok(start.map(|start| as_broadcast(&start, approval.number, &approval.name)))
    }

    /// What waits, or waited, under a number: a broadcast, or the start of a flow.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn find_approval(&self, text: &str) -> Result<BroadcastId, AppError> {
        match self.find_broadcast(text).await {
            Err(AppError::NotFound { .. }) => {}
            other => return other,
        }
        let started = match text.parse() {
            Ok(number) => self.store().start_of_approval(number).await?,
            Err(_) => None,
        };
        started.ok_or_else(|| AppError::not_found("approval", text))
    }

    /// What an agreement to a start is bound to beside its audience: the flow as it is pinned, and what it begins with.
    pub(super) async fn bound_to_start(&self, id: BroadcastId) -> Result<Vec<(Lang, String)>, AppError> {
        let start = self.store().start(&Scope::system(), start_id(id)).await?;
        Ok(start.as_ref().map(bound).unwrap_or_default())
    }

    /// The flow of a start.
    pub(super) async fn flow_of_start(&self, id: BroadcastId) -> Result<Option<FlowId>, AppError> {
        Ok(self.store().start(&Scope::system(), start_id(id)).await?.map(|start| start.flow))
    }

    /// Whom a start would reach now, as its author sees them.
    pub(super) async fn preview_of_start(&self, id: BroadcastId, language: Lang) -> Result<StartPreview, AppError> {
        let start = self.store().start(&Scope::system(), start_id(id)).await?;
        let start = start.ok_or_else(|| AppError::not_found("flow_start", id))?;
        let author = Caller { language, ..self.author_as_caller(start.created_by).await? };
        let wanted = NewStart {
            lane: start.lane,
            channel: start.channel,
            programme: start.programme,
            ..NewStart::new(start.flow, start.query.clone())
        };
        self.preview_start(&author, &wanted).await
    }

    /// Lets a start that waited begin, or ends it.
    pub(super) async fn let_start(&self, unit: &mut Unit, id: BroadcastId, begins: bool) -> Result<(), AppError> {
        let start = self.store().start(&Scope::system(), start_id(id)).await?;
        let start = start.ok_or_else(|| AppError::not_found("flow_start", id))?;
        let now = self.clock().now_micros();
        if begins {
            unit.start_status(&start, "starting", None);
            unit.add_job(self.store(), kinds::START_JOB, &start.id.to_string(), "{}", now);
        } else {
            unit.start_status(&start, "cancelled", Some(now));
        }
        Ok(())
    }
}

fn bound(start: &StartRow) -> Vec<(Lang, String)> {
    vec![(Lang::ENGLISH, format!("{} {} {}", start.flow, start.revision, start.params))]
}

fn as_broadcast(start: &StartRow, number: i64, name: &str) -> BroadcastRow {
    BroadcastRow {
        id: BroadcastId::from_uuid(start.id.uuid()),
        number,
        name: name.to_owned(),
        query: start.query.clone(),
        status: start.status.clone(),
        lane: start.lane,
        channel: start.channel,
        programme: start.programme,
        parent: None,
        release_at: None,
        zone: "UTC".to_owned(),
        recurrence: None,
        quiet_override: None,
        is_test: start.is_test,
        is_drill: start.is_drill,
        created_by: start.created_by,
        created_at: start.created_at,
        released_at: None,
        ended_at: start.ended_at,
        matched: start.matched,
        recipients: start.recipients,
        version: start.version,
    }
}

/// Whom a start reaches, as the page of an approval shows it. How many SMS each conversation takes, nobody knows before.
pub(super) fn as_preview(start: StartPreview) -> Preview {
    let left_out: Vec<Exclusion> =
        start.excluded.into_iter().map(|(reason, people)| Exclusion { reason, people }).collect();
    Preview {
        sentence: start.sentence,
        matched: start.recipients + left_out.iter().map(|one| one.people).sum::<i64>(),
        recipients: start.recipients,
        left_out,
        languages: Vec::new(),
        sms: start.recipients,
        sample: Vec::new(),
        quiet_until: None,
        no_channel: false,
        estimate: Estimate::default(),
    }
}
