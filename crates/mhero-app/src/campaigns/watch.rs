//! Watching the change feed: a changed person is planned anew, a changed group plans its campaigns anew, and a new person pulls
//! the triggers that wait for one.

use std::collections::{HashMap, HashSet};

use mhero_core::{GroupId, Lane, PersonId};
use mhero_store::{CampaignEventRow, CampaignRow, FeedEntry, Queue, Unit};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    flows::{Beginning, Cause, TriggerTerms},
    messaging::salutation,
};

/// Job kinds of campaigns.
pub(crate) mod kinds {
    /// Plans a campaign for all members of its group.
    pub(crate) const PLAN_JOB: &str = "campaign-plan";
}

/// The setting that says how far the feed was read.
const CURSOR: &str = "flows-watch";
/// Changes read in one pass.
const PASS_MAX: i64 = 500;
/// How long one node keeps this duty, in microseconds.
const DUTY_MICROS: i64 = 10_000_000;

impl App {
    /// Reads on in the change feed. Returns how many changes were read.
    pub(crate) async fn watch_pass(&self) -> Result<usize, AppError> {
        if self.store().take_lease("flows-watch", self.node(), DUTY_MICROS).await?.is_none() {
            return Ok(0);
        }
        let stored = self.store().setting(CURSOR).await?.and_then(|cursor| cursor.parse::<i64>().ok());
        let Some(cursor) = stored else {
            // What was there before anybody watched is planned by the campaigns themselves.
            let last = self.store().last_change().await?;
            let mut unit = Unit::new();
            unit.put_setting(CURSOR, &last.to_string(), self.clock().now_micros());
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(0);
        };
        let changes = self.store().changes_since(cursor, PASS_MAX).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let campaigns = self.live_campaigns().await?;
        let around = self.around_flows().await?;
        let greets = around.triggers.iter().any(|trigger| trigger.terms == TriggerTerms::NewPerson);
        // Asked together, group by group: a registry may change a thousand people at once.
        let by_query = match greets || !campaigns.is_empty() {
            true => self.rule_groups_of(&Caller::system(), &people_of(&changes)).await?,
            false => HashMap::new(),
        };
        let groups_of = |person: PersonId| by_query.get(&person).map_or(&[][..], Vec::as_slice);
        let mut unit = Unit::new();
        let mut seen: HashSet<(Uuid, &str)> = HashSet::new();
        for change in &changes {
            if !seen.insert((change.entity, change.what.as_str())) {
                continue;
            }
            let person = PersonId::from_uuid(change.entity);
            match change.kind.as_str() {
                "person" if !campaigns.is_empty() => {
                    let mut plan = Unit::new();
                    match self.plan_person(&mut plan, person, &campaigns, groups_of(person)).await {
                        Ok(()) => {
                            unit.append(plan);
                        }
                        Err(AppError::Store(error)) => return Err(error.into()),
                        // One person who can't be planned keeps nobody else from it.
                        Err(error) => {
                            tracing::error!(person = %change.entity, %error, "campaigns could not be planned");
                        }
                    }
                }
                "group" => {
                    let group = GroupId::from_uuid(change.entity);
                    for (campaign, _) in campaigns.iter().filter(|(campaign, _)| campaign.group == group) {
                        self.plan_later(&mut unit, campaign.id);
                    }
                }
                _ => {}
            }
            if greets && change.kind == "person" && change.what == "created" {
                match self.greet(person, groups_of(person)).await {
                    Err(AppError::Store(error)) => return Err(error.into()),
                    Err(error) => tracing::error!(person = %change.entity, %error, "a new person could not be greeted"),
                    Ok(()) => {}
                }
            }
        }
        unit.put_setting(CURSOR, &last.seq.to_string(), self.clock().now_micros());
        self.store().write(unit, Queue::Bulk).await?;
        Ok(changes.len())
    }

    async fn live_campaigns(&self) -> Result<Vec<(CampaignRow, Vec<CampaignEventRow>)>, AppError> {
        let campaigns = self.store().campaigns().await?;
        if campaigns.iter().all(|row| !row.active) {
            return Ok(Vec::new());
        }
        let events = self.store().campaign_events().await?;
        let own = |id| events.iter().filter(|event| event.campaign == id && event.active).cloned().collect();
        Ok(campaigns.into_iter().filter(|row| row.active).map(|row| (row.clone(), own(row.id))).collect())
    }

    /// A new person pulls the most specific trigger that waits for one; once, however often this is tried.
    async fn greet(&self, person: PersonId, by_query: &[GroupId]) -> Result<(), AppError> {
        let around = self.around_flows().await?;
        let record = self.store().contact_record(person, self.clock().now_micros()).await?;
        let Some(record) = record else { return Ok(()) };
        let mut groups = record.groups.clone();
        groups.extend_from_slice(by_query);
        let fits = |trigger: &&crate::flows::Trigger| {
            trigger.terms == TriggerTerms::NewPerson && trigger.is_for_groups(&groups)
        };
        let Some(trigger) = around.triggers.iter().find(fits) else { return Ok(()) };
        let Some((scheme, path)) = self.number_of_person(person).await? else { return Ok(()) };
        let holders = self.store().holders(&scheme, &path).await?;
        let holder = holders.iter().find(|holder| holder.person == person);
        let beginning = Beginning {
            person,
            salutation: holder.and_then(|holder| salutation(holder, &holders)),
            scheme,
            path,
            channel: trigger.channel,
            flow: trigger.flow,
            revision: None,
            cause: Cause::Manual { params: None, batch: true },
            by: "new_person".to_owned(),
            lane: Lane::Normal,
            start: None,
            parent: None,
            once_key: Some(format!("new/{}/{person}", trigger.id)),
            interrupts: false,
            is_test: false,
            is_drill: false,
        };
        self.begin_once(&beginning).await
    }
}

/// The people of some changes, each once.
fn people_of(changes: &[FeedEntry]) -> Vec<PersonId> {
    let people: HashSet<Uuid> =
        changes.iter().filter(|change| change.kind == "person").map(|change| change.entity).collect();
    people.into_iter().map(PersonId::from_uuid).collect()
}
