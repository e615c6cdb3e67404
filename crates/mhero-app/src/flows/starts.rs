//! Starts of a flow for an audience: evaluated once and frozen, then one session a person, in slices that survive any kill.

use futures::{StreamExt, TryStreamExt, stream};
use mhero_core::{ChannelId, FlowId, Lane, PersonId, ProgrammeId, Right, Scope, StartId, Urn};
use mhero_flow::checks::{Finding, Severity};
use mhero_store::{Candidate, FlowRow, Funnel, Job, Queue, StartRow, StoreError, Unit};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{
    begin::{Beginning, Cause},
    definitions::is_startable,
    kinds,
};
use crate::{App, AppError, Caller, audiences::Withheld, costs::Answers};

/// People evaluated at a time.
const PAGE: i64 = 5_000;
/// People of one slice.
pub(super) const SLICE: usize = 50;
/// Slices that one turn of the job takes before it looks whether it still holds its claim.
const SLICES_A_TURN: usize = 20;
/// Slices that one unit keeps when an audience is frozen.
const SLICES_A_UNIT: usize = 100;
/// People left out that one unit writes.
const LEFT_OUT_SLICE: usize = 500;
/// What a start's job carries once its audience is frozen.
const FROZEN: &str = r#"{"frozen":true}"#;
/// Sessions begun at a time.
const AT_ONCE: usize = 8;

/// The sequence that starts are numbered by.
pub(super) const NUMBERS: &str = "flow-start";

/// What is to be started.
#[derive(Clone, Debug)]
pub struct NewStart {
    /// The flow.
    pub flow: FlowId,
    /// For whom, in the query language.
    pub query: String,
    /// What the flow finds under `@trigger.params`.
    pub params: Option<Json>,
    /// How urgent its messages are.
    pub lane: Lane,
    /// The channel; `None` for the default.
    pub channel: Option<ChannelId>,
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// Why: `start`, `schedule`, `reminder`, `thanks`.
    pub cause: &'static str,
    /// What makes it the same start when it is made twice.
    pub once_key: Option<String>,
    /// A test: in no results.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
}

impl NewStart {
    /// A start by hand at the usual urgency, by the default channel.
    pub fn new(flow: FlowId, query: impl Into<String>) -> Self {
        Self {
            flow,
            query: query.into(),
            params: None,
            lane: Lane::Normal,
            channel: None,
            programme: None,
            cause: "start",
            once_key: None,
            is_test: false,
            is_drill: false,
        }
    }
}

/// Who would be started.
#[derive(Clone, Debug, Default)]
pub struct StartPreview {
    /// The audience as a sentence.
    pub sentence: String,
    /// People who would get a session.
    pub recipients: i64,
    /// Who matches and would get none, by reason.
    pub excluded: Vec<(String, i64)>,
    /// How many of them are on leave, and are started all the same because they are meant by name.
    pub on_leave: i64,
    /// How many of them are in a flow just now, which this one suspends or ends.
    pub in_a_flow: i64,
    /// Who pays for what they answer.
    pub answers: Answers,
    /// What can't work as the flow is written: whoever starts it all the same says so first.
    pub errors: Vec<Finding>,
}

/// A start with how far its people got.
#[derive(Clone, Debug)]
pub struct StartPage {
    /// The start.
    pub row: StartRow,
    /// How far its people got.
    pub funnel: Funnel,
    /// Who was left out, by reason.
    pub left_out: Vec<(String, i64)>,
}

/// One person as frozen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recipient {
    #[serde(rename = "i")]
    pub(super) person: PersonId,
    #[serde(rename = "n")]
    path: String,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    salutation: Option<String>,
}

