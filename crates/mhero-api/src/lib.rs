//! What mHero's own API reads, within the scope of whoever asks; tests are left out, but in the sandbox, where there is nothing else.
//!
//! What it does is done by the verbs of `mhero_app`; how requests reach it is the business of `mhero-web-api`.

mod account;
mod broadcasts;
mod flows;
mod messages;
mod part;
mod people;
mod runs;

use mhero_app::App;

pub use broadcasts::Listed;
pub use flows::ListedStart;
pub use messages::MessagesWanted;
pub use part::Part;
pub use runs::{RunWithResults, RunsWanted};

/// Rows as they are read, for the front, which does not know the store.
pub mod rows {
    pub use mhero_store::{
        ApiMessage, ApiRun, BroadcastPerson, BroadcastRow, FlowRow, HeldPosition, RunResultRow, StartRow,
    };
}

/// What the API reads.
#[derive(Clone, Debug)]
pub struct Reader {
    app: App,
}

impl Reader {
    /// A reader of an application's data.
    pub const fn new(app: App) -> Self {
        Self { app }
    }
}
