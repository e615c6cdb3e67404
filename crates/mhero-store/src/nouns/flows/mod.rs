//! Flows: their revisions, what starts them, the sessions of people with them, and what came out.

/// A list of ids as a table of one column, from a parameter that [`hex_list`](crate::nouns::audience::hex_list) wrote: as
/// PostgreSQL says it.
macro_rules! ids_there {
    ($list:literal) => {
        concat!("SELECT decode(unnest(string_to_array(", $list, ", ',')), 'hex') AS id")
    };
}
/// The same as SQLite says it.
macro_rules! ids_here {
    ($list:literal) => {
        concat!("SELECT unhex(value) AS id FROM json_each('[\"' || replace(", $list, ", ',', '\",\"') || '\"]')")
    };
}

mod assets;
mod campaigns;
mod contact;
mod conversations;
mod definitions;
mod effects;
mod funnel;
mod heard;
mod responses;
mod runs;
mod sessions;
mod starts;
mod triggers;
mod upkeep;
mod who;

pub use assets::FlowAsset;
pub use campaigns::{CampaignEventRow, CampaignFire, CampaignRow};
pub use contact::{ContactField, ContactRecord, ContactValue};
pub use conversations::{Asked, ConversationRow};
pub use definitions::{FlowRevision, FlowRow, NewFlowRevision};
pub use effects::EffectRow;
pub use funnel::Funnel;
pub use heard::{HeardFrom, HeardNumbers};
pub use responses::{FlowResponse, ResponsePlace, ResponsesAsked};
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
        heard::ALL,
        responses::ALL,
        runs::ALL,
        sessions::ALL,
        starts::ALL,
        triggers::ALL,
        upkeep::ALL,
        who::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
}