/// An audience, decided.
struct FrozenStart {
    recipients: Vec<Recipient>,
    left_out: Vec<(PersonId, &'static str)>,
    withheld: Withheld,
}

impl Recipient {
    /// The number that was chosen when the audience was frozen.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What makes it the same session when it is begun twice.
    pub(super) fn once_key(&self, start: &StartRow) -> String {
        format!("start/{}/{}", start.id, self.person)
    }
}

impl App {
    /// Who would be started, without starting anybody.
    ///
    /// # Errors
    /// As [`App::start_flow`].
    pub async fn preview_start(&self, caller: &Caller, new: &NewStart) -> Result<StartPreview, AppError> {
        let row = self.startable(caller, new).await?;
        let audience = self.check_audience(caller, &new.query).await?;
        let mut preview = StartPreview { sentence: audience.sentence(caller.language), ..StartPreview::default() };
        let about = (new.lane, new.cause, new.programme.or(row.programme));
        let FrozenStart { recipients, left_out, withheld } =
            self.freeze_start(caller, &audience.predicate, about).await?;
        let by_name = recipients.iter().filter(|recipient| withheld.is_away_by_name(recipient.person)).count();
        preview.on_leave = i64::try_from(by_name).unwrap_or(i64::MAX);
        preview.recipients = i64::try_from(recipients.len()).unwrap_or(i64::MAX);
        for (_, reason) in left_out {
            match preview.excluded.iter_mut().find(|(known, _)| known == reason) {
                Some((_, count)) => *count += 1,
                None => preview.excluded.push((reason.to_owned(), 1)),
            }
        }
        let numbers = recipients.iter().map(|recipient| recipient.path.as_str());
        preview.answers = self.answers_of(numbers, new.channel).await?;
        let ids: Vec<PersonId> = recipients.iter().map(|recipient| recipient.person).collect();
        preview.in_a_flow = self.store().count_in_flows(&ids).await?;
        if let Some(flow) = self.flow_at(row.id, row.revision).await? {
            preview.errors = self.check_flow(&flow).await?;
            preview.errors.retain(|finding| finding.severity() == Severity::Error);
        }
        Ok(preview)
    }

    /// Starts a flow for an audience. When this returns, the start is on disk and goes on by itself.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Query`]; [`AppError::Invalid`] for a flow of a kind that
    /// can't be started.
    pub async fn start_flow(&self, caller: &Caller, new: &NewStart) -> Result<StartId, AppError> {
        let flow = self.startable(caller, new).await?;
        self.check_audience(caller, &new.query).await?;
        if let Some(key) = &new.once_key
            && let Some(known) = self.store().start_by_key(key).await?
        {
            return Ok(known);
        }
        let waits = self.start_needs_approval(caller, new).await?;
        self.store().decide(|| self.write_start(caller, new, (&flow, waits))).await
    }

