//! What clients of the FHIR server write of people and places comes into the register as the word of a source of their own: `hr` as
//! `fhir-hr`. It goes the way of every registry: kept as received, linked, weighed by ownership, undone by run; what counts then comes
//! back by [`crate::golden`]. Until the register has heard a write, the client reads what it wrote.

mod adopt;
mod connector;
mod correct;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use mhero_app::{
    App, AppError, Caller,
    sync::{SyncEnd, SyncOptions},
};
use mhero_core::{SourceId, TokenId};
use mhero_store::{Queue, SaidVersion, Source, StoreError, Unit};

use crate::fhir::FhirError;
pub use connector::FhirClients;

/// The kind of the sources that clients of the FHIR server are.
pub const KIND: &str = "fhir-client";
/// What the name of a client's source begins with; the name of its token follows.
const PREFIX: &str = "fhir-";
/// The setting of such a source that names its token.
const TOKEN: &str = "token";
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 30_000_000;
/// Resources heard in one run.
const RUN_MAX: i64 = 5_000;
/// A run reads all that is known of its source first: the next one waits so many times as long as the last one took, so that a
/// trickle of writes does not keep the machine busy.
const REST_TIMES: u32 = 3;
/// The longest such rest.
const REST_MAX: Duration = Duration::from_secs(30);

/// Until when this process rests from a client's writes.
static RESTS: Mutex<BTreeMap<TokenId, Instant>> = Mutex::new(BTreeMap::new());

/// Lets the register hear what clients wrote. Returns how many resources that were.
///
/// # Errors
/// Whatever the store reports.
pub async fn pass(app: &App) -> Result<usize, FhirError> {
    pass_over(app, |token| {
        let rests = RESTS.lock().unwrap_or_else(PoisonError::into_inner);
        rests.get(&token).is_some_and(|until| *until > Instant::now())
    })
    .await
}

/// The same at once, whoever rests: for tests and for commands without a server.
///
/// # Errors
/// As [`pass`].
pub async fn pass_at_once(app: &App) -> Result<usize, FhirError> {
    pass_over(app, |_| false).await
}

async fn pass_over(app: &App, rests: fn(TokenId) -> bool) -> Result<usize, FhirError> {
    let waiting = app.store().fhir_waiting_tokens().await?;
    if waiting.is_empty() || app.store().take_lease("fhir-heard", app.node(), DUTY_MICROS).await?.is_none() {
        return Ok(0);
    }
    let mut done = 0;
    for token in waiting.into_iter().filter(|token| !rests(*token)).collect::<Vec<_>>() {
        let began = Instant::now();
        done += hear(app, token).await?;
        let rest = (began.elapsed() * REST_TIMES).min(REST_MAX);
        RESTS.lock().unwrap_or_else(PoisonError::into_inner).insert(token, Instant::now() + rest);
    }
    Ok(done)
}

/// Hears one client. What the import refuses stands with the run, where the administrator looks.
async fn hear(app: &App, token: TokenId) -> Result<usize, FhirError> {
    let store = app.store();
    let source = source_of(app, token).await?;
    let said = store.fhir_waiting(token, 0, RUN_MAX).await?;
    let Some(last) = said.last().map(|one| one.version.entry) else { return Ok(0) };
    adopt::adopt(app, &source, &said).await?;
    // What is written from here on is not prepared for: the run leaves it to the next one.
    let mut unit = Unit::new();
    unit.put_setting(&until(token), &last.to_string(), app.clock().now_micros());
    store.write(unit, Queue::Bulk).await?;
    // A client that deletes says so of each: nobody has to be asked whether it means it.
    let options = SyncOptions { allow_removals: true, ..SyncOptions::default() };
    let outcome = match app.sync(&Caller::system(), &source.name, &options).await {
        Ok(outcome) => outcome,
        // A run of this source is under way, or another import does not end: later. Anything else waits for a person.
        Err(AppError::Invalid(reason)) => {
            if reason.key != "sync-under-way" {
                tracing::warn!(source = source.name, reason = reason.key, "what a client wrote is not taken in");
            }
            return Ok(0);
        }
        Err(error) => return Err(error.into()),
    };
    if outcome.end != SyncEnd::Done {
        tracing::warn!(source = source.name, "what a client wrote could not be taken in; it is tried again");
        return Ok(0);
    }
    let mut unit = Unit::new();
    unit.fhir_heard(token, last);
    let now = app.clock().now_micros();
    for (kind, entity) in concerned(app, &said).await? {
        // Whatever the import made of it: what counts is laid over what was written.
        unit.changed(kind, entity, "updated", now);
    }
    store.write(unit, Queue::Bulk).await?;
    app.wake();
    Ok(said.len())
}

/// The setting that says up to which version a client's words may be taken in.
fn until(token: TokenId) -> String {
    format!("fhir-heard/{token}")
}

/// The people and places of which something was said.
async fn concerned(app: &App, said: &[SaidVersion]) -> Result<Vec<(&'static str, uuid::Uuid)>, FhirError> {
    let mut found = Vec::new();
    for one in said {
        let (kind, id) = (one.version.kind.as_str(), one.version.id.as_str());
        let Some(entity) = app.store().fhir_entity((kind, id)).await? else { continue };
        match kind {
            "Practitioner" => found.push(("person", entity)),
            "Location" | "Organization" => found.push(("place", entity)),
            _ => found.extend(app.store().position_person(entity).await?.map(|person| ("person", person.uuid()))),
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The source that a client is, made when it writes first.
async fn source_of(app: &App, token: TokenId) -> Result<Source, FhirError> {
    let store = app.store();
    let name = store.token(token).await?.map_or_else(|| token.to_string(), |token| token.name);
    let name = format!("{PREFIX}{name}");
    let once = || async {
        let sources = store.sources().await?;
        let held: HashMap<&str, &Source> = sources.iter().map(|source| (source.name.as_str(), source)).collect();
        let is_ours = |source: &&&Source| source.kind == KIND && token_of(source) == Some(token);
        let by_token = sources.iter().find(|source| is_ours(&source));
        if let Some(own) = by_token {
            return Ok(own.clone());
        }
        // A token that was made anew under the same name goes on in its place; a source of another kind keeps its name.
        if let Some(known) = held.get(name.as_str()).filter(|source| source.kind == KIND) {
            let mut own = (*known).clone();
            own.config = config(token);
            let mut unit = Unit::new();
            unit.set_source(&own, None);
            store.write(unit, Queue::Interactive).await?;
            own.version += 1;
            return Ok(own);
        }
        let own = Source {
            id: store.mint().id(SourceId::from_uuid),
            name: if held.contains_key(name.as_str()) { format!("{name}-{token}") } else { name.clone() },
            kind: KIND.to_owned(),
            url: None,
            config: config(token),
            rank: sources.iter().map(|source| source.rank).max().unwrap_or(0) + 1,
            created_at: app.clock().now_micros(),
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_source(&own, None);
        store.write(unit, Queue::Interactive).await?;
        Ok::<_, StoreError>(own)
    };
    Ok(store.decide(once).await?)
}

fn config(token: TokenId) -> String {
    serde_json::json!({ TOKEN: token.to_string() }).to_string()
}

fn token_of(source: &Source) -> Option<TokenId> {
    let config: serde_json::Value = serde_json::from_str(&source.config).ok()?;
    config[TOKEN].as_str()?.parse().ok()
}
