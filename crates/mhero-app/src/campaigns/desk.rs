//! Campaigns as people work with them.

use mhero_core::{CampaignEventId, CampaignId, FlowId, GroupId, Lang, Right, limits::NAME_CHARS_MAX};
use mhero_query::fold;
use mhero_store::{CampaignEventRow, CampaignRow, Queue, StoreError, Unit};
use serde_json::json;

use super::maths::OffsetUnit;
use crate::{App, AppError, Caller, broadcasts::check_texts, trust};

/// Dates that every person has, beside fields.
const OWN_DATES: [&str; 2] = ["created_on", "last_seen_on"];
/// How far from its date an event may be, in its units.
const OFFSET_MAX: i64 = 1_000_000;

/// An event that is to be.
#[derive(Clone, Debug)]
pub struct NewCampaignEvent {
    /// The key of a date field, or `created_on`, `last_seen_on`.
    pub field: String,
    /// How many units after the date; before it when negative.
    pub offset: i64,
    /// The units.
    pub unit: OffsetUnit,
    /// The hour of day, in the person's zone; `None` for the date's own time.
    pub hour: Option<i8>,
    /// The flow that it starts; `None` when it sends `texts`.
    pub flow: Option<FlowId>,
    /// Texts with expressions, the language of who reads none of the others first.
    pub texts: Vec<(Lang, String)>,
    /// `I` interrupts a conversation, `S` skips who is in one, `P` runs beside it.
    pub mode: char,
}

/// A campaign in a list.
#[derive(Clone, Debug)]
pub struct CampaignListed {
    /// The campaign.
    pub row: CampaignRow,
    /// The name of its group.
    pub group: String,
    /// Its events, oldest first.
    pub events: Vec<CampaignEventListed>,
}

/// An event of a campaign in a list.
#[derive(Clone, Debug)]
pub struct CampaignEventListed {
    /// The event.
    pub row: CampaignEventRow,
    /// Its texts.
    pub texts: Vec<(Lang, String)>,
    /// How many firings are planned.
    pub planned: i64,
    /// How many were done, without those left out.
    pub done: i64,
    /// Who was left out, by reason: `on-leave`, `no-consent`, `no-number`, `stopped`.
    pub left_out: Vec<(String, i64)>,
    /// When the next is due, in UTC microseconds.
    pub next: Option<i64>,
}

