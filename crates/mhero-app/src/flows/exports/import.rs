//! Reading an export. Each part is taken for itself: what can't be taken is named with its reason and keeps nothing else out.

use std::collections::{HashMap, HashSet};

use mhero_core::{CampaignEventId, CampaignId, FlowId, GroupId, Lang, Right};
use mhero_flow::checks::Finding;
use serde_json::Value as Json;
use uuid::Uuid;

use super::super::{
    trigger_desk::NewTrigger,
    triggers::{KeywordPlace, Trigger, TriggerTerms},
};
use crate::{
    App, AppError, Caller,
    campaigns::{NewCampaignEvent, OffsetUnit},
};

/// Largest export taken, in bytes.
const EXPORT_BYTES_MAX: usize = 50 * 1024 * 1024;
/// Most flows of one export.
const FLOWS_MAX: usize = 5_000;

/// What was read from an export.
#[derive(Clone, Debug, Default)]
pub struct ExportReport {
    /// Each part, in the order in which they were taken.
    pub parts: Vec<Imported>,
}

/// One part of an export.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What it is.
    pub kind: ImportedKind,
    /// Its name in the export.
    pub name: String,
    /// What became of it.
    pub outcome: ImportedOutcome,
    /// Its id here, for a flow, group or campaign.
    pub id: Option<Uuid>,
    /// What the checks found in a flow.
    pub findings: Vec<Finding>,
}

/// The parts of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportedKind {
    /// A group of people.
    Group,
    /// A field of people.
    Field,
    /// A flow.
    Flow,
    /// What starts a flow.
    Trigger,
    /// A campaign with its events.
    Campaign,
    /// A label, global, topic or another thing that flows refer to.
    Thing,
}

/// What became of a part.
#[derive(Clone, Debug)]
pub enum ImportedOutcome {
    /// It is new here.
    Created,
    /// There was an older one, which has a new revision now.
    Updated,
    /// It was here already, just like that, or one of the same name serves.
    Known,
    /// It was taken with a change, named by a locale key and its variables.
    Changed(mhero_core::record::Reason),
    /// It could not be taken.
    Refused(AppError),
}

impl ImportedKind {
    /// The word for locale keys and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Field => "field",
            Self::Flow => "flow",
            Self::Trigger => "trigger",
            Self::Campaign => "campaign",
            Self::Thing => "thing",
        }
    }
}

impl ImportedOutcome {
    /// The word for locale keys and JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Known => "known",
            Self::Changed(_) => "changed",
            Self::Refused(_) => "refused",
        }
    }
}

impl ExportReport {
    /// How many parts of a kind had an outcome, by its word.
    pub fn count(&self, kind: ImportedKind, outcome: &str) -> usize {
        self.parts.iter().filter(|part| part.kind == kind && part.outcome.word() == outcome).count()
    }

    /// The parts that could not be taken.
    pub fn refused(&self) -> impl Iterator<Item = (&Imported, &AppError)> {
        self.parts.iter().filter_map(|part| match &part.outcome {
            ImportedOutcome::Refused(error) => Some((part, error)),
            _ => None,
        })
    }

    pub(super) fn add(&mut self, kind: ImportedKind, name: &str, outcome: ImportedOutcome, id: Option<Uuid>) {
        self.parts.push(Imported { kind, name: name.to_owned(), outcome, id, findings: Vec::new() });
    }
}

/// Ids of the export that stand for others here: a group of the same name is the same group.
pub(super) type Renamed = HashMap<String, String>;

impl App {
    /// Takes an export, or a single definition.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] for what is neither. What of an export can't be taken stands in the
    /// report instead.
    pub async fn import_export(&self, caller: &Caller, bytes: &[u8], origin: &str) -> Result<ExportReport, AppError> {
        caller.must(Right::Flows)?;
        let export = read(bytes)?;
        let mut report = ExportReport::default();
        let mut renamed = Renamed::new();
        self.take_groups(caller, list(&export, "groups"), &mut renamed, &mut report).await?;
        self.take_fields(list(&export, "fields"), &mut report).await?;
        self.take_flows(caller, list(&export, "flows"), origin, &mut renamed, &mut report).await?;
        let mut known = self.triggers(caller).await?;
        for trigger in list(&export, "triggers") {
            let trigger = with_ids(trigger, &renamed);
            let name = trigger_name(&trigger);
            let outcome = match self.take_trigger(caller, &trigger, &mut known).await {
                Ok(outcome) => outcome,
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => ImportedOutcome::Refused(error),
            };
            report.add(ImportedKind::Trigger, &name, outcome, None);
        }
        for campaign in list(&export, "campaigns") {
            self.take_campaign(caller, &with_ids(campaign, &renamed), &mut report).await?;
        }
        self.forget_flows();
        Ok(report)
    }

