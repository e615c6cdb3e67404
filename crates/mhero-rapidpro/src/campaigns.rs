//! Campaigns and their events.

use std::collections::{BTreeMap, HashMap};

use mhero_app::campaigns::{NewCampaignEvent, OffsetUnit};
use mhero_core::{CampaignEventId, CampaignId, Lang, Right};
use mhero_store::{CampaignEventRow, CampaignRow};
use serde_json::{Value, json};

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{instant, shown},
    page::{Item, items_page, nothing},
    refs::named,
};

/// Longest name of a campaign, in characters.
const NAME_MAX: usize = 255;
/// Longest text of an event, in characters.
const TEXT_MAX: usize = 10_000;
/// Units by the words of the API.
const UNITS: [(&str, &str); 4] = [("minutes", "M"), ("hours", "H"), ("days", "D"), ("weeks", "W")];

impl ApiServer {
    /// `GET campaigns`.
    pub(crate) async fn campaigns(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let uuid = ask.uuid("uuid")?;
        let mut items = Vec::new();
        let groups = self.group_names(ask).await?;
        for row in self.app.store().campaigns().await? {
            if uuid.is_none_or(|uuid| row.id.uuid() == uuid) {
                items.push(Item::new(row.created_at, row.id.uuid(), campaign_json(&row, &groups)));
            }
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }

    async fn group_names(&self, ask: &Ask) -> Result<HashMap<mhero_core::GroupId, String>, ApiError> {
        let groups = self.app.store().groups(true).await?;
        Ok(groups.into_iter().map(|group| (group.id, group.name.best(ask.caller.language).to_owned())).collect())
    }

    /// `POST campaigns`: makes one, or changes one by `?uuid=`.
    pub(crate) async fn write_campaign(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let name = ask.needed("name", NAME_MAX)?;
        let group = ask.reference("group")?.ok_or_else(|| ApiError::field("group", "This field is required."))?;
        let missing = || ApiError::field("group", format!("No such object: {}", shown(&group)));
        let group = self.group_called(&group).await?.ok_or_else(missing)?;
        let (id, is_new) = match ask.uuid("uuid")? {
            Some(uuid) => {
                let row = self.campaign_called(&uuid.to_string()).await?.ok_or(ApiError::NotFound)?;
                self.app.change_campaign(&ask.caller, row.id, &name, group.id).await?;
                (row.id, false)
            }
            None => (self.app.create_campaign(&ask.caller, &name, group.id).await?, true),
        };
        let row = self.campaign_called(&id.to_string()).await?.ok_or(ApiError::NotFound)?;
        let json = campaign_json(&row, &self.group_names(ask).await?);
        Ok(if is_new { Answer::made(json) } else { Answer::ok(json) })
    }

    /// `GET campaign_events`.
    pub(crate) async fn campaign_events(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let uuid = ask.uuid("uuid")?;
        let campaign = match ask.param("campaign") {
            Some(text) => match self.campaign_called(text).await? {
                Some(row) => Some(row.id),
                None => return Ok(nothing(ask, &self.base)),
            },
            None => None,
        };
        let mut items = Vec::new();
        let campaigns = self.app.store().campaigns().await?;
        let is_live = |id: CampaignId| campaigns.iter().any(|row| row.id == id && row.active);
        for event in self.app.store().campaign_events().await?.into_iter().filter(|event| event.active) {
            let is_asked = uuid.is_none_or(|uuid| event.id.uuid() == uuid);
            if is_asked && is_live(event.campaign) && campaign.is_none_or(|campaign| event.campaign == campaign) {
                items.push(Item::new(
                    event.created_at,
                    event.id.uuid(),
                    self.event_json(ask, &event, &campaigns).await?,
                ));
            }
        }
        Ok(items_page(ask, &self.base, wanted.of_all(items)))
    }

    async fn event_json(
        &self,
        ask: &Ask,
        event: &CampaignEventRow,
        campaigns: &[CampaignRow],
    ) -> Result<Value, ApiError> {
        let campaign = campaigns.iter().find(|row| row.id == event.campaign);
        let texts: BTreeMap<String, String> = serde_json::from_str(&event.texts).unwrap_or_default();
        let flow = match event.flow {
            Some(flow) => self.flow_reference(flow).await?,
            None => Value::Null,
        };
        let fields = self.app.store().contact_fields().await?;
        let field = fields.iter().find(|field| field.key == event.field);
        let name = field.map_or(event.field.as_str(), |field| crate::fields::name_of(ask, field));
        let unit = UNITS.iter().find(|(_, letter)| *letter == event.unit).map_or("days", |(word, _)| word);
        Ok(json!({
            "uuid": event.id.to_string(),
            "campaign": named(event.campaign, campaign.map(|row| row.name.as_str()).unwrap_or_default()),
            "relative_to": { "key": event.field, "name": name, "label": name },
            "offset": event.offset,
            "unit": unit,
            "delivery_hour": event.hour,
            "flow": flow,
            "message": if event.flow.is_some() { Value::Null } else { json!(texts) },
            "created_on": instant(event.created_at),
        }))
    }

    /// `POST campaign_events`: makes one, or changes one by `?uuid=`.
    pub(crate) async fn write_campaign_event(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let new = self.read_event(ask).await?;
        let (id, is_new) = match ask.uuid("uuid")? {
            Some(uuid) => {
                let id = CampaignEventId::from_uuid(uuid);
                let event = self.event(id).await?;
                if let Some(text) = ask.reference("campaign")? {
                    let said = self.campaign_called(&text).await?;
                    if said.is_none_or(|said| said.id != event.campaign) {
                        return Err(ApiError::field("campaign", "Cannot change campaign for existing events"));
                    }
                }
                self.app.change_campaign_event(&ask.caller, id, &new).await?;
                (id, false)
            }
            None => {
                let text = ask.reference("campaign")?;
                let text = text.ok_or_else(|| ApiError::field("campaign", "This field is required."))?;
                let missing = || ApiError::field("campaign", format!("No such object: {}", shown(&text)));
                let campaign = self.campaign_called(&text).await?.ok_or_else(missing)?;
                (self.app.add_campaign_event(&ask.caller, campaign.id, &new).await?, true)
            }
        };
        let event = self.event(id).await?;
        let json = self.event_json(ask, &event, &self.app.store().campaigns().await?).await?;
        Ok(if is_new { Answer::made(json) } else { Answer::ok(json) })
    }

    async fn event(&self, id: CampaignEventId) -> Result<CampaignEventRow, ApiError> {
        let events = self.app.store().campaign_events().await?;
        events.into_iter().find(|event| event.id == id && event.active).ok_or(ApiError::NotFound)
    }

    async fn read_event(&self, ask: &Ask) -> Result<NewCampaignEvent, ApiError> {
        let field = ask.reference("relative_to")?;
        let field = field.ok_or_else(|| ApiError::field("relative_to", "This field is required."))?;
        let is_own = matches!(field.as_str(), "created_on" | "last_seen_on");
        if !is_own && !self.app.store().contact_fields().await?.iter().any(|known| known.key == field) {
            return Err(ApiError::field("relative_to", format!("No such object: {}", shown(&field))));
        }
        let offset = ask.whole("offset")?.ok_or_else(|| ApiError::field("offset", "This field is required."))?;
        let word = ask.needed("unit", 10)?;
        let unit = UNITS.iter().find(|(known, _)| *known == word).and_then(|(_, letter)| OffsetUnit::of(letter));
        let unit =
            unit.ok_or_else(|| ApiError::field("unit", format!("\"{}\" is not a valid choice.", shown(&word))))?;
        let hour = match ask.whole("delivery_hour")?.unwrap_or(-1) {
            -1 => None,
            hour @ 0..=23 => i8::try_from(hour).ok(),
            _ => return Err(ApiError::field("delivery_hour", "Ensure this value is between -1 and 23.")),
        };
        let own: Lang = self.own_language().await?;
        let texts = ask.texts("message", own, TEXT_MAX)?;
        let flow = ask.reference("flow")?;
        let flow = match (flow, texts.is_empty()) {
            (Some(text), true) => {
                let missing = || ApiError::field("flow", format!("No such object: {}", shown(&text)));
                Some(self.flow_called(&text).await?.filter(|row| row.active).ok_or_else(missing)?.id)
            }
            (None, false) => None,
            _ => return Err(ApiError::body("Flow UUID or a message text required.")),
        };
        Ok(NewCampaignEvent { field, offset, unit, hour, flow, texts, mode: 'I' })
    }

    /// `DELETE campaign_events`.
    pub(crate) async fn delete_campaign_event(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let needed = || ApiError::Detail("URL must contain one of the following parameters: uuid".to_owned());
        let id = CampaignEventId::from_uuid(ask.uuid("uuid")?.ok_or_else(needed)?);
        self.event(id).await?;
        self.app.remove_campaign_event(&ask.caller, id).await?;
        Ok(Answer::done())
    }
}

fn campaign_json(row: &CampaignRow, groups: &HashMap<mhero_core::GroupId, String>) -> Value {
    json!({
        "uuid": row.id.to_string(),
        "name": row.name,
        "archived": !row.active,
        "group": named(row.group, groups.get(&row.group).map(String::as_str).unwrap_or_default()),
        "created_on": instant(row.created_at),
    })
}