    async fn write_start(
        &self,
        caller: &Caller,
        new: &NewStart,
        (flow, waits): (&FlowRow, Option<i64>),
    ) -> Result<StartId, AppError> {
        let now = self.clock().now_micros();
        let id = self.store().mint().id(StartId::from_uuid);
        let number = self.store().next_number(NUMBERS).await?;
        let row = StartRow {
            id,
            number,
            flow: new.flow,
            revision: flow.revision,
            query: new.query.clone(),
            params: new.params.as_ref().map(Json::to_string).unwrap_or_default(),
            lane: new.lane,
            channel: new.channel,
            programme: new.programme.or(flow.programme),
            status: if waits.is_some() { crate::approvals::STATUS } else { "starting" }.to_owned(),
            cause: new.cause.to_owned(),
            is_test: new.is_test || caller.scope.is_in_sandbox(),
            is_drill: new.is_drill,
            created_by: caller.scope.principal(),
            created_at: now,
            ended_at: None,
            matched: 0,
            recipients: 0,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.take_numbers(NUMBERS, number, 1).add_start(&row, new.once_key.as_deref());
        self.add_trust_code(&mut unit, crate::trust::kinds::START, id.uuid()).await?;
        match waits {
            Some(people) => self.add_start_approval(&mut unit, (&row, flow), people).await?,
            None => _ = unit.add_job(self.store(), kinds::START_JOB, &id.to_string(), "{}", now),
        }
        unit.changed("flow_start", id.uuid(), "created", now);
        let facts = json!({ "flow": new.flow, "revision": flow.revision, "cause": new.cause });
        unit.audit(self.store(), &caller.entry("flow-started", "flow_start", Some(id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) if new.once_key.is_some() => {
                let known = self.store().start_by_key(new.once_key.as_deref().unwrap_or_default()).await?;
                known.ok_or_else(|| AppError::not_found("flow_start", id))
            }
            other => {
                other?;
                self.wake();
                Ok(id)
            }
        }
    }

    /// A start with how far its people got.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn start_page(&self, caller: &Caller, id: StartId) -> Result<StartPage, AppError> {
        caller.must(Right::ReadMessages)?;
        let row = self.store().start(&caller.scope, id).await?;
        let row = row.ok_or_else(|| AppError::not_found("flow_start", id))?;
        let funnel = self.funnel_of_start(&caller.scope, row.flow, id).await?;
        Ok(StartPage { row, funnel, left_out: self.store().start_left_out_counts(id).await? })
    }

    /// The last starts of a flow, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn starts_of(&self, caller: &Caller, flow: FlowId) -> Result<Vec<StartRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().starts_of(&caller.scope, flow).await?)
    }

    async fn startable(&self, caller: &Caller, new: &NewStart) -> Result<FlowRow, AppError> {
        caller.must(Right::Send)?;
        let row = self.store().flow(new.flow).await?.filter(|row| row.active);
        let row = row.ok_or_else(|| AppError::not_found("flow", new.flow))?;
        self.must_start(caller, &row).await?;
        let flow = self.flow_at(row.id, row.revision).await?.ok_or_else(|| AppError::not_found("flow", new.flow))?;
        if !is_startable(flow.kind) {
            let args = [("name", row.name.clone()), ("kind", row.kind.clone())];
            return Err(AppError::invalid("flow-not-startable", args));
        }
        Ok(row)
    }

    async fn freeze_start(
        &self,
        caller: &Caller,
        predicate: &mhero_query::Predicate,
        (lane, cause, programme): (Lane, &str, Option<ProgrammeId>),
    ) -> Result<FrozenStart, AppError> {
        let now = self.clock().now_micros();
        // Thanks go to whoever has just answered.
        let lane = if cause == "thanks" { Lane::Reply } else { lane };
        let withheld = self.withheld(caller, predicate, (lane, programme)).await?;
        let mut snapshot = self.store().snapshot().await?;
        let (mut recipients, mut left_out) = (Vec::new(), Vec::new());
        let mut after: Option<PersonId> = None;
        loop {
            let page = snapshot.candidates(&caller.scope, predicate, now, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.person);
            let full = i64::try_from(page.len()).unwrap_or(0) == PAGE;
            for candidate in page {
                let blocked = withheld.blocked(&candidate);
                match frozen(candidate) {
                    Ok(recipient) => match withheld.reason(recipient.person).or(blocked) {
                        Some(reason) => left_out.push((recipient.person, reason)),
                        None => recipients.push(recipient),
                    },
                    Err(without) => left_out.push(without),
                }
            }
            if !full {
                break;
            }
        }
        Ok(FrozenStart { recipients, left_out, withheld })
    }

    /// One turn of a start. True when there is more to do.
    pub(crate) async fn start_turn(&self, job: &Job) -> Result<bool, AppError> {
        let Ok(id) = job.key.parse::<StartId>() else { return self.start_done(job).await };
        let Some(row) = self.store().start(&Scope::system(), id).await? else { return self.start_done(job).await };
        match row.status.as_str() {
            "starting" if row.matched == 0 && job.payload == "{}" => self.freeze_start_of(job, row).await,
            "starting" => self.start_slices(job, &row).await,
            "cancelled" => self.leave_out_rest(job, &row).await,
            _ => self.start_done(job).await,
        }
    }

