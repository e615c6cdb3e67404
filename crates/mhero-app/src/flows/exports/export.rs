//! Writing an export: chosen flows, or all, with everything that they need elsewhere.

use std::collections::BTreeSet;

use mhero_core::{FlowId, GroupId, Lang, Right};
use mhero_flow::{
    definition::Flow,
    inspect::{DependencyKind, DependencyTarget, inspect},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::super::triggers::{KeywordPlace, Trigger, TriggerTerms};
use crate::{App, AppError, Caller, campaigns::CampaignListed};

impl App {
    /// An export in the shape of RapidPro: the flows asked for and those that they enter, or all; their groups and fields, and
    /// the triggers and campaigns that start them. All of it within the programmes whose flows the caller may change.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for a flow that is not there.
    pub async fn export_flows(&self, caller: &Caller, only: &[FlowId]) -> Result<Json, AppError> {
        caller.must(Right::Flows)?;
        let own = self.programmes_of(caller, Right::Flows).await?;
        let mut open: Vec<FlowId> = if only.is_empty() {
            self.store().flows(false).await?.into_iter().map(|row| row.id).collect()
        } else {
            only.to_vec()
        };
        let (mut seen, mut taken, mut flows) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let (mut groups, mut fields) = (BTreeSet::new(), BTreeSet::new());
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(row) = self.store().flow(id).await? else {
                if only.contains(&id) {
                    return Err(AppError::not_found("flow", id));
                }
                continue;
            };
            if !own.has(row.programme) {
                if only.contains(&id) {
                    return Err(AppError::NotAllowed { right: Right::Flows });
                }
                continue;
            }
            let Some(flow) = self.flow_at(id, row.revision).await? else { continue };
            open.extend(gather(&flow, &mut groups, &mut fields));
            let mut definition = flow.to_json();
            definition["name"] = json!(row.name);
            taken.insert(id);
            flows.push((row.name.clone(), definition));
        }
        flows.sort_by(|one, two| one.0.cmp(&two.0));
        let triggers: Vec<Trigger> =
            self.triggers(caller).await?.into_iter().filter(|trigger| taken.contains(&trigger.flow)).collect();
        groups.extend(triggers.iter().flat_map(|t| t.groups.iter().chain(&t.exclude)).map(|id| id.uuid()));
        let campaigns: Vec<CampaignListed> = self
            .campaigns(caller)
            .await?
            .into_iter()
            .filter(|c| own.has(c.row.programme))
            .filter(|c| {
                only.is_empty() || c.events.iter().any(|e| e.row.flow.is_some_and(|flow| taken.contains(&flow)))
            })
            .collect();
        groups.extend(campaigns.iter().map(|campaign| campaign.row.group.uuid()));
        fields.extend(campaigns.iter().flat_map(|c| &c.events).map(|event| event.row.field.clone()));
        let names = self.group_names().await?;
        let flow_names: Vec<(FlowId, String)> =
            self.store().flows(true).await?.into_iter().map(|row| (row.id, row.name)).collect();
        let around = Names { groups: names, flows: flow_names };
        Ok(json!({
            "version": "13",
            "site": "mhero",
            "flows": flows.into_iter().map(|(_, flow)| flow).collect::<Vec<_>>(),
            "campaigns": campaigns.iter().map(|campaign| around.campaign(campaign)).collect::<Vec<_>>(),
            "triggers": triggers.iter().filter_map(|trigger| around.trigger(trigger)).collect::<Vec<_>>(),
            "fields": self.fields_of(&fields).await?,
            "groups": groups.iter().filter_map(|id| around.whole_group(*id)).collect::<Vec<_>>(),
        }))
    }

    async fn group_names(&self) -> Result<Vec<(GroupId, String, Option<String>)>, AppError> {
        let groups = self.store().groups(true).await?;
        Ok(groups.into_iter().map(|group| (group.id, group.name.best(Lang::ENGLISH).to_owned(), group.query)).collect())
    }

    async fn fields_of(&self, keys: &BTreeSet<String>) -> Result<Vec<Json>, AppError> {
        let fields = self.store().contact_fields().await?;
        let own = fields.iter().filter(|field| keys.contains(&field.key));
        let own = own.map(|field| {
            let kind = match field.kind.as_str() {
                "number" => "number",
                "instant" => "datetime",
                _ => "text",
            };
            json!({ "key": field.key, "name": field.name.best(Lang::ENGLISH), "type": kind })
        });
        Ok(own.collect())
    }
}

