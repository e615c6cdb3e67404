//! The form of a trigger: what was typed, as a trigger that is to be, and a stored one as fields.

use jiff::civil::Time;
use mhero_app::flows::{KeywordPlace, NewTrigger, Trigger, TriggerTerms};
use mhero_core::{ChannelId, GroupId};
use serde::Deserialize;

use super::told::{self, Preset};
use crate::{errors::Fault, state::id};

/// The time of day that a new schedule proposes.
const MORNING: &str = "09:00";

/// What a form sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    #[serde(rename = "do")]
    pub(super) verb: String,
    pub(super) sure: String,
    pub(super) flow: String,
    pub(super) kind: String,
    pub(super) words: String,
    pub(super) place: String,
    pub(super) each: String,
    pub(super) time: String,
    pub(super) weekday: String,
    pub(super) day: String,
    pub(super) cron: String,
    pub(super) query: String,
    pub(super) groups: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) urgent: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            verb: String::new(),
            sure: String::new(),
            flow: String::new(),
            kind: "keyword".to_owned(),
            words: String::new(),
            place: "first".to_owned(),
            each: "weekly".to_owned(),
            time: MORNING.to_owned(),
            weekday: "1".to_owned(),
            day: "1".to_owned(),
            cron: String::new(),
            query: String::new(),
            groups: Vec::new(),
            exclude: Vec::new(),
            urgent: String::new(),
        }
    }
}

impl Fields {
    /// The fields of a stored trigger.
    pub(super) fn of(trigger: &Trigger) -> Self {
        let ids = |groups: &[GroupId]| groups.iter().map(GroupId::to_string).collect();
        let mut fields = Self {
            flow: trigger.flow.to_string(),
            kind: told::kind(&trigger.terms).to_owned(),
            groups: ids(&trigger.groups),
            exclude: ids(&trigger.exclude),
            urgent: if trigger.urgent { "yes".to_owned() } else { String::new() },
            ..Self::default()
        };
        match &trigger.terms {
            TriggerTerms::Keyword { words, place } => {
                fields.words = words.join(", ");
                told::place(*place).clone_into(&mut fields.place);
            }
            TriggerTerms::Schedule { cron, query, .. } => {
                fields.query.clone_from(query);
                fields.cron.clone_from(cron);
                fields.say(Preset::of(cron).as_ref());
            }
            _ => {}
        }
        fields
    }

    fn say(&mut self, preset: Option<&Preset>) {
        let time = |time: &Time| time.strftime("%H:%M").to_string();
        let each = match preset {
            Some(Preset::Daily(at)) => {
                self.time = time(at);
                "daily"
            }
            Some(Preset::Weekly(at, weekday)) => {
                (self.time, self.weekday) = (time(at), weekday.to_string());
                "weekly"
            }
            Some(Preset::Monthly(at, day)) => {
                (self.time, self.day) = (time(at), day.to_string());
                "monthly"
            }
            None => "own",
        };
        each.clone_into(&mut self.each);
    }

    /// The recurrence that the fields say. What makes none is handed on as it is, and refused with its reason.
    fn recurrence(&self) -> String {
        let time = self.time.trim().parse::<Time>().ok();
        let preset = match (self.each.as_str(), time) {
            ("daily", Some(at)) => Some(Preset::Daily(at)),
            ("weekly", Some(at)) => self.weekday.parse().ok().map(|weekday| Preset::Weekly(at, weekday)),
            ("monthly", Some(at)) => self.day.trim().parse().ok().map(|day| Preset::Monthly(at, day)),
            ("own", _) => return self.cron.trim().to_owned(),
            _ => None,
        };
        preset.map_or_else(|| format!("{} {} {}", self.time, self.weekday, self.day), |preset| preset.cron())
    }

    /// The trigger that is to be.
    pub(super) fn read(&self, zone: &str, channel: Option<ChannelId>) -> Result<NewTrigger, Fault> {
        let terms = match self.kind.as_str() {
            "catch_all" => TriggerTerms::CatchAll,
            "missed_call" => TriggerTerms::MissedCall,
            "new_person" => TriggerTerms::NewPerson,
            "schedule" => TriggerTerms::Schedule {
                cron: self.recurrence(),
                zone: zone.to_owned(),
                query: self.query.replace("\r\n", " ").trim().to_owned(),
            },
            _ => TriggerTerms::Keyword {
                words: self.words.split([',', ';', '\n']).map(|word| word.trim().to_owned()).collect(),
                place: match self.place.as_str() {
                    "only" => KeywordPlace::OnlyWord,
                    "start" => KeywordPlace::Start,
                    _ => KeywordPlace::FirstWord,
                },
            },
        };
        let ids = |chosen: &[String]| chosen.iter().map(|text| id(text)).collect::<Result<Vec<GroupId>, Fault>>();
        Ok(NewTrigger {
            flow: id(&self.flow)?,
            terms,
            groups: ids(&self.groups)?,
            exclude: ids(&self.exclude)?,
            channel,
            urgent: !self.urgent.is_empty(),
        })
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::FlowId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_schedule_is_said_without_signs() {
        let flow = FlowId::from_uuid(Uuid::from_u128(7)).to_string();
        let fields = Fields { flow, kind: "schedule".into(), query: "*".into(), ..Fields::default() };
        let cron = |fields: &Fields| match fields.read("Africa/Monrovia", None).expect("a trigger").terms {
            TriggerTerms::Schedule { cron, .. } => cron,
            other => panic!("{other:?}"),
        };
        assert_eq!(cron(&fields), "0 9 * * 1");
        assert_eq!(cron(&Fields { each: "monthly".into(), day: "5".into(), ..fields.clone() }), "0 9 5 * *");
        assert_eq!(cron(&Fields { each: "own".into(), cron: " */5 * * * * ".into(), ..fields }), "*/5 * * * *");
    }
}