    pub(super) async fn start_done(&self, job: &Job) -> Result<bool, AppError> {
        let mut unit = Unit::new();
        unit.job_done(job);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(false)
    }

    /// Decides for whom a start is. True when there is more to do.
    async fn freeze_start_of(&self, job: &Job, mut row: StartRow) -> Result<bool, AppError> {
        let scope = match row.created_by {
            Some(principal) => self.scope_of(principal).await?,
            None => Scope::system(),
        };
        let caller = Caller { scope, ..Caller::system() };
        let audience = match self.check_audience(&caller, &row.query).await {
            Ok(audience) => audience,
            Err(AppError::Store(error)) => return Err(error.into()),
            // The audience means nothing any more: nobody is started, and the start says so.
            Err(_) => {
                let mut unit = Unit::new();
                unit.start_status(&row, "cancelled", Some(self.clock().now_micros())).job_done(job);
                self.store().write(unit, Queue::Interactive).await?;
                return Ok(true);
            }
        };
        let about = (row.lane, row.cause.as_str(), row.programme);
        let FrozenStart { recipients, left_out, withheld } =
            self.freeze_start(&caller, &audience.predicate, about).await?;
        // An earlier attempt that was killed may have written some of it.
        let mut unit = Unit::new();
        unit.forget_start_freezing(row.id).job_progress(job, "{}");
        self.store().write(unit, Queue::Bulk).await?;
        for people in left_out.chunks(LEFT_OUT_SLICE) {
            let mut unit = Unit::new();
            for (person, reason) in people {
                unit.leave_out_of_start(row.id, *person, reason);
            }
            unit.job_progress(job, "{}");
            self.store().write(unit, Queue::Bulk).await?;
        }
        for (batch, slices) in recipients.chunks(SLICE * SLICES_A_UNIT).enumerate() {
            let mut unit = Unit::new();
            for (number, slice) in slices.chunks(SLICE).enumerate() {
                let content = serde_json::to_string(slice).unwrap_or_default();
                let number = i64::try_from(batch * SLICES_A_UNIT + number).unwrap_or(i64::MAX);
                unit.add_start_slice(row.id, number, &content);
            }
            unit.job_progress(job, "{}");
            self.store().write(unit, Queue::Bulk).await?;
        }
        // From here on the audience is frozen: status and counts in one unit.
        row.recipients = i64::try_from(recipients.len()).unwrap_or(i64::MAX);
        row.matched = row.recipients + i64::try_from(left_out.len()).unwrap_or(0);
        let mut unit = Unit::new();
        if row.matched == 0 {
            // Frozen empty, it would look as if nobody had decided yet.
            unit.start_status(&row, "started", Some(self.clock().now_micros())).job_done(job);
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(false);
        }
        unit.start_status(&row, "starting", None).job_progress(job, FROZEN);
        if let Some(facts) = withheld.passed(recipients.iter().map(|recipient| recipient.person)) {
            let entry = Caller::system().entry("consent-passed", "flow_start", Some(row.id.uuid()), facts);
            unit.audit(self.store(), &entry);
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(true)
    }

    async fn start_slices(&self, job: &Job, row: &StartRow) -> Result<bool, AppError> {
        let elsewhere = self.store().backend_flow(row.flow).await?;
        for _ in 0..SLICES_A_TURN {
            let Some((number, content)) = self.store().next_start_slice(row.id).await? else {
                let mut unit = Unit::new();
                unit.start_status(row, "started", Some(self.clock().now_micros())).job_done(job);
                self.store().write(unit, Queue::Interactive).await?;
                return Ok(false);
            };
            let is_stopped =
                self.store().start(&Scope::system(), row.id).await?.is_none_or(|now| now.status != row.status);
            if is_stopped {
                return Ok(true);
            }
            let recipients: Vec<Recipient> = serde_json::from_str(&content).unwrap_or_default();
            if let Some(flow) = &elsewhere {
                self.hand_slice_over((job, FROZEN), row, (number, &recipients), flow).await?;
                continue;
            }
            stream::iter(recipients)
                .map(Ok::<_, AppError>)
                .try_for_each_concurrent(AT_ONCE, |recipient| async move { self.start_one(row, &recipient).await })
                .await?;
            let mut unit = Unit::new();
            unit.start_slice_done(row.id, number).job_progress(job, FROZEN);
            self.store().write(unit, Queue::Bulk).await?;
            self.wake();
        }
        Ok(true)
    }

    /// One person's session. Done again after a kill, it finds the session by its key and does nothing.
    async fn start_one(&self, row: &StartRow, recipient: &Recipient) -> Result<(), AppError> {
        let beginning = Beginning {
            person: recipient.person,
            scheme: Urn::TEL.to_owned(),
            path: recipient.path.clone(),
            channel: row.channel,
            flow: row.flow,
            revision: Some(row.revision),
            cause: cause_of(row),
            by: row.cause.clone(),
            lane: row.lane,
            start: Some(row.id),
            parent: None,
            once_key: Some(recipient.once_key(row)),
            salutation: recipient.salutation.clone(),
            interrupts: false,
            is_test: row.is_test,
            is_drill: row.is_drill,
        };
        match self.begin_once(&beginning).await {
            Err(AppError::Store(error)) => Err(error.into()),
            // One who can't be started keeps nobody else from it, and stands among those left out.
            Err(error) => {
                tracing::error!(start = %row.id, person = %recipient.person, %error, "a session could not begin");
                let mut unit = Unit::new();
                unit.leave_out_of_start(row.id, recipient.person, "failed");
                self.store().write(unit, Queue::Bulk).await?;
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Begins a session unless one is known under its key.
    pub(crate) async fn begin_once(&self, beginning: &Beginning) -> Result<(), AppError> {
        self.store()
            .decide(|| async {
                if let Some(key) = &beginning.once_key
                    && self.store().session_by_key(key).await?.is_some()
                {
                    return Ok(());
                }
                let mut unit = Unit::new();
                match self.begin_session(&mut unit, beginning, None).await {
                    Ok(_) => {}
                    // Gone since it was frozen.
                    Err(AppError::NotFound { .. }) => return Ok(()),
                    Err(error) => return Err(error),
                }
                match self.store().write(unit, Queue::Bulk).await {
                    Err(StoreError::Exists { .. }) => Ok(()),
                    other => other.map(|_| ()).map_err(AppError::from),
                }
            })
            .await
    }
}

/// What each person's flow is told: who started it, or which run of another flow.
fn cause_of(row: &StartRow) -> Cause {
    #[derive(Deserialize)]
    struct ByFlow {
        run_summary: Json,
        history: Option<mhero_flow::session::History>,
    }
    if row.cause == "flow"
        && let Ok(ByFlow { run_summary, history }) = serde_json::from_str(&row.params)
    {
        return Cause::Flow { run_summary, history };
    }
    Cause::Manual { params: serde_json::from_str(&row.params).ok(), batch: true }
}

fn frozen(candidate: Candidate) -> Result<Recipient, (PersonId, &'static str)> {
    use crate::broadcasts::reasons;
    let Some(path) = candidate.path else {
        let reason = match (candidate.has_valid_number, candidate.has_any_number) {
            (true, _) => reasons::STOPPED,
            (false, true) => reasons::BAD_NUMBER,
            (false, false) => reasons::NO_NUMBER,
        };
        return Err((candidate.person, reason));
    };
    let salutation = Some(candidate.name).filter(|name| candidate.is_shared && !name.is_empty());
    Ok(Recipient { person: candidate.person, path, salutation })
}
