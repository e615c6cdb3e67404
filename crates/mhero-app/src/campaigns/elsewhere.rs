//! Events of campaigns whose flow runs on a back end: those for whom one is due together become one start there, in the unit that
//! takes their firings, so that nobody is started twice and each can be followed like those of any other start.

use std::collections::HashMap;

use mhero_core::{CampaignId, PersonId, sandbox};
use mhero_store::{BackendFlow, CampaignEventRow, CampaignFire, CampaignRow, Queue, Unit};

use crate::{App, AppError, audiences::Withheld, flows::Decided};

/// Most people of one start: a unit with that many keeps no page waiting.
const TOGETHER: usize = 200;

impl App {
    /// Hands over what of some firings belongs to flows that run elsewhere. Returns the firings that are left, and how many were done.
    pub(super) async fn fire_elsewhere(
        &self,
        due: Vec<CampaignFire>,
        (campaigns, events): (&[CampaignRow], &[CampaignEventRow]),
        withheld: &HashMap<CampaignId, Withheld>,
    ) -> Result<(Vec<CampaignFire>, usize), AppError> {
        let elsewhere = self.store().backend_flows_everywhere().await?;
        let (mut left, mut done) = (due, 0);
        for event in events.iter().filter(|event| event.active) {
            let there = elsewhere.iter().find(|own| Some(own.flow) == event.flow && !own.gone);
            let campaign = campaigns.iter().find(|row| row.id == event.campaign && row.active);
            let Some((there, campaign)) = there.zip(campaign) else { continue };
            let is_own = |fire: &CampaignFire| fire.event == event.id && fire.event_version == event.version;
            let (own, others): (Vec<_>, Vec<_>) = left.into_iter().partition(is_own);
            left = others;
            let withheld = withheld.get(&campaign.id);
            for together in own.chunks(TOGETHER) {
                let hand_over = || self.hand_fires_over(together, (event, campaign, there), withheld);
                match self.store().decide(hand_over).await {
                    Ok(()) => done += together.len(),
                    Err(error) => {
                        tracing::error!(event = %event.id, %error, "an event of a campaign could not be handed over; it will be tried again");
                    }
                }
            }
        }
        Ok((left, done))
    }

    async fn hand_fires_over(
        &self,
        fires: &[CampaignFire],
        (event, campaign, there): (&CampaignEventRow, &CampaignRow, &BackendFlow),
        withheld: Option<&Withheld>,
    ) -> Result<(), AppError> {
        let flow = self.store().flow(there.flow).await?.filter(|flow| flow.active);
        let (mut outcomes, mut people): (Vec<&str>, Vec<PersonId>) = (Vec::new(), Vec::new());
        for fire in fires {
            let left_out = withheld.and_then(|withheld| withheld.reason(fire.person));
            let outcome = match (left_out, &flow) {
                (Some(reason), _) => reason,
                (None, None) => "no-flow",
                (None, Some(_)) => match self.reached_by_event(fire, event).await? {
                    Ok((_, path)) if sandbox::is_number(&path) => "sandbox",
                    Ok(_) => "started",
                    Err(outcome) => outcome,
                },
            };
            if outcome == "started" && !people.contains(&fire.person) {
                people.push(fire.person);
            }
            outcomes.push(outcome);
        }
        let mut unit = Unit::new();
        if let Some(flow) = flow.filter(|_| !people.is_empty()) {
            let decided = Decided {
                query: self.query_of_group(campaign.group).await?.unwrap_or_default(),
                cause: "campaign",
                programme: campaign.programme,
                created_by: campaign.created_by,
                people: &people,
                params: String::new(),
                once_key: None,
                is_test: false,
            };
            self.start_elsewhere(&mut unit, (&flow, there), decided).await?;
        }
        // The guards last: what they lead to counts only when all these firings are ours.
        for (fire, outcome) in fires.iter().zip(outcomes) {
            unit.campaign_fired(fire, outcome, self.clock().now_micros());
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }
}
