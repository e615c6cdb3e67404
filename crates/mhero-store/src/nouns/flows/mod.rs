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

pub use assets::FlowAsset;
pub use campaigns::*;
pub use contact::*;
pub use conversations::*;
pub use definitions::*;
pub use effects::*;
pub use funnel::*;
pub use runs::*;
pub use sessions::*;
pub use starts::*;
pub use triggers::*;

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
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
}
