//! The runner that carries requests out: each becomes a broadcast or the start of a flow once, is taken back when its client says so
//! or its time is over, and is told done when nothing of it is under way.

use jiff::Timestamp;
use mhero_app::{App, AppError, Caller, broadcasts::Release, flows::NewStart};
use mhero_core::{BroadcastId, FlowId, Scope, StartId};
use mhero_store::{Actor, FhirRequest, Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    is_askers, meaning,
    read::{self, Asked, When},
    said, whom,
};
use crate::{
    fhir::{FhirError, FhirServer},
    golden::Shown,
};

/// Requests of one pass.
const DUE_MAX: i64 = 20;
/// Requests that one pass finds ended.
const OVER_MAX: i64 = 100;
/// How long the duty is held, in microseconds.
const DUTY_MICROS: i64 = 60_000_000;
/// The kind of the resources.
const KIND: &str = "CommunicationRequest";

/// What a request became: kind and id.
type Became = Vec<(&'static str, Uuid)>;

/// Carries out what is due. Returns how much that was.
///
/// # Errors
/// Whatever the store reports.
pub(crate) async fn pass(app: &App) -> Result<usize, FhirError> {
    let now = app.clock().now_micros();
    let due = app.store().due_fhir_requests(now, DUE_MAX).await?;
    let over = app.store().fhir_requests_over(OVER_MAX).await?;
    if due.is_empty() && over.is_empty() {
        return Ok(0);
    }
    if app.store().take_lease("fhir-requests", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let maker = Maker { app: app.clone(), server: FhirServer::new(app.clone(), "") };
    let count = due.len() + over.len();
    for request in due {
        Box::pin(maker.carry_out(request)).await?;
    }
    for id in over {
        maker.end(&id).await?;
    }
    Ok(count)
}

struct Maker {
    app: App,
    server: FhirServer,
}

impl Maker {
    async fn carry_out(&self, request: FhirRequest) -> Result<(), FhirError> {
        match request.state.as_str() {
            "asked" | "waiting" => self.make(request).await,
            // Taken back by the client, or its time is over.
            _ => self.take_back(request).await,
        }
    }

    async fn resource(&self, id: &str) -> Result<Option<Value>, FhirError> {
        let found = self.app.store().fhir_resource(&Scope::system(), (KIND, id)).await?;
        Ok(found.filter(|found| !found.is_deleted).and_then(|found| serde_json::from_str(&found.body).ok()))
    }

    async fn make(&self, mut request: FhirRequest) -> Result<(), FhirError> {
        let now = self.app.clock().now();
        let Some(resource) = self.resource(&request.id).await? else {
            return self.set(request, "ended", None, Unit::new()).await;
        };
        // Nothing leaves with rights that nobody holds any more.
        if self.app.is_gone(request.principal).await? {
            return self.refuse(request, "the account that asked for it was taken back").await;
        }
        let mut caller = self.app.caller_of(request.principal).await?;
        if let Some(token) = request.principal {
            caller.actor = Actor { kind: "token", id: Some(token) };
        }
        let zone = self.app.facts_cached().await?.time_zone();
        let asked = match read::read(&resource, &zone, now) {
            Ok(asked) => asked,
            Err(issues) => {
                let why = issues.into_iter().map(|issue| issue.diagnostics).collect::<Vec<_>>().join("; ");
                return self.refuse(request, &why).await;
            }
        };
        let became = match Box::pin(self.send(&caller, &request, &asked)).await {
            Ok(became) => became,
            Err(FhirError::App(error)) if is_askers(&error) => {
                let why = said(&self.app, &caller, &error);
                return self.refuse(request, &why).await;
            }
            Err(error) => return Err(error),
        };
        let next = match &asked.when {
            When::Again(cron) => read::next_firing(cron, now, &zone),
            _ => None,
        };
        let is_over = |at: Timestamp| asked.until.is_some_and(|until| at >= until);
        let next = next.filter(|at| !is_over(*at));
        let mut unit = Unit::new();
        for (kind, target) in became {
            unit.fhir_request_became(&request.id, kind, target);
        }
        request.failure = None;
        let state = if next.is_some() { "waiting" } else { "made" };
        self.set(request, state, next, unit).await
    }

    /// Sends what is asked for; the same again gives the same.
    async fn send(&self, caller: &Caller, request: &FhirRequest, asked: &Asked) -> Result<Became, FhirError> {
        let audience = whom::resolve(&self.app, caller, &asked.recipients).await?;
        if audience.is_empty() {
            let args = [("id", request.id.clone())];
            return Err(AppError::invalid("alert-nobody", args).into());
        }
        let query = audience.query_or_group(&self.app, caller, &request.id).await?;
        let once = match request.due_at {
            Some(due) => format!("fhir/{KIND}/{}/{due}", request.id),
            None => format!("fhir/{KIND}/{}", request.id),
        };
        let mut became = Vec::new();
        if !asked.texts.is_empty() {
            let mut draft = meaning::draft(asked, query.clone(), self.server.first_language().await?);
            if let (When::At(at), None) = (&asked.when, request.due_at) {
                draft.release = Release::At(*at);
            }
            draft.once_key = Some(once.clone());
            let id: BroadcastId = Box::pin(self.app.send(caller, &draft)).await?;
            became.push(("broadcast", id.uuid()));
        }
        for (_, flow) in &asked.flows {
            let flow = FlowId::from_uuid(Uuid::try_parse(flow).unwrap_or_default());
            let mut start = NewStart::new(flow, query.clone());
            start.lane = asked.lane;
            start.once_key = Some(format!("{once}/{flow}"));
            let id: StartId = Box::pin(self.app.start_flow(caller, &start)).await?;
            became.push(("start", id.uuid()));
        }
        Ok(became)
    }

    /// Takes back what has not left. Conversations under way go on.
    async fn take_back(&self, request: FhirRequest) -> Result<(), FhirError> {
        let is_late = request.state == "made";
        let system = Caller::system();
        for (kind, target) in self.app.store().fhir_request_targets(&request.id).await? {
            let taken = match kind.as_str() {
                "broadcast" => self.app.cancel_broadcast(&system, BroadcastId::from_uuid(target)).await,
                _ => self.app.stop_start(&system, StartId::from_uuid(target)).await,
            };
            match taken {
                // It is over: nothing of it is left.
                Ok(()) | Err(AppError::Invalid(_) | AppError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        whom::put_away(&self.app, &request.id).await?;
        let id = request.id.clone();
        self.set(request, "ended", None, Unit::new()).await?;
        if is_late { self.tell(&id, ("completed", None)).await } else { Ok(()) }
    }

    /// Nothing of it is under way any more.
    async fn end(&self, id: &str) -> Result<(), FhirError> {
        let Some(request) = self.app.store().fhir_request(id).await?.filter(|known| known.state == "made") else {
            return Ok(());
        };
        whom::put_away(&self.app, id).await?;
        let mut is_any_done = false;
        for (kind, target) in self.app.store().fhir_request_targets(id).await? {
            let status = match kind.as_str() {
                "broadcast" => {
                    let row = self.app.store().broadcast(&Scope::system(), BroadcastId::from_uuid(target)).await?;
                    row.map(|row| row.status)
                }
                _ => {
                    let row = self.app.store().start(&Scope::system(), StartId::from_uuid(target)).await?;
                    row.map(|row| row.status)
                }
            };
            is_any_done |= status.is_some_and(|status| status != "cancelled");
        }
        self.set(request, "ended", None, Unit::new()).await?;
        let told = if is_any_done { ("completed", None) } else { ("revoked", Some("it was taken back here")) };
        self.tell(id, told).await
    }

    async fn refuse(&self, mut request: FhirRequest, why: &str) -> Result<(), FhirError> {
        request.failure = Some(why.chars().take(500).collect());
        let id = request.id.clone();
        self.set(request, "refused", None, Unit::new()).await?;
        self.tell(&id, ("revoked", Some(why))).await
    }

    async fn set(
        &self,
        mut request: FhirRequest,
        state: &str,
        due: Option<Timestamp>,
        mut unit: Unit,
    ) -> Result<(), FhirError> {
        state.clone_into(&mut request.state);
        request.due_at = due.map(Timestamp::as_microsecond);
        unit.set_fhir_request(&request, self.app.clock().now_micros());
        match self.app.store().write(unit, Queue::Interactive).await {
            // The client has changed it meanwhile: the next pass decides anew.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Says in the resource how it ended; what its client has said since stays.
    async fn tell(&self, id: &str, (status, why): (&str, Option<&str>)) -> Result<(), FhirError> {
        let once = || async {
            let Some(held) = self.app.store().fhir_resource(&Scope::system(), (KIND, id)).await? else { return Ok(()) };
            let mut resource: Value = serde_json::from_str(&held.body).unwrap_or_default();
            let is_open = matches!(resource["status"].as_str(), Some("active" | "on-hold" | "draft"));
            if held.is_deleted || !is_open {
                return Ok(());
            }
            resource["status"] = json!(status);
            if let Some(why) = why {
                resource["statusReason"] = json!({ "text": why });
            }
            let shown = Shown { kind: KIND, id: id.to_owned(), person: held.person, resource: Some(resource) };
            let (mut unit, mut snapshot) = (Unit::new(), self.app.store().snapshot().await?);
            self.server.show(&mut unit, &mut snapshot, vec![shown]).await?;
            if !unit.is_empty() {
                self.app.store().write(unit, Queue::Interactive).await?;
            }
            Ok::<(), FhirError>(())
        };
        self.app.store().decide(once).await
    }
}
