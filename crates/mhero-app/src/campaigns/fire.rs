//! Firing: an event of a campaign is due for a person.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::{StreamExt, stream};
use mhero_core::{
    CampaignId, ConversationId, Direction, Lane, MessageId, MessageKind, MessageState, RetentionClass, Scope,
};
use mhero_query::{Leaf, Predicate};
use mhero_store::{
    CampaignEventRow, CampaignFire, CampaignRow, Guard, NewMessage, OutboxEntry, Queue, StoreError, Unit,
};
use serde_json::json;
use uuid::Uuid;

use super::desk::texts_of;
use crate::{
    App, AppError, Caller,
    audiences::Withheld,
    broadcasts::Texts,
    flows::{Beginning, Begun, Cause},
    messaging::salutation,
    trust::with_code,
};

/// Firings taken in one pass.
const PASS_MAX: i64 = 1_000;
/// Firings done at a time.
const AT_ONCE: usize = 16;

impl App {
    /// Fires what is due. Returns how many.
    pub(crate) async fn campaigns_pass(&self) -> Result<usize, AppError> {
        let due = self.store().due_campaign_fires(self.clock().now_micros(), PASS_MAX).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let (campaigns, events) = (self.store().campaigns().await?, self.store().campaign_events().await?);
        let withheld = self.withheld_from_campaigns(&due, &campaigns, &events).await?;
        let (due, handed) = Box::pin(self.fire_elsewhere(due, (&campaigns, &events), &withheld)).await?;
        let done = AtomicUsize::new(handed);
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, |fire| {
                let event = events.iter().find(|event| event.id == fire.event);
                let campaign = event.and_then(|event| campaigns.iter().find(|row| row.id == event.campaign));
                let left_out = campaign.and_then(|row| withheld.get(&row.id)?.reason(fire.person));
                let (known, done) = (event.zip(campaign), &done);
                async move {
                    match self.store().decide(|| self.fire_one(&fire, known, left_out)).await {
                        Ok(()) => {
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => {
                            tracing::error!(%error, "an event of a campaign could not fire; it will be tried again");
                        }
                    }
                }
            })
            .await;
        Ok(done.into_inner())
    }

    /// Whom the campaigns of some firings leave out, for leave or because the owner of their records did not agree.
    async fn withheld_from_campaigns(
        &self,
        due: &[CampaignFire],
        campaigns: &[CampaignRow],
        events: &[CampaignEventRow],
    ) -> Result<HashMap<CampaignId, Withheld>, AppError> {
        let fires = |row: &CampaignRow| {
            let own = |fire: &CampaignFire| events.iter().any(|one| one.id == fire.event && one.campaign == row.id);
            row.active && due.iter().any(own)
        };
        let mut found = HashMap::new();
        for campaign in campaigns.iter().filter(|row| fires(row)) {
            let caller = self.caller_of(campaign.created_by).await?;
            let predicate = Predicate::Is(Leaf::Group(vec![campaign.group]));
            let query = self.query_of_group(campaign.group).await?;
            let predicate = match query {
                Some(query) => match self.check_audience(&Caller::system(), &query).await {
                    Ok(audience) => audience.predicate,
                    Err(AppError::Store(error)) => return Err(error.into()),
                    Err(_) => predicate,
                },
                None => predicate,
            };
            let withheld = self.withheld(&caller, &predicate, (Lane::Normal, campaign.programme)).await?;
            found.insert(campaign.id, withheld);
        }
        Ok(found)
    }