impl App {
    /// Campaigns that are not archived, with their events.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn campaigns(&self, caller: &Caller) -> Result<Vec<CampaignListed>, AppError> {
        caller.must(Right::ReadMessages)?;
        let (campaigns, events) = (self.store().campaigns().await?, self.store().campaign_events().await?);
        let plans = self.store().campaign_plans().await?;
        let out = self.store().campaign_left_out().await?;
        let groups = self.store().groups(true).await?;
        let listed = campaigns.into_iter().filter(|row| row.active).map(|row| {
            let group = groups.iter().find(|group| group.id == row.group);
            let own = events.iter().filter(|event| event.campaign == row.id && event.active);
            let events = own
                .map(|event| {
                    let plan = plans.iter().find(|(id, ..)| *id == event.id);
                    let (planned, done, next) =
                        plan.map_or((0, 0, None), |(_, planned, done, next)| (*planned, *done, *next));
                    let of_event = out.iter().filter(|(id, ..)| *id == event.id);
                    let left_out: Vec<_> = of_event.map(|(_, reason, people)| (reason.clone(), *people)).collect();
                    let done = done - left_out.iter().map(|(_, people)| people).sum::<i64>();
                    CampaignEventListed { texts: texts_of(event), row: event.clone(), planned, done, left_out, next }
                })
                .collect();
            let group = group.map(|group| group.name.best(caller.language).to_owned()).unwrap_or_default();
            CampaignListed { row, group, events }
        });
        Ok(listed.collect())
    }

    /// The date fields that an event may be relative to, beside everybody's own dates: key and name, by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn campaign_dates(&self, caller: &Caller) -> Result<Vec<(String, String)>, AppError> {
        caller.must(Right::ReadMessages)?;
        let fields = self.store().contact_fields().await?.into_iter().filter(is_date);
        let name = |field: mhero_store::ContactField| {
            let name = field.name.best(caller.language).to_owned();
            let name = if name.is_empty() { field.key.clone() } else { name };
            (field.key, name)
        };
        let mut dates: Vec<(String, String)> = fields.map(name).collect();
        dates.sort_by(|one, two| one.1.cmp(&two.1));
        Ok(dates)
    }

    /// Makes a campaign for the members of a group.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for the group; [`AppError::Invalid`] for a name that is empty or taken.
    pub async fn create_campaign(&self, caller: &Caller, name: &str, group: GroupId) -> Result<CampaignId, AppError> {
        self.create_campaign_as(caller, self.store().mint().id(CampaignId::from_uuid), name, group).await
    }

    pub(crate) async fn create_campaign_as(
        &self,
        caller: &Caller,
        id: CampaignId,
        name: &str,
        group: GroupId,
    ) -> Result<CampaignId, AppError> {
        caller.must(Right::Flows)?;
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        if name.is_empty() {
            return Err(AppError::invalid("campaign-no-name", []));
        }
        let known = self.store().groups(false).await?.iter().any(|known| known.id == group);
        if !known {
            return Err(AppError::not_found("group", group));
        }
        let programme = self.programme_for_new(caller).await?;
        let now = self.clock().now_micros();
        let row = CampaignRow {
            id,
            name: name.clone(),
            group,
            programme,
            active: true,
            created_by: caller.scope.principal(),
            created_at: now,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_campaign(&row, &fold(&name));
        self.add_trust_code(&mut unit, trust::kinds::CAMPAIGN, id.uuid()).await?;
        unit.changed("campaign", id.uuid(), "created", now);
        unit.audit(
            self.store(),
            &caller.entry("campaign-created", "campaign", Some(id.uuid()), json!({ "group": group })),
        );
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => Err(AppError::invalid("campaign-name-taken", [("name", name)])),
            other => Ok(other.map(|_| id)?),
        }
    }

    /// Puts a campaign away: what it had planned is forgotten.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn archive_campaign(&self, caller: &Caller, id: CampaignId) -> Result<(), AppError> {
        caller.must(Right::Flows)?;
        let campaigns = self.store().campaigns().await?;
        let mut row =
            campaigns.into_iter().find(|row| row.id == id).ok_or_else(|| AppError::not_found("campaign", id))?;
        self.must_change(caller, row.programme).await?;
        row.active = false;
        let mut unit = Unit::new();
        unit.set_campaign(&row, &format!("{} {id}", fold(&row.name)));
        for event in self.store().campaign_events().await?.into_iter().filter(|event| event.campaign == id) {
            unit.set_campaign_event(&CampaignEventRow { active: false, ..event });
        }
        unit.audit(self.store(), &caller.entry("campaign-archived", "campaign", Some(id.uuid()), json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Adds an event to a campaign and plans it for everybody whom it concerns.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] naming the part that can't be.
    pub async fn add_campaign_event(
        &self,
        caller: &Caller,
        campaign: CampaignId,
        new: &NewCampaignEvent,
    ) -> Result<CampaignEventId, AppError> {
        let id = self.store().mint().id(CampaignEventId::from_uuid);
        self.add_campaign_event_as(caller, id, campaign, new).await
    }

    pub(crate) async fn add_campaign_event_as(
        &self,
        caller: &Caller,
        id: CampaignEventId,
        campaign: CampaignId,
        new: &NewCampaignEvent,
    ) -> Result<CampaignEventId, AppError> {
        caller.must(Right::Flows)?;
        let campaigns = self.store().campaigns().await?;
        let row = campaigns.into_iter().find(|row| row.id == campaign && row.active);
        let row = row.ok_or_else(|| AppError::not_found("campaign", campaign))?;
        self.must_change(caller, row.programme).await?;
        self.check_event(new).await?;
        if let Some(flow) = new.flow {
            self.must_change_flow(caller, flow).await?;
        }
        let now = self.clock().now_micros();
        let texts: std::collections::BTreeMap<String, &str> =
            new.texts.iter().map(|(lang, text)| (lang.to_string(), text.as_str())).collect();
        let event = CampaignEventRow {
            id,
            campaign,
            field: new.field.clone(),
            offset: new.offset,
            unit: new.unit.letter().to_owned(),
            hour: new.hour.map_or(-1, i64::from),
            flow: new.flow,
            texts: serde_json::to_string(&texts).unwrap_or_default(),
            language: new.texts.first().map(|(lang, _)| lang.to_string()).unwrap_or_default(),
            mode: new.mode.to_string(),
            active: true,
            created_at: now,
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_campaign_event(&event);
        self.plan_later(&mut unit, campaign);
        unit.audit(
            self.store(),
            &caller.entry("campaign-event-added", "campaign", Some(campaign.uuid()), json!({ "event": id })),
        );
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(id)
    }

    /// Removes an event: what it had planned is forgotten.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn remove_campaign_event(&self, caller: &Caller, id: CampaignEventId) -> Result<(), AppError> {
        caller.must(Right::Flows)?;
        let events = self.store().campaign_events().await?;
        let event = events.into_iter().find(|event| event.id == id).ok_or_else(|| AppError::not_found("event", id))?;
        let campaign = event.campaign;
        let campaigns = self.store().campaigns().await?;
        let programme = campaigns.iter().find(|row| row.id == campaign).and_then(|row| row.programme);
        self.must_change(caller, programme).await?;
        let mut unit = Unit::new();
        unit.set_campaign_event(&CampaignEventRow { active: false, ..event });
        unit.audit(
            self.store(),
            &caller.entry("campaign-event-removed", "campaign", Some(campaign.uuid()), json!({ "event": id })),
        );
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    pub(super) async fn check_event(&self, new: &NewCampaignEvent) -> Result<(), AppError> {
        let is_field = self.store().contact_fields().await?.iter().any(|field| field.key == new.field);
        if !is_field && !OWN_DATES.contains(&new.field.as_str()) {
            return Err(AppError::not_found("field", &new.field));
        }
        if new.offset.abs() > OFFSET_MAX {
            let args = [("value", new.offset.to_string()), ("max", OFFSET_MAX.to_string())];
            return Err(AppError::invalid("campaign-offset", args));
        }
        if new.hour.is_some_and(|hour| !(0..24).contains(&hour)) {
            return Err(AppError::invalid("campaign-hour", [("value", new.hour.unwrap_or(0).to_string())]));
        }
        if !matches!(new.mode, 'I' | 'S' | 'P') {
            return Err(AppError::invalid("campaign-mode", [("value", new.mode.to_string())]));
        }
        match new.flow {
            Some(flow) => {
                let known = self.store().flow(flow).await?.filter(|flow| flow.active);
                let known = known.ok_or_else(|| AppError::not_found("flow", flow))?;
                self.refuse_without_text(&known).await
            }
            None => check_texts(&new.texts),
        }
    }
}

fn is_date(field: &mhero_store::ContactField) -> bool {
    matches!(field.kind.as_str(), "instant" | "date" | "datetime")
}

/// The texts of an event, the one for those who read none of the others first.
pub(super) fn texts_of(event: &CampaignEventRow) -> Vec<(Lang, String)> {
    let texts: std::collections::BTreeMap<String, String> = serde_json::from_str(&event.texts).unwrap_or_default();
    let mut texts: Vec<(Lang, String)> =
        texts.into_iter().filter_map(|(lang, text)| Some((lang.parse().ok()?, text))).collect();
    texts.sort_by_key(|(lang, _)| lang.to_string() != event.language);
    texts
}
