//! Triggers as people work with them: made, changed, put away; clashing words are refused.

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::{ChannelId, FlowId, GroupId, Lang, Right, TriggerId};
use mhero_query::fold;
use mhero_store::{Queue, StoreError, Timer, TriggerRow, Unit};
use mhero_text::reply::{Choice, ChoiceOption, Meaning, Situation, understand};
use serde_json::json;

use super::{
    kinds,
    starts::NewStart,
    triggers::{Trigger, TriggerTerms},
};
use crate::{App, AppError, Caller, broadcasts::next_firing};

/// Words of one trigger.
const WORDS_MAX: usize = 50;
/// Characters of one word.
const WORD_CHARS_MAX: usize = 36;

/// A trigger that is to be.
#[derive(Clone, Debug)]
pub struct NewTrigger {
    /// The flow that it starts.
    pub flow: FlowId,
    /// What pulls it.
    pub terms: TriggerTerms,
    /// The person must be in one of these; anybody when there are none.
    pub groups: Vec<GroupId>,
    /// The person must be in none of these.
    pub exclude: Vec<GroupId>,
    /// Only by this channel.
    pub channel: Option<ChannelId>,
    /// Whether it breaks into any conversation, and its answers leave as alerts.
    pub urgent: bool,
}

impl App {
    /// Every trigger, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn triggers(&self, caller: &Caller) -> Result<Vec<Trigger>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().triggers().await?.iter().filter_map(Trigger::read).collect())
    }

    /// Makes a trigger.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for the flow; [`AppError::Invalid`] for words that are none, that mean
    /// STOP, or that another trigger has under the same conditions, for a schedule or audience that can't be read, and for what
    /// can't begin a flow that runs elsewhere.
    pub async fn add_trigger(&self, caller: &Caller, new: &NewTrigger) -> Result<TriggerId, AppError> {
        self.put_trigger(caller, self.store().mint().id(TriggerId::from_uuid), None, new).await
    }

    /// Changes a trigger.
    ///
    /// # Errors
    /// As [`App::add_trigger`]; [`AppError::NotFound`] for the trigger.
    pub async fn change_trigger(&self, caller: &Caller, id: TriggerId, new: &NewTrigger) -> Result<(), AppError> {
        let stored = self.own_trigger(caller, id).await?;
        self.put_trigger(caller, id, Some(stored), new).await.map(|_| ())
    }

    /// Removes a trigger and gives its words free.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`].
    pub async fn remove_trigger(&self, caller: &Caller, id: TriggerId) -> Result<(), AppError> {
        self.own_trigger(caller, id).await?;
        let mut unit = Unit::new();
        unit.drop_trigger(id).clear_timer(kinds::SCHEDULE_TIMER, &id.to_string());
        unit.audit(self.store(), &caller.entry("trigger-removed", "trigger", Some(id.uuid()), json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        self.forget_flows();
        Ok(())
    }

    /// A trigger that the caller may change: that of a flow that they may change.
    async fn own_trigger(&self, caller: &Caller, id: TriggerId) -> Result<TriggerRow, AppError> {
        caller.must(Right::Flows)?;
        let row = self.store().trigger(id).await?.filter(|row| row.active);
        let row = row.ok_or_else(|| AppError::not_found("trigger", id))?;
        self.must_change_flow(caller, row.flow).await?;
        Ok(row)
    }

    async fn put_trigger(
        &self,
        caller: &Caller,
        id: TriggerId,
        stored: Option<TriggerRow>,
        new: &NewTrigger,
    ) -> Result<TriggerId, AppError> {
        caller.must(Right::Flows)?;
        let flow = self.store().flow(new.flow).await?.filter(|flow| flow.active);
        let flow = flow.ok_or_else(|| AppError::not_found("flow", new.flow))?;
        self.must_change(caller, flow.programme).await?;
        self.refuse_elsewhere(&flow, &new.terms).await?;
        let terms = self.clean_terms(caller, &new.terms).await?;
        let trigger = Trigger {
            id,
            flow: flow.id,
            terms,
            groups: new.groups.clone(),
            exclude: new.exclude.clone(),
            channel: new.channel,
            urgent: new.urgent,
            version: stored.as_ref().map_or(1, |row| row.version),
        };
        self.refuse_clash(&trigger).await?;
        let now = self.clock().now();
        let text = |value: serde_json::Result<String>| value.unwrap_or_default();
        let row = TriggerRow {
            id,
            kind: trigger.terms.kind().to_owned(),
            flow: trigger.flow,
            terms: text(serde_json::to_string(&trigger.terms)),
            groups: text(serde_json::to_string(&trigger.groups)),
            exclude: text(serde_json::to_string(&trigger.exclude)),
            channel: trigger.channel,
            urgent: trigger.urgent,
            active: true,
            created_by: caller.scope.principal(),
            created_at: now.as_microsecond(),
            version: trigger.version,
        };
        let mut unit = Unit::new();
        match stored {
            Some(_) => unit.set_trigger(&row),
            None => unit.add_trigger(&row),
        };
        if let TriggerTerms::Keyword { words, .. } = &trigger.terms {
            unit.set_trigger_words(id, words, &trigger.conditions());
        }
        self.set_schedule(&mut unit, &trigger, now)?;
        let facts = json!({ "kind": row.kind, "flow": trigger.flow });
        unit.audit(self.store(), &caller.entry("trigger-set", "trigger", Some(id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => {
                self.refuse_clash(&trigger).await?;
                Err(AppError::invalid("trigger-word-taken", [("word", String::new()), ("flow", String::new())]))
            }
            other => {
                other?;
                self.forget_flows();
                Ok(id)
            }
        }
    }

    /// Words folded and judged, schedules and audiences read.
    async fn clean_terms(&self, caller: &Caller, terms: &TriggerTerms) -> Result<TriggerTerms, AppError> {
        match terms {
            TriggerTerms::Keyword { words, place } => {
                let mut clean = Vec::new();
                for word in words {
                    let folded = fold(word.trim());
                    if folded.is_empty() {
                        continue;
                    }
                    let is_word = folded.chars().all(|c| c.is_alphanumeric() || c == '_');
                    if !is_word || folded.chars().count() > WORD_CHARS_MAX {
                        return Err(AppError::invalid("trigger-no-word", [("word", word.trim().to_owned())]));
                    }
                    self.refuse_control_word(word).await?;
                    if !clean.contains(&folded) {
                        clean.push(folded);
                    }
                }
                if clean.is_empty() || clean.len() > WORDS_MAX {
                    return Err(AppError::invalid("trigger-no-words", [("max", WORDS_MAX.to_string())]));
                }
                Ok(TriggerTerms::Keyword { words: clean, place: *place })
            }
            TriggerTerms::Schedule { cron, zone, query } => {
                let tz = time_zone(zone)?;
                next_firing(cron, self.clock().now(), &tz)?;
                self.check_audience(caller, query).await?;
                Ok(terms.clone())
            }
            other => Ok(other.clone()),
        }
    }

    /// STOP always means STOP, and START that messages may come again; numbers and "OK" answer what was asked: no flow can take
    /// such words.
    async fn refuse_control_word(&self, word: &str) -> Result<(), AppError> {
        let words = self.installation_words().await?;
        let vocabulary = mhero_text::reply::Vocabulary::new(&words.control, &[]);
        let asked = read_or_not();
        let meaning = |stopped, question| {
            understand(word, &Situation { words: &vocabulary, last_sent: None, question, stopped }).meaning
        };
        let is_choice = word.chars().count() == 1 || word.chars().all(|c| !c.is_alphabetic());
        let reason = match (meaning(false, None), meaning(true, None), meaning(false, Some(&asked))) {
            (Meaning::Stop { .. }, ..) => "trigger-word-stops",
            (Meaning::Start { .. }, ..) | (_, Meaning::Start { .. }, _) => "trigger-word-starts",
            (Meaning::NotMe, ..) => "trigger-word-not-me",
            _ if is_choice => "trigger-word-chooses",
            (.., Meaning::Answer { .. }) => "trigger-word-answers",
            _ => return Ok(()),
        };
        Err(AppError::invalid(reason, [("word", word.trim().to_owned())]))
    }

    async fn refuse_clash(&self, trigger: &Trigger) -> Result<(), AppError> {
        let TriggerTerms::Keyword { words, .. } = &trigger.terms else { return Ok(()) };
        for word in words {
            let Some(other) = self.store().trigger_of_word(word, &trigger.conditions()).await? else { continue };
            if other == trigger.id {
                continue;
            }
            let flow = match self.store().trigger(other).await? {
                Some(row) => self.store().flow(row.flow).await?.map(|flow| flow.name).unwrap_or_default(),
                None => String::new(),
            };
            return Err(AppError::invalid("trigger-word-taken", [("word", word.to_uppercase()), ("flow", flow)]));
        }
        Ok(())
    }

    fn set_schedule(&self, unit: &mut Unit, trigger: &Trigger, now: Timestamp) -> Result<(), AppError> {
        let key = trigger.id.to_string();
        match &trigger.terms {
            TriggerTerms::Schedule { cron, zone, .. } => {
                let next = next_firing(cron, now, &time_zone(zone)?)?.as_microsecond();
                unit.set_timer(self.store(), kinds::SCHEDULE_TIMER, &key, next, "{}");
            }
            _ => {
                unit.clear_timer(kinds::SCHEDULE_TIMER, &key);
            }
        }
        Ok(())
    }

    /// The time of a scheduled trigger has come: one start, however often this is tried, and the next time is set. A server
    /// that was down for days starts once, not once for each day it missed.
    pub(crate) async fn schedule_due(&self, timer: &Timer) -> Result<(), AppError> {
        let now = self.clock().now();
        let stored = match timer.key.parse::<TriggerId>() {
            Ok(id) => self.store().trigger(id).await?.filter(|row| row.active),
            Err(_) => None,
        };
        let mut unit = Unit::new();
        unit.fired(timer);
        if let Some(trigger) = stored.as_ref().and_then(Trigger::read)
            && let TriggerTerms::Schedule { query, .. } = &trigger.terms
        {
            let start = NewStart {
                flow: trigger.flow,
                query: query.clone(),
                params: None,
                lane: if trigger.urgent { mhero_core::Lane::Alert } else { mhero_core::Lane::Normal },
                channel: trigger.channel,
                programme: None,
                cause: "schedule",
                once_key: Some(format!("schedule/{}/{}", trigger.id, timer.due_at)),
                is_test: false,
                is_drill: false,
            };
            // As whoever made it may see people, not as the system.
            let made_by = stored.as_ref().and_then(|row| row.created_by);
            match self.start_flow(&self.caller_of(made_by).await?, &start).await {
                Err(AppError::Store(error)) => return Err(error.into()),
                Err(error) => tracing::error!(trigger = %trigger.id, %error, "a schedule could not start its flow"),
                Ok(_) => {}
            }
            self.set_schedule(&mut unit, &trigger, now)?;
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Whoever made something, with what they may see and do now; the system where nobody did.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn caller_of(&self, principal: Option<uuid::Uuid>) -> Result<Caller, AppError> {
        let Some(principal) = principal else { return Ok(Caller::system()) };
        Ok(Caller { scope: self.scope_of(principal).await?, ..Caller::system() })
    }

    /// Forgets what is remembered of flows and of the words that phones may write: both have just changed.
    pub(crate) fn forget_flows(&self) {
        self.shelf().forget();
        self.forget_facts();
    }
}

/// The question that every message with an acknowledgement asks.
fn read_or_not() -> Choice {
    let labels = [(Lang::ENGLISH, vec!["Received".to_owned()]), (Lang::FRENCH, vec!["Lu".to_owned()])];
    let option = ChoiceOption { n: String::new(), value: String::new(), labels: labels.into_iter().collect() };
    Choice { field: String::new(), options: vec![option] }
}

fn time_zone(name: &str) -> Result<TimeZone, AppError> {
    TimeZone::get(name).map_err(|_| AppError::invalid("send-unknown-zone", [("zone", name.to_owned())]))
}