    async fn fire_one(
        &self,
        fire: &CampaignFire,
        known: Option<(&CampaignEventRow, &CampaignRow)>,
        left_out: Option<&'static str>,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        let outcome = match known {
            Some((event, campaign)) if event.active && campaign.active && event.version == fire.event_version => {
                match left_out {
                    Some(reason) => reason,
                    None => self.fire_event(&mut unit, fire, event, campaign).await?,
                }
            }
            _ => "changed",
        };
        // The guard last: what it led to counts only when this firing is ours.
        unit.campaign_fired(fire, outcome, now);
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => {
                let mut unit = Unit::new();
                unit.campaign_fired(fire, "done", now);
                match self.store().write(unit, Queue::Interactive).await {
                    Err(StoreError::Guard { .. }) => Ok(()),
                    other => other.map(|_| ()).map_err(AppError::from),
                }
            }
            other => {
                other?;
                self.wake();
                Ok(())
            }
        }
    }

    /// The number at which an event reaches somebody, or what becomes of the firing instead.
    pub(super) async fn reached_by_event(
        &self,
        fire: &CampaignFire,
        event: &CampaignEventRow,
    ) -> Result<Result<(String, String), &'static str>, AppError> {
        let Some((scheme, path)) = self.number_of_person(fire.person).await? else { return Ok(Err("no-number")) };
        if self.store().stops(&scheme, &path).await?.contains(&String::new()) {
            return Ok(Err("stopped"));
        }
        if event.mode == "S" && self.store().is_in_flow(fire.person).await? {
            return Ok(Err("skipped"));
        }
        Ok(Ok((scheme, path)))
    }

    async fn fire_event(
        &self,
        unit: &mut Unit,
        fire: &CampaignFire,
        event: &CampaignEventRow,
        campaign: &CampaignRow,
    ) -> Result<&'static str, AppError> {
        let (scheme, path) = match self.reached_by_event(fire, event).await? {
            Ok(number) => number,
            Err(outcome) => return Ok(outcome),
        };
        let key = format!("campaign/{}/{}/{}", event.id, fire.person, fire.due_at);
        let holders = self.store().holders(&scheme, &path).await?;
        let holder = holders.iter().find(|holder| holder.person == fire.person);
        let salutation = holder.and_then(|holder| salutation(holder, &holders));
        let Some(flow) = event.flow else {
            self.send_event(unit, fire, event, (&scheme, &path), (&key, salutation.as_deref())).await?;
            return Ok("sent");
        };
        if self.store().session_by_key(&key).await?.is_some() {
            return Ok("done");
        }
        let fired = json!({
            "uuid": self.store().mint().uuid(),
            "type": "campaign_fired",
            "created_on": self.clock().now(),
            "campaign": { "uuid": campaign.id, "name": campaign.name },
            "point_uuid": event.id,
        });
        let beginning = Beginning {
            person: fire.person,
            scheme,
            path,
            channel: None,
            flow,
            revision: None,
            cause: Cause::Campaign { event: fired },
            by: "campaign".to_owned(),
            lane: Lane::Normal,
            start: None,
            parent: None,
            once_key: Some(key),
            salutation,
            interrupts: event.mode == "I",
            is_test: false,
            is_drill: false,
        };
        Ok(match self.begin_session(unit, &beginning, None).await? {
            Begun::Yes(_) => "started",
            Begun::Later => "put-off",
            Begun::NoFlow => "no-flow",
        })
    }

    async fn send_event(
        &self,
        unit: &mut Unit,
        fire: &CampaignFire,
        event: &CampaignEventRow,
        (scheme, path): (&str, &str),
        (key, salutation): (&str, Option<&str>),
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let facts = self.facts_cached().await?;
        let people = self.store().person_facts(&Scope::system(), &[fire.person], now.as_microsecond()).await?;
        let person = people.into_iter().next().unwrap_or_default();
        let code = self.store().trust_code_of(event.campaign.uuid()).await?.map(|code| code.code).unwrap_or_default();
        let texts = Texts::parse(&with_code(&texts_of(event), &code))?;
        let language = texts.language_for(person.language);
        let text = texts.render(language, &person, &facts, now);
        if text.trim().is_empty() {
            return Ok(());
        }
        let text = salutation.map_or_else(|| text.clone(), |name| format!("{name}: {text}"));
        let now = now.as_microsecond();
        let (body, id) = (self.store().mint().uuid(), self.store().mint().id(MessageId::from_uuid));
        let conversation = ConversationId::from_uuid(Uuid::new_v5(&event.id.uuid(), fire.person.uuid().as_bytes()));
        unit.add_body(body, &text, RetentionClass::Message, now);
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Flow,
            state: MessageState::Waiting.as_str(),
            lane: Lane::Normal,
            person: fire.person,
            scheme: scheme.to_owned(),
            path: path.to_owned(),
            channel: None,
            conversation: Some(conversation),
            broadcast: None,
            thread: None,
            body,
            language: Some(language),
            segments: i64::try_from(mhero_text::measure(&text).segments).unwrap_or(1),
            dedupe_key: key.to_owned(),
            reply_to: None,
            answers: None,
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: now,
        };
        unit.add_message(&message, Guard::Rows(1));
        let entry = OutboxEntry {
            message: id,
            channel: None,
            lane: Lane::Normal,
            conversation,
            sequence: now,
            broadcast: None,
            ready_at: now,
            quiet_exempt: false,
        };
        unit.add_to_outbox(&entry, now);
        Ok(())
    }
}
