//! Changing campaigns that run: what was planned under the old form is planned anew.

use mhero_core::{CampaignEventId, CampaignId, GroupId, limits::NAME_CHARS_MAX};
use mhero_query::fold;
use mhero_store::{CampaignEventRow, CampaignRow, Queue, StoreError, Unit};
use serde_json::json;

use super::NewCampaignEvent;
use crate::{App, AppError, Caller};

impl App {
    /// Gives a campaign another name and group.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for campaign and group; [`AppError::Invalid`] for a name that is empty or
    /// taken.
    pub async fn change_campaign(
        &self,
        caller: &Caller,
        id: CampaignId,
        name: &str,
        group: GroupId,
    ) -> Result<(), AppError> {
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        if name.is_empty() {
            return Err(AppError::invalid("campaign-no-name", []));
        }
        if !self.store().groups(false).await?.iter().any(|known| known.id == group) {
            return Err(AppError::not_found("group", group));
        }
        let row = self.own_campaign(caller, id).await?;
        let mut unit = Unit::new();
        unit.set_campaign(&CampaignRow { name: name.clone(), group, ..row.clone() }, &fold(&name));
        if row.group != group {
            // Those who were planned for as members of the other group are planned for no longer.
            for event in self.events_of(id).await? {
                unit.set_campaign_event(&event);
            }
            self.plan_later(&mut unit, id);
        }
        unit.audit(
            self.store(),
            &caller.entry("campaign-changed", "campaign", Some(id.uuid()), json!({ "group": group })),
        );
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::invalid("campaign-name-taken", [("name", name)])),
            other => other?,
        };
        self.wake();
        Ok(())
    }

    /// Changes an event of a campaign: what it had planned is forgotten and planned anew.
    ///
    /// # Errors
    /// As [`App::add_campaign_event`].
    pub async fn change_campaign_event(
        &self,
        caller: &Caller,
        id: CampaignEventId,
        new: &NewCampaignEvent,
    ) -> Result<(), AppError> {
        let events = self.store().campaign_events().await?;
        let event = events.into_iter().find(|event| event.id == id && event.active);
        let event = event.ok_or_else(|| AppError::not_found("event", id))?;
        let campaign = event.campaign;
        self.own_campaign(caller, campaign).await?;
        self.check_event(new).await?;
        if let Some(flow) = new.flow {
            self.must_change_flow(caller, flow).await?;
        }
        let mut unit = Unit::new();
        unit.set_campaign_event(&new.row(&event));
        self.plan_later(&mut unit, campaign);
        let facts = json!({ "event": id });
        unit.audit(self.store(), &caller.entry("campaign-event-changed", "campaign", Some(campaign.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    async fn own_campaign(&self, caller: &Caller, id: CampaignId) -> Result<CampaignRow, AppError> {
        caller.must(mhero_core::Right::Flows)?;
        let row = self.store().campaigns().await?.into_iter().find(|row| row.id == id && row.active);
        let row = row.ok_or_else(|| AppError::not_found("campaign", id))?;
        self.must_change(caller, row.programme).await?;
        Ok(row)
    }

    async fn events_of(&self, campaign: CampaignId) -> Result<Vec<CampaignEventRow>, AppError> {
        let events = self.store().campaign_events().await?;
        Ok(events.into_iter().filter(|event| event.campaign == campaign && event.active).collect())
    }
}

impl NewCampaignEvent {
    /// The row of an event that becomes like this.
    pub(super) fn row(&self, was: &CampaignEventRow) -> CampaignEventRow {
        let texts: std::collections::BTreeMap<String, &str> =
            self.texts.iter().map(|(lang, text)| (lang.to_string(), text.as_str())).collect();
        CampaignEventRow {
            field: self.field.clone(),
            offset: self.offset,
            unit: self.unit.letter().to_owned(),
            hour: self.hour.map_or(-1, i64::from),
            flow: self.flow,
            texts: serde_json::to_string(&texts).unwrap_or_default(),
            language: self.texts.first().map(|(lang, _)| lang.to_string()).unwrap_or_default(),
            mode: self.mode.to_string(),
            ..was.clone()
        }
    }
}