/// Names behind ids.
struct Names {
    groups: Vec<(GroupId, String, Option<String>)>,
    flows: Vec<(FlowId, String)>,
}

impl Names {
    fn group(&self, id: GroupId) -> Json {
        let name = self.groups.iter().find(|(known, ..)| *known == id).map(|(_, name, _)| name.as_str());
        json!({ "uuid": id, "name": name.unwrap_or_default() })
    }

    fn whole_group(&self, id: Uuid) -> Option<Json> {
        let (id, name, query) = self.groups.iter().find(|(known, ..)| known.uuid() == id)?;
        Some(json!({ "uuid": id, "name": name, "query": query }))
    }

    fn flow(&self, id: FlowId) -> Json {
        let name = self.flows.iter().find(|(known, _)| *known == id).map(|(_, name)| name.as_str());
        json!({ "uuid": id, "name": name.unwrap_or_default() })
    }

    /// RapidPro knows no triggers for new people, and takes no schedules in: those stay here.
    fn trigger(&self, trigger: &Trigger) -> Option<Json> {
        let groups = |ids: &[GroupId]| ids.iter().map(|id| self.group(*id)).collect::<Vec<_>>();
        let mut all = json!({
            "flow": self.flow(trigger.flow),
            "groups": groups(&trigger.groups),
            "exclude_groups": groups(&trigger.exclude),
            "channel": null,
        });
        match &trigger.terms {
            TriggerTerms::Keyword { words, place } => {
                all["trigger_type"] = json!("K");
                all["keywords"] = json!(words);
                all["keyword"] = json!(words.first());
                all["match_type"] = json!(if *place == KeywordPlace::OnlyWord { "O" } else { "F" });
            }
            TriggerTerms::CatchAll => all["trigger_type"] = json!("C"),
            TriggerTerms::MissedCall => all["trigger_type"] = json!("M"),
            TriggerTerms::Schedule { .. } | TriggerTerms::NewPerson => return None,
        }
        if trigger.urgent {
            all["urgent"] = json!(true);
        }
        Some(all)
    }

    fn campaign(&self, campaign: &CampaignListed) -> Json {
        let events = campaign.events.iter().map(|event| {
            let row = &event.row;
            let texts: serde_json::Map<String, Json> =
                event.texts.iter().map(|(lang, text)| (lang.to_string(), json!(text))).collect();
            json!({
                "uuid": row.id,
                "relative_to": { "key": row.field, "label": row.field },
                "offset": row.offset,
                "unit": row.unit,
                "delivery_hour": row.hour,
                "event_type": if row.flow.is_some() { "F" } else { "M" },
                "flow": row.flow.map(|flow| self.flow(flow)),
                "message": if row.flow.is_some() { Json::Null } else { Json::Object(texts) },
                "base_language": if row.language.is_empty() { Json::Null } else { json!(row.language) },
                "start_mode": row.mode,
            })
        });
        json!({
            "uuid": campaign.row.id,
            "name": campaign.row.name,
            "group": self.group(campaign.row.group),
            "events": events.collect::<Vec<_>>(),
        })
    }
}

/// Notes the groups and fields that a flow needs; returns the flows that it starts.
fn gather(flow: &Flow, groups: &mut BTreeSet<Uuid>, fields: &mut BTreeSet<String>) -> Vec<FlowId> {
    let mut flows = Vec::new();
    for dependency in inspect(flow, None).dependencies {
        match (dependency.kind, dependency.target) {
            (DependencyKind::Group, DependencyTarget::Uuid(id)) => {
                groups.insert(id);
            }
            (DependencyKind::Field, DependencyTarget::Key(key)) => {
                fields.insert(key.to_string());
            }
            (DependencyKind::Flow, DependencyTarget::Uuid(id)) => flows.push(FlowId::from_uuid(id)),
            _ => {}
        }
    }
    flows
}
