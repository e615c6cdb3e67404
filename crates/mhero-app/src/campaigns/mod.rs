//! Campaigns: messages and flows at times relative to a date of each person.

mod change;
mod desk;
mod elsewhere;
mod fire;
mod maths;
mod plan;
mod watch;

pub use desk::{CampaignEventListed, CampaignListed, NewCampaignEvent};
pub use maths::{OffsetUnit, due};
pub(crate) use watch::kinds;
