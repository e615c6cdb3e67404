//! The runner that shows our messages and runs to neighbours: Communication of each message, in and out, also those that health workers
//! begin; QuestionnaireResponse of each run; Basic and Questionnaire of each flow.
//!
//! It begins once there is a token or a web hook, with what is no older than [`BACK`], and goes on from where it stands: a row for each message and run
//! says which version of it is shown.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use mhero_app::App;
use mhero_core::{FlowId, PersonId, ProgrammeId};
use mhero_store::{Queue, ShownMessage, ShownRun, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{shown_message, shown_run};
use crate::{
    fhir::{FhirError, FhirServer},
    golden::Shown,
};

/// How old a message is at most that is shown when the first neighbour comes.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 90);
/// What is written later than it says it was is found within this time.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// How long a change of a message that was sent is waited for.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(72);
/// Messages, and runs, of one unit.
const PAGE: i64 = 100;
/// Entries of the change feed that are read at a time.
const FEED_PAGE: i64 = 1_000;
/// How long the duty is held, in microseconds.
const DUTY_MICROS: i64 = 30_000_000;
/// The settings in which it stands how far it has come.
const FROM: &str = "fhir-shown-from";
/// The same for flows: a number of the change feed.
const FLOWS_FROM: &str = "fhir-shown-flows";
/// When what is over was tidied up last.
const TIDIED: &str = "fhir-shown-tidied";
/// How often that is done.
const TIDY_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Looking for changes takes at most one part in so many of the time.
const SHARE: u32 = 20;

/// When each node may look for changes again: with a hundred thousand messages under way a look takes its time.
static NEXT_LOOK: LazyLock<Mutex<HashMap<Uuid, Instant>>> = LazyLock::new(Mutex::default);

/// Shows what is new and what has changed. Returns how much that was.
///
/// # Errors
/// Whatever the store reports.
pub(crate) async fn pass(app: &App) -> Result<usize, FhirError> {
    if !app.store().has_tokens().await? && app.store().web_hooks().await?.is_empty() {
        return Ok(0);
    }
    if app.store().take_lease("fhir-shown", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let shower = Shower { app: app.clone(), server: FhirServer::new(app.clone(), "") };
    let flows = shower.flows().await?;
    let new = shower.fresh().await?;
    let changed = shower.changed().await?;
    shower.tidy().await?;
    Ok(flows + new + changed)
}

/// What a page of messages and runs needs to know.
#[derive(Default)]
pub(super) struct Known {
    /// Under which id people are shown.
    people: HashMap<PersonId, Option<String>>,
    /// Requests that follow emNutt's profile.
    emnutt: HashMap<String, bool>,
}

struct Shower {
    app: App,
    server: FhirServer,
}

impl Shower {
    async fn reached(&self, key: &str, first: i64) -> Result<i64, FhirError> {
        let held = self.app.store().setting(key).await?;
        Ok(held.and_then(|held| held.parse().ok()).unwrap_or(first))
    }

    async fn fresh(&self) -> Result<usize, FhirError> {
        let now = self.app.clock().now();
        let from = self.reached(FROM, (now - BACK).as_microsecond()).await?;
        let since = from.saturating_sub(i64::try_from(OVERLAP.as_micros()).unwrap_or_default());
        let messages = self.app.store().messages_to_show(since, PAGE).await?;
        let runs = self.app.store().runs_to_show(since, PAGE).await?;
        let last = |full: bool, last: Option<i64>| if full { last } else { None };
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count == PAGE);
        // Where a page is full there is more behind it: the next begins there.
        let ends = [
            last(is_full(messages.len()), messages.last().map(|one| one.created_at)),
            last(is_full(runs.len()), runs.last().map(|one| one.started_at)),
        ];
        let reached = ends.into_iter().flatten().min().unwrap_or_else(|| now.as_microsecond());
        let count = messages.len() + runs.len();
        let mut unit = Unit::new();
        // An idle server does not write down each half second that nothing came.
        if count > 0 {
            unit.put_setting(FROM, &reached.max(from).to_string(), now.as_microsecond());
        }
        self.show(unit, &messages, &runs).await?;
        Ok(count)
    }

    async fn changed(&self) -> Result<usize, FhirError> {
        let node = self.app.node();
        let may = |looks: &HashMap<Uuid, Instant>| looks.get(&node).is_none_or(|next| *next <= Instant::now());
        if !may(&NEXT_LOOK.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(0);
        }
        let since = Instant::now();
        let messages = self.app.store().messages_shown_before(PAGE).await?;
        let runs = self.app.store().runs_shown_before(PAGE).await?;
        let count = messages.len() + runs.len();
        let pause = if count == 0 { since.elapsed() * SHARE } else { Duration::ZERO };
        NEXT_LOOK.lock().unwrap_or_else(PoisonError::into_inner).insert(node, Instant::now() + pause);
        let unit = Unit::new();
        self.show(unit, &messages, &runs).await?;
        Ok(count)
    }

    /// Once an hour: nothing more is expected of what was sent long ago, and what nobody asks for any more is forgotten.
    async fn tidy(&self) -> Result<(), FhirError> {
        let now = self.app.clock().now();
        let last = self.reached(TIDIED, 0).await?;
        if (now - TIDY_EVERY).as_microsecond() < last {
            return Ok(());
        }
        let before = (now - SETTLED_AFTER).as_microsecond();
        let mut unit = Unit::new();
        unit.settle_messages_shown(before).sweep_emnutt_progress(before);
        unit.put_setting(TIDIED, &now.as_microsecond().to_string(), now.as_microsecond());
        self.app.store().write(unit, Queue::Bulk).await?;
        crate::notices::Notices::new(&self.app).sweep().await?;
        Ok(())
    }

    async fn show(&self, mut unit: Unit, messages: &[ShownMessage], runs: &[ShownRun]) -> Result<(), FhirError> {
        if messages.is_empty() && runs.is_empty() {
            return Ok(());
        }
        let now = self.app.clock().now();
        let mut snapshot = self.app.store().snapshot().await?;
        let mut known = Known::default();
        let mut shown = Vec::new();
        let mut programmes: HashMap<String, ProgrammeId> = HashMap::new();
        for message in messages {
            let person = self.name(&mut known, message.person).await?;
            if let Some(programme) = message.programme {
                programmes.insert(message.id.to_string(), programme);
                programmes.insert(shown_message::id_of_one(message.id.uuid()), programme);
            }
            shown.push(shown_message::communication(&self.app, message, person.as_deref()));
            if self.is_emnutt(&mut known, message.request.as_deref()).await? {
                shown.extend(shown_message::request_of_one(&self.app, message, person.as_deref()));
            }
            let is_over =
                shown_message::is_over(message) || message.created_at < (now - SETTLED_AFTER).as_microsecond();
            unit.message_shown(message.id, message.version, is_over, now.as_microsecond());
        }
        let mut flows = BTreeSet::new();
        for run in runs {
            let person = self.name(&mut known, run.person).await?;
            if let Some(programme) = run.programme {
                programmes.insert(run.id.to_string(), programme);
                programmes.insert(shown_message::id_of_one(run.id.uuid()), programme);
            }
            let answers = self.app.store().answers_to_show(run.id).await?;
            shown.push(shown_run::response(run, &answers, person.as_deref()));
            if self.is_emnutt(&mut known, run.request.as_deref()).await? {
                shown.extend(shown_run::request_of_one(run, person.as_deref()));
            }
            flows.insert(run.flow);
            unit.run_shown(run.id, run.mark, run.exited_at.is_some(), now.as_microsecond());
        }
        for flow in flows {
            shown.extend(self.flow(flow).await?);
        }
        self.server.show_of(&mut unit, &mut snapshot, shown, &programmes).await?;
        match self.app.store().write(unit, Queue::Bulk).await {
            // Somebody wrote one of them meanwhile: the next pass shows them again.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Flows that changed since the last look.
    async fn flows(&self) -> Result<usize, FhirError> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let from = self.reached(FLOWS_FROM, -1).await?;
        let (wanted, reached): (BTreeSet<Uuid>, i64) = if from < 0 {
            let reached = store.last_change().await?;
            (store.flows(true).await?.into_iter().map(|flow| flow.id.uuid()).collect(), reached)
        } else {
            let entries = store.changes_since(from, FEED_PAGE).await?;
            let Some(last) = entries.last() else { return Ok(0) };
            let reached = last.seq;
            (entries.into_iter().filter(|entry| entry.kind == "flow").map(|entry| entry.entity).collect(), reached)
        };
        let (mut unit, mut snapshot) = (Unit::new(), store.snapshot().await?);
        unit.put_setting(FLOWS_FROM, &reached.to_string(), now);
        let mut shown = Vec::new();
        for flow in &wanted {
            shown.extend(self.flow(*flow).await?);
        }
        self.server.show(&mut unit, &mut snapshot, shown).await?;
        match store.write(unit, Queue::Bulk).await {
            Err(error) if error.is_decide_again() => Ok(0),
            other => Ok(other.map(|_| wanted.len())?),
        }
    }

    async fn flow(&self, id: Uuid) -> Result<Vec<Shown>, FhirError> {
        let store = self.app.store();
        let Some(flow) = store.flow(FlowId::from_uuid(id)).await? else { return Ok(Vec::new()) };
        let counts = store.runs_by_status(id).await?;
        let definition = store.flow_revision(flow.id, flow.revision).await?.map(|one| one.definition);
        Ok(shown_run::flow(&flow, definition.as_deref(), &counts))
    }

    async fn name(&self, known: &mut Known, person: PersonId) -> Result<Option<String>, FhirError> {
        if let Some(name) = known.people.get(&person) {
            return Ok(name.clone());
        }
        let id = self.app.store().fhir_shown_as("Practitioner", person.uuid()).await?;
        let name = id.map(|id| format!("Practitioner/{id}"));
        known.people.insert(person, name.clone());
        Ok(name)
    }

    async fn is_emnutt(&self, known: &mut Known, request: Option<&str>) -> Result<bool, FhirError> {
        let Some(request) = request else { return Ok(false) };
        if let Some(is) = known.emnutt.get(request) {
            return Ok(*is);
        }
        let is = self.app.store().fhir_request(request).await?.is_some_and(|found| found.way == "emnutt");
        known.emnutt.insert(request.to_owned(), is);
        Ok(is)
    }
}

/// A reference, or `None` where nobody is shown.
pub(super) fn reference(name: Option<&str>) -> Option<serde_json::Value> {
    name.map(|name| json!({ "reference": name }))
}