    async fn take_flows(
        &self,
        caller: &Caller,
        flows: &[Json],
        origin: &str,
        renamed: &mut Renamed,
        report: &mut ExportReport,
    ) -> Result<(), AppError> {
        let mut read = Vec::new();
        self.forget_flows();
        let mut assets = self.assets_for_checks().await?;
        let ids: HashSet<&str> = flows.iter().map(|flow| text(flow, "uuid")).collect();
        for flow in flows {
            let json = with_ids(flow, renamed).to_string();
            match self.read_flow(json.as_bytes()) {
                Ok(flow) => {
                    // Nothing is made for a flow that then can't be taken.
                    if let Err(error) = self.must_save(caller, &flow).await {
                        if let AppError::Store(error) = error {
                            return Err(error.into());
                        }
                        report.add(ImportedKind::Flow, &flow.name, ImportedOutcome::Refused(error), None);
                        continue;
                    }
                    let made = self.take_dependencies(caller, &flow, (&ids, &assets), renamed, report).await?;
                    if made {
                        self.forget_flows();
                        assets = self.assets_for_checks().await?;
                    }
                    read.push((flow.name.to_string(), json));
                }
                Err(error) => report.add(ImportedKind::Flow, text(flow, "name"), ImportedOutcome::Refused(error), None),
            }
        }
        self.forget_flows();
        for (name, json) in read {
            let json = serde_json::from_str(&json).map(|json| with_ids(&json, renamed).to_string()).unwrap_or(json);
            match self.save_of_many(caller, json.as_bytes(), origin).await {
                Ok(saved) => {
                    let outcome = match (saved.changed, saved.revision) {
                        (false, _) => ImportedOutcome::Known,
                        (true, 1) if saved.name != name => ImportedOutcome::Changed(mhero_core::record::Reason::new(
                            "flow-import-renamed",
                            [("name", saved.name.clone())],
                        )),
                        (true, 1) => ImportedOutcome::Created,
                        (true, _) => ImportedOutcome::Updated,
                    };
                    report.add(ImportedKind::Flow, &name, outcome, Some(saved.id.uuid()));
                }
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => report.add(ImportedKind::Flow, &name, ImportedOutcome::Refused(error), None),
            }
        }
        // What they refer to among themselves is there only now, and is read once for all of them.
        self.forget_flows();
        let assets = self.assets_for_checks().await?;
        for part in report.parts.iter_mut().filter(|part| part.kind == ImportedKind::Flow) {
            if let Some(id) = part.id
                && let Ok(flow) = assets.flow(id)
            {
                part.findings = self.check_among(&flow, &assets).await?;
            }
        }
        Ok(())
    }

    async fn take_trigger(
        &self,
        caller: &Caller,
        json: &Json,
        known: &mut Vec<Trigger>,
    ) -> Result<ImportedOutcome, AppError> {
        let flow = FlowId::from_uuid(uuid_of(&json["flow"]).ok_or_else(|| AppError::not_found("flow", ""))?);
        let groups = |key: &str| list(json, key).iter().filter_map(uuid_of).map(GroupId::from_uuid).collect::<Vec<_>>();
        let terms = match text(json, "trigger_type") {
            "K" => {
                let words = list(json, "keywords").iter().filter_map(Json::as_str).map(ToOwned::to_owned);
                let single = Some(text(json, "keyword").to_owned()).filter(|word| !word.is_empty());
                let place = match text(json, "match_type") {
                    "O" => KeywordPlace::OnlyWord,
                    _ => KeywordPlace::FirstWord,
                };
                TriggerTerms::Keyword { words: words.chain(single).collect(), place }
            }
            "C" => TriggerTerms::CatchAll,
            "M" => TriggerTerms::MissedCall,
            other => return Err(AppError::invalid("trigger-kind-unknown", [("kind", other.to_owned())])),
        };
        let new = NewTrigger {
            flow,
            terms,
            groups: groups("groups"),
            exclude: groups("exclude_groups"),
            channel: None,
            urgent: json["urgent"].as_bool().unwrap_or(false),
        };
        let same =
            |known: &Trigger| known.flow == new.flow && known.terms.kind() == new.terms.kind() && known.is_like(&new);
        if known.iter().any(same) {
            return Ok(ImportedOutcome::Known);
        }
        let id = self.add_trigger(caller, &new).await?;
        known.extend(self.store().trigger(id).await?.as_ref().and_then(Trigger::read));
        Ok(ImportedOutcome::Created)
    }

    async fn take_campaign(&self, caller: &Caller, json: &Json, report: &mut ExportReport) -> Result<(), AppError> {
        let name = text(json, "name");
        let outcome = match self.make_campaign(caller, json).await {
            Ok(outcome) => outcome,
            Err(AppError::Store(error)) => return Err(error.into()),
            Err(error) => ImportedOutcome::Refused(error),
        };
        report.add(ImportedKind::Campaign, name, outcome, uuid_of(json));
        Ok(())
    }

