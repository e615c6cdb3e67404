//! Planning: which events of which campaigns are due when for whom. Anything that changes a person plans anew what has not yet
//! fired for them.

use jiff::tz::TimeZone;
use mhero_core::{CampaignId, GroupId, PersonId, Scope, timestamp};
use mhero_query::Predicate;
use mhero_store::{CampaignEventRow, CampaignRow, ContactRecord, Job, Queue, Unit};
use serde::{Deserialize, Serialize};

use super::maths::{OffsetUnit, due};
use crate::{App, AppError, Caller, campaigns::watch::kinds};

/// People planned in one unit.
const SLICE: i64 = 200;

/// How far the planning of a campaign has got.
#[derive(Default, Serialize, Deserialize)]
struct Progress {
    after: Option<PersonId>,
}

impl App {
    /// Plans a campaign anew, in the background.
    pub(super) fn plan_later(&self, unit: &mut Unit, campaign: CampaignId) {
        let now = self.clock().now_micros();
        unit.add_job(self.store(), kinds::PLAN_JOB, &campaign.to_string(), "{}", now);
    }

    /// One turn of planning a campaign. True when there is more to do.
    pub(crate) async fn plan_turn(&self, job: &Job) -> Result<bool, AppError> {
        let id = job.key.parse::<CampaignId>().ok();
        let campaigns = self.store().campaigns().await?;
        let campaign = campaigns.into_iter().find(|row| Some(row.id) == id && row.active);
        let progress: Progress = serde_json::from_str(&job.payload).unwrap_or_default();
        let mut unit = Unit::new();
        let Some(campaign) = campaign else {
            unit.job_done(job);
            self.store().write(unit, Queue::Interactive).await?;
            return Ok(false);
        };
        let events: Vec<CampaignEventRow> = self
            .store()
            .campaign_events()
            .await?
            .into_iter()
            .filter(|e| e.campaign == campaign.id && e.active)
            .collect();
        let members = self.members_after(&campaign, progress.after).await?;
        for person in &members {
            let own = [(campaign.clone(), events.clone())];
            self.plan_person_for(&mut unit, *person, &own, Membership::Certain).await?;
        }
        let more = i64::try_from(members.len()).unwrap_or(0) == SLICE;
        if more {
            let progress = Progress { after: members.last().copied() };
            unit.job_progress(job, &serde_json::to_string(&progress).unwrap_or_default());
        } else {
            unit.job_done(job);
        }
        self.store().write(unit, Queue::Bulk).await?;
        Ok(more)
    }

    async fn members_after(&self, campaign: &CampaignRow, after: Option<PersonId>) -> Result<Vec<PersonId>, AppError> {
        let Some(query) = self.query_of_group(campaign.group).await? else { return Ok(Vec::new()) };
        let Ok(audience) = self.check_audience(&Caller::system(), &query).await else { return Ok(Vec::new()) };
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await?;
        let people = snapshot.candidates(&Scope::system(), &audience.predicate, now, after, SLICE).await?;
        Ok(people.into_iter().map(|candidate| candidate.person).collect())
    }

    /// The query that means the members of a group; `None` when it is archived or gone.
    pub(super) async fn query_of_group(&self, group: GroupId) -> Result<Option<String>, AppError> {
        let groups = self.store().groups(false).await?;
        let Some(group) = groups.into_iter().find(|known| known.id == group) else { return Ok(None) };
        Ok(Some(group.query.unwrap_or_else(|| {
            let name = group.name.iter().next().map(|(_, name)| name.to_owned()).unwrap_or_default();
            format!("group = \"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
        })))
    }

    /// Plans all campaigns for one person, as part of a unit. `by_query` are the groups by query that the person is in.
    pub(super) async fn plan_person(
        &self,
        unit: &mut Unit,
        person: PersonId,
        campaigns: &[(CampaignRow, Vec<CampaignEventRow>)],
        by_query: &[GroupId],
    ) -> Result<(), AppError> {
        self.plan_person_for(unit, person, campaigns, Membership::Among(by_query)).await
    }

    async fn plan_person_for(
        &self,
        unit: &mut Unit,
        person: PersonId,
        campaigns: &[(CampaignRow, Vec<CampaignEventRow>)],
        membership: Membership<'_>,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let Some(record) = self.store().contact_record(person, now.as_microsecond()).await? else { return Ok(()) };
        let facts = self.facts_cached().await?;
        let zone = record.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        let zone = zone.unwrap_or_else(|| facts.time_zone());
        for (campaign, events) in campaigns {
            let is_member = membership.holds(&record, campaign) && self.may_reach(campaign, person).await?;
            for event in events {
                let unit_of = OffsetUnit::of(&event.unit).unwrap_or(OffsetUnit::Days);
                let hour = i8::try_from(event.hour).ok().filter(|hour| *hour >= 0);
                let date = if is_member { date_of(&record, &event.field) } else { None };
                let at = date.and_then(|date| due(timestamp(date), &zone, (event.offset, unit_of), hour));
                match at {
                    Some(at) if at <= now => unit.keep_campaign_plan(event, person, at.as_microsecond()),
                    at => unit.plan_campaign(event, person, at.map(|at| at.as_microsecond())),
                };
            }
        }
        Ok(())
    }

    /// Whether whoever made a campaign may see a person: nobody plans beyond their own places.
    async fn may_reach(&self, campaign: &CampaignRow, person: PersonId) -> Result<bool, AppError> {
        let caller = self.caller_of(campaign.created_by).await?;
        let now = self.clock().now_micros();
        Ok(self.store().is_in_audience(&caller.scope, &Predicate::All, person, now).await?)
    }
}

/// What is known of whether a person is in the groups of campaigns.
#[derive(Clone, Copy)]
enum Membership<'g> {
    /// They are.
    Certain,
    /// They are in these groups by query, and in the groups by hand that their record names.
    Among(&'g [GroupId]),
}

impl Membership<'_> {
    fn holds(self, record: &ContactRecord, campaign: &CampaignRow) -> bool {
        match self {
            Self::Certain => true,
            Self::Among(by_query) => record.groups.contains(&campaign.group) || by_query.contains(&campaign.group),
        }
    }
}

/// A date of a person, in UTC microseconds.
fn date_of(record: &ContactRecord, field: &str) -> Option<i64> {
    match field {
        "created_on" => Some(record.created_at),
        "last_seen_on" => record.heard_at,
        key => record.values.iter().find(|value| value.key == key)?.instant,
    }
}
