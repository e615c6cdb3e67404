//! Creating who was approved in the registry that owns their kind, once.

use std::collections::BTreeMap;

use mhero_core::{record::Reason, timestamp};
use mhero_query::fold;
use mhero_store::{JoinCandidate, Queue, Source, StoreError, Unit};

use super::write::{LOOK_AGAIN, WRITING_MAX, back_off};
use crate::{
    App, AppError, Caller,
    ports::{Push, PushOutcome, Target, ValueChange},
    sync::keep_reason,
};

/// Candidates created in one pass.
const PASS_MAX: i64 = 10;
/// The setting that says which source owns which kind of worker: a JSON object from jobs (and `*`) to names of sources.
const SETTING: &str = "way-back-create-in";
/// The kind of a person's record where a source has none so far.
const KIND: &str = "Practitioner";

impl App {
    /// Creates who was approved. Returns how many were tried.
    pub(super) async fn create_due(&self) -> Result<usize, AppError> {
        let due = self.store().due_candidates(self.clock().now_micros(), PASS_MAX).await?;
        let count = due.len();
        for candidate in due {
            let id = candidate.id;
            match Box::pin(self.create_one(candidate)).await {
                Ok(()) | Err(AppError::Store(StoreError::Guard { .. })) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::error!(candidate = %id, %error, "a candidate could not be created"),
            }
        }
        Ok(count)
    }

    async fn create_one(&self, mut candidate: JoinCandidate) -> Result<(), AppError> {
        // An attempt of which nobody knows the end may have got through.
        if let Some((person, _)) = self.known_as(&candidate).await?.filter(|_| candidate.state == "creating") {
            candidate.person = Some(person);
            return self.created(candidate).await;
        }
        let Some(source) = self.creates_in(&candidate).await? else {
            return self.not_created(candidate, &Reason::plain("wayback-nobody-creates")).await;
        };
        let Some(registry) = self.registry_to_write(&source).await else {
            return self.not_created(candidate, &Reason::plain("wayback-nobody-creates")).await;
        };
        if candidate.state == "creating" && !self.was_pulled_after(&candidate, &source).await? {
            self.pull_soon(source.id).await?;
            return self.try_later(candidate, LOOK_AGAIN).await;
        }
        let push = self.creation(&candidate, &source, registry.writes()).await?;
        let now = self.clock().now();
        candidate.state = "creating".to_owned();
        candidate.source = Some(source.id);
        candidate.attempts += 1;
        candidate.decided_at = Some(now.as_microsecond());
        candidate.next_at = Some((now + WRITING_MAX).as_microsecond());
        let mut unit = Unit::new();
        unit.set_candidate(&candidate);
        self.store().write(unit, Queue::Interactive).await?;
        candidate.version += 1;
        match self.on_journey(registry.push(&push)).await {
            PushOutcome::Written { raw, .. } => {
                if let Some(raw) = raw {
                    self.take_back(&source, registry.as_ref(), &[raw]).await?;
                }
                // Where they work may be a record of its own.
                self.pull_soon(source.id).await?;
                candidate.person = self.known_as(&candidate).await?.map(|(person, _)| person);
                self.created(candidate).await
            }
            PushOutcome::Refused { reason } => self.not_created(candidate, &reason).await,
            PushOutcome::Conflict { .. } => {
                self.not_created(candidate, &Reason::plain("wayback-create-conflict")).await
            }
            PushOutcome::NotSent { reason } => {
                candidate.state = "approved".to_owned();
                candidate.reason = Some(keep_reason(&reason));
                let wait = back_off(candidate.attempts);
                self.try_later(candidate, wait).await
            }
            PushOutcome::Unknown { reason } => {
                candidate.reason = Some(keep_reason(&reason));
                self.pull_soon(source.id).await?;
                self.try_later(candidate, LOOK_AGAIN).await
            }
        }
    }