    async fn make_campaign(&self, caller: &Caller, json: &Json) -> Result<ImportedOutcome, AppError> {
        let id = uuid_of(json).unwrap_or_else(|| self.store().mint().uuid());
        let campaign = CampaignId::from_uuid(id);
        let known = self.store().campaigns().await?.into_iter().any(|row| row.id == campaign);
        if !known {
            let group = uuid_of(&json["group"]).ok_or_else(|| AppError::not_found("group", ""))?;
            self.create_campaign_as(caller, campaign, text(json, "name"), GroupId::from_uuid(group)).await?;
        }
        let stored = self.store().campaign_events().await?;
        let mut added = 0;
        for event in list(json, "events") {
            let id = uuid_of(event).unwrap_or_else(|| self.store().mint().uuid());
            if stored.iter().any(|row| row.id.uuid() == id) {
                continue;
            }
            self.add_campaign_event_as(caller, CampaignEventId::from_uuid(id), campaign, &event_of(event)?).await?;
            added += 1;
        }
        Ok(match (known, added) {
            (false, _) => ImportedOutcome::Created,
            (true, 0) => ImportedOutcome::Known,
            (true, _) => ImportedOutcome::Updated,
        })
    }
}

fn event_of(json: &Json) -> Result<NewCampaignEvent, AppError> {
    let unit = OffsetUnit::of(text(json, "unit"));
    let unit = unit.ok_or_else(|| AppError::invalid("campaign-unit", [("value", text(json, "unit").to_owned())]))?;
    let base = text(json, "base_language").parse::<Lang>().ok();
    let mut texts: Vec<(Lang, String)> = match &json["message"] {
        Json::Object(all) => {
            all.iter().filter_map(|(lang, text)| Some((lang.parse().ok()?, text.as_str()?.to_owned()))).collect()
        }
        Json::String(text) => vec![(base.unwrap_or(Lang::ENGLISH), text.clone())],
        _ => Vec::new(),
    };
    texts.sort_by_key(|(lang, _)| Some(*lang) != base);
    let is_flow = text(json, "event_type") == "F";
    let key = json["relative_to"]["key"].as_str().unwrap_or_default();
    Ok(NewCampaignEvent {
        field: key.to_owned(),
        offset: json["offset"].as_i64().unwrap_or(0),
        unit,
        hour: json["delivery_hour"].as_i64().and_then(|hour| i8::try_from(hour).ok()).filter(|hour| *hour >= 0),
        flow: if is_flow { uuid_of(&json["flow"]).map(FlowId::from_uuid) } else { None },
        texts,
        mode: text(json, "start_mode").chars().next().filter(|mode| "ISP".contains(*mode)).unwrap_or('I'),
    })
}

/// An export as JSON; a single definition becomes an export of one flow.
fn read(bytes: &[u8]) -> Result<Json, AppError> {
    if bytes.len() > EXPORT_BYTES_MAX {
        let max = (EXPORT_BYTES_MAX / 1024 / 1024).to_string();
        return Err(AppError::invalid("flow-too-large", [("max", max)]));
    }
    // Some editors put a mark before the text.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json: Json = serde_json::from_slice(bytes)
        .map_err(|error| AppError::invalid("flow-no-json", [("detail", error.to_string())]))?;
    if json["flows"].is_array() {
        let count = list(&json, "flows").len();
        if count > FLOWS_MAX {
            return Err(AppError::invalid(
                "flow-too-many",
                [("count", count.to_string()), ("max", FLOWS_MAX.to_string())],
            ));
        }
        return Ok(json);
    }
    let is_flow = ["nodes", "action_sets", "rule_sets", "definition"].iter().any(|key| json.get(key).is_some());
    if !is_flow {
        return Err(AppError::invalid("flow-no-export", []));
    }
    Ok(serde_json::json!({ "version": "13", "flows": [json] }))
}

/// A copy in which ids of the export are those that stand for them here.
pub(super) fn with_ids(json: &Json, renamed: &Renamed) -> Json {
    match json {
        Json::String(text) => match renamed.get(text) {
            Some(other) => Json::String(other.clone()),
            None => json.clone(),
        },
        Json::Array(items) => Json::Array(items.iter().map(|item| with_ids(item, renamed)).collect()),
        Json::Object(all) => {
            Json::Object(all.iter().map(|(key, value)| (key.clone(), with_ids(value, renamed))).collect())
        }
        other => other.clone(),
    }
}

pub(super) fn list<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json[key].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json[key].as_str().unwrap_or_default()
}

pub(super) fn uuid_of(json: &Json) -> Option<Uuid> {
    json["uuid"].as_str().and_then(|text| Uuid::parse_str(text).ok())
}

fn trigger_name(json: &Json) -> String {
    let words: Vec<&str> = list(json, "keywords").iter().filter_map(Json::as_str).collect();
    let single = text(json, "keyword");
    let words = if words.is_empty() { single.to_owned() } else { words.join(", ") };
    let flow = json["flow"]["name"].as_str().unwrap_or_default();
    if words.is_empty() { flow.to_owned() } else { format!("{words} → {flow}") }
}
