//! Flows: their revisions, what starts them, the sessions of people with them, and what came out.

mod assets;
mod campaigns;
mod contact;
mod conversations;
mod definitions;
mod effects;
mod funnel;
mod runs;
mod sessions;
mod starts;
mod triggers;
mod who;

pub use assets::FlowAsset;
pub use campaigns::{CampaignEventRow, CampaignFire, CampaignRow};
pub use contact::{ContactField, ContactRecord, ContactValue};
pub use conversations::{Asked, ConversationRow};
pub use definitions::{FlowRevision, FlowRow, NewFlowRevision};
pub use effects::EffectRow;
pub use funnel::Funnel;
pub use runs::{CategoryCount, FreeText, NewRun, RunListed, RunResultRow};
pub use sessions::{SessionListed, SessionRow};
pub use starts::StartRow;
pub use triggers::TriggerRow;

use crate::Statement;

/// Every statement of flows.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        assets::ALL,
        campaigns::ALL,
        contact::ALL,
        conversations::ALL,
        definitions::ALL,
        effects::ALL,
        funnel::ALL,
        runs::ALL,
        sessions::ALL,
        starts::ALL,
        triggers::ALL,
        who::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
}