    /// What is told to the registry of somebody new.
    async fn creation(&self, candidate: &JoinCandidate, source: &Source, writes: &[&str]) -> Result<Push, AppError> {
        let mut values = vec![("name", candidate.name.clone()), ("phone", candidate.number.1.clone())];
        if let Some(job) = &candidate.cadre {
            values.push(("job", job.clone()));
        }
        if let Some(stranger) = candidate.stranger {
            values.push(("language", self.language_of(stranger).await?.bcp47().to_owned()));
        }
        if let Some(place) = candidate.place
            && let Some((kind, id)) = self.store().place_at_source(source.id, place).await?
        {
            values.push(("facility", format!("{kind}/{id}")));
        }
        let values = values.into_iter().filter(|(field, _)| writes.contains(field));
        let kind = self.store().kind_of_people(source.id).await?.unwrap_or_else(|| KIND.to_owned());
        Ok(Push {
            key: candidate.id.to_string(),
            target: Target { kind, id: String::new(), raw: String::new() },
            values: values.map(|(field, new)| ValueChange { field: field.to_owned(), old: None, new }).collect(),
            agent: "health worker".to_owned(),
            recorded: timestamp(candidate.created_at).to_string(),
            reason: "Joined by SMS and confirmed by a supervisor".to_owned(),
        })
    }

    /// The source that owns a kind of worker: as the setting says, else the first by rank that can write names.
    async fn creates_in(&self, candidate: &JoinCandidate) -> Result<Option<Source>, AppError> {
        let mut sources = self.store().sources().await?;
        sources.sort_by_key(|source| (source.rank, source.id));
        let setting = self.store().setting(SETTING).await?;
        let map: BTreeMap<String, String> =
            setting.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let job = candidate.cadre.as_deref().map(fold).unwrap_or_default();
        let wanted = map.iter().find(|(kind, _)| fold(kind) == job).or_else(|| map.get_key_value("*"));
        if let Some((_, name)) = wanted {
            return Ok(sources.into_iter().find(|source| source.name == *name));
        }
        for source in sources {
            if self.can_write(&source, ("name", false)).await {
                return Ok(Some(source));
            }
        }
        Ok(None)
    }

    async fn was_pulled_after(&self, candidate: &JoinCandidate, source: &Source) -> Result<bool, AppError> {
        let states = self.store().sync_states().await?;
        let pulled = states.into_iter().find(|state| state.source == source.id).and_then(|state| state.succeeded_at);
        Ok(pulled.zip(candidate.decided_at).is_some_and(|(pulled, tried)| pulled > tried))
    }

    async fn created(&self, mut candidate: JoinCandidate) -> Result<(), AppError> {
        candidate.state = "created".to_owned();
        (candidate.next_at, candidate.reason) = (None, None);
        let mut unit = Unit::new();
        self.welcome(&mut unit, &candidate).await?;
        self.end_candidate(unit, &candidate, "candidate-created").await
    }

    async fn not_created(&self, mut candidate: JoinCandidate, reason: &Reason) -> Result<(), AppError> {
        candidate.state = "failed".to_owned();
        candidate.next_at = None;
        candidate.reason = Some(keep_reason(reason));
        self.end_candidate(Unit::new(), &candidate, "candidate-failed").await
    }

    async fn end_candidate(
        &self,
        mut unit: Unit,
        candidate: &JoinCandidate,
        action: &'static str,
    ) -> Result<(), AppError> {
        unit.set_candidate(candidate);
        unit.changed("candidate", candidate.id, "updated", self.clock().now_micros());
        let facts = serde_json::json!({ "attempts": candidate.attempts });
        unit.audit(self.store(), &Caller::system().entry(action, "candidate", Some(candidate.id), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn try_later(&self, mut candidate: JoinCandidate, wait: jiff::SignedDuration) -> Result<(), AppError> {
        candidate.next_at = Some((self.clock().now() + wait).as_microsecond());
        let mut unit = Unit::new();
        unit.set_candidate(&candidate);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
